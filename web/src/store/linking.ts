/**
 * How one section follows another ("Select by").
 *
 * A link has a source section and perhaps a source column and a target column; which of the three are set, and their types, decide what it does:
 * filter the target's rows, or move its cursor. No state: the caller hands in the source's current row.
 */
import { listItems, toList, type CellValue } from "../api/codec";
import type { ColumnFilter } from "./filters";
import type { ColumnInfo, DocumentModel, SectionInfo, TableInfo } from "./model";

export type Link =
  /** Rows whose target column holds the source cell (or, without a source column, the source row). */
  | { readonly kind: "filter"; readonly source: number; readonly from: ColumnInfo | null; readonly to: ColumnInfo }
  /** The rows that the source cell, a reference list, names. */
  | { readonly kind: "rows"; readonly source: number; readonly from: ColumnInfo }
  /** A summary or a coarser summary of the target: rows of the same group. */
  | { readonly kind: "group"; readonly source: number; readonly pairs: readonly { from: ColumnInfo; to: ColumnInfo }[] }
  /** The target's cursor goes to the source's row, or to the row that the source cell refers to. */
  | { readonly kind: "cursor"; readonly source: number; readonly from: ColumnInfo | null };

/** The source's current row: its id and the cells that links need. `null` when there is no row. */
export interface SourceRow {
  readonly rowId: number | "new";
  cell(colId: string): CellValue | undefined;
}

export function isListType(type: string): boolean {
  return type === "ChoiceList" || type === "Attachments" || type.startsWith("RefList:");
}

/** The link that a section has, or `null` when it stands alone or its link is broken. */
export function linkOf(model: DocumentModel, section: SectionInfo): Link | null {
  const sourceSection = section.linkSrcSectionRef ? model.section(section.linkSrcSectionRef) : undefined;
  if (!sourceSection) return null;
  const source = sourceSection.ref;
  const from = model.column(section.linkSrcColRef) ?? null;
  const to = model.column(section.linkTargetColRef) ?? null;
  if (to) return { kind: "filter", source, from, to };
  if (from && isListType(from.type)) return { kind: "rows", source, from };
  const sourceTable = model.table(sourceSection.tableRef);
  const targetTable = model.table(section.tableRef);
  if (!from && sourceTable && targetTable) {
    const pairs = groupPairs(sourceTable, targetTable);
    if (pairs) return { kind: "group", source, pairs };
  }
  return { kind: "cursor", source, from };
}

/** The columns that tie a summary to the table it summarises, or to a finer summary of it; `null` if it is no summary of it. */
function groupPairs(summary: TableInfo, detail: TableInfo): { from: ColumnInfo; to: ColumnInfo }[] | null {
  if (summary.summarySource === 0 || summary.ref === detail.ref) return null;
  const direct = summary.summarySource === detail.ref;
  if (!direct && summary.summarySource !== detail.summarySource) return null;
  const pairs: { from: ColumnInfo; to: ColumnInfo }[] = [];
  for (const from of summary.columns) {
    if (from.summarySourceCol === 0) continue;
    const to = detail.columns.find((column) =>
      direct ? column.ref === from.summarySourceCol : column.summarySourceCol === from.summarySourceCol,
    );
    if (!to) return null;
    pairs.push({ from, to });
  }
  return pairs;
}

/** The columns of the source section that its followers read. */
export function linkColumns(model: DocumentModel, sourceRef: number): string[] {
  const columns = new Set<string>();
  const source = model.section(sourceRef);
  if (!source) return [];
  for (const section of model.sectionsOf(source.viewRef)) {
    const link = linkOf(model, section);
    if (!link || link.source !== sourceRef) continue;
    if (link.kind === "group") for (const { from } of link.pairs) columns.add(from.colId);
    else if (link.from) columns.add(link.from.colId);
  }
  return [...columns];
}

/** What a link lets through for the source's current row. `rowIds: []` means nothing. */
export interface LinkFilter {
  readonly filters: readonly ColumnFilter[];
  readonly rowIds: readonly number[] | null;
}

const NOTHING: LinkFilter = { filters: [], rowIds: [] };
const EVERYTHING: LinkFilter = { filters: [], rowIds: null };

export function linkFilter(link: Link, row: SourceRow | null): LinkFilter {
  if (link.kind === "cursor") return EVERYTHING;
  if (!row || row.rowId === "new") return NOTHING;
  switch (link.kind) {
    case "rows":
      return { filters: [], rowIds: listItems(row.cell(link.from.colId)).filter((item): item is number => typeof item === "number") };
    case "group":
      return {
        filters: link.pairs.map(({ from, to }) => ({ colId: to.colId, included: groupValues(row.cell(from.colId), from, to) })),
        rowIds: null,
      };
    case "filter": {
      if (!link.from) return { filters: [{ colId: link.to.colId, included: [row.rowId] }], rowIds: null };
      const value = row.cell(link.from.colId) ?? null;
      const included = isListType(link.from.type) ? listItems(value) : [value];
      return { filters: [{ colId: link.to.colId, included }], rowIds: null };
    }
  }
}

/** A group of a list column stands for one element; the group of the empty lists has an empty cell. */
function groupValues(value: CellValue | undefined, from: ColumnInfo, to: ColumnInfo): CellValue[] {
  const cell = value ?? null;
  const empty = cell === null || cell === "" || cell === 0;
  return isListType(to.type) && !isListType(from.type) && empty ? [null, "", 0] : [cell];
}

/** The row that the target's cursor goes to; `null` when the link does not move it or names no row. */
export function linkCursor(link: Link, row: SourceRow | null): number | null {
  if (link.kind !== "cursor" || !row || row.rowId === "new") return null;
  if (!link.from) return row.rowId;
  const value = row.cell(link.from.colId);
  return typeof value === "number" && value > 0 ? value : null;
}

/** The cells that a row added in the target needs to stay among those shown. */
export function linkDefaults(link: Link, row: SourceRow | null): Record<string, CellValue> {
  const defaults: Record<string, CellValue> = {};
  if (!row || row.rowId === "new") return defaults;
  if (link.kind === "filter") {
    const value = link.from ? (row.cell(link.from.colId) ?? null) : row.rowId;
    const items = link.from && isListType(link.from.type) ? listItems(value) : [value];
    if (items.length > 0) defaults[link.to.colId] = isListType(link.to.type) ? toList(items) : (items[0] ?? null);
  } else if (link.kind === "group") {
    for (const { from, to } of link.pairs) {
      const value = row.cell(from.colId) ?? null;
      if (to.isFormula) continue;
      defaults[to.colId] = isListType(to.type) && !isListType(from.type) && value !== null && value !== "" ? ["L", value] : value;
    }
  }
  return defaults;
}
