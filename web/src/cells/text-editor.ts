/**
 * The plain text editor of a cell: a text area that grows with its text.
 *
 * It is made and focused at once, within the key event that opens it, so that dead keys and input methods write into it.
 */
import type { CellValue } from "../grid/source";
import { make } from "./dom";
import type { CellEditor, EditStart } from "./kind";

export interface TextEditing {
  label: string;
  parse(text: string): CellValue;
  /** Only one line: Shift+Enter adds none. */
  single?: boolean;
  alignment?: string;
  inputMode?: string;
  /** Keys of the kind itself, before the owner's; `true` when used up. */
  onKey?(event: KeyboardEvent, area: HTMLTextAreaElement): boolean;
}

/** Opens a text area in `host`, which is as large as the cell and may grow. */
export function editText(host: HTMLElement, text: string, start: EditStart, editing: TextEditing): CellEditor {
  const area = make("textarea", "m-edit-text");
  area.rows = 1;
  area.value = start.replace ? "" : text;
  area.setAttribute("aria-label", editing.label);
  area.spellcheck = false;
  area.autocomplete = "off";
  if (editing.inputMode) {
    area.inputMode = editing.inputMode;
  }
  if (editing.alignment && editing.alignment !== "left") {
    area.style.textAlign = editing.alignment;
  }
  const least = host.offsetHeight;
  const grow = (): void => {
    area.style.height = "auto";
    area.style.height = `${Math.max(area.scrollHeight, least)}px`;
  };
  area.addEventListener("input", grow);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (editing.onKey?.(event, area) || (editing.single && event.key === "Enter" && event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
      grow();
    }
  });
  host.append(area);
  grow();
  return {
    value: () => editing.parse(area.value),
    text: () => area.value,
    focus() {
      area.focus({ preventScroll: true });
      area.setSelectionRange(area.value.length, area.value.length);
    },
    destroy: () => area.remove(),
  };
}
