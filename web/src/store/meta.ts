/**
 * The metadata tables of an open document, kept equal to the server's by the doc actions it broadcasts.
 *
 * Holds only `_grist_*` tables: user tables are read through windows. Rows are plain records; typed views of them are in `model.ts`.
 */
import { isRecord, type CellValue, type ColumnData, type DocAction, type TableData } from "../api/codec";

export type MetaRow = Readonly<Record<string, CellValue>>;

export class Metadata {
  readonly #tables = new Map<string, Map<number, Record<string, CellValue>>>();
  /** Grows with every change; caches compare it. */
  version = 0;

  /** Takes the tables of `openDoc`'s answer. */
  static fromOpenDoc(doc: Record<string, TableData>): Metadata {
    const meta = new Metadata();
    for (const [, tableId, rowIds, columns] of Object.values(doc)) meta.#replace(tableId, rowIds, columns);
    return meta;
  }

  row(tableId: string, rowId: number): MetaRow | undefined {
    return this.#tables.get(tableId)?.get(rowId);
  }

  rows(tableId: string): Iterable<[number, MetaRow]> {
    return this.#tables.get(tableId)?.entries() ?? [];
  }

  /** Applies an action on metadata; ignores those on user tables. Returns whether something changed. */
  apply(action: DocAction): boolean {
    const [name, tableId, first, second] = action;
    if (!tableId.startsWith("_grist_")) return false;
    switch (name) {
      case "AddRecord":
        this.#set(tableId, first as number, second);
        break;
      case "UpdateRecord":
        this.#set(tableId, first as number, second);
        break;
      case "BulkAddRecord":
      case "BulkUpdateRecord":
        this.#setMany(tableId, first as number[], second as ColumnData);
        break;
      case "RemoveRecord":
        this.#tables.get(tableId)?.delete(first as number);
        break;
      case "BulkRemoveRecord":
        for (const rowId of first as number[]) this.#tables.get(tableId)?.delete(rowId);
        break;
      case "ReplaceTableData":
      case "TableData":
        this.#replace(tableId, first as number[], second as ColumnData);
        break;
      default:
        return false;
    }
    this.version++;
    return true;
  }

  #replace(tableId: string, rowIds: readonly number[], columns: ColumnData): void {
    this.#tables.set(tableId, new Map());
    this.#setMany(tableId, rowIds, columns);
  }

  #setMany(tableId: string, rowIds: readonly number[], columns: ColumnData): void {
    rowIds.forEach((rowId, at) => {
      const values: Record<string, CellValue> = {};
      for (const [colId, cells] of Object.entries(columns)) values[colId] = cells[at] ?? null;
      this.#set(tableId, rowId, values);
    });
  }

  #set(tableId: string, rowId: number, values: unknown): void {
    let table = this.#tables.get(tableId);
    if (!table) this.#tables.set(tableId, (table = new Map()));
    if (isRecord(values)) table.set(rowId, { ...table.get(rowId), ...(values as Record<string, CellValue>) });
  }
}

export function textOf(row: MetaRow | undefined, colId: string): string {
  const value = row?.[colId];
  return typeof value === "string" ? value : "";
}

export function numberOf(row: MetaRow | undefined, colId: string): number {
  const value = row?.[colId];
  return typeof value === "number" ? value : 0;
}
