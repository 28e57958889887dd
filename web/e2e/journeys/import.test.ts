/** Files of other programs become documents: a CSV with a semicolon and accents, a workbook of several sheets, a file that is broken. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grid, importFile, launch, visit } from "../browser";
import { Server } from "../server";

const files = join(import.meta.dirname, "../../../../shared/files/uploads");

let server: Server;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "import-"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a CSV file becomes a document with typed columns", async () => {
  const path = join(folder, "Communes d’Île.csv");
  await writeFile(path, "Commune;Habitants;Créée le\nÉvreux;46 707;2020-01-31\nSaint-Lô;19 000;2021-12-01\n");
  const { page, problems } = await visit(browser, server.address);
  await importFile(page, path);
  const table = grid(page);
  await table.ready();
  expect(await table.text(1, "Commune")).toBe("Évreux");
  await table.shows(2, "Créée le", "2021-12-01");
  expect(problems).toEqual([]);
});

test("a workbook becomes a document with a table for each sheet", async () => {
  const { page } = await visit(browser, server.address);
  await importFile(page, join(files, "World-v1.xlsx"));
  await page.getByRole("link", { name: "Country", exact: true }).click();
  const countries = grid(page, "Country");
  await countries.ready();
  await countries.shows(1, "Name", "Aruba");
  expect(await countries.rowCount()).toBeGreaterThan(238);
});

test("a broken file is refused with its reason", async () => {
  const path = join(folder, "broken.json");
  await writeFile(path, '{"not": [1, 2');
  const { page } = await visit(browser, server.address);
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByText("Failed to parse JSON file").waitFor();
});
