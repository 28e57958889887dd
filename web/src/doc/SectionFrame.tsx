/** One section: title bar with sort, filters and count, the view below, and what the view asks to be shown. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "../grid/source";
import type { CursorLink } from "../routes";
import { saveSortAndFilters } from "../store/edits";
import type { PageController } from "../store/page";
import { guarded } from "../ui/errors";
import { Icon } from "../ui/Icon";
import { MenuButton, MenuAt, type MenuEntries } from "../ui/Menus";
import { announce } from "../ui/messages";
import { GridView } from "../views/GridView";
import { gridActions, type SectionInterface } from "./gridActions";
import { columnMenu, cellMenu, rowMenu } from "./sectionMenus";
import { catchKeys, type EarlyKeys } from "../formula/early-keys";
import { useSelection } from "./selection";
import { lazily } from "../ui/lazily";

// What the first view of a document does not need comes when it is asked for.
const CardList = lazily(async () => (await import("../views/CardList")).CardList);
const CardView = lazily(async () => (await import("../views/CardView")).CardView);
const ErrorDialog = lazily(async () => (await import("./ErrorDialog")).ErrorDialog);
const FilterDialog = lazily(async () => (await import("./FilterDialog")).FilterDialog);
const FormulaEditor = lazily(async () => (await import("../formula/FormulaEditor")).FormulaEditor);
const RecordDialog = lazily(async () => (await import("./RecordDialog")).RecordDialog);

interface Props {
  readonly controller: PageController;
  readonly sectionRef: number;
  readonly cursor?: CursorLink;
  readonly onShowPanel: () => void;
}

interface OpenMenu {
  readonly at: DOMRect;
  readonly label: string;
  readonly entries: MenuEntries;
}

interface OpenFormula {
  readonly column: GridColumn;
  readonly rowId: number | null;
  readonly initial: string | undefined;
  readonly at: DOMRect;
  readonly early: EarlyKeys;
}

/** Where the cell of the grid's cursor is on the screen. */
function activeCell(): DOMRect {
  const focused = document.activeElement;
  const cell = document.getElementById(focused?.getAttribute("aria-activedescendant") ?? "");
  return (cell ?? focused ?? document.body).getBoundingClientRect();
}

