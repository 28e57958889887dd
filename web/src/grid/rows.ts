/**
 * The pool of row elements: enough for the screen, given to other rows as they scroll by.
 *
 * Promises: a row's element shows that row or nothing (never another's cells); at most {@link MOST_FILLED} rows are painted per frame; elements are made
 * only when the screen grows. It does not decide which rows are seen.
 */
import { setText } from "../cells/dom";
import type { CellContext } from "../cells/kind";
import type { ColumnPlaces, RowHeights } from "./geometry";
import { makeCell, paint, type Cell, type CellFacts, type CellPlace, type ColumnLook } from "./painter";

const MOST_FILLED = 14;

export interface Row {
  readonly element: HTMLElement;
  readonly header: HTMLElement;
  readonly cells: Cell[];
  index: number;
  /** Grows when the row must be painted again. */
  stamp: number;
  /** The stamp, and the columns' stamp, of the last painting. */
  filled: number;
  filledColumns: number;
  top: number;
  height: number;
  width: number;
  label: string;
  className: string;
  blank: boolean;
}

/** What the rows ask for while they are painted. */
export interface RowSource {
  facts(index: number, look: ColumnLook): CellFacts;
  /** The text of the row's header, and its accessible name. */
  header(index: number): { text: string; label: string; className: string };
  /** Marks what the selection says about a cell. */
  mark(cell: Cell, index: number, column: number): void;
  markHeader(header: HTMLElement, index: number): void;
}

export class RowPool {
  readonly rows: Row[] = [];
  looks: readonly ColumnLook[] = [];
  columns: ColumnPlaces | null = null;
  headerWidth = 0;
  #first = 0;
  #last = 0;
  #visible: readonly [number, number] = [0, 0];
  #ring = 0;
  #columnsStamp = 0;
  #stamps = 1;

  constructor(
    readonly body: HTMLElement,
    readonly source: RowSource,
  ) {}

  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  /** Throws all elements away, for other columns. */
  clear(): void {
    for (const row of this.rows) row.element.remove();
    this.rows.length = 0;
    this.#ring = 0;
    this.#columnsStamp++;
  }

  /** All rows must be painted again. */
  stale(): void {
    for (const row of this.rows) row.stamp = ++this.#stamps;
  }

  /** Other columns are seen. */
  showColumns(visible: readonly [number, number]): void {
    if (visible[0] === this.#visible[0] && visible[1] === this.#visible[1] && this.#ring > 0) return;
    this.#visible = visible;
    this.#columnsStamp++;
    const needed = visible[1] - visible[0];
    if (needed > this.#ring) this.#growRing(needed + 1);
  }

  /** Rows `[first, last)` are seen. */
  showRows(first: number, last: number, heights: RowHeights, base: number): void {
    this.#first = first;
    this.#last = last;
    const count = last - first;
    if (count > this.rows.length) this.#grow(count + 2);
    const size = this.rows.length;
    for (let index = first; index < last; index++) {
      const row = this.rows[index % size];
      if (!row) continue;
      if (row.index !== index) this.#assign(row, index);
      this.#place(row, heights, base);
    }
    for (const row of this.rows) {
      if (row.index >= 0 && (row.index < first || row.index >= last)) this.#release(row);
    }
  }

  /** Puts the rows that are seen where they belong, after heights have changed. */
  replace(heights: RowHeights, base: number): void {
    for (const row of this.rows) if (row.index >= 0) this.#place(row, heights, base);
  }

  /** Paints some of the rows that need it; the painted ones, and whether all are now. `all`: without a limit, for what was not scrolled. */
  fill(context: CellContext, all: boolean): { painted: Row[]; done: boolean } {
    const painted: Row[] = [];
    for (let index = this.#first; index < this.#last; index++) {
      const row = this.row(index);
      if (!row || (row.filled === row.stamp && row.filledColumns === this.#columnsStamp)) continue;
      if (!all && painted.length >= MOST_FILLED) {
        if (row.filled !== row.stamp) this.#blank(row, true);
        continue;
      }
      this.#fillRow(row, context);
      painted.push(row);
    }
    return { painted, done: painted.length < MOST_FILLED || all };
  }

  row(index: number): Row | null {
    const row = this.rows.length > 0 ? this.rows[index % this.rows.length] : undefined;
    return row?.index === index ? row : null;
  }

  /** The cell's element, when the cell is seen. */
  cell(index: number, column: number): Cell | null {
    const cell = this.row(index)?.cells[this.#slot(column)];
    return cell?.column === column ? cell : null;
  }

  /** Marks the selection on every cell that is seen. */
  markAll(): void {
    for (let index = this.#first; index < this.#last; index++) {
      const row = this.row(index);
      if (!row || row.filled !== row.stamp) continue;
      this.source.markHeader(row.header, index);
      for (const cell of row.cells) if (cell.stamp === row.stamp) this.source.mark(cell, index, cell.column);
    }
  }

  /** Rows and cells in the order in which they are read. Screen readers go by it; painting does not need it. */
  tidy(): void {
    const ordered = this.rows.filter((row) => row.index >= 0).sort((a, b) => a.index - b.index);
    order(this.body, ordered.map((row) => row.element));
    for (const row of ordered) {
      const cells = row.cells.filter((cell) => cell.column >= 0).sort((a, b) => a.column - b.column);
      order(row.element, [row.header, ...cells.map((cell) => cell.element)]);
    }
  }

  #slot(column: number): number {
    const frozen = this.columns?.frozen ?? 0;
    return column < frozen || this.#ring === 0 ? column : frozen + ((column - frozen) % this.#ring);
  }

  #growRing(size: number): void {
    this.#ring = Math.min(size, Math.max(1, (this.columns?.count ?? 0) - (this.columns?.frozen ?? 0)));
    for (const row of this.rows) this.#fitCells(row);
  }

  #fitCells(row: Row): void {
    const wanted = (this.columns?.frozen ?? 0) + this.#ring;
    for (const cell of row.cells) {
      // The ring has another length: every cell belongs to another column now.
      cell.column = -1;
      cell.stamp = -1;
    }
    while (row.cells.length < wanted) {
      const cell = makeCell();
      row.cells.push(cell);
      row.element.append(cell.element);
    }
  }

  #grow(size: number): void {
    while (this.rows.length < size) {
      const element = document.createElement("div");
      element.className = "m-row";
      element.style.display = "none";
      element.setAttribute("role", "row");
      const header = document.createElement("div");
      header.className = this.columns?.frozen ? "m-row-header" : "m-row-header is-edge";
      header.setAttribute("role", "rowheader");
      header.setAttribute("aria-colindex", "1");
      element.append(header);
      const row: Row = {
        element, header, cells: [], index: -1, stamp: ++this.#stamps, filled: 0, filledColumns: -1, top: -1, height: -1, width: -1, label: "", className: "", blank: false,
      };
      this.#fitCells(row);
      this.rows.push(row);
      this.body.append(element);
    }
    // The pool has another length: rows belong to other elements.
    for (const row of this.rows) this.#release(row);
  }

  #release(row: Row): void {
    if (row.index === -1) return;
    row.index = -1;
    row.element.style.display = "none";
  }

