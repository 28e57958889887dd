/** The panel on the right: what the column under the cursor is, and how to change it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { CellValue } from "../api/codec";
import { updateColumn } from "../store/edits";
import type { ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";

interface Props {
  readonly session: DocumentSession;
  readonly colRef: number | null;
  readonly onClose: () => void;
}

const PLAIN_TYPES = ["Any", "Text", "Numeric", "Int", "Bool", "Date", "DateTime", "Choice", "ChoiceList", "Attachments"] as const;

export function ColumnPanel({ session, colRef, onClose }: Props) {
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
      {column ? <ColumnForm key={column.ref} session={session} column={column} /> : <p className="panel-hint">{t("panel.hint")}</p>}
    </aside>
  );
}

function ColumnForm({ session, column }: { session: DocumentSession; column: ColumnInfo }) {
  const { t } = useTranslation();
  const editable = session.canEdit;
  const update = (values: Record<string, CellValue>): void => {
    void guarded(session.apply([updateColumn(column.ref, values)]), t);
  };
  const table = session.model.table(column.tableRef);
  const [base = "Any", target = ""] = column.type.split(/:(.*)/);
  const tables = session.model.tables().filter(({ summarySource }) => summarySource === 0);
  const changeType = (type: string): void => {
    if (table && type !== column.type) void guarded(session.apply([["ModifyColumn", table.tableId, column.colId, { type }]]), t);
  };
  const isReference = base === "Ref" || base === "RefList";
  return (
    <div className="panel-form">
      <Draft label={t("panel.label")} value={column.label} disabled={!editable} onSave={(label) => update({ label })} />
      <Draft label={t("panel.id")} value={column.colId} disabled={!editable} mono onSave={(colId) => update({ colId, untieColIdFromLabel: true })} />
      <div className="field">
        <label htmlFor="panel-type">{t("panel.type")}</label>
        <select
          id="panel-type"
          className="input"
          disabled={!editable}
          value={base}
          onChange={(event) => {
            const next = event.target.value;
            const first = tables[0]?.tableId ?? "";
            if (next === "Ref" || next === "RefList") changeType(`${next}:${target || first}`);
            else changeType(next === "DateTime" ? `DateTime:${session.model.settings().timezone}` : next);
          }}
        >
          {[...PLAIN_TYPES, "Ref", "RefList"].map((type) => (
            <option key={type} value={type}>
              {t(`type.${type}`)}
            </option>
          ))}
        </select>
      </div>
      {isReference ? (
        <div className="field">
          <label htmlFor="panel-target">{t("panel.target")}</label>
          <select id="panel-target" className="input" disabled={!editable} value={target} onChange={(event) => changeType(`${base}:${event.target.value}`)}>
            {tables.map(({ tableId, name }) => (
              <option key={tableId} value={tableId}>
                {name}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <Draft label={t("panel.formula")} value={column.formula} disabled={!editable} mono multiline onSave={(formula) => update({ formula, isFormula: column.isFormula || column.formula === "" })} />
      <Draft label={t("panel.description")} value={column.description} disabled={!editable} multiline onSave={(description) => update({ description })} />
    </div>
  );
}

interface DraftProps {
  readonly label: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly mono?: boolean;
  readonly multiline?: boolean;
  readonly onSave: (value: string) => void;
}

/** A text that is saved when it loses the focus or on Enter. */
function Draft({ label, value, disabled, mono, multiline, onSave }: DraftProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const id = `panel-${label}`;
  const props = {
    id,
    className: mono ? "input mono" : "input",
    value: draft ?? value,
    disabled,
    onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
    onBlur: () => {
      if (draft !== null && draft !== value) onSave(draft);
      setDraft(null);
    },
    onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        event.currentTarget.blur();
      } else if (event.key === "Escape") setDraft(null);
    },
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {multiline ? <textarea {...props} rows={3} /> : <input {...props} />}
    </div>
  );
}
