"""Many changes of one kind together: what they take and what they answer."""

from typing import Annotated

import strawberry

from resolvers.bulk import MAX_ITEMS, Bulk, BulkErrorPolicy, BulkStatus
from schema.changes import (
    ChangeTicketStatusInput,
    ChangeTicketStatusResult,
    CompleteStepInput,
    CompleteStepResult,
    ReopenStepInput,
    ReopenStepResult,
)
from schema.errors import InvalidInputError
from schema.shared import is_record

ITEMS = f"1 to {MAX_ITEMS} of them, each step or ticket once, each idempotency key once."
ON_ERROR = "What becomes of the items after one that fails."
RESULTS = (
    "What became of each item, in the order of the items, as the single mutation answers it. "
    "Null for those that `STOP` left unsent, and where `errors` tells of a mistake of the service."
)


@strawberry.input(description="Which steps to complete.")
class CompleteStepsInput:
    items: list[CompleteStepInput] = strawberry.field(description=ITEMS)
    on_error: BulkErrorPolicy | None = strawberry.field(default=BulkErrorPolicy.CONTINUE, description=ON_ERROR)


@strawberry.input(description="Which steps to reopen.")
class ReopenStepsInput:
    items: list[ReopenStepInput] = strawberry.field(description=ITEMS)
    on_error: BulkErrorPolicy | None = strawberry.field(default=BulkErrorPolicy.CONTINUE, description=ON_ERROR)


@strawberry.input(description="Which tickets to give which statuses.")
class ChangeTicketStatusesInput:
    items: list[ChangeTicketStatusInput] = strawberry.field(description=ITEMS)
    on_error: BulkErrorPolicy | None = strawberry.field(default=BulkErrorPolicy.CONTINUE, description=ON_ERROR)


@strawberry.type
class BulkPayload:
    """What all bulks answer; clients see the types below."""

    is_type_of = is_record(Bulk)

    status: BulkStatus = strawberry.field(description="How many items succeeded, in a word.")
    succeeded: int = strawberry.field(description="How many were made, by this request or an earlier one.")
    failed: int = strawberry.field(description="How many were not made, or nobody knows: see their results.")
    not_sent: int = strawberry.field(description="How many `STOP` left unsent.")


@strawberry.type(description="What became of the steps to complete.")
class CompleteStepsPayload(BulkPayload):
    results: list[CompleteStepResult | None] = strawberry.field(description=RESULTS)


@strawberry.type(description="What became of the steps to reopen.")
class ReopenStepsPayload(BulkPayload):
    results: list[ReopenStepResult | None] = strawberry.field(description=RESULTS)


@strawberry.type(description="What became of the tickets' statuses.")
class ChangeTicketStatusesPayload(BulkPayload):
    results: list[ChangeTicketStatusResult | None] = strawberry.field(description=RESULTS)


NOTHING_SENT = "What became of each item, or why none was sent."

CompleteStepsResult = Annotated[
    CompleteStepsPayload | InvalidInputError, strawberry.union("CompleteStepsResult", description=NOTHING_SENT)
]
ReopenStepsResult = Annotated[
    ReopenStepsPayload | InvalidInputError, strawberry.union("ReopenStepsResult", description=NOTHING_SENT)
]
ChangeTicketStatusesResult = Annotated[
    ChangeTicketStatusesPayload | InvalidInputError,
    strawberry.union("ChangeTicketStatusesResult", description=NOTHING_SENT),
]
