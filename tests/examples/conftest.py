import subprocess
from functools import partial
from pathlib import Path

import pytest
from browser.driver import start_browser
from node_package import install
from web_site import visiting

WEB = Path(__file__).parent.parent.parent / "examples" / "web"

SECONDS_TO_BUILD = 120


@pytest.fixture(scope="session")
async def browser():
    async with start_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def installed_web():
    """The folder of the web example, with its packages."""
    install(WEB)
    return WEB


@pytest.fixture(scope="session")
def built(installed_web):
    """The folder of the built page."""
    command = ["npm", "run", "build"]
    done = subprocess.run(command, cwd=installed_web, capture_output=True, text=True, timeout=SECONDS_TO_BUILD)
    assert done.returncode == 0, done.stdout + done.stderr
    return installed_web / "dist"


@pytest.fixture
def visit(built, database, browser):
    """Opens the page: `async with visit(wrap=...) as visitor`."""
    return partial(visiting, built, database, browser)
