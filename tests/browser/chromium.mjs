// Starts Chromium and opens pages that note what no page of ours may do.
import { chromium } from "playwright-core";

const OPTIONS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium of `CHROMIUM`, headless. */
export function startChromium() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: OPTIONS });
}

/**
 * Opens a page with a storage of its own.
 *
 * @returns the page, and what it did that it may not: errors on its console, breaches of its policy, and requests to
 *   another origin than the given one.
 */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const misdeeds = [];
  page.on("console", (message) => {
    if (message.type() === "error") {
      misdeeds.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => misdeeds.push(`error: ${error.message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["data:", "blob:"].includes(url.protocol)) {
      misdeeds.push(`request: ${url}`);
    }
  });
  return { page, misdeeds };
}
