"""The fields of a compiled document."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from strawberry.types.field import StrawberryField

from plan.arguments import Arguments, ReadArguments
from plan.calls import Call
from plan.expressions import Names
from plan.hints import Hint

if TYPE_CHECKING:
    from plan.readers import ListReader
    from plan.running import Branch

Complete = Callable[[Any, "Branch"], Any]
Trust = Callable[[str, Hint, Names], str | None]
WriteAll = Callable[[list[Any]], list[Any]]


def trust_nothing(_read: str, _hint: Hint, _names: Names) -> None:
    """The `Trust` of values that have to be looked at."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What becomes of values of certain classes, without a call for each of them.

    Attributes:
        classes: The class, or all that are known so far.
        expression: What they become: an expression of `{value}` and `branch`, with `{tool}` and `{complete}` for the
            tool and for what completes any value.
        tool: What the expression needs.
    """

    classes: type | Container[type]
    expression: str
    tool: Any

    @property
    def is_idle(self) -> bool:
        """Whether the values stand in the answer as they are."""
        return self.expression == "{value}"

    def write(self, value: str, complete: Complete, names: Names) -> str:
        """The expression for a value of that name."""
        return self.expression.format(value=value, tool=names.add(self.tool), complete=names.add(complete))


@dataclass(frozen=True, slots=True)
class Completion:
    """How the values of one place in a document become part of the answer.

    Attributes:
        complete: Makes any value part of the answer.
        is_required: Whether null is an error.
        shortcut: What is shorter for most values.
        trust: What is shorter still for values that are known beforehand: gives, for the expression that reads one and
            its hint, the expression that completes it; None where the hint does not say enough.
        write_all: Writes a list of values at once, where that is shorter than one after the other: None for None and
            for nothing else. It raises where one of them cannot be written.
        rows_of: Where it may be shorter to complete a list of objects at once: gives, for a class of which all of them
            are, what does so; None where it is not.
    """

    complete: Complete
    is_required: bool
    shortcut: Shortcut | None = None
    trust: Trust = trust_nothing
    write_all: WriteAll | None = None
    rows_of: Callable[[type], "ListReader | None"] | None = None


@dataclass(frozen=True, slots=True)
class ConstantField:
    """A field whose value the document tells: `__typename`.

    Attributes:
        key: Its name in the answer.
        value: What stands there.
    """

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field that is read off the object.

    Attributes:
        key: Its name in the answer.
        read: Reads it.
        attribute: The attribute it reads, where it does no more.
        completion: Makes its value part of the answer.
    """

    key: str
    read: Callable[[Any], Any]
    attribute: str | None
    completion: Completion


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedField:
    """A field that a resolver answers.

    Attributes:
        key: Its name in the answer.
        path: The names in the answer that lead to it, its own the last.
        parent: The type it is a field of.
        definition: The field in the schema.
        nodes: The nodes of the document that ask for it.
        strawberry_field: The field as Strawberry has it.
        call: Calls the resolver, given the object, the info and the arguments.
        is_async: Whether the resolver has to be waited for.
        takes_info: Whether the resolver takes the info.
        arguments: The arguments asked, where they are the same in every operation.
        read_arguments: Else what reads them.
        complete: Makes the value part of the answer.
        expect: What has the value brought together with others, given the context and the arguments, if anything. The
            fields of a selection that share it are resolved one after the other, once all of them are expected.
    """

    key: str
    path: tuple[str, ...]
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    strawberry_field: StrawberryField
    call: Call
    is_async: bool
    takes_info: bool
    arguments: Arguments | None
    read_arguments: ReadArguments
    complete: Complete
    expect: Callable[..., None] | None


Field = ConstantField | PlainField | ResolvedField
