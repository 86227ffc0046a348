import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import type { GraphQLCodegenDataMasking } from "@apollo/client/masking";
import introspection from "./gql/possibleTypes";

interface ErrorsBesideData {
  errorPolicy: "all";
}

declare module "@apollo/client" {
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}

  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery extends ErrorsBesideData {}
      interface Query extends ErrorsBesideData {}
      interface Mutate extends ErrorsBesideData {}
    }
  }
}

// A field that fails is null and has an error; the rest of the answer is worth showing.
const errorsBesideData: ErrorsBesideData = { errorPolicy: "all" };

export const client = new ApolloClient({
  // A caller's own Arena session goes along as a header here: `headers: { "arena-session-id": ... }`.
  link: new HttpLink({ uri: "/graphql" }),
  cache: new InMemoryCache({
    ...introspection, // which types are `OperationError`s; without it a fragment on them would match no member of a union
    // Every node is kept once, by its id. Said here, a selection that forgets the id is an error and no silent copy.
    typePolicies: { Node: { keyFields: ["id"] } },
  }),
  dataMasking: true,
  defaultOptions: { watchQuery: errorsBesideData, query: errorsBesideData, mutate: errorsBesideData },
});
