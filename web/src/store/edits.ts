/** User actions for what people do, as Grist names them. Pure: everything they need is handed in. */
import type { CellValue, UserAction } from "../api/codec";
import type { CellChange } from "../grid/source";
import type { SortPart } from "./filters";
import { formatSort } from "./filters";
import type { FieldInfo, SavedFilter } from "./model";

/** Cell changes as few actions: rows with the same columns go together, new rows are added with `defaults`. */
export function cellActions(tableId: string, changes: readonly CellChange[], defaults: Record<string, CellValue>): UserAction[] {
  const updates = new Map<number, Record<string, CellValue>>();
  const additions = new Map<number, Record<string, CellValue>>();
  for (const { rowId, newRow, colId, value } of changes) {
    const [rows, key] = rowId === "new" ? [additions, newRow ?? 0] : [updates, rowId];
    rows.set(key, { ...rows.get(key), [colId]: value });
  }
  return [
    ...grouped([...updates]).map(([ids, columns]): UserAction => {
      const only = ids.length === 1 ? ids[0] : undefined;
      return only === undefined ? ["BulkUpdateRecord", tableId, ids, columns] : ["UpdateRecord", tableId, only, firsts(columns)];
    }),
    ...grouped([...additions].map(([key, values]) => [key, { ...defaults, ...values }])).map(
      ([ids, columns]): UserAction =>
        ids.length === 1 ? ["AddRecord", tableId, null, firsts(columns)] : ["BulkAddRecord", tableId, ids.map(() => null), columns],
    ),
  ];
}

function grouped(rows: [number, Record<string, CellValue>][]): [number[], Record<string, CellValue[]>][] {
  const groups = new Map<string, [number, Record<string, CellValue>][]>();
  for (const row of rows) {
    const key = JSON.stringify(Object.keys(row[1]).sort());
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((members) => {
    const columns: Record<string, CellValue[]> = {};
    for (const colId of Object.keys(members[0]?.[1] ?? {})) columns[colId] = members.map(([, values]) => values[colId] ?? null);
    return [members.map(([id]) => id), columns];
  });
}

function firsts(columns: Record<string, CellValue[]>): Record<string, CellValue> {
  return Object.fromEntries(Object.entries(columns).map(([colId, values]) => [colId, values[0] ?? null]));
}

export function removeRows(tableId: string, rowIds: readonly number[]): UserAction {
  return ["BulkRemoveRecord", tableId, rowIds];
}

export function updateColumn(colRef: number, values: Record<string, CellValue>): UserAction {
  return ["UpdateRecord", "_grist_Tables_column", colRef, values];
}

export function updateField(fieldRef: number, values: Record<string, CellValue>): UserAction {
  return ["UpdateRecord", "_grist_Views_section_field", fieldRef, values];
}

export function updateSection(sectionRef: number, values: Record<string, CellValue>): UserAction {
  return ["UpdateRecord", "_grist_Views_section", sectionRef, values];
}

/** The position that puts something before the field at `index`; positions are fractions, the engine makes room. */
export function fieldPosition(fields: readonly FieldInfo[], index: number): number | null {
  return fields[index]?.position ?? null;
}

/** A new column, shown in all grids of its table; empty until it gets a type, a formula or a value. */
export function addColumn(tableId: string, values: Record<string, CellValue>): UserAction {
  return ["AddVisibleColumn", tableId, null, values];
}

export function moveField(fields: readonly FieldInfo[], fieldRef: number, toIndex: number): UserAction {
  const others = fields.filter((field) => field.ref !== fieldRef);
  const next = others[toIndex];
  const last = others.at(-1);
  return updateField(fieldRef, { parentPos: next ? next.position : (last?.position ?? 0) + 1 });
}

/** Saves the sort and the filters in force on a section for everybody. */
export function saveSortAndFilters(
  sectionRef: number,
  sort: readonly SortPart[] | null,
  drafts: ReadonlyMap<number, string>,
  saved: readonly SavedFilter[],
): UserAction[] {
  const actions: UserAction[] = [];
  if (sort) actions.push(updateSection(sectionRef, { sortColRefs: formatSort(sort) }));
  for (const [colRef, filter] of drafts) {
    const existing = saved.find((candidate) => candidate.colRef === colRef);
    if (existing && filter === "") actions.push(["RemoveRecord", "_grist_Filters", existing.ref]);
    else if (existing) actions.push(["UpdateRecord", "_grist_Filters", existing.ref, { filter }]);
    else if (filter !== "") actions.push(["AddRecord", "_grist_Filters", null, { viewSectionRef: sectionRef, colRef, filter }]);
  }
  return actions;
}
