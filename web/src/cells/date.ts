/** Dates: midnight UTC in seconds, shown by the column's format, edited as text or in a small calendar. */
import { datePattern, formatDate } from "../format/dates";
import { parseDate } from "../format/parse-dates";
import type { CellValue, GridColumn } from "../grid/source";
import { editDate } from "./date-editor";
import { setText } from "./dom";
import { cachedText } from "./format-cache";
import { alignmentOf, type CellContext, type CellKind } from "./kind";
import { codeOf } from "./values";

export const dateKind: CellKind = {
  name: "date",
  alignment: "left",
  paint(element, value, column, context) {
    setText(element, shown(value, column, context));
    return "plain";
  },
  edit(host, value, column, context, start) {
    const pattern = datePattern(column.options);
    return editDate(host, start.text ?? (typeof value === "string" ? value : shown(value, column, context)), start, {
      label: column.label,
      alignment: alignmentOf(column, dateKind),
      pattern,
      context,
      read: (text) => parseDate(text, { options: column.options, locale: context.locale, today: context.today() }),
      write: (day) => formatDate(day, pattern, "UTC", context.locale),
      parse: (text) => dateKind.parse(text, column, context),
    });
  },
  text: shown,
  parse(text, column, context, strict) {
    if (text.trim() === "") {
      return null;
    }
    return parseDate(text, { options: column.options, locale: context.locale, today: context.today(), strict: strict === true }) ?? text;
  },
};

/** Seconds of a date or date-time cell, also of one in an untyped column; `null` for other cells. */
export function secondsOf(value: CellValue): number | null {
  if (typeof value === "number") {
    return value;
  }
  const code = codeOf(value);
  const seconds = code === "d" || code === "D" ? (value as CellValue[])[1] : null;
  return typeof seconds === "number" ? seconds : null;
}

function shown(value: CellValue, column: GridColumn, context: CellContext): string {
  const seconds = secondsOf(value);
  return seconds === null
    ? ""
    : cachedText(column, context, seconds, () => {
        const pattern = datePattern(column.options);
        return (day) => formatDate(day as number, pattern, "UTC", context.locale);
      });
}
