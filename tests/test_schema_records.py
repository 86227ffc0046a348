"""Types and the records they show: `mypy` compares neither, because resolvers return records in place of types."""

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType

from resolvers import paging, refusals
from resolvers.bulk import Bulk
from resolvers.changed import Changed, ChangeOutcome
from resolvers.logins import LoggedIn, LoggedOut, LogoutOutcome
from resolvers.refusals import ErrorCode, Refusal
from schema import build_schema
from upstreams import records
from upstreams.budget import Budget
from upstreams.errors import System

SCHEMA = build_schema()
OBJECT_TYPES = {
    name: type_
    for name, type_ in SCHEMA._schema.type_map.items()
    if isinstance(type_, GraphQLObjectType) and not name.startswith("__")
}
UNIONS = {name: type_ for name, type_ in SCHEMA._schema.type_map.items() if isinstance(type_, GraphQLUnionType)}

CONNECTION = paging.Connection([], 0, has_next_page=False)
RECORDS = {
    "Person": records.Person(),
    "PersonGroup": records.PersonGroup(),
    "Attribute": records.Attribute(),
    "Template": records.Template(),
    "Decision": records.Decision(),
    "AffectedObject": records.AffectedObject(),
    "QualityStep": records.QualityStep(guid="S"),
    "QualityProcess": records.QualityProcess(guid="Q"),
    "QualityProcessConnection": CONNECTION,
    "QualityProcessEdge": paging.Edge("c", None),
    "Ticket": records.Ticket(guid="T"),
    "TicketConnection": CONNECTION,
    "TicketEdge": paging.Edge("c", None),
    "PageInfo": CONNECTION.page_info,
    "Process": records.Process(process_id="P", steps=[]),
    "ProcessStep": records.ProcessStep(process_step_id="S", process_id="P", params=[]),
    "ProcessParam": records.ProcessParam(name="n", value=records.StringParam(string="")),
    "StringParam": records.StringParam(string=""),
    "LongParam": records.LongParam(long=0),
    "DoubleParam": records.DoubleParam(double=0.0),
    "UnknownParam": records.UnknownParam(),
    "CompleteStepSuccess": Changed(None, ChangeOutcome.APPLIED),
    "ReopenStepSuccess": Changed(None, ChangeOutcome.APPLIED),
    "ChangeTicketStatusSuccess": Changed(None, ChangeOutcome.APPLIED),
    "CompleteProcessStepSuccess": Changed(None, ChangeOutcome.APPLIED),
    "CompleteStepsPayload": Bulk([]),
    "ReopenStepsPayload": Bulk([]),
    "ChangeTicketStatusesPayload": Bulk([]),
    "LoginSuccess": LoggedIn("session", 1, "Workspace", Budget(reserve=0).read()),
    "LogoutSuccess": LoggedOut(LogoutOutcome.ENDED),
    "RetryAdvice": refusals.NEVER,
    "UpstreamAnswer": refusals.UpstreamAnswer(System.ARENA, 400, "3011", "No."),
    "UpstreamBudget": Budget(reserve=0).read(),
    "InvalidField": refusals.InvalidField((), ""),
    "PreconditionDetail": refusals.PreconditionDetail("", ""),
}

# Codes of requests as a whole, which no resolver refuses with.
CODES_OF_NO_TYPE = {
    ErrorCode.INVALID_REQUEST,
    ErrorCode.PERSISTED_QUERY_NOT_FOUND,
    ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
    ErrorCode.DOCUMENT_NOT_TRUSTED,
    ErrorCode.INTERNAL,
}


def refused_with(code):
    return Refusal(code=code, message="No.")


def is_error(type_):
    return "OperationError" in {interface.name for interface in type_.interfaces}


def types_of(value, types):
    """The names of the types that take a value for theirs."""
    return [type_.name for type_ in types if type_.is_type_of and type_.is_type_of(value, None)]


def test_every_type_shows_a_record():
    shown = {name for name, type_ in OBJECT_TYPES.items() if not is_error(type_)}
    assert shown - {"Query", "Mutation"} == set(RECORDS)


