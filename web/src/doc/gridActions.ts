/** What a grid or a card asks for, as user actions on the open document. */
import type { TFunction } from "i18next";
import type { CellValue } from "../api/codec";
import type { CellChange, GridActions, GridColumn, GridContext } from "../grid/source";
import { addColumn, cellActions, fieldPosition, moveField, removeRows, updateColumn, updateField } from "../store/edits";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { explain } from "../ui/errors";
import { announce, showError } from "../ui/messages";

/** What the page shows in answer. */
export interface SectionInterface {
  openMenu(kind: "cell" | "column" | "row", at: DOMRect, context: GridContext): void;
  openFormula(column: GridColumn, rowId: number | null, initial?: string): void;
  openAsCard(rowId: number): void;
  showError(rowId: number, column: GridColumn): void;
}

const SEARCH_LIMIT = 50;

export function gridActions(page: PageController, source: SectionSource, shown: SectionInterface, t: TFunction): GridActions {
  const { session } = page;
  const fields = (): ReturnType<typeof session.model.fieldsOf> => session.model.fieldsOf(source.sectionRef);

  /** Shows the error; the promise still fails, so that the caller can keep what was typed. */
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      showError(explain(error, t));
      throw error;
    }
  };

  const apply = async (...actions: Parameters<typeof session.apply>[0][number][]): Promise<void> => {
    await told(session.apply(actions));
  };

  return {
    async setCells(changes: CellChange[], description) {
      if (changes.length === 0) return;
      const known = changes.filter((change): change is CellChange & { rowId: number } => change.rowId !== "new");
      const token = source.rows.overlay(known);
      try {
        const actions = cellActions(source.tableId, changes, page.defaults(source.sectionRef));
        await told(session.apply(actions, description === undefined ? {} : { desc: description }));
      } finally {
        source.rows.settle(token);
      }
    },
    async addRow(values: Record<string, CellValue>, before) {
      const cells: Record<string, CellValue> = { ...page.defaults(source.sectionRef), ...values };
      const position = before === undefined ? undefined : source.rows.cellOf(before, "manualSort");
      if (typeof position === "number") cells["manualSort"] = position;
      const { retValues } = await told(session.apply([["AddRecord", source.tableId, null, cells]]));
      const rowId = Number(retValues[0]);
      if ((await source.indexOf(rowId)) === null) await source.rows.keep(rowId);
      return rowId;
    },
    removeRows: (rowIds) => apply(removeRows(source.tableId, rowIds)),
    async duplicateRows(rowIds) {
      const table = session.model.table(source.section?.tableRef ?? 0);
      const columns = (table?.columns ?? []).filter(({ isFormula, colId }) => !isFormula && colId !== "manualSort").map(({ colId }) => colId);
      const cells = await told(source.rows.read(0, rowIds.length, columns, rowIds));
      const values = Object.fromEntries(columns.map((colId, at) => [colId, cells[at] ?? []]));
      const next = await source.indexOf(rowIds.at(-1) ?? 0);
      const position = next === null ? undefined : source.cell(next + 1, "manualSort");
      // Copies come after the last of their rows, as long as nothing sorts them elsewhere.
      if (typeof position === "number") values["manualSort"] = rowIds.map(() => position);
      await apply(["BulkAddRecord", source.tableId, rowIds.map(() => null), values]);
    },
    async insertColumn(index) {
      const before = fields();
      const position = fieldPosition(before, index);
      const { retValues, actionNum } = await told(session.apply([addColumn(source.tableId, position === null ? {} : { _position: position })]));
      // The column is shown last at first, in every grid of its table; here it goes where it was asked for.
      const { colRef } = retValues[0] as { colRef: number };
      const added = fields().find(({ column }) => column.ref === colRef);
      // Both are one step to undo.
      if (added && index < before.length && fields().indexOf(added) !== index) {
        await told(session.apply([moveField(fields(), added.ref, index)], { linkId: actionNum }));
      }
    },
    hideColumn: (fieldRef) => apply(["RemoveRecord", "_grist_Views_section_field", fieldRef]),
    renameColumn: (colRef, label) => apply(updateColumn(colRef, { label })),
    moveColumn: (fieldRef, toIndex) => apply(moveField(fields(), fieldRef, toIndex)),
    resizeColumn: (fieldRef, width) => apply(updateField(fieldRef, { width: Math.round(width) })),
    removeColumn: async (colRef) => {
      const column = session.model.column(colRef);
      if (column) await apply(["RemoveColumn", source.tableId, column.colId]);
    },
    sort(colId, direction) {
      const column = session.model.table(source.section?.tableRef ?? 0)?.columns.find((candidate) => candidate.colId === colId);
      if (!column) return;
      source.setSort(direction === null ? [] : [{ colRef: column.ref, desc: direction === "descending", flags: [] }]);
      const word = direction === null ? "sort.none" : direction === "ascending" ? "sort.ascending" : "sort.descending";
      announce(t(word, { column: column.label }));
    },
    openFormula: shown.openFormula,
    openMenu: shown.openMenu,
    openAsCard: shown.openAsCard,
    showError: shown.showError,
    searchReference: (tableId, colId, text) => told(session.searchColumn(tableId, colId, text, SEARCH_LIMIT)),
    async addReference(tableId, colId, label) {
      const { retValues } = await told(session.apply([["AddRecord", tableId, null, { [colId]: label }]]));
      return Number(retValues[0]);
    },
    announce,
  };
}
