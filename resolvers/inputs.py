"""Checks of input that need no upstream, so that bad input costs no call."""

import math
import re
from collections.abc import Mapping, Sequence

from strawberry.utils.str_converters import to_camel_case

from resolvers.refusals import refuse_input
from upstreams.records import DoubleParam, ProcessParam

MAX_COMMENT_LENGTH = 4000
MAX_FILTER_LENGTH = 500  # all filters together still fit an address
MAX_PARAMS = 100
MAX_PARAM_NAME_LENGTH = 200
MAX_EMAIL_LENGTH = 254
MAX_PASSWORD_LENGTH = 1000

# Guids are opaque; but nothing that has a meaning in an address, or cannot be seen, is part of one.
_GUID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")


def is_guid(guid: str) -> bool:
    """Whether this can be a guid."""
    return _GUID.fullmatch(guid) is not None


def check_guid(guid: str, *path: str) -> None:
    """Let a possible guid pass.

    Raises:
        Refused: It cannot be one.
    """
    if not is_guid(guid):
        raise refuse_input(path, "must be 1 to 128 letters, digits, and . _ : ~ -, beginning with a letter or digit")


def check_filters(filters: Mapping[str, str | None]) -> None:
    """Let filters of a sensible length pass.

    Raises:
        Refused: One is longer than `MAX_FILTER_LENGTH`.
    """
    for name, text in filters.items():
        if text is not None and len(text) > MAX_FILTER_LENGTH:
            path = ("where", to_camel_case(name))
            raise refuse_input(path, f"must not be longer than {MAX_FILTER_LENGTH} characters")


def check_comment(comment: str | None, *path: str) -> None:
    """Let a comment of a sensible length pass.

    Raises:
        Refused: It is longer than `MAX_COMMENT_LENGTH`.
    """
    if comment is not None and len(comment) > MAX_COMMENT_LENGTH:
        raise refuse_input(path, f"must not be longer than {MAX_COMMENT_LENGTH} characters")


def check_params(params: Sequence[ProcessParam]) -> None:
    """Let parameters with distinct, sensible names pass.

    Raises:
        Refused: A name is empty, too long or given twice, or there are more than `MAX_PARAMS`.
    """
    if len(params) > MAX_PARAMS:
        raise refuse_input(("input", "params"), f"must not be more than {MAX_PARAMS}")
    names: set[str] = set()
    for index, param in enumerate(params):
        path = ("input", "params", str(index), "name")
        if not 1 <= len(param.name) <= MAX_PARAM_NAME_LENGTH:
            raise refuse_input(path, f"must be 1 to {MAX_PARAM_NAME_LENGTH} characters")
        if param.name in names:
            raise refuse_input(path, "is given twice")
        names.add(param.name)
        if isinstance(param.value, DoubleParam) and not math.isfinite(param.value.double):
            raise refuse_input(("input", "params", str(index), "value", "double"), "must be a finite number")


def check_login(email: str, password: str, workspace_id: int | None) -> None:
    """Let credentials pass that can be somebody's. What is said of them never repeats them.

    Raises:
        Refused: They cannot.
    """
    if not 1 <= len(email) <= MAX_EMAIL_LENGTH or not email.isprintable():
        raise refuse_input(("input", "email"), f"must be 1 to {MAX_EMAIL_LENGTH} visible characters")
    if not 1 <= len(password) <= MAX_PASSWORD_LENGTH:
        raise refuse_input(("input", "password"), f"must be 1 to {MAX_PASSWORD_LENGTH} characters")
    if workspace_id is not None and workspace_id < 1:
        raise refuse_input(("input", "workspaceId"), "must be above 0")
