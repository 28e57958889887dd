/** What a column's `widgetOptions` become when a person changes one of them: kept as Grist writes them, with what we do not know left alone. */
import type { CellValue, UserAction } from "../api/codec";
import { updateColumn, updateField } from "../store/edits";
import type { ColumnInfo } from "../store/model";

export type Options = Readonly<Record<string, unknown>>;

/** The options with some changed; `undefined` takes an option away. */
export function withOptions(options: Options, changes: Options): string {
  const merged = Object.entries({ ...options, ...changes }).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(merged));
}

/** Where the options of what is seen are kept: with the field if it has its own, else with the column. */
export interface OptionsPlace {
  readonly column: ColumnInfo;
  readonly fieldRef: number | null;
  readonly options: Options;
}

export function changeOptions({ column, fieldRef, options }: OptionsPlace, changes: Options): UserAction {
  const values: Record<string, CellValue> = { widgetOptions: withOptions(options, changes) };
  return fieldRef === null ? updateColumn(column.ref, values) : updateField(fieldRef, values);
}

export interface Choices {
  readonly names: readonly string[];
  readonly styles: Readonly<Record<string, Options>>;
}

export function readChoices(options: Options): Choices {
  const { choices, choiceOptions } = options;
  const names = Array.isArray(choices) ? choices.filter((each): each is string => typeof each === "string") : [];
  const styles = typeof choiceOptions === "object" && choiceOptions !== null ? (choiceOptions as Record<string, Options>) : {};
  return { names, styles };
}

/** The options that say so; styles of choices that are gone go with them. */
export function writeChoices({ names, styles }: Choices): Options {
  const kept = names.flatMap((name) => (styles[name] ? [[name, styles[name]] as const] : []));
  return { choices: [...names], choiceOptions: Object.fromEntries(kept) };
}

/** A choice under another name, in its place and with its look. A name that is taken, or empty, changes nothing. */
export function renameChoice({ names, styles }: Choices, from: string, to: string): Choices {
  if (to === "" || to === from || names.includes(to)) return { names, styles };
  const { [from]: style, ...others } = styles;
  return { names: names.map((name) => (name === from ? to : name)), styles: style ? { ...others, [to]: style } : others };
}

/** A choice moved by some places. */
export function moveChoice({ names, styles }: Choices, name: string, by: number): Choices {
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return { names, styles };
  const moved = names.filter((each) => each !== name);
  moved.splice(to, 0, name);
  return { names: moved, styles };
}
