"""Whole numbers of the upstreams in GraphQL, whose `Int` has 32 bits."""

from resolvers.failures import describe
from resolvers.refusals import ErrorCode, Refusal, Refused
from upstreams.errors import System

INT_RANGE = range(-(2**31), 2**31)


def as_int(number: int | None, system: System) -> int | None:
    """The number, when an `Int` can hold it.

    Raises:
        Refused: It cannot.
    """
    if number is None or number in INT_RANGE:
        return number
    code = ErrorCode.UPSTREAM_CONTRACT
    raise Refused(Refusal(code=code, message=describe(code, system, "Int")))
