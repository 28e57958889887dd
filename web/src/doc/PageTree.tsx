/** The pages of a document as a tree, by mouse and by keyboard. */
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { navigate } from "../navigation";
import type { PageInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { MenuButton } from "../ui/Menus";
import { pageNodes, splitIcon, type PageNode } from "./tree";
import { lazily } from "../ui/lazily";

const ConfirmDialog = lazily(async () => (await import("../ui/Dialogs")).ConfirmDialog);
const NameDialog = lazily(async () => (await import("../ui/Dialogs")).NameDialog);

interface Props {
  readonly session: DocumentSession;
  readonly current: number | "data" | null;
  readonly pathOf: (target: number | "data") => string;
  readonly onAddTable: () => void;
}

export function PageTree({ session, current, pathOf, onAddTable }: Props) {
  const { t } = useTranslation();
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [renaming, setRenaming] = useState<PageInfo | null>(null);
  const [removing, setRemoving] = useState<PageInfo | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const nodes = pageNodes(session.model.pages()).filter(({ ancestors }) => !ancestors.some((ref) => closed.has(ref)));

  const toggle = (ref: number, open: boolean): void => {
    const next = new Set(closed);
    if (open) next.delete(ref);
    else next.add(ref);
    setClosed(next);
  };

  const onKeyDown = (event: KeyboardEvent, node: PageNode, at: number): void => {
    const focus = (index: number): void => list.current?.querySelectorAll<HTMLElement>("a")[index]?.focus();
    const isClosed = closed.has(node.page.ref);
    if (event.key === "ArrowDown") focus(at + 1);
    else if (event.key === "ArrowUp") focus(at - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(nodes.length - 1);
    else if (event.key === "ArrowRight" && node.hasChildren && isClosed) toggle(node.page.ref, true);
    else if (event.key === "ArrowRight" && node.hasChildren) focus(at + 1);
    else if (event.key === "ArrowLeft" && node.hasChildren && !isClosed) toggle(node.page.ref, false);
    else if (event.key === "ArrowLeft") focus(nodes.findIndex(({ page }) => page.ref === node.ancestors.at(-1)));
    else if (event.key === "F2" && session.canEdit) setRenaming(node.page);
    else return;
    event.preventDefault();
  };

  const rename = (page: PageInfo, name: string): Promise<boolean> => guarded(session.apply([["UpdateRecord", "_grist_Views", page.viewRef, { name }]]), t);
  const remove = async (page: PageInfo): Promise<void> => {
    const others = session.model.pages().filter(({ ref }) => ref !== page.ref);
    if (!(await guarded(session.apply([["RemoveRecord", "_grist_Views", page.viewRef]]), t))) return;
    if (page.viewRef === current && others[0]) navigate(pathOf(others[0].viewRef));
  };

  return (
    <nav className="doc-nav" data-region aria-label={t("doc.pages")}>
      <ul className="page-tree" ref={list} aria-label={t("doc.pages")}>
        {nodes.map((node, at) => {
          const { icon, text } = splitIcon(node.page.name);
          const isCurrent = node.page.viewRef === current;
          const isClosed = closed.has(node.page.ref);
          return (
            <li key={node.page.ref} className={isCurrent ? "page-row current" : "page-row"} style={{ paddingLeft: 6 + node.depth * 16 }}>
              {node.hasChildren ? (
                <button
                  type="button"
                  className="page-toggle"
                  tabIndex={-1}
                  aria-expanded={!isClosed}
                  aria-label={t(isClosed ? "doc.expand" : "doc.collapse", { name: text })}
                  onClick={() => toggle(node.page.ref, isClosed)}
                >
                  <Icon name="chevron" />
                </button>
              ) : (
                <span className="page-toggle" />
              )}
              <Link
                href={pathOf(node.page.viewRef)}
                className="page-link"
                {...(isCurrent ? { "aria-current": "page" as const } : {})}
                onKeyDown={(event) => onKeyDown(event, node, at)}
              >
                {icon ? (
                  <span className="page-icon" aria-hidden="true">
                    {icon}
                  </span>
                ) : null}
                <span className="page-text">{text}</span>
              </Link>
              {session.canEdit ? (
                <MenuButton
                  label={t("doc.pageMenu", { name: text })}
                  className="icon-button page-menu"
                  entries={[
                    { id: "rename", label: t("common.rename"), icon: "edit", keys: "F2", run: () => setRenaming(node.page) },
                    "separator",
                    { id: "remove", label: t("common.remove"), icon: "remove", danger: true, run: () => setRemoving(node.page) },
                  ]}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
      {session.canEdit ? (
        <Button className="nav-button" onPress={onAddTable}>
          <Icon name="add" />
          {t("doc.addTable")}
        </Button>
      ) : null}
      <Link className={current === "data" ? "nav-button current" : "nav-button"} href={pathOf("data")} {...(current === "data" ? { "aria-current": "page" as const } : {})}>
        <Icon name="data" />
        {t("doc.rawData")}
      </Link>
      {renaming ? (
        <NameDialog
          title={t("doc.renamePage")}
          label={t("doc.pageName")}
          action={t("common.rename")}
          initial={renaming.name}
          onSubmit={(name) => void rename(renaming, name)}
          onClose={() => setRenaming(null)}
        />
      ) : null}
      {removing ? (
        <ConfirmDialog
          title={t("doc.removePageTitle", { name: removing.name })}
          text={t("doc.removePageText")}
          action={t("doc.removePageAction")}
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(null)}
        />
      ) : null}
    </nav>
  );
}
