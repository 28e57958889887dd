/**
 * Editing in place: one cell, or the name of a column.
 *
 * The editor is made and focused within the key event that asks for it. What could not be saved is kept, and comes back when the cell is edited again.
 * It writes through `GridActions.setCells` only; it does not know what the editors look like.
 */
import { editCell, toggledCell } from "../cells/cell";
import { make } from "../cells/dom";
import type { CellEditor, EditStart } from "../cells/kind";
import { baseType, codeOf, fitsType, sameCell } from "../cells/values";
import { ignore, refused } from "./edits";
import type { Grid } from "./grid";
import { isEmptyColumn, isFormula } from "./painter";
import { selectionAt } from "./selection";
import type { CellValue, GridColumn } from "./source";

/** A cell whose editing has ended. */
interface Edit {
  readonly column: GridColumn;
  /** The row; of one that has not come yet, the promise of its id. */
  readonly rowId: number | "new" | Promise<number | undefined>;
  /** Row id, or `new`, and column id. */
  readonly key: string;
  readonly joined: Promise<number> | null;
  readonly typed: string;
}

/** A row on its way. */
interface Addition {
  readonly row: Promise<number>;
  /** Where it was typed: the place of the row for adding at that time. */
  index: number;
  /** The person has gone on to the next new row: what is typed from now on belongs to that one. */
  left: boolean;
}

interface Session {
  readonly box: HTMLElement;
  row: number;
  readonly column: number;
  /** Absent while a column is named. */
  readonly editor: CellEditor | null;
  finish(save: boolean, then?: "down" | "right" | "left"): void;
}

export class Editing {
  #session: Session | null = null;
  /** Text that could not be saved, by row and column. */
  readonly #unsaved = new Map<string, string>();
  /** The row that is being added, until it is there. */
  #adding: Addition | null = null;
  /** Rows on their way that the person has left: those that come now are not under the cursor. */
  #ahead = 0;

  constructor(readonly grid: Grid) {}

  get active(): boolean {
    return this.#session !== null;
  }

  /** Rows have come while the cursor is on the row for adding: whether it stays on that one. */
  get staysOnNew(): boolean {
    return this.#ahead > 0 || this.#adding === null;
  }

