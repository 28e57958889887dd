/**
 * Copy, cut and paste, as the browser's events ask for them.
 *
 * What is loaded is copied within the event. Ranges that reach beyond are read first (`GridSource.read`), then written when all is there.
 */
import { cellText, parseCell } from "../cells/cell";
import { baseType } from "../cells/values";
import { parseHtml, parseTsv, pasteSize, toHtml, toTsv, type Copied, type CopiedCell } from "./clipboard";
import { clearValues, idsOf, ignore, isWritable, refused } from "./edits";
import type { Grid } from "./grid";
import { selectionAt, type Range } from "./selection";
import type { CellChange, CellValue, GridColumn } from "./source";

/** Above this many cells only the plain text is written. */
const MOST_HTML_CELLS = 200_000;

/** What the next copy event writes: read before it, as it had to be fetched. */
const prepared = new WeakMap<Grid, { text: string; html: string | null }>();

export function attachClipboard(grid: Grid): () => void {
  const { element } = grid;
  const copy = (event: ClipboardEvent): void => onCopy(grid, event);
  const cut = (event: ClipboardEvent): void => {
    if (refused(grid)) return;
    onCopy(grid, event);
    void clearValues(grid);
  };
  const paste = (event: ClipboardEvent): void => {
    if (event.target !== element || !event.clipboardData) return;
    event.preventDefault();
    const files = [...event.clipboardData.files];
    void pasteData(grid, event.clipboardData.getData("text/html"), event.clipboardData.getData("text/plain"), files).catch(ignore);
  };
  element.addEventListener("copy", copy);
  element.addEventListener("cut", cut);
  element.addEventListener("paste", paste);
  return () => {
    element.removeEventListener("copy", copy);
    element.removeEventListener("cut", cut);
    element.removeEventListener("paste", paste);
  };
}

/** Copies or cuts for a menu. */
export function copyBy(grid: Grid, command: "copy" | "cut"): void {
  grid.focus();
  if (!document.execCommand(command)) grid.say("grid.copyFailed");
}

/** Pastes for a menu: the browser may ask the person whether it may read the clipboard. */
export async function pasteBy(grid: Grid): Promise<void> {
  try {
    const [item] = await navigator.clipboard.read();
    const get = async (type: string): Promise<string> => (item?.types.includes(type) ? await (await item.getType(type)).text() : "");
    await pasteData(grid, await get("text/html"), await get("text/plain"), []);
  } catch {
    grid.say("grid.pasteByKey");
  }
}

function onCopy(grid: Grid, event: ClipboardEvent): void {
  if (event.target !== grid.element || !event.clipboardData) return;
  event.preventDefault();
  const ready = prepared.get(grid);
  if (ready) {
    event.clipboardData.setData("text/plain", ready.text);
    if (ready.html !== null) event.clipboardData.setData("text/html", ready.html);
    return;
  }
  const range = grid.range;
  const rows = Math.min(range.bottom, grid.bounds.records - 1) - range.top + 1;
  const columns = grid.columns.slice(range.left, range.right + 1);
  const copied = rows > 0 ? loadedCells(grid, range.top, rows, columns) : [];
  if (copied) {
    event.clipboardData.setData("text/plain", toTsv(copied));
    event.clipboardData.setData("text/html", toHtml(withDocument(grid, copied)));
    grid.say(event.type === "cut" ? "grid.cut" : "grid.copied", { rows, columns: columns.length });
  } else {
    grid.say("grid.copying");
    void copyFar(grid, range, rows, columns).catch(() => grid.say("grid.copyFailed"));
  }
}

function withDocument(grid: Grid, cells: CopiedCell[][]): Copied {
  return grid.options.document === undefined ? { cells } : { cells, document: grid.options.document };
}

/** The cells of a range that is loaded; `null` when it is not. */
function loadedCells(grid: Grid, top: number, rows: number, columns: readonly GridColumn[]): CopiedCell[][] | null {
  const cells: CopiedCell[][] = [];
  for (let row = top; row < top + rows; row++) {
    if (columns.some(({ colId }) => grid.source.cell(row, colId) === undefined)) return null;
    cells.push(columns.map((column) => copyCell(grid, column, grid.source.cell(row, column.colId), grid.source.cell(row, column.displayColId))));
  }
  return cells;
}

function copyCell(grid: Grid, column: GridColumn, value: CellValue | undefined, shown: CellValue | undefined): CopiedCell {
  // A no-break space is for the eye; other programs read numbers better without.
  const text = cellText(value, column, grid.context, shown).replaceAll("\u00a0", " ");
  return { text, type: column.type, ...(value === undefined ? {} : { value }) };
}

