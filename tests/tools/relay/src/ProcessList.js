// A list that grows by a page at a time, as usePaginationFragment takes it.
import { graphql } from "relay-runtime";

export const query = graphql`
  query ProcessListQuery($first: Int!, $where: QualityProcessWhere) {
    ...ProcessList_query @arguments(first: $first, where: $where)
  }
`;

export const fragment = graphql`
  fragment ProcessList_query on Query
  @refetchable(queryName: "ProcessListPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    where: { type: "QualityProcessWhere" }
  ) {
    qualityProcesses(first: $first, after: $after, where: $where) @connection(key: "ProcessList_qualityProcesses") {
      edges {
        node {
          id
          number
          ...ProcessSteps_qualityProcess
        }
      }
    }
  }
`;
