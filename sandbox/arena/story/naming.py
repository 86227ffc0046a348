"""Guids that are the same whenever the story is planted."""

import base64
import hashlib

from sandbox.arena.rows import GUID_LENGTH


def guid_of(name: str) -> str:
    """The guid of the row with this name in the story."""
    return base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:GUID_LENGTH]
