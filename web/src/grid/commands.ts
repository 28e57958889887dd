/**
 * What each command does. Moves and selections act at once; changes of data are in `edits.ts`, copies in `clipboard-events.ts`.
 */
import { codeOf } from "../cells/values";
import { kindOfType } from "../cells/kinds";
import { copyBy, pasteBy } from "./clipboard-events";
import { clearValues, deleteRecords, duplicateRows, fillDown, insertNow, insertRecord, refused } from "./edits";
import type { Grid } from "./grid";
import type { Command } from "./keys";
import { extended, isSingle, moved, selectionAt } from "./selection";
import type { GridColumn } from "./source";

const WIDTH_STEP = 20;
const LEAST_WIDTH = 40;
const EDGE = Number.POSITIVE_INFINITY;

/** Runs a command; whether it did something, so that the browser's own meaning of the key is not wanted. */
export function run(grid: Grid, command: string, event?: KeyboardEvent): boolean {
  const move = MOVES[command];
  if (move) {
    const [rows, columns, kind] = move(grid);
    const change = kind === "extend" ? extended : moved;
    grid.select(change(grid.selection, rows, columns, grid.bounds));
    return true;
  }
  const act = ACTS[command];
  return act ? act(grid, event) !== false : false;
}

type Step = [rows: number, columns: number, kind?: "extend"];

const MOVES: Record<string, ((grid: Grid) => Step) | undefined> = {
  cursorDown: () => [1, 0],
  cursorUp: () => [-1, 0],
  cursorRight: () => [0, 1],
  cursorLeft: () => [0, -1],
  pageDown: (grid) => [grid.page, 0],
  pageUp: (grid) => [-grid.page, 0],
  moveToFirstRecord: () => [-EDGE, 0],
  // The last record, not the row for adding; from there, that row.
  moveToLastRecord: (grid) => [grid.selection.cursor.row >= grid.bounds.records - 1 ? EDGE : grid.bounds.records - 1 - grid.selection.cursor.row, 0],
  moveToFirstField: () => [0, -EDGE],
  moveToLastField: () => [0, EDGE],
  moveToFirstCell: () => [-EDGE, -EDGE],
  moveToLastCell: (grid) => [grid.bounds.records - 1 - grid.selection.cursor.row, EDGE],
  shiftDown: () => [1, 0, "extend"],
  shiftUp: () => [-1, 0, "extend"],
  shiftRight: () => [0, 1, "extend"],
  shiftLeft: () => [0, -1, "extend"],
  shiftPageDown: (grid) => [grid.page, 0, "extend"],
  shiftPageUp: (grid) => [-grid.page, 0, "extend"],
  shiftHome: () => [0, -EDGE, "extend"],
  shiftEnd: () => [0, EDGE, "extend"],
  ctrlShiftDown: () => [EDGE, 0, "extend"],
  ctrlShiftUp: () => [-EDGE, 0, "extend"],
  ctrlShiftRight: () => [0, EDGE, "extend"],
  ctrlShiftLeft: () => [0, -EDGE, "extend"],
};

/** `false`: not handled, the browser's meaning of the key holds. */
type Act = (grid: Grid, event?: KeyboardEvent) => boolean | void;

const ACTS: Partial<Record<string, Act>> = {
  // At the ends Tab leaves the grid: it is no trap.
  nextField: (grid) => stepField(grid, 1),
  prevField: (grid) => stepField(grid, -1),
  selectAll: (grid) => grid.select({ ...grid.selection, extent: "all" }, { reveal: false }),
  selectRow: (grid) => grid.select({ ...grid.selection, extent: "rows" }, { reveal: false }),
  selectColumn: (grid) => grid.select({ ...grid.selection, extent: "columns" }, { reveal: false }),
  cancel(grid) {
    const { cursor } = grid.selection;
    grid.select(selectionAt(cursor.row, cursor.column), { reveal: false });
  },
  editField: (grid, event) => void editField(grid, event),
  makeFormula: (grid) => grid.editing.openFormula(),
  viewAsCard: (grid) => viewAsCard(grid),
  explainError: (grid) => explainError(grid),
  clearValues: (grid) => void clearValues(grid),
  fillSelectionDown: (grid) => void fillDown(grid),
  insertCurrentDate: (grid) => void insertNow(grid, false),
  insertCurrentDateTime: (grid) => void insertNow(grid, true),
  insertRecordBefore: (grid) => void insertRecord(grid, 0),
  insertRecordAfter: (grid) => void insertRecord(grid, 1),
  duplicateRows: (grid) => void duplicateRows(grid),
  deleteRecords: (grid) => void deleteRecords(grid),
  insertFieldBefore: (grid) => void insertField(grid, grid.selection.cursor.column),
  insertFieldAfter: (grid) => void insertField(grid, grid.selection.cursor.column + 1),
  renameField: (grid) => grid.editing.rename(grid.selection.cursor.column),
  hideFields: (grid) => void eachColumn(grid, (column) => grid.actions.hideColumn(column.fieldRef)),
  deleteFields: (grid) => void eachColumn(grid, (column) => grid.actions.removeColumn(column.colRef)),
  moveFieldLeft: (grid) => void moveField(grid, grid.selection.cursor.column, grid.selection.cursor.column - 1),
  moveFieldRight: (grid) => void moveField(grid, grid.selection.cursor.column, grid.selection.cursor.column + 1),
  widenField: (grid) => void widen(grid, WIDTH_STEP),
  narrowField: (grid) => void widen(grid, -WIDTH_STEP),
  sortAsc: (grid) => sort(grid, "ascending"),
  sortDesc: (grid) => sort(grid, "descending"),
  openContextMenu: (grid) => openMenu(grid, "cell"),
  openColumnMenu: (grid) => openMenu(grid, "column"),
  openRowMenu: (grid) => openMenu(grid, "row"),
  copy: (grid) => copyBy(grid, "copy"),
  cut: (grid) => copyBy(grid, "cut"),
  paste: (grid) => void pasteBy(grid),
} satisfies Partial<Record<Command, Act>>;

