import { Button, StarIcon, pick, tryParseJSONC, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useState } from "react";

/** A pane of the sidebar that opens the examples again, and puts the headers of demo sessions into the present tab. */
export function examplesPlugin(settings) {
  return { title: "Examples", icon: StarIcon, content: () => <Examples {...settings} /> };
}

function Examples({ examples, sessions, default_headers: defaultHeaders }) {
  return (
    <section aria-label="Examples" className="examples">
      <h2>Examples</h2>
      <Operations examples={examples} defaultHeaders={defaultHeaders} />
      {sessions.length > 0 && <h2>Ask as</h2>}
      {sessions.length > 0 && <Sessions sessions={sessions} />}
    </section>
  );
}

function Operations({ examples, defaultHeaders }) {
  const { addTab, changeTab } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor, headerEditor } = useGraphiQL(
    pick("tabs", "queryEditor", "variableEditor", "headerEditor"),
  );

  function open(example) {
    const opened = tabs.findIndex((tab) => tab.query === example.query);
    if (opened >= 0) {
      changeTab(opened);
      return;
    }
    addTab();
    queryEditor.setValue(example.query);
    variableEditor.setValue(example.variables);
    headerEditor.setValue(example.headers || defaultHeaders);
  }

  return examples.map((example) => (
    <Button key={example.title} type="button" onClick={() => open(example)}>
      {example.title}
    </Button>
  ));
}

function Sessions({ sessions }) {
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  const [trouble, setTrouble] = useState(null);

  function ask({ headers }) {
    try {
      const present = tryParseJSONC(headerEditor.getValue());
      headerEditor.setValue(JSON.stringify({ ...present, ...headers }, null, 2));
      setTrouble(null);
    } catch {
      setTrouble("Mend the headers of this tab first: they are no JSON object.");
    }
  }

  return (
    <>
      {sessions.map((session) => (
        <Button key={session.name} type="button" onClick={() => ask(session)}>
          <strong>{session.name}</strong> {session.note}
        </Button>
      ))}
      {trouble && <p role="alert">{trouble}</p>}
    </>
  );
}
