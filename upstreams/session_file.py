"""Where the worker processes of one host keep the service's session, so that they do not log each other out."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from upstreams.arena_answers import Login

POLL_SECONDS = 0.02


class KeptLogin:
    """The kept login, while this process has the turn."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self) -> Login | None:
        """The login kept last, None when there is none."""
        self._file.seek(0)
        try:
            login = msgspec.json.decode(self._file.read(), type=Login)
        except msgspec.DecodeError:
            return None  # nobody has logged in yet, or somebody died while writing
        return login if login.session_id else None

    def write(self, login: Login) -> None:
        """Keep a login in place of the last."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(msgspec.json.encode(login))
        self._file.flush()


class SessionFile:
    """A file only its owner can read, locked by whoever has the turn; a process that dies gives up its turn.

    Args:
        path: Made when it does not exist. Its directory must be private and on a local disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[KeptLogin]:
        """Wait until no other process logs in, and keep them from it for as long as the block runs."""
        with _open_privately(self._path) as file:
            while not _try_to_lock(file):  # noqa: ASYNC110  # no event of asyncio crosses processes
                await asyncio.sleep(POLL_SECONDS)
            yield KeptLogin(file)


def _open_privately(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _try_to_lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
