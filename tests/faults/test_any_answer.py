"""Whatever an upstream answers is a value or one of the failures there are names for."""

import asyncio
import json
import os
from datetime import UTC

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults.service import CHANGES, open_service
from upstreams import arena_answers, cognaize_answers
from upstreams.decoding import Answer
from upstreams.errors import UpstreamFailure

EXAMPLES = settings(max_examples=150, deadline=None)
EXAMPLES_THROUGH_THE_DOOR = settings(max_examples=60, deadline=None)

words = st.sampled_from(
    ["guid", "results", "status", "value", "errors", "code", "message", "data", "id", "steps", "params", "type"]
    + ["assignees", "users", "owner", "template", "additionalAttributes", "order", "qualityProcess", "currentStep"]
    + ["longValue", "doubleValue", "strValue", "processStepStatus", "timeOutInSeconds", "creationDateTime", "ticket"]
    + [
        "processId",
        "processStepId",
        "OPEN",
        "COMPLETE",
        "STRING",
        "LONG",
        "DOUBLE",
        "In Progress",
        "quality",
        "affected",
    ]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2019-07-05T21:57:22Z"])
    | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=25,
)
rows = st.dictionaries(words, values, max_size=6).map(lambda row: {"guid": "G1", "id": "G1", **row})
shapes = values | rows | rows.map(lambda row: {"results": [row, row], "data": row, "qualityProcess": row})
bodies = shapes.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
headers = st.dictionaries(
    st.sampled_from(["x-arena-requests-remaining", "x-arena-next-request-limit-reset", "retry-after", "content-type"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
    | st.sampled_from(["0", "7", "Tue, 18-Nov-2025 00:00:00 GMT-0800 (PST)", "Tue, 99-Nov-0000 00:00:00 GMT-9999"])
    | st.sampled_from(
        ["Sun, 06 Nov 1994 08:49:37 GMT", "Wed, 21 Oct 99999 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"]
    ),
    max_size=3,
)
statuses = st.sampled_from([200, 201, 204]) | st.integers(200, 999)

READERS = {
    name: (lambda answer, reader=reader: arena_answers.read(answer, reader))
    for name, reader in vars(arena_answers).items()
    if name.isupper() and not name.startswith("_") and hasattr(reader, "decode")
} | {
    "changed process": arena_answers.read_changed_process,
    "process": cognaize_answers.read_process,
    "completion": lambda answer: cognaize_answers.read_completion(answer, "G1"),
}

READS = """{
  qualityProcesses(first: 2) {
    nodes {
      id number name type status statusLabel statusMode owner { guid fullName } createdAt
      currentStep { name }
      steps {
        name order type status assignees { __typename fullName } decisions { __typename } affectedObjects { __typename }
      }
    }
  }
  tickets(first: 2) { nodes { id number status priority createdAt qualityProcesses { number } tickets { number } } }
  process(id: "W1") {
    ... on Process { processId status createdAt steps { status timeoutSeconds params { name value { __typename } } } }
  }
  upstreamBudgets { state remaining limit resetsAt observedAt }
}"""


@pytest.mark.parametrize("name", READERS)
def test_any_answer_is_read_or_fails_by_a_name(name):
    @EXAMPLES
    @given(statuses, headers, bodies)
    def check(status, fields, body):
        try:
            READERS[name](Answer(status, fields, body))
        except UpstreamFailure as failure:
            assert failure.evidence.http_status == status
            assert failure.retry_at is None or failure.retry_at.tzinfo is UTC

    check()


def test_any_answer_becomes_a_graphql_answer_without_an_internal_error():
    answers = []

    async def ask(service, operation):
        service.headers["arena_session_id"] = os.urandom(8).hex()  # whose budget is not known yet
        service.forgive()
        answered = await service.post(operation)
        assert answered.status_code == 200, answered.text
        codes = [error["extensions"]["code"] for error in answered.json().get("errors", ())]
        assert "INTERNAL" not in codes, answered.text

    def reply(request):
        status, fields, body = answers[0]
        return httpx.Response(status, headers=fields, content=body)

    with asyncio.Runner() as runner:
        opening = open_service("http://a", wrap=lambda *_: httpx.MockTransport(reply), operation_seconds=0.9)
        service = runner.run(opening.__aenter__())

        @EXAMPLES_THROUGH_THE_DOOR
        @given(st.tuples(statuses, headers, bodies), st.sampled_from([READS, READS, *CHANGES.values()]))
        def check(answer, operation):
            answers[:] = [answer]
            runner.run(ask(service, operation))

        try:
            check()
        finally:
            runner.run(opening.__aexit__(None, None, None))
