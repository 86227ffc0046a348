// Reads, pages, changes and is refused by urql, at the given address; prints what it was told.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const [url, session, step, ticketGuid] = process.argv.slice(2);

const client = new Client({
  url,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: { "arena-session-id": session } },
});

const PROCESSES = gql`
  query Processes($first: Int!, $after: String) {
    qualityProcesses(first: $first, after: $after, where: { number: "CAPA-*" }) {
      edges {
        node {
          id
          number
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const COMPLETE = gql`
  mutation Complete($input: CompleteStepInput!) {
    completeStep(input: $input) {
      ... on CompleteStepSuccess {
        outcome
        step {
          id
          status
        }
      }
      ... on OperationError {
        code
        retry {
          kind
        }
      }
    }
  }
`;

const TICKET_AND_NOTHING = gql`
  query TicketAndNothing($guid: String!) {
    ticket(guid: $guid) {
      ... on Ticket {
        number
      }
    }
    nodes(ids: ["nothing"]) {
      id
    }
  }
`;

const numbers = ({ data }) => data.qualityProcesses.edges.map(({ node }) => node.number);

const first = await client.query(PROCESSES, { first: 2 });
const next = await client.query(PROCESSES, { first: 2, after: first.data.qualityProcesses.pageInfo.endCursor });
const again = await client.query(PROCESSES, { first: 2 }, { requestPolicy: "cache-first" });
const input = JSON.parse(step);
const completed = await client.mutation(COMPLETE, { input });
const refused = await client.mutation(COMPLETE, { input });
const partial = await client.query(TICKET_AND_NOTHING, { guid: ticketGuid });

console.log(
  JSON.stringify({
    pages: [numbers(first), numbers(next)],
    cached: numbers(again),
    completed: completed.data.completeStep,
    refused: refused.data.completeStep,
    partial: [partial.data, partial.error?.graphQLErrors.map(({ extensions }) => extensions.code)],
  }),
);
