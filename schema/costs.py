"""What each field may cost upstream, for the bound that is checked before the first call.

Upper estimates: loaders bring the real number below them. The descriptions of the fields say the same to clients.
"""

from resolvers.bulk import MAX_ITEMS
from resolvers.paging import DEFAULT_FIRST
from schema.limits import FieldCost, FieldCosts

STEPS_OF_A_PROCESS = 6
REFERENCES_OF_A_TICKET = 3

ONE_CALL = FieldCost()
STEPS = FieldCost(list_size=STEPS_OF_A_PROCESS)
REFERENCES = FieldCost(calls_per_item=1, list_size=REFERENCES_OF_A_TICKET)
LIST = FieldCost(list_size=DEFAULT_FIRST, list_size_argument="first")
BULK = FieldCost(calls=0, calls_per_item=1, list_size_argument="input.items", max_list_size=MAX_ITEMS)

COSTS: FieldCosts = {
    ("Query", "qualityProcess"): ONE_CALL,
    ("Query", "qualityProcesses"): LIST,
    ("Query", "ticket"): ONE_CALL,
    ("Query", "tickets"): LIST,
    ("Query", "process"): ONE_CALL,
    ("Query", "node"): ONE_CALL,
    ("Query", "nodes"): FieldCost(calls=0, calls_per_item=1, list_size_argument="ids"),
    ("Mutation", "completeStep"): ONE_CALL,
    ("Mutation", "reopenStep"): ONE_CALL,
    ("Mutation", "changeTicketStatus"): ONE_CALL,
    ("Mutation", "completeProcessStep"): ONE_CALL,
    ("Mutation", "completeSteps"): BULK,
    ("Mutation", "reopenSteps"): BULK,
    ("Mutation", "changeTicketStatuses"): BULK,
    ("Mutation", "login"): ONE_CALL,
    ("Mutation", "logout"): ONE_CALL,
    ("QualityProcess", "steps"): STEPS,
    ("QualityProcess", "currentStep"): ONE_CALL,
    ("QualityStep", "decisions"): ONE_CALL,
    ("QualityStep", "affectedObjects"): ONE_CALL,
    ("QualityStep", "qualityProcess"): ONE_CALL,
    ("Ticket", "qualityProcesses"): REFERENCES,
    ("Ticket", "tickets"): REFERENCES,
    ("CompleteStepSuccess", "step"): ONE_CALL,
    ("ReopenStepSuccess", "step"): ONE_CALL,
    ("CompleteProcessStepSuccess", "process"): ONE_CALL,
    ("CompleteProcessStepSuccess", "startedStep"): ONE_CALL,
    ("StepAlreadyCompletedError", "step"): ONE_CALL,
    ("StepAlreadyOpenError", "step"): ONE_CALL,
    ("SignOffStepError", "step"): ONE_CALL,
    ("QualityProcessCompletedError", "qualityProcess"): ONE_CALL,
}
