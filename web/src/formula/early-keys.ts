/**
 * Keys typed between asking for the formula editor and its being there: its code is loaded when it is first needed, and nothing typed meanwhile may be lost.
 *
 * A text field stands in its place at once; the editor takes over what is in it.
 */

export interface EarlyText {
  readonly text: string;
  /** Enter or Escape was pressed already. */
  readonly ended: "save" | "cancel" | null;
}

export interface EarlyKeys {
  /** What had the focus before. */
  readonly returnTo: Element | null;
  /** What was typed; the field goes. */
  take(): EarlyText;
}

export function catchKeys(at: DOMRect, label: string): EarlyKeys {
  const returnTo = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "formula-early";
  field.rows = 1;
  field.setAttribute("aria-label", label);
  Object.assign(field.style, { left: `${at.left}px`, top: `${at.top}px`, width: `${at.width}px`, height: `${at.height}px` });
  let ended: EarlyText["ended"] = null;
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && !event.shiftKey) ended ??= "save";
    else if (event.key === "Escape") ended ??= "cancel";
    else if (ended === null) return;
    event.preventDefault();
  });
  document.body.append(field);
  field.focus({ preventScroll: true });
  return {
    returnTo,
    take() {
      const text = field.value;
      field.remove();
      return { text, ended };
    },
  };
}
