// What somebody does with GraphiQL; tests/browser/test_graphiql_in_chromium.py runs each on a page of its own.
import assert from "node:assert/strict";

import { brightness, choose, editor, holds, isKept, open, run, titles, write } from "./graphiql_page.mjs";

const EXAMPLES = [
  "OpenQualityProcesses",
  "Tickets",
  "CompleteStep",
  "ReopenStep",
  "ChangeTicketStatus",
  "CompleteSteps",
  "ReopenSteps",
  "ChangeTicketStatuses",
  "WorkflowProcess",
  "CompleteProcessStep",
  "LogIn",
  "LogOut",
];

export async function it_opens_with_the_examples_in_tabs(page) {
  await open(page);
  assert.deepEqual(await titles(page), EXAMPLES);
  await holds(page, "query", /^# What is open in the CAPAs/);
  await holds(page, "headers", /^\{\s+"arena_session_id": "demo-viewer"\s+\}$/);
}

export async function it_completes_the_names_of_fields(page) {
  await open(page);
  await write(page, "query", "{ ");
  await page.keyboard.type("qualityPro");
  const suggestions = page.locator(".suggest-widget.visible .monaco-list-row .label-name");
  await suggestions.first().waitFor();
  // On a busy machine the suggestions from before all was typed stand there for a moment.
  await suggestions.filter({ hasNotText: /^qualityPro/ }).first().waitFor({ state: "detached" });
  assert.deepEqual(await suggestions.allInnerTexts(), ["qualityProcess", "qualityProcesses"]);
}

export async function it_marks_what_the_schema_does_not_have(page) {
  await open(page);
  await write(page, "query", "{ unicorns }");
  await page.locator(".graphiql-query-editor .squiggly-error").first().waitFor();
}

export async function it_runs_a_query_and_shows_its_extensions(page) {
  await open(page);
  await write(page, "query", "{ tickets(first: 1, where: { status: IN_PROGRESS }) { nodes { number status } } }");
  const answer = await run(page);
  assert.deepEqual(answer.data.tickets.nodes, [{ number: "DEF-000001", status: "IN_PROGRESS" }]);
  await holds(page, "answer", /"extensions": \{\s+"upstream": \{/);
}

export async function it_runs_every_example_and_none_of_them_fails(page) {
  await open(page);
  for (const title of EXAMPLES) {
    await choose(page, title);
    const { data, errors } = await run(page);
    assert.equal(errors, undefined);
    const [result] = Object.values(data);
    assert.match(result.__typename ?? "Success", /(Success|Payload)$/);
  }
}

export async function it_shows_why_a_mutation_is_refused(page) {
  await open(page);
  await choose(page, "ReopenStep");
  await page.getByRole("button", { name: "Show Examples" }).click();
  await page.getByRole("button", { name: /^viewer/ }).click();
  const { data } = await run(page);
  assert.equal(data.reopenStep.__typename, "PermissionDeniedError");
  assert.equal(data.reopenStep.code, "PERMISSION_DENIED");
}

export async function it_sends_the_headers_of_the_tab(page) {
  await open(page);
  await write(page, "headers", '{ "arena_session_id": "nobody\'s" }');
  const { errors } = await run(page);
  assert.deepEqual(errors.map(({ extensions }) => extensions.code), ["SESSION_EXPIRED"]);
}

export async function it_shows_the_calls_an_operation_would_take(page) {
  await open(page);
  await write(page, "query", "{ tickets(first: 1) { nodes { number } } }");
  await write(page, "headers", '{ "x-explain": "true" }');
  const { data, extensions } = await run(page);
  assert.equal(data, null);
  assert.deepEqual(extensions.explain.calls.map(({ method, path }) => `${method} ${path}`), ["GET /tickets"]);
  await holds(page, "answer", /"path": "\/tickets"/);
}

export async function it_opens_an_example_that_was_closed(page) {
  await open(page);
  await page.getByRole("button", { name: "Close Tab" }).first().click();
  assert.deepEqual(await titles(page), EXAMPLES.slice(1));
  await page.getByRole("button", { name: "Show Examples" }).click();
  await page.getByRole("button", { name: "List what is open in quality" }).click();
  await holds(page, "query", /^# What is open in the CAPAs/);
}

export async function its_docs_explorer_leads_to_a_type(page) {
  await open(page);
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  const docs = page.locator(".graphiql-doc-explorer");
  await docs.getByRole("link", { name: "Mutation", exact: true }).click();
  await docs.getByRole("link", { name: "completeStep", exact: true }).click();
  await docs.getByText("CompleteStepResult!").waitFor();
}

export async function its_query_builder_adds_a_field(page) {
  await open(page);
  await write(page, "query", "query Fewer { tickets { nodes { number } } }");
  await page.getByRole("button", { name: "Show Query builder" }).click();
  await page.locator(".graphiql-explorer-root").getByText("title", { exact: true }).click();
  await holds(page, "query", /number\s+title/);
}

export async function its_history_remembers_what_ran(page) {
  await open(page);
  await write(page, "query", "query Remembered { upstreamBudgets { system } }");
  await run(page);
  await page.reload();
  await page.getByRole("button", { name: "Show History" }).click();
  await page.getByLabel("History", { exact: true }).getByText("Remembered", { exact: true }).waitFor();
}

export async function it_follows_the_system_into_the_dark_and_can_be_switched(page) {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page);
  const dark = await brightness(page);
  await page.getByRole("button", { name: "Open settings dialog" }).click();
  await page.getByRole("button", { name: "Light", exact: true }).click();
  const light = await brightness(page);
  assert.ok(dark < 0.3 && light > 0.7, `brightness ${dark}, then ${light}`);
}

export async function it_keeps_an_edited_tab_and_its_headers(page) {
  await open(page);
  await write(page, "query", "query Mine { upstreamBudgets { system } }");
  await isKept(page, "tabState", "Mine");
  await page.reload();
  await editor(page, "query").waitFor();
  assert.deepEqual(await titles(page), ["Mine", ...EXAMPLES.slice(1)]);
  await holds(page, "headers", /^\{\s+"arena_session_id": "demo-viewer"\s+\}$/);
}

export async function it_replaces_examples_of_another_day_and_keeps_what_was_edited(page) {
  await open(page);
  await write(page, "query", "query Mine { upstreamBudgets { system } }");
  await isKept(page, "tabState", "Mine");
  await page.evaluate(() => {
    for (const key of ["offered examples", "graphiql:tabState"]) {
      const kept = localStorage.getItem(`stepgraph sandbox:${key}`);
      localStorage.setItem(`stepgraph sandbox:${key}`, kept.replaceAll("ReopenStep", "OpenAgain"));
    }
  });
  await page.reload();
  await editor(page, "query").waitFor();
  assert.deepEqual(await titles(page), [...EXAMPLES, "Mine"]);
}

export async function it_works_where_the_browser_keeps_nothing(page) {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  });
  await open(page);
  const { data } = await run(page);
  assert.equal(data.qualityProcesses.nodes[0].number, "CAPA-000001");
}
