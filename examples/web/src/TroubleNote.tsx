import { useApolloClient } from "@apollo/client/react";
import { useEffect, useState } from "react";
import type { Trouble } from "./trouble";

interface Props {
  trouble: Trouble;
  again: () => void;
  dismiss?: () => void;
}

/** What went wrong, and the one thing `retry.kind` says can be done about it. */
export function TroubleNote({ trouble, again, dismiss }: Props) {
  return (
    <p role="alert" className="trouble">
      <span>{trouble.words}</span> <Remedy trouble={trouble} again={again} />
      {dismiss && (
        <button aria-label="Dismiss" onClick={dismiss}>
          ×
        </button>
      )}
    </p>
  );
}

function Remedy({ trouble: { retry }, again }: Props) {
  const client = useApolloClient();
  switch (retry.kind) {
    case "NEVER":
      return null;
    case "SAFE_NOW":
    case "ONLY_WITH_SAME_KEY":
      return <button onClick={again}>Try again</button>;
    case "SAFE_LATER":
      return <Later after={retry.after} again={again} />;
    case "CHECK_FIRST":
      return <button onClick={() => client.refetchQueries({ include: "active" })}>See how it stands</button>;
    default:
      return unforeseen(retry.kind);
  }
}

/** Another try, from a moment on. */
function Later({ after, again }: { after: string | null | undefined; again: () => void }) {
  const [wait, setWait] = useState(after ? Date.parse(after) - Date.now() : 0);
  useEffect(() => {
    const timer = setTimeout(() => setWait(0), wait);
    return () => clearTimeout(timer);
  }, [wait]);
  if (wait <= 0) return <button onClick={again}>Try again</button>;
  return <button disabled>Try again after {new Date(after!).toLocaleTimeString()}</button>;
}

/** The compiler proves that this is never called; a kind newer than this page allows nothing. */
function unforeseen(_kind: never) {
  return null;
}
