// Takes a picture of GraphiQL with an answered query in it: node screenshot.mjs ADDRESS PICTURE.
import { openPage, startChromium } from "./chromium.mjs";
import { open, run } from "./graphiql_page.mjs";

const [, , address, picture] = process.argv;
const browser = await startChromium();
const { page } = await openPage(browser, new URL(address).origin, { viewport: { width: 1440, height: 760 } });
await open(page);
await page.getByRole("button", { name: "Show Examples" }).click();
await run(page);
await page.mouse.move(680, 700);
await page.screenshot({ path: picture, animations: "disabled", caret: "hide" });
await browser.close();
