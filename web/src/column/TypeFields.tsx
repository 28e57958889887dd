/** The type of a column; for references, the table and which of its columns is shown. */
import { useTranslation } from "react-i18next";
import type { CellValue, UserAction } from "../api/codec";
import { baseType, referencedTable } from "../cells/values";
import { updateColumn } from "../store/edits";
import { isHelperColumn, type ColumnInfo, type TableInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { Choose } from "./fields";

const TYPES = ["Any", "Text", "Numeric", "Int", "Bool", "Date", "DateTime", "Choice", "ChoiceList", "Ref", "RefList", "Attachments"] as const;
const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

interface Props {
  readonly session: DocumentSession;
  readonly column: ColumnInfo;
  readonly editable: boolean;
  readonly apply: (actions: UserAction[]) => void;
  /** Changes the type, values included. */
  readonly convert: (type: string) => void;
}

export function TypeFields({ session, column, editable, apply, convert }: Props) {
  const { t } = useTranslation();
  const { model } = session;
  const table = model.table(column.tableRef);
  const base = baseType(column.type);
  const target = base === "Ref" || base === "RefList" ? referencedTable(column.type) : "";
  const tables = model.tables().filter(({ summarySource }) => summarySource === 0);
  const choose = (type: string): void => {
    const first = table?.tableId ?? tables[0]?.tableId ?? "";
    if (type === "Ref" || type === "RefList") convert(`${type}:${target || first}`);
    else convert(type === "DateTime" ? `DateTime:${model.settings().timezone}` : type);
  };
  return (
    <>
      <Choose
        label={t("panel.type")}
        value={base}
        disabled={!editable}
        options={TYPES.map((type) => [type as string, t(`type.${type}`)] as const)}
        onChange={choose}
      />
      {base === "DateTime" ? (
        <Choose
          label={t("panel.zone")}
          value={column.type.slice("DateTime:".length) || model.settings().timezone}
          disabled={!editable}
          options={ZONES.map((zone) => [zone, zone.replaceAll("_", " ")] as const)}
          onChange={(zone) => convert(`DateTime:${zone}`)}
        />
      ) : null}
      {target ? (
        <>
          <Choose
            label={t("panel.target")}
            value={target}
            disabled={!editable}
            options={tables.map(({ tableId, name }) => [tableId, name] as const)}
            onChange={(tableId) => convert(`${base}:${tableId}`)}
          />
          <ShownColumn column={column} table={table} target={model.tableById(target)} editable={editable} apply={apply} />
        </>
      ) : null}
    </>
  );
}

interface ShownProps {
  readonly column: ColumnInfo;
  readonly table: TableInfo | undefined;
  readonly target: TableInfo | undefined;
  readonly editable: boolean;
  readonly apply: (actions: UserAction[]) => void;
}

/** Which column of the other table stands for its records; none: their row ids. */
function ShownColumn({ column, table, target, editable, apply }: ShownProps) {
  const { t } = useTranslation();
  const shown = (target?.columns ?? []).filter(({ colId }) => !isHelperColumn(colId));
  const choose = (ref: string): void => {
    const visible = shown.find((each) => String(each.ref) === ref);
    const formula: CellValue = visible ? `$${column.colId}.${visible.colId}` : null;
    if (table) apply([updateColumn(column.ref, { visibleCol: visible?.ref ?? 0 }), ["SetDisplayFormula", table.tableId, null, column.ref, formula]]);
  };
  return (
    <Choose
      label={t("panel.shown")}
      value={String(column.visibleCol)}
      disabled={!editable}
      options={[["0", t("panel.rowId")] as const, ...shown.map(({ ref, label }) => [String(ref), label] as const)]}
      onChange={choose}
    />
  );
}
