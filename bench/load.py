"""Load: a number of operations over several connections, all of them answered and checked.

The number is exact, because the CPU time of a server is divided by it: a load that stops by the clock leaves
operations behind that cost time and are not counted. wrk makes the load where it can be had, else Python does.
"""

import asyncio
import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from bench.packages import program
from bench.processes import OTHER_CORE, on_core

POST = Path(__file__).with_name("post.lua")
NUMBER = "%NUMBER%"
LONGEST_SECONDS = 180


class LoadFailed(Exception):
    """Some operations were answered wrongly, or not at all."""


@dataclass(frozen=True)
class Target:
    """Where operations go, and with what headers."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Load:
    """How a load went; latencies in milliseconds.

    Attributes:
        requests: How many operations were answered.
        seconds: How long that took.
        p50: What half of the latencies are below.
        p99: What all but one in a hundred are below.
        longest: The longest of them.
        body: The mean length of an answer.
    """

    requests: int
    seconds: float
    p50: float
    p99: float
    longest: float
    body: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def generator() -> str:
    """What makes the load."""
    return "wrk" if program("wrk", "wrk") else "the bench's Python client (no wrk)"


def post(target: Target, bodies: Sequence[bytes], *, connections: int, operations: int, first: int = 0) -> Load:
    """Post bodies by turns until so many are answered.

    Args:
        target: Where to.
        bodies: What; where one has `NUMBER`, every request has another number.
        connections: How many are used at once.
        operations: How many requests to make; no less than there are connections.
        first: What numbers are counted from.

    Raises:
        LoadFailed: An answer was missing, not a 200, or had errors.
    """
    operations = max(operations, connections)
    wrk = program("wrk", "wrk")
    if wrk is None:
        return asyncio.run(_post(target, bodies, connections, operations, first))
    with _files(target, bodies) as (headers, paths):
        options = ["-t1", f"-c{connections}", f"-d{LONGEST_SECONDS}s", "--timeout", "60s", "-s", str(POST)]
        arguments = [headers, str(operations), str(first), *paths]
        return _run([wrk, *options, target.url, "--", *arguments], operations)


def _run(command: list[str], operations: int) -> Load:
    """Run wrk, and interrupt it when all is answered: by itself it ends by the clock only."""
    with on_core(OTHER_CORE):
        process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    assert process.stdout is not None  # noqa: S101
    lines = []
    with process:
        try:
            for line in process.stdout:
                lines.append(line)
                if line == "finished\n":
                    process.send_signal(signal.SIGINT)
        except BaseException:
            process.kill()
            raise
    counted = next((line for line in lines if line.startswith("{")), None)
    if counted is None:
        raise LoadFailed("".join(lines))
    load = json.loads(counted)
    # A connection that a server closed because its work was done is no failure: every operation was answered.
    if load.pop("wrong") or load["requests"] != operations:
        raise LoadFailed(counted)
    return Load(**load)


@contextmanager
def _files(target: Target, bodies: Sequence[bytes]) -> Iterator[tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        headers = Path(folder) / "headers"
        headers.write_text("".join(f"{name}: {value}\n" for name, value in target.headers.items()))
        paths = [Path(folder) / str(number) for number in range(len(bodies))]
        for path, body in zip(paths, bodies, strict=True):
            path.write_bytes(body)
        yield str(headers), [str(path) for path in paths]


async def _post(target: Target, bodies: Sequence[bytes], connections: int, operations: int, first: int) -> Load:
    numbers = count(first)
    latencies: list[float] = []
    lengths = 0
    left = operations

    async def client() -> None:
        nonlocal left, lengths
        connection = await Connection.open(target)
        while left > 0:
            left -= 1
            number = next(numbers)
            body = bodies[number % len(bodies)].replace(NUMBER.encode(), str(number).encode())
            started = time.perf_counter()
            status, answer = await connection.post(body)
            latencies.append((time.perf_counter() - started) * 1000)
            lengths += len(answer)
            if status != 200 or b'"errors"' in answer:
                raise LoadFailed(answer[:500].decode(errors="replace"))
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    seconds = time.perf_counter() - started
    cuts = quantiles(latencies, n=100, method="inclusive")
    return Load(operations, seconds, cuts[49], cuts[98], max(latencies), lengths / operations)


class Connection:
    """A connection that is kept, for one request after another."""

    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = urlsplit(target.url)
        headers = {"host": address.netloc, **target.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = f"POST {address.path or '/'} HTTP/1.1\r\n{lines}"
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, target: Target) -> "Connection":
        address = urlsplit(target.url)
        return cls(target, *await asyncio.open_connection(address.hostname, address.port, limit=2**20))

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """The status and body of the answer."""
        self._writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "transfer-encoding: chunked" in head:
            return int(head[9:12]), await self._chunks()
        return int(head[9:12]), await self._reader.readexactly(int(head.partition("content-length:")[2].split()[0]))

    async def _chunks(self) -> bytes:
        body = b""
        while size := int((await self._reader.readline()).split(b";")[0], 16):
            body += await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()
        return body

    def close(self) -> None:
        self._writer.close()
