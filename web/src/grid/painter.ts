/**
 * Paints one cell's element: text, class, style, and what is said to assistive technology. Writes to the DOM only what differs.
 *
 * What depends on the column alone is worked out once per column ({@link ColumnLook}).
 */
import { paintCell } from "../cells/cell";
import { setText } from "../cells/dom";
import { alignmentOf, wraps, type CellContext } from "../cells/kind";
import { kindOfType } from "../cells/kinds";
import { cssOf, mergeStyles, styleOf } from "../cells/style";
import { errorMessage } from "../cells/special";
import { codeOf } from "../cells/values";
import type { CellStyle, CellValue, GridColumn } from "./source";

/** What all cells of a column share. */
export interface ColumnLook {
  readonly column: GridColumn;
  readonly className: string;
  readonly style: CellStyle | null;
  readonly css: string;
  readonly wraps: boolean;
  readonly readOnly: boolean;
  readonly isReference: boolean;
  /** Numbers show that they are cut when they are too wide. */
  readonly isNumber: boolean;
}

/** A cell's element and what it shows. */
export interface Cell {
  readonly element: HTMLElement;
  /** Index of the column; -1 for none yet. */
  column: number;
  /** The row's stamp when it was painted. */
  stamp: number;
  look: ColumnLook | null;
  className: string;
  css: string;
  invalid: boolean;
  title: string;
  selected: boolean;
}

/** Whether a column is a formula (an empty formula column is still free for data). */
export function isFormula(column: GridColumn): boolean {
  return column.isFormula && column.formula !== "";
}

/** Whether a column has neither data nor formula. */
export function isEmptyColumn(column: GridColumn): boolean {
  return column.isFormula && column.formula === "";
}

export function lookOf(column: GridColumn, place: "" | " is-frozen" | " is-frozen is-edge" | " is-last", readOnly: boolean): ColumnLook {
  const kind = kindOfType(column);
  const alignment = alignmentOf(column, kind);
  const style = styleOf(column.options);
  const wrap = wraps(column);
  return {
    column,
    className:
      `m-cell m-cell-${kind.name}` +
      (alignment === "left" ? "" : ` is-${alignment}`) +
      (wrap ? " is-wrapping" : "") +
      (isFormula(column) ? " is-formula" : "") +
      place,
    style,
    css: cssOf(style),
    wraps: wrap,
    readOnly: readOnly || column.readOnly || isFormula(column),
    isReference: column.type.startsWith("Ref"),
    isNumber: (kind.name === "number" || kind.name === "integer") && !wrap,
  };
}

export function makeCell(): Cell {
  const element = document.createElement("div");
  element.setAttribute("role", "gridcell");
  element.setAttribute("aria-selected", "false");
  return { element, column: -1, stamp: -1, look: null, className: "", css: "", invalid: false, title: "", selected: false };
}

/** What a cell shows now. */
export interface CellFacts {
  readonly value: CellValue | undefined;
  readonly shown: CellValue | undefined;
  readonly style: CellStyle | null;
  readonly pending: boolean;
  /** Shown instead of the value: what was chosen, until the server has answered. */
  readonly text?: string | undefined;
}

/** Where a cell is, as the beginning of its style, and its width. */
export interface CellPlace {
  readonly css: string;
  readonly width: number;
}

export function paint(cell: Cell, look: ColumnLook, facts: CellFacts, place: CellPlace, context: CellContext): void {
  const { element } = cell;
  const { value, shown, style } = facts;
  let state = "plain";
  if (facts.text !== undefined) setText(element, facts.text);
  // Text on its way to the server, which looks up the row it names.
  else if (codeOf(value) === "l") setText(element, String((value as CellValue[])[1]));
  else state = paintCell(element, value, look.column, context, shown);

  const className = `${look.className}${state === "plain" ? "" : ` is-${state}`}${facts.pending ? " is-unsaved" : ""}${look.isNumber && isTooWide(element, place.width) ? " is-cut" : ""}`;
  if (cell.className !== className) element.className = cell.className = className;
  const css = place.css + (style ? cssOf(mergeStyles(look.style, style)) : look.css);
  if (cell.css !== css) element.style.cssText = cell.css = css;
  const invalid = state === "invalid" || state === "error";
  if (cell.invalid !== invalid) {
    cell.invalid = invalid;
    if (invalid) element.setAttribute("aria-invalid", "true");
    else element.removeAttribute("aria-invalid");
  }
  const title = state === "error" ? errorMessage(value ?? null) : "";
  if (cell.title !== title) element.title = cell.title = title;
  if (cell.look !== look) {
    cell.look = look;
    if (look.readOnly) element.setAttribute("aria-readonly", "true");
    else element.removeAttribute("aria-readonly");
  }
}

const PADDING = 19;
let digitWidth = 0;

/** Whether a number is wider than its cell: reckoned from its digits, as asking the browser would cost a layout. */
function isTooWide(element: HTMLElement, width: number): boolean {
  const length = element.firstChild instanceof Text ? element.firstChild.data.length : 0;
  if (length * 6 < width - PADDING) return false;
  if (digitWidth === 0) digitWidth = measureDigit(element);
  let needed = 0;
  for (const character of element.textContent ?? "") needed += /[.,'\s\u00a0]/.test(character) ? digitWidth / 2 : digitWidth;
  return needed > width - PADDING;
}

function measureDigit(element: HTMLElement): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return 8;
  pen.font = getComputedStyle(element).font;
  return pen.measureText("0000000000").width / 10;
}
