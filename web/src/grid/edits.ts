/**
 * Changes of many cells or of rows: clear, fill down, insert, duplicate, delete. Each is one step of the history.
 *
 * Rows that are not loaded are asked for by their ids; cells of formula columns and of columns that may not be changed are left alone.
 */
import { baseType } from "../cells/values";
import type { Grid } from "./grid";
import { isFormula } from "./painter";
import { isSingle, selectionAt } from "./selection";
import type { CellChange, CellValue, GridColumn } from "./source";

/** As many ids as one answer gives. */
const IDS_AT_ONCE = 100_000;

/** What an emptied cell of a column holds. */
export function blankOf(type: string): CellValue {
  switch (baseType(type)) {
    case "Text": case "Choice":
      return "";
    case "Bool":
      return false;
    case "Ref":
      return 0;
    default:
      return null;
  }
}

export function isWritable(grid: Grid, column: GridColumn): boolean {
  return !grid.options.readOnly && !column.readOnly && !isFormula(column);
}

/** Ids of the rows `[start, start + count)`, however many. */
export async function idsOf(grid: Grid, start: number, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let at = start; at < start + count; at += IDS_AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- one answer at a time, in order
    ids.push(...(await grid.source.rowIds(at, Math.min(IDS_AT_ONCE, start + count - at))));
  }
  return ids;
}

/** The selected records, without the row for adding. */
async function selectedIds(grid: Grid): Promise<number[]> {
  const { top, bottom } = grid.range;
  const last = Math.min(bottom, grid.bounds.records - 1);
  return last < top ? [] : await idsOf(grid, top, last - top + 1);
}

export async function clearValues(grid: Grid): Promise<void> {
  const { left, right } = grid.range;
  const columns = grid.columns.slice(left, right + 1).filter((column) => isWritable(grid, column));
  if (columns.length === 0) {
    const column = grid.column();
    grid.say(column && isFormula(column) ? "grid.readOnlyFormula" : "grid.readOnly");
    return;
  }
  const ids = await selectedIds(grid);
  const changes = ids.flatMap((rowId) => columns.map(({ colId, type }): CellChange => ({ rowId, colId, value: blankOf(type) })));
  if (changes.length === 0) return;
  await grid.actions.setCells(changes).then(() => grid.say("grid.cleared", { count: changes.length }), ignore);
}

/** The first selected row's cells in all selected rows; with one row, those of the row above. */
export async function fillDown(grid: Grid): Promise<void> {
  if (refused(grid)) return;
  const { top, bottom, left, right } = grid.range;
  const from = top === bottom ? top - 1 : top;
  const last = Math.min(bottom, grid.bounds.records - 1);
  const columns = grid.columns.slice(left, right + 1).filter((column) => isWritable(grid, column));
  if (from < 0 || last <= from || columns.length === 0) return;
  const values = columns.map(({ colId }) => grid.source.cell(from, colId));
  if (values.includes(undefined)) return;
  const ids = await idsOf(grid, from + 1, last - from);
  const changes = ids.flatMap((rowId) => columns.map(({ colId }, at): CellChange => ({ rowId, colId, value: values[at] ?? null })));
  await grid.actions.setCells(changes).then(() => grid.say("grid.filled", { count: ids.length }), ignore);
}

/** The date, or date and time, of now in the cell of the cursor. */
export async function insertNow(grid: Grid, withTime: boolean): Promise<void> {
  const column = grid.column();
  const rowId = grid.rowId(grid.selection.cursor.row);
  if (!column || rowId === null || !isWritable(grid, column)) return;
  const now = Math.floor(Date.now() / 1000);
  const type = baseType(column.type);
  const { locale } = grid.context;
  const text = new Intl.DateTimeFormat(locale, withTime ? { dateStyle: "short", timeStyle: "short" } : { dateStyle: "short" }).format(now * 1000);
  const value = type === "Date" ? grid.context.today() : type === "DateTime" ? (withTime ? now : grid.context.today()) : text;
  await grid.actions.setCells([{ rowId, colId: column.colId, value }]).catch(ignore);
}

/** A new row before (0) or after (1) the cursor's. */
export async function insertRecord(grid: Grid, after: 0 | 1): Promise<void> {
  if (refused(grid) || !grid.canAdd) return;
  const { row, column } = grid.selection.cursor;
  const at = Math.min(row + after, grid.bounds.records);
  try {
    const [before] = at < grid.bounds.records ? await grid.source.rowIds(at, 1) : [];
    const rowId = await (before === undefined ? grid.actions.addRow({}) : grid.actions.addRow({}, before));
    grid.say("grid.rowAdded");
    await grid.showRow(rowId, column);
  } catch {
    // The application has said why.
  }
}

export async function duplicateRows(grid: Grid): Promise<void> {
  if (refused(grid) || !grid.canAdd || !grid.actions.duplicateRows) return;
  const ids = await selectedIds(grid);
  if (ids.length > 0) await grid.actions.duplicateRows(ids).then(() => grid.say("grid.pastedRows", { count: ids.length }), ignore);
}

export async function deleteRecords(grid: Grid): Promise<void> {
  if (refused(grid)) return;
  const ids = await selectedIds(grid);
  if (ids.length === 0) return;
  const { top } = grid.range;
  const { column } = grid.selection.cursor;
  try {
    await grid.actions.removeRows(ids);
    if (!isSingle(grid.selection)) grid.select(selectionAt(top, column), { say: false });
    grid.say("grid.rowsRemoved", { count: ids.length });
  } catch {
    // The application has said why.
  }
}

/** Says so when nothing may be changed. */
export function refused(grid: Grid): boolean {
  if (grid.options.readOnly) grid.say("grid.readOnly");
  return grid.options.readOnly;
}

/** The application has shown the error. */
export function ignore(): void {
  // Nothing is left to do.
}
