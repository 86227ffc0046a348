"""Who may change a quality process or step, and when.

Arena: POST Quality Process Step Complete, POST Quality Process Step Reopen, POST Quality Process Complete,
PUT Quality Process Step Update.
"""

from sandbox.arena.quality_tables import CANCELED, COMPLETE, COMPLETED, OPEN, SIGNOFF, QualityProcess, QualityStep
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.tables import User

ENDED = frozenset({COMPLETED, CANCELED})

# For each state a step is asked into: it is a sign-off, it is there already, its process has ended.
STEP_REFUSALS = {
    COMPLETE: (
        Refusal.COMPLETE_SIGNOFF,
        Refusal.STEP_ALREADY_COMPLETE,
        Refusal.COMPLETE_IN_COMPLETED_PROCESS,
    ),
    OPEN: (Refusal.REOPEN_SIGNOFF, Refusal.STEP_ALREADY_OPEN, Refusal.REOPEN_IN_COMPLETED_PROCESS),
}
PROCESS_REFUSALS = {COMPLETED: Refusal.PROCESS_ALREADY_COMPLETE, OPEN: Refusal.PROCESS_ALREADY_OPEN}


def require_edit_rule(user: User) -> None:
    """Ask for the access policy rule that lets a user edit quality details.

    Raises:
        Refused: The user lacks it.
    """
    if not user.edits_quality_details:
        raise Refused(Refusal.EDIT_RULE_MISSING)


def check_step_change(process: QualityProcess, step: QualityStep, user: User, status: str) -> None:
    """See whether a user may complete or reopen a step now.

    Args:
        process: The step's process.
        step: The step.
        user: Who asks.
        status: The state asked for, COMPLETE or OPEN.

    Raises:
        Refused: For the first of these that holds: the user lacks the edit rule, the step is a sign-off, it
            is in that state already, its process has ended, it is assigned to others and not the user's process.
    """
    require_edit_rule(user)
    is_signoff, is_there_already, process_has_ended = STEP_REFUSALS[status]
    if step.type == SIGNOFF:
        raise Refused(is_signoff)
    if step.status == status:
        raise Refused(is_there_already)
    if process.status in ENDED:
        raise Refused(process_has_ended)
    if not (_is_assigned_to(step, user) or process.owner_guid == user.guid):
        raise Refused(Refusal.NOT_PRIVILEGED)


def check_process_change(process: QualityProcess, user: User, status: str) -> None:
    """See whether a user may put a process into another state now.

    Args:
        process: The process.
        user: Who asks.
        status: The state asked for.

    Raises:
        Refused: For the first of these that holds: the user lacks the edit rule, the process is completed or
            open already, the user is neither its owner nor an administrator.
    """
    require_edit_rule(user)
    if process.status == status and status in PROCESS_REFUSALS:
        raise Refused(PROCESS_REFUSALS[status])
    if not (process.owner_guid == user.guid or user.is_administrator):
        raise Refused(Refusal.NOT_PRIVILEGED)


def check_step_edit(process: QualityProcess, step: QualityStep, user: User) -> None:
    """See whether a user may edit a step, or decide on it, now.

    Raises:
        Refused: The user lacks the edit rule, or the process or the step has ended.
    """
    require_edit_rule(user)
    if process.status in ENDED:
        raise Refused(Refusal.EDIT_IN_COMPLETED_PROCESS)
    if step.status == COMPLETE:
        raise Refused(Refusal.EDIT_OF_COMPLETED_STEP)


def _is_assigned_to(step: QualityStep, user: User) -> bool:
    if step.assignee_guid is not None:
        return step.assignee_guid == user.guid
    if step.group is not None:
        return any(member.guid == user.guid for member in step.group.members)
    return True
