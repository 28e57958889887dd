/**
 * One section's rows and columns as the grid and the cards see them: fields, sort, filters, link and conditional styles put together over a window.
 *
 * Owns the window and keeps its request equal to what the model, the drafts of sort and filters and the link ask for.
 */
import type { CellValue } from "../api/codec";
import type { CellStyle, GridChange, GridColumn, GridSource } from "../grid/source";
import { Emitter } from "./emitter";
import { parseSort, sectionFilters, sortKeys, type SortPart } from "./filters";
import { linkColumns, linkFilter, linkOf, type Link, type LinkFilter, type SourceRow } from "./linking";
import type { ColumnInfo, FieldInfo, SectionInfo } from "./model";
import type { WindowRequest, WindowRows } from "./rows";
import type { DocumentSession } from "./session";
import { evaluateRules, mergeStyles, ruleStyles, type RuleSet } from "./styles";

const NO_LINK: LinkFilter = { filters: [], rowIds: null };

export class SectionSource implements GridSource {
  columns: readonly GridColumn[] = [];
  /** Sort chosen in this tab and not saved; `null` means the saved one. */
  sortDraft: SortPart[] | null = null;
  /** Filters chosen in this tab and not saved, by column ref; `""` takes the saved one away. */
  readonly filterDrafts = new Map<number, string>();
  readonly rows: WindowRows;
  /** Grows with every change. */
  revision = 0;
  readonly #changes = new Emitter<GridChange>();
  #cellRules = new Map<number, RuleSet>();
  #rowRules: RuleSet = { colIds: [], styles: [] };
  #linkFilter: LinkFilter = NO_LINK;
  #columnsKey = "";
  #unsubscribe: () => void;

