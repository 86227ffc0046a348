// What tests do on GraphiQL's page.
import assert from "node:assert/strict";

/** Opens GraphiQL and waits until one can write. */
export async function open(page) {
  await page.goto("/graphql");
  await editor(page, "query").waitFor();
  await page.locator(".graphiql-container").waitFor();
}

const EDITORS = {
  query: ".graphiql-query-editor",
  variables: "[aria-label=Variables] .graphiql-editor:not(.hidden)",
  headers: "[aria-label=Headers] .graphiql-editor:not(.hidden)",
  answer: ".result-window",
};

export function editor(page, name) {
  return page.locator(`${EDITORS[name]} .view-lines`).first();
}

async function shown(page, name) {
  const text = await editor(page, name).innerText();
  return text.replaceAll("\u00a0", " ").trim();
}

export async function write(page, name, text) {
  await editor(page, name).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
  if (name === "query") {
    await isKept(page, "query", text);
  }
}

/** Waits for a text to be kept in the browser; by the time a query is, GraphiQL has long read it. */
export async function isKept(page, name, text) {
  await page.waitForFunction(
    ([ending, part]) =>
      Object.keys(localStorage).some((key) => key.endsWith(ending) && localStorage.getItem(key).includes(part)),
    [`:graphiql:${name}`, text],
  );
}

export async function choose(page, title) {
  await page.locator(".graphiql-tabs").getByRole("button", { name: title, exact: true }).click();
  await isKept(page, "query", title);
}

/** Waits until an editor shows what matches, for it draws some time after it has got a text. */
export async function holds(page, name, pattern) {
  try {
    await page.waitForFunction(
      ([selector, source]) =>
        new RegExp(source).test(document.querySelector(selector)?.innerText.replaceAll("\u00a0", " ").trim()),
      [`${EDITORS[name]} .view-lines`, pattern.source],
    );
  } catch {
    assert.match(await shown(page, name), pattern);
  }
}

export async function run(page) {
  const answered = page.waitForResponse((response) => isAnswer(response));
  await page.getByRole("button", { name: /^Execute query/ }).click();
  const answer = await (await answered).json();
  const code = answer.errors?.[0].extensions.code ?? Object.keys(answer.data ?? answer.extensions)[0];
  await holds(page, "answer", new RegExp(code));
  return answer;
}

function isAnswer(response) {
  return response.request().method() === "POST" && !response.request().postData().includes("IntrospectionQuery");
}

export async function titles(page) {
  return await page.getByRole("tab").allInnerTexts();
}

export async function brightness(page) {
  return await page.evaluate(() => {
    const [, ...channels] = getComputedStyle(document.querySelector(".graphiql-container")).backgroundColor.match(
      /(\d+), (\d+), (\d+)/,
    );
    return channels.reduce((sum, channel) => sum + Number(channel), 0) / 3 / 255;
  });
}
