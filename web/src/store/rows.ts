/**
 * The rows of one window (docs/windows.md): order, loaded cells, edits not yet confirmed.
 *
 * Promises: what `rowId` and `cell` give is either right as of the last message, or "not loaded"; a wanted range is loaded with one request at a time; an
 * edit shows at once and gives way to the server's answer. It does not know columns' types, nor who looks at it.
 */
import { isRecord, type CellValue, type ColumnData, type DocAction } from "../api/codec";
import { Emitter } from "./emitter";
import type { ColumnFilter, SortKey } from "./filters";
import { Segments } from "./segments";

export interface WindowRequest {
  readonly tableId: string;
  readonly columns: readonly string[];
  readonly sort: readonly SortKey[];
  readonly filters: readonly ColumnFilter[];
  readonly rowIds: readonly number[] | null;
  readonly keep?: readonly number[];
}

/** The calls to the server that a window makes; the descriptor is already bound. */
export interface WindowCalls {
  call(method: string, ...args: unknown[]): Promise<unknown>;
}

interface Page {
  readonly start: number;
  readonly rowIds: number[];
  readonly columns: ColumnData;
}

interface Answer {
  readonly windowId?: number;
  readonly version: number;
  readonly rowCount: number;
  readonly page: Page;
}

/** What `windowChange` carries. */
export interface WindowChange {
  readonly windowId: number;
  readonly version: number;
  readonly rowCount: number;
  readonly splices?: readonly [index: number, removed: number, inserted: number[]][];
  readonly reset?: boolean;
}

type Cells = Record<string, CellValue>;

const FIRST_COUNT = 60;
const LARGEST_READ = 1000;

export class WindowRows {
  readonly changes = new Emitter<"cells" | "rows">();
  rowCount = 0;
  /** Whether the first answer has come. */
  ready = false;
  error: Error | null = null;
  #windowId: number | null = null;
  #version = 0;
  #segments = new Segments();
  #cells = new Map<number, Cells>();
  #overlay = new Map<string, { value: CellValue; token: number }>();
  #nextToken = 1;
  #wanted = { start: 0, end: FIRST_COUNT };
  #reading = false;
  #again = false;
  #opening: Promise<void> | null = null;
  #generation = 0;
  #closed = false;

  constructor(
    readonly calls: WindowCalls,
    public request: WindowRequest,
  ) {}

  get windowId(): number | null {
    return this.#windowId;
  }

  /** Opens the window, or opens it again after the connection was lost for good. */
  async open(): Promise<void> {
    this.#windowId = null;
    await this.#ask("openWindow");
  }

  /** Another sort, filter, link or set of columns. */
  async update(request: WindowRequest): Promise<void> {
    if (JSON.stringify(request) === JSON.stringify(this.request) && this.error === null) return;
    this.request = request;
    await this.#ask(this.#windowId === null ? "openWindow" : "updateWindow");
  }

