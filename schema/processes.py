"""What clients see of workflow processes."""

from datetime import datetime
from typing import Annotated, cast

import strawberry
from strawberry import UNSET

from resolvers import processes
from schema.scalars import BigInt
from schema.shared import Node, is_record
from upstreams import records
from upstreams.records import ProcessStatus, ProcessStepStatus

LazyProcess = Annotated["Process", strawberry.lazy("schema.processes")]


@strawberry.type(description="A parameter that is text.")
class StringParam:
    is_type_of = is_record(records.StringParam)

    string: str = strawberry.field(description="The text.")


@strawberry.type(description="A parameter that is a whole number.")
class LongParam:
    is_type_of = is_record(records.LongParam)

    long: BigInt = strawberry.field(description="The number, exact to 64 bits.")


@strawberry.type(description="A parameter that is a fraction.")
class DoubleParam:
    is_type_of = is_record(records.DoubleParam)

    double: float = strawberry.field(description="The number.")


@strawberry.type(description="A parameter of a type newer than this schema, or whose value does not match its type.")
class UnknownParam:
    is_type_of = is_record(records.UnknownParam)

    type: str | None = strawberry.field(description="The type in Cognaize's own word.")
    text: str | None = strawberry.field(description="The value as text.")


ProcessParamValue = Annotated[
    StringParam | LongParam | DoubleParam | UnknownParam,
    strawberry.union("ProcessParamValue", description="The value of a parameter, by its type."),
]


@strawberry.type(description="A named parameter of a step.")
class ProcessParam:
    name: str = strawberry.field(description="The parameter's name.")
    value: ProcessParamValue = strawberry.field(description="Its value.")


@strawberry.type(description="A step of a workflow process.")
class ProcessStep(Node):
    is_type_of = is_record(records.ProcessStep)

    id: strawberry.ID = strawberry.field(resolver=processes.step_id, description="Opaque global id.")
    process_step_id: str = strawberry.field(description="Cognaize's id.")
    delegate: str | None = strawberry.field(description="What carries it out (`GATEKEEPER`, `MODEL`, ...).")
    status: ProcessStepStatus | None = strawberry.field(description="Where it stands.")
    status_label: str | None = strawberry.field(description="The status in Cognaize's own word.")
    timeout_seconds: int | None = strawberry.field(
        resolver=processes.timeout_seconds, description="After how many seconds, once started, it fails."
    )
    params: list[ProcessParam] = strawberry.field(description="Its parameters. No call.")
    process = strawberry.field(
        resolver=processes.process_of_step,
        graphql_type=LazyProcess | None,
        description="The process it is part of. No call when this operation has read the process, else 1.",
    )


@strawberry.type(description="A workflow process.")
class Process(Node):
    is_type_of = is_record(records.Process)

    id: strawberry.ID = strawberry.field(resolver=processes.process_id, description="Opaque global id.")
    process_id: str = strawberry.field(description="Cognaize's id.")
    workflow_id: str | None = strawberry.field(description="The workflow it runs.")
    status: ProcessStatus = strawberry.field(description="Where it stands, derived from its steps. No call.")
    steps = strawberry.field(
        resolver=processes.steps,
        graphql_type=list[ProcessStep] | None,
        description="Its steps in their order. No call.",
    )
    current_step: ProcessStep | None = strawberry.field(description="The step that is started. No call.")
    created_at: datetime | None = strawberry.field(description="When it was started.")
    updated_at: datetime | None = strawberry.field(description="When it last changed.")


@strawberry.input(one_of=True, description="A parameter's value: exactly one of these.")
class ProcessParamValueInput:
    string: str | None = strawberry.field(default=UNSET, description="Text.")
    long: BigInt | None = strawberry.field(default=UNSET, description="A whole number of up to 64 bits.")
    double: float | None = strawberry.field(default=UNSET, description="A fraction.")

    def to_record(self) -> records.ParamValue:
        """The value as upstream clients take it."""
        if isinstance(self.string, str):
            return records.StringParam(string=self.string)
        if isinstance(self.long, int):
            return records.LongParam(long=self.long)
        return records.DoubleParam(double=cast(float, self.double))  # GraphQL lets exactly one value in


@strawberry.input(description="A named parameter to hand to a step.")
class ProcessParamInput:
    name: str = strawberry.field(description="The parameter's name; each at most once.")
    value: ProcessParamValueInput = strawberry.field(description="Its value.")

    def to_record(self) -> records.ProcessParam:
        """The parameter as upstream clients take it."""
        return records.ProcessParam(name=self.name, value=self.value.to_record())
