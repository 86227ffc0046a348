import type { FragmentType } from "@apollo/client";
import { useFragment, useMutation } from "@apollo/client/react";
import { graphql } from "./gql";
import type { SettableTicketStatus, TicketRowFragment } from "./gql/graphql";
import { TroubleNote } from "./TroubleNote";
import { troubleIn } from "./trouble";
import { useChange } from "./useChange";

const TICKET_ROW = graphql(`
  fragment TicketRow on Ticket {
    id
    guid
    number
    title
    status
  }
`);

const CHANGE_TICKET_STATUS = graphql(`
  mutation ChangeTicketStatus($input: ChangeTicketStatusInput!) {
    changeTicketStatus(input: $input) {
      ... on ChangeTicketStatusSuccess {
        ticket { id status }
      }
      ...Refusal @unmask
    }
  }
`);

const STATUSES: Record<SettableTicketStatus, string> = {
  NOT_STARTED: "Not started",
  IN_PROGRESS: "In progress",
  COMPLETE: "Complete",
};

/** A ticket, and the statuses it can be given. */
export function TicketRow({ ticket: from }: { ticket: FragmentType<TicketRowFragment> }) {
  const { data: ticket, complete } = useFragment({ fragment: TICKET_ROW, from });
  const [changeTicketStatus] = useMutation(CHANGE_TICKET_STATUS);
  const { change, pending, refused, dismiss } = useChange();
  if (!complete) return null;

  const give = (status: SettableTicketStatus) =>
    change(async (idempotencyKey) => {
      const { data, error } = await changeTicketStatus({
        variables: { input: { ticketGuid: ticket.guid, status, idempotencyKey } },
        optimisticResponse: {
          changeTicketStatus: {
            __typename: "ChangeTicketStatusSuccess",
            ticket: { __typename: "Ticket", id: ticket.id, status },
          },
        },
      });
      return troubleIn(data?.changeTicketStatus, error);
    });

  return (
    <li aria-label={ticket.number ?? undefined} aria-busy={pending}>
      <span>
        {ticket.number} <small>{ticket.title}</small>
      </span>
      <select
        aria-label={`Status of ${ticket.number}`}
        value={ticket.status ?? "UNKNOWN"}
        disabled={pending}
        onChange={(event) => give(event.target.value as SettableTicketStatus)}
      >
        {ticket.status === "UNKNOWN" && (
          <option value="UNKNOWN" disabled>
            Unknown
          </option>
        )}
        {Object.entries(STATUSES).map(([status, label]) => (
          <option key={status} value={status}>
            {label}
          </option>
        ))}
      </select>
      {refused && <TroubleNote trouble={refused} again={refused.again} dismiss={dismiss} />}
    </li>
  );
}
