"""How values become part of an answer, by "Value Completion" of the GraphQL specification.

Each function makes, for one place in a document, what completes the values there. It raises for all that graphql-core
would report as an error, and for the little that is left to graphql-core; with which words makes no difference.

Where a type knows its objects by their classes alone, a class that was looked at once takes a shortcut from then on.
"""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLLeafType, GraphQLObjectType
from strawberry.types.base import has_object_definition

from plan.fields import Completion, Shortcut
from plan.leaves import writing
from plan.readers import Reader, items_reader
from plan.running import Branch
from plan.selections import Selection


def leaf(type_: GraphQLLeafType, *, is_required: bool) -> Completion:
    """Completes scalars and members of enumerations."""
    write, shortcut = writing(type_)
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> Any:
        return complete_null() if value is None else write(value)

    return Completion(complete, is_required, shortcut)


def list_of(item: Completion, *, is_required: bool) -> Completion:
    """Completes lists and tuples."""
    complete_items = items_reader(item)
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> list[Any] | None:
        if value is None:
            return complete_null()
        if not isinstance(value, list | tuple):
            raise TypeError("Other iterables are left to graphql-core.")
        return complete_items(value, branch)

    return Completion(complete, is_required, Shortcut(list, "{tool}(value, branch)", complete_items))


def instance_of(type_: GraphQLObjectType, selection: Selection, *, is_required: bool) -> Completion:
    """Completes objects of one type."""
    is_type_of = type_.is_type_of
    complete_null = _null(is_required)
    answer = selection.answer
    knows_classes = _knows_classes(type_)
    classes: set[type] = set()

    def complete(value: Any, branch: Branch) -> dict[str, Any] | None:
        if value is None:
            return complete_null()
        if isinstance(value, Exception):
            raise value
        if is_type_of and is_type_of(value, _NO_INFO) is not True:
            raise TypeError(f"Not a {type_}.")
        if knows_classes:
            classes.add(value.__class__)
        return answer(value, branch)

    return Completion(complete, is_required, Shortcut(classes, "{tool}(value, branch)", answer))


def member_of(
    types: Sequence[GraphQLObjectType], select: Callable[[GraphQLObjectType], Selection], *, is_required: bool
) -> Completion:
    """Completes objects of several types: a union's, or those of an interface.

    Args:
        types: The types, the first that fits a value is its own.
        select: Compiles what is asked of a type, when its first object comes.
        is_required: Whether null is an error.
    """
    candidates = [(type_.is_type_of, type_) for type_ in types if type_.is_type_of]
    answers: dict[type, Reader] = {}
    selections: dict[str, Selection] = {}
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> dict[str, Any] | None:
        answer = answers.get(value.__class__)
        if answer is not None:
            return answer(value, branch)
        if value is None:
            return complete_null()
        if isinstance(value, Exception) or has_object_definition(value):
            raise TypeError("Errors, and instances of Strawberry's types, are left to graphql-core.")
        knows_classes = True
        for is_type_of, type_ in candidates:
            knows_classes = knows_classes and _knows_classes(type_)
            if is_type_of(value, _NO_INFO) is True:
                if type_.name not in selections:
                    selections[type_.name] = select(type_)
                answer = selections[type_.name].answer
                if knows_classes:
                    answers[value.__class__] = answer
                return answer(value, branch)
        raise TypeError("Of none of the types.")

    return Completion(complete, is_required)


_NO_INFO: Any = None  # types tell their objects by the objects alone


def _knows_classes(type_: GraphQLObjectType) -> bool:
    """Whether a type tells its objects by their classes: it takes any, or names the classes itself."""
    return type_.is_type_of is None or hasattr(type_.is_type_of, "classes")


def _null(is_required: bool) -> Callable[[], None]:
    return _refuse_null if is_required else _accept_null


def _refuse_null() -> None:
    raise TypeError("Null where there must be a value.")


def _accept_null() -> None:
    return None
