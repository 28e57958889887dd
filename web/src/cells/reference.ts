/** A row of another table, shown by one of its columns. What names no row is kept as text and marked. */
import type { CellValue, GridColumn } from "../grid/source";
import { editCombo, type Option } from "./combo-editor";
import { setText } from "./dom";
import { kindOfType } from "./kinds";
import type { CellContext, CellKind } from "./kind";
import { specialState, specialText } from "./special";
import { codeOf, referencedTable } from "./values";

const SHOWN_OPTIONS = 50;
const visibleColumns = new WeakMap<GridColumn, GridColumn>();

/** The shown column of the referenced table, as a column: its kind and options format the labels. */
export function visibleColumn(column: GridColumn): GridColumn | null {
  if (!column.visible) {
    return null;
  }
  let made = visibleColumns.get(column);
  if (!made) {
    const { colId, type, options } = column.visible;
    made = { ...column, colId, displayColId: colId, type, options, isFormula: false, formula: "" };
    delete made.visible;
    visibleColumns.set(column, made);
  }
  return made;
}

/** The label of a display value, as `Ada`; a row id without a shown column is `People[1]`. */
export function labelOf(shown: CellValue | undefined, column: GridColumn, context: CellContext): string {
  if (shown === undefined || shown === null) {
    return "";
  }
  // The display formula of a broken reference fails with the broken text itself.
  if (codeOf(shown) === "E" && Array.isArray(shown) && shown[1] === "InvalidTypedValue") {
    return String(shown[3] ?? "");
  }
  const state = specialState(shown);
  if (state) {
    return specialText(shown, state, context);
  }
  const visible = visibleColumn(column);
  if (!visible) {
    return typeof shown === "number" ? (shown > 0 ? `${referencedTable(column.type)}[${shown}]` : "") : String(shown);
  }
  return kindOfType(visible).text(shown, visible, context);
}

/** Looks up options in the other table; offers to make a row where that is possible. */
export async function searchRows(column: GridColumn, text: string, context: CellContext): Promise<Option[]> {
  const table = referencedTable(column.type);
  const colId = column.visible?.colId ?? "id";
  const found = await context.searchReference(table, colId, text);
  const options = found.slice(0, SHOWN_OPTIONS).map(({ rowId, label }): Option => ({ value: rowId, label: labelOf(label, column, context) }));
  const add = context.addReference;
  if (add && column.visible && text !== "" && !options.some((option) => option.label === text)) {
    options.push({ value: text, label: context.t("cell.newRow", { text }), create: () => add(table, colId, text) });
  }
  return options;
}

/** Text sent for the server to look up: it stores the row found, else the text. */
export function lookup(text: string, column: GridColumn): CellValue {
  const trimmed = text.trim();
  return trimmed === "" ? 0 : ["l", trimmed, { column: column.visible?.colId ?? "id", raw: trimmed }];
}

export const referenceKind: CellKind = {
  name: "reference",
  alignment: "left",
  paint(element, value, column, context, shown) {
    setText(element, value === 0 || value === null ? "" : labelOf(shown ?? value, column, context));
    return "plain";
  },
  edit(host, value, column, context, start) {
    const text = start.text ?? (typeof value === "string" ? value : referenceKind.text(value, column, context, start.shown));
    return editCombo(host, start, {
      label: column.label,
      listLabel: context.t("cell.rows"),
      emptyLabel: context.t("cell.noMatch"),
      text,
      search: (typed) => searchRows(column, typed === text ? "" : typed, context),
      // Left as it was: the same row, also when several rows have that label.
      parse: (typed) => (typed === text && start.text === undefined && !start.replace ? value : lookup(typed, column)),
    });
  },
  text: (value, column, context, shown) => (value === 0 || value === null ? "" : labelOf(shown ?? value, column, context)),
  parse: (text, column) => lookup(text, column),
};
