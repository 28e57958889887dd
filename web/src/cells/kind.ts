/**
 * What a kind of cell is: how it is painted, edited, read out, copied and read from text. One file per kind beside this one;
 * `cell.ts` is the door for those who show cells (grid, cards).
 */
import type { FormatSettings } from "../format/settings";
import type { AttachmentInfo, CellValue, GridColumn, Translate } from "../grid/source";

/** What cells need from outside: made once per grid or card. */
export interface CellContext extends FormatSettings {
  t: Translate;
  /** Today at midnight UTC in seconds, in the document's zone. */
  today(): number;
  searchReference(tableId: string, colId: string, text: string): Promise<{ rowId: number; label: CellValue }[]>;
  addReference?(tableId: string, colId: string, label: string): Promise<number>;
  attachment?(id: number): AttachmentInfo | null;
}

/** How editing begins. */
export interface EditStart {
  /** The cell of the display column, for references. */
  shown?: CellValue;
  /** The person began to type: start empty, the key that was pressed lands in the editor by itself. */
  replace?: boolean;
  /** Start with this text instead, as a draft that could not be saved. */
  text?: string;
  /** The editor itself asks to end: an option was clicked. */
  onCommit?(): void;
}

/** An open editor. The owner handles Enter, Tab and Escape that reach it; the editor stops the keys it uses itself. */
export interface CellEditor {
  /** What to store. Text that cannot be read comes back as a string, never lost. */
  value(): CellValue | Promise<CellValue>;
  /** What the person sees in the editor. */
  text(): string;
  focus(): void;
  destroy(): void;
}

export type Alignment = "left" | "center" | "right";

/** What the owner of a cell's element must show besides: `invalid` and `error` are also said to assistive technology. */
export type CellState = "plain" | "invalid" | "error" | "pending" | "censored" | "loading";

export interface CellKind {
  /** Part of the class of the cell's element: `m-cell-<name>`. */
  readonly name: string;
  readonly alignment: Alignment;
  /** Paints a value of the right type. The element may hold whatever another value or kind left. */
  paint(element: HTMLElement, value: CellValue, column: GridColumn, context: CellContext, shown?: CellValue): CellState;
  /** `null`: this kind is not edited as text (toggles, attachments). */
  edit(host: HTMLElement, value: CellValue, column: GridColumn, context: CellContext, start: EditStart): CellEditor | null;
  /** The value as text: for copies and as the start of editing. */
  text(value: CellValue, column: GridColumn, context: CellContext, shown?: CellValue): string;
  /** The value as said to assistive technology, when the text alone would not do. */
  announce?(value: CellValue, column: GridColumn, context: CellContext, shown?: CellValue): string;
  /** Reads text; what cannot be read comes back as that text. `strict`: many values at once, do not guess. */
  parse(text: string, column: GridColumn, context: CellContext, strict?: boolean): CellValue;
  /** The value after Space or a click, for kinds that have only two. */
  toggled?(value: CellValue): CellValue;
}

/** The alignment that the column's options ask for, else the kind's own. */
export function alignmentOf(column: GridColumn, kind: CellKind): Alignment {
  const asked = column.options["alignment"];
  return asked === "left" || asked === "center" || asked === "right" ? asked : kind.alignment;
}

/** Whether the column's text wraps. */
export function wraps(column: GridColumn): boolean {
  return column.options["wrap"] === true;
}