@pytest.mark.parametrize("name", OBJECT_TYPES)
def test_a_field_without_a_resolver_is_one_of_its_record(name):
    record = refused_with(ErrorCode.NOT_FOUND) if is_error(OBJECT_TYPES[name]) else RECORDS.get(name)
    plain = [
        field.python_name
        for field in SCHEMA.get_type_by_name(name).fields
        if field.base_resolver is None  # read straight off the record
    ]
    assert [field for field in plain if not hasattr(record, field)] == []


@pytest.mark.parametrize("code", ErrorCode)
def test_a_code_is_that_of_exactly_one_type(code):
    errors = [type_ for type_ in OBJECT_TYPES.values() if is_error(type_)]
    assert len(types_of(refused_with(code), errors)) == (0 if code in CODES_OF_NO_TYPE else 1)


@pytest.mark.parametrize("name", UNIONS)
def test_no_two_members_of_a_union_take_the_same_value_for_theirs(name):
    values = [*RECORDS.values(), *map(refused_with, ErrorCode)]
    assert [found for value in values if len(found := types_of(value, UNIONS[name].types)) > 1] == []


@pytest.mark.parametrize("name", UNIONS)
def test_every_member_of_a_union_can_be_told_by_its_values(name):
    assert [member.name for member in UNIONS[name].types if member.is_type_of is None] == []


READS = {
    "QualityProcessResult": refusals.READING_QUALITY_PROCESS,
    "TicketResult": refusals.READING_TICKET,
    "ProcessResult": refusals.READING_PROCESS,
}
CHANGES = {
    "CompleteStepResult": refusals.COMPLETING_STEP,
    "ReopenStepResult": refusals.REOPENING_STEP,
    "ChangeTicketStatusResult": refusals.CHANGING_TICKET_STATUS,
    "CompleteProcessStepResult": refusals.COMPLETING_PROCESS_STEP,
}
OF_EVERY_OPERATION = {
    ErrorCode.INVALID_INPUT,
    ErrorCode.SESSION_MISSING,
    ErrorCode.SESSION_EXPIRED,
    ErrorCode.RATE_LIMITED,
    ErrorCode.LIMIT_EXCEEDED,
    ErrorCode.UPSTREAM_REJECTED,
    ErrorCode.UPSTREAM_UNAVAILABLE,
    ErrorCode.UPSTREAM_TIMEOUT,
    ErrorCode.UPSTREAM_CONTRACT,
}
OF_EVERY_CHANGE = {
    ErrorCode.OUTCOME_UNKNOWN,
    ErrorCode.IDEMPOTENCY_IN_PROGRESS,
    ErrorCode.IDEMPOTENCY_KEY_REUSED,
}
SESSIONS = {
    "LoginResult": (refusals.LOGGING_IN, {ErrorCode.SESSION_MISSING, ErrorCode.SESSION_EXPIRED}),
    "LogoutResult": (refusals.LOGGING_OUT, {ErrorCode.INVALID_INPUT}),
}


@pytest.mark.parametrize("name", [*READS, *CHANGES])
def test_whatever_an_operation_may_be_refused_with_is_a_member_of_its_union(name):
    meanings = {**READS, **CHANGES}[name]
    codes = {*meanings.codes.values(), *meanings.statuses.values(), *OF_EVERY_OPERATION}
    codes |= OF_EVERY_CHANGE if name in CHANGES else set()
    assert [code for code in codes if not types_of(refused_with(code), UNIONS[name].types)] == []


@pytest.mark.parametrize("name", SESSIONS)
def test_whatever_a_login_or_a_logout_may_be_refused_with_is_a_member_of_its_union(name):
    meanings, never = SESSIONS[name]
    codes = {*meanings.codes.values(), *meanings.statuses.values(), *OF_EVERY_OPERATION, ErrorCode.OUTCOME_UNKNOWN}
    assert [code for code in codes - never if not types_of(refused_with(code), UNIONS[name].types)] == []
