/**
 * Rows made up on the spot, as many as wanted: for the bench and the tests of the grid. Never part of the application.
 *
 * Cells are functions of row id and column until they are written; written ones are kept. A delay stands for the server.
 */
import type { CellChange, CellStyle, CellValue, GridActions, GridChange, GridColumn, GridSource } from "../src/grid/source";

const CITIES = ["Paris", "Lyon", "Marseille", "Lille", "Nantes", "Strasbourg", "Bordeaux", "Rennes"];
const WORDS = ["moulin", "farine", "rivière", "meunier", "roue", "grain", "pierre", "vanne", "bief", "écluse"];
const PEOPLE = ["Ada Lovelace", "Émilie du Châtelet", "Sophie Germain", "Katherine Johnson", "Grace Hopper"];

function column(index: number, label: string, type: string, more: Partial<GridColumn> = {}): GridColumn {
  const colId = `C${index}`;
  return {
    fieldRef: index + 1, colRef: 100 + index, colId, label, type, isFormula: false, formula: "", options: {}, displayColId: colId, width: 110, readOnly: false, ...more,
  };
}

export function mockColumns(count: number): GridColumn[] {
  const choices = { choices: CITIES, choiceOptions: { Paris: { fillColor: "#FFE7C4", textColor: "#5B3A00" }, Lyon: { fillColor: "#D3E7FB", textColor: "#0B3D66" } } };
  const kinds: ((index: number) => GridColumn)[] = [
    (index) => column(index, "Name", "Text", { width: 180 }),
    (index) => column(index, "City", "Choice", { options: { widget: "Choice", ...choices } }),
    (index) => column(index, "Amount", "Numeric", { options: { numMode: "decimal", decimals: 2 } }),
    (index) => column(index, "Born", "Date", { options: { dateFormat: "DD/MM/YYYY" } }),
    (index) => column(index, "Member", "Bool", { width: 80, options: { widget: "CheckBox" } }),
    (index) => column(index, "Count", "Int", { width: 90 }),
    (index) => column(index, "Notes", "Text", { width: 240 }),
    (index) => column(index, "Double", "Numeric", { isFormula: true, formula: "$C5 * 2" }),
    (index) => column(index, "Person", "Ref:People", { displayColId: `D${index}`, width: 150, visible: { colId: "Name", type: "Text", options: {} } }),
    (index) => column(index, "Ratio", "Numeric", { isFormula: true, formula: "$C5 / ($C5 % 7)", options: { numMode: "percent", decimals: 1 } }),
  ];
  return Array.from({ length: count }, (_, index) => {
    const made = kinds[index % kinds.length]?.(index) ?? column(index, "Text", "Text");
    return index < kinds.length ? made : { ...made, label: `${made.label} ${Math.floor(index / kinds.length) + 1}` };
  });
}

export class MockSource implements GridSource {
  columns: GridColumn[];
  sort: { colId: string; direction: "ascending" | "descending" } | null = null;
  readonly written = new Map<string, CellValue>();
  readonly #pending = new Set<string>();
  readonly #listeners = new Set<(change: GridChange) => void>();
  readonly #ids: number[];
  #nextId: number;

  constructor(
    rows: number,
    columns: number,
    readonly canAddRows = true,
  ) {
    this.columns = mockColumns(columns);
    this.#ids = Array.from({ length: rows }, (_, index) => index + 1);
    this.#nextId = rows + 1;
  }

  get rowCount(): number {
    return this.#ids.length;
  }

  rowId(index: number): number | null {
    return this.#ids[index] ?? null;
  }

  cell(index: number, colId: string): CellValue | undefined {
    const rowId = this.#ids[index];
    return rowId === undefined ? undefined : this.valueOf(rowId, colId);
  }

  valueOf(rowId: number, colId: string): CellValue {
    const written = this.written.get(`${rowId} ${colId}`);
    if (written !== undefined) return written;
    if (colId.startsWith("D")) {
      const reference = this.valueOf(rowId, `C${colId.slice(1)}`);
      return typeof reference === "number" && reference > 0 ? (PEOPLE[(reference - 1) % PEOPLE.length] ?? null) : null;
    }
    const at = Number(colId.slice(1));
    const mix = (Math.imul(rowId * 31 + at * 17, 2654435761) >>> 0) % 1_000_003;
    const word = (of: number): string => WORDS[(mix + of) % WORDS.length] ?? "";
    switch (at % 10) {
      case 0: return `${word(0)} ${word(3)} ${rowId}`;
      case 1: return CITIES[mix % CITIES.length] ?? null;
      case 2: return mix / 100 - 2000;
      case 3: return (mix % 20_000) * 86_400;
      case 4: return mix % 3 === 0;
      case 5: return mix % 10_000;
      case 6: return `${word(1)} ${word(2)} ${word(5)} ${mix}`;
      case 7: return (mix % 10_000) * 2;
      case 8: return (mix % PEOPLE.length) + 1;
      default: return mix % 7 === 0 ? ["E", "ZeroDivisionError", "division by zero"] : mix / 1_000_003;
    }
  }

  pending(index: number, colId: string): boolean {
    return this.#pending.has(`${this.#ids[index] ?? 0} ${colId}`);
  }

  ruleStyle(index: number, { colId }: GridColumn): CellStyle | null {
    return colId === "C5" && Number(this.cell(index, colId)) > 9000 ? { fill: "#FDE2E2", text: "#8A1C1C", bold: true } : null;
  }

  sortOf(colId: string): "ascending" | "descending" | null {
    return this.sort?.colId === colId ? this.sort.direction : null;
  }

