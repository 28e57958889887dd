/** The menus of cells, rows and columns. */
import type { TFunction } from "i18next";
import type { GridActions, GridColumn, GridContext } from "../grid/source";
import type { SectionSource } from "../store/section";
import type { MenuEntries } from "../ui/Menus";

export interface MenuParts {
  readonly t: TFunction;
  readonly context: GridContext;
  readonly source: SectionSource;
  readonly actions: GridActions;
  readonly filter: (column: GridColumn) => void;
  readonly showPanel: () => void;
}

export function cellMenu({ t, context, source, actions, filter }: MenuParts): MenuEntries {
  const { column, rowId, run } = context;
  const editable = source.session.canEdit;
  return [
    { id: "copy", label: t("menu.copy"), keys: "Ctrl+C", run: () => run("copy") },
    { id: "cut", label: t("menu.cut"), keys: "Ctrl+X", disabled: !editable, run: () => run("cut") },
    { id: "paste", label: t("menu.paste"), keys: "Ctrl+V", disabled: !editable, run: () => run("paste") },
    { id: "clear", label: t("menu.clear"), keys: "⌫", disabled: !editable, run: () => run("clearValues") },
    "separator",
    ...(column && typeof rowId === "number"
      ? ([{ id: "card", label: t("menu.openCard"), icon: "card", run: () => actions.openAsCard(rowId) }] as const)
      : []),
    ...(column ? ([{ id: "filter", label: t("menu.filter"), icon: "filter", run: () => filter(column) }] as const) : []),
    "separator",
    ...rowEntries(t, run, source),
  ];
}

export function rowMenu({ t, context, source, actions }: MenuParts): MenuEntries {
  const { rowId, run } = context;
  return [
    ...rowEntries(t, run, source),
    ...(typeof rowId === "number" ? (["separator", { id: "card", label: t("menu.openCard"), icon: "card", run: () => actions.openAsCard(rowId) }] as const) : []),
  ];
}

function rowEntries(t: TFunction, run: (command: string) => void, source: SectionSource): MenuEntries {
  const disabled = !source.canAddRows;
  return [
    { id: "above", label: t("menu.insertAbove"), keys: "Ctrl+Shift+↵", disabled, run: () => run("insertRecordBefore") },
    { id: "below", label: t("menu.insertBelow"), keys: "Ctrl+↵", disabled, run: () => run("insertRecordAfter") },
    { id: "delete", label: t("menu.deleteRows"), icon: "remove", danger: true, disabled: !source.session.canEdit, run: () => run("deleteRecords") },
  ];
}

export function columnMenu({ t, context, source, actions, filter, showPanel }: MenuParts): MenuEntries {
  const { column, run } = context;
  if (!column) return [];
  const editable = source.session.canEdit;
  const at = source.columns.findIndex(({ fieldRef }) => fieldRef === column.fieldRef);
  return [
    { id: "asc", label: t("menu.sortUp"), icon: "sortUp", run: () => actions.sort(column.colId, "ascending") },
    { id: "desc", label: t("menu.sortDown"), icon: "sortDown", run: () => actions.sort(column.colId, "descending") },
    { id: "filter", label: t("menu.filter"), icon: "filter", run: () => filter(column) },
    "separator",
    { id: "options", label: t("menu.columnOptions"), icon: "panel", run: showPanel },
    { id: "rename", label: t("menu.renameColumn"), icon: "edit", disabled: !editable, run: () => run("renameField") },
    { id: "formula", label: t("menu.editFormula"), icon: "formula", disabled: !editable, run: () => actions.openFormula(column, null) },
    "separator",
    { id: "left", label: t("menu.insertLeft"), disabled: !editable, run: () => void actions.insertColumn(at) },
    { id: "right", label: t("menu.insertRight"), disabled: !editable, run: () => void actions.insertColumn(at + 1) },
    { id: "hide", label: t("menu.hideColumn"), disabled: !editable, run: () => void actions.hideColumn(column.fieldRef) },
    { id: "remove", label: t("menu.removeColumn"), icon: "remove", danger: true, disabled: !editable, run: () => void actions.removeColumn(column.colRef) },
  ];
}
