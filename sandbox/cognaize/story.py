"""The documents on their way when the sandbox is new: one process fresh, one midway, and so on to its end."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.cognaize.params import Params, double, long, string
from sandbox.cognaize.tables import Process, ProcessStep, StepStatus, Workflow, WorkflowStep

INVOICE_WORKFLOW_ID = "7f0c2b54-6d1e-4a43-9f5b-0a4c6e1d2b01"
LOAN_WORKFLOW_ID = "7f0c2b54-6d1e-4a43-9f5b-0a4c6e1d2b02"
CLAIM_WORKFLOW_ID = "7f0c2b54-6d1e-4a43-9f5b-0a4c6e1d2b03"

FRESH_PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001"
MIDWAY_PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600002"
LAST_STEP_PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600003"
COMPLETED_PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600004"
FAILED_PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600005"

# The discard port of this machine: a connection is refused at once, so nobody waits for a delegate.
NOBODY_LISTENS = "http://127.0.0.1:9"

GATEKEEPER: tuple[str, Params] = ("GATEKEEPER", {"gatekeeperUrl": string(f"{NOBODY_LISTENS}/gatekeeper")})
EXTRACTION: tuple[str, Params] = (
    "MODEL",
    {"modelUrl": string(f"{NOBODY_LISTENS}/extraction"), "confidenceThreshold": double(0.8)},
)
CLASSIFICATION: tuple[str, Params] = ("MODEL", {"modelUrl": string(f"{NOBODY_LISTENS}/classification")})
DISTRIBUTION: tuple[str, Params] = ("DISTRIBUTION", {"taskDefinitionId": string("review-extracted-fields")})

NEVER = 0
FIFTEEN_MINUTES = 900

PENDING, STARTED, COMPLETED, FAILED = StepStatus


def step_id(process_id: str, number: int) -> str:
    """The id of a planted process's step, counted from 1."""
    return f"{process_id[:-12]}{number:04d}{process_id[-8:]}"


async def plant_workflows(session: AsyncSession) -> None:
    """Put the story's workflows and processes into an empty store."""
    invoices = _workflow(INVOICE_WORKFLOW_ID, "Invoice intake", NEVER, GATEKEEPER, EXTRACTION, DISTRIBUTION)
    loans = _workflow(LOAN_WORKFLOW_ID, "Loan agreements", NEVER, GATEKEEPER, CLASSIFICATION, EXTRACTION, DISTRIBUTION)
    claims = _workflow(CLAIM_WORKFLOW_ID, "Express claims", FIFTEEN_MINUTES, GATEKEEPER, EXTRACTION, DISTRIBUTION)
    session.add_all([invoices, loans, claims])
    await session.flush()
    session.add_all(
        [
            _process(FRESH_PROCESS_ID, invoices, 1, [STARTED, PENDING, PENDING]),
            _process(MIDWAY_PROCESS_ID, loans, 2, [COMPLETED, STARTED, PENDING, PENDING]),
            _process(LAST_STEP_PROCESS_ID, invoices, 3, [COMPLETED, COMPLETED, STARTED]),
            _process(COMPLETED_PROCESS_ID, invoices, 4, [COMPLETED, COMPLETED, COMPLETED]),
            _process(FAILED_PROCESS_ID, claims, 5, [COMPLETED, FAILED, PENDING]),
        ]
    )


def _workflow(workflow_id: str, name: str, time_out: int, *steps: tuple[str, Params]) -> Workflow:
    return Workflow(
        id=workflow_id,
        name=name,
        steps=[
            WorkflowStep(position=position, delegate=delegate, time_out_in_seconds=time_out, params=params)
            for position, (delegate, params) in enumerate(steps)
        ],
    )


def _process(process_id: str, workflow: Workflow, number: int, statuses: list[StepStatus]) -> Process:
    created = datetime(2025, 3, number, 8, 15, 30, 250_000, tzinfo=UTC)
    params = _document(number)
    return Process(
        id=process_id,
        workflow_id=workflow.id,
        created_at=created,
        updated_at=created + timedelta(minutes=15 * statuses.count(COMPLETED)),
        params=params,
        steps=[
            ProcessStep(
                id=step_id(process_id, number),
                position=step.position,
                delegate=step.delegate,
                time_out_in_seconds=step.time_out_in_seconds,
                status=status,
                params=step.params if status is PENDING else {**params, **step.params},
            )
            for number, (step, status) in enumerate(zip(workflow.steps, statuses, strict=True), start=1)
        ],
    )


def _document(number: int) -> Params:
    return {
        "documentId": string(f"document-{number:06d}"),
        "pageCount": long(3 * number),
        # Past 2**53, where a reader that goes through floating point would lose the last digit.
        "archiveReference": long(2**53 + 2 * number - 1),
        "scanQuality": double(0.9375 - number / 64),
    }