  filtered(colId: string): boolean {
    return colId === "C1";
  }

  want(): void {
    // Everything is there.
  }

  async indexOf(rowId: number): Promise<number | null> {
    const index = this.#ids.indexOf(rowId);
    return index < 0 ? null : index;
  }

  async rowIds(start: number, count: number): Promise<number[]> {
    return this.#ids.slice(start, start + count);
  }

  async read(start: number, count: number, colIds: readonly string[]): Promise<CellValue[][]> {
    const ids = this.#ids.slice(start, start + count);
    return colIds.map((colId) => ids.map((rowId) => this.valueOf(rowId, colId)));
  }

  subscribe(listener: (change: GridChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(kind: GridChange["kind"]): void {
    for (const listener of this.#listeners) listener({ kind });
  }

  async write(changes: readonly CellChange[], delay: number): Promise<void> {
    const keys = changes.flatMap(({ rowId, colId }) => (rowId === "new" ? [] : [`${rowId} ${colId}`]));
    for (const { rowId, colId, value } of changes) if (rowId !== "new") this.written.set(`${rowId} ${colId}`, value);
    for (const key of keys) this.#pending.add(key);
    this.emit("cells");
    await new Promise((done) => setTimeout(done, delay));
    for (const key of keys) this.#pending.delete(key);
    const added = new Map<number, number>();
    for (const { rowId, newRow = 0, colId, value } of changes) {
      if (rowId !== "new") continue;
      const id = added.get(newRow) ?? this.insert(this.rowCount);
      added.set(newRow, id);
      this.written.set(`${id} ${colId}`, value);
    }
    this.emit(added.size > 0 ? "rows" : "cells");
  }

  /** Puts a row without cells somewhere. */
  insert(index: number): number {
    const id = this.#nextId++;
    this.#ids.splice(index, 0, id);
    this.columns.forEach(({ colId }) => this.written.set(`${id} ${colId}`, null));
    return id;
  }

  remove(rowIds: readonly number[]): void {
    const gone = new Set(rowIds);
    const kept = this.#ids.filter((id) => !gone.has(id));
    this.#ids.splice(0, this.#ids.length, ...kept);
    this.emit("rows");
  }
}

/** Everything that was asked, for tests to look at. */
export type Log = { name: string; args: unknown[] }[];

export function mockActions(source: MockSource, said: (message: string) => void, log: Log, delay = 30): GridActions {
  const wait = (): Promise<void> => new Promise((done) => setTimeout(done, delay));
  const note = (name: string, ...args: unknown[]): void => void log.push({ name, args });
  const move = (fieldRef: number, to: number): void => {
    const [moved] = source.columns.splice(source.columns.findIndex((column) => column.fieldRef === fieldRef), 1);
    if (moved) source.columns.splice(to, 0, moved);
    source.columns = [...source.columns];
  };
  const change = (fieldRef: number, values: Partial<GridColumn>): void => {
    source.columns = source.columns.map((column) => (column.fieldRef === fieldRef ? { ...column, ...values } : column));
    source.emit("columns");
  };
  return {
    async setCells(changes) {
      note("setCells", changes);
      if (changes.some(({ value }) => value === "refuse me")) {
        await wait();
        throw new Error("refused");
      }
      await source.write(changes, delay);
    },
    async addRow(values, before) {
      note("addRow", values, before);
      await wait();
      const id = source.insert(before === undefined ? source.rowCount : ((await source.indexOf(before)) ?? source.rowCount));
      for (const [colId, value] of Object.entries(values)) source.written.set(`${id} ${colId}`, value);
      source.emit("rows");
      return id;
    },
    async removeRows(rowIds) {
      note("removeRows", rowIds);
      source.remove(rowIds);
    },
    async duplicateRows(rowIds) {
      note("duplicateRows", rowIds);
    },
    async insertColumn(index) {
      note("insertColumn", index);
      const number = source.columns.length;
      const made = column(1000 + number, "New", "Any", { isFormula: true });
      source.columns = [...source.columns.slice(0, index), made, ...source.columns.slice(index)];
      source.emit("columns");
    },
    async hideColumn(fieldRef) {
      note("hideColumn", fieldRef);
      source.columns = source.columns.filter((each) => each.fieldRef !== fieldRef);
      source.emit("columns");
    },
    async renameColumn(colRef, label) {
      note("renameColumn", colRef, label);
      const found = source.columns.find((each) => each.colRef === colRef);
      if (found) change(found.fieldRef, { label });
    },
    async moveColumn(fieldRef, to) {
      note("moveColumn", fieldRef, to);
      move(fieldRef, to);
      source.emit("columns");
    },
    async resizeColumn(fieldRef, width) {
      note("resizeColumn", fieldRef, width);
      change(fieldRef, { width });
    },
    async removeColumn(colRef) {
      note("removeColumn", colRef);
      source.columns = source.columns.filter((each) => each.colRef !== colRef);
      source.emit("columns");
    },
    sort(colId, direction) {
      note("sort", colId, direction);
      source.sort = direction ? { colId, direction } : null;
      source.emit("columns");
    },
    openFormula: (each, rowId, initial) => note("openFormula", each.colId, rowId, initial),
    searchReference: async (_table, _colId, text) =>
      PEOPLE.map((label, at) => ({ rowId: at + 1, label })).filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())),
    openMenu: (kind, _at, context) => note("openMenu", kind, context.rows, context.extent, context.columns.map(({ colId }) => colId)),
    openAsCard: (rowId) => note("openAsCard", rowId),
    announce: said,
    showError: (rowId, each) => note("showError", rowId, each.colId),
  };
}
