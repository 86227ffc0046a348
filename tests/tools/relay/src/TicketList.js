// The same for tickets, without arguments of its own.
import { graphql } from "relay-runtime";

export const query = graphql`
  query TicketListQuery($first: Int!, $after: String) {
    ...TicketList_query
  }
`;

export const fragment = graphql`
  fragment TicketList_query on Query @refetchable(queryName: "TicketListPaginationQuery") {
    tickets(first: $first, after: $after) @connection(key: "TicketList_tickets", filters: []) {
      edges {
        cursor
        node {
          number
          title
          status
        }
      }
    }
  }
`;
