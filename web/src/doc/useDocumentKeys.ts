/** Keys that work everywhere in a document: undo, redo, regions, panel. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentSession } from "../store/session";
import { guarded } from "../ui/errors";
import { announce } from "../ui/messages";

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Puts the focus on the next region of the page, or on the one before. */
function cycleRegions(step: 1 | -1): void {
  // A region that holds others, as the page its sections, is reached through them.
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => !region.querySelector("[data-region]"));
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const inside = next?.querySelector<HTMLElement>('[role="grid"]') ?? next?.querySelector<HTMLElement>('[tabindex="0"], a[href], button:not(:disabled), input');
  (inside ?? next)?.focus();
}

interface Handlers {
  readonly togglePanel: () => void;
}

export function useDocumentKeys(session: DocumentSession, { togglePanel }: Handlers): void {
  const { t } = useTranslation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (event.key === "F6" || (event.ctrlKey && key === "o" && !event.altKey)) {
        event.preventDefault();
        cycleRegions(event.shiftKey ? -1 : 1);
      } else if (event.ctrlKey && event.altKey && key === "o") {
        event.preventDefault();
        togglePanel();
      } else if (mod && !isTyping(event.target) && (key === "z" || key === "y")) {
        event.preventDefault();
        const redo = key === "y" || event.shiftKey;
        void guarded(
          (redo ? session.redo() : session.undo()).then((done) => {
            if (done) announce(t(redo ? "doc.redone" : "doc.undone"));
          }),
          t,
        );
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [session, t, togglePanel]);
}
