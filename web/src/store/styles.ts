/** Conditional styles: rule columns hold true where a style applies, the options hold the styles in the same order. */
import type { CellValue } from "../api/codec";
import { isRecord } from "../api/codec";
import type { CellStyle } from "../grid/source";

/** The styles of `options.rulesOptions`, one for each rule. */
export function ruleStyles(options: Record<string, unknown>): CellStyle[] {
  const list = options["rulesOptions"];
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => (isRecord(entry) ? readStyle(entry) : {}));
}

/** The fixed style of a column or field, from its widget options. */
export function readStyle(options: Record<string, unknown>): CellStyle {
  const style: CellStyle = {};
  if (typeof options["fillColor"] === "string" && options["fillColor"] !== "") style.fill = options["fillColor"];
  if (typeof options["textColor"] === "string" && options["textColor"] !== "") style.text = options["textColor"];
  if (options["fontBold"] === true) style.bold = true;
  if (options["fontItalic"] === true) style.italic = true;
  if (options["fontUnderline"] === true) style.underline = true;
  if (options["fontStrikethrough"] === true) style.strikethrough = true;
  return style;
}

/** One set of rules: the rule columns' ids, and a style for each. */
export interface RuleSet {
  readonly colIds: readonly string[];
  readonly styles: readonly CellStyle[];
}

/** All styles whose rule holds, later ones over earlier ones; `null` when none does. */
export function evaluateRules(rules: RuleSet, cell: (colId: string) => CellValue | undefined): CellStyle | null {
  let result: CellStyle | null = null;
  rules.colIds.forEach((colId, at) => {
    const style = rules.styles[at];
    if (style && cell(colId) === true) result = { ...result, ...style };
  });
  return result;
}

export function mergeStyles(under: CellStyle | null, over: CellStyle | null): CellStyle | null {
  return under && over ? { ...under, ...over } : (over ?? under);
}
