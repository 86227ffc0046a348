"""What a store of registered documents promises."""

from hashlib import sha256
from typing import Protocol

HASH_PREFIX = "sha256:"  # of hashes as `documentId`


def hash_of(text: str) -> str:
    """Return the SHA-256 of a document's UTF-8, in small hexadecimal letters: its name in a store."""
    return sha256(text.encode()).hexdigest()


class Store(Protocol):
    """Keeps documents by their hashes, as long as there is room.

    Nothing is lost with a document that is gone: the client is told, and sends it again. So a store never fails; one
    that cannot be reached has nothing.
    """

    async def find(self, name: str) -> str | None:
        """Return the document of that hash, or None."""
        ...

    async def keep(self, name: str, text: str) -> None:
        """Keep a document that is worth it.

        Args:
            name: Its hash, from `hash_of`.
            text: A document that has been found valid.
        """
        ...

    async def close(self) -> None:
        """Give back what the store holds open."""
        ...
