"""What a REST server can do wrong, and what a caller is told of it."""

import gzip
from random import Random

from faults.server import answer, hangs, head, repeats, resets, says

TICKET = {"guid": "T1", "number": "DEF-000001"}
PROMISE = head(content_type="application/json", content_length=100)
CHUNKED = head(content_type="application/json", transfer_encoding="chunked")

# No complete HTTP answer. A read may be sent again; of a change nobody knows.
LOST = {
    "closed before the headers": says(),
    "reset before the headers": resets(),
    "closed in the headers": says(PROMISE[:30]),
    "reset in the headers": resets(PROMISE[:30]),
    "closed after the headers": says(PROMISE),
    "reset after the headers": resets(PROMISE),
    "closed in the body": says(PROMISE, b'{"guid": "T1"'),
    "reset in the body": resets(PROMISE, b'{"guid": "T1"'),
    "closed between chunks": says(CHUNKED, b'e\r\n{"guid": "T1"}\r\n'),
    "two lengths": says(head(content_length=1, x="y").replace(b"x: y", b"content-length: 2") + b"{}"),
    "a length that is no number": says(head(content_length="many") + b"{}"),
    "a chunk's length that is no number": says(CHUNKED, b"many\r\n{}\r\n"),
    "no HTTP": says(b"220 mail.example ESMTP\r\n\r\n"),
    "endless headers": repeats(b"HTTP/1.1 200 OK\r\n", b"x-more: %s\r\n" % (b"x" * 1000)),
}

# An answer came, but too late or never to its end.
LATE = {
    "silence": hangs(),
    "silence in the headers": hangs(PROMISE[:30]),
    "silence in the body": hangs(PROMISE, b'{"guid"'),
    "a trickle of headers": repeats(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", seconds=0.02),
    "a trickle of body": repeats(CHUNKED, b"1\r\n \r\n", seconds=0.02),
}

MUCH_NOISE = Random(1).randbytes(200_000)  # of which only the beginning is read ahead

# A success that cannot be unpacked, of which nothing is known but that.
NOT_COMPRESSED = {
    "compressed, they said": says(answer(b'{"guid": "T1"}', content_encoding="gzip")),
    "compressed and cut off": says(answer(gzip.compress(b'{"guid": "T1"}' * 99)[:-20], content_encoding="gzip")),
    "compressed and cut off late": says(answer(gzip.compress(MUCH_NOISE)[:-20], content_encoding="gzip")),
}

# A success that breaks the contract, whatever was asked.
UNREADABLE = NOT_COMPRESSED | {
    "an empty body": says(answer(b"")),
    "HTML": says(answer(b"<html><body>127.0.0.1 said: sorry</body></html>", content_type="text/html")),
    "a length that cuts the body": says(head(content_length=10) + b'{"guid": "T1"}'),
    "JSON cut off": says(answer(b'{"guid": "T1", "num')),
    "JSON in UTF-16": says(answer('{"guid": "T1"}'.encode("utf-16"))),
    "JSON in Latin-1": says(answer('{"guid": "T1", "title": "Ü", "name": "Ü", "message": "Ü"}'.encode("latin-1"))),
    "a list": says(answer([TICKET])),
    "a text": says(answer("T1")),
    "null": says(answer(None)),
    "a missing guid": says(answer({"number": "DEF-000001", "data": {"processStepId": 5}})),
    "a guid that is a number": says(answer({"guid": 1, "data": {"id": 1, "processId": 1}})),
    "a guid that is null": says(answer({"guid": None, "data": []})),
    "an owner that is a text": says(
        answer({"guid": "T1", "owner": "Heidi", "assignee": "Heidi", "data": {"id": "W1", "params": "x", "steps": 1}})
    ),
    "JSON nested too deeply": says(answer(b"[" * 100_000 + b"]" * 100_000)),
    "a length of too many digits": says(answer(b"{", content_length="0" * 4400 + "1")),
    "a body that never ends, however short they said": repeats(
        head(content_length=2, transfer_encoding="chunked"), b"1000\r\n%s\r\n" % (b" " * 0x1000)
    ),
    "a body that never ends": repeats(CHUNKED, b"1000\r\n%s\r\n" % (b" " * 0x1000)),
    "a small body that grows": says(answer(gzip.compress(b" " * 1_000_000), content_encoding="gzip")),
}
MAX_ANSWER_BYTES = 500_000  # less than the last three send

REDIRECTED = {
    status: says(answer(b"", status, location="http://127.0.0.1:1/login")) for status in (300, 301, 302, 303, 307, 308)
} | {304: says(head(304))}
