import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "./gql";
import { ProcessCard } from "./ProcessCard";
import { TroubleNote } from "./TroubleNote";
import { troubleBelow, troubleOf } from "./trouble";

const PROCESSES = graphql(`
  query Processes($after: String) {
    qualityProcesses(first: 10, after: $after) {
      nodes { id ...ProcessCard }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Quality processes with their steps: a page of them, and those after it when they are asked for. */
export function Processes({ after = null }: { after?: string | null }) {
  const { data, error, refetch } = useQuery(PROCESSES, { variables: { after } });
  const [more, setMore] = useState(false);
  const lastError = useLast(error);

  const page = data?.qualityProcesses;
  if (!page) return error ? <TroubleNote trouble={troubleOf(error)} again={() => refetch()} /> : <p>Loading …</p>;
  return (
    <>
      {page.nodes.map((process, index) => (
        <ProcessCard
          key={process.id}
          process={process}
          trouble={troubleBelow(["qualityProcesses", "nodes", index], lastError)}
        />
      ))}
      {more && <Processes after={page.pageInfo.endCursor} />}
      {!more && page.pageInfo.hasNextPage && <button onClick={() => setMore(true)}>Show more</button>}
    </>
  );
}

/** Apollo Client forgets an answer's errors at the next change of the cache, when what failed is missing still. */
function useLast<Value>(value: Value | undefined) {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
