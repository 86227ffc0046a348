"""What an operation may cost upstream: an upper estimate of its REST calls, made before the first one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    print_ast,
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
            entry for each item. The field's own default for it belongs in `list_size`.
    """

    calls: int = 1
    calls_per_item: int = 0
    list_size: int = 1
    list_size_argument: str | None = None


FieldCosts = Mapping[tuple[str, str], FieldCost]
"""The costs of fields by the names of their type and field; a field that is not listed costs nothing.

A field selected on an interface is looked up under the interface's own name.
"""

FREE = FieldCost(calls=0)


@dataclass(frozen=True, slots=True)
class PricedField:
    """A field that costs calls, or leads to fields that do: the same for every run of its document."""

    cost: FieldCost
    list_size: ValueNode | None
    nested: tuple["PricedField", ...]

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the field and everything below it may take.

        Args:
            variables: The operation's variables, coerced and with their defaults.
        """
        calls_per_item = self.cost.calls_per_item + sum(field.calls(variables) for field in self.nested)
        return self.cost.calls + self._items(variables) * calls_per_item

    def _items(self, variables: Mapping[str, Any]) -> int:
        match self.list_size:
            case VariableNode(name=name):
                asked = variables.get(name.value)
            case IntValueNode(value=digits):
                asked = int(digits)
            case ListValueNode(values=entries):
                asked = entries
            case _:
                asked = None
        if asked is None:
            return self.cost.list_size
        return max(asked, 0) if isinstance(asked, int) else len(asked)


class PricedOperation:
    """An operation, its fragments, and what it may cost.

    Args:
        node: The operation.
        fragments: The fragments of its document.
        fields: Its root fields that cost calls, or lead to fields that do.
    """

    __slots__ = ("_fields", "_fixed_calls", "fragments", "node", "type")

    def __init__(
        self,
        node: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        fields: tuple[PricedField, ...],
    ) -> None:
        self.node = node
        self.type = OperationType(node.operation.value)
        self.fragments = fragments
        self._fields = fields
        self._fixed_calls = None if node.variable_definitions else self._sum({})

    def calls(self, variables: Mapping[str, Any]) -> int:
        """Return how many REST calls the operation may take with these variables, coerced and with defaults."""
        return self._sum(variables) if self._fixed_calls is None else self._fixed_calls

    def _sum(self, variables: Mapping[str, Any]) -> int:
        return sum(field.calls(variables) for field in self._fields)


class _Asked(NamedTuple):
    """A field, and the type it is asked of."""

    parent: GraphQLCompositeType
    node: FieldNode


class Pricing:
    """Prices the operations of one document, which must be valid and within the limits of size.

    Fragments are written out here, so the work is bounded by the limit of fields, and the recursion by the limit
    of depth. `@skip` and `@include` are not looked at: the estimate is an upper one.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, costs: FieldCosts) -> None:
        self._schema = schema
        self._costs = costs
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def operation(self, operation: OperationDefinitionNode) -> PricedOperation:
        """Return an operation of the document with its price."""
        root = self._schema.get_root_type(operation.operation)
        fields = self._selection(root, [operation.selection_set]) if root else ()
        fragments = {name: FragmentDetails(definition) for name, definition in self._fragments.items()}
        return PricedOperation(operation, fragments, fields)

    def _selection(
        self, parent: GraphQLCompositeType, selection_sets: Iterable[SelectionSetNode]
    ) -> tuple[PricedField, ...]:
        same: dict[tuple[str, ...], list[_Asked]] = {}
        for asked in self._collect(parent, selection_sets):
            same.setdefault(self._identity(asked), []).append(asked)
        priced = (self._field(asked) for asked in same.values())
        return tuple(field for field in priced if field.nested or field.cost != FREE)

    def _field(self, asked: list[_Asked]) -> PricedField:
        """Price a field that may be asked several times of one object, each time with other fields below."""
        parent, node = asked[0]
        cost = self._costs.get((parent.name, node.name.value), FREE)
        definition = self._schema.get_field(parent, node.name.value)
        below = get_named_type(definition.type) if definition else None
        selection_sets = [one.node.selection_set for one in asked if one.node.selection_set]
        nested = self._selection(below, selection_sets) if is_composite_type(below) else ()
        size = (one.value for one in node.arguments or () if one.name.value == cost.list_size_argument)
        return PricedField(cost, next(size, None), nested)

    def _collect(self, parent: GraphQLCompositeType, selection_sets: Iterable[SelectionSetNode]) -> Iterator[_Asked]:
        """Yield the fields asked of one object, entering each fragment once, as the executor does."""
        entered: set[str] = set()
        waiting = [(parent, selection_set) for selection_set in selection_sets]
        while waiting:
            parent, selection_set = waiting.pop()
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    yield _Asked(parent, node)
                elif isinstance(node, InlineFragmentNode):
                    waiting.append((self._narrowed(parent, node), node.selection_set))
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in entered:
                    entered.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    waiting.append((self._narrowed(parent, fragment), fragment.selection_set))

    def _narrowed(
        self, parent: GraphQLCompositeType, fragment: InlineFragmentNode | FragmentDefinitionNode
    ) -> GraphQLCompositeType:
        condition = fragment.type_condition and self._schema.get_type(fragment.type_condition.name.value)
        return condition if is_composite_type(condition) else parent

    def _identity(self, asked: _Asked) -> tuple[str, ...]:
        """Tell calls apart: whoever asks one object the same thing twice is answered by the same calls."""
        parent, node = asked
        arguments = sorted(print_ast(argument) for argument in node.arguments or ())
        identity = (parent.name, node.name.value, *arguments)
        if parent is self._schema.mutation_type:  # the same change asked twice is two changes
            return (*identity, node.alias.value if node.alias else "")
        return identity
