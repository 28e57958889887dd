/** The grid of a section: puts the framework-free grid into the page, and ties its cursor to the page's. */
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import "../cells/cells.css";
import { useSelection } from "../doc/selection";
import { Grid } from "../grid/grid";
import "../grid/grid.css";
import type { GridActions, GridLook, GridOptions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
  readonly title: string;
}

/** How the section's options ask rows to be shown; the names are those of the `.grist` format. */
export function lookOf(options: Record<string, unknown>): GridLook {
  const look: GridLook = {
    zebra: options["zebraStripes"] === true,
    verticalLines: options["verticalGridlines"] !== false,
    horizontalLines: options["horizontalGridlines"] !== false,
    uniformRows: options["rowHeightUniform"] === true,
  };
  if (typeof options["numFrozen"] === "number") look.frozen = options["numFrozen"];
  if (typeof options["rowHeight"] === "number") look.rowLines = options["rowHeight"];
  const numbers = options["rowNumbers"];
  if (numbers === "hidden" || numbers === "rowId") look.rowNumbers = numbers;
  return look;
}

export function GridView({ controller, source, actions, title }: Props) {
  const { i18n } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid | null>(null);
  const { session } = controller;
  const { locale, timezone, currency } = session.model.settings();
  const { canEdit } = session;
  const look = JSON.stringify(lookOf(source.section?.options ?? {}));
  const firstLook = useRef(look);
  firstLook.current = look;
  const language = i18n.language;
  // The grid outlives the renderings around it: it asks for the actions of the latest one.
  const latest = useRef(actions);
  latest.current = actions;
  const stable = useMemo(() => new Proxy({} as GridActions, { get: (_, name) => latest.current[name as keyof GridActions] }), [latest]);
  const options = useMemo(
    (): Omit<GridOptions, "look"> => ({
      locale,
      timezone,
      currency: currency ?? null,
      // The keys of the grid and of its cells are one file.
      t: (key, params) => i18n.getFixedT(language)(`grid.${key}`, params ?? {}),
      readOnly: !canEdit,
      label: title,
      document: session.docId,
      onCursor(rowId, column) {
        controller.setCursor(source.sectionRef, rowId);
        const { sectionRef, select } = useSelection.getState();
        if (sectionRef === source.sectionRef || host.current?.contains(document.activeElement)) select(source.sectionRef, column, rowId);
      },
    }),
    [locale, timezone, currency, i18n, language, canEdit, title, session, controller, source],
  );

  useEffect(() => {
    if (!host.current) return;
    const made = new Grid(host.current, source, stable, { ...options, look: JSON.parse(firstLook.current) as GridLook });
    grid.current = made;
    const stop = controller.moves.subscribe(({ sectionRef, rowId }) => {
      if (sectionRef === source.sectionRef) void made.showRow(rowId);
    });
    const at = controller.cursor(source.sectionRef);
    if (typeof at === "number") void made.showRow(at);
    return () => {
      stop();
      made.destroy();
      grid.current = null;
    };
  }, [source, stable, options, controller]);

  useEffect(() => grid.current?.setLook(JSON.parse(look) as GridLook), [look]);

  return <div ref={host} className="grid-host" />;
}
