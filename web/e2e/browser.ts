/** Chromium, and what a person does and sees in it. */
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export async function launch(): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page by itself: uncaught errors, requests to other hosts. */
  readonly problems: string[];
}

/** A new window of somebody who speaks this language. */
export async function visit(browser: Browser, address: string, locale = "en-GB"): Promise<Visit> {
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(address).origin) problems.push(`a request to ${url.origin}`);
  });
  await page.goto(address);
  return { context, page, problems };
}

/** The violations of accessibility rules, as text. */
export async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Imports a file on the home page and waits until the document is shown. */
export async function importFile(page: Page, path: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path);
  await page.waitForURL(/\/doc\/|\/[A-Za-z0-9]{12,}/);
  await page.getByRole("main").waitFor();
}

export function grid(page: Page, name?: string): Grid {
  return new Grid(page, name === undefined ? page.getByRole("grid").first() : page.getByRole("grid", { name }));
}

/** A grid as a person sees it: cells by row (1 is the first) and the label of their column. */
export class Grid {
  constructor(
    readonly page: Page,
    readonly element: Locator,
  ) {}

  async ready(): Promise<void> {
    await this.element.getByRole("gridcell").first().waitFor();
  }

  async columns(): Promise<string[]> {
    const headers = this.element.getByRole("columnheader");
    return (await headers.allInnerTexts()).map((text) => text.trim());
  }

  async cell(row: number, label: string): Promise<Locator> {
    const header = this.element.locator("[role=columnheader]", { hasText: new RegExp(`${escape(label)}\\s*$`) }).first();
    await this.#reveal(header);
    const at = await header.getAttribute("aria-colindex");
    // The header row is the first of the grid's rows.
    return this.element.locator(`[role=row][aria-rowindex="${row + 1}"] [role=gridcell][aria-colindex="${at}"]`);
  }

  /** Scrolls sideways until the column is there: columns out of sight are not in the page. */
  async #reveal(header: Locator): Promise<void> {
    await this.ready();
    if ((await header.count()) > 0) return;
    await this.element.evaluate((element) => element.scrollTo({ left: 0 }));
    for (let step = 0; step < 40 && (await header.count()) === 0; step++) {
      // oxlint-disable-next-line no-await-in-loop -- each look needs the scrolling before it
      await this.element.evaluate(async (element) => {
        element.scrollBy({ left: element.clientWidth / 2 });
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      });
    }
    await header.waitFor();
  }

  async text(row: number, label: string): Promise<string> {
    return (await (await this.cell(row, label)).innerText()).replaceAll("\u00a0", " ").trim();
  }

  /** Waits until a cell shows this. */
  async shows(row: number, label: string, text: string): Promise<void> {
    await expect.poll(() => this.text(row, label), { timeout: 15_000 }).toBe(text);
  }

  async click(row: number, label: string): Promise<void> {
    await (await this.cell(row, label)).click();
  }

  /** Types into a cell, as a person does: click, keys, Enter. */
  async type(row: number, label: string, text: string): Promise<void> {
    await this.click(row, label);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }

  async rowCount(): Promise<number> {
    return Number(await this.element.getAttribute("aria-rowcount"));
  }
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
