from starlette.types import Scope


def header_fields(scope: Scope) -> dict[bytes, bytes]:
    """Returns a request's header fields by their names in small letters; of those that share a name, the first.

    They are sorted out once for a request, and stand at `scope["state"]["header_fields"]` from then on.
    """
    state = scope.setdefault("state", {})
    fields: dict[bytes, bytes] | None = state.get("header_fields")
    if fields is None:
        fields = state["header_fields"] = dict(reversed(scope["headers"]))
    return fields
