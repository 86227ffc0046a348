import "./style_elements.js";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import { examplesPlugin } from "./examples.jsx";
import { settings } from "./settings.js";
import { openStorage } from "./storage.js";

const queryBuilder = { ...explorerPlugin(), title: "Query builder" };

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={createGraphiQLFetcher({ url: location.pathname })}
    storage={openStorage(settings)}
    defaultHeaders={settings.default_headers}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={settings.keeps_secrets}
    plugins={[HISTORY_PLUGIN, queryBuilder, examplesPlugin(settings)]}
  />,
);
