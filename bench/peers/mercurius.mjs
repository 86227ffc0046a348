// Mercurius on Fastify: compiled queries, its own loaders, undici.
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import mercurius from "mercurius";
import { Arena } from "./arena.mjs";
import { resolvers } from "./resolvers.mjs";

const { QualityProcess, ...rest } = resolvers; // its steps are a loader here
const named = (type) => ({ resolveType: rest[type].__resolveType });

const app = Fastify();
app.register(mercurius, {
  schema: readFileSync(new URL("schema.graphql", import.meta.url), "utf8"),
  resolvers: { ...rest, TicketResult: named("TicketResult"), CompleteStepResult: named("CompleteStepResult") },
  loaders: {
    QualityProcess: {
      steps: (queries, { arena }) => Promise.all(queries.map(({ obj }) => QualityProcess.steps(obj, {}, { arena }))),
    },
  },
  context: (request) => ({ arena: new Arena(request.headers.arena_session_id) }),
  jit: 1,
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