  #assign(row: Row, index: number): void {
    if (row.index === -1) row.element.style.display = "";
    row.index = index;
    row.stamp = ++this.#stamps;
    row.element.setAttribute("aria-rowindex", String(index + 2));
  }

  #place(row: Row, heights: RowHeights, base: number): void {
    const top = heights.top(row.index) - base;
    const height = heights.height(row.index);
    const width = this.headerWidth + (this.columns?.total ?? 0);
    if (row.width !== width) row.element.style.width = `${(row.width = width)}px`;
    if (row.top !== top) row.element.style.top = `${(row.top = top)}px`;
    if (row.height !== height) row.element.style.height = `${(row.height = height)}px`;
  }

  #blank(row: Row, blank: boolean): void {
    if (row.blank === blank) return;
    row.blank = blank;
    row.element.classList.toggle("is-blank", blank);
  }

  #fillRow(row: Row, context: CellContext): void {
    const { columns } = this;
    if (!columns) return;
    this.#fillHeader(row);
    this.source.markHeader(row.header, row.index);
    const [start, end] = this.#visible;
    for (let column = 0; column < columns.frozen; column++) this.#fillCell(row, column, context);
    for (let column = start; column < end; column++) this.#fillCell(row, column, context);
    for (const cell of row.cells) {
      const off = cell.column >= columns.frozen ? cell.column < start || cell.column >= end : cell.column < 0;
      if (off && cell.element.isConnected) {
        // What is not seen shows nothing: it may hold the cells of another row.
        cell.column = -1;
        cell.stamp = -1;
        cell.css = "";
        cell.element.style.cssText = "display:none";
      }
    }
    row.filled = row.stamp;
    row.filledColumns = this.#columnsStamp;
    this.#blank(row, false);
  }

  #fillHeader(row: Row): void {
    const { text, label, className } = this.source.header(row.index);
    if (row.label !== label) {
      row.label = label;
      row.header.setAttribute("aria-label", label);
    }
    setText(row.header, text);
    if (row.className !== className) {
      row.className = className;
      row.element.className = `m-row ${className}`;
      row.blank = false;
    }
  }

  /** Where a column's cells are. Columns further right lie higher, frozen ones highest: see the style of rows. */
  #placeOf(column: number, columns: ColumnPlaces): CellPlace {
    const level = column < columns.frozen ? 5000 + column : column + 1;
    const css = `left:${columns.left(column) + this.headerWidth}px;width:${columns.width(column)}px;z-index:${level};`;
    return { css, width: columns.width(column) };
  }

  #fillCell(row: Row, column: number, context: CellContext): void {
    const cell = row.cells[this.#slot(column)];
    const look = this.looks[column];
    const { columns } = this;
    if (!cell || !look || !columns || (cell.stamp === row.stamp && cell.column === column)) return;
    if (cell.column !== column) {
      cell.column = column;
      cell.element.setAttribute("aria-colindex", String(column + 2));
    }
    cell.stamp = row.stamp;
    paint(cell, look, this.source.facts(row.index, look), this.#placeOf(column, columns), context);
    this.source.mark(cell, row.index, column);
  }
}

/** Puts elements in an order with as few moves as it takes. */
function order(parent: HTMLElement, elements: readonly HTMLElement[]): void {
  let next = parent.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}
