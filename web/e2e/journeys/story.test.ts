/** The first story: import, edit, see everything follow in two tabs, pull the plug, go on, download, import again. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grid, importFile, launch, violations, visit } from "../browser";
import { Server } from "../server";

const documents = join(import.meta.dirname, "../../../../shared/documents");

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

test("a document of Grist, live, in two tabs, through a power cut", async () => {
  const first = await visit(browser, server.address);
  const { page } = first;
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await violations(page)).toEqual([]);

  await importFile(page, join(documents, "Investment Research.grist"));
  await expect.poll(() => page.getByRole("navigation").first().innerText()).toContain("Breakdowns");
  await page.getByRole("link", { name: "Investments", exact: true }).click();
  const investments = grid(page, "Investments");
  await investments.ready();
  expect(await investments.rowCount()).toBeGreaterThan(5890);
  expect(await violations(page)).toEqual([]);

  // A formula that somebody adds is computed at once.
  const address = page.url();
  const second = await visit(browser, address);
  const beside = grid(second.page, "Investments");
  await beside.ready();
  const before = await investments.text(1, "raised_amount_usd");
  await investments.type(1, "raised_amount_usd", "1234567");
  await expect.poll(() => beside.text(1, "raised_amount_usd")).not.toBe(before);
  const shown = await beside.text(1, "raised_amount_usd");
  expect(shown.replaceAll(/\D/g, "")).toContain("1234567");

  // Undo, redo.
  await page.getByRole("button", { name: "Undo" }).click();
  await beside.shows(1, "raised_amount_usd", before);
  await page.getByRole("button", { name: "Redo" }).click();
  await beside.shows(1, "raised_amount_usd", shown);

  // Power cut.
  await server.kill();
  await page.getByText("The connection is lost").waitFor();
  await server.restart();
  for (const tab of [page, second.page]) {
    // oxlint-disable-next-line no-await-in-loop -- both have to come back
    await tab.getByText("The connection is lost").waitFor({ state: "hidden", timeout: 30_000 });
  }
  await investments.shows(1, "raised_amount_usd", shown);
  await investments.type(2, "raised_amount_usd", "7654321");
  await expect.poll(async () => (await investments.text(2, "raised_amount_usd")).replaceAll(/\D/g, "")).toContain("7654321");
  await expect.poll(async () => (await beside.text(2, "raised_amount_usd")).replaceAll(/\D/g, ""), { timeout: 20_000 }).toContain("7654321");

  // The file: sound for SQLite, and good for another import.
  const docId = /doc\/([^/]+)|\/([A-Za-z0-9]{12,})/.exec(new URL(address).pathname);
  const saved = join(server.folder, "downloaded.grist");
  const answer = await page.request.get(`${server.address}/api/docs/${docId?.[1] ?? docId?.[2]}/download`);
  expect(answer.status()).toBe(200);
  await import("node:fs/promises").then(async ({ writeFile }) => await writeFile(saved, await answer.body()));
  const check = spawnSync("python3", ["-c", `import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])`, saved]);
  expect(check.stdout.toString().trim()).toBe("ok");
  await page.goto(server.address);
  await importFile(page, saved);
  await page.getByRole("link", { name: "Investments", exact: true }).click();
  const again = grid(page, "Investments");
  await again.ready();
  await again.shows(1, "raised_amount_usd", shown);
  expect([...first.problems, ...second.problems]).toEqual([]);
});
