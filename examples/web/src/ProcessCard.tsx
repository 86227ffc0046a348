import type { FragmentType } from "@apollo/client";
import { useFragment, useLazyQuery } from "@apollo/client/react";
import { graphql } from "./gql";
import type { ProcessCardFragment, QualityProcessStatus } from "./gql/graphql";
import { StepRow } from "./StepRow";
import { TroubleNote } from "./TroubleNote";
import { type Trouble, troubleOf } from "./trouble";

const PROCESS_CARD = graphql(`
  fragment ProcessCard on QualityProcess {
    id
    guid
    number
    name
    status
    owner { fullName }
    steps { id ...StepRow }
  }
`);

const PROCESS = graphql(`
  query Process($id: ID!) {
    node(id: $id) {
      ... on QualityProcess { id ...ProcessCard }
    }
  }
`);

const STATUSES: Record<QualityProcessStatus, string> = {
  OPEN: "Open",
  COMPLETED: "Completed",
  SUBMITTED: "Submitted",
  CANCELED: "Canceled",
  UNKNOWN: "Unknown",
};

interface Props {
  process: FragmentType<ProcessCardFragment>;
  trouble: Trouble | undefined;
}

/** A process with its steps, or with the reason why they cannot be shown. */
export function ProcessCard({ process: from, trouble }: Props) {
  const { data: process, complete } = useFragment({ fragment: PROCESS_CARD, fragmentName: "ProcessCard", from });
  const [read, { error }] = useLazyQuery(PROCESS, { fetchPolicy: "network-only" });
  if (!complete) return null;
  const failure = error ? troubleOf(error) : trouble;
  return (
    <article aria-label={process.number ?? undefined}>
      <h2>
        {process.number} <span>{process.name}</span>
      </h2>
      <p>
        {process.status && STATUSES[process.status]}, {process.owner?.fullName}
      </p>
      {process.steps && (
        <ol>
          {process.steps.map((step) => (
            <StepRow key={step.id} step={step} process={process} />
          ))}
        </ol>
      )}
      {!process.steps && failure && (
        <TroubleNote trouble={failure} again={() => void read({ variables: { id: process.id } })} />
      )}
    </article>
  );
}
