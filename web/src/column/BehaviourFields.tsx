/** What fills a column: people, a formula, or a formula on certain occasions; and that formula. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listItems, type CellValue } from "../api/codec";
import { numberOf } from "../store/meta";
import { isHelperColumn, type ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { behaviourCells, behaviourOf, occasionCells, occasionOf, type Behaviour, type Occasion } from "./behaviour";
import { Choose, Draft, Tick } from "./fields";

interface Props {
  readonly session: DocumentSession;
  readonly column: ColumnInfo;
  readonly editable: boolean;
  readonly update: (values: Record<string, CellValue>) => void;
  /** Empties the column, and makes it an empty one. */
  readonly clear: () => void;
}

export function BehaviourFields({ session, column, editable, update, clear }: Props) {
  const { t } = useTranslation();
  const current = behaviourOf(column);
  /** What was chosen but needs a formula first. */
  const [wished, setWished] = useState<"formula" | "trigger" | null>(null);
  const shown = wished ?? current;
  const choose = (behaviour: Behaviour): void => {
    const needsFormula = behaviour === "formula" || behaviour === "trigger";
    setWished(needsFormula && column.formula === "" ? behaviour : null);
    if (behaviour === current) return;
    if (behaviour === "empty") clear();
    else if (!needsFormula || column.formula !== "") update(behaviourCells(behaviour, column.formula));
  };
  const save = (formula: string): void => {
    setWished(null);
    if (wished !== null) update(behaviourCells(wished, formula));
    else update(formula === "" && current === "trigger" ? behaviourCells("data", "") : { formula });
  };
  const behaviours: Behaviour[] = ["empty", "data", "formula", "trigger"];
  return (
    <>
      <Choose
        label={t("behaviour.title")}
        value={shown}
        disabled={!editable || column.summarySourceCol !== 0}
        options={behaviours.map((each) => [each, t(`behaviour.${each}`)] as const)}
        onChange={choose}
      />
      {shown === "formula" || shown === "trigger" ? (
        <Draft label={t("panel.formula")} value={column.formula} disabled={!editable} mono multiline onSave={save} />
      ) : null}
      {wished ? <p className="panel-note">{t("behaviour.write")}</p> : null}
      {current === "trigger" && !wished ? <OccasionFields session={session} column={column} editable={editable} update={update} /> : null}
    </>
  );
}

function OccasionFields({ session, column, editable, update }: Omit<Props, "clear">) {
  const { t } = useTranslation();
  const row = session.model.meta.row("_grist_Tables_column", column.ref);
  const deps = listItems(row?.["recalcDeps"]).filter((item): item is number => typeof item === "number");
  const saved = occasionOf(numberOf(row, "recalcWhen"), deps);
  /** Until the first column is ticked, nothing can be saved. */
  const [listing, setListing] = useState(false);
  const occasion = listing && saved === "added" ? "listed" : saved;
  const choose = (next: Occasion): void => {
    setListing(next === "listed");
    if (next !== "listed" || saved !== "added") update(occasionCells(next, deps));
  };
  const occasions: Occasion[] = ["added", "listed", "any", "never"];
  const columns = (session.model.table(column.tableRef)?.columns ?? []).filter(({ colId }) => !isHelperColumn(colId));
  return (
    <>
      <Choose
        label={t("behaviour.when")}
        value={occasion}
        disabled={!editable}
        options={occasions.map((each) => [each, t(`behaviour.on.${each}`)] as const)}
        onChange={choose}
      />
      {occasion === "listed" ? (
        <fieldset className="panel-group">
          <legend>{t("behaviour.columns")}</legend>
          {columns.map(({ ref, label }) => (
            <Tick
              key={ref}
              label={ref === column.ref ? t("behaviour.itself", { column: label }) : label}
              value={deps.includes(ref)}
              disabled={!editable}
              onChange={(on) => update(occasionCells("listed", on ? [...deps, ref] : deps.filter((each) => each !== ref)))}
            />
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
