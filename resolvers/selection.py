"""Which fields a client asks for, so that what is known already costs no call."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues, get_directive_values

from resolvers.context import Context, Info


def asks_only(info: Info, known: Iterable[str]) -> bool:
    """Whether every field selected below the current one is in `known` (GraphQL names; `__typename` always is)."""
    allowed = {"__typename", *known}
    raw = info._raw_info
    return all(
        name in allowed
        for node in raw.field_nodes
        if node.selection_set
        for name in _selected(node.selection_set, raw, set())
    )


def _selected(selection_set: SelectionSetNode, info: GraphQLResolveInfo[Context], seen: set[str]) -> Iterator[str]:
    for selection in selection_set.selections:
        if not _is_included(selection, info):
            continue
        if isinstance(selection, FieldNode):
            yield selection.name.value
        elif isinstance(selection, InlineFragmentNode):
            yield from _selected(selection.selection_set, info, seen)
        elif isinstance(selection, FragmentSpreadNode) and (name := selection.name.value) not in seen:
            seen.add(name)
            yield from _selected(info.fragments[name].selection_set, info, seen)


def _is_included(selection: SelectionNode, info: GraphQLResolveInfo[Context]) -> bool:
    if not selection.directives:
        return True
    variables = VariableValues({}, cast(dict[str, Any], info.variable_values))  # Strawberry hands over the values alone
    skip = get_directive_values(GraphQLSkipDirective, selection, variables)
    include = get_directive_values(GraphQLIncludeDirective, selection, variables)
    return not (skip and skip["if"]) and (include is None or bool(include["if"]))
