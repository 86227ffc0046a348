// Asks the service at the given address for what the compiler made of src/, and prints what Relay's store then holds.
const {
  Environment,
  Network,
  RecordSource,
  Store,
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getSelector,
} = require("relay-runtime");

const [address, session, input] = process.argv.slice(2);
const compiled = (name) => require(`./__generated__/${name}.graphql`);

const network = Network.create(async ({ text }, variables) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", "arena-session-id": session },
    body: JSON.stringify({ query: text, variables }),
  });
  return answer.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });

const run = (name, variables) => fetchQuery(environment, compiled(name), variables).toPromise();
const look = (name, variables) => {
  const operation = createOperationDescriptor(compiled(name), variables);
  return environment.lookup(operation.fragment).data;
};
const read = (fragment, reference) => environment.lookup(getSelector(compiled(fragment), reference)).data;
const change = (name, variables) =>
  new Promise((onCompleted, onError) =>
    commitMutation(environment, { mutation: compiled(name), variables, onCompleted, onError }),
  );

// Reads two pages as usePaginationFragment does: the second by the query the compiler made, after the first's cursor.
async function readTwoPages(prefix, connection, variables) {
  await run(`${prefix}Query`, variables);
  const first = read(`${prefix}_query`, look(`${prefix}Query`, variables));
  await run(`${prefix}PaginationQuery`, { ...variables, after: first[connection].pageInfo.endCursor });
  const both = read(`${prefix}_query`, look(`${prefix}Query`, variables));
  return both[connection].edges.map((edge) => edge.node);
}

async function main() {
  const processes = await readTwoPages("ProcessList", "qualityProcesses", { first: 2, where: { number: "CAPA-*" } });
  const tickets = await readTwoPages("TicketList", "tickets", { first: 2 });
  const [step] = read("ProcessSteps_qualityProcess", processes[0]).steps;
  const { completeStep } = await change("CompleteStepMutation", { input: JSON.parse(input) });
  const completed = read("StepDetails_step", step);
  await run("StepDetailsRefetchQuery", { id: step.id });
  const refetched = read("StepDetails_step", step);
  const { completeStep: refusal } = await change("CompleteStepMutation", { input: JSON.parse(input) });
  const missing = await run("ReadProcessQuery", { guid: "0".repeat(20) });
  console.log(
    JSON.stringify({
      processes: processes.map(({ number }) => number),
      tickets: tickets.map(({ number }) => number),
      outcome: completeStep.outcome,
      completed: completed.status,
      refetched: [refetched.status, refetched.completedBy.fullName],
      refusal: [refusal.__typename, refusal.code, refusal.retry.kind],
      missing: [missing.qualityProcess.__typename, missing.qualityProcess.key],
    }),
  );
}

main();
