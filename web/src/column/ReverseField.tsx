/** Two-way references: the column in the other table that shows who refers to its rows, made here or let go. */
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { UserAction } from "../api/codec";
import { updateColumn } from "../store/edits";
import { numberOf } from "../store/meta";
import type { ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";

interface Props {
  readonly session: DocumentSession;
  readonly column: ColumnInfo;
  readonly tableId: string;
  readonly editable: boolean;
  readonly apply: (actions: UserAction[]) => void;
}

export function ReverseField({ session, column, tableId, editable, apply }: Props) {
  const { t } = useTranslation();
  const { model } = session;
  const reverse = model.column(numberOf(model.meta.row("_grist_Tables_column", column.ref), "reverseCol"));
  if (reverse) {
    const name = `${model.table(reverse.tableRef)?.name ?? ""}.${reverse.label}`;
    return (
      <div className="field">
        <span className="field-label">{t("reverse.with")}</span>
        <div className="choice-add">
          <span className="mono reverse-name">{name}</span>
          <Button className="button" isDisabled={!editable} onPress={() => apply([updateColumn(column.ref, { reverseCol: 0 })])}>
            {t("reverse.unlink")}
          </Button>
        </div>
      </div>
    );
  }
  if (column.isFormula) return null;
  return (
    <Button className="button" isDisabled={!editable} onPress={() => apply([["AddReverseColumn", tableId, column.colId]])}>
      {t("reverse.add")}
    </Button>
  );
}
