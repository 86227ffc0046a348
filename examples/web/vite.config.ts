import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const { STEPGRAPH = "http://127.0.0.1:8000" } = loadEnv(mode, ".", "STEPGRAPH");
  const proxy = { "/graphql": STEPGRAPH };
  return { plugins: [react()], server: { proxy }, preview: { proxy } };
});
