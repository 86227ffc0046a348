"""Which refusal of a step change a shared code stands for.

In the older error dialect eight refusals share the code 3089 ("POST Quality Process Step Complete" and "... Reopen",
and the unique error codes that replaced it). The operation and its direction exclude all but four; one read of the
process's steps tells those apart.
"""

from dataclasses import replace

from resolvers.context import Context
from resolvers.failures import describe
from resolvers.refusals import ErrorCode, Meanings, Refusal, Refused
from upstreams.errors import System
from upstreams.records import QualityProcessStatus, QualityStep, QualityStepStatus, QualityStepType, StepKey

ANSWERS_OF_THE_READ = {ErrorCode.NOT_FOUND, ErrorCode.PERMISSION_DENIED}
NO_CALL_LEFT = {ErrorCode.RATE_LIMITED, ErrorCode.LIMIT_EXCEEDED}
UNCHECKED = "{likely} This is only likely: Arena's code has other meanings, and no calls are left to check."


async def settle(context: Context, refusal: Refusal, meanings: Meanings, key: StepKey, *, complete: bool) -> Refusal:
    """The refusal, named exactly where one read of the steps can be afforded and made.

    Where it cannot be afforded, the direction names the refusal, and its message says that this was not checked.

    Args:
        context: The operation's.
        refusal: What the operation and its direction make of the code.
        meanings: The operation's table.
        key: The step.
        complete: The direction: whether it was to be completed or reopened.
    """
    if not context.arena.budget.spares_reads(1):
        return _unchecked(refusal)
    process_guid, step_guid = key
    try:
        steps = await context.loaders.quality_steps.load(process_guid)
    except Refused as refused:
        code = refused.refusal.code
        if code in NO_CALL_LEFT:
            return _unchecked(refusal)
        return _rename(refusal, code if code in ANSWERS_OF_THE_READ else ErrorCode.UPSTREAM_REJECTED, meanings)
    step = next((step for step in steps if step.guid == step_guid), None)
    code = ErrorCode.NOT_FOUND if step is None else _code_of(context, step, refusal.code, complete)
    return _rename(refusal, code, meanings)


def _code_of(context: Context, step: QualityStep, already_so: ErrorCode, complete: bool) -> ErrorCode:
    if step.type is QualityStepType.SIGNOFF:
        return ErrorCode.SIGN_OFF_STEP
    if step.status is (QualityStepStatus.COMPLETE if complete else QualityStepStatus.OPEN):
        return already_so
    process = context.loaders.quality_processes.known(step.process_guid)
    if process is not None and process.status is QualityProcessStatus.OPEN:
        return ErrorCode.PERMISSION_DENIED
    return ErrorCode.QUALITY_PROCESS_COMPLETED


def _unchecked(refusal: Refusal) -> Refusal:
    return replace(refusal, message=UNCHECKED.format(likely=refusal.message))


def _rename(refusal: Refusal, code: ErrorCode, meanings: Meanings) -> Refusal:
    return replace(refusal, code=code, message=describe(code, System.ARENA, meanings.resource))
