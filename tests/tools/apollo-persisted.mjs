// Asks by Apollo Client's persisted queries link, at the given address; prints what it was told, and by which requests.
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

const [uri, session, step] = process.argv.slice(2);

const requests = [];

// Notes what goes over the wire: the method, and whether the query's hash and its text are along.
async function noting(address, options) {
  const sent = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(address).searchParams);
  const parts = [sent.extensions && "hash", sent.query && "text"].filter(Boolean);
  requests.push(`${options.method} ${parts.join(" and ")}`);
  return fetch(address, options);
}

// A new one each time: its cache would answer, and nothing would be sent.
const client = () =>
  new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      new PersistedQueryLink({
        sha256: (text) => createHash("sha256").update(text).digest("hex"),
        useGETForHashedQueries: true,
      }),
      new HttpLink({ uri, fetch: noting, headers: { "arena-session-id": session } }),
    ]),
  });

const TICKETS = gql`
  query Tickets($first: Int!) {
    tickets(first: $first) {
      nodes {
        number
      }
    }
  }
`;

const COMPLETE = gql`
  mutation Complete($input: CompleteStepInput!) {
    completeStep(input: $input) {
      ... on CompleteStepSuccess {
        outcome
      }
      ... on OperationError {
        code
      }
    }
  }
`;

async function told(asking) {
  const { data } = await asking;
  return { data, requests: requests.splice(0) };
}

const query = { query: TICKETS, variables: { first: 1 } };
console.log(
  JSON.stringify({
    first: await told(client().query(query)),
    second: await told(client().query(query)),
    change: await told(client().mutate({ mutation: COMPLETE, variables: { input: JSON.parse(step) } })),
  }),
);
