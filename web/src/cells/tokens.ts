/** Choices and references as small filled labels. */
import type { CellStyle } from "../grid/source";
import { make, setText } from "./dom";
import { cssOf } from "./style";

export function token(label: string, style: CellStyle | null, invalid = false): HTMLSpanElement {
  const element = make("span", invalid ? "m-token is-invalid" : "m-token", label);
  const css = cssOf(style);
  if (css !== "") {
    element.style.cssText = css;
  }
  return element;
}

/** What a token shows. */
export interface TokenSpec {
  label: string;
  style: CellStyle | null;
  invalid?: boolean;
}

/** Fills the cell with tokens; those that are there are reused. */
export function paintTokens(element: HTMLElement, specs: readonly TokenSpec[]): void {
  let child = element.firstChild;
  if (child instanceof Text) {
    element.textContent = "";
    child = null;
  }
  for (const spec of specs) {
    if (child instanceof HTMLElement && child.dataset["token"] !== undefined) {
      reuse(child, spec);
      child = child.nextSibling;
    } else {
      const made = token(spec.label, spec.style, spec.invalid);
      made.dataset["token"] = "";
      element.insertBefore(made, child);
    }
  }
  while (child) {
    const next: ChildNode | null = child.nextSibling;
    child.remove();
    child = next;
  }
}

function reuse(element: HTMLElement, spec: TokenSpec): void {
  setText(element, spec.label);
  const css = cssOf(spec.style);
  if (element.dataset["token"] !== css) {
    element.style.cssText = css;
    element.dataset["token"] = css;
  }
  const className = spec.invalid ? "m-token is-invalid" : "m-token";
  if (element.className !== className) {
    element.className = className;
  }
}