  constructor(
    readonly session: DocumentSession,
    readonly sectionRef: number,
    linkRow: SourceRow | null,
    readonly now: () => number,
  ) {
    this.#readModel();
    this.#linkFilter = this.#currentLinkFilter(linkRow);
    this.rows = session.openWindow(this.#request());
    this.#changes.subscribe(() => this.revision++);
    this.#unsubscribe = this.rows.changes.subscribe((kind) => this.#changes.emit({ kind }));
  }

  dispose(): void {
    this.#unsubscribe();
    this.session.closeWindow(this.rows);
  }

  get section(): SectionInfo | undefined {
    return this.session.model.section(this.sectionRef);
  }

  get link(): Link | null {
    const section = this.section;
    return section ? linkOf(this.session.model, section) : null;
  }

  get tableId(): string {
    return this.session.model.table(this.section?.tableRef ?? 0)?.tableId ?? "";
  }

  get rowCount(): number {
    return this.rows.rowCount;
  }

  get canAddRows(): boolean {
    const table = this.session.model.table(this.section?.tableRef ?? 0);
    const linkedToNothing = this.#linkFilter.rowIds?.length === 0;
    return this.session.canEdit && this.rows.ready && table !== undefined && table.summarySource === 0 && !linkedToNothing;
  }

  rowId(index: number): number | null {
    return this.rows.rowId(index);
  }

  cell(index: number, colId: string): CellValue | undefined {
    return this.rows.cell(index, colId);
  }

  pending(index: number, colId: string): boolean {
    return this.rows.pending(index, colId);
  }

  ruleStyle(index: number, column: GridColumn): CellStyle | null {
    const rowId = this.rows.rowId(index);
    return rowId === null ? null : this.ruleStyleOf(rowId, column);
  }

  /** The conditional style of a cell of a loaded row. */
  ruleStyleOf(rowId: number, column: GridColumn): CellStyle | null {
    const cell = (colId: string): CellValue | undefined => this.rows.cellOf(rowId, colId);
    const rules = this.#cellRules.get(column.fieldRef);
    const row = this.#rowRules.colIds.length > 0 ? evaluateRules(this.#rowRules, cell) : null;
    return rules ? mergeStyles(row, evaluateRules(rules, cell)) : row;
  }

  sortOf(colId: string): "ascending" | "descending" | null {
    const column = this.#columnById(colId);
    const part = column ? this.sortParts().find((candidate) => candidate.colRef === column.ref) : undefined;
    if (!part) return null;
    return part.desc ? "descending" : "ascending";
  }

  filtered(colId: string): boolean {
    const column = this.#columnById(colId);
    return column !== undefined && this.filterText(column.ref) !== "";
  }

  want(start: number, end: number): void {
    this.rows.want(start, end);
  }

  indexOf(rowId: number): Promise<number | null> {
    return this.rows.indexOf(rowId);
  }

  rowIds(start: number, count: number): Promise<number[]> {
    return this.rows.rowIds(start, count);
  }

  read(start: number, count: number, colIds: readonly string[]): Promise<CellValue[][]> {
    return this.rows.read(start, count, colIds);
  }

  subscribe(listener: (change: GridChange) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** The sort in force. */
  sortParts(): SortPart[] {
    return this.sortDraft ?? parseSort(this.section?.sortColRefs ?? "");
  }

  /** The filter in force on a column, as Grist saves it; `""` for none. */
  filterText(colRef: number): string {
    const draft = this.filterDrafts.get(colRef);
    if (draft !== undefined) return draft;
    const saved = this.session.model.filtersOf(this.sectionRef).find((filter) => filter.colRef === colRef)?.filter ?? "";
    return saved === '{"excluded":[]}' ? "" : saved;
  }

  /** Refs of the columns that a filter is in force on. */
  filteredColumns(): number[] {
    const refs = new Set([...this.session.model.filtersOf(this.sectionRef).map((filter) => filter.colRef), ...this.filterDrafts.keys()]);
    return [...refs].filter((ref) => this.filterText(ref) !== "");
  }

  setSort(parts: SortPart[] | null): void {
    this.sortDraft = parts;
    this.#refresh();
  }

  setFilter(colRef: number, text: string): void {
    this.filterDrafts.set(colRef, text);
    this.#refresh();
  }

  /** Takes the saved sort and filters again. */
  revert(): void {
    this.sortDraft = null;
    this.filterDrafts.clear();
    this.#refresh();
  }

  /** The metadata changed. */
  modelChanged(): void {
    if (!this.section) return;
    this.#readModel();
    this.#refresh();
  }

  /** The source section's current row changed. */
  linkChanged(row: SourceRow | null): void {
    const next = this.#currentLinkFilter(row);
    if (JSON.stringify(next) === JSON.stringify(this.#linkFilter)) return;
    this.#linkFilter = next;
    this.#refresh();
  }

  #currentLinkFilter(row: SourceRow | null): LinkFilter {
    const link = this.link;
    return link ? linkFilter(link, row) : NO_LINK;
  }

  #columnById(colId: string): ColumnInfo | undefined {
    return this.session.model.table(this.section?.tableRef ?? 0)?.columns.find((column) => column.colId === colId);
  }

  #refresh(): void {
    const { keep } = this.rows.request;
    const request = this.#request();
    void this.rows.update(keep ? { ...request, keep } : request);
    const key = JSON.stringify([this.columns, this.sortParts(), this.filteredColumns(), this.#rowRules]);
    if (key !== this.#columnsKey) {
      this.#columnsKey = key;
      this.#changes.emit({ kind: "columns" });
    }
  }

  #readModel(): void {
    const { model } = this.session;
    const section = this.section;
    if (!section) return;
    const fields = model.fieldsOf(section.ref);
    this.columns = fields.map((field) => this.#gridColumn(field, section));
    this.#cellRules = new Map();
    for (const field of fields) {
      if (field.rules.length === 0) continue;
      this.#cellRules.set(field.ref, { colIds: this.#colIds(field.rules), styles: ruleStyles(field.options) });
    }
    // Rules of rows are the table's: its raw section keeps them for all sections.
    const raw = model.section(model.table(section.tableRef)?.rawSectionRef ?? 0);
    this.#rowRules = raw ? { colIds: this.#colIds(raw.rules), styles: ruleStyles(raw.options) } : { colIds: [], styles: [] };
  }

  #gridColumn(field: FieldInfo, section: SectionInfo): GridColumn {
    const { column } = field;
    const summary = this.session.model.table(section.tableRef)?.summarySource !== 0;
    const reference = column.type.startsWith("Ref");
    const shown = reference ? this.session.model.column(field.displayCol) : undefined;
    const visible = reference ? this.session.model.column(field.visibleCol) : undefined;
    return {
      fieldRef: field.ref,
      colRef: column.ref,
      colId: column.colId,
      label: column.label,
      type: column.type,
      isFormula: column.isFormula,
      formula: column.formula,
      options: field.options,
      displayColId: shown?.colId ?? column.colId,
      width: field.width || section.defaultWidth,
      ...(column.description ? { description: column.description } : {}),
      ...(visible ? { visible: { colId: visible.colId, type: visible.type, options: visible.options } } : {}),
      readOnly: !this.session.canEdit || (summary && column.summarySourceCol !== 0),
    };
  }

  #colIds(refs: readonly number[]): string[] {
    return refs.map((ref) => this.session.model.column(ref)?.colId ?? "");
  }

  #request(): WindowRequest {
    const { model } = this.session;
    const section = this.section;
    const table = model.table(section?.tableRef ?? 0);
    if (!section || !table) return this.rows.request;
    const needed = new Set<string>();
    for (const column of this.columns) needed.add(column.colId).add(column.displayColId);
    for (const rules of [...this.#cellRules.values(), this.#rowRules]) for (const colId of rules.colIds) needed.add(colId);
    for (const colId of linkColumns(model, section.ref)) needed.add(colId);
    const existing = table.columns.filter((column) => needed.has(column.colId));
    return {
      tableId: table.tableId,
      columns: [...existing.map((column) => column.colId), ...(this.session.canEdit ? ["manualSort"] : [])],
      sort: sortKeys(model, section, this.sortParts()),
      filters: [...sectionFilters(model, section, this.filterDrafts, this.now()), ...this.#linkFilter.filters],
      rowIds: this.#linkFilter.rowIds,
    };
  }
}
