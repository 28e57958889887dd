import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CursorLink } from "../routes";
import type { PageController } from "../store/page";
import { Icon } from "../ui/Icon";
import { readLayout, type LayoutBox } from "./layout";
import { SectionFrame } from "./SectionFrame";

interface Props {
  readonly controller: PageController;
  readonly viewRef: number;
  readonly cursor: CursorLink | null;
  readonly onShowPanel: () => void;
}

/** The sections of a page, laid out as its author did. */
export function PageSections({ controller, viewRef, cursor, onShowPanel }: Props) {
  const { t } = useTranslation();
  const { model } = controller.session;
  const [opened, setOpened] = useState<number | null>(null);
  const text = model.viewLayout(viewRef);
  const refs = model.sectionsOf(viewRef).map(({ ref }) => ref);
  const key = refs.join();
  const layout = useMemo(() => readLayout(text, key === "" ? [] : key.split(",").map(Number)), [text, key]);
  const draw = (box: LayoutBox): React.ReactNode =>
    box.kind === "leaf" ? (
      <div key={box.sectionRef} className="layout-leaf" style={{ flexGrow: box.size }}>
        <SectionFrame
          controller={controller}
          sectionRef={box.sectionRef}
          onShowPanel={onShowPanel}
          {...(cursor?.sectionRef === box.sectionRef ? { cursor } : {})}
        />
      </div>
    ) : (
      <div key={box.children.map((child) => (child.kind === "leaf" ? child.sectionRef : "")).join()} className={`layout-${box.direction}`} style={{ flexGrow: box.size || 1 }}>
        {box.children.map(draw)}
      </div>
    );
  return (
    <div className="page-sections">
      {layout.collapsed.length > 0 ? (
        <ul className="collapsed-sections" aria-label={t("section.collapsed")}>
          {layout.collapsed.map((ref) => {
            const section = model.section(ref);
            return section ? (
              <li key={ref}>
                <button type="button" className="button" aria-expanded={opened === ref} onClick={() => setOpened(opened === ref ? null : ref)}>
                  <Icon name="table" />
                  {model.sectionTitle(section)}
                </button>
              </li>
            ) : null;
          })}
        </ul>
      ) : null}
      {opened !== null ? (
        <div className="layout-leaf opened">
          <SectionFrame controller={controller} sectionRef={opened} onShowPanel={onShowPanel} />
        </div>
      ) : null}
      {layout.root ? draw(layout.root) : <p className="doc-empty">{t("doc.emptyPage")}</p>}
    </div>
  );
}
