"""How many rows one operation may answer: aliases of one list cost one call, but every one of them is written out."""

from typing import TypeVar

from resolvers.context import Context
from resolvers.refusals import ErrorCode, Refusal, Refused

R = TypeVar("R")


def counted(context: Context, rows: list[R]) -> list[R]:
    """The rows, when the operation may answer them beside those it has answered.

    Raises:
        Refused: It may not.
    """
    if context.bounds.admits_rows(len(rows)):
        return rows
    message = f"An operation may answer {context.bounds.max_rows} rows in all: ask for less at a time."
    raise Refused(Refusal(code=ErrorCode.LIMIT_EXCEEDED, message=message))