  /** The row for adding has moved; what is edited in it goes along. */
  follow(from: number, to: number): void {
    if (this.#adding?.index === from) this.#adding.index = to;
    if (this.#session?.row !== from) return;
    this.#session.row = to;
    this.place();
  }

  /** Begins to edit the cell of the cursor, by a key; whether that key has been used up. */
  start(how: EditStart, key: string): boolean {
    const { grid } = this;
    const { row, column: at } = grid.selection.cursor;
    const column = grid.column(at);
    const rowId = grid.rowId(row);
    // What is typed replaces a cell that has not come yet as well as any other.
    if (!column || (rowId === null && !how.replace)) return true;
    const known = rowId === "new" ? (grid.drafts.get(column.colId) ?? null) : grid.source.cell(row, column.colId);
    const value = known === undefined && how.replace ? null : known;
    if (value === undefined) return true;
    if (isFormula(column)) {
      if (grid.options.readOnly || column.readOnly) return this.#explain(row, column, value);
      grid.actions.openFormula(column, rowId === "new" ? null : rowId, how.replace && key.length === 1 ? key : undefined);
      return true;
    }
    if (grid.options.readOnly || column.readOnly) {
      grid.say("grid.readOnly");
      return true;
    }
    const toggled = codeOf(value) === "" ? toggledCell(value, column) : undefined;
    if (toggled !== undefined) {
      if (rowId === null) return true;
      if (key === "Enter" || key === " " || key === "F2") void this.#save({ column, rowId, key: this.#key(row, column), joined: this.#pendingRow(row), typed: "" }, toggled).catch(ignore);
      return true;
    }
    if (baseType(column.type) === "Attachments") {
      if (rowId !== null) grid.actions.openAttachments?.(rowId, column);
      return true;
    }
    return !this.#open(row, at, column, value, how);
  }

  /** Opens the formula of the cursor's column, when that is what `=` means there. */
  openFormula(): boolean {
    const { grid } = this;
    const column = grid.column();
    const rowId = grid.rowId(grid.selection.cursor.row);
    if (!column || !(column.isFormula || isEmptyColumn(column)) || grid.options.readOnly || column.readOnly) return false;
    grid.actions.openFormula(column, typeof rowId === "number" ? rowId : null);
    return true;
  }

  /** Edits the name of a column in its header. */
  rename(at: number): void {
    const { grid } = this;
    const column = grid.column(at);
    if (!column || refused(grid)) return;
    this.commit();
    grid.select(selectionAt(grid.selection.cursor.row, at));
    const input = make("input", "m-rename");
    input.value = column.label;
    input.setAttribute("aria-label", grid.options.t("grid.renameColumn"));
    const box = make("div", "m-editor m-editor-name");
    box.append(input);
    const finish = (save: boolean): void => {
      if (!this.#end(box)) return;
      const label = input.value.trim();
      if (save && label !== "" && label !== column.label) void grid.actions.renameColumn(column.colRef, label).catch(ignore);
    };
    this.#begin({ box, row: -1, column: at, editor: null, finish });
    input.focus({ preventScroll: true });
    input.select();
  }

  /** Ends the editing and saves. */
  commit(): void {
    this.#session?.finish(true);
  }

  cancel(): void {
    this.#session?.finish(false);
  }

  /** Keeps the editor over its cell. */
  place(): void {
    const session = this.#session;
    if (!session) return;
    const { box, row, column } = session;
    const { grid } = this;
    if (row < 0) {
      const header = grid.headerCell(column)?.getBoundingClientRect();
      const root = grid.root.getBoundingClientRect();
      if (header) box.style.cssText = `left:${header.left - root.left}px;top:0;width:${Math.max(120, header.width)}px;height:${header.height}px`;
      return;
    }
    const { left, top, width, height } = grid.boxOf(row, column);
    box.style.cssText = `left:${left}px;top:${top}px;min-width:${width + 1}px;max-width:${Math.max(width + 1, grid.view.width - left - 8)}px;min-height:${height + 1}px`;
  }

  #open(row: number, at: number, column: GridColumn, value: CellValue, how: EditStart): boolean {
    const { grid } = this;
    this.commit();
    grid.reveal(row, at);
    const box = make("div", `m-editor m-editor-${baseType(column.type)}`);
    const key = this.#key(row, column);
    const rowId = grid.rowId(row) ?? grid.source.rowIds(row, 1).then(([id]) => id);
    const unsaved = this.#unsaved.get(key);
    const shown = column.displayColId === column.colId ? undefined : grid.source.cell(row, column.displayColId);
    // The row that is on its way when the editing begins gets this cell too, whenever the editing ends.
    const joined = this.#pendingRow(row);
    const finish = (save: boolean, then?: "down" | "right" | "left"): void => {
      const typed = editor?.text() ?? "";
      const result = save && editor ? editor.value() : null;
      if (!this.#end(box)) return;
      editor?.destroy();
      if (save) void this.#finish({ column, rowId, key, joined, typed }, value, result).catch(ignore);
      else this.#unsaved.delete(key);
      if (then) this.#moveOn(session.row, at, then);
    };
    const session: Session = { box, row, column: at, editor: null, finish };
    this.#begin(session);
    const editor = editCell(box, value, column, grid.context, {
      ...how,
      ...(shown === undefined ? {} : { shown }),
      ...(unsaved === undefined || how.replace ? {} : { text: unsaved }),
      onCommit: () => finish(true, "down"),
    });
    if (!editor) {
      this.#end(box);
      return false;
    }
    editor.focus();
    return true;
  }

  #begin(session: Session): void {
    const { box } = session;
    this.#session = session;
    this.grid.layer.append(box);
    this.place();
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "Escape") session.finish(false);
      else if (event.key === "Enter" && !event.altKey && !(event.shiftKey && session.row >= 0)) session.finish(true, event.ctrlKey || event.metaKey || session.row < 0 ? undefined : "down");
      else if (event.key === "Tab") session.finish(true, event.shiftKey ? "left" : "right");
      else return;
      event.preventDefault();
    });
    box.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (to instanceof Node && box.contains(to)) return;
      // A change of window is no end: the person comes back to what was being typed.
      if (to === null && !document.hasFocus()) return;
      this.#stay = to !== null && to !== this.grid.element;
      session.finish(true);
      this.#stay = false;
    });
  }

  /** The focus has gone elsewhere on purpose. */
  #stay = false;

  #end(box: HTMLElement): boolean {
    if (this.#session?.box !== box) return false;
    this.#session = null;
    if (!this.#stay && box.contains(document.activeElement)) this.grid.focus();
    box.remove();
    return true;
  }

  #moveOn(row: number, column: number, then: "down" | "right" | "left"): void {
    const { grid } = this;
    const by = { down: [1, 0], right: [0, 1], left: [0, -1] }[then];
    const isNew = grid.rowId(row) === "new";
    const next = selectionAt(Math.min(row + (by[0] ?? 0), grid.bounds.rows - 1), column + (by[1] ?? 0));
    grid.select(next);
    // `#save` begins in a microtask, when it knows the value; the row that is added is there then.
    if (isNew) queueMicrotask(() => this.#followAdded(row, then));
  }

  /** The added row takes the place of the row for adding, or another when rows are sorted: the cursor stays on it, or is on the next new row. */
  #followAdded(row: number, then: "down" | "right" | "left"): void {
    const { grid } = this;
    const adding = this.#adding;
    if (!adding || adding.left) return;
    if (then === "down") {
      adding.left = true;
      this.#ahead++;
      grid.drafts.clear();
      grid.schedule();
      // Its cells are told before the answer comes, its place after: both count.
      void adding.row.catch(ignore).finally(() => {
        this.#ahead--;
      });
      return;
    }
    // Where rows are sorted it comes to stand elsewhere.
    const stays = (): boolean => grid.selection.cursor.row === row && !adding.left;
    void adding.row
      .then((rowId) => (stays() && grid.rowId(row) !== rowId ? grid.source.indexOf(rowId) : null))
      .then((index) => {
        if (index !== null && index !== row && stays()) grid.select(selectionAt(index, grid.selection.cursor.column));
      }, ignore);
  }

  /** The row on its way to which a cell of this row belongs. */
  #pendingRow(row: number): Promise<number> | null {
    const adding = this.#adding;
    // Elsewhere than where it was typed, it has come already: this is another one.
    return this.grid.rowId(row) === "new" && adding && !adding.left && adding.index === row ? adding.row : null;
  }

  async #finish(edit: Edit, before: CellValue, result: CellValue | Promise<CellValue>): Promise<void> {
    const { grid } = this;
    const { column, key, typed } = edit;
    const value = await result;
    if (sameCell(value, before) || (value === "" && before === null)) {
      this.#unsaved.delete(key);
      return;
    }
    try {
      await this.#save(edit, value);
      this.#unsaved.delete(key);
      if (typeof value === "string" && !fitsType(value, column.type)) grid.say("grid.invalidKept", { text: value });
    } catch {
      this.#unsaved.set(key, typed);
      grid.say("grid.notSaved");
    }
  }

  async #save({ column, rowId: place, joined, typed }: Edit, value: CellValue): Promise<void> {
    const { grid } = this;
    const { colId } = column;
    const isReference = column.type.startsWith("Ref");
    if (place !== "new") {
      const rowId = await place;
      if (rowId === undefined) throw new Error("there is no such row");
      if (isReference) grid.chosen.set(`${rowId} ${colId}`, typed);
      await grid.actions.setCells([{ rowId, colId, value }]).finally(() => grid.chosen.delete(`${rowId} ${colId}`));
      return;
    }
    grid.drafts.set(colId, value);
    if (isReference) grid.chosen.set(`new ${colId}`, typed);
    grid.schedule();
    try {
      const adding = joined ?? this.#pendingRow(grid.bounds.records);
      if (adding) await grid.actions.setCells([{ rowId: await adding, colId, value }]);
      else {
        // One after the other, so that they come in the order in which they were typed.
        const before = this.#adding?.row.catch(ignore) ?? Promise.resolve();
        const addition: Addition = { row: before.then(() => grid.actions.addRow({ [colId]: value })), index: grid.bounds.records, left: false };
        this.#adding = addition;
        await addition.row.finally(() => {
          if (this.#adding === addition) this.#adding = null;
        });
        grid.say("grid.rowAdded");
      }
    } finally {
      if (grid.drafts.get(colId) === value) grid.drafts.delete(colId);
      grid.chosen.delete(`new ${colId}`);
      grid.schedule();
    }
  }

  #key(row: number, column: GridColumn): string {
    return `${this.grid.rowId(row)} ${column.colId}`;
  }

  #explain(row: number, column: GridColumn, value: CellValue): boolean {
    const rowId = this.grid.rowId(row);
    if (codeOf(value) === "E" && typeof rowId === "number" && this.grid.actions.showError) this.grid.actions.showError(rowId, column);
    else this.grid.say("grid.readOnlyFormula");
    return true;
  }
}
