/** What a person does with columns in their panel: types, formats, choices, references. Everything can be undone in one step. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grid, importFile, launch, violations, visit, type Grid } from "../browser";
import { Server } from "../server";

const CSV = ["City,Amount,Seen,State,Tags,Open,Twin", "Paris,1234.5,2024-03-05,to do,\"red, blue\",true,Lyon", "Lyon,-20,2024-12-31,done,red,false,Nice", "Nice,7,,to do,,true,Rome"].join("\n");

let server: Server;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "moulin-columns-"));
  writeFileSync(join(folder, "Cities.csv"), CSV);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  readonly table: Grid;
  readonly panel: Locator;
}

/** The file as a document, with the panel open on a column. */
async function opened(column: string, locale = "en-GB"): Promise<Opened> {
  const { page } = await visit(browser, server.address, locale);
  await importFile(page, join(folder, "Cities.csv"));
  const table = grid(page);
  await table.ready();
  await table.click(1, column);
  await page.getByRole("button", { name: locale === "en-GB" ? "Column options" : "Options de colonne" }).first().click();
  const panel = page.getByRole("complementary", { name: locale === "en-GB" ? "Column" : "Colonne" });
  await panel.waitFor();
  return { page, table, panel };
}

async function undo(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Undo" }).click();
}

test("a number becomes an amount of money, and plain again", async () => {
  const { page, table, panel } = await opened("Amount");
  await panel.getByLabel("Number format").selectOption("currency");
  await panel.getByLabel("Currency code").selectOption("EUR");
  await table.shows(1, "Amount", "€1,234.50");
  await panel.getByLabel("Negatives in parentheses").click();
  await table.shows(2, "Amount", "(€20.00)");
  await panel.getByLabel("Max. decimals").fill("0");
  await page.keyboard.press("Enter");
  await panel.getByLabel("Min. decimals").fill("0");
  await page.keyboard.press("Enter");
  await expect.poll(() => table.text(3, "Amount")).toMatch(/^€7/);
  for (let step = 0; step < 5; step++) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await undo(page);
  }
  await table.shows(1, "Amount", "1234.5");
});

test("a date is written as people write it here", async () => {
  const { table, panel } = await opened("Seen");
  await panel.getByLabel("Date format").selectOption("DD/MM/YYYY");
  await table.shows(1, "Seen", "05/03/2024");
});

