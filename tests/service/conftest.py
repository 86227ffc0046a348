import pytest
from operations.door import open_door


@pytest.fixture
async def door(database):
    """The service on the sandbox; requests bring no credentials of their own."""
    async with open_door(database) as door:
        yield door
