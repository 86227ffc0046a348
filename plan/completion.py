"""How values become part of an answer, by "Value Completion" of the GraphQL specification.

Each function makes, for one place in a document, what completes the values there. It raises for all that graphql-core
would report as an error, and for the little that is left to graphql-core; with which words makes no difference.

Where a type knows its objects by their classes alone, a class that was looked at once takes a shortcut from then on;
and what the hints of a record say of its attributes is not looked at any more.
"""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLLeafType, GraphQLObjectType, Undefined
from strawberry.types.base import has_object_definition

from plan.expressions import Names
from plan.fields import Completion, Shortcut, Trust
from plan.hints import Hint, hints_of
from plan.leaves import writing
from plan.readers import ListReader, Reader, items_reader
from plan.running import Branch
from plan.selections import Selection


def leaf(type_: GraphQLLeafType, *, is_required: bool) -> Completion:
    """Completes scalars and members of enumerations."""
    write, shortcut = writing(type_)
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> Any:
        return complete_null() if value is None or value is Undefined else write(value)

    def trust(read: str, hint: Hint, names: Names) -> str | None:
        if isinstance(shortcut.classes, type) and hint.class_ is not shortcut.classes:
            return None  # other scalars find out by themselves what they can write
        if shortcut.is_idle:
            return read
        return names.unless_none(
            read, lambda value: shortcut.write(value, complete, names), is_optional=hint.is_optional
        )

    write_all = getattr(type_.coerce_output_value, "write_all", None)
    return Completion(complete, is_required, shortcut, _if_there(trust, is_required), write_all=write_all)


def list_of(item: Completion, *, is_required: bool) -> Completion:
    """Completes lists and tuples."""
    complete_items = items_reader(item)
    complete_null = _null(is_required)

    def complete(value: Any, branch: Branch) -> list[Any] | None:
        if value is None or value is Undefined:
            return complete_null()
        if not isinstance(value, list | tuple):
            raise TypeError("Other iterables are left to graphql-core.")
        return complete_items(value, branch)

    def trust(read: str, hint: Hint, names: Names) -> str | None:
        one = names.bind()
        completed = item.trust(one, hint.item, names) if hint.item else None
        if completed is None:
            return None
        if not hint.is_optional:
            return f"[{completed} for {one} in {read}]"
        return names.unless_none(read, lambda values: f"[{completed} for {one} in {values}]", is_optional=True)

    shortcut = Shortcut(list, "{tool}({value}, branch)", complete_items)
    return Completion(complete, is_required, shortcut, _if_there(trust, is_required))


def instance_of(type_: GraphQLObjectType, selection: Selection, *, is_required: bool) -> Completion:
    """Completes objects of one type."""
    is_type_of = type_.is_type_of
    complete_null = _null(is_required)
    classes = _classes_of(type_)
    answers: dict[type, Reader] = {}

    def complete(value: Any, branch: Branch) -> dict[str, Any] | None:
        if value is None or value is Undefined:
            return complete_null()
        if isinstance(value, Exception):
            raise value
        if is_type_of and is_type_of(value, _NO_INFO) is not True:
            raise TypeError(f"Not a {type_}.")
        answer = selection.answer_of(value.__class__)
        if classes:
            answers[value.__class__] = answer
        return answer(value, branch)

    def trust(read: str, hint: Hint, names: Names) -> str | None:
        if not (hints_of(hint.class_) and issubclass(hint.class_, classes)):
            return None
        return names.unless_none(
            read, lambda value: selection.write(value, hint.class_, names), is_optional=hint.is_optional
        )

    def rows_of(class_: type) -> ListReader | None:
        return selection.rows_of(class_) if class_ in answers else None

    shortcut = Shortcut(answers, "{tool}[{value}.__class__]({value}, branch)", answers)
    return Completion(
        complete,
        is_required,
        shortcut,
        _if_there(trust, is_required),
        rows_of=rows_of if selection.has_columns else None,
    )


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
        if value is None or value is Undefined:
            return complete_null()
        if isinstance(value, Exception) or has_object_definition(value):
            raise TypeError("Errors, and instances of Strawberry's types, are left to graphql-core.")
        knows_classes = True
        for is_type_of, type_ in candidates:
            knows_classes = knows_classes and bool(_classes_of(type_))
            if is_type_of(value, _NO_INFO) is True:
                if type_.name not in selections:
                    selections[type_.name] = select(type_)
                answer = selections[type_.name].answer_of(value.__class__)
                if knows_classes:
                    answers[value.__class__] = answer
                return answer(value, branch)
        raise TypeError("Of none of the types.")

    return Completion(complete, is_required)


_NO_INFO: Any = None  # types tell their objects by the objects alone


def _classes_of(type_: GraphQLObjectType) -> tuple[type, ...]:
    """The classes of a type's objects, where it tells them by their classes; all, where it takes any."""
    return getattr(type_.is_type_of, "classes", ()) if type_.is_type_of else (object,)


def _if_there(trust: Trust, is_required: bool) -> Trust:
    """Trusts no value that may be null where null is an error."""
    if not is_required:
        return trust
    return lambda read, hint, names: None if hint.is_optional else trust(read, hint, names)


def _null(is_required: bool) -> Callable[[], None]:
    return _refuse_null if is_required else _accept_null


def _refuse_null() -> None:
    raise TypeError("Null where there must be a value.")


def _accept_null() -> None:
    return None
