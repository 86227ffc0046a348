"""How large a document's operations are, counted without writing its fragments out.

Every fragment is walked once, however often it is spread, and neither nesting nor long chains of fragments
recurse: counting is linear in the document.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
)

INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})
LOGIN_FIELD = "login"


@dataclass(slots=True)
class Size:
    """What an operation asks for, as if every fragment were written out wherever it is spread."""

    root_fields: int = 0
    logins: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    introspection_depth: int = 0
    introspection_fields: int = 0
    introspection_aliases: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a selection stands: how many fields are around it, and whether introspection is one of them."""

    depth: int = 0
    introspecting: bool = False

    def inside(self, node: FieldNode) -> "_Place":
        # Introspection has a depth limit of its own, so its levels are counted from its root field.
        if not self.introspecting and node.name.value in INTROSPECTION_FIELDS:
            return _Place(1, introspecting=True)
        return _Place(self.depth + 1, self.introspecting)


@dataclass(slots=True)
class _Written:
    """One definition's own size, and the fragments it spreads."""

    size: Size = field(default_factory=Size)
    spreads: list[tuple[str, _Place]] = field(default_factory=list)

    def count_field(self, node: FieldNode, place: _Place) -> None:
        self.size.fields += 1
        self.size.aliases += node.alias is not None
        self.size.root_fields += place.depth == 0
        self.size.logins += place.depth == 0 and node.name.value == LOGIN_FIELD
        inside = place.inside(node)
        if inside.introspecting:
            self.size.introspection_fields += 1
            # Those of `__type` are for the few things that some tools ask to learn what a server can do.
            self.size.introspection_aliases += node.alias is not None and node.name.value != "__type"
        self.reach(inside)

    def reach(self, place: _Place) -> None:
        if place.introspecting:
            self.size.introspection_depth = max(self.size.introspection_depth, place.depth)
        else:
            self.size.depth = max(self.size.depth, place.depth)

    def add_spread(self, spread: Size, place: _Place) -> None:
        self.size.fields += spread.fields
        self.size.aliases += spread.aliases
        self.size.directives += spread.directives
        self.size.root_fields += spread.root_fields if place.depth == 0 else 0
        self.size.logins += spread.logins if place.depth == 0 else 0
        self.reach(_Place(place.depth + spread.depth, place.introspecting))
        self.size.introspection_depth = max(self.size.introspection_depth, spread.introspection_depth)
        # What a fragment asks of `__Type` is introspection only where the fragment is spread.
        introspecting = place.introspecting
        self.size.introspection_fields += spread.fields if introspecting else spread.introspection_fields
        self.size.introspection_aliases += spread.aliases if introspecting else spread.introspection_aliases


def operation_sizes(document: DocumentNode) -> Iterator[tuple[OperationDefinitionNode, Size]]:
    """Yield each operation of a document with its size.

    Nothing is yielded for a document whose fragments spread one another in a circle: GraphQL's own rule refuses
    it (NoFragmentCyclesRule).
    """
    fragments = {
        definition.name.value: _written(definition)
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    try:
        _add_up(fragments)
    except CycleError:
        return
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            yield definition, _with_spreads(_written(definition), fragments)


def _add_up(fragments: dict[str, _Written]) -> None:
    spread_in = {name: {spread for spread, _ in written.spreads} for name, written in fragments.items()}
    for name in TopologicalSorter(spread_in).static_order():
        if name in fragments:
            _with_spreads(fragments[name], fragments)


def _with_spreads(written: _Written, fragments: dict[str, _Written]) -> Size:
    for name, place in written.spreads:
        if name in fragments:
            written.add_spread(fragments[name].size, place)
    return written.size


def _written(definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Written:
    written = _Written()
    written.size.directives = len(definition.directives or ()) + sum(
        len(variable.directives or ()) for variable in definition.variable_definitions or ()
    )
    waiting = [(definition.selection_set, _Place())]
    while waiting:
        selection_set, place = waiting.pop()
        for node in selection_set.selections:
            written.size.directives += len(node.directives or ())
            if isinstance(node, FragmentSpreadNode):
                written.spreads.append((node.name.value, place))
            elif isinstance(node, FieldNode):
                written.count_field(node, place)
                if node.selection_set:
                    waiting.append((node.selection_set, place.inside(node)))
            elif isinstance(node, InlineFragmentNode):
                waiting.append((node.selection_set, place))
    return written
