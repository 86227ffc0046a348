import asyncio

_GO_ON = b"HTTP/1.1 100 "  # asks for the rest of a request, long before there is an answer


class Outlet:
    """A connection's way out, on which the head of an answer leaves with the first piece of its body.

    uvicorn writes the two apart, and uvloop sends at once whatever is written: most answers would take two system calls
    and two packets where one does.
    """

    __slots__ = ("_has_begun", "_head", "_transport", "is_closing")

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._head: bytes | None = None
        self._has_begun = False
        self.is_closing = transport.is_closing

    def write(self, piece: bytes) -> None:
        """Send a piece of an answer, the first of which is its head, or have a client go on with its request."""
        if self._head is not None:
            head, self._head = self._head, None
            self._transport.writelines((head, piece))
        elif self._has_begun or piece.startswith(_GO_ON):
            self._transport.write(piece)
        else:
            self._head, self._has_begun = piece, True

    def end_answer(self) -> None:
        """Send a head that has no body. What is written next is another answer's."""
        self._flush()
        self._has_begun = False

    def close(self) -> None:
        """Close the connection once all that was written has left."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        head, self._head = self._head, None
        if head is not None and not self.is_closing():  # the client may be gone
            self._transport.write(head)
