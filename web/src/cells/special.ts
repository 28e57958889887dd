/** Cells that are no values: formula errors, pending results, values withheld by access rules, rows not loaded. */
import type { CellValue } from "../grid/source";
import { make, setText } from "./dom";
import type { CellContext, CellState } from "./kind";
import { codeOf } from "./values";

/** The short text of an error cell, as Grist shows it. */
export function errorLabel(value: CellValue): string {
  const [, name, message, details] = Array.isArray(value) ? value : [];
  switch (name) {
    case "ZeroDivisionError":
      return "#DIV/0!";
    case "UnmarshallableError":
      return typeof details === "string" ? details : "#UnmarshallableError";
    case "InvalidTypedValue":
      return `#Invalid ${String(message)}: ${String(details)}`;
    default:
      return typeof name === "string" && name !== "" ? `#${name}` : "#ERROR";
  }
}

/** What the error says beyond its label; empty when nothing. */
export function errorMessage(value: CellValue): string {
  const message = Array.isArray(value) ? value[2] : undefined;
  return typeof message === "string" ? message : "";
}

/** The state of a cell that no kind paints, `null` for real values. */
export function specialState(value: CellValue | undefined): CellState | null {
  if (value === undefined) {
    return "loading";
  }
  switch (codeOf(value)) {
    case "E":
      return "error";
    case "P":
      return "pending";
    case "C":
      return "censored";
    default:
      return null;
  }
}

/** Paints a cell for which {@link specialState} gave `state`. */
export function paintSpecial(element: HTMLElement, value: CellValue | undefined, state: CellState, context: CellContext): void {
  if (state === "loading" || value === undefined) {
    setText(element, "");
    return;
  }
  if (state === "error") {
    setText(element, errorLabel(value));
    return;
  }
  element.replaceChildren(make("span", "m-withheld", specialText(value, state, context)));
}

/** The text of a special cell, for reading out and for copies. */
export function specialText(value: CellValue | undefined, state: CellState, context: CellContext): string {
  switch (state) {
    case "error":
      return errorLabel(value ?? null);
    case "pending":
      return context.t("cell.pending");
    case "censored":
      return context.t("cell.censored");
    default:
      return "";
  }
}
