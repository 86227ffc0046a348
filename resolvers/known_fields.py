"""What is known of an object before it is read, by the names in GraphQL: who asks for no more causes no call.

`schema/costs.py` prices fields by the same names.
"""

# Of what Arena's rows and references tell.
OF_A_CURRENT_STEP = frozenset({"id", "guid"})
OF_THE_PROCESS_OF_A_STEP = frozenset({"id", "guid", "steps"})
OF_A_REFERENCED_PROCESS = frozenset({"id", "guid", "number", "steps"})
OF_A_REFERENCED_TICKET = frozenset({"id", "guid", "number", "qualityProcesses", "tickets"})

# Of what the answer to a change tells.
OF_A_CHANGED_STEP = frozenset({"id", "guid", "status", "qualityProcess"})
OF_A_STARTED_STEP = frozenset({"id", "processStepId", "status", "process"})
OF_A_WORKFLOW_PROCESS = frozenset({"id", "processId"})

# Of what a refused change was asked for.
OF_A_REFUSED_STEP = frozenset({"id", "guid", "qualityProcess"})
OF_A_REFUSED_PROCESS = frozenset({"id", "guid", "steps"})
