"""How operations are executed: by plans where their documents have one, and the shortest way that misses nothing."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLInputObjectType, GraphQLObjectType, GraphQLResolveInfo, GraphQLType
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from plan.executor import Describer, leaving_to_graphql_core
from plan.plans import Plans
from plan.running import Run
from resolvers.context import Context
from schema.answers import CodedErrors, UpstreamReport, report_upstream
from schema.explanation import Explanation
from schema.inspection import Inspection, inspecting, inspectors, read_inspection
from schema.limits import DocumentCheck, DocumentLimiter
from schema.sparing import Executor, read_by_tasks, spare_decoding, spare_tasks
from schema.traces import TracedFields

# Extensions that do nothing with an operation known to be valid that meets no error, but for the report.
IDLE_EXTENSIONS = {DocumentLimiter, CodedErrors, UpstreamReport}


class Schema(strawberry.Schema):
    """The schema; errors are logged where they are given their codes, and nowhere else."""

    check: DocumentCheck  # what documents are held to
    tells_details = False
    _check: DocumentCheck | None = None

    def run_plans(self, check: DocumentCheck) -> None:
        """Execute operations by plans, each compiled once for its document.

        What the check remembers as valid takes a short way past Strawberry's extensions, because they would do
        nothing; with any other than `IDLE_EXTENSIONS` in the schema, every operation goes by them.
        """
        self._plans = Plans(self._schema, self.schema_converter)
        self._executor_class = type("SchemaExecutor", (Executor,), {"plans": self._plans})
        self.execution_context_class = self._executor_class
        extensions = {type(extension) for extension in self.get_extensions()}
        self._reports = UpstreamReport in extensions
        if extensions <= IDLE_EXTENSIONS:
            self._check = check

    def mistakes_in(self, document: str) -> list[str]:
        """Say what is wrong with a document, whatever the variables it is executed with."""
        return [error.message for error in self.check.mistakes(self._schema, document)]

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute an operation, as Strawberry's `execute` does."""
        asked = (
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )
        if operation_extensions or (isinstance(context_value, Context) and context_value.wishes):
            try:
                inspection = read_inspection(context_value, operation_extensions, is_allowed=self.tells_details)
            except GraphQLError as error:
                return ExecutionResult(None, [error])
            if inspection is not None:
                return await self._inspect(inspection, context_value, partial(super().execute, *asked))
        if query is None or self._check is None:
            return await super().execute(*asked)
        admitted = self._check.admit(self._schema, query, operation_name, variable_values)
        if admitted is None:
            return await super().execute(*asked)
        operation, variables = admitted
        plan = self._plans.find(operation.node, operation.fragments, variables)
        if plan is None or not (allowed_operation_types is None or operation.type in allowed_operation_types):
            return await super().execute(*asked)
        if (answer := plan.tell()) is not None:
            return self._answered(answer, context_value)
        describe = Describer(
            self._executor_class,
            self._schema,
            operation.node,
            operation.fragments,
            variables,
            root_value,
            context_value,
            operation_extensions,
        )
        run = Run(context_value, variables, describe)
        spare_decoding(plan, operation.node, context_value)
        spare_tasks(plan, context_value)
        await plan.run(root_value, run)
        if run.is_troubled:
            read_by_tasks(context_value)
            with leaving_to_graphql_core(run.found):
                return await super().execute(*asked)
        return self._answered(run.answer, context_value)

    def _answered(self, answer: dict[str, Any], context: Any) -> ExecutionResult:
        return ExecutionResult(answer, None, report_upstream(context) if self._reports else {})

    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        return [*super().get_extensions(sync), *inspectors()]

    async def _inspect(
        self, inspection: Inspection, context: Any, whole_way: Callable[[], Awaitable[ExecutionResult]]
    ) -> ExecutionResult:
        """Execute an operation while it is watched, or explain it."""
        if inspection.trace:
            context.start_trace()
        asked = [(inspection.trace, TracedFields), (inspection.explain, Explanation)]
        with inspecting(*(inspector for is_asked, inspector in asked if is_asked)):
            return await whole_way()

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        return None

    def _extend_introspection(self) -> None:
        """Let `isOneOf` be answered for every type: Strawberry's own resolver fails for lists and non-nulls."""
        super()._extend_introspection()
        introspected = self._schema.type_map["__Type"]
        assert isinstance(introspected, GraphQLObjectType)  # noqa: S101 - GraphQL says so
        introspected.fields["isOneOf"].resolve = _is_one_of


def _is_one_of(type_: GraphQLType, _info: GraphQLResolveInfo[Any]) -> bool | None:
    if not isinstance(type_, GraphQLInputObjectType):
        return None
    is_one_of: bool = type_.extensions["strawberry-definition"].is_one_of
    return is_one_of
