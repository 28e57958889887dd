/** The mouse: cursor and selection, headers, widths, moving columns, menus. */
import { kindOfType } from "../cells/kinds";
import { insertField, moveField, resizeField } from "./commands";
import { ignore } from "./edits";
import type { Grid } from "./grid";
import { contains, selectionAt, type Selection } from "./selection";

const MOVE_THRESHOLD = 6;
const EDGE_SCROLL = 18;
const LEAST_WIDTH = 40;

/** Listens to the mouse; the result ends it. */
export function attachPointer(grid: Grid): () => void {
  const { element } = grid;
  const down = (event: PointerEvent): void => press(grid, event);
  const menu = (event: MouseEvent): void => contextMenu(grid, event);
  const double = (event: MouseEvent): void => doubleClick(grid, event);
  const click = (event: MouseEvent): void => clicked(grid, event);
  element.addEventListener("pointerdown", down);
  element.addEventListener("contextmenu", menu);
  element.addEventListener("dblclick", double);
  element.addEventListener("click", click);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("contextmenu", menu);
    element.removeEventListener("dblclick", double);
    element.removeEventListener("click", click);
  };
}

function partOf(event: Event): string {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-part]") : null;
  return target?.dataset["part"] ?? "";
}

/** Whether the event is on the scroll bars or beyond the last row and column. */
function outside(grid: Grid, event: MouseEvent): boolean {
  const box = grid.root.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  if (x >= grid.view.width || y >= grid.view.height) return true;
  return !(event.target instanceof Element && event.target.closest(".m-row, .m-head-row"));
}

function press(grid: Grid, event: PointerEvent): void {
  if (event.button !== 0 || outside(grid, event)) return;
  const part = partOf(event);
  if (part === "menu" || part === "add-column") {
    // The button acts on click; the focus stays on the grid.
    event.preventDefault();
    return;
  }
  const { row, column } = grid.at(event.clientX, event.clientY);
  if (part === "corner") grid.select({ ...grid.selection, extent: "all" }, { reveal: false });
  else if (part === "resize") dragWidth(grid, event, headerColumn(event));
  else if (part === "header") pressHeader(grid, event, column);
  else if (column < 0) pressRow(grid, event, row);
  else pressCell(grid, event, row, column);
}

function pressCell(grid: Grid, event: PointerEvent, row: number, column: number): void {
  if (event.target instanceof Element && event.target.closest("a")) return;
  const head = { row, column };
  grid.select(event.shiftKey ? { ...grid.selection, head, extent: "cells" } : selectionAt(row, column));
  drag(grid, event, (at) => grid.select({ ...grid.selection, head: { row: Math.max(0, at.row), column: Math.max(0, at.column) } }));
}

function pressRow(grid: Grid, event: PointerEvent, row: number): void {
  const first = grid.selection;
  const column = first.cursor.column;
  const next: Selection = event.shiftKey
    ? { cursor: first.cursor, head: { row, column }, extent: "rows" }
    : { cursor: { row, column }, head: { row, column }, extent: "rows" };
  grid.select(next);
  drag(grid, event, (at) => grid.select({ ...grid.selection, head: { row: Math.max(0, at.row), column } }));
}

function pressHeader(grid: Grid, event: PointerEvent, column: number): void {
  const { row } = grid.selection.cursor;
  const { left, right } = grid.range;
  if (!event.shiftKey && grid.selection.extent === "columns" && column >= left && column <= right && left === right && !grid.options.readOnly) {
    // A selected column is taken by its header and put elsewhere.
    dragColumn(grid, event, column);
    return;
  }
  const cursor = event.shiftKey ? grid.selection.cursor : { row, column };
  grid.select({ cursor, head: { row, column }, extent: "columns" }, { reveal: false });
  drag(grid, event, (at) => grid.select({ ...grid.selection, head: { row, column: Math.max(0, at.column) } }, { reveal: false }));
}

/** Follows the pointer until it is let go, scrolling when it is past an edge. */
function drag(grid: Grid, start: PointerEvent, move: (at: { row: number; column: number }) => void): void {
  let last = start;
  let frame = 0;
  const apply = (): void => {
    const box = grid.root.getBoundingClientRect();
    const x = Math.max(box.left + 1, Math.min(last.clientX, box.left + grid.view.width - 1));
    const y = Math.max(box.top + 35, Math.min(last.clientY, box.top + grid.view.height - 1));
    move(grid.at(x, y));
    const past = last.clientY > box.top + grid.view.height ? 1 : last.clientY < box.top ? -1 : 0;
    if (past !== 0) {
      grid.scrollTo(grid.scroll.position + past * EDGE_SCROLL);
      frame = requestAnimationFrame(apply);
    } else frame = 0;
  };
  track(start, (event) => {
    last = event;
    if (frame === 0) frame = requestAnimationFrame(apply);
  }, () => cancelAnimationFrame(frame));
}

