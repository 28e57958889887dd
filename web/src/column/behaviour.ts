/** What a column is: empty, data, a formula, or data that a formula fills in; and the user actions that make it another. */
import { toList, type CellValue } from "../api/codec";
import type { ColumnInfo } from "../store/model";

export type Behaviour = "empty" | "data" | "formula" | "trigger";

export function behaviourOf({ isFormula, formula }: Pick<ColumnInfo, "isFormula" | "formula">): Behaviour {
  if (isFormula) return formula === "" ? "empty" : "formula";
  return formula === "" ? "data" : "trigger";
}

/** When a trigger formula fills a cell in. */
export type Occasion = "added" | "listed" | "any" | "never";

const ON_LISTED = 0;
const NEVER = 1;
const ON_ANY = 2;

export function occasionOf(recalcWhen: number, deps: readonly number[]): Occasion {
  if (recalcWhen === NEVER) return "never";
  if (recalcWhen === ON_ANY) return "any";
  return deps.length > 0 ? "listed" : "added";
}

/** The cells of `_grist_Tables_column` that say so; `deps` count only for "listed". */
export function occasionCells(occasion: Occasion, deps: readonly number[]): Record<string, CellValue> {
  const recalcWhen = { added: ON_LISTED, listed: ON_LISTED, any: ON_ANY, never: NEVER }[occasion];
  return { recalcWhen, recalcDeps: occasion === "listed" ? toList(deps) : null };
}

/** The cells that turn a column into an empty one, into data as it stands, or into what its formula makes. */
export function behaviourCells(behaviour: Behaviour, formula: string): Record<string, CellValue> {
  switch (behaviour) {
    case "empty":
      return { isFormula: true, formula: "", type: "Any", widgetOptions: "", visibleCol: 0, ...occasionCells("added", []) };
    case "data":
      return { isFormula: false, formula: "" };
    case "formula":
      return { isFormula: true, formula };
    case "trigger":
      return { isFormula: false, formula, ...occasionCells("added", []) };
  }
}
