/** The panel on the right: what the column under the cursor is, and how to change it. */
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { listItems, parseOptions, type CellValue, type UserAction } from "../api/codec";
import { baseType } from "../cells/values";
import { textOf } from "../store/meta";
import { updateColumn } from "../store/edits";
import type { ColumnInfo, TableInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { useMessages } from "../ui/messages";
import { MenuButton } from "../ui/Menus";
import { behaviourCells } from "./behaviour";
import { BehaviourFields } from "./BehaviourFields";
import { ChoiceFields } from "./ChoiceFields";
import { conversion, unread } from "./convert";
import { Draft, Tick } from "./fields";
import { LookFields } from "./LookFields";
import { changeOptions, type OptionsPlace } from "./options";
import { ReverseField } from "./ReverseField";
import { RuleFields } from "./RuleFields";
import type { RuleOwner } from "./rules";
import { addShortcut, shortcuts } from "./shortcuts";
import { StyleEditor } from "./StyleEditor";
import { TypeFields } from "./TypeFields";
import "./column.css";

interface Props {
  readonly session: DocumentSession;
  readonly colRef: number | null;
  readonly fieldRef: number | null;
  readonly onClose: () => void;
}

export function ColumnPanel({ session, colRef, fieldRef, onClose }: Props) {
  const { t } = useTranslation();
  const column = colRef === null ? undefined : session.model.column(colRef);
  return (
    <aside className="panel" data-region aria-label={t("panel.title")}>
      <header className="panel-head">
        <h2>{t("panel.title")}</h2>
        <Button className="icon-button" aria-label={t("common.close")} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      {column ? <ColumnForm key={column.ref} session={session} column={column} fieldRef={fieldRef} /> : <p className="panel-hint">{t("panel.hint")}</p>}
    </aside>
  );
}

interface FormProps {
  readonly session: DocumentSession;
  readonly column: ColumnInfo;
  readonly fieldRef: number | null;
}

function ColumnForm({ session, column, fieldRef }: FormProps) {
  const { t } = useTranslation();
  const editable = session.canEdit;
  const settings = session.model.settings();
  const table = session.model.table(column.tableRef);
  const base = baseType(column.type);
  const place = placeOf(session, column, fieldRef);
  const apply = (actions: UserAction[]): void => void guarded(session.apply(actions), t);
  const update = (values: Record<string, CellValue>): void => apply([updateColumn(column.ref, values)]);
  const convert = (type: string): void => {
    const told = async (): Promise<void> => {
      const count = await convertColumn(session, column, type);
      if (count > 0) useMessages.getState().show(t("panel.unread", { count, type: t(`type.${baseType(type)}`) }), "notice");
    };
    void guarded(told(), t);
  };
  return (
    <div className="panel-form">
      <Draft label={t("panel.label")} value={column.label} disabled={!editable} onSave={(label) => update({ label })} />
      <Draft
        label={t("panel.id")}
        value={column.colId}
        disabled={!editable}
        mono
        onSave={(colId) => update({ colId, untieColIdFromLabel: true })}
      />
      <Tick
        label={t("panel.tied")}
        value={!column.untied}
        disabled={!editable}
        onChange={(tied) => update(tied ? { untieColIdFromLabel: false, label: column.label } : { untieColIdFromLabel: true })}
      />
      <Draft label={t("panel.description")} value={column.description} disabled={!editable} multiline onSave={(description) => update({ description })} />
      <TypeFields session={session} column={column} editable={editable} apply={apply} convert={convert} />
      {table && (base === "Ref" || base === "RefList") ? (
        <ReverseField session={session} column={column} tableId={table.tableId} editable={editable} apply={apply} />
      ) : null}
      {base === "Choice" || base === "ChoiceList" ? (
        <ChoiceFields
          options={place.options}
          editable={editable}
          change={(changes) => apply([changeOptions(place, changes)])}
          rename={(changes, from, to) => {
            if (table) apply([["RenameChoices", table.tableId, column.colId, { [from]: to }], changeOptions(place, changes)]);
          }}
        />
      ) : null}
      <LookFields
        type={column.type}
        options={place.options}
        settings={{ ...settings, currency: settings.currency ?? null }}
        editable={editable}
        change={(changes) => apply([changeOptions(place, changes)])}
      />
      <BehaviourFields session={session} column={column} editable={editable} update={update} clear={() => void guarded(clearColumn(session, column), t)} />
      <StyleEditor title={t("style.cells")} options={place.options} editable={editable} change={(changes) => apply([changeOptions(place, changes)])} />
      <StyleEditor
        title={t("style.header")}
        prefix="header"
        options={place.options}
        editable={editable}
        change={(changes) => apply([changeOptions(place, changes)])}
      />
      {table ? (
        <>
          <RuleFields title={t("rules.cells")} session={session} tableId={table.tableId} owner={cellRules(session, place)} editable={editable} apply={apply} />
          <RuleFields title={t("rules.rows")} session={session} tableId={table.tableId} owner={rowRules(session, table)} editable={editable} apply={apply} />
          <MenuButton
            label={t("shortcut.title")}
            icon="add"
            entries={editable ? shortcuts(session, column, t).map((each) => ({ ...each, run: () => void guarded(addShortcut(session, table.tableId, each), t) })) : []}
          >
            {t("shortcut.title")}
          </MenuButton>
        </>
      ) : null}
    </div>
  );
}

/** Converts the values too; gives how many cells could not be read as the new type. */
async function convertColumn(session: DocumentSession, column: ColumnInfo, type: string): Promise<number> {
  const actions = await conversion(session, column, type);
  if (actions.length === 0) return 0;
  await session.apply(actions);
  return await unread(session, column, type);
}

/** A column that becomes empty keeps its cells unless a formula takes them away first; both are one step to undo. */
async function clearColumn(session: DocumentSession, column: ColumnInfo): Promise<void> {
  const { actionNum } = await session.apply([updateColumn(column.ref, behaviourCells("formula", "None"))]);
  await session.apply([updateColumn(column.ref, behaviourCells("empty", ""))], { linkId: actionNum });
}

/** A field may have options of its own; then they are what is seen. */
function placeOf(session: DocumentSession, column: ColumnInfo, fieldRef: number | null): OptionsPlace {
  const own = fieldRef === null ? "" : textOf(session.model.meta.row("_grist_Views_section_field", fieldRef), "widgetOptions");
  const options = parseOptions(own);
  return Object.keys(options).length > 0 ? { column, fieldRef, options } : { column, fieldRef: null, options: column.options };
}

/** Rules of cells belong where the options are. */
function cellRules(session: DocumentSession, { column, fieldRef, options }: OptionsPlace): RuleOwner {
  if (fieldRef === null) return { table: "_grist_Tables_column", ref: column.ref, rules: column.rules, options };
  const rules = listItems(session.model.meta.row("_grist_Views_section_field", fieldRef)?.["rules"]);
  return { table: "_grist_Views_section_field", ref: fieldRef, rules: rules.filter((ref): ref is number => typeof ref === "number"), options };
}

/** Rules of rows belong to the table, kept with its raw data. */
function rowRules(session: DocumentSession, { rawSectionRef }: TableInfo): RuleOwner {
  const raw = session.model.section(rawSectionRef);
  return { table: "_grist_Views_section", ref: rawSectionRef, rules: raw?.rules ?? [], options: raw?.options ?? {} };
}
