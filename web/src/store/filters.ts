/**
 * From what is saved in a document (sort specifications, filters) to what a window asks for.
 *
 * Grist saves a sort as a JSON list of `12`, `-12` or `"-12:naturalSort;emptyLast"` (column refs), and a filter as `{"included": […]}`,
 * `{"excluded": […]}` or `{"min", "max"}` where a bound may be relative to today.
 */
import { isRecord, type CellValue } from "../api/codec";
import type { DocumentModel, SectionInfo } from "./model";

export interface SortKey {
  readonly colId: string;
  readonly desc: boolean;
  readonly emptyLast: boolean;
  readonly naturalSort: boolean;
  readonly orderByChoice: boolean;
}

export type ColumnFilter =
  | { readonly colId: string; readonly included: readonly CellValue[] }
  | { readonly colId: string; readonly excluded: readonly CellValue[] }
  | { readonly colId: string; readonly min: number | null; readonly max: number | null };

/** One part of a sort specification, columns as refs. */
export interface SortPart {
  readonly colRef: number;
  readonly desc: boolean;
  readonly flags: readonly string[];
}

export function parseSort(text: string): SortPart[] {
  let parsed: unknown;
  try {
    parsed = text === "" ? [] : JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown): SortPart[] => {
    const [head = "", tail = ""] = String(entry).split(":");
    const colRef = Number(head);
    if (!Number.isInteger(colRef) || colRef === 0) return [];
    return [{ colRef: Math.abs(colRef), desc: colRef < 0, flags: tail.split(";").filter(Boolean) }];
  });
}

export function formatSort(parts: readonly SortPart[]): string {
  return JSON.stringify(
    parts.map(({ colRef, desc, flags }) => {
      const signed = desc ? -colRef : colRef;
      return flags.length > 0 ? `${signed}:${flags.join(";")}` : signed;
    }),
  );
}

/** The sort keys of a section; references are sorted by what they show. */
export function sortKeys(model: DocumentModel, section: SectionInfo, parts: readonly SortPart[]): SortKey[] {
  const fields = model.fieldsOf(section.ref);
  return parts.flatMap(({ colRef, desc, flags }): SortKey[] => {
    const column = model.column(colRef);
    if (!column || column.tableRef !== section.tableRef) return [];
    const shown = fields.find((field) => field.column.ref === colRef)?.displayCol ?? column.displayCol;
    const colId = model.column(shown)?.colId ?? column.colId;
    return [
      {
        colId,
        desc,
        emptyLast: flags.includes("emptyLast"),
        naturalSort: flags.includes("naturalSort"),
        orderByChoice: flags.includes("orderByChoice"),
      },
    ];
  });
}

interface RelativeDate {
  readonly quantity: number;
  readonly unit: string;
  readonly endOf?: boolean;
}

/** Reads a saved filter; `null` when it lets everything pass. `now` is in seconds since 1970. */
export function parseFilter(colId: string, text: string, now: number): ColumnFilter | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  if (Array.isArray(parsed["included"])) return { colId, included: parsed["included"] as CellValue[] };
  if (Array.isArray(parsed["excluded"])) {
    return parsed["excluded"].length > 0 ? { colId, excluded: parsed["excluded"] as CellValue[] } : null;
  }
  const min = bound(parsed["min"], now, false);
  const max = bound(parsed["max"], now, true);
  return min === null && max === null ? null : { colId, min, max };
}

function bound(value: unknown, now: number, upper: boolean): number | null {
  if (typeof value === "number") return value;
  if (!Array.isArray(value)) return null;
  return relativeDate(value as RelativeDate[], now, upper);
}

/** Resolves a list of periods like `[{quantity: -1, unit: "month", endOf: true}]` to seconds since 1970, UTC. */
export function relativeDate(periods: readonly RelativeDate[], now: number, upper: boolean): number {
  const date = new Date(now * 1000);
  date.setUTCHours(0, 0, 0, 0);
  let endOf = false;
  for (const period of periods) {
    move(date, period);
    endOf = endOf || period.endOf === true;
    if (period.unit !== "day") snap(date, period.unit, period.endOf === true);
  }
  const seconds = date.getTime() / 1000;
  return upper && !endOf ? seconds + 86_399 : seconds;
}

function move(date: Date, { quantity, unit }: RelativeDate): void {
  if (unit === "day") date.setUTCDate(date.getUTCDate() + quantity);
  else if (unit === "week") date.setUTCDate(date.getUTCDate() + 7 * quantity);
  else if (unit === "month") date.setUTCMonth(date.getUTCMonth() + quantity, Math.min(date.getUTCDate(), 28));
  else if (unit === "year") date.setUTCFullYear(date.getUTCFullYear() + quantity);
}

function snap(date: Date, unit: string, end: boolean): void {
  if (unit === "week") date.setUTCDate(date.getUTCDate() - date.getUTCDay() + (end ? 6 : 0));
  else if (unit === "month") date.setUTCMonth(date.getUTCMonth() + (end ? 1 : 0), end ? 0 : 1);
  else if (unit === "year") date.setUTCFullYear(date.getUTCFullYear(), end ? 11 : 0, end ? 31 : 1);
}

/** What a section's saved filters, and those not saved yet, let through. Drafts replace the saved one of the same column; `""` takes it away. */
export function sectionFilters(model: DocumentModel, section: SectionInfo, drafts: ReadonlyMap<number, string>, now: number): ColumnFilter[] {
  const texts = new Map(model.filtersOf(section.ref).map((filter) => [filter.colRef, filter.filter]));
  for (const [colRef, text] of drafts) texts.set(colRef, text);
  const filters: ColumnFilter[] = [];
  for (const [colRef, text] of texts) {
    const column = model.column(colRef);
    if (!column || column.tableRef !== section.tableRef || text === "") continue;
    const filter = parseFilter(column.colId, text, now);
    if (filter) filters.push(filter);
  }
  return filters;
}
