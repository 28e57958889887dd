/** The menus of cells, rows and columns. */
import type { TFunction } from "i18next";
import { isError } from "../api/codec";
import type { GridActions, GridColumn, GridContext } from "../grid/source";
import type { SectionSource } from "../store/section";
import { updateSection } from "../store/edits";
import { guarded } from "../ui/errors";
import type { MenuEntries, MenuEntry } from "../ui/Menus";

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
  const failed = column !== null && isError(source.cell(context.index, column.colId));
  return [
    ...(failed ? ([{ id: "explain", label: t("menu.explainError"), keys: "Alt+↵", run: () => run("explainError") }, "separator"] as const) : []),
    { id: "copy", label: t("menu.copy"), keys: "Ctrl+C", run: () => run("copy") },
    { id: "cut", label: t("menu.cut"), keys: "Ctrl+X", disabled: !editable, run: () => run("cut") },
    { id: "paste", label: t("menu.paste"), keys: "Ctrl+V", disabled: !editable, run: () => run("paste") },
    { id: "clear", label: t("menu.clear"), keys: "⌫", disabled: !editable, run: () => run("clearValues") },
    { id: "fill", label: t("menu.fillDown"), keys: "Ctrl+D", disabled: !editable, run: () => run("fillSelectionDown") },
    "separator",
    ...(column && typeof rowId === "number"
      ? ([{ id: "card", label: t("menu.openCard"), icon: "card", run: () => actions.openAsCard(rowId) }] as const)
      : []),
    ...(column ? ([{ id: "filter", label: t("menu.filter"), icon: "filter", run: () => filter(column) }] as const) : []),
    "separator",
    ...rowEntries(t, context, source),
  ];
}

export function rowMenu({ t, context, source, actions }: MenuParts): MenuEntries {
  const { rowId } = context;
  return [
    ...rowEntries(t, context, source),
    ...(typeof rowId === "number" ? (["separator", { id: "card", label: t("menu.openCard"), icon: "card", run: () => actions.openAsCard(rowId) }] as const) : []),
  ];
}

function rowEntries(t: TFunction, { run, rows }: GridContext, source: SectionSource): MenuEntries {
  const disabled = !source.canAddRows;
  const count = Math.min(rows[1], source.rowCount - 1) - rows[0] + 1;
  return [
    { id: "above", label: t("menu.insertAbove"), keys: "Ctrl+Shift+↵", disabled, run: () => run("insertRecordBefore") },
    { id: "below", label: t("menu.insertBelow"), keys: "Ctrl+↵", disabled, run: () => run("insertRecordAfter") },
    { id: "duplicate", label: t("menu.duplicateRows", { count }), keys: "Ctrl+Shift+D", disabled: disabled || count < 1, run: () => run("duplicateRows") },
    { id: "delete", label: t("menu.deleteRows", { count }), keys: "Ctrl+⌫", icon: "remove", danger: true, disabled: !source.session.canEdit || count < 1, run: () => run("deleteRecords") },
  ];
}

export function columnMenu({ t, context, source, actions, filter, showPanel }: MenuParts): MenuEntries {
  const { column, run } = context;
  if (!column) return [];
  const editable = source.session.canEdit;
  const count = context.columns.length;
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
    { id: "left", label: t("menu.insertLeft"), keys: "Alt+Shift+=", disabled: !editable, run: () => void actions.insertColumn(at) },
    { id: "right", label: t("menu.insertRight"), keys: "Alt+=", disabled: !editable, run: () => void actions.insertColumn(at + 1) },
    { id: "move-left", label: t("menu.moveLeft"), keys: "Alt+Shift+←", disabled: !editable || at === 0, run: () => run("moveFieldLeft") },
    { id: "move-right", label: t("menu.moveRight"), keys: "Alt+Shift+→", disabled: !editable || at === source.columns.length - 1, run: () => run("moveFieldRight") },
    { id: "wider", label: t("menu.wider"), keys: "Alt+Shift+↑", disabled: !editable, run: () => run("widenField") },
    { id: "narrower", label: t("menu.narrower"), keys: "Alt+Shift+↓", disabled: !editable, run: () => run("narrowField") },
    freezeEntry(t, source, at, editable),
    "separator",
    { id: "hide", label: t("menu.hideColumn", { count }), keys: "Alt+Shift+-", disabled: !editable, run: () => run("hideFields") },
    { id: "remove", label: t("menu.removeColumn", { count }), keys: "Alt+-", icon: "remove", danger: true, disabled: !editable, run: () => run("deleteFields") },
  ];
}

/** Columns up to this one stay when scrolling sideways, or none does any more. */
function freezeEntry(t: TFunction, source: SectionSource, at: number, editable: boolean): MenuEntry {
  const { section } = source;
  const frozen = Number(section?.options["numFrozen"] ?? 0);
  const numFrozen = at < frozen ? 0 : at + 1;
  const label = numFrozen === 0 ? t("menu.unfreeze") : t("menu.freeze", { count: numFrozen });
  const run = (): void => {
    if (section) void guarded(source.session.apply([updateSection(section.ref, { options: JSON.stringify({ ...section.options, numFrozen }) })]), t);
  };
  return { id: "freeze", label, disabled: !editable, run };
}
