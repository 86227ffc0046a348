from starlette.types import Scope

# What tells callers apart: the session and the token that go on to the upstreams. Proxies drop names with underscores.
CREDENTIALS = (b"arena_session_id", b"arena-session-id", b"authorization")

# What is told beside the data, in extensions, to those who ask for it.
EXPLAIN, UPSTREAM_TRACE = b"x-explain", b"x-upstream-trace"
WISHES = frozenset((EXPLAIN, UPSTREAM_TRACE))


def header_fields(scope: Scope) -> dict[bytes, bytes]:
    """Returns a request's header fields by their names in small letters; of those that share a name, the first.

    They are sorted out once for a request, and stand at `scope["state"]["header_fields"]` from then on.
    """
    state = scope.setdefault("state", {})
    if "header_fields" not in state:
        state["header_fields"] = dict(reversed(scope["headers"]))
    fields: dict[bytes, bytes] = state["header_fields"]
    return fields
