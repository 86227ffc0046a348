// Apollo Server on Fastify, with its REST data source: requests are shared within one operation, no answers are kept.
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { RESTDataSource } from "@apollo/datasource-rest";
import fastifyApollo from "@as-integrations/fastify";
import Fastify from "fastify";
import { resolvers } from "./resolvers.mjs";

class ArenaAPI extends RESTDataSource {
  baseURL = `${process.env.ARENA_URL}/`;

  constructor(sessionId, cache) {
    super({ cache });
    this.sessionId = sessionId;
  }

  willSendRequest(_path, request) {
    request.headers["arena_session_id"] = this.sessionId;
  }

  async qualityProcesses(first) {
    return (await this.get("qualityprocesses", { params: { limit: String(first), offset: "0" } })).results;
  }

  async steps(processGuid) {
    return (await this.get(`qualityprocesses/${processGuid}/steps`)).results;
  }

  async tickets(first) {
    return (await this.get("tickets", { params: { limit: String(first), offset: "0" } })).results;
  }

  ticket(guid) {
    return this.get(`tickets/${guid}`);
  }

  completeStep({ qualityProcessGuid, stepGuid, comment }) {
    return this.post("qualityprocesses/statuschanges", {
      body: { qualityProcess: { guid: qualityProcessGuid, step: { guid: stepGuid } }, complete: true, comment },
    });
  }
}

const server = new ApolloServer({
  typeDefs: readFileSync(new URL("schema.graphql", import.meta.url), "utf8"),
  resolvers,
});
await server.start();

const app = Fastify();
app.register(fastifyApollo(server), {
  context: async (request) => ({ arena: new ArenaAPI(request.headers.arena_session_id, server.cache) }),
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
