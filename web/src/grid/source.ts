/**
 * The boundary between the grid and the application: what the grid reads ({@link GridSource}) and what it asks for
 * ({@link GridActions}). Both sides know only this file of each other. Nothing here touches the network or the DOM tree.
 */

/** A cell in Grist's wire encoding: arrays start with a code letter, as `["L", 1, 2]`. */
export type CellValue = null | boolean | number | string | CellValue[] | { [key: string]: CellValue };

/** How a cell looks besides its value: fixed style of the column, or a conditional style. Colours are CSS colours. */
export interface CellStyle {
  fill?: string;
  text?: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strikethrough?: boolean;
}

/** One shown field. */
export interface GridColumn {
  /** Row of `_grist_Views_section_field`. */
  fieldRef: number;
  /** Row of `_grist_Tables_column`. */
  colRef: number;
  colId: string;
  label: string;
  /** Grist's type, as `Text`, `Ref:People`, `DateTime:Europe/Paris`. */
  type: string;
  isFormula: boolean;
  formula: string;
  /** Parsed `widgetOptions`, those of the field over those of the column. */
  options: Record<string, unknown>;
  /** The column whose cells are shown: `colId`, except for references. */
  displayColId: string;
  /** In CSS pixels. */
  width: number;
  description?: string;
  /** For references: the shown column of the referenced table; its format is used. Absent: row ids are shown. */
  visible?: { colId: string; type: string; options: Record<string, unknown> };
  /** The person may not change cells here. Formula columns are not `readOnly` for that reason alone. */
  readOnly: boolean;
}

/** What changed in a source: some cells, the rows or their order, or the columns. */
export interface GridChange {
  kind: "cells" | "rows" | "columns";
}

/** One window of rows, sorted and filtered by the server (`docs/windows.md`). */
export interface GridSource {
  readonly columns: readonly GridColumn[];
  /** Without the row for adding. */
  readonly rowCount: number;
  readonly canAddRows: boolean;
  /** `null`: not loaded yet. */
  rowId(index: number): number | null;
  /** `undefined`: not loaded yet. */
  cell(index: number, colId: string): CellValue | undefined;
  /** An optimistic value, not confirmed by the server yet. */
  pending(index: number, colId: string): boolean;
  /** Conditional styles: the row's style merged under the cell's. */
  ruleStyle(index: number, column: GridColumn): CellStyle | null;
  sortOf(colId: string): "ascending" | "descending" | null;
  filtered(colId: string): boolean;
  /** These rows are visible: load them. */
  want(start: number, end: number): void;
  indexOf(rowId: number): Promise<number | null>;
  /** Ids of a range that may lie beyond what is loaded. */
  rowIds(start: number, count: number): Promise<number[]>;
  /** Cells of a range that may lie beyond what is loaded, one array per column: for copies of many rows. */
  read?(start: number, count: number, colIds: readonly string[]): Promise<CellValue[][]>;
  subscribe(listener: (change: GridChange) => void): () => void;
}

/** How a section shows its rows: from the section's `options`. All have defaults. */
export interface GridLook {
  /** Columns that stay when scrolling sideways (`numFrozen`). */
  frozen?: number;
  rowNumbers?: "number" | "rowId" | "hidden";
  zebra?: boolean;
  verticalLines?: boolean;
  horizontalLines?: boolean;
  /** Most lines of text in a row, in columns that wrap; no limit when absent. */
  rowLines?: number | null;
  /** All rows as high as `rowLines` lines. */
  uniformRows?: boolean;
}

/** A file shown in a cell of attachments. */
export interface AttachmentInfo {
  name: string;
  /** An image to show, when there is one. */
  thumbnail?: string;
}

/** Translates a key of `i18n/grid.*.json`; `count` chooses the plural. */
export type Translate = (key: string, params?: Record<string, string | number>) => string;

/** What the grid is made with. */
export interface GridOptions {
  /** BCP 47, as `fr-FR`: the document's. */
  locale: string;
  /** IANA name: the document's. */
  timezone: string;
  /** ISO 4217; `null`: that of the locale's country. */
  currency: string | null;
  t: Translate;
  /** Nothing can be changed. */
  readOnly: boolean;
  /** The accessible name of the grid. */
  label: string;
  look?: GridLook;
  /** What is known of an attachment row. */
  attachment?(id: number): AttachmentInfo | null;
  /** Names the document: cells copied from it keep their values when they are pasted into it again. */
  document?: string;
  /** The cursor came to another row or column. */
  onCursor?(rowId: number | "new" | null, column: GridColumn | null): void;
}

/** One cell to write. Changes of `rowId: "new"` that share `newRow` (0 when absent) make one new row at the end. */
export interface CellChange {
  rowId: number | "new";
  newRow?: number;
  colId: string;
  value: CellValue;
}

/** Where a menu was asked for, and what is selected. Row indexes are positions in the source. */
export interface GridContext {
  /** First and last selected row (inclusive); the add-row has the index `rowCount`. */
  rows: readonly [number, number];
  /** Whole rows, whole columns, both (everything), or some cells. */
  extent: "cells" | "rows" | "columns" | "all";
  columns: readonly GridColumn[];
  /** The cell of the cursor. `rowId` is `"new"` on the add-row, `null` while not loaded. */
  index: number;
  rowId: number | "new" | null;
  column: GridColumn | null;
  /** Runs a command of the grid, as `copy`, `clearValues`, `insertRecordBefore`: see `keys.ts`. */
  run(command: string): void;
}

/** What a person asks; the application turns it into user actions. A rejected promise is shown by the application. */
export interface GridActions {
  setCells(changes: CellChange[], description?: string): Promise<void>;
  /** Adds a row before the row with the id `before`, else at the end; gives its id. */
  addRow(values: Record<string, CellValue>, before?: number): Promise<number>;
  removeRows(rowIds: number[]): Promise<void>;
  duplicateRows?(rowIds: number[]): Promise<void>;
  insertColumn(index: number): Promise<void>;
  hideColumn(fieldRef: number): Promise<void>;
  renameColumn(colRef: number, label: string): Promise<void>;
  moveColumn(fieldRef: number, toIndex: number): Promise<void>;
  resizeColumn(fieldRef: number, width: number): Promise<void>;
  removeColumn(colRef: number): Promise<void>;
  sort(colId: string, direction: "ascending" | "descending" | null): void;
  /** The application shows its formula editor over the cell; `initial` replaces the text. */
  openFormula(column: GridColumn, rowId: number | null, initial?: string): void;
  searchReference(tableId: string, colId: string, text: string): Promise<{ rowId: number; label: CellValue }[]>;
  /** The application renders the menu at `at` (viewport coordinates) and gives the focus back to the grid. */
  openMenu(kind: "cell" | "column" | "row", at: DOMRect, context: GridContext): void;
  openAsCard(rowId: number): void;
  /** Says the message in the one polite live region. */
  announce(message: string): void;
  /** Details of a formula error. */
  showError?(rowId: number, column: GridColumn): void;
  /** Shows, adds and removes the files of a cell. */
  openAttachments?(rowId: number | "new", column: GridColumn): void;
  /** Uploads pasted or dropped files; gives the ids of their attachment rows. */
  uploadFiles?(files: File[]): Promise<number[]>;
  /** Adds a row to the table of a reference, its shown column set to `label`; gives its id. */
  addReference?(tableId: string, colId: string, label: string): Promise<number>;
}
