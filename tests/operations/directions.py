"""The two ways to change a step, as one table: tests that run in both take a direction."""

from dataclasses import dataclass

from sandbox.arena.story import guids


@dataclass(frozen=True)
class Direction:
    """One of the two ways to change a step.

    Attributes:
        mutation: Its name in the schema.
        input_type: The name of its input's type.
        feasible: An assigned step of the rich process the owner can change so.
        group_feasible: The same, assigned to a group.
        done: A step of it that is so already.
        sign_off: A sign-off step of it.
        barred: A step that could be changed so, were its process not completed.
        already: The refusal of what is so already.
        unique_codes: Arena's codes since 2023 for: so already, completed process, sign-off.
    """

    mutation: str
    input_type: str
    feasible: str
    group_feasible: str
    done: str
    sign_off: str
    barred: str
    already: tuple[str, str]
    unique_codes: tuple[str, str, str]


COMPLETING = Direction(
    "completeStep",
    "CompleteStepInput",
    guids.ASSIGNED_STEP,
    guids.GROUP_STEP,
    guids.COMPLETED_STEP,
    guids.PENDING_STEP,
    guids.OPEN_STEP_OF_COMPLETED_PROCESS,
    ("StepAlreadyCompletedError", "STEP_ALREADY_COMPLETED"),
    ("3166", "3165", "3167"),
)
REOPENING = Direction(
    "reopenStep",
    "ReopenStepInput",
    guids.COMPLETED_STEP,
    guids.GROUP_COMPLETED_STEP,
    guids.ASSIGNED_STEP,
    guids.APPROVED_STEP,
    guids.DONE_STEP_OF_COMPLETED_PROCESS,
    ("StepAlreadyOpenError", "STEP_ALREADY_OPEN"),
    ("3169", "3168", "3170"),
)
