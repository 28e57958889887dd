/** The panel on the right: what the column under the cursor is, and how to change it. */
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { parseOptions, type CellValue, type UserAction } from "../api/codec";
import { baseType } from "../cells/values";
import { textOf } from "../store/meta";
import { updateColumn } from "../store/edits";
import type { ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { ChoiceFields } from "./ChoiceFields";
import { conversion } from "./convert";
import { Draft } from "./fields";
import { LookFields } from "./LookFields";
import { changeOptions, type OptionsPlace } from "./options";
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
  const convert = (type: string): void => void guarded(convertColumn(session, column, type), t);
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
      <TypeFields session={session} column={column} editable={editable} apply={apply} convert={convert} />
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
      <Draft
        label={t("panel.formula")}
        value={column.formula}
        disabled={!editable}
        mono
        multiline
        onSave={(formula) => update({ formula, isFormula: column.isFormula || column.formula === "" })}
      />
      <Draft label={t("panel.description")} value={column.description} disabled={!editable} multiline onSave={(description) => update({ description })} />
    </div>
  );
}

async function convertColumn(session: DocumentSession, column: ColumnInfo, type: string): Promise<void> {
  const actions = await conversion(session, column, type);
  if (actions.length > 0) await session.apply(actions);
}

/** A field may have options of its own; then they are what is seen. */
function placeOf(session: DocumentSession, column: ColumnInfo, fieldRef: number | null): OptionsPlace {
  const own = fieldRef === null ? "" : textOf(session.model.meta.row("_grist_Views_section_field", fieldRef), "widgetOptions");
  const options = parseOptions(own);
  return Object.keys(options).length > 0 ? { column, fieldRef, options } : { column, fieldRef: null, options: column.options };
}
