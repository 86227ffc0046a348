"""Whether a server answers right, before anything is timed."""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from bench.answers import Row
from bench.load import Target
from bench.workloads import Operation, plain

SHOWN = 400


class WrongAnswer(Exception):
    """A server's answer is not what the REST answers say."""


class Client:
    """One connection to a server, for one operation after another."""

    def __init__(self, target: Target) -> None:
        self._target = target
        address = urlsplit(target.url)
        self._path = address.path
        self._connection = http.client.HTTPConnection(address.netloc, timeout=60)

    def ask(self, operation: Operation) -> Any:
        """The JSON of the answer."""
        self._connection.request("POST", self._path, json.dumps(operation.body), dict(self._target.headers))
        return json.loads(self._connection.getresponse().read())

    def milliseconds_to_get(self) -> float:
        """How long the answer to a GET of the target takes."""
        started = time.perf_counter()
        self._connection.request("GET", self._path, headers=dict(self._target.headers))
        self._connection.getresponse().read()
        return (time.perf_counter() - started) * 1000

    def close(self) -> None:
        self._connection.close()


def check(target: Target, operation: Operation, expected: Row) -> None:
    """Ask once, and compare the answer.

    Raises:
        WrongAnswer: It is another one.
    """
    client = Client(target)
    try:
        answer = client.ask(operation)
    except (ValueError, OSError, http.client.HTTPException) as error:
        raise WrongAnswer(repr(error)) from error
    finally:
        client.close()
    if "errors" in answer or plain(answer.get("data")) != expected:
        raise WrongAnswer(json.dumps(answer, ensure_ascii=False)[:SHOWN])
