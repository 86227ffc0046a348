"""Compression of answers, in a coding the client takes."""

import asyncio
import gzip
import re
from functools import lru_cache

import brotli
import zstandard

from edge.answers import Answer
from edge.qualities import qualities

MIN_BYTES = 1_000  # a smaller answer fits into one packet as it is
THREAD_BYTES = 200_000  # what takes gzip, the slowest, half a millisecond

# No escape can stand for the keyword, so a document without it changes nothing.
_CHANGE = re.compile(r"\bmutation\b", re.ASCII)


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(body)


def _br(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=2)
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=2, mtime=0)


# The fastest first. On 20 to 100 KB of this service's answers, higher levels take two to five times as long to save
# another tenth.
_CODINGS = {"zstd": _zstd, "br": _br, "gzip": _gzip}


async def compress(answer: Answer, accept_encoding: str, document: str) -> None:
    """Compresses an answer in place, if it is long enough and the client takes it compressed.

    Answers to changes stay as they are: a new session is the only secret that answers hold, and an answer whose
    length tells how well a secret goes with what the request said gives it away (BREACH).

    Args:
        answer: The answer, before it is sent.
        accept_encoding: What the client takes, as in its header field.
        document: What is answered.
    """
    if len(answer.body) < MIN_BYTES or _CHANGE.search(document):
        return
    name = choose_coding(accept_encoding)
    if name is None:
        return
    code = _CODINGS[name]
    is_long = len(answer.body) > THREAD_BYTES
    answer.body = await asyncio.to_thread(code, answer.body) if is_long else code(answer.body)
    answer.headers.append((b"content-encoding", name.encode()))
    if not any(field == b"vary" for field, _ in answer.headers):
        answer.headers.append((b"vary", b"accept-encoding"))


@lru_cache(maxsize=32)  # more than there are kinds of clients
def choose_coding(accept_encoding: str) -> str | None:
    """Chooses the coding a client wants most, of equal ones the fastest; None for none."""
    wanted = qualities(accept_encoding)
    others = wanted.get("*", 0.0)
    best = max(_CODINGS, key=lambda name: wanted.get(name, others))
    quality = wanted.get(best, others)
    return best if 0 < quality >= wanted.get("identity", 0.0) else None
