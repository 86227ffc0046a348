// One object that is fetched again by its global id, as useRefetchableFragment takes it.
import { graphql } from "relay-runtime";

export const fragment = graphql`
  fragment StepDetails_step on QualityStep @refetchable(queryName: "StepDetailsRefetchQuery") {
    name
    status
    completedBy {
      fullName
    }
    qualityProcess {
      number
    }
  }
`;
