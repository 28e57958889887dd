/**
 * A document's tables, pages, sections and fields as typed objects, derived from its metadata.
 *
 * Objects are immutable snapshots: after a metadata change the next question builds new ones. Nothing here talks to the server.
 */
import { listItems, parseOptions } from "../api/codec";
import { numberOf, textOf, type Metadata, type MetaRow } from "./meta";

export interface ColumnInfo {
  readonly ref: number;
  readonly tableRef: number;
  readonly colId: string;
  readonly label: string;
  readonly type: string;
  readonly isFormula: boolean;
  readonly formula: string;
  readonly description: string;
  readonly options: Record<string, unknown>;
  /** Ref of the column to show instead, for references; 0 for none. */
  readonly displayCol: number;
  readonly visibleCol: number;
  /** Refs of the conditional style's rule columns. */
  readonly rules: readonly number[];
  readonly summarySourceCol: number;
  readonly position: number;
  readonly untied: boolean;
}

export interface TableInfo {
  readonly ref: number;
  readonly tableId: string;
  /** What people call it: the title of its raw section, or its id. */
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  readonly summarySource: number;
  readonly rawSectionRef: number;
  readonly recordCardRef: number;
  readonly primaryViewRef: number;
}

export interface PageInfo {
  readonly ref: number;
  readonly viewRef: number;
  readonly name: string;
  readonly indentation: number;
  readonly position: number;
}

export interface FieldInfo {
  readonly ref: number;
  readonly sectionRef: number;
  readonly column: ColumnInfo;
  /** CSS pixels; 0 means the section's default. */
  readonly width: number;
  readonly options: Record<string, unknown>;
  readonly displayCol: number;
  readonly visibleCol: number;
  readonly rules: readonly number[];
  readonly position: number;
}

export interface SectionInfo {
  readonly ref: number;
  readonly tableRef: number;
  /** 0 for raw-data and record-card sections. */
  readonly viewRef: number;
  /** "record" (grid), "single" (card), "detail" (card list), "chart", "form", "custom", "custom.calendar". */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly options: Record<string, unknown>;
  readonly layoutSpec: string;
  readonly sortColRefs: string;
  readonly linkSrcSectionRef: number;
  readonly linkSrcColRef: number;
  readonly linkTargetColRef: number;
  readonly rules: readonly number[];
  readonly defaultWidth: number;
}

export interface SavedFilter {
  readonly ref: number;
  readonly colRef: number;
  readonly filter: string;
  readonly pinned: boolean;
}

