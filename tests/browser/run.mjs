// Runs every scenario a module exports, each on a page of its own: node run.mjs MODULE ADDRESS. Prints, as JSON, what
// went wrong with each, which is nothing for those that hold.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { openPage, startChromium } from "./chromium.mjs";

const [, , file, address] = process.argv;
const scenarios = await import(pathToFileURL(resolve(file)));
const browser = await startChromium();
const troubles = {};
for (const [name, scenario] of Object.entries(scenarios)) {
  const { page, misdeeds } = await openPage(browser, new URL(address).origin);
  const failures = [];
  try {
    await scenario(page);
  } catch (error) {
    failures.push(error.stack);
  }
  troubles[name] = [...failures, ...misdeeds];
  await page.context().close();
}
await browser.close();
console.log(JSON.stringify(troubles));
