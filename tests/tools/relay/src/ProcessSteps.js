// A fragment of an item of the list.
import { graphql } from "relay-runtime";

export const fragment = graphql`
  fragment ProcessSteps_qualityProcess on QualityProcess {
    status
    currentStep {
      id
    }
    steps(status: OPEN) {
      id
      name
      ...StepDetails_step
    }
  }
`;
