"""The REST endpoints this service calls, by their paths as the vendors print them, relative to a system's address."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from upstreams.errors import System

Query = tuple[tuple[str, str], ...]  # names, which are ours and need no quoting, and values


@dataclass(frozen=True)
class Endpoint:
    """An endpoint.

    Attributes:
        system: Whose it is.
        method: The HTTP method.
        path: The path, with a name in braces where a key belongs.
        is_change: Whether calling it changes anything.
    """

    system: System
    method: str
    path: str
    is_change: bool = False

    def address(self, keys: tuple[str, ...], query: Query) -> str:
        """The path with keys in it, and the query; every key and every value quoted."""
        path = self._form.format(*map(_quote, keys)) if keys else self.path
        return f"{path}?{'&'.join([f'{name}={_quote(value)}' for name, value in query])}" if query else path

    @cached_property
    def _form(self) -> str:
        return re.sub(r"\{\w+\}", "{}", self.path)


def _quote(text: str) -> str:
    is_plain = text.isascii() and text.isalnum()  # as nearly all are
    return text if is_plain else quote(text, safe="")


def _read(system: System, path: str) -> Endpoint:
    return Endpoint(system, "GET", path)


def _change(system: System, path: str, method: str = "POST") -> Endpoint:
    return Endpoint(system, method, path, is_change=True)


LOG_IN = _change(System.ARENA, "/login")  # whose answer, when lost, may have ended an earlier session
LOG_OUT = _change(System.ARENA, "/logout", "PUT")
QUALITY_PROCESSES = _read(System.ARENA, "/qualityprocesses")
QUALITY_PROCESS = _read(System.ARENA, "/qualityprocesses/{guid}")
QUALITY_STEPS = _read(System.ARENA, "/qualityprocesses/{guid}/steps")
DECISIONS = _read(System.ARENA, "/qualityprocesses/{guid}/steps/{stepGuid}/decisions")
AFFECTED_OBJECTS = _read(System.ARENA, "/qualityprocesses/{guid}/steps/{stepGuid}/affected")
STEP_STATUS_CHANGES = _change(System.ARENA, "/qualityprocesses/statuschanges")
TICKETS = _read(System.ARENA, "/tickets")
TICKET = _read(System.ARENA, "/tickets/{guid}")
TICKET_QUALITY_PROCESSES = _read(System.ARENA, "/tickets/{guid}/quality")
TICKET_TICKETS = _read(System.ARENA, "/tickets/{guid}/tickets")
TICKET_STATUS_CHANGES = _change(System.ARENA, "/tickets/statuschanges")
PROCESS = _read(System.COGNAIZE, "/processes/{processId}")
STEP_COMPLETIONS = _change(System.COGNAIZE, "/processes/complete-step")
