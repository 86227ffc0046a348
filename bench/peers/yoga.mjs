// GraphQL Yoga on Node's HTTP server: graphql-jit, undici.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import { createSchema, createYoga } from "graphql-yoga";
import { Arena } from "./arena.mjs";
import { resolvers } from "./resolvers.mjs";

const yoga = createYoga({
  schema: createSchema({
    typeDefs: readFileSync(new URL("schema.graphql", import.meta.url), "utf8"),
    resolvers,
  }),
  context: ({ request }) => ({ arena: new Arena(request.headers.get("arena_session_id")) }),
  plugins: [useGraphQlJit()],
  logging: false,
});
createServer(yoga).listen(Number(process.env.PORT), "127.0.0.1");
