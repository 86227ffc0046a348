"""The sandbox on its own: `python -m sandbox --port 8100`."""

import argparse
import asyncio

import uvicorn

from sandbox.app import create_sandbox, reset
from sandbox.arena.story.people import DEMO_PASSWORD
from sandbox.settings import SandboxSettings, read_settings

DEMO_USERS = {
    "owner@sandbox.test": "owns the demo processes",
    "assignee@sandbox.test": "has steps to do, alone and with the quality engineers",
    "member@sandbox.test": "may edit quality details, but owns and is assigned nothing",
    "viewer@sandbox.test": "may only look",
    "supplier@sandbox.test": "is refused at login: suppliers may not use the API",
    "locked@sandbox.test": "is refused at login: locked after bad attempts, and for good",
    "expired@sandbox.test": "is refused at login: the password has expired",
    "without-api@sandbox.test": "is refused at login: the API is not enabled",
}


def main() -> None:
    """Do what the command line says."""
    arguments = _parse_arguments()
    settings = read_settings()
    if arguments.dialect is not None:
        settings = settings.model_copy(update={"dialect": arguments.dialect})
    if arguments.reset:
        asyncio.run(reset(settings))
        print(f"The story is back as it was in {settings.database_url}.")
    if arguments.port is not None:
        _serve(settings, arguments.host, arguments.port)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="serve on this port")
    parser.add_argument("--host", default="127.0.0.1", help="serve on this address (default: %(default)s)")
    parser.add_argument("--reset", action="store_true", help="put the story back as it was; alone, just that")
    parser.add_argument("--dialect", choices=["seed", "2023"], help="whose error codes Arena speaks")
    arguments = parser.parse_args()
    if arguments.port is None and not arguments.reset:
        parser.error("give --port to serve, --reset to restore the story, or both")
    return arguments


def _serve(settings: SandboxSettings, host: str, port: int) -> None:
    print(_welcome(settings, f"http://{host}:{port}"), flush=True)
    # The server names itself in every answer unless told not to; Arena's answers carry Arena's name.
    uvicorn.run(create_sandbox(settings), host=host, port=port, server_header=False)


def _welcome(settings: SandboxSettings, address: str) -> str:
    users = "\n".join(f"  {email:<24} {role}" for email, role in DEMO_USERS.items())
    return (
        f"Arena     {address}/arena/v1\n"
        f"Cognaize  {address}/cognaize/api/v1, bearer token {settings.cognaize_token}\n"
        f"Arena's users, all with the password {DEMO_PASSWORD}:\n{users}"
    )


if __name__ == "__main__":
    main()
