/**
 * The grid: rows of a {@link GridSource} on the screen, with a cursor, kept up to date.
 *
 * One native scroller holds a tall spacer; in it a box sticks to the screen, and rows are placed inside that box. So the browser scrolls by itself and
 * the screen is never blank, at worst a frame old. Everything is painted in {@link Grid.frame}, at most once per frame. Keys, mouse, editing and the
 * clipboard live beside this file and act through the methods here.
 */
import { freshId, make } from "../cells/dom";
import type { CellContext } from "../cells/kind";
import { wraps } from "../cells/kind";
import { attachClipboard } from "./clipboard-events";
import { commandOf, isTyping } from "./keys";
import { run } from "./commands";
import { Editing } from "./editing";
import { ColumnPlaces, RowHeights, ScrollMap } from "./geometry";
import { Header, type HeaderParts } from "./header";
import { lookOf, type Cell, type CellFacts, type ColumnLook } from "./painter";
import { attachPointer } from "./pointer";
import { RowPool, type Row, type RowSource } from "./rows";
import { clamp, contains, isSingle, rangeOf, selectionAt, type Bounds, type Place, type Range, type Selection } from "./selection";
import type { GridActions, GridColumn, GridContext, GridLook, GridOptions, GridSource } from "./source";

const LINE_HEIGHT = 20;
const CELL_PADDING = 10;
const HEAD_HEIGHT = 34;
const BELOW_LAST_ROW = 48;
const ADD_COLUMN_WIDTH = 48;
const SETTLE_MS = 160;
const ANNOUNCE_MS = 350;
const DAY = 86_400;
const MOST_FROZEN = 0.6;
/** Stands for a number in a text that is translated once. */
const HOLE = "\ue000";

export class Grid implements RowSource {
  /** Around the grid and what lies over it. */
  readonly root = make("div", "m-grid-root");
  /** The grid itself: it scrolls, and has the focus. */
  readonly element = make("div", "m-grid");
  /** For editors, over the cells. */
  readonly layer = make("div", "m-layer");
  readonly context: CellContext;
  readonly editing: Editing;
  readonly scroll = new ScrollMap();
  selection: Selection = selectionAt(0, 0);
  heights = new RowHeights(0, 30, false);
  places = new ColumnPlaces([], 0);
  looks: ColumnLook[] = [];
  headerWidth = 52;
  /** Horizontal scroll. */
  left = 0;
  view = { width: 0, height: 0 };
  /** What was typed into the row for adding and is on its way, by column. */
  readonly drafts = new Map<string, CellFacts["value"]>();
  /** Texts to show for references whose new row is not confirmed yet, by row id and column. */
  readonly chosen = new Map<string, string>();
  readonly #id = freshId("m-grid");
  readonly #spacer = make("div", "m-spacer");
  readonly #sticky = make("div", "m-sticky");
  readonly #window = make("div", "m-window");
  readonly #body = make("div", "m-body");
  readonly #header = new Header();
  readonly #pool = new RowPool(this.#body, this);
  readonly #stops: (() => void)[] = [];
  #look: GridLook;
  #range: Range = { top: 0, bottom: 0, left: 0, right: 0 };
  #cursorCell: Cell | null = null;
  #cursorId: number | "new" | null = null;
  #cursorField: GridColumn | null = null;
  #frame = 0;
  #settle = 0;
  #announcing = 0;
  #columnsDirty = true;
  /** The next painting is not limited: nothing is scrolling. */
  #whole = true;
  #visible: [number, number] = [0, 0];
  #base = 0;
  #wanted = "";
  /** What must stay in sight while heights become known, until the person scrolls. */
  #shown: Place | null = null;
  #up = false;
  #gone = false;
  #rowCount = 0;

