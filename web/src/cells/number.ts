/** Numbers, by the column's number format; the spinner widget steps with the up and down arrows. */
import type { CellValue, GridColumn } from "../grid/source";
import { currencyOf, numberFormatter, numberOptions } from "../format/numbers";
import { parseNumber } from "../format/parse";
import { setText } from "./dom";
import { cachedText } from "./format-cache";
import { alignmentOf, type CellContext, type CellEditor, type CellKind, type EditStart } from "./kind";
import { editText } from "./text-editor";

export const numberKind: CellKind = {
  name: "number",
  alignment: "right",
  paint(element, value, column, context) {
    setText(element, shownNumber(value, column, context));
    return "plain";
  },
  edit: (host, value, column, context, start) => editNumber(numberKind, host, value, column, context, start),
  text: (value, column, context) => shownNumber(value, column, context).trim(),
  parse: readNumber,
};

/** The number as its column shows it. Formats are built once per column. */
export function shownNumber(value: CellValue, column: GridColumn, context: CellContext): string {
  if (typeof value !== "number") {
    return "";
  }
  return cachedText(column, context, value, () => {
    const options = numberOptions(column.options);
    const format = numberFormatter(column.type === "Int" ? { ...options, decimals: options.decimals ?? 0 } : options, context);
    return (number) => format(number as number);
  });
}

export function readNumber(text: string, column: GridColumn, context: CellContext): CellValue {
  if (text.trim() === "") {
    return null;
  }
  return parseNumber(text, context.locale, currencyOf(numberOptions(column.options), context)) ?? text;
}

export function editNumber(
  kind: CellKind, host: HTMLElement, value: CellValue, column: GridColumn, context: CellContext, start: EditStart,
): CellEditor {
  const step = (event: KeyboardEvent, area: HTMLTextAreaElement): boolean => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const number = readNumber(area.value || "0", column, context);
    if (direction === undefined || column.options["widget"] !== "Spinner" || typeof number !== "number") {
      return false;
    }
    area.value = editable(number + direction, context.locale);
    return true;
  };
  const text = typeof value === "number" ? editable(value, context.locale, column) : value === null ? "" : String(value);
  return editText(host, start.text ?? text, start, {
    label: column.label,
    parse: (typed) => kind.parse(typed, column, context),
    single: true,
    alignment: alignmentOf(column, kind),
    inputMode: "decimal",
    onKey: step,
  });
}

/** All digits, in the locale's signs, without separators of thousands; percents stay percents. */
function editable(value: number, locale: string, column?: GridColumn): string {
  const percent = column !== undefined && numberOptions(column.options).numMode === "percent";
  const format = new Intl.NumberFormat(locale, { useGrouping: false, maximumSignificantDigits: 17 });
  const shortest = percent ? Number((value * 100).toPrecision(15)) : value;
  return percent ? `${format.format(shortest)}%` : format.format(Number(shortest.toPrecision(15)) === shortest ? shortest : value);
}
