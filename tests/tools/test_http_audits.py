"""The GraphQL over HTTP audits of the npm package graphql-http, against a real server."""

import pytest

pytestmark = pytest.mark.anyio

AUDIT_COUNT = 61


async def test_every_audit_of_graphql_over_http_passes(node):
    results = await node("audits.mjs")
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDIT_COUNT
