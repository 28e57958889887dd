/** Conditional styles as they are kept: rule columns in a list, and in the options of the same owner a style for each, in the same order. */
import { toList, type CellValue } from "../api/codec";
import type { Options } from "./options";

export interface RuleOwner {
  /** Where the list is: a column, a field, or the raw section of a table. */
  readonly table: "_grist_Tables_column" | "_grist_Views_section_field" | "_grist_Views_section";
  readonly ref: number;
  /** Refs of the rule columns. */
  readonly rules: readonly number[];
  readonly options: Options;
}

type Action = ["UpdateRecord", string, number, Record<string, CellValue>];

function styles({ options, rules }: RuleOwner): Options[] {
  const list = Array.isArray(options["rulesOptions"]) ? (options["rulesOptions"] as Options[]) : [];
  return rules.map((_, at) => list[at] ?? {});
}

export function ruleStyle(owner: RuleOwner, at: number): Options {
  return styles(owner)[at] ?? {};
}

function written({ table, options }: RuleOwner, rulesOptions: readonly Options[]): Record<string, CellValue> {
  return { [table === "_grist_Views_section" ? "options" : "widgetOptions"]: JSON.stringify({ ...options, rulesOptions }) };
}

/** The style of one rule with some of it changed; `undefined` takes a part away. */
export function changeRule(owner: RuleOwner, at: number, changes: Options): Action {
  const next = styles(owner).map((style, each) => (each === at ? { ...style, ...changes } : style));
  return ["UpdateRecord", owner.table, owner.ref, written(owner, next)];
}

/** Without the rule and its style; its column goes by itself when nothing names it any more. */
export function removeRule(owner: RuleOwner, at: number): Action {
  const others = <T>(list: readonly T[]): T[] => list.filter((_, each) => each !== at);
  return ["UpdateRecord", owner.table, owner.ref, { rules: toList(others(owner.rules)), ...written(owner, others(styles(owner))) }];
}
