import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { PageController } from "../store/page";
import type { DocumentSession } from "../store/session";
import { Icon } from "../ui/Icon";
import { SectionFrame } from "./SectionFrame";

interface Props {
  readonly session: DocumentSession;
  readonly pathOf: (target: number | "data") => string;
}

/** All tables of the document, and the rows of the one chosen. */
/** Raw data has no panel of its own. */
function noPanel(): void {
  // Nothing to show.
}

export function RawData({ session }: Props) {
  const { t } = useTranslation();
  const tables = session.model.tables().filter(({ rawSectionRef }) => rawSectionRef !== 0);
  const [chosen, setChosen] = useState<number | null>(null);
  const [controller, setController] = useState<PageController | null>(null);
  const table = tables.find(({ ref }) => ref === chosen) ?? null;

  useEffect(() => {
    const made = new PageController(session, () => Math.floor(Date.now() / 1000));
    setController(made);
    return () => made.dispose();
  }, [session]);

  return (
    <div className="raw-data">
      <ul className="raw-list" aria-label={t("doc.rawData")}>
        {tables.map(({ ref, tableId }) => (
          <li key={ref}>
            <button type="button" className={ref === chosen ? "raw-table current" : "raw-table"} aria-pressed={ref === chosen} onClick={() => setChosen(ref)}>
              <Icon name="table" />
              <span>{session.model.tableTitle(ref)}</span>
              <code>{tableId}</code>
            </button>
          </li>
        ))}
      </ul>
      {table && controller ? (
        <div className="raw-section">
          <SectionFrame key={table.rawSectionRef} controller={controller} sectionRef={table.rawSectionRef} onShowPanel={noPanel} />
        </div>
      ) : (
        <p className="doc-empty">{t("doc.chooseTable")}</p>
      )}
    </div>
  );
}
