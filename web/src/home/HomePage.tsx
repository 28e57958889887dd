/** The home page: the person's documents. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { createDocument, fetchWorkspaces, importDocument, type Workspace } from "../api/http";
import { navigate } from "../navigation";
import { documentPath } from "../routes";
import { NameDialog } from "../ui/Dialogs";
import { explain, guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { LanguageMenu } from "../ui/LanguageMenu";
import { announce } from "../ui/messages";
import { DocumentList } from "./DocumentList";
import { DropZone, ImportButton } from "./Import";
import "./home.css";

export function HomePage() {
  const { t } = useTranslation();
  const [workspaces, setWorkspaces] = useState<readonly Workspace[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [naming, setNaming] = useState(false);
  const [importing, setImporting] = useState<string | null>(null);

  const load = useCallback(() => {
    fetchWorkspaces().then(
      (found) => {
        setWorkspaces(found);
        setFailure(null);
      },
      (error: unknown) => setFailure(explain(error, t)),
    );
  }, [t]);

  useEffect(() => {
    document.title = "Moulin";
    load();
  }, [load]);

  const home = useMemo(() => workspaces?.find(({ access }) => access === "owners" || access === "editors") ?? null, [workspaces]);
  const documents = useMemo(
    () => workspaces?.flatMap(({ docs, name }) => docs.map((entry) => ({ ...entry, workspace: name }))) ?? null,
    [workspaces],
  );

  const create = async (name: string): Promise<void> => {
    if (!home) return;
    await guarded(
      createDocument(home.id, name).then((docId) => navigate(documentPath(docId))),
      t,
    );
  };

  const importFiles = async (files: readonly File[]): Promise<void> => {
    if (!home) return;
    let last: string | null = null;
    for (const file of files) {
      setImporting(file.name);
      announce(t("home.importing", { name: file.name }));
      // oxlint-disable-next-line no-await-in-loop -- one upload after the other, so that errors name their file
      await guarded(
        importDocument(home.id, file).then((docId) => {
          last = docId;
        }),
        t,
      );
    }
    setImporting(null);
    if (last !== null && files.length === 1) navigate(documentPath(last));
    else load();
  };

  return (
    <DropZone onFiles={importFiles}>
      <a className="skip-link" href="#documents">
        {t("common.skip")}
      </a>
      <header className="home-header">
        <p className="brand">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          Moulin
        </p>
        <LanguageMenu />
      </header>
      <main className="home" id="documents" tabIndex={-1}>
        <div className="home-top">
          <h1>{t("home.title")}</h1>
          <div className="home-actions">
            <ImportButton onFiles={importFiles} disabled={!home} />
            <Button className="button primary" onPress={() => setNaming(true)} isDisabled={!home}>
              <Icon name="add" />
              {t("home.new")}
            </Button>
          </div>
        </div>
        {importing !== null ? (
          <p className="home-progress" role="status">
            {t("home.importing", { name: importing })}
          </p>
        ) : null}
        {failure !== null ? (
          <div className="home-problem" role="alert">
            <p>{failure}</p>
            <Button className="button" onPress={load}>
              {t("common.retry")}
            </Button>
          </div>
        ) : null}
        {documents !== null && documents.length > 0 ? (
          <>
            <div className="home-search">
              <Icon name="search" />
              <input
                className="input"
                type="search"
                aria-label={t("home.search")}
                placeholder={t("home.search")}
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
            </div>
            <DocumentList documents={documents} search={search} showWorkspace={(workspaces?.length ?? 0) > 1} onChange={load} />
          </>
        ) : null}
        {documents !== null && documents.length === 0 ? (
          <section className="home-empty">
            <Icon name="table" />
            <h2>{t("home.emptyTitle")}</h2>
            <p>{t("home.emptyText")}</p>
          </section>
        ) : null}
      </main>
      {naming ? (
        <NameDialog
          title={t("home.new")}
          label={t("home.name")}
          action={t("common.create")}
          initial={t("home.untitled")}
          onSubmit={(name) => void create(name)}
          onClose={() => setNaming(false)}
        />
      ) : null}
    </DropZone>
  );
}
