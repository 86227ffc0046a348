from functools import cached_property
from http import HTTPStatus
from urllib.parse import parse_qsl

from cross_web import StarletteRequestAdapter
from starlette.requests import Request

from edge.refusals import LIMIT_EXCEEDED, Refusal


class StrictRequest(StarletteRequestAdapter):
    """A request as Strawberry's view sees it, read within a limit and as nothing but UTF-8."""

    def __init__(self, request: Request, max_bytes: int) -> None:
        """Takes the request and the length up to which its query string or body is read."""
        super().__init__(request)
        self.request = request
        self.max_bytes = max_bytes

    @cached_property
    def query_params(self) -> dict[str, str]:
        query_string: bytes = self.request.scope["query_string"]
        if len(query_string) > self.max_bytes:
            raise Refusal(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                f"The query string is longer than {self.max_bytes} bytes.",
                LIMIT_EXCEEDED,
            )
        try:
            return dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
        except UnicodeDecodeError as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, "The query string is not percent-encoded UTF-8.") from error

    async def get_body(self) -> bytes:
        if self.headers.get("content-encoding", "identity").lower() != "identity":
            raise Refusal(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "Send the request body uncompressed.",
                headers={"accept-encoding": "identity"},
            )
        chunks: list[bytes] = []
        length = 0
        async for chunk in self.request.stream():
            length += len(chunk)
            if length > self.max_bytes:
                raise Refusal(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The request body is longer than {self.max_bytes} bytes.",
                    LIMIT_EXCEEDED,
                )
            chunks.append(chunk)
        return b"".join(chunks)
