/** A card list: all rows as cards, one below the other; only those near the visible part are drawn. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { GridActions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { CardFields } from "./CardFields";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
}

const FIELD_HEIGHT = 52;
const CARD_PADDING = 58;

export function CardList({ controller, source, actions }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ start: 0, end: 4 });
  const current = useSyncExternalStore(
    (listener) => controller.cursorChanges.subscribe(listener),
    () => controller.cursor(source.sectionRef),
  );
  const height = Math.ceil(source.columns.length / 2) * FIELD_HEIGHT + CARD_PADDING;

  const measure = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const start = Math.max(0, Math.floor(element.scrollTop / height) - 1);
    const end = start + Math.ceil(element.clientHeight / height) + 2;
    setRange({ start, end });
    source.want(start, end);
  }, [source, height]);

  useEffect(() => {
    measure();
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure]);

  useEffect(
    () =>
      controller.moves.subscribe(({ sectionRef, rowId }) => {
        if (sectionRef !== source.sectionRef) return;
        void source.indexOf(rowId).then((at) => at !== null && scroller.current?.scrollTo({ top: at * height }));
      }),
    [controller, source, height],
  );

  const cards: React.ReactNode[] = [];
  for (let index = range.start; index < Math.min(range.end, source.rowCount); index++) {
    const rowId = source.rowId(index);
    cards.push(
      <li key={rowId ?? `at-${index}`} className={rowId !== null && rowId === current ? "list-card current" : "list-card"} style={{ height: height - 12 }}>
        <h3>{t("card.row", { row: index + 1 })}</h3>
        {rowId === null ? null : (
          // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- follows the focus of the fields inside
          <div onFocus={() => controller.setCursor(source.sectionRef, rowId)}>
            <CardFields controller={controller} source={source} actions={actions} rowId={rowId} />
          </div>
        )}
      </li>,
    );
  }
  return (
    <div className="card-list" ref={scroller} onScroll={measure} tabIndex={-1}>
      {source.rows.ready && source.rowCount === 0 ? <p className="view-empty">{t("card.none")}</p> : null}
      <ul style={{ paddingTop: range.start * height, height: source.rowCount * height }}>{cards}</ul>
    </div>
  );
}
