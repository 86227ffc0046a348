"""The media types of requests and answers, by the GraphQL over HTTP specification."""

from edge.qualities import parse_entry, qualities

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"


def answer_type(accept: str) -> str:
    """Chooses the media type of the answer to an `Accept` header.

    JSON stands in for everything else a client may list, streams included: the
    specification allows that where it could demand 406, and it is the only
    answer to a client that lists several which all clients can read.
    """
    if GRAPHQL_RESPONSE not in accept.lower():
        return JSON
    wanted = qualities(accept)
    return GRAPHQL_RESPONSE if 0 < wanted.get(GRAPHQL_RESPONSE, 0.0) >= _plain_quality(wanted) else JSON


def plain_type(accept: str) -> str:
    """Chooses JSON where an `Accept` header admits it at all, and else as `answer_type` does."""
    return JSON if _plain_quality(qualities(accept)) > 0 else answer_type(accept)


def accepts_html(accept: str) -> bool:
    """Tells whether an `Accept` header names HTML, as browsers do when they open a page."""
    return "text/html" in accept and qualities(accept).get("text/html", 0.0) > 0


def is_utf8_json(content_type: str) -> bool:
    """Tells whether a `Content-Type` header says JSON in UTF-8; other parameters do not matter."""
    if content_type == JSON:
        return True
    media_type, parameters = parse_entry(content_type)
    return media_type == JSON and parameters.get("charset", "utf-8").lower() == "utf-8"


def _plain_quality(wanted: dict[str, float]) -> float:
    return next((wanted[name] for name in (JSON, "application/*", "*/*") if name in wanted), 0.0)
