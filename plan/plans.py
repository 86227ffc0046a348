"""The plans of the documents asked last, each compiled once."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableNode,
    Visitor,
    is_object_type,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from plan.compiler import Compiler, Unplannable
from plan.fields import ConstantField, Field
from plan.running import Branch, Run
from plan.selections import Selection

REMEMBERED_OPERATIONS = 256
REMEMBERED_SHAPES = 16  # of one operation, by the conditions of its fields


class Plan:
    """A compiled operation.

    Args:
        steps: Selections of the root, each answered to its end before the next: a query has one, a mutation one for
            each of its fields.
        names: The Python names of all fields in the document.
        constant: The answer, where the document alone tells it.

    Attributes:
        names: The Python names of all fields in the document, whatever they are fields of.
        begins_with_one: Whether one field is resolved before all others, by a value that could be expected.
    """

    __slots__ = ("_constant", "_steps", "begins_with_one", "names")

    def __init__(self, steps: list[Selection], names: frozenset[str], constant: dict[str, Any] | None) -> None:
        self._steps = steps
        self.names = names
        self.begins_with_one = len(steps) == 1 and steps[0].waits_for_one
        self._constant = constant

    def tell(self) -> dict[str, Any] | None:
        """The answer, where it needs no run."""
        return None if self._constant is None else self._constant.copy()

    async def run(self, root: object, run: Run) -> None:
        """Answer the operation as far as it goes without trouble."""
        for step in self._steps:
            branch = Branch(run)
            try:
                answer = step.answer_of(root.__class__)(root, branch)
            except Exception:  # graphql-core meets it again, and says it in its words
                run.is_troubled = True
                return
            if branch.waiting:
                await branch.finish()
                if run.is_troubled:
                    return
            run.answer.update(answer)


@dataclass(slots=True)
class _Operation:
    """An operation and its plans, by the conditions that shape it; None for what is left to graphql-core."""

    node: OperationDefinitionNode
    conditions: tuple[str, ...]
    names: frozenset[str]
    plans: dict[tuple[object, ...], Plan | None] = field(default_factory=dict)


class Plans:
    """Compiles operations, and remembers the last 256.

    Args:
        schema: The schema.
        converter: Strawberry's, which made the schema.
    """

    def __init__(self, schema: GraphQLSchema, converter: Any) -> None:
        self._schema = schema
        self._converter = converter
        self._python_names = _python_names(schema, converter)
        self._operations: OrderedDict[int, _Operation] = OrderedDict()

    def find(
        self, node: OperationDefinitionNode, fragments: dict[str, FragmentDetails], variables: VariableValues
    ) -> Plan | None:
        """The plan of an operation of a valid document; None for what is left to graphql-core.

        Args:
            node: The operation. It is known again by its identity: to compare nodes takes longer than to run them.
            fragments: The fragments of its document.
            variables: Its variables, coerced.
        """
        operation = self._operations.get(id(node))
        if operation is None:
            operation = self._remember(node, fragments)
        else:
            self._operations.move_to_end(id(node))
        coerced = variables.coerced
        shape = tuple([coerced.get(name, Undefined) for name in operation.conditions]) if operation.conditions else ()
        try:
            return operation.plans[shape]
        except KeyError:
            return self._compile(operation, shape, fragments)

    def _remember(self, node: OperationDefinitionNode, fragments: dict[str, FragmentDetails]) -> _Operation:
        found = _Found()
        visit(node, found)
        for fragment in fragments.values():
            visit(fragment.definition, found)
        names = frozenset().union(*(self._python_names.get(field, ()) for field in found.fields))
        operation = self._operations[id(node)] = _Operation(node, tuple(sorted(found.conditions)), names)
        if len(self._operations) > REMEMBERED_OPERATIONS:
            self._operations.popitem(last=False)
        return operation

    def _compile(
        self, operation: _Operation, shape: tuple[object, ...], fragments: dict[str, FragmentDetails]
    ) -> Plan | None:
        conditions = zip(operation.conditions, shape, strict=True)
        coerced = {name: value for name, value in conditions if value is not Undefined}
        compiler = Compiler(self._schema, self._converter, operation.node, fragments, VariableValues({}, coerced))
        try:
            fields = compiler.root_fields()
        except (Unplannable, GraphQLError):  # a condition may be null, which graphql-core reports where it stands
            plan = None
        else:
            is_query = operation.node.operation is OperationType.QUERY
            steps = [Selection(fields)] if is_query else [Selection([field]) for field in fields]
            plan = Plan(steps, operation.names, _constant(fields))
        if len(operation.plans) >= REMEMBERED_SHAPES:
            operation.plans.clear()
        operation.plans[shape] = plan
        return plan


def _constant(fields: list[Field]) -> dict[str, Any] | None:
    """The answer, if no field needs anything but the document."""
    answer = {field.key: field.value for field in fields if isinstance(field, ConstantField)}
    return answer if len(answer) == len(fields) else None


class _Found(Visitor):
    """Collects the fields of a document, and the variables that decide whether fields are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: set[str] = set()
        self.conditions: set[str] = set()

    def enter_field(self, node: FieldNode, *_args: Any) -> None:
        self.fields.add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_args: Any) -> None:
        values = [argument.value for argument in node.arguments or ()]
        self.conditions |= {value.name.value for value in values if isinstance(value, VariableNode)}


def _python_names(schema: GraphQLSchema, converter: Any) -> dict[str, set[str]]:
    """What fields of each name are called in Python."""
    names: dict[str, set[str]] = {}
    for type_ in filter(is_object_type, schema.type_map.values()):
        for name, definition in type_.fields.items():
            field = definition.extensions.get(converter.DEFINITION_BACKREF)
            if isinstance(field, StrawberryField):
                names.setdefault(name, set()).add(field.python_name)
    return names
