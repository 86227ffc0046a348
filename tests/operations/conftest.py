from contextlib import asynccontextmanager

import pytest

from operations.door import open_door


@pytest.fixture
def opened(database):
    """Opens the service with settings of one's own: `async with opened(dialect="2023") as door`."""

    @asynccontextmanager
    async def open_as_owner(**options):
        async with open_door(database, **options) as door:
            await door.become("owner")
            yield door

    return open_as_owner


@pytest.fixture(params=["seed", "2023"])
def dialect(request):
    """Whose error codes Arena speaks."""
    return request.param


@pytest.fixture
async def door(opened):
    """The service on the sandbox; requests carry the owner's session."""
    async with opened() as door:
        yield door