async function copyFar(grid: Grid, range: Range, rows: number, columns: readonly GridColumn[]): Promise<void> {
  if (!grid.source.read) {
    grid.say("grid.copyFailed");
    return;
  }
  const colIds = [...new Set(columns.flatMap(({ colId, displayColId }) => [colId, displayColId]))];
  const read = await grid.source.read(range.top, rows, colIds);
  const of = new Map(colIds.map((colId, at) => [colId, read[at] ?? []]));
  const count = read[0]?.length ?? 0;
  const cells = Array.from({ length: count }, (_, row) =>
    columns.map((column) => copyCell(grid, column, of.get(column.colId)?.[row], of.get(column.displayColId)?.[row])),
  );
  const text = toTsv(cells);
  const html = count * columns.length > MOST_HTML_CELLS ? null : toHtml(withDocument(grid, cells));
  await write(grid, text, html);
  grid.say("grid.copied", { rows: count, columns: columns.length });
}

/** Writes to the clipboard outside an event: by the newer way, which needs a safe connection, else by an event of our own. */
async function write(grid: Grid, text: string, html: string | null): Promise<void> {
  try {
    const types: Record<string, Blob> = { "text/plain": new Blob([text], { type: "text/plain" }) };
    if (html !== null) types["text/html"] = new Blob([html], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(types)]);
  } catch {
    prepared.set(grid, { text, html });
    grid.focus();
    const done = document.execCommand("copy");
    prepared.delete(grid);
    if (!done) throw new Error("the browser refused");
  }
}

/** Pastes what was copied elsewhere, or files, at the selection. */
export async function pasteData(grid: Grid, html: string, text: string, files: File[]): Promise<void> {
  if (refused(grid)) return;
  const column = grid.column();
  if (files.length > 0 && text === "" && column && baseType(column.type) === "Attachments") {
    await pasteFiles(grid, column, files);
    return;
  }
  const copied = (html === "" ? null : parseHtml(html)) ?? (text === "" ? null : { cells: parseTsv(text) });
  if (!copied || copied.cells.length === 0) {
    grid.say("grid.nothingToPaste");
    return;
  }
  await pasteCells(grid, copied);
}

async function pasteFiles(grid: Grid, column: GridColumn, files: File[]): Promise<void> {
  const { row } = grid.selection.cursor;
  const rowId = grid.rowId(row);
  if (!grid.actions.uploadFiles || rowId === null || !isWritable(grid, column)) return;
  const ids = await grid.actions.uploadFiles(files);
  const before = grid.source.cell(row, column.colId);
  const kept = Array.isArray(before) && before[0] === "L" ? before.slice(1) : [];
  await grid.actions.setCells([{ rowId, colId: column.colId, value: ["L", ...kept, ...ids] }]);
}

async function pasteCells(grid: Grid, copied: Copied): Promise<void> {
  const { top, bottom, left, right } = grid.range;
  const block = { rows: copied.cells.length, columns: Math.max(...copied.cells.map((row) => row.length)) };
  const size = pasteSize(block, { rows: bottom - top + 1, columns: right - left + 1 });
  const columns = grid.columns.slice(left, left + size.columns);
  const { records } = grid.bounds;
  const existing = Math.max(0, Math.min(size.rows, records - top));
  const rows = grid.canAdd ? size.rows : existing;
  const ids = existing > 0 ? await idsOf(grid, top, existing) : [];
  const changes: CellChange[] = [];
  for (let row = 0; row < rows; row++) {
    const from = copied.cells[row % block.rows] ?? [];
    columns.forEach((column, at) => {
      const cell = from[at % block.columns];
      if (!cell || !isWritable(grid, column)) return;
      const value = readCell(grid, column, cell, copied.document);
      const rowId = ids[row];
      changes.push(rowId === undefined ? { rowId: "new", newRow: row, colId: column.colId, value } : { rowId, colId: column.colId, value });
    });
  }
  if (changes.length === 0) {
    grid.say("grid.readOnly");
    return;
  }
  await grid.actions.setCells(changes);
  grid.select({ ...selectionAt(top, left), head: { row: top + rows - 1, column: left + columns.length - 1 } }, { reveal: false, say: false });
  const added = rows - existing;
  const words = [grid.options.t("grid.pasted", { rows, columns: columns.length })];
  if (added > 0) words.push(grid.options.t("grid.pastedRows", { count: added }));
  if (columns.length < size.columns) words.push(grid.options.t("grid.pasteClipped"));
  grid.actions.announce(words.join(". "));
}

/** A pasted cell as a value of the column: the value itself where it means the same there, else its text read anew. */
export function readCell(grid: Grid, column: GridColumn, cell: CopiedCell, from: string | undefined): CellValue {
  const { value, type, text } = cell;
  if (value !== undefined && type !== undefined && !(Array.isArray(value) && value[0] === "E")) {
    const base = baseType(type);
    const refers = base === "Ref" || base === "RefList" || base === "Attachments";
    const sameDocument = from !== undefined && from !== "" && from === grid.options.document;
    if (refers ? type === column.type && sameDocument : base === baseType(column.type)) return value;
    if (baseType(column.type) === "Any" && (typeof value === "number" || typeof value === "boolean") && base !== "Date" && base !== "DateTime" && !refers) return value;
  }
  return parseCell(text, column, grid.context, true);
}
