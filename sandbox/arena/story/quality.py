"""The plots as rows."""

from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from sandbox.arena.quality_tables import (
    APPROVED,
    COMPLETE,
    COMPLETED,
    OPEN,
    REGULAR,
    SIGNOFF,
    Decision,
    QualityProcess,
    QualityStep,
)
from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.story.people import COLLEAGUES, colleague
from sandbox.arena.story.processes import (
    DECISION_GUIDS,
    PLOTS,
    PROCESS_GUIDS,
    PROCESS_VALUES,
    STEP_GUIDS,
    STEP_VALUES,
    Plot,
)
from sandbox.arena.story.templates import TEMPLATES, Step, Template, attribute_guid, template_guid
from sandbox.arena.times import arena_time, end_of_pacific_day

FIRST_DAY = datetime(2025, 9, 1, 14, 5, 7, tzinfo=UTC)
BETWEEN_PROCESSES = timedelta(days=3, hours=5, minutes=17)
BETWEEN_STEPS = timedelta(days=4, hours=3, minutes=11)
TIME_ALLOWED = timedelta(days=60)

TEMPLATES_BY_PREFIX = {template.prefix: template for template in TEMPLATES}
DONE = frozenset({"done", "group-done", "approved"})
ASSIGNED = {
    "done": {"assignee_guid": guids.ASSIGNEE},
    "mine": {"assignee_guid": guids.ASSIGNEE},
    "other": {"assignee_guid": colleague("lukasz")},
    "group-done": {"group_guid": guids.QUALITY_ENGINEERS},
    "group": {"group_guid": guids.QUALITY_ENGINEERS},
}
FIRST_DECISION = {"approved": APPROVED, "half": APPROVED, "rejected": "REJECTED"}
OTHER_DECISIONS = {"approved": APPROVED}
COMMENTS = {APPROVED: "Looks right to me.", "REJECTED": "Risk assessment is missing the cold case."}


def process_guid(number: str) -> str:
    """The guid of the process with this number."""
    return PROCESS_GUIDS.get(number) or guid_of(f"process {number}")


def step_guid(number: str, order: int) -> str:
    """The guid of a step, by its process's number and its place, from 1."""
    return STEP_GUIDS.get((number, order)) or guid_of(f"process {number} step {order}")


def last_numbers() -> dict[str, int]:
    """The highest number in use, by prefix."""
    numbers = sorted(plot.number.split("-") for plot in PLOTS)
    return {prefix: int(digits) for prefix, digits in numbers}


def processes() -> list[QualityProcess]:
    """Every process, without its steps."""
    creators = cycle(COLLEAGUES)
    return [_process(index, plot, colleague(next(creators))) for index, plot in enumerate(PLOTS)]


def steps() -> list[QualityStep]:
    """Every step, with its decisions."""
    return [
        _step(index, plot, order, step, word)
        for index, plot in enumerate(PLOTS)
        for order, (step, word) in enumerate(zip(_template(plot).steps, plot.steps.split(), strict=True), start=1)
    ]


def _template(plot: Plot) -> Template:
    return TEMPLATES_BY_PREFIX[plot.number.split("-")[0]]


def _begun(index: int) -> datetime:
    return FIRST_DAY + index * BETWEEN_PROCESSES


def _process(index: int, plot: Plot, creator: str) -> QualityProcess:
    begun = _begun(index)
    ended = begun + 9 * BETWEEN_STEPS if plot.status == COMPLETED else None
    return QualityProcess(
        guid=process_guid(plot.number),
        number=plot.number,
        name=plot.name,
        description=plot.description or f"{plot.name}. Reported by the line.",
        type=plot.type,
        status=plot.status,
        status_mode=plot.status_mode,
        creation_date_time=arena_time(begun),
        completed_date_time=arena_time(ended) if ended else None,
        target_completion_date_time=arena_time(end_of_pacific_day(begun + TIME_ALLOWED)),
        creator_guid=creator,
        owner_guid=plot.owner,
        template_guid=template_guid(_template(plot)),
        attribute_values={attribute_guid(name): _turn(values, index) for name, values in PROCESS_VALUES.items()},
    )


def _step(index: int, plot: Plot, order: int, step: Step, word: str) -> QualityStep:
    is_done = word in DONE
    is_begun = is_done or word in {"mine", "other"}
    at = arena_time(_begun(index) + order * BETWEEN_STEPS)
    approvers = enumerate(step.approvers, start=1)
    return QualityStep(
        guid=step_guid(plot.number, order),
        process_guid=process_guid(plot.number),
        order=order,
        name=step.name,
        type=SIGNOFF if step.approvers else REGULAR,
        status=COMPLETE if is_done else OPEN,
        attribute_values=_step_values(index, step, is_done=is_done, is_begun=is_begun),
        allow_owner_to_add_approvers=bool(step.approvers),
        due_date_time=arena_time(end_of_pacific_day(_begun(index) + 2 * order * BETWEEN_STEPS)),
        complete_date_time=at if is_done else None,
        complete_user_guid=(step.approvers or (guids.ASSIGNEE,))[-1] if is_done else None,
        decisions=[_decision(plot, order, place, user, word, at) for place, user in approvers],
        **ASSIGNED.get(word, {}),
    )


def _step_values(index: int, step: Step, *, is_done: bool, is_begun: bool) -> dict[str, Any]:
    """All values of a step that is done, the first one where it is begun, and none where it is not."""
    known = len(step.attributes) if is_done else int(is_begun)
    return {
        attribute_guid(name): _turn(STEP_VALUES[name], index) if place < known else None
        for place, name in enumerate(step.attributes)
    }


def _decision(plot: Plot, order: int, place: int, user: str, word: str, at: str) -> Decision:
    decided = (FIRST_DECISION if place == 1 else OTHER_DECISIONS).get(word)
    name = f"process {plot.number} step {order} decision {place}"
    return Decision(
        guid=DECISION_GUIDS.get((plot.number, order, place)) or guid_of(name),
        position=place,
        user_guid=user,
        decision=decided,
        decision_date_time=at if decided else None,
        comments=COMMENTS[decided] if decided else None,
    )


def _turn(values: list[Any], index: int) -> Any:
    return values[index % len(values)]
