/** Several choices of a list, as tokens. */
import type { CellValue, GridColumn } from "../grid/source";
import { joinList, splitList } from "./any";
import { choiceKind, choicesOf, searchChoices } from "./choice";
import { editCombo } from "./combo-editor";
import { setText } from "./dom";
import type { CellContext, CellKind } from "./kind";
import { paintTokens } from "./tokens";
import { listCell, listOf } from "./values";

export const choiceListKind: CellKind = {
  name: "choicelist",
  alignment: "left",
  paint(element, value, column) {
    const labels = labelsOf(value);
    if (labels.length === 0) {
      setText(element, "");
      return "plain";
    }
    const { styles } = choicesOf(column);
    const specs = labels.map((label) => ({ label, style: styles.get(label) ?? null, invalid: !styles.has(label) }));
    paintTokens(element, specs);
    return specs.some((spec) => spec.invalid) ? "invalid" : "plain";
  },
  edit(host, value, column, context, start) {
    const { styles } = choicesOf(column);
    return editCombo(host, start, {
      label: column.label,
      listLabel: context.t("cell.choices"),
      emptyLabel: context.t("cell.noMatch"),
      text: start.text ?? "",
      tokens: start.text === undefined ? labelsOf(value).map((label) => ({ value: label, label, style: styles.get(label) ?? null })) : [],
      asTokens: true,
      search: (text) => searchChoices(column, text),
      parse: (text) => choiceKind.parse(text, column, context),
      split: splitList,
      join: (items) => listCell(items.map((item) => item.value)),
    });
  },
  text: (value) => joinList(labelsOf(value)),
  parse(text: string, column: GridColumn, context: CellContext) {
    const distinct = new Set(splitList(text).map((item) => choiceKind.parse(item, column, context)));
    return listCell([...distinct]);
  },
};

function labelsOf(value: CellValue): string[] {
  return (listOf(value) ?? []).map(String);
}
