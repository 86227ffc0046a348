"""What changes take and what each can answer."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers import changed_objects
from resolvers.changed import Changed, ChangeOutcome
from schema.enums import SettableTicketStatus
from schema.errors import (
    IdempotencyError,
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    PreconditionFailedError,
    QualityProcessCompletedError,
    RateLimitedError,
    SignOffStepError,
    StepAlreadyCompletedError,
    StepAlreadyOpenError,
    UnauthenticatedError,
    UpstreamError,
)
from schema.processes import Process, ProcessParam, ProcessParamInput, ProcessStep
from schema.quality import QualityProcess, QualityStep
from schema.shared import is_record
from schema.tickets import Ticket

COMMENT = "Kept with the change in Arena; at most 4000 characters."
KEY = "Makes the change safe to send again: the same key and input change nothing twice within 24 hours."
OUTCOME = "Whether this request made the change."
CHANGED_PROCESS = "The process after the change. No call but for its nested fields."
CHANGED_STEP = (
    "The step after the change. No call for its id, guid and status; else 1, which the process's steps share."
)


@strawberry.type
class StepChangeSuccess:
    """What completing and reopening a step have in common; clients see the two types below."""

    is_type_of = is_record(Changed)

    quality_process = strawberry.field(
        resolver=changed_objects.quality_process, graphql_type=QualityProcess, description=CHANGED_PROCESS
    )
    step = strawberry.field(
        resolver=changed_objects.quality_step, graphql_type=QualityStep | None, description=CHANGED_STEP
    )
    comment: str | None = strawberry.field(
        resolver=changed_objects.comment, description="The comment kept with the change."
    )
    outcome: ChangeOutcome = strawberry.field(description=OUTCOME)


@strawberry.type(description="The step is completed.")
class CompleteStepSuccess(StepChangeSuccess): ...


@strawberry.type(description="The step is open again.")
class ReopenStepSuccess(StepChangeSuccess): ...


@strawberry.type(description="The ticket has the status.")
class ChangeTicketStatusSuccess:
    is_type_of = is_record(Changed)

    ticket = strawberry.field(
        resolver=changed_objects.ticket, graphql_type=Ticket, description="The ticket after the change. No call."
    )
    outcome: ChangeOutcome = strawberry.field(description=OUTCOME)


@strawberry.type(description="The step is completed and the next one started.")
class CompleteProcessStepSuccess:
    is_type_of = is_record(Changed)

    process = strawberry.field(
        resolver=changed_objects.process,
        graphql_type=Process | None,
        description="The process after the change. No call for its id; else 1.",
    )
    started_step = strawberry.field(
        resolver=changed_objects.started_step,
        graphql_type=ProcessStep | None,
        description="The step that was started; null after the last one. No call for its id and status; else 1.",
    )
    params = strawberry.field(
        resolver=changed_objects.params, graphql_type=list[ProcessParam], description="The parameters answered."
    )
    message: str | None = strawberry.field(resolver=changed_objects.message, description="What Cognaize said.")
    timestamp: datetime | None = strawberry.field(
        resolver=changed_objects.timestamp, description="When Cognaize answered."
    )
    outcome: ChangeOutcome = strawberry.field(description=OUTCOME)


ChangeFailure = (
    InvalidInputError
    | UnauthenticatedError
    | PermissionDeniedError
    | RateLimitedError
    | IdempotencyError
    | OutcomeUnknownError
    | UpstreamError
)
StepChangeFailure = QualityProcessCompletedError | SignOffStepError | NotFoundError | ChangeFailure
CompleteStepResult = Annotated[
    CompleteStepSuccess | StepAlreadyCompletedError | StepChangeFailure,
    strawberry.union("CompleteStepResult", description="The completed step, or why it is not."),
]
ReopenStepResult = Annotated[
    ReopenStepSuccess | StepAlreadyOpenError | StepChangeFailure,
    strawberry.union("ReopenStepResult", description="The reopened step, or why it is not."),
]
ChangeTicketStatusResult = Annotated[
    ChangeTicketStatusSuccess | NotFoundError | ChangeFailure,
    strawberry.union("ChangeTicketStatusResult", description="The changed ticket, or why it is not."),
]
CompleteProcessStepResult = Annotated[
    CompleteProcessStepSuccess | PreconditionFailedError | ChangeFailure,
    strawberry.union("CompleteProcessStepResult", description="The started step, or why there is none."),
]


@strawberry.input
class StepInput:
    """What completing and reopening a step take alike; clients see the two types below."""

    quality_process_guid: str = strawberry.field(description="The guid of its process.")
    step_guid: str = strawberry.field(description="Its own guid.")
    comment: str | None = strawberry.field(default=UNSET, description=COMMENT)
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY)


@strawberry.input(description="Which step to complete.")
class CompleteStepInput(StepInput): ...


@strawberry.input(description="Which step to reopen.")
class ReopenStepInput(StepInput): ...


@strawberry.input(description="Which ticket to give which status.")
class ChangeTicketStatusInput:
    ticket_guid: str = strawberry.field(description="The ticket's guid.")
    status: SettableTicketStatus = strawberry.field(description="The status it shall have.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY)


@strawberry.input(description="Which step of a workflow process to complete, and with what.")
class CompleteProcessStepInput:
    process_step_id: str = strawberry.field(description="Cognaize's id of the step.")
    params: list[ProcessParamInput] = strawberry.field(default_factory=list, description="Its parameters, at most 100.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=KEY)
