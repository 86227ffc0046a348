"""How Cognaize answers: one envelope around everything, parameters in typed slots.

Sources: the pages "Complete Step", "Start Process" and "Find Process By ID" of the vendor's documentation.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import field

from upstreams.decoding import Answer, decode, decode_leniently, decoder, shorten
from upstreams.errors import (
    Evidence,
    Exhausted,
    Rejected,
    System,
    Unauthenticated,
    Unavailable,
    Unreadable,
)
from upstreams.records import (
    DoubleParam,
    LongParam,
    ParamValue,
    Process,
    ProcessParam,
    ProcessStep,
    ProcessStepCompletion,
    Record,
    StringParam,
    UnknownParam,
    spell,
)
from upstreams.retry_after import read_retry_after

Data = TypeVar("Data")

LONG_RANGE = range(-(2**63), 2**63)


class _Envelope(Record, Generic[Data], frozen=True):
    data: Data
    message: str | None = None
    timestamp: datetime | None = None


class _Param(Record, frozen=True):
    type: str | None = None
    string: Any = field(default=None, name="strValue")
    long: Any = field(default=None, name="longValue")
    double: float | str | None = field(default=None, name="doubleValue")


_Params = dict[str, _Param] | None


class _Step(Record, frozen=True):
    id: str
    delegate: str | None = None
    timeout_seconds: int | None = field(default=None, name="timeOutInSeconds")
    status: str | None = field(default=None, name="processStepStatus")
    params: _Params = None


class _Process(Record, frozen=True):
    id: str
    workflow_id: str | None = field(default=None, name="workflowId")
    created_at: datetime | None = field(default=None, name="creationTimestamp")
    updated_at: datetime | None = field(default=None, name="updatedTimestamp")
    steps: list[_Step] | None = None


class _Completion(Record, frozen=True):
    process_id: str | None = field(default=None, name="processId")
    started_step_id: str | None = field(default=None, name="processStepId")
    params: _Params = None


class _Refusal(Record, frozen=True):
    data: Any = None
    message: Any = None


_PROCESS = decoder(_Envelope[_Process])
_COMPLETION = decoder(_Envelope[_Completion | None])
_REFUSAL = decoder(_Refusal)


def read_process(answer: Answer) -> Process:
    """The process, with its steps, in the answer to "Find Process By ID".

    Raises:
        UpstreamFailure: The answer is a refusal, a failure, or not what the contract promises.
    """
    check(answer)
    process = decode(System.COGNAIZE, answer, _PROCESS).data
    return Process(
        process_id=process.id,
        workflow_id=process.workflow_id,
        created_at=process.created_at,
        updated_at=process.updated_at,
        steps=[
            ProcessStep(
                process_step_id=step.id,
                process_id=process.id,
                delegate=step.delegate,
                status_label=step.status,
                timeout_seconds=step.timeout_seconds,
                params=_read_params(step.params),
            )
            for step in process.steps or []
        ],
    )


def read_completion(answer: Answer, completed_step_id: str) -> ProcessStepCompletion:
    """What was started, in the answer to "Complete Step".

    The page calls the answer's `processStepId` the started step; after the last one it is null, or the completed
    step's own id.

    Raises:
        UpstreamFailure: As `read_process`.
    """
    check(answer)
    envelope = decode(System.COGNAIZE, answer, _COMPLETION)
    completion = envelope.data or _Completion()
    params = _read_params(completion.params)
    started = None
    if completion.started_step_id not in (None, completed_step_id):
        started = ProcessStep(
            process_step_id=completion.started_step_id,
            process_id=completion.process_id,
            params=params,
            status_label="STARTED",
        )
    return ProcessStepCompletion(
        process_id=completion.process_id,
        started=started,
        params=params,
        message=shorten(envelope.message),
        timestamp=envelope.timestamp,
    )


def _read_params(params: _Params) -> list[ProcessParam]:
    return [ProcessParam(name=name, value=_read_param(param)) for name, param in (params or {}).items()]


def _read_param(param: _Param) -> ParamValue:
    match param:
        case _Param(type="STRING", string=str(text)):
            return StringParam(string=text)
        case _Param(type="LONG", long=int(number)) if number in LONG_RANGE and not isinstance(number, bool):
            return LongParam(long=number)
        case _Param(type="DOUBLE", double=float(number)):
            return DoubleParam(double=number)
    slots = (param.string, param.long, param.double)
    given = next((value for value in slots if value is not None), None)
    return UnknownParam(type=param.type, text=None if given is None else spell(given))


def write_param(param: ProcessParam) -> dict[str, str | int | float]:
    """A parameter as "Complete Step" takes it: its type and the one slot that goes with it."""
    match param.value:
        case StringParam(string=text):
            return {"type": "STRING", "strValue": text}
        case LongParam(long=number):
            return {"type": "LONG", "longValue": number}
        case DoubleParam(double=fraction):
            return {"type": "DOUBLE", "doubleValue": fraction}
        case UnknownParam():
            raise ValueError("a parameter of unknown type can be read, not sent")


def check(answer: Answer) -> None:
    """Let a success pass.

    Raises:
        Unauthenticated: 401.
        Exhausted: 429.
        Unavailable: 5xx.
        Rejected: Any other 4xx; a 412 with its reasons.
        Unreadable: A status that no page of the vendor has.
    """
    if 200 <= answer.status < 300:
        return
    refusal = decode_leniently(answer, _REFUSAL) or _Refusal()
    evidence = Evidence(answer.status, None, shorten(refusal.message))
    if answer.status == 401:
        raise Unauthenticated(System.COGNAIZE, evidence)
    if answer.status == 429:
        raise Exhausted(System.COGNAIZE, evidence, retry_at=read_retry_after(answer.headers))
    if answer.status >= 500:
        raise Unavailable(System.COGNAIZE, evidence, retry_at=read_retry_after(answer.headers))
    if answer.status >= 400:
        raise Rejected(System.COGNAIZE, evidence, details=_read_details(refusal.data))
    raise Unreadable(System.COGNAIZE, evidence)


def _read_details(data: object) -> tuple[tuple[str, str], ...]:
    """Which field was refused for which reasons; the page promises an object of objects."""
    if isinstance(data, str):
        return (("", data[:200]),) if data else ()
    if not isinstance(data, dict):
        return ()
    return tuple((str(name)[:200], _read_reason(reason)) for name, reason in list(data.items())[:50])


def _read_reason(reason: object) -> str:
    if isinstance(reason, str):
        return reason[:200]
    if isinstance(reason, dict) and reason:
        return ", ".join(str(key) for key in reason)[:200]
    return msgspec.json.encode(reason).decode()[:200]
