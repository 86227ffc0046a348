"""The store of one process."""

from collections import OrderedDict

MAX_DOCUMENTS = 1_000
MAX_BYTES = 10_000_000


class MemoryStore:
    """A `Store` that ends with its process, and forgets first what has not been asked for longest."""

    def __init__(self, max_documents: int = MAX_DOCUMENTS, max_bytes: int = MAX_BYTES) -> None:
        """Takes how many documents are kept, and how many bytes of UTF-8 they may have together."""
        self._max_documents = max_documents
        self._max_bytes = max_bytes
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0

    async def find(self, name: str) -> str | None:
        """See `Store.find`."""
        text = self._texts.get(name)
        if text is not None:
            self._texts.move_to_end(name)
        return text

    async def keep(self, name: str, text: str) -> None:
        """See `Store.keep`."""
        if name in self._texts:
            return
        self._texts[name] = text
        self._bytes += len(text.encode())
        while len(self._texts) > self._max_documents or self._bytes > self._max_bytes:
            _, forgotten = self._texts.popitem(last=False)
            self._bytes -= len(forgotten.encode())

    async def close(self) -> None:
        """See `Store.close`."""
