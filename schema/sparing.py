"""Work that operations are spared which run by plans."""

from graphql import OperationDefinitionNode, OperationType

from plan.executor import PlannedExecutor
from plan.plans import Plan
from resolvers.context import Context
from resolvers.read_attributes import attributes_read


class Executor(PlannedExecutor):
    """Runs plans with no more decoded than they ask for."""

    def prepare(self, plan: Plan) -> None:
        spare_decoding(plan, self.operation, self.context_value)


def spare_decoding(plan: Plan, operation: OperationDefinitionNode, context: object) -> None:
    """Leave undecoded what a query does not ask for. A change reads records for itself."""
    if isinstance(context, Context) and operation.operation is OperationType.QUERY:
        context.arena.read_only(attributes_read(plan.names))


def spare_tasks(plan: Plan, context: object) -> None:
    """Have reads made by those who ask first, who wait for others only where there can be others."""
    if isinstance(context, Context):
        readers = context.loaders.readers
        readers.are_askers, readers.begin_alone = True, plan.begins_with_one


def read_by_tasks(context: object) -> None:
    """Have reads made by tasks of their own: graphql-core may cancel who asks."""
    if isinstance(context, Context):
        context.loaders.readers.are_askers = False
