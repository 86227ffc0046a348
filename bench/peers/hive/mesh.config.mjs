// The graph Hive Gateway serves, composed of descriptions of the REST answers.
import { defineConfig } from "@graphql-mesh/compose-cli";
import { loadJSONSchemaSubgraph } from "@omnigraph/json-schema";

const text = { type: "string" };
const object = (title, properties) => ({ type: "object", title, properties });
const list = (title, items) => object(title, { results: { type: "array", items } });

const person = object("Person", { guid: text, fullName: text, email: text });
const qualityProcess = object("QualityProcess", { guid: text, number: text, name: text, status: text, owner: person });
const step = object("QualityStep", {
  guid: text,
  name: text,
  order: { type: "integer" },
  status: text,
  assignees: object("Assignees", { users: { type: "array", items: person } }),
});
const ticket = object("Ticket", {
  guid: text,
  number: text,
  title: text,
  description: text,
  priority: text,
  fixVersion: text,
  status: object("TicketStatus", { value: text }),
  assignee: person,
  creationDateTime: text,
  modifyDateTime: text,
});
const page = { first: { type: "integer" } };

export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadJSONSchemaSubgraph("Arena", {
        endpoint: process.env.ARENA_URL,
        operationHeaders: { arena_session_id: "{context.headers['arena_session_id']}" },
        operations: [
          {
            type: "Query",
            field: "qualityProcesses",
            path: "/qualityprocesses?limit={args.first}&offset=0",
            method: "GET",
            argTypeMap: page,
            responseSchema: list("QualityProcessList", qualityProcess),
          },
          {
            type: "Query",
            field: "steps",
            path: "/qualityprocesses/{args.guid}/steps",
            method: "GET",
            responseSchema: list("QualityStepList", step),
          },
          {
            type: "Query",
            field: "tickets",
            path: "/tickets?limit={args.first}&offset=0",
            method: "GET",
            argTypeMap: page,
            responseSchema: list("TicketList", ticket),
          },
          {
            type: "Query",
            field: "ticket",
            path: "/tickets/{args.guid}",
            method: "GET",
            responseSchema: ticket,
          },
          {
            type: "Mutation",
            field: "completeStep",
            path: "/qualityprocesses/statuschanges",
            method: "POST",
            requestSchema: object("CompleteStepInput", {
              qualityProcess: object("QualityProcessInput", { guid: text, step: object("QualityStepInput", { guid: text }) }),
              complete: { type: "boolean" },
              comment: text,
            }),
            responseSchema: object("CompleteStepSuccess", { comment: text, qualityProcess }),
          },
        ],
      }),
    },
  ],
  additionalTypeDefs: /* GraphQL */ `
    extend type QualityProcess {
      steps: QualityStepList
        @resolveTo(
          sourceName: "Arena"
          sourceTypeName: "Query"
          sourceFieldName: "steps"
          requiredSelectionSet: "{ guid }"
          sourceArgs: { guid: "{root.guid}" }
        )
    }
  `,
});
