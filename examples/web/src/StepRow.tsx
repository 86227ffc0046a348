import type { FragmentType } from "@apollo/client";
import { useFragment, useMutation } from "@apollo/client/react";
import { graphql } from "./gql";
import type { ProcessCardFragment, QualityStepStatus, StepRowFragment } from "./gql/graphql";
import { TroubleNote } from "./TroubleNote";
import { troubleIn } from "./trouble";
import { useChange } from "./useChange";

const STEP_ROW = graphql(`
  fragment StepRow on QualityStep {
    id
    guid
    name
    type
    status
    assignees { fullName }
  }
`);

// Both ask for no more than the change itself tells: further fields of the step would cost a call, which can fail.
const COMPLETE_STEP = graphql(`
  mutation CompleteStep($input: CompleteStepInput!) {
    completeStep(input: $input) {
      ... on CompleteStepSuccess {
        step { id status }
        qualityProcess { id status }
      }
      ...Refusal @unmask
    }
  }
`);

const REOPEN_STEP = graphql(`
  mutation ReopenStep($input: ReopenStepInput!) {
    reopenStep(input: $input) {
      ... on ReopenStepSuccess {
        step { id status }
        qualityProcess { id status }
      }
      ...Refusal @unmask
    }
  }
`);

const STATUSES: Record<QualityStepStatus, string> = {
  OPEN: "Open",
  COMPLETE: "Complete",
  UNKNOWN: "Unknown",
};

interface Props {
  step: FragmentType<StepRowFragment>;
  process: Pick<ProcessCardFragment, "__typename" | "id" | "guid" | "status">;
}

/** A step, and the button that completes or reopens it. */
export function StepRow({ step: from, process }: Props) {
  const { data: step, complete } = useFragment({ fragment: STEP_ROW, from });
  const [completeStep] = useMutation(COMPLETE_STEP);
  const [reopenStep] = useMutation(REOPEN_STEP);
  const { change, pending, refused, dismiss } = useChange();
  if (!complete) return null;

  const qualityProcess = { __typename: process.__typename, id: process.id, status: process.status };
  const input = { qualityProcessGuid: process.guid, stepGuid: step.guid };

  const completeIt = () =>
    change(async (idempotencyKey) => {
      const { data, error } = await completeStep({
        variables: { input: { ...input, idempotencyKey } },
        optimisticResponse: {
          completeStep: {
            __typename: "CompleteStepSuccess",
            step: { __typename: "QualityStep", id: step.id, status: "COMPLETE" },
            qualityProcess,
          },
        },
      });
      return troubleIn(data?.completeStep, error);
    });

  const reopenIt = () =>
    change(async (idempotencyKey) => {
      const { data, error } = await reopenStep({
        variables: { input: { ...input, idempotencyKey } },
        optimisticResponse: {
          reopenStep: {
            __typename: "ReopenStepSuccess",
            step: { __typename: "QualityStep", id: step.id, status: "OPEN" },
            qualityProcess,
          },
        },
      });
      return troubleIn(data?.reopenStep, error);
    });

  const isComplete = step.status === "COMPLETE";
  const canChange = step.type === "REGULAR" && step.status !== "UNKNOWN" && process.status !== "COMPLETED";
  return (
    <li aria-label={step.name ?? undefined} aria-busy={pending}>
      <span>
        {step.name} <small>{step.assignees?.map(({ fullName }) => fullName).join(", ")}</small>
      </span>
      <output>{step.status && STATUSES[step.status]}</output>
      {canChange && (
        <button disabled={pending} onClick={isComplete ? reopenIt : completeIt}>
          {isComplete ? "Reopen" : "Complete"}
        </button>
      )}
      {refused && <TroubleNote trouble={refused} again={refused.again} dismiss={dismiss} />}
    </li>
  );
}