function track(start: PointerEvent, move: (event: PointerEvent) => void, end: (event: PointerEvent | null) => void): void {
  const stop = (event: PointerEvent | null): void => {
    removeEventListener("pointermove", moved);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", cancel);
    end(event);
  };
  const moved = (event: PointerEvent): void => {
    if (event.pointerId === start.pointerId) move(event);
  };
  const up = (event: PointerEvent): void => stop(event);
  const cancel = (): void => stop(null);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", cancel);
}

function dragWidth(grid: Grid, event: PointerEvent, column: number): void {
  if (column < 0 || grid.options.readOnly) return;
  event.preventDefault();
  const start = grid.places.width(column);
  let width = start;
  track(event, (at) => {
    width = Math.max(LEAST_WIDTH, start + at.clientX - event.clientX);
    grid.previewWidth(column, width);
  }, (end) => {
    if (end && width !== start) void resizeField(grid, column, width).catch(ignore);
    else if (!end) grid.columnsChanged();
  });
}

function dragColumn(grid: Grid, event: PointerEvent, column: number): void {
  const line = document.createElement("div");
  line.className = "m-drop-line";
  let to: number | null = null;
  track(event, (at) => {
    if (Math.abs(at.clientX - event.clientX) < MOVE_THRESHOLD && to === null) return;
    const over = Math.max(0, grid.at(at.clientX, event.clientY).column);
    const box = grid.boxOf(0, over);
    const left = grid.root.getBoundingClientRect().left + box.left;
    const before = at.clientX < left + box.width / 2 ? over : over + 1;
    to = before > column ? before - 1 : before;
    line.style.left = `${before === over ? box.left : box.left + box.width}px`;
    grid.layer.append(line);
  }, (end) => {
    line.remove();
    if (end && to !== null) void moveField(grid, column, to).catch(ignore);
  });
}

/** The column whose header, or whose header's edge, the event is on. */
function headerColumn(event: Event): number {
  const header = event.target instanceof Element ? event.target.closest("[aria-colindex]") : null;
  return header ? Number(header.getAttribute("aria-colindex")) - 2 : -1;
}

function clicked(grid: Grid, event: MouseEvent): void {
  const part = partOf(event);
  if (part === "menu") {
    const column = headerColumn(event);
    const { row } = grid.selection.cursor;
    grid.focus();
    grid.select({ cursor: { row, column }, head: { row, column }, extent: "columns" }, { reveal: false });
    const header = grid.headerCell(column)?.getBoundingClientRect();
    if (header) grid.actions.openMenu("column", header, grid.menuContext());
  } else if (part === "add-column") {
    grid.focus();
    void insertField(grid, grid.bounds.columns);
  } else if (event.target instanceof Element && event.detail === 1) clickedCell(grid, event.target);
}

/** A click on the box of a toggle changes it. */
function clickedCell(grid: Grid, target: Element): void {
  const column = grid.column();
  if (!column || !kindOfType(column).toggled || !target.closest("[data-mark]") || !target.closest("[data-cursor]")) return;
  grid.editing.start({}, " ");
}

function doubleClick(grid: Grid, event: MouseEvent): void {
  const part = partOf(event);
  if (part === "header") grid.editing.rename(headerColumn(event));
  else if (part === "" && !outside(grid, event)) {
    const { row, column } = grid.at(event.clientX, event.clientY);
    if (column < 0) {
      const rowId = grid.rowId(row);
      if (typeof rowId === "number") grid.actions.openAsCard(rowId);
    } else if (!(event.target instanceof Element && event.target.closest("a, [data-mark]"))) grid.editing.start({}, "F2");
  }
}

function contextMenu(grid: Grid, event: MouseEvent): void {
  if (outside(grid, event)) return;
  // The menu key sends this event too, at the focused element: the keyboard has opened the menu of the cursor already.
  if (event.clientX === 0 && event.clientY === 0) return;
  event.preventDefault();
  grid.focus();
  const at = new DOMRect(event.clientX, event.clientY, 0, 0);
  const { row, column } = grid.at(event.clientX, event.clientY);
  if (row < 0) {
    if (column < 0) return;
    const cursor = { row: grid.selection.cursor.row, column };
    if (!(grid.selection.extent === "columns" && column >= grid.range.left && column <= grid.range.right)) {
      grid.select({ cursor, head: cursor, extent: "columns" }, { reveal: false });
    }
    grid.actions.openMenu("column", at, grid.menuContext());
  } else if (column < 0) {
    if (!(grid.selection.extent === "rows" && contains(grid.range, row, 0))) {
      const cursor = { row, column: grid.selection.cursor.column };
      grid.select({ cursor, head: cursor, extent: "rows" }, { reveal: false });
    }
    grid.actions.openMenu("row", at, grid.menuContext());
  } else {
    if (!contains(grid.range, row, column)) grid.select(selectionAt(row, column), { reveal: false });
    grid.actions.openMenu("cell", at, grid.menuContext());
  }
}
