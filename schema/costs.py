"""Which REST calls each field may take: for the bound that is checked before the first of them, and to explain it.

Upper estimates: loaders bring the real number below them. The descriptions of the fields say the same to clients.
"""

from resolvers import known_fields
from resolvers.bulk import MAX_ITEMS
from resolvers.node_ids import Kind, read_id
from resolvers.nodes import MAX_NODES
from resolvers.paging import DEFAULT_FIRST, MAX_FIRST, PAGE_SIZE
from schema.limits import CallCost, FieldCost, FieldCosts
from upstreams import endpoints
from upstreams.endpoints import Endpoint

STEPS_OF_A_PROCESS = 6
REFERENCES_OF_A_TICKET = 3

SHARED_CODE = "Arena refuses with a code that several refusals share: one read of the steps tells which"
UNKNOWN_OUTCOME = "the key was used before, and what became of that is not known: reads tell, before and after"
KEY = "idempotencyKey"

# The list that is read first, where many such calls are to be made at once.
LISTS = {endpoints.QUALITY_PROCESS: endpoints.QUALITY_PROCESSES, endpoints.TICKET: endpoints.TICKETS}

ENDPOINTS_OF_NODES = {
    Kind.QUALITY_PROCESS: endpoints.QUALITY_PROCESS,
    Kind.QUALITY_STEP: endpoints.QUALITY_STEPS,
    Kind.TICKET: endpoints.TICKET,
    Kind.PROCESS: endpoints.PROCESS,
    Kind.PROCESS_STEP: endpoints.PROCESS,
}


def endpoint_of_node(node_id: str) -> tuple[Endpoint, str] | None:
    """What is called for a global id, and with which key: the one of the outermost object it names."""
    key = read_id(node_id)
    return (ENDPOINTS_OF_NODES[key.kind], key.guids[0]) if key else None


def one_call(endpoint: Endpoint, *, known: frozenset[str] = frozenset()) -> FieldCost:
    return FieldCost((CallCost(endpoint, known=known),))


def pages(endpoint: Endpoint) -> FieldCost:
    """The cost of a list of Arena's."""
    return FieldCost(
        (CallCost(endpoint),),
        page_size=PAGE_SIZE,
        list_size=DEFAULT_FIRST,
        list_size_argument="first",
        max_list_size=MAX_FIRST,
    )


def references(endpoint: Endpoint, item: CallCost) -> FieldCost:
    """The cost of what a ticket refers to."""
    return FieldCost((CallCost(endpoint),), (item,), list_size=REFERENCES_OF_A_TICKET)


def step_change(argument: str) -> tuple[CallCost, ...]:
    """The calls of a step's change, given where its idempotency key is."""
    looks = [
        CallCost(endpoint, when=UNKNOWN_OUTCOME, argument=argument)
        for endpoint in 2 * [endpoints.QUALITY_STEPS, endpoints.QUALITY_PROCESS]
    ]
    settling = CallCost(endpoints.QUALITY_STEPS, when=SHARED_CODE)
    return (CallCost(endpoints.STEP_STATUS_CHANGES), settling, *looks)


def ticket_change(argument: str) -> tuple[CallCost, ...]:
    """The calls of a ticket's change, given where its idempotency key is."""
    look = CallCost(endpoints.TICKET, when=UNKNOWN_OUTCOME, argument=argument)
    return (CallCost(endpoints.TICKET_STATUS_CHANGES), look)


def bulk(calls: tuple[CallCost, ...]) -> FieldCost:
    return FieldCost((), calls, list_size_argument="input.items", max_list_size=MAX_ITEMS)


def ids_of_nodes(argument: str) -> CallCost:
    return CallCost(None, argument=argument, endpoint_of=endpoint_of_node)


