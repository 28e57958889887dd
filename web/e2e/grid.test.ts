/** The grid by keyboard alone, in a real browser, over made-up rows; what assistive technology is told; no violation that axe finds. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openMock } from "../bench/serve.mjs";

type Mock = Awaited<ReturnType<typeof openMock>>;
let mock: Mock;
let page: Page;

beforeAll(async () => {
  mock = await openMock({ permissions: ["clipboard-read", "clipboard-write"] });
});

afterEach(() => page.close());

afterAll(() => mock.close());

async function open(query = "rows=1000000&columns=20"): Promise<void> {
  page = await mock.open(query);
  await page.getByRole("grid").focus();
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** What is under the cursor: what `aria-activedescendant` names. */
function active(): Promise<{ text: string; row: number; column: number; selected: string }> {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const grid = document.querySelector("[role=grid]");
    const named = () => document.getElementById(grid?.getAttribute("aria-activedescendant") ?? "");
    await frame();
    // A jump is painted over a few frames, more of them on a busy machine.
    for (let more = 0; more < 60 && !named(); more++) {
      // oxlint-disable-next-line no-await-in-loop -- one frame after the other
      await frame();
    }
    const cell = named();
    return {
      text: cell?.textContent ?? "",
      row: Number(cell?.parentElement?.getAttribute("aria-rowindex")),
      column: Number(cell?.getAttribute("aria-colindex")),
      selected: cell?.getAttribute("aria-selected") ?? "",
    };
  });
}

function log(): Promise<{ name: string; args: unknown[] }[]> {
  return page.evaluate(() => (window as unknown as { log: { name: string; args: unknown[] }[] }).log);
}

async function lastOf(name: string): Promise<unknown[]> {
  await page.waitForFunction((wanted) => (window as unknown as { log: { name: string }[] }).log.some((entry) => entry.name === wanted), name);
  return (await log()).findLast((entry) => entry.name === name)?.args ?? [];
}

async function said(pattern: RegExp): Promise<void> {
  await page.waitForFunction((source) => new RegExp(source).test(document.getElementById("said")?.textContent ?? ""), pattern.source);
}

describe("moving", () => {
  it("goes everywhere, and the active cell is always in the page", async () => {
    await open();
    expect(await active()).toMatchObject({ row: 2, column: 2, selected: "true" });
    await press("ArrowDown", "ArrowDown", "ArrowRight");
    expect(await active()).toMatchObject({ row: 4, column: 3 });
    await press("End");
    expect(await active()).toMatchObject({ row: 4, column: 21 });
    await press("Home", "Control+ArrowDown");
    expect(await active()).toMatchObject({ row: 1_000_001, column: 2 });
    expect((await active()).text).toContain("1000000");
    await press("ArrowDown");
    expect(await active()).toMatchObject({ row: 1_000_002, text: "" });
    await press("PageUp", "Control+ArrowUp");
    expect(await active()).toMatchObject({ row: 2 });
    await press("PageDown");
    expect((await active()).row).toBeGreaterThan(20);
    await press("Control+End", "Control+Home");
    expect(await active()).toMatchObject({ row: 2, column: 2 });
  });

  it("is no trap: Tab leaves at the last column, and comes back", async () => {
    await open("rows=10&columns=3");
    await press("Tab", "Tab");
    expect(await active()).toMatchObject({ column: 4 });
    await press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).not.toBe("grid");
  });

  it("stays on its row when rows come before it", async () => {
    await open("rows=50&columns=3");
    await press("ArrowDown", "ArrowDown");
    const before = await active();
    await page.evaluate(() => {
      const { source } = window as unknown as { source: { insert(at: number): number; emit(kind: string): void } };
      source.insert(0);
      source.emit("rows");
    });
    await page.waitForTimeout(50);
    expect(await active()).toMatchObject({ row: before.row + 1, text: before.text });
  });
});

