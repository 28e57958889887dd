/** A document: header, pages, the sections of the page, the panel of the column. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { navigate } from "../navigation";
import { documentPath, type CursorLink } from "../routes";
import { PageController } from "../store/page";
import type { DocumentSession } from "../store/session";
import { explain, guarded } from "../ui/errors";
import { Link } from "../ui/Link";
import { DocumentHeader } from "./DocumentHeader";
import { PageSections } from "./PageSections";
import { PageTree } from "./PageTree";
import { useSelection } from "./selection";
import { useDocument, useModelVersion, type OpenDocument } from "./useDocument";
import { useDocumentKeys } from "./useDocumentKeys";
import { lazily, lazilyWithTexts } from "../ui/lazily";
import "./document.css";

const ColumnPanel = lazilyWithTexts("column", async () => (await import("../column/ColumnPanel")).ColumnPanel);
const RawData = lazily(async () => (await import("./RawData")).RawData);

interface Props {
  readonly docId: string;
  readonly view: number | "data" | null;
  readonly cursor: CursorLink | null;
}

export function DocumentPage({ docId, view, cursor }: Props) {
  const { t } = useTranslation();
  const opened = useDocument(docId);
  if (opened.error !== null) {
    return (
      <main className="doc-problem">
        <h1>{t("doc.cannotOpen")}</h1>
        <p>{explain(opened.error, t)}</p>
        <Link className="button primary" href="/">
          {t("doc.home")}
        </Link>
      </main>
    );
  }
  if (!opened.session) {
    return (
      <main className="doc-problem" aria-busy="true">
        <h1 className="visually-hidden">{opened.entry?.name ?? t("doc.opening")}</h1>
        <p role="status">{t("doc.opening")}</p>
      </main>
    );
  }
  return <LoadedDocument docId={docId} session={opened.session} opened={opened} view={view} cursor={cursor} />;
}

interface LoadedProps extends Props {
  readonly session: DocumentSession;
  readonly opened: OpenDocument;
}

function LoadedDocument({ docId, session, opened, view, cursor }: LoadedProps) {
  const { t } = useTranslation();
  useModelVersion(session);
  const [panel, setPanel] = useState(false);
  const showPanel = useCallback(() => setPanel(true), []);
  const selected = useSelection();
  const pages = session.model.pages();
  const page = typeof view === "number" ? pages.find(({ viewRef }) => viewRef === view) : pages[0];
  const viewRef = view === "data" ? null : (page?.viewRef ?? null);
  useDocumentKeys(session, { togglePanel: () => setPanel((open) => !open) });

  const controller = usePageController(session, viewRef);
  const title = view === "data" ? t("doc.rawData") : (page?.name ?? "");
  const name = opened.entry?.name ?? "";
  useEffect(() => {
    document.title = [title, name, "Moulin"].filter(Boolean).join(" – ");
  }, [title, name]);

  return (
    <div className={panel ? "doc with-panel" : "doc"}>
      <a className="skip-link" href="#page-content">
        {t("common.skip")}
      </a>
      <DocumentHeader session={session} opened={opened} page={title} panelOpen={panel} onTogglePanel={() => setPanel((open) => !open)} />
      {opened.connection === "offline" ? (
        <div className="banner" role="status">
          <p>{t("doc.offline")}</p>
          <Button className="button" onPress={opened.reconnect}>
            {t("doc.reconnect")}
          </Button>
        </div>
      ) : null}
      <PageTree
        session={session}
        current={view === "data" ? "data" : viewRef}
        pathOf={(target) => documentPath(docId, target)}
        onAddTable={() => {
          void guarded(addTable(session, (added) => navigate(documentPath(docId, added))), t);
        }}
      />
      <main className="doc-main" id="page-content" tabIndex={-1} data-region aria-label={title}>
        <h1 className="visually-hidden">{title}</h1>
        {view === "data" ? <RawData session={session} pathOf={(target) => documentPath(docId, target)} /> : null}
        {viewRef !== null && controller ? (
          <PageSections key={viewRef} controller={controller} viewRef={viewRef} cursor={cursor} onShowPanel={showPanel} />
        ) : null}
        {viewRef === null && view !== "data" ? <p className="doc-empty">{t("doc.noPages")}</p> : null}
      </main>
      {panel ? <ColumnPanel session={session} colRef={selected.column?.colRef ?? null} fieldRef={selected.column?.fieldRef ?? null} onClose={() => setPanel(false)} /> : null}
    </div>
  );
}

/** Adds an empty table with its page, and goes there. */
async function addTable(session: DocumentSession, go: (viewRef: number) => void): Promise<void> {
  const { retValues } = await session.apply([["AddEmptyTable", null]]);
  const added = retValues[0] as { views?: { id: number }[]; table_id?: string } | undefined;
  const viewRef = added?.views?.[0]?.id ?? session.model.tableById(added?.table_id ?? "")?.primaryViewRef;
  if (viewRef) go(viewRef);
}

/** The controller of the page in view; a new one for each page. */
function usePageController(session: DocumentSession, viewRef: number | null): PageController | null {
  const [controller, setController] = useState<PageController | null>(null);
  const key = useMemo(() => ({ session, viewRef }), [session, viewRef]);
  useEffect(() => {
    if (key.viewRef === null) {
      setController(null);
      return;
    }
    const made = new PageController(key.session, () => Math.floor(Date.now() / 1000));
    setController(made);
    return () => made.dispose();
  }, [key]);
  return controller;
}
