"""What an operation may cost upstream: an upper estimate of its REST calls, made before the first one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
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

from upstreams.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class CallCost:
    """A REST call that resolving a field may take.

    Attributes:
        endpoint: What is called; None where an id tells.
        known: The fields that need no such call, where nothing but them is asked of what the field brings.
        is_shared: Whether all fields of one object that need such a call share it.
        when: Under which condition it is made, in words. Such a call is explained, and not priced.
        argument: The argument that must be there for it to be made, with dots as in `list_size_argument`.
        endpoint_of: Tells of an id what is called, and with which key; None for an id that takes no call. The ids
            are those of `argument`.
    """

    endpoint: Endpoint | None
    known: frozenset[str] = frozenset()
    is_shared: bool = False
    when: str | None = None
    argument: str | None = None
    endpoint_of: Callable[[str], tuple[Endpoint, str] | None] | None = None


@dataclass(frozen=True, slots=True)
class FieldCost:
    """What resolving a field takes upstream, for each object it is asked of.

    Attributes:
        calls: REST calls for the field itself.
        calls_per_item: REST calls for each item it brings, before the item's own fields are asked.
        page_size: How many items one of `calls` brings at most: for more of them it is made again.
        list_size: Items assumed when no argument tells; 1 for a field that is no list.
        list_size_argument: The argument that tells how many items are wanted: a number, or a list with one
            entry for each item. Dots lead into an input: `input.items`. The field's own default for it belongs in
            `list_size`.
        max_list_size: The most items there can be: who asks for more is refused, and that costs nothing.
    """

    calls: tuple[CallCost, ...] = ()
    calls_per_item: tuple[CallCost, ...] = ()
    page_size: int | None = None
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


class PricedField:
    """A field and what is asked below it: the same for every run of its document.

    Args:
        name: Its name in the answer.
        type: The type it is a field of, by its name.
        node: What asks for it.
        cost: What it takes, without the calls that are not needed for what is asked of it.
        list_size: Where the document tells how many items it wants, if it does.
        nested: What is asked of each item.
        shared_by: The names in the answer of fields beside it that need no calls of their own, because it has them.
    """

    __slots__ = (
        "_calls",
        "_calls_per_item",
        "_list_size",
        "cost",
        "is_constant",
        "name",
        "nested",
        "node",
        "shared_by",
        "type",
    )

    def __init__(
        self,
        name: str,
        type: str,
        node: FieldNode,
        cost: FieldCost,
        list_size: AskedSize | None,
        nested: "PricedSelection",
        shared_by: list[str],
    ) -> None:
        self.name = name
        self.type = type
        self.node = node
        self.cost = cost
        self.nested = nested
        self.shared_by = shared_by
        self._list_size = list_size
        self._calls = sum(call.when is None for call in cost.calls)
        self._calls_per_item = sum(call.when is None for call in cost.calls_per_item)
        is_sized_by_variable = list_size is not None and isinstance(list_size.value, VariableNode)
        self.is_constant: bool = nested.is_constant and not is_sized_by_variable

    @property
    def leads_to_calls(self) -> bool:
        """Whether it, or anything below it, may take a call."""
        return bool(self.cost.calls or self.cost.calls_per_item or self.nested.fields)

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the field and everything below it may take.

        Args:
            variables: The operation's variables, coerced and with their defaults.
        """
        items = self.items(variables)
        calls_per_item = self._calls_per_item + self.nested.calls(variables)
        return self._calls * self.pages(items) + items * calls_per_item

    def items(self, variables: Mapping[str, Any]) -> int:
        """Return how many items the field may bring."""
        asked = self._list_size.read(variables) if self._list_size else None
        size = self.cost.list_size if asked is None else max(asked, 0)
        return size if self.cost.max_list_size is None else min(size, self.cost.max_list_size)

    def pages(self, items: int) -> int:
        """Return how often the field's own calls are made for so many items."""
        return 1 if self.cost.page_size is None else max(1, ceil(items / self.cost.page_size))


class PricedSelection:
    """What is asked of an object. All that no variable decides is added up once.

    Args:
        always: The fields asked of it whatever its type is.
        by_type: The fields asked of each type it may have; it has one of them.

    Attributes:
        fields: All of them that may take calls, or lead to fields that may.
    """

    __slots__ = ("_constant", "_types", "_varying", "fields", "is_constant")

    def __init__(self, always: Sequence[PricedField] = (), by_type: Sequence[Sequence[PricedField]] = ()) -> None:
        self.fields = tuple(field for field in chain(always, *by_type) if field.leads_to_calls)
        if len(by_type) == 1:
            always, by_type = [*always, *by_type[0]], ()
        self._constant = sum(field.calls({}) for field in always if field.is_constant)
        self._varying = tuple(field for field in always if not field.is_constant)
        self._types = tuple(map(PricedSelection, by_type))
        if self._types and all(type_.is_constant for type_ in self._types):
            self._constant += max(type_.calls({}) for type_ in self._types)
            self._types = ()
        self.is_constant: bool = not self._varying and not self._types

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the fields of one object may take."""
        calls = self._constant
        for field in self._varying:
            calls += field.calls(variables)
        if self._types:
            calls += max([type_.calls(variables) for type_ in self._types])
        return calls


class PricedOperation:
    """An operation, its fragments, and what it may cost.

    Args:
        node: The operation.
        fragments: The fragments of its document.
        selection: Its root fields.
        takes_secrets: Whether its variables may hold a secret, which no error may repeat.
    """

    __slots__ = ("fragments", "node", "selection", "takes_secrets", "type")

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
        self.selection = selection

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the operation may take with these variables, coerced and with defaults."""
        return self.selection.calls(variables)
