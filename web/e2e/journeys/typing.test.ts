/** Somebody who types faster than the server answers: every value lands in its own row, and each thing done is one step to undo. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grid, launch, visit, type Grid } from "../browser";
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

async function newDocument(): Promise<Grid> {
  const { page } = await visit(browser, server.address);
  await page.getByRole("button", { name: "New document" }).first().click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Enter");
  const table = grid(page);
  await table.element.waitFor();
  await table.element.focus();
  return table;
}

/** Keys without a pause between them. */
async function rush(table: Grid, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    // oxlint-disable-next-line no-await-in-loop -- as typed
    await table.page.keyboard.press(key);
  }
}

test("a column inserted between others is one step to undo", async () => {
  const table = await newDocument();
  await rush(table, ["x", "Enter", "Control+Home", "Alt+="]);
  await expect.poll(() => table.columns()).toEqual(expect.arrayContaining(["A", "D", "B", "C"]));
  // It is put in its place by a second message.
  await expect.poll(async () => (await table.columns()).filter((label) => /^[A-D]$/.test(label))).toEqual(["A", "D", "B", "C"]);
  await table.page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await table.columns()).filter((label) => /^[A-D]$/.test(label))).toEqual(["A", "B", "C"]);
  expect(await table.text(1, "A")).toBe("x");
});

test("new rows typed down a column without a pause", async () => {
  const table = await newDocument();
  const words = ["one", "two", "three", "four", "five", "six"];
  await rush(table, words.flatMap((word) => [...word, "Enter"]));
  await expect.poll(() => table.rowCount()).toBe(words.length + 2);
  for (const [at, word] of words.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await table.shows(at + 1, "A", word);
  }
});

test("new rows of several cells typed without a pause", async () => {
  const table = await newDocument();
  const rows = [["a1", "b1", "c1"], ["a2", "b2", "c2"], ["a3", "b3", "c3"]];
  await rush(table, rows.flatMap(([a, b, c]) => [...(a ?? ""), "Tab", ...(b ?? ""), "Tab", ...(c ?? ""), "Enter", "Home"]));
  await expect.poll(() => table.rowCount()).toBe(rows.length + 2);
  for (const [at, row] of rows.entries()) {
    for (const [column, text] of row.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await table.shows(at + 1, "ABC"[column] ?? "", text);
    }
  }
});