STEPS_BY_PROCESS = CallCost(endpoints.QUALITY_STEPS, is_shared=True)
CURRENT_STEP = CallCost(endpoints.QUALITY_STEPS, known=known_fields.OF_A_CURRENT_STEP, is_shared=True)
REFERENCED_PROCESS = CallCost(endpoints.QUALITY_PROCESS, known=known_fields.OF_A_REFERENCED_PROCESS)
REFERENCED_TICKET = CallCost(endpoints.TICKET, known=known_fields.OF_A_REFERENCED_TICKET)
PROCESS_OF_STEP = one_call(endpoints.QUALITY_PROCESS, known=known_fields.OF_THE_PROCESS_OF_A_STEP)
REFUSED_PROCESS = one_call(endpoints.QUALITY_PROCESS, known=known_fields.OF_A_REFUSED_PROCESS)
CHANGED_STEP = one_call(endpoints.QUALITY_STEPS, known=known_fields.OF_A_CHANGED_STEP)
REFUSED_STEP = one_call(endpoints.QUALITY_STEPS, known=known_fields.OF_A_REFUSED_STEP)
WORKFLOW_PROCESS = one_call(endpoints.PROCESS, known=known_fields.OF_A_WORKFLOW_PROCESS)
STEP_CHANGES = bulk(step_change(f"input.items.{KEY}"))

COSTS: FieldCosts = {
    ("Query", "qualityProcess"): one_call(endpoints.QUALITY_PROCESS),
    ("Query", "qualityProcesses"): pages(endpoints.QUALITY_PROCESSES),
    ("Query", "ticket"): one_call(endpoints.TICKET),
    ("Query", "tickets"): pages(endpoints.TICKETS),
    ("Query", "process"): one_call(endpoints.PROCESS),
    ("Query", "node"): FieldCost((ids_of_nodes("id"),)),
    ("Query", "nodes"): FieldCost((), (ids_of_nodes("ids"),), list_size_argument="ids", max_list_size=MAX_NODES),
    ("Mutation", "completeStep"): FieldCost(step_change(f"input.{KEY}")),
    ("Mutation", "reopenStep"): FieldCost(step_change(f"input.{KEY}")),
    ("Mutation", "changeTicketStatus"): FieldCost(ticket_change(f"input.{KEY}")),
    ("Mutation", "completeProcessStep"): one_call(endpoints.STEP_COMPLETIONS),
    ("Mutation", "completeSteps"): STEP_CHANGES,
    ("Mutation", "reopenSteps"): STEP_CHANGES,
    ("Mutation", "changeTicketStatuses"): bulk(ticket_change(f"input.items.{KEY}")),
    ("Mutation", "login"): one_call(endpoints.LOG_IN),
    ("Mutation", "logout"): one_call(endpoints.LOG_OUT),
    ("QualityProcess", "steps"): FieldCost((STEPS_BY_PROCESS,), list_size=STEPS_OF_A_PROCESS),
    ("QualityProcess", "currentStep"): FieldCost((CURRENT_STEP,)),
    ("QualityStep", "decisions"): one_call(endpoints.DECISIONS),
    ("QualityStep", "affectedObjects"): one_call(endpoints.AFFECTED_OBJECTS),
    ("QualityStep", "qualityProcess"): PROCESS_OF_STEP,
    ("Ticket", "qualityProcesses"): references(endpoints.TICKET_QUALITY_PROCESSES, REFERENCED_PROCESS),
    ("Ticket", "tickets"): references(endpoints.TICKET_TICKETS, REFERENCED_TICKET),
    ("ProcessStep", "process"): WORKFLOW_PROCESS,
    ("CompleteStepSuccess", "step"): CHANGED_STEP,
    ("ReopenStepSuccess", "step"): CHANGED_STEP,
    ("CompleteProcessStepSuccess", "process"): WORKFLOW_PROCESS,
    ("CompleteProcessStepSuccess", "startedStep"): one_call(endpoints.PROCESS, known=known_fields.OF_A_STARTED_STEP),
    ("StepAlreadyCompletedError", "step"): REFUSED_STEP,
    ("StepAlreadyOpenError", "step"): REFUSED_STEP,
    ("SignOffStepError", "step"): REFUSED_STEP,
    ("QualityProcessCompletedError", "qualityProcess"): REFUSED_PROCESS,
}
