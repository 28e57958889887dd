/** By keyboard alone, in French: a new document, values, a formula, all of it undone and done again. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grid, launch, violations, visit } from "../browser";
import { Server } from "../server";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Goes on with Tab until what has the focus is called so; its role comes before its name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 60; step++) {
    /* oxlint-disable no-await-in-loop -- each step needs the one before */
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      const name = element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      return `${element?.getAttribute("role") ?? ""} ${name}`;
    });
    if (name.test(label)) return;
    /* oxlint-enable no-await-in-loop */
  }
  throw new Error(`Tab does not lead to ${name}`);
}

test("a document made, filled, undone and redone without a mouse", async () => {
  const { page, problems } = await visit(browser, server.address, "fr-FR");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await tabTo(page, /Nouveau document/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Budget");
  await page.keyboard.press("Enter");

  const table = grid(page);
  await table.element.waitFor();
  await tabTo(page, /^grid /);
  for (const [row, a, b] of [[1, "12,5", "deux"], [2, "40", "trois"]] as const) {
    /* oxlint-disable no-await-in-loop -- as typed */
    await page.keyboard.type(a);
    await page.keyboard.press("Tab");
    await page.keyboard.type(b);
    await page.keyboard.press("Enter");
    await table.shows(row, "B", b);
    await page.keyboard.press("Home");
    /* oxlint-enable no-await-in-loop */
  }
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("=");
  await page.keyboard.type("$A * 2");
  await page.keyboard.press("Enter");
  await table.shows(1, "C", "25");
  await table.shows(2, "C", "80");
  expect(await violations(page)).toEqual([]);

  for (let step = 0; step < 8; step++) {
    // oxlint-disable-next-line no-await-in-loop -- one step of undo after the other
    await page.keyboard.press("Control+Z");
  }
  await expect.poll(() => table.text(1, "A"), { timeout: 15_000 }).toBe("");
  for (let step = 0; step < 8; step++) {
    // oxlint-disable-next-line no-await-in-loop -- one step of redo after the other
    await page.keyboard.press("Control+Y");
  }
  await table.shows(2, "C", "80");
  expect(problems).toEqual([]);
});
