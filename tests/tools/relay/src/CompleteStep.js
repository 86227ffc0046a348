// A change and everything that can become of it.
import { graphql } from "relay-runtime";

export const mutation = graphql`
  mutation CompleteStepMutation($input: CompleteStepInput!) {
    completeStep(input: $input) {
      __typename
      ... on CompleteStepSuccess {
        outcome
        step {
          ...StepDetails_step
        }
        qualityProcess {
          ...ProcessSteps_qualityProcess
        }
      }
      ... on SignOffStepError {
        step {
          decisions {
            decision
            person {
              fullName
            }
          }
        }
      }
      ... on OperationError {
        code
        message
        retry {
          kind
          after
        }
      }
    }
  }
`;