test("texts become choices, which are renamed, ordered and coloured by keyboard", async () => {
  const { page, table, panel } = await opened("State");
  await panel.getByLabel("Type", { exact: true }).selectOption("Choice");
  const names = panel.getByRole("textbox", { name: /^Name of/ });
  await expect.poll(() => names.count()).toBe(2);
  expect(await violations(page)).toEqual([]);
  await panel.getByLabel("Name of to do").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("open");
  await page.keyboard.press("Enter");
  await table.shows(1, "State", "open");
  await table.shows(3, "State", "open");
  await panel.getByRole("button", { name: "Move open up" }).press("Enter");
  await expect.poll(() => names.first().inputValue()).toBe("open");
  await panel.getByPlaceholder("New choice").fill("late");
  await page.keyboard.press("Enter");
  await expect.poll(() => names.count()).toBe(3);
  await panel.getByLabel("Colour of open").fill("#ffcc00");
  const token = (await table.cell(1, "State")).locator("span").first();
  await expect.poll(() => token.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgb(255, 204, 0)");
});

test("texts become lists of choices", async () => {
  const { page, table, panel } = await opened("Tags");
  await panel.getByLabel("Type", { exact: true }).selectOption("ChoiceList");
  await expect.poll(() => panel.getByRole("textbox", { name: /^Name of/ }).count()).toBe(2);
  await expect.poll(async () => (await table.cell(1, "Tags")).locator("span").allInnerTexts()).toEqual(["red", "blue"]);
  await undo(page);
  await table.shows(1, "Tags", "red, blue");
});

test("texts become references to the rows that show them, and back", async () => {
  const { page, table, panel } = await opened("Twin");
  await panel.getByLabel("Type", { exact: true }).selectOption("Ref");
  await expect.poll(() => panel.getByLabel("Table", { exact: true }).inputValue()).toBe("Cities");
  const shown = panel.getByLabel("Show column");
  await expect.poll(() => shown.evaluate((element: HTMLSelectElement) => element.selectedOptions[0]?.text)).toBe("City");
  await table.shows(1, "Twin", "Lyon");
  // Of a city that is in no row, the text stays.
  await expect.poll(async () => (await table.cell(3, "Twin")).getAttribute("aria-invalid")).toBe("true");
  await table.type(2, "City", "Lugdunum");
  await table.shows(1, "Twin", "Lugdunum");
  await undo(page);
  await undo(page);
  await table.click(1, "Twin");
  await expect.poll(() => panel.getByLabel("Type", { exact: true }).inputValue()).toBe("Text");
  await table.shows(3, "Twin", "Rome");
});

test("what is no number stays, marked", async () => {
  const { page, table, panel } = await opened("City");
  await table.type(1, "City", "12,5");
  await table.click(1, "City");
  await panel.getByLabel("Type", { exact: true }).selectOption("Numeric");
  await expect.poll(async () => (await table.cell(2, "City")).getAttribute("aria-invalid")).toBe("true");
  await table.shows(2, "City", "Lyon");
  await page.getByText(/^\d cells could not be read as Numeric and keep their text/).waitFor({ timeout: 5000 });
  await undo(page);
  await expect.poll(async () => (await table.cell(2, "City")).getAttribute("aria-invalid")).toBe(null);
});

test("a toggle is a box, a switch or a word", async () => {
  const { table, panel } = await opened("Open");
  const cell = await table.cell(1, "Open");
  await expect.poll(() => cell.locator(".m-box").count()).toBe(1);
  await panel.getByLabel("Toggle shown as").selectOption("Switch");
  await expect.poll(() => cell.locator(".m-switch").count()).toBe(1);
  await panel.getByLabel("Toggle shown as").selectOption("TextBox");
  // The first click has turned it off.
  await table.shows(1, "Open", "No");
});

test("a text is a link", async () => {
  const { table, panel } = await opened("City");
  await table.type(1, "City", "Moulin https://moulin.example/");
  await table.click(1, "City");
  await panel.getByLabel("Text shown as").selectOption("HyperLink");
  const link = (await table.cell(1, "City")).locator("a");
  await expect.poll(() => link.getAttribute("href")).toBe("https://moulin.example/");
});

test("the panel in French, without violations", async () => {
  const { page, panel, table } = await opened("Seen", "fr-FR");
  await panel.getByLabel("Format de date").selectOption("dddd D MMMM YYYY");
  await table.shows(1, "Seen", "mardi 5 mars 2024");
  expect(await violations(page)).toEqual([]);
});

/** Writes a formula into the field of the panel, in place of what is there. */
async function writeFormula(page: Page, panel: Locator, formula: string): Promise<void> {
  await panel.getByLabel("Formula", { exact: true }).fill(formula);
  await page.keyboard.press("Enter");
}

/** How a cell looks. */
async function look(cell: Locator, name: "backgroundColor" | "fontWeight" | "color"): Promise<string> {
  return await cell.evaluate((element, property) => getComputedStyle(element)[property as "color"], name);
}

test("data becomes a formula, data again, and empty", async () => {
  const { page, table, panel } = await opened("Amount");
  const behaviour = panel.getByLabel("Behaviour");
  expect(await behaviour.inputValue()).toBe("data");
  await behaviour.selectOption("formula");
  await writeFormula(page, panel, "len($City)");
  await table.shows(1, "Amount", "5");
  await behaviour.selectOption("data");
  await table.type(1, "Amount", "6");
  await table.shows(1, "Amount", "6");
  await table.click(1, "Amount");
  await behaviour.selectOption("empty");
  await table.shows(1, "Amount", "");
  await undo(page);
  await table.shows(1, "Amount", "6");
});

test("a formula fills cells in when a column that it listens to changes", async () => {
  const { page, table, panel } = await opened("State");
  await panel.getByLabel("Behaviour").selectOption("trigger");
  await writeFormula(page, panel, "$City.upper()");
  await panel.getByLabel("Fill in").selectOption("listed");
  await panel.getByLabel("City", { exact: true }).click();
  await expect.poll(() => panel.getByLabel("City", { exact: true }).isChecked()).toBe(true);
  await table.shows(2, "State", "done");
  await table.type(1, "City", "Lille");
  await table.shows(1, "State", "LILLE");
  await table.type(1, "Amount", "3");
  await table.type(1, "State", "mine");
  await table.shows(1, "State", "mine");
});

test("the ID is let go from the label and follows it again", async () => {
  const { page, panel } = await opened("Amount");
  const id = panel.getByLabel("Column ID");
  await panel.getByLabel("ID follows the label").click();
  await expect.poll(() => panel.getByLabel("ID follows the label").isChecked()).toBe(false);
  await panel.getByLabel("Label", { exact: true }).fill("Price");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await grid(page).columns()).includes("Price")).toBe(true);
  expect(await id.inputValue()).toBe("Amount");
  await panel.getByLabel("ID follows the label").click();
  await expect.poll(() => id.inputValue()).toBe("Price");
});

