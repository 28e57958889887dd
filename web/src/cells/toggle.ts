/** Toggles: a box, a switch or a word. Space, Enter and a click change them; there is no editor. */
import { parseBoolean } from "../format/parse";
import type { CellValue, GridColumn } from "../grid/source";
import { make, setText } from "./dom";
import type { CellContext, CellKind } from "./kind";

export const toggleKind: CellKind = {
  name: "toggle",
  alignment: "center",
  paint(element, value, column, context) {
    const widget = column.options["widget"];
    if (widget === "TextBox") {
      setText(element, word(value, context));
      return "plain";
    }
    const shape = widget === "Switch" ? "m-switch" : "m-box";
    const first = element.firstElementChild;
    const mark = first instanceof HTMLElement && first === element.lastChild && first.dataset["mark"] ? first : makeMark(element);
    const className = `${shape}${isOn(value) ? " is-on" : ""}`;
    if (mark.className !== className) {
      mark.className = className;
      // A box is off where there is nothing, and says so.
      mark.setAttribute("aria-label", word(isOn(value), context));
    }
    return "plain";
  },
  edit: () => null,
  text: (value) => (value === null ? "" : String(isOn(value))),
  announce: (value: CellValue, _column: GridColumn, context: CellContext) => word(value, context),
  parse: (text) => (text.trim() === "" ? null : (parseBoolean(text) ?? text)),
  toggled: (value) => !isOn(value),
};

function makeMark(element: HTMLElement): HTMLElement {
  const mark = make("span", "");
  mark.dataset["mark"] = "toggle";
  mark.setAttribute("role", "img");
  element.replaceChildren(mark);
  return mark;
}

function isOn(value: CellValue): boolean {
  return value === true || value === 1;
}

function word(value: CellValue, context: CellContext): string {
  return value === null ? "" : context.t(isOn(value) ? "cell.yes" : "cell.no");
}
