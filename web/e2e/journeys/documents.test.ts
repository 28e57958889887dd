/** Every document there is opens the way people open it: imported, then shown, without an error in the page. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, visit } from "../browser";
import { Server } from "../server";

const folder = join(import.meta.dirname, "../../../../shared/documents");
const names = readdirSync(folder).filter((name) => name.endsWith(".grist"));

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

test(`${names.length} documents open`, { timeout: 600_000 }, async () => {
  const { page, problems } = await visit(browser, server.address);
  const workspaces = (await (await page.request.get(`${server.address}/api/orgs/current/workspaces`)).json()) as { id: number }[];
  const failures: string[] = [];
  for (const name of names) {
    /* oxlint-disable no-await-in-loop -- one document after the other, as a person does */
    const answer = await page.request.post(`${server.address}/api/workspaces/${workspaces[0]?.id}/import`, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      multipart: { upload: { name, mimeType: "application/octet-stream", buffer: readFileSync(join(folder, name)) }, documentName: name },
    });
    if (!answer.ok()) {
      failures.push(`${name}: ${await answer.text()}`);
      continue;
    }
    const { id } = (await answer.json()) as { id: string };
    await page.goto(`${server.address}/doc/${id}`);
    try {
      await page.locator(".doc-main").waitFor({ timeout: 20_000 });
      const shown = page.locator("[role=gridcell], .card, .card-field, .doc-empty, [role=columnheader]").first();
      await shown.waitFor({ timeout: 20_000 });
    } catch {
      failures.push(`${name}: ${(await page.locator("body").innerText()).slice(0, 300)}`);
    }
    failures.push(...problems.splice(0).map((problem) => `${name}: ${problem}`));
    /* oxlint-enable no-await-in-loop */
  }
  expect(failures).toEqual([]);
});

test("what is no document is refused, and says why", async () => {
  const { page } = await visit(browser, server.address);
  const sound = readFileSync(join(folder, "Hello.grist"));
  const cases: [string, Buffer, RegExp][] = [
    ["text.grist", Buffer.from("this is no database"), /not a Grist document/],
    ["cut.grist", sound.subarray(0, sound.length / 2), /cut off|damaged/],
  ];
  for (const [name, buffer, message] of cases) {
    /* oxlint-disable no-await-in-loop -- one message after the other */
    await page.goto(server.address);
    await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await page.getByText(message).first().waitFor({ timeout: 10_000 });
    /* oxlint-enable no-await-in-loop */
  }
});
