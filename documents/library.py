"""Where the documents that requests name are looked up."""

from collections.abc import Mapping

from documents.store import Store


class Library:
    """The documents a service trusts, and those that clients have registered by automatic persisted queries.

    Attributes:
        takes_documents: Whether clients can register any.
        trusted_only: Whether nothing else is executed than what is trusted.
    """

    def __init__(
        self, store: Store | None = None, trusted: Mapping[str, str] | None = None, *, trusted_only: bool = False
    ) -> None:
        """Takes where documents are looked up.

        Args:
            store: Where registered documents are kept; with None there are none.
            trusted: The documents of the manifests, from `read_manifests`.
            trusted_only: Whether nothing but these is executed; clients then can register none.
        """
        self._store = None if trusted_only else store
        self._trusted = trusted or {}
        self._trusted_texts = frozenset(self._trusted.values())
        self.takes_documents = self._store is not None
        self.trusted_only = trusted_only

    async def find(self, name: str) -> str | None:
        """Return the document of a name, which is its id in the manifest or its hash, or None."""
        text = self._trusted.get(name)
        if text is None and self._store:
            return await self._store.find(name)
        return text

    def trusts(self, text: str) -> bool:
        """Tell whether a document is one of the manifest's, to the letter."""
        return text in self._trusted_texts

    async def register(self, name: str, text: str) -> None:
        """Keep a valid document by its hash."""
        if self._store:
            await self._store.keep(name, text)

    async def close(self) -> None:
        """Give back what is held open."""
        if self._store:
            await self._store.close()
