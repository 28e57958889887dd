/** The row of column headers: names, marks of sort, filter and formula, the menu button, the handle for the width. */
import { icon, make } from "../cells/dom";
import { cssOf, styleOf } from "../cells/style";
import type { ColumnPlaces } from "./geometry";
import { isFormula } from "./painter";
import type { GridColumn, GridSource, Translate } from "./source";

export interface HeaderParts {
  readonly source: GridSource;
  readonly t: Translate;
  readonly headerWidth: number;
  /** Whether there is a button for adding a column. */
  readonly canAdd: boolean;
  readonly rowCount: number;
}

export class Header {
  readonly element = make("div", "m-head");
  readonly row = make("div", "m-head-row");
  readonly #corner = make("div", "m-corner");
  readonly #cells = new Map<number, HTMLElement>();
  #add: HTMLElement | null = null;

  constructor() {
    this.element.setAttribute("role", "rowgroup");
    this.row.setAttribute("role", "row");
    this.row.setAttribute("aria-rowindex", "1");
    this.#corner.setAttribute("role", "columnheader");
    this.#corner.setAttribute("aria-colindex", "1");
    this.#corner.dataset["part"] = "corner";
    this.row.append(this.#corner);
    this.element.append(this.row);
  }

  /** Shows the headers again, all of them anew. */
  rebuild(parts: HeaderParts): void {
    for (const cell of this.#cells.values()) cell.remove();
    this.#cells.clear();
    this.#add?.remove();
    this.#add = null;
    this.#corner.replaceChildren(make("span", "m-hidden", parts.t("grid.corner")));
    this.#corner.style.width = `${parts.headerWidth}px`;
  }

  /** Shows the headers of the frozen columns and of those in `[start, end)`. */
  show(columns: ColumnPlaces, [start, end]: readonly [number, number], parts: HeaderParts): void {
    for (const [index, cell] of this.#cells) {
      if (index >= columns.frozen && (index < start || index >= end)) {
        cell.remove();
        this.#cells.delete(index);
      }
    }
    for (let index = 0; index < columns.frozen; index++) this.#ensure(index, columns, parts);
    for (let index = start; index < end; index++) this.#ensure(index, columns, parts);
    if (parts.canAdd && !this.#add) {
      const { add, button } = addButton(parts.t("grid.addColumn"));
      add.setAttribute("aria-colindex", String(columns.count + 2));
      button.dataset["part"] = "add-column";
      this.row.append(add);
      this.#add = add;
    }
    if (this.#add) this.#add.style.left = `${parts.headerWidth + columns.total}px`;
  }

  cell(index: number): HTMLElement | null {
    return this.#cells.get(index) ?? null;
  }

  /** Marks the columns of the selection and that of the cursor. */
  mark(isSelected: (column: number) => boolean, current: number): void {
    for (const [index, cell] of this.#cells) {
      cell.toggleAttribute("data-selected", isSelected(index));
      cell.toggleAttribute("data-current", index === current);
    }
  }

  /** A column is being made wider or narrower, or moved: shown before it is saved. */
  place(columns: ColumnPlaces, parts: HeaderParts): void {
    for (const [index, cell] of this.#cells) {
      cell.style.left = `${parts.headerWidth + columns.left(index)}px`;
      cell.style.width = `${columns.width(index)}px`;
    }
    if (this.#add) this.#add.style.left = `${parts.headerWidth + columns.total}px`;
  }

  #ensure(index: number, columns: ColumnPlaces, parts: HeaderParts): void {
    const column = parts.source.columns[index];
    if (!column || this.#cells.has(index)) return;
    const cell = headerCell(column, parts);
    cell.dataset["part"] = "header";
    cell.setAttribute("aria-colindex", String(index + 2));
    cell.style.left = `${parts.headerWidth + columns.left(index)}px`;
    cell.style.width = `${columns.width(index)}px`;
    if (index < columns.frozen) cell.classList.add("is-frozen");
    if (index === columns.frozen - 1) cell.classList.add("is-edge");
    const next = [...this.#cells.keys()].filter((key) => key > index).sort((a, b) => a - b)[0];
    this.row.insertBefore(cell, (next === undefined ? this.#add : this.#cells.get(next)) ?? null);
    this.#cells.set(index, cell);
  }
}

function headerCell(column: GridColumn, { source, t }: HeaderParts): HTMLElement {
  const cell = make("div", "m-head-cell");
  cell.setAttribute("role", "columnheader");
  const style = cssOf(styleOf(column.options, "header"));
  if (style) cell.style.cssText = style;
  const sort = source.sortOf(column.colId);
  cell.setAttribute("aria-sort", sort ?? "none");
  if (isFormula(column)) cell.append(marked("formula", t("grid.formula")));
  const label = make("span", "m-head-label", column.label);
  label.title = column.description ? `${column.label}\n${column.description}` : column.label;
  cell.append(label);
  if (column.description) cell.setAttribute("aria-description", column.description);
  if (source.filtered(column.colId)) cell.append(marked("filter", t("grid.filtered")));
  if (sort) cell.append(icon(sort === "ascending" ? "sort-up" : "sort-down"));
  const menu = make("button", "m-head-menu");
  menu.type = "button";
  menu.tabIndex = -1;
  menu.dataset["part"] = "menu";
  menu.setAttribute("aria-label", t("grid.columnMenu", { label: column.label }));
  menu.append(icon("chevron"));
  const handle = make("div", "m-head-resize");
  handle.dataset["part"] = "resize";
  cell.append(menu, handle);
  return cell;
}

function marked(name: string, words: string): HTMLElement {
  const mark = make("span", "m-head-mark");
  mark.title = words;
  mark.append(icon(name), make("span", "m-hidden", words));
  return mark;
}

function addButton(label: string): { add: HTMLElement; button: HTMLElement } {
  const add = make("div", "m-add-column");
  add.setAttribute("role", "columnheader");
  const button = make("button", "m-add-button");
  button.type = "button";
  button.tabIndex = -1;
  button.setAttribute("aria-label", label);
  button.title = label;
  button.append(icon("add"));
  add.append(button);
  return { add, button };
}
