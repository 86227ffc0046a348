import httpx
import pytest
from stub_service import Log, make_app


@pytest.fixture
def log():
    """What reaches the far side of the edge."""
    return Log()


@pytest.fixture
def connect(log):
    """Makes a client of a stub service with what `make_app` takes."""

    def connect(*arguments, **options):
        transport = httpx.ASGITransport(make_app(*arguments, log=log, **options))
        return httpx.AsyncClient(transport=transport, base_url="http://stepgraph")

    return connect


@pytest.fixture
async def client(connect):
    async with connect() as client:
        yield client
