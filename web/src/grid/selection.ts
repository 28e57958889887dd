/**
 * The cursor and what is selected with it. Pure: values in, values out.
 *
 * The cursor is the cell where a selection began; the other corner (`head`) moves when the selection is extended.
 */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export type Extent = "cells" | "rows" | "columns" | "all";

export interface Selection {
  readonly cursor: Place;
  readonly head: Place;
  readonly extent: Extent;
}

/** First and last row and column, inclusive. */
export interface Range {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How large the grid is; `rows` counts the row for adding, `records` does not. */
export interface Bounds {
  readonly rows: number;
  readonly records: number;
  readonly columns: number;
}

export function selectionAt(row: number, column: number): Selection {
  const cursor = { row, column };
  return { cursor, head: cursor, extent: "cells" };
}

/** The selected cells. Whole columns hold records only, not the row for adding. */
export function rangeOf({ cursor, head, extent }: Selection, bounds: Bounds): Range {
  const wholeRows = extent === "rows" || extent === "all";
  const wholeColumns = extent === "columns" || extent === "all";
  return {
    top: wholeColumns ? 0 : Math.min(cursor.row, head.row),
    bottom: wholeColumns ? Math.max(0, bounds.records - 1) : Math.max(cursor.row, head.row),
    left: wholeRows ? 0 : Math.min(cursor.column, head.column),
    right: wholeRows ? Math.max(0, bounds.columns - 1) : Math.max(cursor.column, head.column),
  };
}

export function isSingle(selection: Selection): boolean {
  const { cursor, head, extent } = selection;
  return extent === "cells" && cursor.row === head.row && cursor.column === head.column;
}

export function contains(range: Range, row: number, column: number): boolean {
  return row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}

/** The selection pushed inside the grid. */
export function clamp(selection: Selection, bounds: Bounds): Selection {
  const inside = ({ row, column }: Place): Place => ({
    row: Math.max(0, Math.min(row, bounds.rows - 1)),
    column: Math.max(0, Math.min(column, bounds.columns - 1)),
  });
  return { cursor: inside(selection.cursor), head: inside(selection.head), extent: selection.extent };
}

/** The cursor moved; the selection falls back to one cell. */
export function moved(selection: Selection, rows: number, columns: number, bounds: Bounds): Selection {
  const { row, column } = selection.cursor;
  return clamp(selectionAt(add(row, rows), add(column, columns)), bounds);
}

/** The other corner moved. Infinite steps go to the edge; the row for adding is never part of an extended selection. */
export function extended(selection: Selection, rows: number, columns: number, bounds: Bounds): Selection {
  const most = Math.max(0, (selection.cursor.row >= bounds.records ? bounds.rows : bounds.records) - 1);
  const head = {
    row: Math.max(0, Math.min(add(selection.head.row, rows), most)),
    column: Math.max(0, Math.min(add(selection.head.column, columns), bounds.columns - 1)),
  };
  return { ...selection, head };
}

/** Adding an infinity goes to the edge, whatever the start. */
function add(value: number, step: number): number {
  return Number.isFinite(step) ? value + step : step > 0 ? Number.MAX_SAFE_INTEGER : 0;
}
