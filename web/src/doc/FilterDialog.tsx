/** Which values of a column are shown: a list with counts, search, all and none. */
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox } from "react-aria-components";
import { cellKey, isRecord, type CellValue } from "../api/codec";
import type { GridColumn } from "../grid/source";
import type { SectionSource } from "../store/section";
import { DialogFrame } from "../ui/Dialogs";
import { explain } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { useCellText } from "../views/useCellText";

interface Props {
  readonly source: SectionSource;
  readonly column: GridColumn;
  readonly onClose: () => void;
}

const LIMIT = 500;

/** The values a saved filter leaves out, as keys; everything else is shown. */
function excludedKeys(text: string, values: readonly CellValue[]): Set<string> {
  let parsed: unknown;
  try {
    parsed = text === "" ? {} : JSON.parse(text);
  } catch {
    parsed = {};
  }
  if (!isRecord(parsed)) return new Set();
  const keys = (list: unknown): Set<string> => new Set((Array.isArray(list) ? (list as CellValue[]) : []).map(cellKey));
  if (Array.isArray(parsed["excluded"])) return keys(parsed["excluded"]);
  if (!Array.isArray(parsed["included"])) return new Set();
  const included = keys(parsed["included"]);
  return new Set(values.map(cellKey).filter((key) => !included.has(key)));
}

export function FilterDialog({ source, column, onClose }: Props) {
  const { t } = useTranslation();
  const textOf = useCellText(source.session, column);
  const [values, setValues] = useState<readonly [CellValue, number][] | null>(null);
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { tableId, session } = source;

  useEffect(() => {
    session.distinctValues(tableId, column.colId, LIMIT).then(
      (answer) => {
        setValues(answer.values);
        setExcluded(excludedKeys(source.filterText(column.colRef), answer.values.map(([value]) => value)));
      },
      (error: unknown) => setProblem(explain(error, t)),
    );
  }, [session, tableId, source, column, t]);

  const shown = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return (values ?? []).filter(([value]) => textOf(value).toLowerCase().includes(wanted));
  }, [values, search, textOf]);

  const setShown = (visible: boolean): void => {
    const next = new Set(excluded);
    for (const [value] of shown) {
      if (visible) next.delete(cellKey(value));
      else next.add(cellKey(value));
    }
    setExcluded(next);
  };

  const apply = (): void => {
    const all = values ?? [];
    const left = all.filter(([value]) => !excluded.has(cellKey(value))).map(([value]) => value);
    const out = all.filter(([value]) => excluded.has(cellKey(value))).map(([value]) => value);
    source.setFilter(column.colRef, out.length === 0 ? "" : JSON.stringify(left.length < out.length ? { included: left } : { excluded: out }));
    onClose();
  };

  return (
    <DialogFrame title={t("filter.title", { column: column.label })} onClose={onClose}>
      {problem ? <p className="section-note problem">{problem}</p> : null}
      <input className="input" type="search" aria-label={t("filter.search")} placeholder={t("filter.search")} value={search} onChange={(event) => setSearch(event.target.value)} />
      <div className="filter-all">
        <button type="button" className="link-button" onClick={() => setShown(true)}>
          {t("filter.all")}
        </button>
        <button type="button" className="link-button" onClick={() => setShown(false)}>
          {t("filter.none")}
        </button>
      </div>
      <ul className="filter-values">
        {shown.map(([value, count]) => {
          const key = cellKey(value);
          return (
            <li key={key}>
              <Checkbox
                className="checkbox"
                isSelected={!excluded.has(key)}
                onChange={(selected) => {
                  const next = new Set(excluded);
                  if (selected) next.delete(key);
                  else next.add(key);
                  setExcluded(next);
                }}
              >
                <span className="checkbox-box">
                  <Icon name="check" />
                </span>
                <span className="filter-value">{textOf(value) || t("filter.empty")}</span>
                <span className="filter-count">{count}</span>
              </Checkbox>
            </li>
          );
        })}
      </ul>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          {t("common.cancel")}
        </Button>
        <Button className="button primary" onPress={apply}>
          {t("filter.apply")}
        </Button>
      </div>
    </DialogFrame>
  );
}
