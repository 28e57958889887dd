/** Several rows of another table, as tokens. */
import type { CellValue, GridColumn } from "../grid/source";
import { joinList, splitList } from "./any";
import { editCombo } from "./combo-editor";
import { setText } from "./dom";
import type { CellContext, CellKind } from "./kind";
import { labelOf, searchRows } from "./reference";
import { paintTokens } from "./tokens";
import { codeOf, listCell, listOf } from "./values";

export const referenceListKind: CellKind = {
  name: "referencelist",
  alignment: "left",
  paint(element, value, column, context, shown) {
    const labels = labelsOf(value, column, context, shown);
    if (labels.length === 0) {
      setText(element, "");
    } else {
      paintTokens(element, labels.map((label) => ({ label, style: null })));
    }
    return "plain";
  },
  edit(host, value, column, context, start) {
    const labels = labelsOf(value, column, context, start.shown);
    const rows = listOf(value) ?? [];
    return editCombo(host, start, {
      label: column.label,
      listLabel: context.t("cell.rows"),
      emptyLabel: context.t("cell.noMatch"),
      text: start.text ?? (typeof value === "string" ? value : ""),
      tokens: start.text === undefined ? rows.map((row, index) => ({ value: row, label: labels[index] ?? String(row) })) : [],
      asTokens: true,
      search: (text) => searchRows(column, text, context),
      parse: (text) => text.trim(),
      split: splitList,
      join: (items) => joinRows(items.map((item) => item.value), column),
    });
  },
  text: (value, column, context, shown) => joinList(labelsOf(value, column, context, shown)),
  parse: (text, column) => joinRows(splitList(text), column),
};

/** Row ids make a list; with any text among them the server looks all of them up. */
function joinRows(items: CellValue[], column: GridColumn): CellValue {
  if (items.every((item) => typeof item === "number")) {
    return listCell(items);
  }
  const texts = items.map((item) => item ?? "");
  return ["l", ["L", ...texts], { column: column.visible?.colId ?? "id", raw: joinList(texts.map(String)) }];
}

/** One label per row: the display column holds a list parallel to the row ids. */
function labelsOf(value: CellValue, column: GridColumn, context: CellContext, shown: CellValue | undefined): string[] {
  const rows = listOf(value) ?? [];
  const labels = shown === undefined ? rows : codeOf(shown) === "L" ? (listOf(shown) ?? []) : rows.map(() => shown);
  return rows.map((row, index) => labelOf(labels[index] ?? row, column, context));
}