  constructor(
    readonly host: HTMLElement,
    readonly source: GridSource,
    readonly actions: GridActions,
    readonly options: GridOptions,
  ) {
    this.#look = options.look ?? {};
    const { locale, timezone, currency, t, attachment } = options;
    const { searchReference, addReference } = actions;
    this.context = {
      locale, timezone, currency, t,
      today: () => Math.floor(Date.now() / 1000 / DAY) * DAY,
      searchReference: (tableId, colId, text) => searchReference.call(actions, tableId, colId, text),
      ...(addReference ? { addReference: (tableId, colId, label) => addReference.call(actions, tableId, colId, label) } : {}),
      ...(attachment ? { attachment } : {}),
    };
    this.#build();
    this.editing = new Editing(this);
    this.#listen();
    this.#measureView();
    this.columnsChanged();
  }

  destroy(): void {
    this.#gone = true;
    this.editing.cancel();
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settle);
    clearTimeout(this.#announcing);
    this.root.remove();
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  get columns(): readonly GridColumn[] {
    return this.source.columns;
  }

  get bounds(): Bounds {
    const records = this.source.rowCount;
    return { rows: records + (this.canAdd ? 1 : 0), records, columns: this.columns.length };
  }

  get canAdd(): boolean {
    return this.source.canAddRows && !this.options.readOnly;
  }

  /** The selected cells. */
  get range(): Range {
    return this.#range;
  }

  setLook(look: GridLook): void {
    if (JSON.stringify(look) === JSON.stringify(this.#look)) return;
    this.#look = look;
    this.columnsChanged();
  }

  rowId(index: number): number | "new" | null {
    return index >= this.source.rowCount ? (this.canAdd ? "new" : null) : this.source.rowId(index);
  }

  column(index = this.selection.cursor.column): GridColumn | null {
    return this.columns[index] ?? null;
  }

  /** Puts the cursor or the selection elsewhere, into sight unless told not to. */
  select(selection: Selection, options: { reveal?: boolean; say?: boolean } = {}): void {
    const before = this.selection;
    this.selection = clamp(selection, this.bounds);
    this.#range = rangeOf(this.selection, this.bounds);
    const { cursor, head } = this.selection;
    if (options.reveal !== false) {
      this.#shown = before.cursor === cursor ? head : cursor;
      this.reveal(this.#shown.row, this.#shown.column);
    }
    this.#mark();
    this.#tellCursor();
    if (options.say !== false && !isSingle(this.selection)) this.#saySelection();
    this.schedule();
  }

  /** Shows the row with this id and puts the cursor on it. */
  async showRow(rowId: number, column = this.selection.cursor.column): Promise<void> {
    if (this.#cursorId === rowId && column === this.selection.cursor.column) return;
    const index = await this.source.indexOf(rowId);
    if (index !== null && !this.#gone) this.select(selectionAt(index, column));
  }

  /** Scrolls just so far that the cell is seen whole. */
  reveal(row: number, column: number): void {
    const top = this.heights.top(row);
    const height = Math.min(this.heights.height(row), this.view.height - HEAD_HEIGHT);
    const seen = this.view.height - HEAD_HEIGHT;
    let { position } = this.scroll;
    if (top < position) position = top;
    else if (top + height > position + seen) position = top + height - seen;
    if (position !== this.scroll.position && seen > 0) this.scrollTo(position);
    const left = this.places.scrollFor(column, this.left, this.view.width - this.headerWidth);
    if (left !== this.left && this.view.width > 0) {
      this.element.scrollLeft = this.left = Math.max(0, left);
    }
  }

  scrollTo(position: number): void {
    this.#up = position < this.scroll.position;
    this.element.scrollTop = this.scroll.moveTo(position);
    this.scroll.confirm(this.element.scrollTop);
    this.schedule();
  }

  /** How many rows a page key goes. */
  get page(): number {
    return Math.max(1, Math.floor((this.view.height - HEAD_HEIGHT) / this.heights.base) - 1);
  }

  /** A cell's place, from the top left corner of the grid. */
  boxOf(row: number, column: number): { left: number; top: number; width: number; height: number } {
    const x = this.places.left(column) - (column < this.places.frozen ? 0 : this.left);
    const y = HEAD_HEIGHT + this.heights.top(row) - this.scroll.position;
    return { left: this.headerWidth + x, top: y, width: this.places.width(column), height: this.heights.height(row) };
  }

  /** A cell's place in the window. */
  rectOf(row: number, column: number): DOMRect {
    const at = this.root.getBoundingClientRect();
    const box = this.boxOf(row, column);
    return new DOMRect(at.left + box.left, at.top + Math.max(HEAD_HEIGHT, box.top), box.width, box.height);
  }

  headerCell(column: number): HTMLElement | null {
    return this.#header.cell(column);
  }

  /** What is under a point of the window. A row of -1 is the header, a column of -1 the row's header. */
  at(x: number, y: number): { row: number; column: number } {
    const box = this.root.getBoundingClientRect();
    const inside = x - box.left - this.headerWidth;
    const down = y - box.top - HEAD_HEIGHT;
    return {
      row: down < 0 ? -1 : this.heights.at(down + this.scroll.position),
      column: inside < 0 ? -1 : this.places.seenAt(inside, this.left),
    };
  }

  /** What menus and commands are told. */
  menuContext(): GridContext {
    const { top, bottom, left, right } = this.#range;
    const { cursor, extent } = this.selection;
    return {
      rows: [top, bottom],
      extent,
      columns: this.columns.slice(left, right + 1),
      index: cursor.row,
      rowId: this.rowId(cursor.row),
      column: this.column(),
      run: (command) => {
        this.focus();
        run(this, command);
      },
    };
  }

  say(key: string, params?: Record<string, string | number>): void {
    clearTimeout(this.#announcing);
    this.actions.announce(this.options.t(key, params));
  }

  /** Paints before the next frame. */
  schedule(): void {
    if (this.#frame === 0 && !this.#gone) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /** The columns, their order, sort or filter marks have changed. */
  columnsChanged(): void {
    const { columns } = this;
    this.#columnsDirty = true;
    const uniform = this.#look.uniformRows === true && typeof this.#look.rowLines === "number";
    const base = CELL_PADDING + LINE_HEIGHT * (uniform ? Math.max(1, Number(this.#look.rowLines)) : 1);
    const variable = !uniform && columns.some(wraps);
    this.element.style.setProperty("--m-row-base", `${base}px`);
    this.element.style.setProperty("--m-lines", String(this.#look.rowLines ?? "none"));
    this.#variable = variable;
    this.#baseHeight = base;
    this.#fitFrozen();
    this.#makeLooks();
    this.element.classList.toggle("no-vertical", this.#look.verticalLines === false);
    this.element.classList.toggle("no-horizontal", this.#look.horizontalLines === false);
    this.element.classList.toggle("is-zebra", this.#look.zebra === true);
    this.#rowsChanged(true);
  }

  #variable = false;
  #rowLabel = "";
  #baseHeight = 30;

  /** Widths while a column's edge is dragged. */
  previewWidth(column: number, width: number): void {
    const widths = this.places.widths.map((old, index) => (index === column ? width : old));
    this.places = new ColumnPlaces(widths, this.places.frozen);
    this.#pool.columns = this.places;
    this.#header.place(this.places, this.#headerParts());
    this.#pool.stale();
    this.#whole = true;
    this.#resize();
    this.schedule();
  }

  facts(index: number, look: ColumnLook): CellFacts {
    const { colId, displayColId } = look.column;
    if (index >= this.source.rowCount) {
      const value = this.drafts.get(colId);
      return { value: value ?? null, shown: undefined, style: null, pending: value !== undefined, text: this.chosen.get(`new ${colId}`) };
    }
    const { source } = this;
    const pending = source.pending(index, colId);
    return {
      value: source.cell(index, colId),
      shown: displayColId === colId ? undefined : source.cell(index, displayColId),
      style: source.ruleStyle(index, look.column),
      pending,
      text: pending && look.isReference ? this.chosen.get(`${source.rowId(index)} ${colId}`) : undefined,
    };
  }

  header(index: number): { text: string; label: string; className: string } {
    const { t } = this.options;
    if (index >= this.source.rowCount) return { text: "+", label: t("grid.newRow"), className: "is-new" };
    const number = String(this.#look.rowNumbers === "rowId" ? (this.source.rowId(index) ?? "") : index + 1);
    const zebra = index % 2 === 1 ? "is-odd" : "";
    return { text: this.#look.rowNumbers === "hidden" ? "" : number, label: this.#rowLabel.replace(HOLE, number), className: zebra };
  }

  mark(cell: Cell, index: number, column: number): void {
    const selected = contains(this.#range, index, column);
    if (cell.selected !== selected) {
      cell.selected = selected;
      cell.element.setAttribute("aria-selected", String(selected));
    }
    const { cursor } = this.selection;
    const isCursor = cursor.row === index && cursor.column === column;
    if (isCursor && (this.#cursorCell !== cell || cell.element.id !== this.#cellId())) {
      this.#unmarkCursor();
      this.#cursorCell = cell;
      cell.element.id = this.#cellId();
      cell.element.dataset["cursor"] = "";
    } else if (!isCursor && this.#cursorCell === cell) this.#unmarkCursor();
  }

  markHeader(header: HTMLElement, index: number): void {
    header.toggleAttribute("data-selected", this.selection.extent !== "columns" && index >= this.#range.top && index <= this.#range.bottom && !isSingle(this.selection));
    header.toggleAttribute("data-current", index === this.selection.cursor.row);
  }

  #cellId(): string {
    const { row, column } = this.selection.cursor;
    return `${this.#id}-${row}-${this.columns[column]?.fieldRef ?? 0}`;
  }

  #unmarkCursor(): void {
    const cell = this.#cursorCell;
    if (!cell) return;
    cell.element.removeAttribute("id");
    delete cell.element.dataset["cursor"];
    this.#cursorCell = null;
  }

  #build(): void {
    const { element, options } = this;
    element.setAttribute("role", "grid");
    element.setAttribute("aria-multiselectable", "true");
    element.setAttribute("aria-label", options.label);
    if (options.readOnly) element.setAttribute("aria-readonly", "true");
    element.tabIndex = 0;
    this.#spacer.setAttribute("role", "presentation");
    this.#sticky.setAttribute("role", "presentation");
    this.#window.setAttribute("role", "presentation");
    this.#body.setAttribute("role", "rowgroup");
    this.#window.append(this.#body);
    this.#sticky.append(this.#header.element, this.#window);
    this.#spacer.append(this.#sticky);
    element.append(this.#spacer);
    this.root.append(element, this.layer);
    this.host.append(this.root);
  }

  #listen(): void {
    const { element } = this;
    const on = <Type extends keyof HTMLElementEventMap>(type: Type, listener: (event: HTMLElementEventMap[Type]) => void): void => {
      element.addEventListener(type, listener as EventListener, { passive: type === "scroll" || type === "wheel" });
    };
    on("scroll", () => this.#scrolled());
    on("keydown", (event) => this.#key(event));
    on("wheel", () => (this.#shown = null));
    on("pointerdown", () => (this.#shown = null));
    on("focus", () => this.#tellCursor(true));
    const observer = new ResizeObserver(() => {
      this.#measureView();
      this.#fitFrozen();
      this.#resize();
      this.#whole = true;
      this.schedule();
    });
    observer.observe(element);
    this.#stops.push(
      () => observer.disconnect(),
      attachPointer(this),
      attachClipboard(this),
      this.source.subscribe(({ kind }) => {
        if (kind === "columns") this.columnsChanged();
        else if (kind === "rows") this.#rowsChanged(false);
        this.#pool.stale();
        this.#whole = true;
        this.schedule();
      }),
    );
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.element || event.defaultPrevented) return;
    const press = {
      key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey, altKey: event.altKey,
      altGraph: event.getModifierState("AltGraph"),
    };
    const command = event.isComposing ? null : commandOf(press, /Mac|iP/.test(navigator.platform));
    if (command) {
      // Copy, cut and paste come as events of the clipboard.
      if (run(this, command, event)) event.preventDefault();
    } else if (isTyping(press) || event.isComposing) {
      if (press.key === "=" && this.editing.openFormula()) event.preventDefault();
      // No preventDefault: the key, also a dead one, lands in the editor that has the focus now.
      else if (this.editing.start({ replace: true }, event.key)) event.preventDefault();
    }
  }

  #scrolled(): void {
    const { scrollTop, scrollLeft } = this.element;
    const before = this.scroll.position;
    this.scroll.scrolled(scrollTop);
    this.#up = this.scroll.position < before;
    this.left = Math.max(0, scrollLeft);
    this.schedule();
    this.#lastScroll = performance.now();
    this.#settleLater(SETTLE_MS);
  }

  #lastScroll = 0;

  #settleLater(wait: number): void {
    if (this.#settle === 0) this.#settle = window.setTimeout(() => this.#settled(), wait);
  }

  /** Scrolling may have ended. */
  #settled(): void {
    this.#settle = 0;
    const rest = this.#lastScroll + SETTLE_MS - performance.now();
    if (rest > 1) {
      this.#settleLater(rest);
      return;
    }
    const native = this.scroll.drift();
    if (native !== null) {
      this.element.scrollTop = native;
      this.scroll.confirm(this.element.scrollTop);
    }
    this.#pool.tidy();
  }

  #measureView(): void {
    this.view = { width: this.element.clientWidth, height: this.element.clientHeight };
    this.#sticky.style.width = `${this.view.width}px`;
    this.#sticky.style.height = `${this.view.height}px`;
  }

  #fitFrozen(): void {
    const widths = this.columns.map((column) => Math.max(30, column.width || 100));
    let frozen = this.#look.frozen ?? 0;
    let places = new ColumnPlaces(widths, frozen);
    // On a narrow screen frozen columns would leave no room for the others.
    while (frozen > 0 && this.view.width > 0 && places.frozenWidth > this.view.width * MOST_FROZEN) places = new ColumnPlaces(widths, --frozen);
    if (places.frozen !== this.places.frozen && !this.#columnsDirty) {
      this.#columnsDirty = true;
      this.places = places;
      this.#makeLooks();
    }
    this.places = places;
    this.#pool.columns = places;
  }

  #makeLooks(): void {
    const edge = this.places.frozen - 1;
    const last = this.columns.length - 1;
    this.looks = this.columns.map((column, index) =>
      lookOf(column, index < edge ? " is-frozen" : index === edge ? " is-frozen is-edge" : index === last ? " is-last" : "", this.options.readOnly),
    );
    this.#rowLabel = this.options.t("grid.rowHeader", { number: HOLE });
  }

  #rowsChanged(force: boolean): void {
    const { bounds } = this;
    const digits = this.#look.rowNumbers === "hidden" ? 0 : String(Math.max(bounds.rows, 100)).length;
    const headerWidth = digits === 0 ? 28 : 24 + digits * 9;
    if (headerWidth !== this.headerWidth || force) {
      this.headerWidth = headerWidth;
      this.#columnsDirty = true;
    }
    const anchor = this.heights.at(this.scroll.position);
    const offset = this.scroll.position - this.heights.top(anchor);
    if (force || this.#variable || bounds.rows !== this.heights.count) {
      this.heights = new RowHeights(bounds.rows, this.#baseHeight, this.#variable);
    }
    this.element.setAttribute("aria-rowcount", String(bounds.rows + 1));
    this.element.setAttribute("aria-colcount", String(bounds.columns + 1 + (this.#canAddColumns ? 1 : 0)));
    this.#resize();
    if (this.#variable && anchor > 0) this.scrollTo(this.heights.top(anchor) + offset);
    this.#stayOnNew(bounds.records);
    const following = this.#followCursor();
    this.selection = clamp(this.selection, bounds);
    this.#range = rangeOf(this.selection, bounds);
    this.#rowCount = bounds.records;
    this.#wanted = "";
    this.#pool.stale();
    this.#whole = true;
    if (!following) this.#tellCursor();
    this.schedule();
  }

  /** The cursor on the row for adding stays there when rows come, but for the one that is being added there. */
  #stayOnNew(records: number): void {
    const { cursor } = this.selection;
    const before = this.#rowCount;
    if (this.#cursorId !== "new" || cursor.row !== before || records === before || !this.canAdd || !this.editing.staysOnNew) return;
    this.selection = selectionAt(records, cursor.column);
    this.editing.follow(before, records);
  }

  /** Rows came, went or moved: the cursor stays on its row. Whether it is being looked for. */
  #followCursor(): boolean {
    const { row } = this.selection.cursor;
    const id = this.#cursorId;
    // The row that was being added takes the place of the row for adding, and has the cursor.
    if (typeof id !== "number" || this.source.rowId(row) === id || this.source.rowCount === 0) return false;
    void this.source.indexOf(id).then((index) => {
      if (this.#gone || this.#cursorId !== id) return;
      const { cursor, head, extent } = this.selection;
      if (index !== null && index !== cursor.row) {
        const moved = { cursor: { row: index, column: cursor.column }, head: { row: head.row + index - cursor.row, column: head.column }, extent };
        this.select(moved, { reveal: false, say: false });
      } else this.#tellCursor();
    });
    return true;
  }

  get #canAddColumns(): boolean {
    return !this.options.readOnly;
  }

  #resize(): void {
    const height = HEAD_HEIGHT + this.heights.total + BELOW_LAST_ROW;
    this.scroll.resize(height, this.view.height);
    this.#spacer.style.height = `${this.scroll.spacer}px`;
    this.#spacer.style.width = `${this.headerWidth + this.places.total + (this.#canAddColumns ? ADD_COLUMN_WIDTH : 0)}px`;
  }

  #headerParts(): HeaderParts {
    return { source: this.source, t: this.options.t, headerWidth: this.headerWidth, canAdd: this.#canAddColumns, rowCount: this.#rowCount };
  }

  #paint(): void {
    this.#frame = 0;
    if (this.view.height === 0 || this.#gone) return;
    const pool = this.#pool;
    const { heights, scroll } = this;
    const parts = this.#headerParts();
    const visible = this.places.visible(this.left, this.view.width - this.headerWidth);
    if (this.#columnsDirty) {
      this.#columnsDirty = false;
      this.#unmarkCursor();
      pool.clear();
      pool.looks = this.looks;
      pool.headerWidth = this.headerWidth;
      this.element.style.setProperty("--m-header-width", `${this.headerWidth}px`);
      this.#header.rebuild(parts);
      this.#visible = [-1, -1];
      this.#whole = true;
    }
    const columnsMoved = visible[0] !== this.#visible[0] || visible[1] !== this.#visible[1];
    if (columnsMoved) {
      this.#visible = visible;
      pool.showColumns(visible);
      this.#header.show(this.places, visible, parts);
    }
    const first = heights.count === 0 ? 0 : heights.at(scroll.position);
    const last = heights.count === 0 ? 0 : heights.at(scroll.position + this.view.height - HEAD_HEIGHT) + 1;
    this.#rebase(first);
    pool.showRows(first, last, heights, this.#base);
    this.#want(first, last);
    const { painted, done } = pool.fill(this.context, this.#whole);
    if (this.#variable && painted.length > 0) this.#measure(painted, first);
    this.#place();
    if (columnsMoved || painted.length > 0) this.#markHeads();
    this.#activate();
    this.editing.place();
    if (done) this.#whole = false;
    else this.schedule();
    this.#settleLater(SETTLE_MS);
  }

  /** Rows are placed from a row nearby, so that places stay small numbers. */
  #rebase(first: number): void {
    const base = this.heights.top(first - (first % 1000));
    if (base !== this.#base) this.#base = base;
  }

  #want(first: number, last: number): void {
    const records = Math.min(last, this.source.rowCount);
    const key = `${first} ${records}`;
    if (key === this.#wanted) return;
    this.#wanted = key;
    this.source.want(Math.min(first, records), records);
  }

  /** Gives rows the height that their wrapping cells need, and keeps what is looked at where it is. */
  #measure(painted: readonly Row[], first: number): void {
    const most = typeof this.#look.rowLines === "number" ? this.#look.rowLines * LINE_HEIGHT + CELL_PADDING : Infinity;
    const anchor = Math.min(first + (this.#up ? 1 : 0), this.heights.count - 1);
    const offset = this.scroll.position - this.heights.top(anchor);
    const tall = painted.map((row) => {
      let height = this.heights.base;
      for (const cell of row.cells) {
        if (cell.stamp === row.stamp && cell.look?.wraps) height = Math.max(height, contentHeight(cell.element));
      }
      return { index: row.index, height: Math.min(most, height) };
    });
    let changed = false;
    for (const { index, height } of tall) if (this.heights.set(index, height)) changed = true;
    if (!changed) return;
    this.#resize();
    this.scrollTo(this.heights.top(anchor) + offset);
    if (this.#shown) this.reveal(this.#shown.row, this.#shown.column);
    this.#pool.replace(this.heights, this.#base);
  }

  #place(): void {
    const y = this.#base - this.scroll.position;
    const x = -this.left;
    this.#body.style.transform = `translate(${x}px,${y}px)`;
    this.#header.row.style.transform = x === 0 ? "" : `translateX(${x}px)`;
    if (this.#placedLeft !== this.left) {
      this.#placedLeft = this.left;
      this.#sticky.style.setProperty("--m-left", `${this.left}px`);
      this.element.classList.toggle("is-scrolled", this.left > 0);
    }
  }

  #placedLeft = -1;

  #mark(): void {
    this.#pool.markAll();
    this.#markHeads();
    this.#activate();
  }

  #markHeads(): void {
    const { left, right } = this.#range;
    const wide = this.selection.extent !== "rows" && !isSingle(this.selection);
    this.#header.mark((column) => wide && column >= left && column <= right, this.selection.cursor.column);
  }

  #activate(): void {
    const { cursor } = this.selection;
    const cell = this.#pool.cell(cursor.row, cursor.column);
    const id = cell && cell === this.#cursorCell ? cell.element.id : "";
    if (id === (this.element.getAttribute("aria-activedescendant") ?? "")) return;
    if (id === "") this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", id);
  }

  /** Tells the application where the cursor is, when that is news or `again`. */
  #tellCursor(again = false): void {
    const id = this.rowId(this.selection.cursor.row);
    const field = this.column();
    if (!again && id === this.#cursorId && field === this.#cursorField) return;
    this.#cursorId = id;
    this.#cursorField = field;
    // A row that is not loaded yet is told when it is.
    if (id !== null || this.bounds.rows === 0) this.options.onCursor?.(id, field);
  }

  #saySelection(): void {
    clearTimeout(this.#announcing);
    this.#announcing = window.setTimeout(() => {
      const { top, bottom, left, right } = this.#range;
      const { extent, cursor } = this.selection;
      const rows = bottom - top + 1;
      const count = right - left + 1;
      if (extent === "all") this.say("grid.selectedAll");
      else if (extent === "rows") this.say("grid.selectedRows", { count: rows });
      else if (extent === "columns") this.say("grid.selectedColumns", { count, label: this.columns[cursor.column]?.label ?? "" });
      else this.say("grid.selectedCells", { rows, columns: count });
    }, ANNOUNCE_MS);
  }
}

/** The height a wrapping cell's content needs: the cell itself is as high as its row, which may be higher or lower. */
function contentHeight(element: HTMLElement): number {
  element.style.bottom = "auto";
  const needed = element.offsetHeight;
  element.style.bottom = "";
  return needed;
}
