"""Explains an operation: the REST calls it would make. Nothing of it is executed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from graphql import ExecutionResult, FieldNode, Undefined, value_from_ast_untyped
from strawberry.extensions import SchemaExtension

from resolvers.context import Context
from resolvers.loaders import FEWEST_KEYS_WORTH_A_LIST
from schema.costs import LISTS
from schema.limits import CallCost, DocumentCheck, LimitExceeded
from schema.limits_cost import PricedField, PricedOperation
from upstreams.endpoints import Endpoint
from upstreams.errors import System

LIST_FIRST = f"{FEWEST_KEYS_WORTH_A_LIST} or more are wanted at once: the list is read, and nothing that is in it"

Variables = Mapping[str, Any]


class Explanation(SchemaExtension):
    """Answers in `extensions.explain` what an operation would do in place of doing it.

    It is also told of an operation that is refused because it would need too many calls.
    """

    def on_execute(self) -> Iterator[None]:
        self.execution_context.result = ExecutionResult(None, None)  # with a result, it is not executed
        yield

    def get_results(self) -> dict[str, Any]:
        operation = self.execution_context
        if not (operation.query and all(map(_is_excess, operation.pre_execution_errors or ()))):
            return {}
        check: DocumentCheck = operation.schema.check  # type: ignore[attr-defined]
        name, variables = operation._provided_operation_name, operation.variables or {}
        priced = check.price(operation.schema._schema, operation.query, name, variables)
        return {"explain": explain(*priced, check.allowed_calls, operation.context)} if priced else {}


@dataclass(frozen=True, slots=True)
class ExplainedCall:
    """A call that a field may take.

    Attributes:
        field: The field, by the names that lead to it in the answer.
        type: The type it is a field of.
        shared_by: Fields beside it that need no such call, because it has it.
        endpoint: What is called.
        objects: Of how many objects the field is asked, at most.
        per_object: How many such calls it may take for each of them.
        is_assumed: Whether the number rests on how long lists usually are.
        when: Under which condition the call is made, None where it always is.
    """

    field: str
    type: str
    shared_by: list[str]
    endpoint: Endpoint
    objects: int
    per_object: int
    is_assumed: bool
    when: str | None = None

    @property
    def calls(self) -> int:
        return self.objects * self.per_object


def explain(operation: PricedOperation, variables: Variables, allowed: int, context: Context) -> dict[str, Any]:
    """What an operation would do, as clients get it.

    Args:
        operation: The operation.
        variables: Its variables, coerced and with their defaults.
        allowed: How many calls an operation may need.
        context: The operation's, which knows the budget.
    """
    roots = [list(_calls_of(field, "", 1, False, variables)) for field in operation.selection.fields]
    # Each change is made after the one before it, and forgets what was read.
    serial = roots if operation.node.operation.value == "mutation" else [list(chain(*roots))]
    calls = [*chain(*roots), *chain.from_iterable(map(_lists_first, serial))]
    certain = [call for call in calls if call.when is None]
    conditional = sum(call.calls for call in calls if call.when is not None)
    # An object has one of the types that fields are asked of, which the price knows.
    usual = min(operation.calls(variables), sum(call.calls for call in certain))
    budget = context.arena.budget
    remaining, resets_at = budget.known or (None, None)
    of_arena = sum(call.calls for call in calls if call.endpoint.system is System.ARENA)
    return {
        "calls": [_describe(call) for call in calls],
        "reads": sum(call.calls for call in certain if not call.endpoint.is_change),
        "changes": sum(call.calls for call in certain if call.endpoint.is_change),
        "usual": usual,
        "atMost": usual + conditional,
        "isAssumed": any(call.is_assumed for call in calls),
        "allowed": allowed,
        "remaining": remaining,
        "resetsAt": resets_at.isoformat() if resets_at else None,
        "isWithinBudget": None if remaining is None else budget.spares_reads(of_arena),
    }


def _is_excess(error: object) -> bool:
    return isinstance(error, LimitExceeded) and (error.extensions or {}).get("limit") == "upstreamCalls"


def _calls_of(
    field: PricedField, path: str, objects: int, is_assumed: bool, variables: Variables
) -> Iterator[ExplainedCall]:
    """The calls of a field, and of those below it.

    Args:
        field: The field.
        path: What leads to it in the answer.
        objects: Of how many objects it is asked.
        is_assumed: Whether their number is assumed.
        variables: The operation's.
    """
    items = field.items(variables)
    place = f"{path}{field.name}"
    shared_by = [f"{path}{name}" for name in field.shared_by]
    is_list_assumed = field.cost.list_size > 1 and field.cost.list_size_argument is None
    are_items_assumed = is_assumed or is_list_assumed
    for call, times in Counter(field.cost.calls).items():
        for endpoint, count in _endpoints(call, field.node, times * field.pages(items), variables):
            yield ExplainedCall(place, field.type, shared_by, endpoint, objects, count, is_assumed, call.when)
    for call, times in Counter(field.cost.calls_per_item).items():
        for endpoint, count in _endpoints(call, field.node, times * items, variables):
            yield ExplainedCall(place, field.type, shared_by, endpoint, objects, count, are_items_assumed, call.when)
    for nested in field.nested.fields:
        yield from _calls_of(nested, f"{place}.", objects * items, are_items_assumed, variables)


def _endpoints(call: CallCost, node: FieldNode, count: int, variables: Variables) -> Iterable[tuple[Endpoint, int]]:
    """What is called for one object, and how often."""
    if call.argument is None:
        return [(call.endpoint, count)] if call.endpoint else []
    given = _values(node, call.argument, variables)
    if call.endpoint_of is None:
        return [(call.endpoint, count)] if call.endpoint and given else []
    known = {call.endpoint_of(str(value)) for value in given} - {None}
    return Counter(found[0] for found in known if found).items()


def _values(node: FieldNode, argument: str, variables: Variables) -> list[Any]:
    """What is given in an argument, and inside it where dots lead there; of lists, in every item."""
    name, *below = argument.split(".")
    values = [
        value_from_ast_untyped(one.value, dict(variables)) for one in node.arguments or () if one.name.value == name
    ]
    for key in below:
        values = [value.get(key) for value in _items(values) if isinstance(value, dict)]
    return [value for value in _items(values) if value is not None and value is not Undefined]


def _items(values: list[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _lists_first(calls: list[ExplainedCall]) -> Iterator[ExplainedCall]:
    """The lists that may be read before many single reads."""
    batched: dict[Endpoint, list[ExplainedCall]] = {}
    for call in calls:
        looks_alone = call.when is not None and call.per_object < FEWEST_KEYS_WORTH_A_LIST
        if call.endpoint in LISTS and not looks_alone:
            batched.setdefault(LISTS[call.endpoint], []).append(call)
    for list_, single in batched.items():
        if sum(call.calls for call in single) >= FEWEST_KEYS_WORTH_A_LIST:
            first, *others = single
            is_assumed = any(call.is_assumed for call in single)
            shared_by = [call.field for call in others]
            yield ExplainedCall(first.field, first.type, shared_by, list_, 1, 1, is_assumed, LIST_FIRST)


def _describe(call: ExplainedCall) -> dict[str, Any]:
    return {
        "field": call.field,
        "type": call.type,
        "sharedBy": call.shared_by,
        "system": call.endpoint.system.value,
        "method": call.endpoint.method,
        "path": call.endpoint.path,
        "objects": call.objects,
        "perObject": call.per_object,
        "calls": call.calls,
        "isAssumed": call.is_assumed,
        "when": call.when,
    }