function stepField(grid: Grid, step: 1 | -1): boolean {
  const { row, column } = grid.selection.cursor;
  const next = column + step;
  if (next < 0 || next >= grid.bounds.columns) return false;
  grid.select(selectionAt(row, next));
  return true;
}

function editField(grid: Grid, event?: KeyboardEvent): void {
  // Enter within a selection edits the cursor's cell all the same: the selection is left as it is.
  grid.editing.start({}, event?.key ?? "Enter");
}

/** Space: the row as a card; on a toggle, its other value. */
function viewAsCard(grid: Grid): void {
  const column = grid.column();
  if (column && kindOfType(column).toggled && isSingle(grid.selection)) {
    grid.editing.start({}, " ");
    return;
  }
  const rowId = grid.rowId(grid.selection.cursor.row);
  if (typeof rowId === "number") grid.actions.openAsCard(rowId);
}

/** Why the cell of the cursor shows an error. */
export function explainError(grid: Grid): boolean {
  const { row } = grid.selection.cursor;
  const column = grid.column();
  const rowId = grid.rowId(row);
  if (!column || typeof rowId !== "number" || codeOf(grid.source.cell(row, column.colId)) !== "E" || !grid.actions.showError) return false;
  grid.actions.showError(rowId, column);
  return true;
}

function openMenu(grid: Grid, kind: "cell" | "column" | "row"): void {
  const { row, column } = grid.selection.cursor;
  grid.reveal(row, column);
  const header = kind === "column" ? grid.headerCell(column)?.getBoundingClientRect() : undefined;
  grid.actions.openMenu(kind, header ?? grid.rectOf(row, column), grid.menuContext());
}

function sort(grid: Grid, direction: "ascending" | "descending"): void {
  const column = grid.column();
  if (column) grid.actions.sort(column.colId, direction);
}

/** A new column, with the cursor in it. */
export async function insertField(grid: Grid, index: number): Promise<void> {
  if (refused(grid)) return;
  const before = new Set(grid.columns.map(({ fieldRef }) => fieldRef));
  try {
    await grid.actions.insertColumn(index);
  } catch {
    return;
  }
  const at = grid.columns.findIndex(({ fieldRef }) => !before.has(fieldRef));
  if (at >= 0) grid.select(selectionAt(grid.selection.cursor.row, at));
}

async function eachColumn(grid: Grid, act: (column: GridColumn) => Promise<void>): Promise<void> {
  if (refused(grid)) return;
  const { left, right } = grid.range;
  const columns = grid.selection.extent === "rows" || grid.selection.extent === "all" ? [grid.column()] : grid.columns.slice(left, right + 1);
  // One after the other: each is a step of the history, and the first refusal ends it.
  for (const column of columns) {
    if (!column) continue;
    try {
      // oxlint-disable-next-line no-await-in-loop
      await act(column);
    } catch {
      return;
    }
  }
}

/** Moves a column, and the cursor with it. */
export async function moveField(grid: Grid, from: number, to: number): Promise<void> {
  const column = grid.columns[from];
  if (refused(grid) || !column || to < 0 || to >= grid.bounds.columns || to === from) return;
  try {
    await grid.actions.moveColumn(column.fieldRef, to);
  } catch {
    return;
  }
  const at = grid.columns.findIndex(({ fieldRef }) => fieldRef === column.fieldRef);
  grid.select(selectionAt(grid.selection.cursor.row, at < 0 ? to : at), { say: false });
  grid.say("grid.columnMoved", { label: column.label, number: to + 1 });
}

async function widen(grid: Grid, by: number): Promise<void> {
  const { column } = grid.selection.cursor;
  await resizeField(grid, column, grid.places.width(column) + by);
}

/** Saves the width of a column. */
export async function resizeField(grid: Grid, index: number, asked: number): Promise<void> {
  const column = grid.columns[index];
  if (refused(grid) || !column) return;
  const width = Math.max(LEAST_WIDTH, Math.round(asked));
  grid.previewWidth(index, width);
  try {
    await grid.actions.resizeColumn(column.fieldRef, width);
    grid.say("grid.columnWidth", { width });
  } catch {
    grid.columnsChanged();
  }
}
