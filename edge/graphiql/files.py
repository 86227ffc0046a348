from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",  # their names hold hashes of what they are
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; script-src 'self'",  # of the editor's workers
}


class BuiltFiles(StaticFiles):
    """Files that never change, since one that changes gets another name."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        """Returns the answer that carries the file, to be kept for a year."""
        response = super().file_response(*arguments, **options)
        response.headers.update(HEADERS)
        return response
