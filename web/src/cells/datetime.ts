/** Date-times: instants, shown in the column's time zone by its two formats. */
import { dateTimePattern, formatDate, zoneOfType } from "../format/dates";
import { parseDateTime, parseTime } from "../format/parse-dates";
import { instantOf, offsetAt } from "../format/zones";
import type { CellValue, GridColumn } from "../grid/source";
import { secondsOf } from "./date";
import { editDate } from "./date-editor";
import { setText } from "./dom";
import { cachedText } from "./format-cache";
import { alignmentOf, type CellContext, type CellKind } from "./kind";
import { codeOf } from "./values";

const DAY = 86_400;

export const dateTimeKind: CellKind = {
  name: "datetime",
  alignment: "left",
  paint(element, value, column, context) {
    setText(element, shown(value, column, context));
    return "plain";
  },
  edit(host, value, column, context, start) {
    const pattern = dateTimePattern(column.options);
    const zone = zoneOfType(column.type, context);
    const input = { options: column.options, locale: context.locale, today: context.today() };
    let text = typeof value === "string" ? value : shown(value, column, context);
    return editDate(host, start.text ?? text, start, {
      label: column.label,
      alignment: alignmentOf(column, dateTimeKind),
      pattern,
      context,
      read(typed) {
        text = typed;
        const seconds = parseDateTime(typed, input, zone);
        return seconds === null ? null : Math.floor((seconds + offsetAt(zone, seconds)) / DAY) * DAY;
      },
      // Choosing another day keeps the time of day.
      write: (day) => formatDate(instantOf(zone, day + timeOfDay(text, input, zone)), pattern, zone, context.locale),
      parse: (typed) => dateTimeKind.parse(typed, column, context),
    });
  },
  text: shown,
  parse(text, column, context, strict) {
    if (text.trim() === "") {
      return null;
    }
    const input = { options: column.options, locale: context.locale, today: context.today(), strict: strict === true };
    return parseDateTime(text, input, zoneOfType(column.type, context)) ?? text;
  },
};

function timeOfDay(text: string, input: Parameters<typeof parseDateTime>[1], zone: string): number {
  const seconds = parseDateTime(text, input, zone);
  if (seconds === null) {
    return parseTime(text) ?? 0;
  }
  return (((seconds + offsetAt(zone, seconds)) % DAY) + DAY) % DAY;
}

function shown(value: CellValue, column: GridColumn, context: CellContext): string {
  const seconds = secondsOf(value);
  if (seconds === null) {
    return "";
  }
  // A date-time of a formula may name its own zone.
  const own = codeOf(value) === "D" ? (value as CellValue[])[2] : null;
  if (typeof own === "string") {
    return formatDate(seconds, dateTimePattern(column.options), own, context.locale);
  }
  return cachedText(column, context, seconds, () => {
    const pattern = dateTimePattern(column.options);
    const zone = zoneOfType(column.type, context);
    return (instant) => formatDate(instant as number, pattern, zone, context.locale);
  });
}
