import { CombinedGraphQLErrors, type ErrorLike } from "@apollo/client";
import type { GraphQLFormattedError } from "graphql";
import { graphql } from "./gql";
import type {
  ChangeTicketStatusMutation,
  CompleteStepMutation,
  ErrorCode,
  ReopenStepMutation,
  RetryKind,
} from "./gql/graphql";

/** What went wrong, in words for the user, and whether the same request may be sent again. */
export interface Trouble {
  words: string;
  retry: { kind: RetryKind; after?: string | null };
}

/** What a result union's error tells; spread with `@unmask` beside the success. */
export const REFUSAL = graphql(`
  fragment Refusal on OperationError {
    code
    retry { kind after }
    ... on StepAlreadyCompletedError { step { id status completedBy { fullName } } }
    ... on StepAlreadyOpenError { step { id status } }
    ... on QualityProcessCompletedError { completed: qualityProcess { id status } }
    ... on NotFoundError { resource }
    ... on InvalidInputError { fields { message } }
    ... on UpstreamError { upstream { code message } }
  }
`);

type Results = CompleteStepMutation & ReopenStepMutation & ChangeTicketStatusMutation;
type Result = Results[keyof Results];
type Refusal = Exclude<Result, { __typename: `${string}Success` }>;

/** Why a change was not made; nothing when it was. An error beside a success is one of a field read after the change. */
export function troubleIn(result: Result | undefined, error: ErrorLike | undefined): Trouble | undefined {
  if (!result) return error && troubleOf(error);
  if (isSuccess(result)) return undefined;
  return { words: wordsOf(result), retry: result.retry };
}

/** A failure of a whole request. */
export function troubleOf(error: ErrorLike): Trouble {
  if (CombinedGraphQLErrors.is(error)) return troubleOfField(error.errors[0]!);
  // The answer is lost, which says nothing about a change: only its key makes it safe to send again.
  return { words: "The service cannot be reached.", retry: { kind: "ONLY_WITH_SAME_KEY" } };
}

/** The failure of a field somewhere below a place in an answer, such as `["qualityProcesses", "nodes", 3]`. */
export function troubleBelow(place: (string | number)[], error: ErrorLike | undefined): Trouble | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const failed = error.errors.find(({ path }) => place.every((step, depth) => path?.[depth] === step));
  return failed && troubleOfField(failed);
}

function troubleOfField({ extensions }: GraphQLFormattedError): Trouble {
  const { code, retry } = (extensions ?? {}) as { code?: ErrorCode; retry?: Trouble["retry"] };
  return { words: wordsOfCode(code), retry: retry ?? { kind: "NEVER" } };
}

function isSuccess(result: Result): result is Exclude<Result, Refusal> {
  return result.__typename.endsWith("Success");
}

function wordsOf(refusal: Refusal): string {
  switch (refusal.__typename) {
    case "StepAlreadyCompletedError":
      return `${refusal.step?.completedBy?.fullName ?? "Somebody"} has completed this step already.`;
    case "StepAlreadyOpenError":
      return "This step is open already.";
    case "QualityProcessCompletedError":
      return "The process is completed, so its steps cannot change. Reopen it in Arena first.";
    case "SignOffStepError":
      return "This is a sign-off step: its approvers decide it in Arena.";
    case "NotFoundError":
      return `Arena has no such ${refusal.resource}, or you may not see it.`;
    case "InvalidInputError":
      return refusal.fields.map(({ message }) => message).join(" ");
    case "OutcomeUnknownError":
      return "The answer was lost on its way, so nobody knows whether the change was made.";
    case "UpstreamError":
      return [wordsOfCode(refusal.code), refusal.upstream?.message].filter(Boolean).join(" ");
    case "UnauthenticatedError":
    case "PermissionDeniedError":
    case "RateLimitedError":
    case "IdempotencyError":
      return wordsOfCode(refusal.code);
    default:
      return unforeseen(refusal);
  }
}

function wordsOfCode(code: ErrorCode | undefined): string {
  switch (code) {
    case "SESSION_MISSING":
      return "Nobody is logged in to Arena. Please log in.";
    case "SESSION_EXPIRED":
      return "Your Arena session has ended. Please log in again.";
    case "PERMISSION_DENIED":
      return "You may not do this: ask somebody who may.";
    case "RATE_LIMITED":
      return "Arena takes no more calls for now.";
    case "LIMIT_EXCEEDED":
      return "This is too much to ask for at once.";
    case "IDEMPOTENCY_IN_PROGRESS":
      return "The first try is still under way.";
    case "UPSTREAM_REJECTED":
      return "Arena refused.";
    case "UPSTREAM_UNAVAILABLE":
      return "Arena cannot be reached just now.";
    case "UPSTREAM_TIMEOUT":
      return "Arena did not answer in time.";
    case "UPSTREAM_CONTRACT":
      return "Arena gave an answer that makes no sense.";
    default:
      return "Something went wrong."; // codes are added without a warning: `retry` says what to do
  }
}

/** The compiler proves that this is never called; a member the running service has since been given still comes here. */
function unforeseen(_refusal: never): string {
  return "The change was refused for a reason this page does not know.";
}
