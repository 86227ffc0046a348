// Does in Chromium what it is told on standard input, a line of JSON at a time; driver.py speaks to it.
import { createInterface } from "node:readline";
import { openPage, startChromium } from "./chromium.mjs";

const browser = await startChromium();
const opened = [];

const actions = {
  async open({ origin }) {
    opened.push(await openPage(browser, origin));
    return opened.length - 1;
  },
  // Methods of playwright's Page one after the other, such as [["getByRole", "button"], ["click"]].
  call({ page, calls }) {
    return calls.reduce((target, [method, ...options]) => target[method](...options), opened[page].page);
  },
  // The page's misdeeds, which are its last words.
  async close({ page }) {
    await opened[page].page.context().close();
    return opened[page].misdeeds;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, action, ...options } = JSON.parse(line);
  answer(id, actions[action](options)); // not awaited: a call may wait for what another one does
}
await browser.close();

async function answer(id, outcome) {
  try {
    say({ id, result: (await outcome) ?? null });
  } catch (error) {
    say({ id, error: String(error) });
  }
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
