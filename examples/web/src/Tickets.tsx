import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "./gql";
import { TicketRow } from "./TicketRow";
import { TroubleNote } from "./TroubleNote";
import { troubleOf } from "./trouble";

const TICKETS = graphql(`
  query Tickets($after: String) {
    tickets(first: 20, after: $after) {
      nodes { id ...TicketRow }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Tickets: a page of them, and those after it when they are asked for. */
export function Tickets({ after = null }: { after?: string | null }) {
  const { data, error, refetch } = useQuery(TICKETS, { variables: { after } });
  const [more, setMore] = useState(false);

  const page = data?.tickets;
  if (!page) return error ? <TroubleNote trouble={troubleOf(error)} again={() => refetch()} /> : <p>Loading …</p>;
  return (
    <>
      <ul>
        {page.nodes.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {more && <Tickets after={page.pageInfo.endCursor} />}
      {!more && page.pageInfo.hasNextPage && <button onClick={() => setMore(true)}>Show more</button>}
    </>
  );
}
