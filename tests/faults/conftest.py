import pytest
import stamina

from faults.server import answer, faulty_server, says


@pytest.fixture(autouse=True)
def no_waits_between_tries():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def server():
    """A server that answers an empty object until it is told otherwise."""
    async with faulty_server(says(answer({}))) as server:
        yield server
