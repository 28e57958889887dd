/** Rows as a plain HTML table: what sections show until the grid takes this place. */
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { cellText } from "../cells/cell";
import type { GridActions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { useCellContext } from "./useCellContext";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
  readonly title: string;
}

const SHOWN = 60;

export function GridView({ controller, source, actions, title }: Props) {
  const { t } = useTranslation();
  const context = useCellContext(controller.session);
  useSyncExternalStore(
    (listener) => source.subscribe(listener),
    () => source.revision,
  );
  useEffect(() => source.want(0, SHOWN), [source]);
  const rows = Array.from({ length: Math.min(SHOWN, source.rowCount) }, (_, index) => index);
  return (
    <div className="grid-host" style={{ overflow: "auto" }}>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t("menu.row")}</th>
            {source.columns.map((column) => (
              <th key={column.fieldRef} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index}>
              <th scope="row">
                <button type="button" className="link-button" onClick={() => actions.openAsCard(source.rowId(index) ?? 0)}>
                  {index + 1}
                </button>
              </th>
              {source.columns.map((column) => (
                <td key={column.fieldRef}>{cellText(source.cell(index, column.colId), column, context, source.cell(index, column.displayColId))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
