// What somebody does with GraphiQL where the service asks real hosts, and has no credentials for them itself.
import assert from "node:assert/strict";

import { choose, editor, holds, isKept, open, run, titles, write } from "./graphiql_page.mjs";

const EMPTY_PLACES = /^\{\s+"arena_session_id": "",\s+"authorization": "Bearer "\s+\}$/;

export async function its_examples_leave_places_to_fill_in(page) {
  await open(page);
  await holds(page, "headers", EMPTY_PLACES);
  await choose(page, "CompleteStep");
  await page.getByRole("button", { name: "Variables" }).click();
  await holds(page, "variables", /"stepGuid": "the guid of one of its steps"/);
}

export async function it_offers_no_demo_sessions(page) {
  await open(page);
  await page.getByRole("button", { name: "Show Examples" }).click();
  await page.getByRole("button", { name: "Complete a step", exact: true }).waitFor();
  assert.equal(await page.getByText("Ask as").count(), 0);
}

export async function it_says_that_a_session_is_missing(page) {
  await open(page);
  const { errors } = await run(page);
  assert.deepEqual(errors.map(({ extensions }) => extensions.code), ["SESSION_MISSING"]);
}

export async function it_keeps_no_session(page) {
  const { arenaSessionId } = await logIn({ email: "viewer@sandbox.test", password: "sandbox" });
  await open(page);
  await write(page, "query", "query Private { tickets(first: 1) { nodes { number } } }");
  await write(page, "headers", JSON.stringify({ arena_session_id: arenaSessionId }));
  const { data } = await run(page);
  assert.equal(data.tickets.nodes.length, 1);
  await isKept(page, "tabState", "Private");
  await isKept(page, "queries", "Private");
  assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes(arenaSessionId));
  await page.reload();
  await editor(page, "query").waitFor();
  assert.equal((await titles(page))[0], "Private");
  await holds(page, "headers", EMPTY_PLACES);
}

export async function it_keeps_no_password(page) {
  await open(page);
  await choose(page, "LogIn");
  await logInAndLeave(page, '{ "input": { "email": "member@sandbox.test", "password": "sandbox" } }');
}

export async function it_keeps_no_password_by_another_name(page) {
  await open(page);
  await choose(page, "LogIn");
  const document = "mutation LogIn($who: String!, $by: String!) { login(input: {email: $who, password: $by}) { __typename } }";
  await write(page, "query", document);
  await logInAndLeave(page, '{ "who": "member@sandbox.test", "by": "sandbox" }');
}

async function logInAndLeave(page, variables) {
  await page.getByRole("button", { name: "Variables" }).click();
  await write(page, "variables", variables);
  const { data } = await run(page);
  assert.equal(data.login.__typename, "LoginSuccess");
  await choose(page, "LogOut");
  await isKept(page, "queries", "LogIn");
  const kept = await page.evaluate(() => Object.entries(localStorage));
  for (const [key, value] of kept.filter(([key]) => !key.endsWith("offered examples"))) {
    assert.ok(!value.includes("member@sandbox.test"), key);
  }
}

async function logIn(credentials) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${process.env.ARENA}/login`, { method: "POST", headers, body: JSON.stringify(credentials) });
  return await answer.json();
}
