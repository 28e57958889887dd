/** Columns that people often add: who and when, an identifier, duplicates, parts of dates, what the row of a reference says. */
import type { TFunction } from "i18next";
import type { CellValue } from "../api/codec";
import { baseType, referencedTable } from "../cells/values";
import { addColumn } from "../store/edits";
import { isHelperColumn, type ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { occasionCells, type Occasion } from "./behaviour";

export interface Shortcut {
  readonly id: string;
  readonly label: string;
  /** The new column; `afterwards` is applied to it in the same step to undo. */
  readonly cells: Record<string, CellValue>;
  readonly afterwards?: Record<string, CellValue>;
}

/** The shortcuts of a table; with those of `column` when it is a reference. */
export function shortcuts(session: DocumentSession, column: ColumnInfo, t: TFunction): Shortcut[] {
  const { model } = session;
  const filled = (id: string, type: string, formula: string, occasion: Occasion): Shortcut => {
    const label = t(`shortcut.${id}`);
    return { id, label, cells: { label, type, isFormula: false, formula, ...occasionCells(occasion, []) } };
  };
  const moment = `DateTime:${model.settings().timezone}`;
  const identifier = t("shortcut.uuid");
  const made = (id: string, type: string, formula: string): Shortcut => {
    const label = t(`shortcut.${id}`, { column: column.label });
    return { id, label, cells: { label, type, isFormula: true, formula } };
  };
  const cell = `$${column.colId}`;
  const tableId = model.table(column.tableRef)?.tableId ?? "";
  const isDate = baseType(column.type) === "Date" || baseType(column.type) === "DateTime";
  const target = baseType(column.type) === "Ref" ? model.tableById(referencedTable(column.type)) : undefined;
  const lookups = (target?.columns ?? []).filter(({ colId }) => !isHelperColumn(colId));
  return [
    filled("createdAt", moment, "NOW()", "added"),
    filled("createdBy", "Text", "user.Name", "added"),
    filled("updatedAt", moment, "NOW()", "any"),
    filled("updatedBy", "Text", "user.Name", "any"),
    // As a formula first, so that the rows that are there get theirs.
    { id: "uuid", label: identifier, cells: { label: identifier, type: "Text", isFormula: true, formula: "UUID()" }, afterwards: { isFormula: false, ...occasionCells("added", []) } },
    made("duplicates", "Bool", `len(${tableId}.lookupRecords(${column.colId}=${cell})) > 1`),
    ...(isDate
      ? [
          made("year", "Int", `YEAR(${cell}) if ${cell} else None`),
          made("quarter", "Text", `"%d-Q%d" % (YEAR(${cell}), (MONTH(${cell}) + 2) // 3) if ${cell} else ""`),
          made("month", "Text", `${cell}.strftime("%Y-%m") if ${cell} else ""`),
        ]
      : []),
    ...lookups.map((each): Shortcut => {
      const label = `${column.label} ${each.label}`;
      return { id: `lookup-${each.ref}`, label, cells: { label, isFormula: true, formula: `$${column.colId}.${each.colId}` } };
    }),
  ];
}

export async function addShortcut(session: DocumentSession, tableId: string, { cells, afterwards }: Shortcut): Promise<void> {
  const { retValues, actionNum } = await session.apply([addColumn(tableId, cells)]);
  const { colRef } = retValues[0] as { colRef: number };
  if (afterwards) await session.apply([["UpdateRecord", "_grist_Tables_column", colRef, afterwards]], { linkId: actionNum });
}