describe("what assistive technology is told", () => {
  it("has roles, counts, positions and states", async () => {
    await open();
    const grid = page.getByRole("grid");
    expect(await grid.getAttribute("aria-rowcount")).toBe("1000002");
    expect(await grid.getAttribute("aria-colcount")).toBe("22");
    expect(await page.getByRole("columnheader", { name: "Name", exact: false }).first().getAttribute("aria-sort")).toBe("none");
    expect(await page.getByRole("rowheader", { name: "Row 3", exact: true }).count()).toBe(1);
    const formula = page.locator("[role=row][aria-rowindex='2'] [aria-colindex='9']");
    expect(await formula.getAttribute("aria-readonly")).toBe("true");
    await page.evaluate(() => (window as unknown as { actions: unknown; source: { sort: unknown; emit(kind: string): void } }).source.emit("columns"));
    expect(await page.locator("[role=gridcell][aria-invalid=true]").count()).toBeGreaterThan(0);
    await press("Shift+ArrowDown", "Shift+ArrowRight");
    await said(/Selected: 2 × 2/);
    expect(await page.locator("[role=gridcell][aria-selected=true]").count()).toBe(4);
  });

  it.each(["", "frozen=2&zebra=1", "rows=0&columns=3", "wrap=1&columns=8", "lang=fr&readOnly=1"])("axe finds nothing wrong: %s", async (query) => {
    await open(query);
    await press("ArrowDown", "Shift+ArrowDown");
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    if (query !== "") return;
    await press("Enter");
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it("is read in order after scrolling, rows and cells", async () => {
    await open();
    await page.getByRole("grid").evaluate((element) => element.scrollBy(700, 3000));
    await page.waitForTimeout(500);
    const order = await page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>("[role=row][aria-rowindex]")].filter((row) => row.style.display !== "none");
      const cells = [...(rows[3]?.querySelectorAll<HTMLElement>("[aria-colindex]") ?? [])].filter((cell) => cell.style.display !== "none");
      return [rows.map((row) => Number(row.getAttribute("aria-rowindex"))), cells.map((cell) => Number(cell.getAttribute("aria-colindex")))];
    });
    for (const numbers of order) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });
});

describe("editing", () => {
  it("writes from the first key on, and goes down with Enter", async () => {
    await open();
    await page.keyboard.type("Ete");
    expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe("Ete");
    await press("Enter");
    expect(await lastOf("setCells")).toEqual([[{ rowId: 1, colId: "C0", value: "Ete" }]]);
    expect(await active()).toMatchObject({ row: 3, column: 2 });
    await press("ArrowUp");
    expect((await active()).text).toBe("Ete");
  });

  it("takes what an input method composes", async () => {
    await open();
    const session = await mock.context.newCDPSession(page);
    await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", windowsVirtualKeyCode: 229 });
    await session.send("Input.imeSetComposition", { text: "^", selectionStart: 1, selectionEnd: 1 });
    await session.send("Input.insertText", { text: "ê" });
    expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe("ê");
  });

  it("keeps the cell on Escape, edits it on Enter and F2", async () => {
    await open();
    const before = (await active()).text;
    await press("Enter");
    await page.keyboard.type("!");
    await press("Escape");
    expect((await active()).text).toBe(before);
    expect(await log()).toEqual([]);
    await press("F2");
    await page.keyboard.type("!");
    await press("Tab");
    expect(await lastOf("setCells")).toEqual([[{ rowId: 1, colId: "C0", value: `${before}!` }]]);
    expect(await active()).toMatchObject({ column: 3 });
  });

  it("gives back what could not be saved", async () => {
    await open();
    await page.keyboard.type("refuse me");
    await press("Enter");
    await said(/Not saved/);
    await press("ArrowUp", "Enter");
    expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe("refuse me");
  });

  it("chooses from a list, by name", async () => {
    await open();
    await press("ArrowRight");
    await page.keyboard.type("str");
    await page.getByRole("option", { name: "Strasbourg" }).waitFor();
    await press("Enter");
    expect(await lastOf("setCells")).toEqual([[{ rowId: 1, colId: "C1", value: "Strasbourg" }]]);
  });

  it("toggles with Space and Enter", async () => {
    await open();
    await press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Space");
    const [[first]] = (await lastOf("setCells")) as [[{ value: boolean }]];
    await page.waitForTimeout(60);
    await press("Enter");
    const [[second]] = (await lastOf("setCells")) as [[{ value: boolean }]];
    expect(second.value).toBe(!first.value);
  });

  it("adds a row: two cells and Enter make one row, the cursor waits on the next", async () => {
    await open("rows=3&columns=4");
    await press("Control+ArrowDown", "Control+ArrowDown");
    await page.keyboard.type("new");
    await press("Tab");
    await page.keyboard.type("Lille");
    await page.waitForTimeout(80);
    await press("Enter");
    await page.waitForTimeout(120);
    expect((await log()).map(({ name }) => name)).toEqual(["addRow", "setCells"]);
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("6");
    expect(await active()).toMatchObject({ row: 6, column: 3 });
    await press("ArrowUp", "ArrowLeft");
    expect((await active()).text).toBe("new");
  });

  it("opens formulas, not texts, where a column computes", async () => {
    await open("rows=5&columns=8");
    await press("End", "Enter");
    expect(await lastOf("openFormula")).toEqual(["C7", 1, undefined]);
    await press("Alt+=");
    await press("ArrowRight", "=");
    expect((await lastOf("openFormula"))[0]).toMatch(/^C100/);
  });

  it("explains an error", async () => {
    await open("rows=400&columns=10");
    const row = await page.evaluate(() => {
      const { source } = window as unknown as { source: { cell(row: number, col: string): unknown } };
      return Array.from({ length: 400 }, (_, at) => at).find((at) => Array.isArray(source.cell(at, "C9"))) ?? 0;
    });
    await page.evaluate((at) => {
      const { grid } = window as unknown as { grid: { select(selection: unknown): void } };
      grid.select({ cursor: { row: at, column: 9 }, head: { row: at, column: 9 }, extent: "cells" });
    }, row);
    await press("Alt+Enter");
    expect(await lastOf("showError")).toEqual([row + 1, "C9"]);
  });
});