test("cells and headers have colours and letters of their own, and lose them", async () => {
  const { page, table, panel } = await opened("City");
  await panel.getByLabel("Fill colour: Cells").fill("#003366");
  const cell = await table.cell(2, "City");
  await expect.poll(() => look(cell, "backgroundColor")).toBe("rgb(0, 51, 102)");
  await expect.poll(() => look(cell, "color")).toBe("rgb(255, 255, 255)");
  await panel.getByRole("group", { name: "Header", exact: true }).getByRole("button", { name: "Italic" }).press("Enter");
  const header = page.getByRole("columnheader", { name: "City" }).first();
  await expect.poll(() => header.evaluate((element) => getComputedStyle(element).fontStyle)).toBe("italic");
  await panel.getByRole("button", { name: "Clear the style: Cells" }).press("Enter");
  await expect.poll(() => look(cell, "backgroundColor")).not.toBe("rgb(0, 51, 102)");
});

test("rules give cells and rows a look where they hold", async () => {
  const { page, table, panel } = await opened("Amount");
  for (const [title, condition, colour] of [["Conditional styles of cells", "$Amount < 0", "#ffcccc"], ["Conditional styles of rows", "$City == 'Nice'", "#ccffcc"]] as const) {
    /* oxlint-disable no-await-in-loop -- one after the other */
    const group = panel.getByRole("group", { name: title, exact: true });
    await group.getByRole("button", { name: "Add a rule" }).press("Enter");
    const formula = group.getByRole("button", { name: `${title}, rule 1` }).first();
    await formula.press("Enter");
    await page.getByTestId("formula-input").waitFor();
    await page.keyboard.type(condition);
    await page.keyboard.press("Enter");
    await expect.poll(() => formula.innerText()).toBe(condition);
    await group.getByLabel("Fill colour: Style 1").fill(colour);
    /* oxlint-enable no-await-in-loop */
  }
  const negative = await table.cell(2, "Amount");
  await expect.poll(() => look(negative, "backgroundColor")).toBe("rgb(255, 204, 204)");
  await expect.poll(async () => look(await table.cell(3, "City"), "backgroundColor")).toBe("rgb(204, 255, 204)");
  expect(await look(await table.cell(1, "Amount"), "backgroundColor")).not.toBe("rgb(255, 204, 204)");
  expect(await violations(page)).toEqual([]);
  await panel.getByRole("button", { name: "Remove: Conditional styles of cells, rule 1" }).press("Enter");
  await expect.poll(() => look(negative, "backgroundColor")).not.toBe("rgb(255, 204, 204)");
});

