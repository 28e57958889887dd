import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { downloadAddress, removeDocument, renameDocument, type DocumentEntry } from "../api/http";
import { documentPath } from "../routes";
import { ConfirmDialog, NameDialog } from "../ui/Dialogs";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { MenuButton } from "../ui/Menus";
import { announce } from "../ui/messages";
import { sinceText } from "./since";

export type ListedDocument = DocumentEntry & { readonly workspace: string };

type SortBy = "name" | "updated";

interface Props {
  readonly documents: readonly ListedDocument[];
  readonly search: string;
  readonly showWorkspace: boolean;
  readonly onChange: () => void;
}

/** Lower case, accents removed: what a search compares. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();
}

export function DocumentList({ documents, search, showWorkspace, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const [sortBy, setSortBy] = useState<SortBy>("updated");
  const [renaming, setRenaming] = useState<ListedDocument | null>(null);
  const [removing, setRemoving] = useState<ListedDocument | null>(null);
  const [now] = useState(() => Date.now());

  const shown = useMemo(() => {
    const wanted = plain(search.trim());
    const compare = new Intl.Collator(i18n.language, { numeric: true }).compare;
    return documents
      .filter(({ name }) => plain(name).includes(wanted))
      .sort((a, b) => (sortBy === "name" ? compare(a.name, b.name) : b.updatedAt.localeCompare(a.updatedAt)));
  }, [documents, search, sortBy, i18n.language]);

  const change = async (work: Promise<unknown>): Promise<void> => {
    if (await guarded(work, t)) onChange();
  };

  if (shown.length === 0) return <p className="home-none">{t("home.none", { search })}</p>;
  return (
    <>
      <table className="documents">
        <caption className="visually-hidden">{t("home.title")}</caption>
        <thead>
          <tr>
            <SortHeader label={t("home.name")} active={sortBy === "name"} direction="ascending" onSort={() => setSortBy("name")} />
            {showWorkspace ? <th scope="col">{t("home.workspace")}</th> : null}
            <SortHeader label={t("home.changed")} active={sortBy === "updated"} direction="descending" onSort={() => setSortBy("updated")} />
            <th scope="col">
              <span className="visually-hidden">{t("common.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => (
            <tr key={entry.id}>
              <th scope="row">
                <Link className="document-link" href={documentPath(entry.urlId ?? entry.id)}>
                  <Icon name="table" />
                  <span>{entry.name}</span>
                </Link>
              </th>
              {showWorkspace ? <td>{entry.workspace}</td> : null}
              <td className="document-date">
                <time dateTime={entry.updatedAt}>{sinceText(entry.updatedAt, now, i18n.language)}</time>
              </td>
              <td className="document-menu">
                <MenuButton
                  label={t("home.menuOf", { name: entry.name })}
                  entries={[
                    { id: "rename", label: t("common.rename"), icon: "edit", disabled: entry.access === "viewers", run: () => setRenaming(entry) },
                    { id: "download", label: t("common.download"), icon: "download", href: downloadAddress(entry.id) },
                    "separator",
                    { id: "remove", label: t("common.remove"), icon: "remove", danger: true, disabled: entry.access !== "owners", run: () => setRemoving(entry) },
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {renaming ? (
        <NameDialog
          title={t("home.renameTitle")}
          label={t("home.name")}
          action={t("common.rename")}
          initial={renaming.name}
          onSubmit={(name) => void change(renameDocument(renaming.id, name))}
          onClose={() => setRenaming(null)}
        />
      ) : null}
      {removing ? (
        <ConfirmDialog
          title={t("home.removeTitle", { name: removing.name })}
          text={t("home.removeText")}
          action={t("home.removeAction")}
          onConfirm={() => {
            void change(removeDocument(removing.id)).then(() => announce(t("home.removed", { name: removing.name })));
          }}
          onClose={() => setRemoving(null)}
        />
      ) : null}
    </>
  );
}

interface SortHeaderProps {
  readonly label: string;
  readonly active: boolean;
  readonly direction: "ascending" | "descending";
  readonly onSort: () => void;
}

function SortHeader({ label, active, direction, onSort }: SortHeaderProps) {
  return (
    <th scope="col" aria-sort={active ? direction : "none"}>
      <button type="button" className="sort-button" onClick={onSort}>
        {label}
        {active ? <Icon name={direction === "ascending" ? "sortUp" : "sortDown"} /> : null}
      </button>
    </th>
  );
}