describe("many cells", () => {
  it("clears, fills down and deletes", async () => {
    await open("rows=20&columns=6");
    await press("Shift+ArrowDown", "Shift+ArrowDown", "Delete");
    expect(await lastOf("setCells")).toEqual([[1, 2, 3].map((rowId) => ({ rowId, colId: "C0", value: "" }))]);
    await said(/3 cells cleared/);
    await press("Control+Home");
    await page.keyboard.type("same");
    await press("Enter", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d");
    await said(/Filled 2 rows/);
    expect((await lastOf("setCells"))[0]).toEqual([2, 3].map((rowId) => ({ rowId, colId: "C0", value: "same" })));
    await press("Control+Delete");
    expect(await lastOf("removeRows")).toEqual([[1, 2, 3]]);
    await said(/3 rows removed/);
  });

  it("copies and pastes a block, values and all; past the end it adds rows", async () => {
    await open("rows=4&columns=6");
    await press("Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight", "Control+c");
    await said(/Copied: 2 × 3/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.split("\n").map((line) => line.split("\t").length)).toEqual([3, 3]);
    await press("Escape", "Control+ArrowDown", "Home", "Control+v");
    await said(/Pasted: 2 × 3. 1 row added/);
    const [changes] = (await lastOf("setCells")) as [{ rowId: number | string; colId: string; value: unknown }[]];
    expect(changes.map(({ rowId }) => rowId)).toEqual([4, 4, 4, "new", "new", "new"]);
    const original = await page.evaluate(() => {
      const { source } = window as unknown as { source: { valueOf(row: number, col: string): unknown } };
      return ["C0", "C1", "C2"].map((colId) => source.valueOf(1, colId));
    });
    expect(changes.slice(0, 3).map(({ value }) => value)).toEqual(original);
  });

  it("fills a selection with one value, read as the column's type", async () => {
    await open("rows=9&columns=6&lang=fr");
    await page.evaluate(() => navigator.clipboard.writeText("1 234,5"));
    await press("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Control+v");
    await said(/Collé : 3 × 1/);
    expect((await lastOf("setCells"))[0]).toEqual([1, 2, 3].map((rowId) => ({ rowId, colId: "C2", value: 1234.5 })));
  });

  it("copies a whole column of many rows", async () => {
    await open("rows=30000&columns=3");
    await press("Control+Space", "Control+c");
    await said(/Copied: 30000 × 1/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.split("\n")).toHaveLength(30_000);
  });
});

describe("columns", () => {
  it("renames, moves, widens, inserts and hides by keys", async () => {
    await open("rows=5&columns=6");
    await press("Control+m");
    await page.keyboard.type("Surname");
    await press("Enter");
    expect(await lastOf("renameColumn")).toEqual([100, "Surname"]);
    await press("Alt+Shift+ArrowRight");
    expect(await lastOf("moveColumn")).toEqual([1, 1]);
    await said(/Column Surname is now column 2/);
    expect(await active()).toMatchObject({ column: 3 });
    await press("Alt+Shift+ArrowUp");
    expect(await lastOf("resizeColumn")).toEqual([1, 200]);
    await press("Alt+=");
    expect(await lastOf("insertColumn")).toEqual([2]);
    await press("Alt+Shift+-");
    expect(await lastOf("hideColumn")).toEqual([1007]);
  });

  it("opens menus of cell, column and row", async () => {
    await open("rows=5&columns=6");
    await press("Shift+F10");
    expect((await lastOf("openMenu"))[0]).toBe("cell");
    await press("Control+Shift+F10");
    expect((await lastOf("openMenu"))[0]).toBe("column");
    await press("Alt+Shift+F10");
    expect((await lastOf("openMenu"))[0]).toBe("row");
    await press("Space");
    expect(await lastOf("openAsCard")).toEqual([1]);
  });
});

describe("the mouse", () => {
  it("selects cells, rows and columns by dragging, resizes and moves columns", async () => {
    await open("rows=40&columns=6");
    const cell = (row: number, column: number) => page.locator(`[role=row][aria-rowindex="${row + 2}"] [aria-colindex="${column + 2}"]`);
    await cell(1, 0).hover();
    await page.mouse.down();
    await cell(3, 2).hover();
    await page.mouse.up();
    await said(/Selected: 3 × 3/);
    await cell(0, -1).click();
    await said(/1 row selected/);
    const header = page.getByRole("columnheader", { name: /^Notes|^Amount/ }).first();
    await header.click();
    await said(/Column Amount selected/);
    const box = await header.boundingBox();
    if (!box) throw new Error("no header");
    await page.mouse.move(box.x + 30, box.y + 15);
    await page.mouse.down();
    await page.mouse.move(box.x - 140, box.y + 15, { steps: 6 });
    await page.mouse.up();
    expect(await lastOf("moveColumn")).toEqual([3, 1]);
    const handle = page.locator("[data-part=resize]").first();
    await handle.hover();
    await page.mouse.down();
    await page.mouse.move(300, 30, { steps: 4 });
    await page.mouse.up();
    expect((await lastOf("resizeColumn"))[0]).toBe(1);
    await page.getByRole("button", { name: "Add column" }).click();
    expect(await lastOf("insertColumn")).toEqual([6]);
  });
});

describe("wrapping", () => {
  it("makes rows as high as their texts, and keeps its place", async () => {
    await open("rows=500&columns=8&wrap=1");
    await page.waitForTimeout(200);
    const heights = await page.locator("[role=row][aria-rowindex='3'], [role=row][aria-rowindex='4']").evaluateAll((rows) => rows.map((row) => row.clientHeight));
    expect(Math.max(...heights)).toBeGreaterThan(40);
    await press("Control+ArrowDown");
    await page.waitForTimeout(200);
    expect(await active()).toMatchObject({ row: 501 });
    const [cell, grid] = await page.evaluate(() => {
      const element = document.querySelector("[role=grid]");
      const active = document.getElementById(element?.getAttribute("aria-activedescendant") ?? "");
      return [active?.getBoundingClientRect().bottom ?? 0, element?.getBoundingClientRect().bottom ?? 0];
    });
    expect(cell).toBeLessThanOrEqual(grid + 1);
  });
});