test("a reference goes both ways, and is let go", async () => {
  const { page, table, panel } = await opened("Twin");
  await panel.getByLabel("Type", { exact: true }).selectOption("RefList");
  await panel.getByRole("button", { name: "Add two-way reference" }).press("Enter");
  await panel.getByRole("button", { name: "Unlink" }).waitFor();
  // Paris has Lyon as its twin, so Lyon is the twin of Paris.
  await expect.poll(async () => (await (await table.cell(2, "Cities")).innerText()).trim()).toBe("Paris");
  await table.click(1, "Twin");
  await page.keyboard.press("Delete");
  await expect.poll(async () => (await (await table.cell(2, "Cities")).innerText()).trim()).toBe("");
  await table.click(1, "Twin");
  expect(await violations(page)).toEqual([]);
  await panel.getByRole("button", { name: "Unlink" }).press("Enter");
  await panel.getByRole("button", { name: "Add two-way reference" }).waitFor();
});

test("columns that say who, when and which are added by menu", async () => {
  const { page, table, panel } = await opened("Twin");
  await panel.getByLabel("Type", { exact: true }).selectOption("Ref");
  await table.shows(1, "Twin", "Lyon");
  for (const name of ["Last updated at", "UUID", "Twin Amount"]) {
    /* oxlint-disable no-await-in-loop -- one after the other */
    await panel.getByRole("button", { name: "Add a column" }).press("Enter");
    await page.getByRole("menuitem", { name, exact: true }).press("Enter");
    await (await table.cell(1, name)).waitFor();
    /* oxlint-enable no-await-in-loop */
  }
  await table.shows(1, "Twin Amount", "-20");
  await expect.poll(() => table.text(1, "UUID")).toMatch(/^[0-9a-f-]{36}$/);
  await table.type(1, "City", "Lutetia");
  await expect.poll(() => table.text(1, "Last updated at")).toMatch(/^20\d\d-/);
  expect(await table.text(2, "Last updated at")).toBe("");
});

test("a description goes with the header, for eyes and for screen readers", async () => {
  const { page, panel } = await opened("Amount");
  await panel.getByLabel("Description").fill("Before tax");
  await page.keyboard.press("Enter");
  const header = page.getByRole("columnheader", { name: "Amount" }).first();
  await expect.poll(() => header.getAttribute("aria-description")).toBe("Before tax");
  expect(await header.locator("[title]").first().getAttribute("title")).toContain("Before tax");
});

test("duplicates and parts of dates are columns of the menu", async () => {
  const { page, table, panel } = await opened("State");
  const add = async (name: string): Promise<void> => {
    await panel.getByRole("button", { name: "Add a column" }).press("Enter");
    await page.getByRole("menuitem", { name, exact: true }).press("Enter");
    await (await table.cell(1, name)).waitFor();
  };
  await add("Duplicates in State");
  const found = async (row: number): Promise<string | null> => (await table.cell(row, "Duplicates in State")).locator(".m-box").getAttribute("class");
  await expect.poll(async () => (await found(1)) === (await found(3))).toBe(true);
  expect(await found(2)).not.toBe(await found(1));
  await table.click(1, "Seen");
  await add("Quarter of Seen");
  await table.shows(1, "Quarter of Seen", "2024-Q1");
  await table.shows(3, "Quarter of Seen", "");
});

test("a new column takes the type of what is typed first", async () => {
  const { page, table, panel } = await opened("Twin");
  await page.getByRole("button", { name: "Add column" }).first().click();
  await table.type(1, "A", "12");
  await table.click(1, "A");
  await expect.poll(() => panel.getByLabel("Type", { exact: true }).inputValue()).toBe("Numeric");
  expect(await panel.getByLabel("Behaviour").inputValue()).toBe("data");
});
