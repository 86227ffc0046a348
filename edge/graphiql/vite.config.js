import { defineConfig } from "vite";

import { compressed } from "./compressed.js";
import { licenses } from "./licenses.js";

export default defineConfig({
  base: "./", // the page is served at /graphql and its files below /graphiql/, whatever path a proxy adds to both
  html: { cspNonce: "{nonce}" }, // the service puts in a new one for every page
  esbuild: { jsx: "automatic" },
  worker: { format: "es" },
  plugins: [licenses(), compressed()],
  build: {
    assetsDir: "graphiql",
    chunkSizeWarningLimit: 5000, // Monaco is what it is
  },
});
