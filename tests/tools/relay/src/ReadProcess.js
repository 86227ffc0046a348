// One object, or why it cannot be read.
import { graphql } from "relay-runtime";

export const query = graphql`
  query ReadProcessQuery($guid: String!) {
    qualityProcess(guid: $guid) {
      __typename
      ... on QualityProcess {
        number
        ...ProcessSteps_qualityProcess @alias
      }
      ... on NotFoundError {
        key
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
