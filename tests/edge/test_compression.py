import gzip
import threading

import brotli
import pytest
import zstandard

from documents import Library
from edge import EdgeSettings

pytestmark = pytest.mark.anyio

LONG = "né" * 1000
ECHO = "query Say($text: String!) { echo(text: $text) }"
SAVE = "mutation Keep($text: String!) { save(text: $text) }"
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.decompress}


async def ask(client, accept_encoding, query=ECHO, text=LONG, **parameters):
    """The answer as it travels."""
    body = {"query": query, "variables": {"text": text}, **parameters}
    async with client.stream("POST", "/graphql", json=body, headers=encoding(accept_encoding)) as answer:
        answer.raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        return answer


def encoding(accept_encoding):
    return {"accept-encoding": accept_encoding}


@pytest.mark.parametrize("coding", DECODERS)
async def test_a_long_answer_is_compressed_as_the_client_asks(client, coding):
    plain, answer = await ask(client, "identity"), await ask(client, coding)
    assert answer.headers["content-encoding"] == coding
    assert DECODERS[coding](answer.raw) == plain.raw
    assert answer.headers["content-length"] == str(len(answer.raw))
    assert len(answer.raw) < len(plain.raw) / 10
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("deflate", None),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.9, zstd;q=0.8", "gzip"),
        ("zstd;q=0.5, gzip;q=0.5", "zstd"),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*, zstd;q=0", "br"),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0", None),
        ("identity", None),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("identity;q=0.4, gzip;q=0.5", "gzip"),
        ("identity, gzip", "gzip"),
        ("identity;q=0", None),
        ("gzip;q=much", None),
        ("gzip;q=nan", None),
        ("gzip ; q=0.5 , br ; q = 1", "br"),
        ("", None),
        (",;,=", None),
        ("compress, lzma", None),
    ],
)
async def test_the_coding_is_the_one_the_client_wants_most(client, accept_encoding, coding):
    answer = await ask(client, accept_encoding)
    assert answer.headers.get("content-encoding") == coding


async def test_a_client_that_asks_for_no_coding_gets_none(client):
    del client.headers["accept-encoding"]
    answer = await client.post("/graphql", json={"query": ECHO, "variables": {"text": LONG}})
    assert "content-encoding" not in answer.headers
    assert answer.json() == {"data": {"echo": LONG}}


async def test_a_short_answer_is_sent_as_it_is(client):
    room = 1000 - len(b'{"data":{"echo":""}}')
    short, long = [await ask(client, "gzip", text="x" * length) for length in (room - 1, room)]
    assert (len(short.raw), "content-encoding" in short.headers) == (999, False)
    assert long.headers["content-encoding"] == "gzip"


async def test_a_very_long_answer_is_compressed_in_a_thread(client, monkeypatch):
    threads, compress = [], gzip.compress

    def listen(*args, **options):
        threads.append(threading.current_thread())
        return compress(*args, **options)

    monkeypatch.setattr(gzip, "compress", listen)
    aliases = "query Say($text: String!) {" + "".join(f" a{n}: echo(text: $text)" for n in range(50)) + " }"
    long, very_long = await ask(client, "gzip"), await ask(client, "gzip", query=aliases, text="x" * 5000)
    assert len(gzip.decompress(very_long.raw)) > 250_000
    assert [thread is threading.main_thread() for thread in threads] == [True, False]
    assert long.headers["content-encoding"] == very_long.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "query", [SAVE, f"{ECHO} {SAVE}", f"#\n{SAVE}", f"\ufeff{SAVE}", SAVE.replace("mutation Keep", "mutation")]
)
async def test_what_a_mutation_answers_is_never_compressed(client, log, query):
    answer = await ask(client, "gzip", query=query, **({"operationName": "Keep"} if "Keep" in query else {}))
    assert "content-encoding" not in answer.headers
    assert log.saved == [LONG]


async def test_what_a_named_mutation_answers_is_never_compressed(connect, log):
    async with connect(library=Library(trusted={"k": SAVE, "s": ECHO})) as client:
        change = await ask(client, "gzip", query=None, documentId="k")
        read = await ask(client, "gzip", query=None, documentId="s")
    assert "content-encoding" not in change.headers
    assert read.headers["content-encoding"] == "gzip"
    assert log.saved == [LONG]


async def test_what_merely_speaks_of_mutations_is_compressed(client):
    query = "query Say($text: String!) { __schema { mutationType { name } } echo(text: $text) }"
    assert (await ask(client, "gzip", query=query)).headers["content-encoding"] == "gzip"


async def test_a_compressed_answer_by_get_keeps_its_tag(client):
    params = {"query": '{ echo(text: "' + "x" * 2000 + '") }'}
    plain = await client.get("/graphql", params=params, headers=encoding("identity"))
    packed = await client.get("/graphql", params=params, headers=encoding("gzip"))
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] == plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"]
    again = await client.get(
        "/graphql", params=params, headers={**encoding("gzip"), "if-none-match": plain.headers["etag"]}
    )
    assert (again.status_code, again.content, "content-encoding" in again.headers) == (304, b"", False)


async def test_compression_can_be_switched_off(connect):
    async with connect(EdgeSettings(compression=False)) as client:
        answer = await ask(client, "gzip")
    assert "content-encoding" not in answer.headers
