"""The service on a socket, for clients that are programs of their own."""

import asyncio
import socket
from contextlib import asynccontextmanager

import uvicorn

from edge.protocol import BoundedProtocol


@asynccontextmanager
async def listening(app):
    """Serves an application whose lifespan is entered; its GraphQL endpoint's address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, http=BoundedProtocol, lifespan="off", log_level="critical", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            await serving
