// What the servers with resolvers answer; `context.arena` reads.
const TICKET_STATUSES = { "Not Started": "NOT_STARTED", "In Progress": "IN_PROGRESS", Complete: "COMPLETE" };

export const resolvers = {
  Query: {
    qualityProcesses: async (_, { first }, { arena }) => ({ nodes: await arena.qualityProcesses(first) }),
    tickets: async (_, { first }, { arena }) => ({ nodes: await arena.tickets(first) }),
    ticket: (_, { guid }, { arena }) => arena.ticket(guid),
  },
  Mutation: {
    completeStep: (_, { input }, { arena }) => arena.completeStep(input),
  },
  QualityProcess: {
    steps: (process, _, { arena }) => arena.steps(process.guid),
  },
  QualityStep: {
    assignees: (step) => step.assignees?.users,
  },
  Ticket: {
    status: (ticket) => TICKET_STATUSES[ticket.status.value],
    createdAt: (ticket) => ticket.creationDateTime,
    modifiedAt: (ticket) => ticket.modifyDateTime,
  },
  TicketResult: { __resolveType: (answer) => (answer.guid ? "Ticket" : "NotFoundError") },
  CompleteStepResult: { __resolveType: (answer) => (answer.qualityProcess ? "CompleteStepSuccess" : "NotFoundError") },
};
