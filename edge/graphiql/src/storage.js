import { createLocalStorage } from "@graphiql/toolkit";

const TABS = "graphiql:tabState";
const EDITORS = ["query", "variables", "headers"];
const OFFERED = "offered examples";
const VARIABLES = "graphiql:variables";

/**
 * Opens what GraphiQL keeps in this browser: its tabs, history and choices, apart for each place the service looks at.
 *
 * Where the examples are others than at the last visit, they take the places of those that were left as they were;
 * whatever somebody has edited stays.
 */
export function openStorage({ place, keeps_secrets: keepsSecrets, examples }) {
  const storage = browserKeepsThings() ? createLocalStorage({ namespace: `stepgraph ${place}` }) : passingStorage();
  let kept = parse(storage.getItem(TABS));
  const offered = parse(storage.getItem(OFFERED)) ?? [];
  if (!kept?.tabs?.length || JSON.stringify(offered) !== JSON.stringify(examples)) {
    const edited = (kept?.tabs ?? []).filter((tab) => tab.query && !offered.some((example) => isUnedited(tab, example)));
    kept = { activeTabIndex: 0, tabs: [...examples.map(unopenedTab), ...edited] };
    storage.setItem(TABS, JSON.stringify(kept));
    storage.setItem(OFFERED, JSON.stringify(examples));
  }
  // GraphiQL also keeps the editors apart from the tabs, and would open one more tab if the two had drifted apart.
  const active = kept.tabs[kept.activeTabIndex] ?? kept.tabs[0];
  for (const editor of EDITORS) {
    storage.setItem(`graphiql:${editor}`, active?.[editor] ?? "");
  }
  return keepsSecrets ? storage : withoutSecrets(storage);
}

function browserKeepsThings() {
  try {
    return localStorage.length >= 0;
  } catch {
    return false; // it is told to keep nothing of sites
  }
}

function passingStorage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}

/** GraphiQL keeps the headers that were sent, in its history, whatever it is told of tabs; and variables everywhere. */
function withoutSecrets(storage) {
  return {
    ...storage,
    setItem(key, value) {
      storage.setItem(key, key === VARIABLES ? "" : publicPart(value)); // the tabs have them, too, with their documents
    },
  };
}

function publicPart(value) {
  const kept = parse(value);
  return kept?.tabs || kept?.queries || kept?.favorites ? JSON.stringify(kept, unlessSecret) : value;
}

function unlessSecret(key, value) {
  if (key === "headers") {
    return null;
  }
  return key === "variables" && value ? publicVariables(this) : value;
}

/** A password is in variables, since the service refuses documents that hold one: by its name there, or by another. */
function publicVariables({ query, variables }) {
  return variables.includes('"password"') || query?.includes("password") ? "" : variables;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // GraphiQL, too, throws away what it cannot read
  }
}

function isUnedited(tab, example) {
  return (
    tab.query === example.query &&
    [example.variables, publicVariables(example)].includes(tab.variables ?? "") &&
    (tab.headers === null || tab.headers === example.headers) // null where headers are not kept
  );
}

function unopenedTab({ query, variables, headers }, index) {
  const [, title] = query.match(/^(?:query|mutation) (\w+)/m);
  return { id: `example-${index}`, title, query, variables, headers: headers || null, operationName: title, response: null };
}
