/** Values of no particular type, shown by what they are: lists, dates, records, dictionaries, as Grist writes them. */
import { formatDate } from "../format/dates";
import type { CellValue, GridColumn } from "../grid/source";
import { setText } from "./dom";
import type { CellContext, CellKind } from "./kind";
import { errorLabel } from "./special";
import { editText } from "./text-editor";

/** Any cell as text, whatever its column. Inside lists and dictionaries texts are quoted. */
export function textOfAny(value: CellValue, topLevel = true): string {
  if (value === null) {
    return topLevel ? "" : "null";
  }
  if (typeof value === "string") {
    return topLevel ? value : JSON.stringify(value);
  }
  if (typeof value !== "object") {
    return String(value);
  }
  if (!Array.isArray(value)) {
    return textOfDictionary(value);
  }
  const [code, ...args] = value;
  const first = args[0] ?? null;
  switch (code) {
    case "L":
      return textOfList(args, topLevel);
    case "O":
      return textOfDictionary(typeof first === "object" && first !== null && !Array.isArray(first) ? first : {});
    case "d":
      return formatDate(Number(first), "YYYY-MM-DD", "UTC", "en-US");
    case "D": {
      const zone = String(args[1] ?? "UTC");
      return formatDate(Number(first), topLevel ? "YYYY-MM-DD HH:mm:ssZ" : "YYYY-MM-DD[T]HH:mm:ss.SSSZ", zone, "en-US");
    }
    case "R":
      return `${String(first)}[${String(args[1])}]`;
    case "r":
      return `${String(first)}[[${Array.isArray(args[1]) ? args[1].join(", ") : ""}]]`;
    case "E":
      return errorLabel(value);
    case "U":
      return String(first);
    default:
      return JSON.stringify(value);
  }
}

/** Elements joined by `, `; those with commas, quotes or outer blanks are quoted, as in a CSV row. */
export function joinList(items: string[]): string {
  return items.map((item) => (/[",\n]|^\s|\s$/.test(item) ? `"${item.replaceAll('"', '""')}"` : item)).join(", ");
}

/** The reverse of {@link joinList}: a text of one or several lines, split at commas outside quotes; blanks are left out. */
export function splitList(text: string): string[] {
  const items: string[] = [];
  for (const match of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,\n]*))\s*(?:,|\n|$)/g)) {
    const item = match[1] === undefined ? (match[2] ?? "").trim() : match[1].replaceAll('""', '"');
    if (item !== "") {
      items.push(item);
    }
  }
  return items;
}

function textOfList(items: CellValue[], topLevel: boolean): string {
  const nested = items.some((item) => Array.isArray(item) ? item[0] === "L" || item[0] === "O" : typeof item === "object" && item !== null);
  return topLevel && !nested
    ? joinList(items.map((item) => textOfAny(item)))
    : `[${items.map((item) => textOfAny(item, false)).join(", ")}]`;
}

function textOfDictionary(value: { [key: string]: CellValue }): string {
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${textOfAny(item, false)}`).join(", ")}}`;
}

export const anyKind: CellKind = {
  name: "any",
  alignment: "left",
  paint(element, value) {
    setText(element, textOfAny(value));
    return "plain";
  },
  edit(host, value, column, context, start) {
    return editText(host, start.text ?? anyKind.text(value, column, context), start, {
      label: column.label,
      parse: (text) => anyKind.parse(text, column, context),
    });
  },
  text: (value: CellValue, _column: GridColumn, _context: CellContext) => textOfAny(value),
  // The server guesses the type of a column that has none from what is first typed.
  parse: (text) => (text === "" ? null : text),
};
