"""The door: graphql-core's executor as Strawberry makes it, which runs a plan where there is one.

Where there is none, and where a plan meets trouble, graphql-core executes the operation as if there were no plans; but
what resolvers have returned or raised already is taken from the run, so nothing is read or changed a second time.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import MiddlewareManager
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from plan.fields import ResolvedField
from plan.plans import Plan, Plans
from plan.running import Found, Run

# Where in an answer a field stands, without the indices of lists, and the identity of the object it is asked of.
Place = tuple[tuple[str, ...], int]

_found: ContextVar[Found | None] = ContextVar("found", default=None)


@contextmanager
def leaving_to_graphql_core(found: Found) -> Iterator[None]:
    """Have operations executed by graphql-core from what a run has found out."""
    token = _found.set(found)
    try:
        yield
    finally:
        _found.reset(token)


class PlannedExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs plans. Subclassed for each schema, because Strawberry takes a class.

    Attributes:
        plans: The schema's.
    """

    plans: Plans

    def execute_operation(self, serially: bool | None = None) -> Any:
        found = _found.get()
        if found is not None:
            return self._execute_from(found)
        plan = None if self._is_watched() else self.plans.find(self.operation, self.fragments, self.variable_values)
        return super().execute_operation(serially) if plan is None else self._run(plan)

    def describe(self, field: ResolvedField) -> GraphQLResolveInfo[Any]:
        """What graphql-core tells a field's resolver."""
        path = None
        for key in field.path:
            path = Path(path, key, None)
        assert path is not None  # noqa: S101 - a field's path ends with its own name
        return self.build_resolve_info(field.definition, field.nodes, field.parent, path)

    def _is_watched(self) -> bool:
        """Whether extensions want to see every field being resolved."""
        manager = self.middleware_manager
        return manager is not None and bool(manager.middlewares)

    def prepare(self, plan: Plan) -> None:
        """Whatever is to be done before a plan runs."""

    async def _run(self, plan: Plan) -> Any:
        self.prepare(plan)
        run = Run(self.context_value, self.variable_values, self.describe)
        await plan.run(self.root_value, run)
        if not run.is_troubled:
            return ExecutionResult(run.answer, None)
        result = self._execute_from(run.found)
        return await result if self.is_awaitable(result) else result

    def _execute_from(self, found: Found) -> Any:
        self.middleware_manager = MiddlewareManager(KnownOutcomes(found))
        return super().execute_operation()


class Describer(msgspec.Struct):
    """Describes fields to resolvers of an operation without an executor, by one that is made when first needed."""

    executor_class: type[PlannedExecutor]
    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    root: object
    context: object
    operation_extensions: dict[str, Any] | None
    executor: PlannedExecutor | None = None

    def __repr__(self) -> str:
        return "<Describer>"  # variables may hold a password

    def __call__(self, field: ResolvedField) -> GraphQLResolveInfo[Any]:
        if self.executor is None:
            self.executor = self.executor_class(
                self.schema,
                {name: fragment.definition for name, fragment in self.fragments.items()},
                self.fragments,
                self.root,
                self.context,
                self.operation,
                self.variables,
                default_field_resolver,
                default_type_resolver,
                default_field_resolver,
                is_awaitable=optimized_is_awaitable,
                operation_extensions=self.operation_extensions,
            )
        return self.executor.describe(field)


class KnownOutcomes:
    """Answers fields whose resolvers have been called from what came of it, once for each call.

    A list can hold the same object twice, and its resolvers need not answer the same twice: the rows of an operation
    are counted.
    """

    def __init__(self, found: Found) -> None:
        self._found = found  # whose objects keep their identity
        self._outcomes: dict[Place, deque[Any]] = {}
        for field, source, outcome in filter(None, found):
            self._outcomes.setdefault((field.path, id(source)), deque()).append(outcome)

    def resolve(
        self, resolve: Callable[..., Any], source: object, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Awaitable[Any] | Any:
        path = tuple(key for key in info.path.as_list() if isinstance(key, str))
        outcomes = self._outcomes.get((path, id(source)))
        if not outcomes:
            return resolve(source, info, **arguments)
        outcome = outcomes.popleft()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
