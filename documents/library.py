"""Where the documents that requests name are looked up."""

from documents.store import Store


class Library:
    """The documents that clients have registered by automatic persisted queries.

    Attributes:
        takes_documents: Whether clients can register any.
    """

    def __init__(self, store: Store | None = None) -> None:
        """Takes where registered documents are kept; with None there are none."""
        self._store = store
        self.takes_documents = store is not None

    async def find(self, name: str) -> str | None:
        """Return the document of a name, which is its hash, or None."""
        return await self._store.find(name) if self._store else None

    async def register(self, name: str, text: str) -> None:
        """Keep a valid document by its hash."""
        if self._store:
            await self._store.keep(name, text)
