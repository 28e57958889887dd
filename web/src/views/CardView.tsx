/** A card: one row at a time, with a bar to go through the rows. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { GridActions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { Icon } from "../ui/Icon";
import { CardFields } from "./CardFields";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
}

export function CardView({ controller, source, actions }: Props) {
  const { t } = useTranslation();
  const rowId = useSyncExternalStore(
    (listener) => controller.cursorChanges.subscribe(listener),
    () => controller.cursor(source.sectionRef),
  );
  const [index, setIndex] = useState(0);

  useEffect(() => {
    if (typeof rowId !== "number") return;
    let current = true;
    const find = (): void => {
      void source.indexOf(rowId).then((at) => {
        if (!current || at === null) return;
        setIndex(at);
        source.want(at, at + 1);
      });
    };
    find();
    const unsubscribe = source.subscribe(({ kind }) => kind === "rows" && find());
    return () => {
      current = false;
      unsubscribe();
    };
  }, [source, rowId]);

  const go = async (to: number): Promise<void> => {
    if (to >= source.rowCount) {
      controller.setCursor(source.sectionRef, "new");
      return;
    }
    const [next] = await source.rowIds(Math.max(0, to), 1);
    if (next !== undefined) controller.setCursor(source.sectionRef, next);
  };

  const isNew = rowId === "new";
  const at = isNew ? source.rowCount : index;
  if (rowId === null && source.rowCount === 0 && source.rows.ready && !source.canAddRows) return <p className="view-empty">{t("card.none")}</p>;
  return (
    <div className="card-view">
      <div className="card-bar">
        <Button className="icon-button" aria-label={t("card.previous")} isDisabled={at <= 0} onPress={() => void go(at - 1)}>
          <Icon name="back" />
        </Button>
        <span className="card-position" aria-live="polite">
          {isNew ? t("card.new") : source.rowCount === 0 ? t("card.none") : t("card.position", { index: at + 1, count: source.rowCount })}
        </span>
        <Button className="icon-button" aria-label={t("card.next")} isDisabled={isNew || (at >= source.rowCount - 1 && !source.canAddRows)} onPress={() => void go(at + 1)}>
          <Icon name="next" />
        </Button>
        {source.canAddRows ? (
          <Button className="icon-button" aria-label={t("card.add")} onPress={() => controller.setCursor(source.sectionRef, "new")}>
            <Icon name="add" />
          </Button>
        ) : null}
      </div>
      {rowId === null ? null : <CardFields key={String(rowId)} controller={controller} source={source} actions={actions} rowId={rowId} />}
    </div>
  );
}
