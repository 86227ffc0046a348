"""Finds the fields of a document that cost REST calls."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    print_ast,
)
from graphql.execution.collect_fields import FragmentDetails

from schema.limits_cost import (
    AskedSize,
    CallCost,
    FieldCost,
    FieldCosts,
    PricedField,
    PricedOperation,
    PricedSelection,
)
from schema.secrets import FIELDS_THAT_TAKE_SECRETS
from upstreams.endpoints import Endpoint

# Where the fields are noted that share a call with another one, by the type they are asked of and what is called.
Sharing = dict[tuple[GraphQLCompositeType, Endpoint], list[str]]

FREE = FieldCost()
NOTHING = PricedSelection()


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
        selection = self._selection(root, [operation.selection_set]) if root else NOTHING
        fragments = {name: FragmentDetails(definition) for name, definition in self._fragments.items()}
        return PricedOperation(operation, fragments, selection, takes_secrets=self._takes_secrets(root, operation))

    def _takes_secrets(self, root: GraphQLCompositeType | None, operation: OperationDefinitionNode) -> bool:
        asked = self._collect(root, [operation.selection_set]) if root else ()
        return any((one.parent.name, one.node.name.value) in FIELDS_THAT_TAKE_SECRETS for one in asked)

    def _selection(self, parent: GraphQLCompositeType, selection_sets: Iterable[SelectionSetNode]) -> PricedSelection:
        same: dict[tuple[str, ...], list[_Asked]] = {}
        for asked in self._collect(parent, selection_sets):
            same.setdefault(self._identity(asked), []).append(asked)
        priced: dict[GraphQLCompositeType, list[PricedField]] = {}
        sharing: Sharing = {}
        for asked_alike in same.values():
            priced.setdefault(asked_alike[0].parent, []).append(self._field(asked_alike, sharing))
        # What is asked of an interface is asked whatever the type is; of the types, an object has one.
        return PricedSelection(
            [field for type_, fields in priced.items() if is_abstract_type(type_) for field in fields],
            [fields for type_, fields in priced.items() if not is_abstract_type(type_)],
        )

    def _field(self, asked: list[_Asked], sharing: Sharing) -> PricedField:
        """Price a field that may be asked several times of one object, each time with other fields below."""
        parent, node = asked[0]
        name, *others = dict.fromkeys(_name_in_answer(one.node) for one in asked)
        cost = self._costs.get((parent.name, node.name.value), FREE)
        definition = self._schema.get_field(parent, node.name.value)
        below = get_named_type(definition.type) if definition else None
        selection_sets = [one.node.selection_set for one in asked if one.node.selection_set]
        nested = NOTHING
        if is_composite_type(below):
            nested = self._selection(below, selection_sets)
            selected = {one.node.name.value for one in self._collect(below, selection_sets)}
            needed = _unshared(_needed(cost.calls, selected), parent, [name, *others], sharing)
            cost = replace(cost, calls=needed, calls_per_item=_needed(cost.calls_per_item, selected))
        size = AskedSize.find(node, cost.list_size_argument) if cost.list_size_argument else None
        sharing.update({(parent, call.endpoint): others for call in cost.calls if call.is_shared and call.endpoint})
        return PricedField(name, parent.name, node, cost, size, nested, others)

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


def _needed(calls: tuple[CallCost, ...], selected: set[str]) -> tuple[CallCost, ...]:
    """The calls that are needed where these fields are asked of what a field brings."""
    return tuple(call for call in calls if not call.known or not selected <= {"__typename", *call.known})


def _unshared(
    calls: tuple[CallCost, ...], parent: GraphQLCompositeType, names: list[str], sharing: Sharing
) -> tuple[CallCost, ...]:
    """The calls that no field beside this one makes already; it is noted with the field that makes the others."""
    unshared = []
    for call in calls:
        shared_by = sharing.get((parent, call.endpoint)) if call.is_shared and call.endpoint else None
        if shared_by is None:
            unshared.append(call)
        else:
            shared_by += names
    return tuple(unshared)


def _name_in_answer(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
