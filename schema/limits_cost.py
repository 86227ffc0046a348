"""What an operation may cost upstream: an upper estimate of its REST calls, made before the first one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)
from graphql.execution.collect_fields import FragmentDetails
from strawberry.types.graphql import OperationType


@dataclass(frozen=True, slots=True)
class FieldCost:
    """What resolving a field takes upstream, for each object it is asked of.

    Attributes:
        calls: REST calls for the field itself.
        calls_per_item: REST calls for each item it brings, before the item's own fields are asked.
        list_size: Items assumed when no argument tells; 1 for a field that is no list.
        list_size_argument: The argument that tells how many items are wanted: a number, or a list with one
            entry for each item. Dots lead into an input: `input.items`. The field's own default for it belongs in
            `list_size`.
        max_list_size: The most items there can be: who asks for more is refused, and that costs nothing.
    """

    calls: int = 1
    calls_per_item: int = 0
    list_size: int = 1
    list_size_argument: str | None = None
    max_list_size: int | None = None


FieldCosts = Mapping[tuple[str, str], FieldCost]
"""The costs of fields by the names of their type and field; a field that is not listed costs nothing.

A field selected on an interface is looked up under the interface's own name.
"""


@dataclass(frozen=True, slots=True)
class AskedSize:
    """Where a document tells how many items it wants.

    Attributes:
        value: The number, the list, or the variable that holds them.
        below: The names that lead from the variable's value to them.
    """

    value: ValueNode
    below: tuple[str, ...]

    @classmethod
    def find(cls, node: FieldNode, argument: str) -> "AskedSize | None":
        """Find it in the arguments of a field, given the argument's name, and where it is an input those inside."""
        name, *below = argument.split(".")
        value = next((given.value for given in node.arguments or () if given.name.value == name), None)
        while below and isinstance(value, ObjectValueNode):
            name, *below = below
            value = next((given.value for given in value.fields or () if given.name.value == name), None)
        return cls(value, tuple(below)) if value else None

    def read(self, variables: Mapping[str, Any]) -> int | None:
        """Return how many items are wanted with these variables, coerced; None where nothing tells."""
        match self.value:
            case VariableNode(name=name):
                asked = variables.get(name.value)
                for key in self.below:
                    asked = asked.get(key) if isinstance(asked, dict) else None
            case IntValueNode(value=digits):
                asked = int(digits)
            case ListValueNode(values=entries):
                asked = entries
            case _:
                asked = None
        return asked if asked is None or isinstance(asked, int) else len(asked)


@dataclass(frozen=True, slots=True)
class PricedField:
    """A field that costs calls, or leads to fields that do: the same for every run of its document."""

    cost: FieldCost
    list_size: AskedSize | None
    nested: "PricedSelection"

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the field and everything below it may take.

        Args:
            variables: The operation's variables, coerced and with their defaults.
        """
        calls_per_item = self.cost.calls_per_item + self.nested.calls(variables)
        return self.cost.calls + self._items(variables) * calls_per_item

    def _items(self, variables: Mapping[str, Any]) -> int:
        asked = self.list_size.read(variables) if self.list_size else None
        size = self.cost.list_size if asked is None else max(asked, 0)
        return size if self.cost.max_list_size is None else min(size, self.cost.max_list_size)


@dataclass(frozen=True, slots=True)
class PricedSelection:
    """Fields of an object: those asked of it whatever its type is, and those of each type it may have."""

    always: tuple[PricedField, ...]
    by_type: tuple[tuple[PricedField, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.always or self.by_type)

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the fields of one object may take: an object has one type."""
        return _sum(self.always, variables) + max((_sum(fields, variables) for fields in self.by_type), default=0)


def _sum(fields: tuple[PricedField, ...], variables: Mapping[str, Any]) -> int:
    return sum([field.calls(variables) for field in fields])


class PricedOperation:
    """An operation, its fragments, and what it may cost.

    Args:
        node: The operation.
        fragments: The fragments of its document.
        selection: Its root fields that cost calls, or lead to fields that do.
        takes_secrets: Whether its variables may hold a secret, which no error may repeat.
    """

    __slots__ = ("_fixed_calls", "_selection", "fragments", "node", "takes_secrets", "type")

    def __init__(
        self,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        selection: PricedSelection,
        *,
        takes_secrets: bool,
    ) -> None:
        self.node = node
        self.takes_secrets = takes_secrets
        self.type = OperationType(node.operation.value)
        self.fragments = fragments
        self._selection = selection
        self._fixed_calls = None if node.variable_definitions else selection.calls({})

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the operation may take with these variables, coerced and with defaults."""
        return self._selection.calls(variables) if self._fixed_calls is None else self._fixed_calls
