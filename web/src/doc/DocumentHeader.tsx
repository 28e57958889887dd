import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { downloadAddress, renameDocument } from "../api/http";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { LanguageMenu } from "../ui/LanguageMenu";
import { Link } from "../ui/Link";
import { MenuButton } from "../ui/Menus";
import { announce, useMessages } from "../ui/messages";
import type { OpenDocument } from "./useDocument";

interface Props {
  readonly session: DocumentSession;
  readonly opened: OpenDocument;
  readonly page: string;
  readonly panelOpen: boolean;
  readonly onTogglePanel: () => void;
}

export function DocumentHeader({ session, opened, page, panelOpen, onTogglePanel }: Props) {
  const { t } = useTranslation();
  const step = (direction: "undo" | "redo") => async (): Promise<void> => {
    const done = await guarded(session[direction](), t);
    if (done) announce(t(direction === "undo" ? "doc.undone" : "doc.redone"));
  };
  const copyLink = async (): Promise<void> => {
    await guarded(
      navigator.clipboard.writeText(location.href).then(() => useMessages.getState().show(t("doc.linkCopied"), "notice")),
      t,
    );
  };
  return (
    <header className="doc-header" data-region>
      <Link className="icon-button" href="/" aria-label={t("doc.home")}>
        <Icon name="home" />
      </Link>
      <DocumentName opened={opened} editable={session.canEdit} />
      <span className="doc-page-name" aria-hidden="true">
        {page}
      </span>
      {session.canEdit ? null : <span className="badge">{t("doc.readOnly")}</span>}
      <div className="doc-header-actions">
        <Button className="icon-button" aria-label={t("doc.undo")} isDisabled={!session.undoStack.canUndo} onPress={() => void step("undo")()}>
          <Icon name="undo" />
        </Button>
        <Button className="icon-button" aria-label={t("doc.redo")} isDisabled={!session.undoStack.canRedo} onPress={() => void step("redo")()}>
          <Icon name="redo" />
        </Button>
        <ConnectionState connection={opened.connection} />
        <Button className="icon-button" aria-label={t("doc.copyLink")} onPress={() => void copyLink()}>
          <Icon name="link" />
        </Button>
        <MenuButton
          label={t("common.download")}
          icon="download"
          entries={[
            { id: "grist", label: t("doc.downloadGrist"), icon: "download", href: downloadAddress(session.docId) },
            { id: "xlsx", label: t("doc.downloadExcel"), icon: "table", href: downloadAddress(session.docId, "xlsx") },
          ]}
        />
        <LanguageMenu />
        <Button className="icon-button" aria-label={t("doc.panel")} aria-expanded={panelOpen} onPress={onTogglePanel}>
          <Icon name="panel" />
        </Button>
      </div>
    </header>
  );
}

function ConnectionState({ connection }: { connection: OpenDocument["connection"] }) {
  const { t } = useTranslation();
  return <span className={`connection ${connection}`} role="img" aria-label={t(`doc.state.${connection}`)} title={t(`doc.state.${connection}`)} />;
}

function DocumentName({ opened, editable }: { opened: OpenDocument; editable: boolean }) {
  const { t } = useTranslation();
  const saved = opened.entry?.name ?? "";
  const [draft, setDraft] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    const name = draft?.trim() ?? "";
    setDraft(null);
    const { entry } = opened;
    if (!entry || name === "" || name === saved) return;
    if (await guarded(renameDocument(entry.id, name), t)) opened.setEntry({ ...entry, name });
  };
  if (!editable) return <strong className="doc-name">{saved}</strong>;
  return (
    <input
      className="doc-name"
      aria-label={t("doc.name")}
      value={draft ?? saved}
      size={Math.max(6, (draft ?? saved).length)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
