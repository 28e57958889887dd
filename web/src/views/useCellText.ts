import { useCallback } from "react";
import type { CellValue } from "../api/codec";
import { cellText } from "../cells/cell";
import type { GridColumn } from "../grid/source";
import type { DocumentSession } from "../store/session";
import { useCellContext } from "./useCellContext";

/** A column's values as text; single elements of a list column too. */
export function useCellText(session: DocumentSession, column: GridColumn): (value: CellValue) => string {
  const context = useCellContext(session);
  return useCallback((value) => cellText(value, column, context), [column, context]);
}
