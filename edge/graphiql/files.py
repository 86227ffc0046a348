import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from edge.header_fields import header_fields
from edge.qualities import qualities

HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",  # their names hold hashes of what they are
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; script-src 'self'",  # of the editor's workers
}


class BuiltFiles(StaticFiles):
    """Files that never change, since one that changes gets another name; many lie there as Brotli has them, too."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Returns the answer that carries the file, to be kept for a year."""
        compressed = Path(f"{os.fspath(full_path)}.br")
        is_compressed = _takes_brotli(scope) and compressed.exists()
        if is_compressed:
            full_path, stat_result = compressed, compressed.stat()
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(HEADERS)
        if is_compressed:
            response.headers["content-encoding"] = "br"
        return response


def _takes_brotli(scope: Scope) -> bool:
    field = header_fields(scope).get(b"accept-encoding", b"").decode("latin-1")
    return qualities(field).get("br", 0.0) > 0
