import logging

import pytest
import stamina
from both_ways import open_side, watched_plans


@pytest.fixture(scope="module", autouse=True)
def no_waits_between_tries():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(scope="module", autouse=True)
def no_stories_of_failures():
    """Thousands of operations fail on purpose, and each would tell its story."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
async def with_plans():
    """The service as it is, its plans watched."""
    async with watched_plans(), open_side() as side:
        yield side


@pytest.fixture(scope="module")
async def without_plans():
    """The service without plans."""
    async with open_side(execution_plans=False) as side:
        yield side


@pytest.fixture
async def limited_to_rows():
    """The service, which answers one row of lists and no more."""
    async with open_side(max_rows_per_operation=1) as side:
        yield side
