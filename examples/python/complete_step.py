"""Completes a step of a quality process, as a program may that runs unattended.

pip install "gql[httpx]"
python complete_step.py http://127.0.0.1:8000/graphql K06JJ5KG6HA1Q68K4TFE "Root cause analysis"
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXTransport

PAUSES = (0, 1, 5, 15)  # seconds after each try
LONGEST_WAIT = 60  # seconds; a daily limit that is spent is for another run

STEPS = gql("""
    query Steps($guid: String!) {
      qualityProcess(guid: $guid) {
        __typename
        ... on QualityProcess { number steps { guid name status } }
        ... on OperationError { code message retry { kind after } }
      }
    }
""")

COMPLETE_STEP = gql("""
    mutation CompleteStep($input: CompleteStepInput!) {
      completeStep(input: $input) {
        __typename
        ... on CompleteStepSuccess { outcome qualityProcess { status } }
        ... on OperationError { code message retry { kind after } }
        ... on StepAlreadyCompletedError { step { completedBy { fullName } } }
      }
    }
""")

# The answer is lost, which does not say that nothing was done.
LOST = {"code": "NO_ANSWER", "message": "The service did not answer.", "retry": {"kind": "ONLY_WITH_SAME_KEY"}}


def find_step(client: Client, process_guid: str, name: str) -> str:
    """The guid of a step, by its process and its name."""
    result = ask(client, STEPS, guid=process_guid)
    match result:
        case {"__typename": "QualityProcess", "steps": [*steps]}:
            guids = [step["guid"] for step in steps if step["name"] == name]
            return guids[0] if guids else sys.exit(f"{result['number']} has no step {name!r}.")
        case refusal:
            give_up(refusal)


def complete_step(client: Client, process_guid: str, step_guid: str) -> str:
    """Complete a step, once, however many tries it takes; what became of it."""
    change = {"qualityProcessGuid": process_guid, "stepGuid": step_guid, "idempotencyKey": str(uuid4())}
    for pause in PAUSES:
        match result := ask(client, COMPLETE_STEP, input=change):
            case {"__typename": "CompleteStepSuccess", "outcome": outcome, "qualityProcess": process}:
                return f"{outcome}: the process is {process['status']}."
            case {"__typename": "StepAlreadyCompletedError", "step": step}:
                return f"Completed before, by {step['completedBy']['fullName']}." if step else "Completed before."
            case {"retry": {"kind": "SAFE_NOW" | "ONLY_WITH_SAME_KEY"}}:
                time.sleep(pause)
            case {"retry": {"kind": "SAFE_LATER", "after": after}}:
                time.sleep(pause if after is None else wait_until(after))
            case refusal:  # NEVER, CHECK_FIRST, and whatever is newer than this program
                give_up(refusal)
    give_up(result)


def ask(client: Client, document: Any, **variables: Any) -> dict[str, Any]:
    """The one field an operation asks for, or what kept it from being answered, in the same shape."""
    document.variable_values = variables
    try:
        (field,) = client.execute(document).values()
        return field
    except TransportQueryError as error:
        failure = error.errors[0]
        return {"retry": {"kind": "NEVER", "after": None}, **failure["extensions"], "message": failure["message"]}
    except TransportError:
        return LOST


def wait_until(after: str) -> float:
    """The seconds until a moment, unless they are too many."""
    seconds = (datetime.fromisoformat(after) - datetime.now(UTC)).total_seconds()
    if seconds > LONGEST_WAIT:
        sys.exit(f"Not before {after}.")
    return max(seconds, 0)


def give_up(refusal: dict[str, Any]) -> Any:
    """End with the reason."""
    sys.exit(f"{refusal['code']} ({refusal['retry']['kind']}): {refusal['message']}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    url, process, step_name = sys.argv[1:]
    door = Client(transport=HTTPXTransport(url=url, timeout=30))  # longer than the service's OPERATION_SECONDS
    print(complete_step(door, process, find_step(door, process, step_name)))
