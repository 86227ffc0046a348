import { useState } from "react";
import { Processes } from "./Processes";
import { Tickets } from "./Tickets";

const VIEWS = { Processes, Tickets };

/** The page: quality processes, or tickets. */
export function App() {
  const [shown, show] = useState<keyof typeof VIEWS>("Processes");
  const View = VIEWS[shown];
  return (
    <>
      <header>
        <h1>Quality at a glance</h1>
        <nav>
          {Object.keys(VIEWS).map((name) => (
            <button
              key={name}
              aria-current={name === shown ? "page" : undefined}
              onClick={() => show(name as keyof typeof VIEWS)}
            >
              {name}
            </button>
          ))}
        </nav>
      </header>
      <main>
        <View />
      </main>
    </>
  );
}
