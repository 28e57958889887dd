/** Cell values as Grist sends them, and what their code letters mean. Nothing here formats for people. */

import type { CellValue } from "../grid/source";

export type { CellValue } from "../grid/source";

/** The columns of a table, as parallel lists of cells. */
export type ColumnData = Record<string, CellValue[]>;

export type TableData = ["TableData", string, number[], ColumnData];

/** A doc action: what is stored and broadcast, e.g. `["UpdateRecord", "People", 3, {"Age": 31}]`. */
export type DocAction = [name: string, tableId: string, ...rest: unknown[]];

/** A user action: what is asked of the server, e.g. `["AddVisibleColumn", "People", null, {}]`. */
export type UserAction = [name: string, ...rest: unknown[]];

/** Whether the cell is an encoded object rather than a plain value. */
export function isEncoded(value: CellValue | undefined): value is [string, ...CellValue[]] {
  return Array.isArray(value) && typeof value[0] === "string";
}

export function isError(value: CellValue | undefined): value is ["E", ...CellValue[]] {
  return isEncoded(value) && value[0] === "E";
}

/** The elements of a list cell; an empty list for anything else. */
export function listItems(value: CellValue | undefined): CellValue[] {
  return isEncoded(value) && value[0] === "L" ? value.slice(1) : [];
}

/** A list cell of these elements; `null` when there is none, as Grist stores empty lists. */
export function toList(items: readonly CellValue[]): CellValue {
  return items.length > 0 ? ["L", ...items] : null;
}

/** A text that is equal for equal cells and differs for different ones; serves as a map key. */
export function cellKey(value: CellValue): string {
  return JSON.stringify(value);
}

/** Parses a JSON text that holds an object; anything else gives an empty object. */
export function parseOptions(text: CellValue | undefined): Record<string, unknown> {
  if (typeof text !== "string" || text === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