const HIDDEN_COLUMN = /^(manualSort|gristHelper_.*|#.*)$/;

/** Whether the column serves the document itself and is not for people. */
export function isHelperColumn(colId: string): boolean {
  return HIDDEN_COLUMN.test(colId);
}

export class DocumentModel {
  #version = -1;
  #tables = new Map<number, TableInfo>();
  #columns = new Map<number, ColumnInfo>();
  #sections = new Map<number, SectionInfo>();
  #fields = new Map<number, FieldInfo[]>();
  #pages: PageInfo[] = [];

  constructor(readonly meta: Metadata) {}

  /** Tables in order of their names, summaries included. */
  tables(): TableInfo[] {
    this.#refresh();
    return [...this.#tables.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  table(ref: number): TableInfo | undefined {
    this.#refresh();
    return this.#tables.get(ref);
  }

  tableById(tableId: string): TableInfo | undefined {
    this.#refresh();
    return [...this.#tables.values()].find((table) => table.tableId === tableId);
  }

  column(ref: number): ColumnInfo | undefined {
    this.#refresh();
    return this.#columns.get(ref);
  }

  /** Pages in their order, with the depth they have in the tree. */
  pages(): PageInfo[] {
    this.#refresh();
    return this.#pages;
  }

  section(ref: number): SectionInfo | undefined {
    this.#refresh();
    return this.#sections.get(ref);
  }

  sectionsOf(viewRef: number): SectionInfo[] {
    this.#refresh();
    return [...this.#sections.values()].filter((section) => section.viewRef === viewRef && section.tableRef !== 0);
  }

  /** The section's fields in order; helper columns left out. */
  fieldsOf(sectionRef: number): FieldInfo[] {
    this.#refresh();
    return this.#fields.get(sectionRef) ?? [];
  }

  viewLayout(viewRef: number): string {
    return textOf(this.meta.row("_grist_Views", viewRef), "layoutSpec");
  }

  /** Saved filters of a section. */
  filtersOf(sectionRef: number): SavedFilter[] {
    const found: SavedFilter[] = [];
    for (const [ref, row] of this.meta.rows("_grist_Filters")) {
      if (numberOf(row, "viewSectionRef") !== sectionRef) continue;
      found.push({ ref, colRef: numberOf(row, "colRef"), filter: textOf(row, "filter"), pinned: row["pinned"] === true });
    }
    return found;
  }

  settings(): { timezone: string; locale: string; currency: string | undefined } {
    const row = this.meta.row("_grist_DocInfo", 1);
    const settings = parseOptions(row?.["documentSettings"]);
    return {
      timezone: textOf(row, "timezone") || "UTC",
      locale: typeof settings["locale"] === "string" ? settings["locale"] : "en-US",
      currency: typeof settings["currency"] === "string" ? settings["currency"] : undefined,
    };
  }

  /** What a section is called: its own title, or its table's name with its group-by columns. */
  sectionTitle(section: SectionInfo): string {
    return section.title || this.tableTitle(section.tableRef);
  }

  /** A table's name; for a summary "Source [by A, B]". */
  tableTitle(tableRef: number): string {
    const table = this.table(tableRef);
    if (!table) return "";
    const source = table.summarySource ? this.table(table.summarySource) : undefined;
    if (!source) return table.name;
    const by = table.columns.filter((column) => column.summarySourceCol !== 0).map((column) => column.label);
    return by.length > 0 ? `${source.name} [${by.join(", ")}]` : `${source.name} [*]`;
  }

  #refresh(): void {
    if (this.#version === this.meta.version) return;
    this.#version = this.meta.version;
    this.#columns = new Map([...this.meta.rows("_grist_Tables_column")].map(([ref, row]) => [ref, readColumn(ref, row)]));
    this.#sections = new Map([...this.meta.rows("_grist_Views_section")].map(([ref, row]) => [ref, readSection(ref, row)]));
    this.#tables = this.#readTables();
    this.#fields = this.#readFields();
    this.#pages = this.#readPages();
  }

  #readTables(): Map<number, TableInfo> {
    const byTable = new Map<number, ColumnInfo[]>();
    for (const column of this.#columns.values()) {
      const list = byTable.get(column.tableRef);
      if (list) list.push(column);
      else byTable.set(column.tableRef, [column]);
    }
    const tables = new Map<number, TableInfo>();
    for (const [ref, row] of this.meta.rows("_grist_Tables")) {
      const tableId = textOf(row, "tableId");
      if (tableId === "") continue;
      const rawSectionRef = numberOf(row, "rawViewSectionRef");
      const title = textOf(this.meta.row("_grist_Views_section", rawSectionRef), "title");
      tables.set(ref, {
        ref,
        tableId,
        name: title || tableId,
        columns: (byTable.get(ref) ?? []).sort((a, b) => a.position - b.position),
        summarySource: numberOf(row, "summarySourceTable"),
        rawSectionRef,
        recordCardRef: numberOf(row, "recordCardViewSectionRef"),
        primaryViewRef: numberOf(row, "primaryViewId"),
      });
    }
    return tables;
  }

  #readFields(): Map<number, FieldInfo[]> {
    const fields = new Map<number, FieldInfo[]>();
    for (const [ref, row] of this.meta.rows("_grist_Views_section_field")) {
      const column = this.#columns.get(numberOf(row, "colRef"));
      if (!column || isHelperColumn(column.colId) || column.colId === "") continue;
      const field: FieldInfo = {
        ref,
        sectionRef: numberOf(row, "parentId"),
        column,
        width: numberOf(row, "width"),
        options: { ...column.options, ...parseOptions(row["widgetOptions"]) },
        displayCol: numberOf(row, "displayCol") || column.displayCol,
        visibleCol: numberOf(row, "visibleCol") || column.visibleCol,
        rules: refs(row, "rules").length > 0 ? refs(row, "rules") : column.rules,
        position: numberOf(row, "parentPos"),
      };
      const list = fields.get(field.sectionRef);
      if (list) list.push(field);
      else fields.set(field.sectionRef, [field]);
    }
    for (const list of fields.values()) list.sort((a, b) => a.position - b.position);
    return fields;
  }

  #readPages(): PageInfo[] {
    const pages: PageInfo[] = [];
    for (const [ref, row] of this.meta.rows("_grist_Pages")) {
      const viewRef = numberOf(row, "viewRef");
      const view = this.meta.row("_grist_Views", viewRef);
      const name = view ? textOf(view, "name") : "";
      // Access rules take the name of a page of which nothing may be seen.
      if (name === "") continue;
      pages.push({ ref, viewRef, name, indentation: numberOf(row, "indentation"), position: numberOf(row, "pagePos") });
    }
    return pages.sort((a, b) => a.position - b.position);
  }
}

function readColumn(ref: number, row: MetaRow): ColumnInfo {
  const colId = textOf(row, "colId");
  return {
    ref,
    tableRef: numberOf(row, "parentId"),
    colId,
    label: textOf(row, "label") || colId,
    type: textOf(row, "type") || "Any",
    isFormula: row["isFormula"] === true || row["isFormula"] === 1,
    formula: textOf(row, "formula"),
    description: textOf(row, "description"),
    options: parseOptions(row["widgetOptions"]),
    displayCol: numberOf(row, "displayCol"),
    visibleCol: numberOf(row, "visibleCol"),
    rules: refs(row, "rules"),
    summarySourceCol: numberOf(row, "summarySourceCol"),
    position: numberOf(row, "parentPos"),
    untied: row["untieColIdFromLabel"] === true,
  };
}

function readSection(ref: number, row: MetaRow): SectionInfo {
  return {
    ref,
    tableRef: numberOf(row, "tableRef"),
    viewRef: numberOf(row, "parentId"),
    kind: textOf(row, "parentKey"),
    title: textOf(row, "title"),
    description: textOf(row, "description"),
    options: parseOptions(row["options"]),
    layoutSpec: textOf(row, "layoutSpec"),
    sortColRefs: textOf(row, "sortColRefs"),
    linkSrcSectionRef: numberOf(row, "linkSrcSectionRef"),
    linkSrcColRef: numberOf(row, "linkSrcColRef"),
    linkTargetColRef: numberOf(row, "linkTargetColRef"),
    rules: refs(row, "rules"),
    defaultWidth: numberOf(row, "defaultWidth") || 100,
  };
}

function refs(row: MetaRow, colId: string): number[] {
  return listItems(row[colId]).filter((item): item is number => typeof item === "number");
}