export function SectionFrame({ controller, sectionRef, cursor, onShowPanel }: Props) {
  const { t } = useTranslation();
  const { session } = controller;
  const source = useMemo(() => controller.source(sectionRef), [controller, sectionRef]);
  useSyncExternalStore(
    (listener) => source.subscribe(listener),
    () => source.revision,
  );
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [formula, setFormula] = useState<OpenFormula | null>(null);
  const [filtering, setFiltering] = useState<GridColumn | null>(null);
  const [card, setCard] = useState<number | null>(null);
  const [error, setError] = useState<{ rowId: number; column: GridColumn } | null>(null);
  const active = useSelection((state) => state.sectionRef === sectionRef);

  const actions = useMemo(() => {
    const shown: SectionInterface = {
      openFormula(column, rowId, initial) {
        const at = activeCell();
        setFormula({ column, rowId, initial, at, early: catchKeys(at, t("formula.label", { column: column.label })) });
      },
      openAsCard: setCard,
      showError: (rowId, column) => setError({ rowId, column }),
      openMenu(kind, at, context) {
        const make = kind === "column" ? columnMenu : kind === "row" ? rowMenu : cellMenu;
        const label = t(`menu.${kind}`);
        setMenu({ at, label, entries: make({ t, context, source, actions: made, filter: setFiltering, showPanel: onShowPanel }) });
      },
    };
    const made = gridActions(controller, source, shown, t);
    return made;
  }, [controller, source, t, onShowPanel]);

  useEffect(() => {
    if (cursor && typeof cursor.rowId === "number") {
      controller.setCursor(sectionRef, cursor.rowId);
      controller.moves.emit({ sectionRef, rowId: cursor.rowId });
    }
  }, [controller, sectionRef, cursor]);

  const { section } = source;
  if (!section) return null;
  const title = session.model.sectionTitle(section);
  const sorted = source.sortParts();
  const filtered = source.filteredColumns();
  const drafted = source.sortDraft !== null || source.filterDrafts.size > 0;
  const labelOf = (colRef: number): string => session.model.column(colRef)?.label ?? "";

  const save = async (): Promise<void> => {
    const saved = session.model.filtersOf(sectionRef);
    const changes = saveSortAndFilters(sectionRef, source.sortDraft, source.filterDrafts, saved);
    if (changes.length === 0 || (await guarded(session.apply(changes), t))) {
      source.revert();
      announce(t("section.saved"));
    }
  };

  return (
    <div role="group" className={active ? "section active" : "section"} aria-label={title} data-region data-section={sectionRef}>
      <header className="section-bar">
        <h2>{title}</h2>
        <span className="section-count">{source.rows.ready ? t("section.rows", { count: source.rowCount }) : ""}</span>
        {sorted.length > 0 ? (
          <span className="chip" title={sorted.map(({ colRef, desc }) => `${labelOf(colRef)} ${desc ? "↓" : "↑"}`).join(", ")}>
            <Icon name="sort" />
            <span className="visually-hidden">{t("section.sortedBy")} </span>
            {sorted.map(({ colRef }) => labelOf(colRef)).join(", ")}
          </span>
        ) : null}
        {filtered.length > 0 ? (
          <span className="chip">
            <Icon name="filter" />
            <span className="visually-hidden">{t("section.filteredBy")} </span>
            {filtered.map(labelOf).join(", ")}
          </span>
        ) : null}
        {drafted ? (
          <span className="section-drafts">
            {session.canEdit ? (
              <button type="button" className="link-button" onClick={() => void save()}>
                {t("common.save")}
              </button>
            ) : null}
            <button type="button" className="link-button" onClick={() => source.revert()}>
              {t("section.revert")}
            </button>
          </span>
        ) : null}
        <MenuButton
          label={t("section.menu", { name: title })}
          entries={[
            ...source.columns.map((column) => ({ id: `filter-${column.fieldRef}`, label: t("section.filterBy", { column: column.label }), icon: "filter" as const, run: () => setFiltering(column) })),
            "separator",
            { id: "panel", label: t("doc.panel"), icon: "panel", run: onShowPanel },
          ]}
        />
      </header>
      {isOwnView(section.kind) ? null : <p className="section-note">{t("section.later", { kind: t(`widget.${widgetName(section.kind)}`) })}</p>}
      {source.rows.error ? <p className="section-note problem">{t("error.server", { message: source.rows.error.message })}</p> : null}
      <div className="section-body">
        {section.kind === "single" ? (
          <CardView controller={controller} source={source} actions={actions} />
        ) : section.kind === "detail" ? (
          <CardList controller={controller} source={source} actions={actions} />
        ) : (
          <GridView controller={controller} source={source} actions={actions} title={title} />
        )}
      </div>
      {menu ? <MenuAt at={menu.at} label={menu.label} entries={menu.entries} onClose={() => setMenu(null)} /> : null}
      {filtering ? <FilterDialog source={source} column={filtering} onClose={() => setFiltering(null)} /> : null}
      {error ? <ErrorDialog session={session} tableId={source.tableId} target={error} onClose={() => setError(null)} /> : null}
      {card !== null ? <RecordDialog controller={controller} source={source} actions={actions} rowId={card} onClose={() => setCard(null)} /> : null}
      {formula ? <FormulaEditor session={session} tableId={source.tableId} {...formula} onClose={() => setFormula(null)} /> : null}
    </div>
  );
}

/** Kinds of sections that have a view of their own by now. */
function isOwnView(kind: string): boolean {
  return kind === "record" || kind === "single" || kind === "detail" || kind === "";
}

function widgetName(kind: string): "chart" | "form" | "calendar" | "custom" {
  if (kind === "chart" || kind === "form") return kind;
  return kind === "custom.calendar" ? "calendar" : "custom";
}