  close(): void {
    this.#closed = true;
    if (this.#windowId !== null) this.calls.call("closeWindow", this.#windowId).catch(() => undefined);
    this.#windowId = null;
  }

  rowId(index: number): number | null {
    return this.#segments.get(index);
  }

  cell(index: number, colId: string): CellValue | undefined {
    const rowId = this.#segments.get(index);
    return rowId === null ? undefined : this.cellOf(rowId, colId);
  }

  /** A cell of a row that is loaded, wherever it stands. */
  cellOf(rowId: number, colId: string): CellValue | undefined {
    const overlaid = this.#overlay.get(overlayKey(rowId, colId));
    return overlaid ? overlaid.value : this.#cells.get(rowId)?.[colId];
  }

  /** Whether all rows are known and this one is not among them. */
  isGone(rowId: number): boolean {
    return this.#segments.covers(0, this.rowCount) && this.#segments.indexOf(rowId) === null;
  }

  pending(index: number, colId: string): boolean {
    const rowId = this.#segments.get(index);
    return rowId !== null && this.#overlay.has(overlayKey(rowId, colId));
  }

  want(start: number, end: number): void {
    this.#wanted = { start: Math.max(0, start), end: Math.min(Math.max(end, start), start + LARGEST_READ / 2) };
    void this.#load();
  }

  /** Where the row stands; `null` when the window does not show it. */
  async indexOf(rowId: number): Promise<number | null> {
    const known = this.#segments.indexOf(rowId);
    if (known !== null) return known;
    if (this.#opening) await this.#opening;
    if (this.#windowId === null) return null;
    const answer = await this.calls.call("seekWindow", this.#windowId, rowId);
    return isRecord(answer) && typeof answer["index"] === "number" ? answer["index"] : null;
  }

  async rowIds(start: number, count: number): Promise<number[]> {
    const end = Math.min(start + count, this.rowCount);
    if (this.#segments.covers(start, end)) {
      return Array.from({ length: Math.max(0, end - start) }, (_, at) => this.#segments.get(start + at) ?? 0);
    }
    if (this.#windowId === null) return [];
    const answer = await this.calls.call("rowIdsOfWindow", this.#windowId, start, count);
    return isRecord(answer) && Array.isArray(answer["rowIds"]) ? (answer["rowIds"] as number[]) : [];
  }

  /**
   * Cells of a range, however long, one array per column. They are read through a window of their own: what this one holds stays as it is.
   * With `rowIds`, those rows are read instead of what the window shows.
   */
  async read(start: number, count: number, colIds: readonly string[], rowIds?: readonly number[]): Promise<CellValue[][]> {
    const base = rowIds ? { ...this.request, sort: [], filters: [], keep: [], rowIds } : this.request;
    const request = { ...base, columns: colIds, start, count: Math.min(count, LARGEST_READ) };
    const { windowId, page } = (await this.calls.call("openWindow", request)) as Answer;
    const columns: CellValue[][] = colIds.map(() => []);
    const take = (part: Page): void => colIds.forEach((colId, at) => columns[at]?.push(...(part.columns[colId] ?? part.rowIds.map(() => null))));
    take(page);
    try {
      for (let at = page.rowIds.length; at < count && at > 0; ) {
        // oxlint-disable-next-line no-await-in-loop -- one answer at a time, in order
        const answer = (await this.calls.call("readWindow", windowId, start + at, Math.min(LARGEST_READ, count - at))) as Answer;
        if (answer.page.rowIds.length === 0) break;
        take(answer.page);
        at += answer.page.rowIds.length;
      }
    } finally {
      this.calls.call("closeWindow", windowId).catch(() => undefined);
    }
    return columns;
  }

  /** Shows these cells until `settle` is called with the token. */
  overlay(cells: readonly { rowId: number; colId: string; value: CellValue }[]): number {
    const token = this.#nextToken++;
    for (const { rowId, colId, value } of cells) this.#overlay.set(overlayKey(rowId, colId), { value, token });
    this.changes.emit("cells");
    return token;
  }

  /** The edit was answered, well or badly: the server's cells count again. */
  settle(token: number): void {
    for (const [key, entry] of this.#overlay) if (entry.token === token) this.#overlay.delete(key);
    this.changes.emit("cells");
  }

  /** Keeps a row in sight although the filters would hide it. */
  async keep(rowId: number): Promise<void> {
    await this.update({ ...this.request, keep: [...(this.request.keep ?? []), rowId] });
  }

  /** Takes the data of a broadcast action that concerns this window's table. */
  apply(action: DocAction): void {
    const [name, tableId, first, second] = action;
    if (name === "RenameTable" && tableId === this.request.tableId) this.request = { ...this.request, tableId: String(first) };
    if (tableId !== this.request.tableId) return;
    switch (name) {
      case "AddRecord":
      case "UpdateRecord":
        this.#patch([first as number], (colId) => [(second as Cells)[colId] ?? null], Object.keys(second as Cells), name === "AddRecord");
        break;
      case "BulkAddRecord":
      case "BulkUpdateRecord":
        this.#patch(first as number[], (colId) => (second as ColumnData)[colId] ?? [], Object.keys(second as ColumnData), name === "BulkAddRecord");
        break;
      case "ReplaceTableData":
        this.#reset();
        break;
      case "RenameColumn":
        this.#renameColumn(String(first), String(second));
        break;
      case "ModifyColumn":
      case "RemoveColumn":
        this.changes.emit("cells");
        break;
    }
  }

  /** Takes a change of rows or of their order. */
  applyChange(change: WindowChange): void {
    if (change.version <= this.#version) return;
    if (change.reset === true || change.version !== this.#version + 1 || !change.splices) {
      this.#version = change.version;
      this.rowCount = change.rowCount;
      this.#reset();
      return;
    }
    this.#version = change.version;
    this.rowCount = change.rowCount;
    for (const [index, removed, inserted] of change.splices) this.#segments.splice(index, removed, inserted);
    this.changes.emit("rows");
    void this.#load();
  }

  #ask(method: "openWindow" | "updateWindow"): Promise<void> {
    const generation = ++this.#generation;
    const { start, count } = this.#range();
    const request = { ...this.request, start, count };
    const asked = method === "openWindow" ? this.calls.call(method, request) : this.calls.call(method, this.#windowId, request);
    const opening = asked.then(
      (answer) => {
        const { windowId } = answer as Answer;
        if (windowId !== undefined) this.#windowId = windowId;
        if (this.#closed) {
          this.close();
          return;
        }
        if (generation !== this.#generation) return;
        this.error = null;
        this.ready = true;
        this.#segments.clear();
        this.#version = 0;
        this.#take(answer as Answer);
        void this.#load();
      },
      (error: unknown) => {
        if (generation !== this.#generation) return;
        this.error = error instanceof Error ? error : new Error(String(error));
        this.ready = true;
        this.changes.emit("rows");
      },
    );
    this.#opening = opening;
    return opening;
  }

  /** The range to read for what is wanted: two screens more on each side. */
  #range(): { start: number; count: number } {
    const screen = Math.max(20, this.#wanted.end - this.#wanted.start);
    const start = Math.max(0, this.#wanted.start - 2 * screen);
    return { start, count: Math.min(LARGEST_READ, this.#wanted.end + 2 * screen - start) };
  }

  #isLoaded(): boolean {
    const margin = Math.max(5, this.#wanted.end - this.#wanted.start);
    const start = Math.max(0, this.#wanted.start - margin);
    const end = Math.min(this.rowCount, this.#wanted.end + margin);
    if (start >= end) return true;
    if (!this.#segments.covers(start, end)) return false;
    for (let index = start; index < end; index++) {
      const rowId = this.#segments.get(index);
      if (rowId === null || !this.#complete(rowId)) return false;
    }
    return true;
  }

  #complete(rowId: number): boolean {
    const cells = this.#cells.get(rowId);
    return cells !== undefined && !("#partial" in cells);
  }

  async #load(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    if (this.#windowId === null || this.#closed || this.#isLoaded()) return;
    this.#reading = true;
    this.#again = false;
    const generation = this.#generation;
    const { start, count } = this.#range();
    try {
      const answer = (await this.calls.call("readWindow", this.#windowId, start, count)) as Answer;
      if (generation === this.#generation) {
        if (answer.version < this.#version) this.#again = true;
        else this.#take(answer);
      }
    } catch (error) {
      if (generation === this.#generation) this.error = error instanceof Error ? error : new Error(String(error));
    }
    this.#reading = false;
    if (this.#again && this.error === null) void this.#load();
  }

  #take(answer: Answer): void {
    if (answer.version !== this.#version) this.#segments.clear();
    this.#version = answer.version;
    this.rowCount = answer.rowCount;
    const { start, rowIds, columns } = answer.page;
    this.#segments.put(start, rowIds);
    // The server sends changes only for the rows read last and as many around them: others would grow stale unseen.
    this.#segments.keepOnly(start - rowIds.length, start + 2 * rowIds.length);
    const known = new Set(this.#segments.known());
    for (const rowId of this.#cells.keys()) if (!known.has(rowId)) this.#cells.delete(rowId);
    const entries = Object.entries(columns);
    rowIds.forEach((rowId, at) => {
      const cells: Cells = {};
      for (const [colId, values] of entries) cells[colId] = values[at] ?? null;
      this.#cells.set(rowId, cells);
    });
    this.changes.emit("rows");
  }

  #patch(rowIds: readonly number[], valuesOf: (colId: string) => CellValue[], colIds: readonly string[], added: boolean): void {
    rowIds.forEach((rowId, at) => {
      const known = this.#cells.get(rowId);
      if (!known && !added) return;
      const cells: Cells = known ?? {};
      for (const colId of colIds) cells[colId] = valuesOf(colId)[at] ?? null;
      // A new row's formula cells come with later actions; reading the row again is safe and cheap.
      if (!known) cells["#partial"] = true;
      this.#cells.set(rowId, cells);
    });
    this.changes.emit("cells");
  }

  #renameColumn(from: string, to: string): void {
    for (const cells of this.#cells.values()) {
      const value = cells[from];
      if (value === undefined) continue;
      cells[to] = value;
      delete cells[from];
    }
    this.request = { ...this.request, columns: this.request.columns.map((colId) => (colId === from ? to : colId)) };
    this.changes.emit("cells");
  }

  #reset(): void {
    this.#segments.clear();
    this.#cells.clear();
    this.changes.emit("rows");
    void this.#load();
  }
}

function overlayKey(rowId: number, colId: string): string {
  return `${rowId} ${colId}`;
}
