"""Takes README's picture of GraphiQL: `make screenshot`."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from node_package import install
from real_server import listening

from app import create_app
from sandbox.app import create_sandbox
from sandbox.settings import SandboxSettings
from settings import Settings

BROWSER = Path(__file__).parent


async def main(picture):
    """Take the picture of the service on a new sandbox."""
    install(BROWSER)
    with TemporaryDirectory() as folder:
        database = SandboxSettings(database_url=f"sqlite+aiosqlite:///{folder}/sandbox.db", _env_file=None)
        app = create_app(Settings(_env_file=None), sandbox=create_sandbox(database))
        async with app.router.lifespan_context(app), listening(app) as address:
            process = await asyncio.create_subprocess_exec(
                "node",
                BROWSER / "screenshot.mjs",
                address,
                picture,
                env={**os.environ, "CHROMIUM": shutil.which("chromium") or ""},
            )
            if await process.wait() != 0:
                raise SystemExit("No picture was taken: `make test-deps` installs what that needs.")


asyncio.run(main(sys.argv[1]))
