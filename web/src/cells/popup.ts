/** A box under an editor (a list, a calendar). It lies in the browser's top layer, so nothing clips it. */
import { make } from "./dom";

export interface Popup {
  readonly element: HTMLElement;
  /** Puts the box under its anchor, or above where there is no room below. */
  place(): void;
  close(): void;
}

const GAP = 2;

export function openPopup(anchor: HTMLElement, className: string): Popup {
  const element = make("div", `m-popup ${className}`);
  element.popover = "manual";
  // A press in the box must not take the focus from the editor.
  element.addEventListener("pointerdown", (event) => event.preventDefault());
  element.addEventListener("mousedown", (event) => event.preventDefault());
  anchor.append(element);
  element.showPopover?.();

  const place = (): void => {
    const at = anchor.getBoundingClientRect();
    const height = element.offsetHeight;
    const below = window.innerHeight - at.bottom;
    const above = below < height + GAP && at.top > below;
    element.style.left = `${Math.max(0, Math.min(at.left, window.innerWidth - element.offsetWidth))}px`;
    element.style.top = `${above ? Math.max(0, at.top - height - GAP) : at.bottom + GAP}px`;
    element.style.minWidth = `${at.width}px`;
  };
  const follow = (event: Event): void => {
    if (!(event.target instanceof Node && element.contains(event.target))) {
      requestAnimationFrame(place);
    }
  };
  document.addEventListener("scroll", follow, { capture: true, passive: true });
  window.addEventListener("resize", follow);
  return {
    element,
    place,
    close() {
      document.removeEventListener("scroll", follow, { capture: true });
      window.removeEventListener("resize", follow);
      element.remove();
    },
  };
}
