"""What the approvers of a sign-off step decide. Arena: GET Quality Process Step Decisions.

No page is known for the changes; they follow what a public connector sends.
"""

from typing import Any

from starlette.routing import BaseRoute

from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import check_names, guid_in, option, optional_text, required
from sandbox.arena.lists import list_answer
from sandbox.arena.quality_rows import complete_step, process_and_step_of
from sandbox.arena.quality_rules import check_step_edit
from sandbox.arena.quality_shapes import decision_shape
from sandbox.arena.quality_tables import APPROVED, SIGNOFF, Decision, QualityProcess, QualityStep
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import new_guid, row_by_guid
from sandbox.arena.step_routes import STEP
from sandbox.arena.tables import User, UserGroup

DECISIONS = STEP + "/decisions"
DECISION = DECISIONS + "/{guid}"

DECISION_TYPES = frozenset({"ALL_REQUIRED", "ONE_REQUIRED", "OPTIONAL", "COMMENTS_ONLY"})
DECIDED = {"APPROVED": APPROVED, "REJECTED": "REJECTED", "COMMENT": "COMMENTED"}


def decision_routes(door: Door) -> list[BaseRoute]:
    """The routes of a sign-off step's decisions."""
    return [
        door.route("GET", DECISIONS, list_decisions),
        door.route("POST", DECISIONS, add_approver),
        door.route("GET", DECISION, read_decision),
        door.route("PUT", DECISION, decide),
    ]


async def list_decisions(call: Call) -> Answer:
    """Arena: GET Quality Process Step Decisions."""
    _, step = await _process_and_signoff(call)
    return list_answer([decision_shape(decision) for decision in step.decisions])


async def read_decision(call: Call) -> Answer:
    """Arena: GET Quality Process Step Decisions, one of them."""
    _, step = await _process_and_signoff(call)
    return Answer(decision_shape(_decision(call, step)))


async def add_approver(call: Call) -> Answer:
    """Ask one more user or group; answers all decisions of the step."""
    body = call.body()
    check_names(body, {"decisionType", "user", "group"}, known={"decision", "comments", "guid"})
    decision_type = option(required(body, "decisionType"), "decisionType", DECISION_TYPES)
    process, step = await _process_and_signoff(call)
    check_step_edit(process, step, call.user)
    if not (step.allow_owner_to_add_approvers and process.owner_guid == call.user.guid):
        raise Refused(Refusal.NOT_PRIVILEGED)
    approver = await _approver(call, body)
    step.decisions.append(
        Decision(guid=new_guid(), position=len(step.decisions) + 1, decision_type=decision_type, **approver)
    )
    return list_answer([decision_shape(decision) for decision in step.decisions], status=201)


async def decide(call: Call) -> Answer:
    """Decide as the approver asked; the step is complete once it is approved."""
    body = call.body()
    check_names(body, {"decision", "comments"}, known={"decisionType", "user", "group", "guid"})
    decided = DECIDED[option(required(body, "decision"), "decision", DECIDED)]
    comments = optional_text(body.get("comments"), "comments")
    process, step = await _process_and_signoff(call)
    decision = _decision(call, step)
    check_step_edit(process, step, call.user)
    if not _is_asked(decision, call.user):
        raise Refused(Refusal.NOT_PRIVILEGED)
    decision.decision, decision.comments = decided, comments
    decision.decision_date_time = call.now
    if _is_approved(step):
        await complete_step(call.session, process, step, call.user, call.now)
    return Answer(decision_shape(decision))


async def _process_and_signoff(call: Call) -> tuple[QualityProcess, QualityStep]:
    process, step = await process_and_step_of(call)
    if step.type != SIGNOFF:
        raise Refused(Refusal.SIGNOFF_ONLY)
    return process, step


def _decision(call: Call, step: QualityStep) -> Decision:
    for decision in step.decisions:
        if decision.guid == call.guid("guid"):
            return decision
    raise Refused(Refusal.GUID_NOT_VALID, guid=call.guid("guid"))


async def _approver(call: Call, body: dict[str, Any]) -> dict[str, User | UserGroup]:
    if body.get("group") is not None:
        return {"group": await row_by_guid(call.session, UserGroup, guid_in(body["group"], "group"))}
    return {"user": await row_by_guid(call.session, User, guid_in(required(body, "user"), "user"))}


def _is_asked(decision: Decision, user: User) -> bool:
    if decision.group is not None:
        return any(member.guid == user.guid for member in decision.group.members)
    return decision.user_guid == user.guid


def _is_approved(step: QualityStep) -> bool:
    needed = [one for one in step.decisions if one.decision_type == "ALL_REQUIRED"]
    alternatives = [one for one in step.decisions if one.decision_type == "ONE_REQUIRED"]
    all_approved = all(one.decision == APPROVED for one in needed)
    one_approved = not alternatives or any(one.decision == APPROVED for one in alternatives)
    return all_approved and one_approved
