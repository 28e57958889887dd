/** One choice of a list, with the colours given to it. A value that is not in the list is shown and marked. */
import type { CellStyle, CellValue, GridColumn } from "../grid/source";
import { editCombo, fold, type Option } from "./combo-editor";
import { setText } from "./dom";
import type { CellKind } from "./kind";
import { styleOf } from "./style";
import { paintTokens } from "./tokens";

interface Choices {
  list: string[];
  styles: Map<string, CellStyle | null>;
}

const known = new WeakMap<GridColumn, Choices>();

/** The choices of a column and their styles; read once per column. */
export function choicesOf(column: GridColumn): Choices {
  let choices = known.get(column);
  if (!choices) {
    const { choices: list, choiceOptions } = column.options;
    const options = (typeof choiceOptions === "object" && choiceOptions !== null ? choiceOptions : {}) as Record<string, unknown>;
    const names = Array.isArray(list) ? list.filter((each): each is string => typeof each === "string") : [];
    const styles = new Map(names.map((name) => [name, styleOf((options[name] ?? {}) as Record<string, unknown>)] as const));
    choices = { list: names, styles };
    known.set(column, choices);
  }
  return choices;
}

/** The options whose name holds the text; those that begin with it first. */
export function searchChoices(column: GridColumn, text: string): Option[] {
  const { list, styles } = choicesOf(column);
  const wanted = fold(text);
  const options = list.map((label): Option => ({ value: label, label, style: styles.get(label) ?? null }));
  if (wanted === "") {
    return options;
  }
  const rank = (option: Option): number => (fold(option.label).startsWith(wanted) ? 0 : 1);
  return options.filter((option) => fold(option.label).includes(wanted)).sort((a, b) => rank(a) - rank(b));
}

export const choiceKind: CellKind = {
  name: "choice",
  alignment: "left",
  paint(element, value, column) {
    if (value === null || value === "") {
      setText(element, "");
      return "plain";
    }
    const label = String(value);
    const { styles } = choicesOf(column);
    const invalid = !styles.has(label);
    paintTokens(element, [{ label, style: styles.get(label) ?? null, invalid }]);
    return invalid ? "invalid" : "plain";
  },
  edit(host, value, column, context, start) {
    return editCombo(host, start, {
      label: column.label,
      listLabel: context.t("cell.choices"),
      emptyLabel: context.t("cell.noMatch"),
      text: start.text ?? (value === null ? "" : String(value)),
      asTokens: true,
      search: (text) => searchChoices(column, text === (value ?? "") ? "" : text),
      parse: (text) => choiceKind.parse(text, column, context),
    });
  },
  text: (value: CellValue) => (value === null ? "" : String(value)),
  parse(text, column) {
    const trimmed = text.trim();
    const { list } = choicesOf(column);
    return list.includes(trimmed) ? trimmed : (list.find((each) => fold(each) === fold(trimmed)) ?? trimmed);
  },
};
