"""How values become part of an answer, by "Value Completion" of the GraphQL specification.

Each function makes, for one place in a document, what completes the values there. It raises for all that graphql-core
would report as an error, and for the little that is left to graphql-core; with which words makes no difference.
"""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLLeafType, GraphQLObjectType
from strawberry.types.base import has_object_definition

from plan.fields import Complete
from plan.leaves import writer
from plan.running import Branch
from plan.selections import Selection


def leaf(type_: GraphQLLeafType, *, is_required: bool) -> Complete:
    """Completes scalars and members of enumerations."""
    write = writer(type_)
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> Any:
        return complete_null() if value is None else write(value)

    return complete


def list_of(complete_item: Complete, *, is_required: bool) -> Complete:
    """Completes lists and tuples."""
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> list[Any] | None:
        if value is None:
            return complete_null()
        if not isinstance(value, list | tuple):
            raise TypeError("Other iterables are left to graphql-core.")
        return [complete_item(item, branch) for item in value]

    return complete


def instance_of(type_: GraphQLObjectType, selection: Selection, *, is_required: bool) -> Complete:
    """Completes objects of one type."""
    is_type_of = type_.is_type_of
    complete_null = _null(is_required)
    answer = selection.answer

    def complete(value: Any, branch: Branch) -> dict[str, Any] | None:
        if value is None:
            return complete_null()
        if isinstance(value, Exception):
            raise value
        if is_type_of and is_type_of(value, _NO_INFO) is not True:
            raise TypeError(f"Not a {type_}.")
        return answer(value, branch)

    return complete


def member_of(
    types: Sequence[GraphQLObjectType], select: Callable[[GraphQLObjectType], Selection], *, is_required: bool
) -> Complete:
    """Completes objects of several types: a union's, or those of an interface.

    Args:
        types: The types, the first that fits a value is its own.
        select: Compiles what is asked of a type, when its first object comes.
        is_required: Whether null is an error.
    """
    candidates = [(type_.is_type_of, type_) for type_ in types if type_.is_type_of]
    selections: dict[str, Selection] = {}
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> dict[str, Any] | None:
        if value is None:
            return complete_null()
        if isinstance(value, Exception) or has_object_definition(value):
            raise TypeError("Errors, and instances of Strawberry's types, are left to graphql-core.")
        for is_type_of, type_ in candidates:
            if is_type_of(value, _NO_INFO) is True:
                selection = selections.get(type_.name)
                if selection is None:
                    selection = selections[type_.name] = select(type_)
                return selection.answer(value, branch)
        raise TypeError("Of none of the types.")

    return complete


_NO_INFO: Any = None  # types tell their objects by the objects alone


def _null(is_required: bool) -> Callable[[], None]:
    return _refuse_null if is_required else _accept_null


def _refuse_null() -> None:
    raise TypeError("Null where there must be a value.")


def _accept_null() -> None:
    return None
