/**
 * Changing the type of a column so that its values come along: texts are read as the new type, choices are collected, references are found by what they show.
 *
 * All of it is one bundle of user actions, hence one step to undo. Values that cannot be read stay as text, marked in the grid.
 */
import type { CellValue, UserAction } from "../api/codec";
import { baseType, listOf, referencedTable } from "../cells/values";
import { isHelperColumn, type ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { withOptions, type Options } from "./options";

/** The column that holds the converted values until they take the place of the old ones. */
const HELPER = "gristHelper_Converted";
/** So many distinct values are looked at to guess. */
const SAMPLE = 500;
/** What the options of a column may keep under another type. */
const KEPT = ["alignment", "wrap", "fillColor", "textColor", "fontBold", "fontItalic", "fontUnderline", "fontStrikethrough"];

/** What an open document is asked for a conversion. */
export type Source = Pick<DocumentSession, "call" | "distinctValues" | "model">;

export async function conversion(session: Source, column: ColumnInfo, type: string): Promise<UserAction[]> {
  const table = session.model.table(column.tableRef);
  if (!table || type === column.type) return [];
  const { tableId } = table;
  // What is computed is converted as it is computed; an empty column has nothing to convert.
  if (column.isFormula) return [["ModifyColumn", tableId, column.colId, { type }]];
  const values = (await session.distinctValues(tableId, column.colId, SAMPLE)).values.map(([value]) => value);
  const shown = await shownColumn(session, column, type, values);
  const wanted = shown ? `${baseType(type)}:${shown.tableId}` : type;
  const options = withOptions(kept(column.options), baseType(type).startsWith("Choice") ? { choices: choicesIn(column, type, values) } : {});
  const visibleCol = shown?.ref ?? 0;
  return [
    ["AddColumn", tableId, HELPER, { type: wanted, isFormula: false, visibleCol, widgetOptions: options }],
    ...(shown ? [["SetDisplayFormula", tableId, null, HELPER, `$${HELPER}.${shown.colId}`] satisfies UserAction] : []),
    ["ConvertFromColumn", tableId, column.colId, HELPER, wanted, options, visibleCol],
    ["CopyFromColumn", tableId, HELPER, column.colId, options],
    ["RemoveColumn", tableId, HELPER],
  ];
}

/** In cells of these types any text, and in lists any that is none, is what people typed and nobody could read. */
const TEXTLESS = ["Numeric", "Int", "Bool", "Date", "DateTime", "Ref", "RefList", "Attachments"];

/** How many cells of a converted column hold what could not be read as its type, among the most frequent of its values. */
export async function unread(session: Pick<DocumentSession, "distinctValues" | "model">, column: ColumnInfo, type: string): Promise<number> {
  const table = session.model.table(column.tableRef);
  if (!table || column.isFormula || !TEXTLESS.includes(baseType(type))) return 0;
  const { values } = await session.distinctValues(table.tableId, column.colId, SAMPLE);
  return values.reduce((sum, [value, count]) => sum + (typeof value === "string" && value !== "" ? count : 0), 0);
}

function kept(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([key]) => KEPT.includes(key)));
}

/** The choices that the values of a column make, in order; those it had already come first. */
export function choicesIn(column: Pick<ColumnInfo, "type" | "options">, type: string, values: readonly CellValue[]): string[] {
  const { choices } = column.options;
  const before = baseType(column.type).startsWith("Choice") && Array.isArray(choices) ? (choices as string[]) : [];
  const parts = values.flatMap((value): string[] => {
    if (Array.isArray(value)) return (listOf(value) ?? []).map(String);
    if (value === null || value === "") return [];
    return type === "ChoiceList" ? String(value).split(",") : [String(value)];
  });
  const names = parts.map((part) => part.trim()).filter((part) => part !== "");
  return [...new Set([...before, ...[...new Set(names)].sort((a, b) => a.localeCompare(b))])];
}

interface Shown {
  readonly ref: number;
  readonly tableId: string;
  readonly colId: string;
}

/** For references: the column in which the values are found best, of the table asked for if it has one, else its first text. */
async function shownColumn(session: Source, self: ColumnInfo, type: string, values: readonly CellValue[]): Promise<Shown | null> {
  const { model } = session;
  const target = model.tableById(referencedTable(type));
  const base = baseType(type);
  if (!target || (base !== "Ref" && base !== "RefList")) return null;
  const texts = values.filter((value) => value !== null && value !== "").slice(0, 100);
  const found = texts.length > 0 ? ((await session.call("findColFromValues", texts, 2, target.tableId)) as number[]) : [];
  // The column itself shows what it is to become: it cannot stand for the rows as well.
  const best = found.map((ref) => model.column(ref)).find((each) => each?.tableRef === target.ref && each.ref !== self.ref);
  const column = best ?? target.columns.find(({ colId, type: kind, ref }) => !isHelperColumn(colId) && kind === "Text" && ref !== self.ref);
  return column ? { ref: column.ref, tableId: target.tableId, colId: column.colId } : null;
}
