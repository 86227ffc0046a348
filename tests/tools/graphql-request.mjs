// Reads, changes and is refused by graphql-request, at the given address; prints what it was told.
import { ClientError, GraphQLClient, gql } from "graphql-request";

const [url, session, step] = process.argv.slice(2);

const headers = { "arena-session-id": session };
const client = new GraphQLClient(url, { headers });
const overGet = new GraphQLClient(url, { headers, method: "GET", jsonSerializer: JSON });

const TICKETS = gql`
  query Tickets($first: Int!, $where: TicketWhere) {
    tickets(first: $first, where: $where) {
      nodes {
        number
        status
      }
    }
  }
`;

const COMPLETE = gql`
  mutation Complete($input: CompleteStepInput!) {
    completeStep(input: $input) {
      __typename
      ... on CompleteStepSuccess {
        outcome
      }
      ... on OperationError {
        code
      }
    }
  }
`;

async function refusal(document) {
  try {
    await client.request(document);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return [error.response.status, error.response.errors.map(({ extensions }) => extensions.code)];
  }
}

const variables = { first: 2, where: { status: "IN_PROGRESS" } };
const { completeStep } = await client.request(COMPLETE, { input: JSON.parse(step) });

console.log(
  JSON.stringify({
    tickets: (await client.request(TICKETS, variables)).tickets.nodes,
    overGet: (await overGet.request(TICKETS, variables)).tickets.nodes,
    calls: (await client.rawRequest(TICKETS, variables)).extensions.upstream.calls,
    completed: completeStep,
    refused: await refusal("{ tickets { nodes { colour } } }"),
  }),
);
