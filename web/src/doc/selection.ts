/** What the person has selected on the page: the section in focus, and the column of its cursor. */
import { create } from "zustand";
import type { GridColumn } from "../grid/source";

interface Selection {
  readonly sectionRef: number | null;
  readonly column: GridColumn | null;
  readonly rowId: number | "new" | null;
  select(sectionRef: number, column: GridColumn | null, rowId: number | "new" | null): void;
}

export const useSelection = create<Selection>((set) => ({
  sectionRef: null,
  column: null,
  rowId: null,
  select: (sectionRef, column, rowId) => set({ sectionRef, column, rowId }),
}));
