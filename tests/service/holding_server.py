"""An Arena that takes its time: it answers a ticket's status change when it is told to."""

import asyncio
import json
import re
from contextlib import asynccontextmanager

TICKET_GUID = "1J3M5I3UHK1GZI1K31L4"
ANSWER = json.dumps({"guid": TICKET_GUID, "status": {"value": "Complete"}}).encode()


class HoldingServer:
    """A server that holds its answers.

    Attributes:
        address: Its base address.
        asked: Set when a change has arrived.
        released: Set it to have the change answered.
        ended: Set when the change is answered, or its connection lost.
        was_cut: Whether the connection was lost before the answer.
    """

    def __init__(self):
        self.address = None
        self.asked = asyncio.Event()
        self.released = asyncio.Event()
        self.ended = asyncio.Event()
        self.was_cut = False

    async def answer(self, reader, writer):
        """Serve one connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1]))
        self.asked.set()
        losing = asyncio.create_task(reader.read())
        releasing = asyncio.create_task(self.released.wait())
        await asyncio.wait([losing, releasing], return_when=asyncio.FIRST_COMPLETED)
        self.was_cut = losing.done()
        releasing.cancel()
        losing.cancel()
        writer.write(b"HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(ANSWER) + ANSWER)
        writer.close()
        self.ended.set()


@asynccontextmanager
async def holding_server():
    """A `HoldingServer` that listens."""
    held = HoldingServer()
    server = await asyncio.start_server(held.answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    held.address = f"http://{host}:{port}"
    try:
        yield held
    finally:
        server.close()
