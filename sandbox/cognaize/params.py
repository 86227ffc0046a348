"""Params: named values of type STRING, LONG or DOUBLE, as they travel and as they are kept."""

import math
from typing import Any

from sandbox.cognaize.answers import Details, PreconditionFailed

Params = dict[str, dict[str, Any]]

VALUE_FIELDS = {"STRING": "strValue", "LONG": "longValue", "DOUBLE": "doubleValue"}
LONGS = range(-(2**63), 2**63)


def string(value: str) -> dict[str, Any]:
    """A STRING param."""
    return _param("STRING", value)


def long(value: int) -> dict[str, Any]:
    """A LONG param."""
    return _param("LONG", value)


def double(value: float) -> dict[str, Any]:
    """A DOUBLE param."""
    return _param("DOUBLE", value)


def read_params(body: object, field: str = "params") -> Params:
    """The params of a request, every value field present and all but one null.

    Args:
        body: The `params` member of a request body; null stands for none.
        field: Where in the body it is, for the reasons.

    Raises:
        PreconditionFailed: With a reason for each param that cannot be read.
    """
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise PreconditionFailed({field: {"invalid": "A dictionary is needed."}})
    params: Params = {}
    details: Details = {}
    for name, given in body.items():
        try:
            params[name] = _read_param(given)
        except _Unreadable as error:
            details[f"{field}.{name}"] = {error.reason: error.explanation}
    if details:
        raise PreconditionFailed(details)
    return params


class _Unreadable(Exception):
    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(reason, explanation)
        self.reason = reason
        self.explanation = explanation


def _read_param(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _Unreadable("invalid", "An object with a type and a value is needed.")
    param_type = given.get("type")
    if not isinstance(param_type, str) or param_type not in VALUE_FIELDS:
        raise _Unreadable("type", f"The type is one of {', '.join(VALUE_FIELDS)}.")
    filled = [field for field in VALUE_FIELDS.values() if given.get(field) is not None]
    if len(filled) > 1:
        raise _Unreadable("values", "Only one value can be set.")
    if filled != [VALUE_FIELDS[param_type]]:
        raise _Unreadable("value", f"A {param_type} needs its {VALUE_FIELDS[param_type]}.")
    return _param(param_type, _read_value(param_type, given[filled[0]]))


def _read_value(param_type: str, value: object) -> str | int | float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if param_type == "STRING" and isinstance(value, str):
        return value
    if param_type == "LONG" and is_number and isinstance(value, int) and value in LONGS:
        return value
    if param_type == "DOUBLE" and is_number and isinstance(value, int | float):
        return _read_double(value)
    raise _Unreadable("value", f"The value is not a {param_type}.")


def _read_double(value: int | float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _Unreadable("value", "The value is not a DOUBLE.")
    return number


def _param(param_type: str, value: str | int | float) -> dict[str, Any]:
    empty = dict.fromkeys(VALUE_FIELDS.values())
    return {**empty, VALUE_FIELDS[param_type]: value, "type": param_type}
