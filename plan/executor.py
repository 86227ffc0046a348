"""The door: graphql-core's executor as Strawberry makes it, which runs a plan where there is one.

Where there is none, and where a plan meets trouble, graphql-core executes the operation as if there were no plans; but
what resolvers have returned or raised already is taken from the run, so nothing is read or changed a second time.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo
from graphql.execution import MiddlewareManager
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from plan.fields import ResolvedField
from plan.plans import Plan, Plans
from plan.running import Found, Run


def planned_executor(plans: Plans) -> type[StrawberryGraphQLCoreExecutionContext]:
    """An execution context class that runs these plans."""

    class PlannedExecutor(StrawberryGraphQLCoreExecutionContext):
        def execute_operation(self, serially: bool | None = None) -> Any:
            plan = None if self._is_watched() else plans.find(self.operation, self.fragments, self.variable_values)
            return super().execute_operation(serially) if plan is None else self._run(plan)

        def _is_watched(self) -> bool:
            """Whether extensions want to see every field being resolved."""
            manager = self.middleware_manager
            return manager is not None and bool(manager.middlewares)

        async def _run(self, plan: Plan) -> Any:
            run = Run(self.context_value, self.variable_values, self._describe)
            data = await plan.run(self.root_value, run)
            if not run.is_troubled:
                return ExecutionResult(data, None)
            self.middleware_manager = MiddlewareManager(KnownOutcomes(run.found))
            result: Any = super().execute_operation()
            return await result if self.is_awaitable(result) else result

        def _describe(self, field: ResolvedField) -> GraphQLResolveInfo[Any]:
            path = None
            for key in field.path:
                path = Path(path, key, None)
            assert path is not None  # noqa: S101 - a field's path ends with its own name
            return self.build_resolve_info(field.definition, field.nodes, field.parent, path)

    return PlannedExecutor


class KnownOutcomes:
    """Answers fields whose resolvers have been called from what came of it."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def resolve(
        self, resolve: Callable[..., Any], source: object, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Awaitable[Any] | Any:
        path = tuple(key for key in info.path.as_list() if isinstance(key, str))
        known = self._found.get((path, id(source)))
        if known is None:
            return resolve(source, info, **arguments)
        _, outcome = known
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
