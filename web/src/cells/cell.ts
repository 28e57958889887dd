/**
 * The door to cells of any column: special values and values of the wrong type are handled here, the rest by the column's kind.
 */
import type { CellValue, GridColumn } from "../grid/source";
import { textOfAny } from "./any";
import { setText } from "./dom";
import type { CellContext, CellEditor, CellState, EditStart } from "./kind";
import { kindOfType } from "./kinds";
import { paintSpecial, specialState, specialText } from "./special";
import { fitsType } from "./values";

/** Paints a cell and says its state, which the owner shows on the element (class, `aria-invalid`). `undefined`: not loaded. */
export function paintCell(
  element: HTMLElement, value: CellValue | undefined, column: GridColumn, context: CellContext, shown?: CellValue,
): CellState {
  const special = specialState(value);
  if (special || value === undefined) {
    paintSpecial(element, value, special ?? "loading", context);
    return special ?? "loading";
  }
  if (!fitsType(value, column.type)) {
    setText(element, textOfAny(value));
    return "invalid";
  }
  return kindOfType(column).paint(element, value, column, context, shown);
}

/** The cell as text, as it is copied. */
export function cellText(value: CellValue | undefined, column: GridColumn, context: CellContext, shown?: CellValue): string {
  const special = specialState(value);
  if (special || value === undefined) {
    return specialText(value, special ?? "loading", context);
  }
  return fitsType(value, column.type) ? kindOfType(column).text(value, column, context, shown) : textOfAny(value);
}

/** The cell as said by a screen reader outside the grid's own reading, as in an announcement. */
export function announceCell(value: CellValue | undefined, column: GridColumn, context: CellContext, shown?: CellValue): string {
  const kind = kindOfType(column);
  if (kind.announce && value !== undefined && !specialState(value) && fitsType(value, column.type)) {
    return kind.announce(value, column, context, shown);
  }
  return cellText(value, column, context, shown);
}

/** Reads text for the column; `strict` for many values at once. */
export function parseCell(text: string, column: GridColumn, context: CellContext, strict = false): CellValue {
  return kindOfType(column).parse(text, column, context, strict);
}

/** Opens the column's editor; `null` when its cells are not edited in place. */
export function editCell(
  host: HTMLElement, value: CellValue, column: GridColumn, context: CellContext, start: EditStart = {},
): CellEditor | null {
  const readable = specialState(value) === null ? value : null;
  // Text kept in a typed column is what the person corrects: it starts the editor as it is.
  const misfit = readable !== null && !fitsType(readable, column.type);
  return kindOfType(column).edit(host, misfit ? null : readable, column, context, misfit ? { text: textOfAny(readable), ...start } : start);
}

/** The other value of a toggle; `undefined` for other kinds. */
export function toggledCell(value: CellValue, column: GridColumn): CellValue | undefined {
  return kindOfType(column).toggled?.(value);
}
