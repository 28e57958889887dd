/** Small moves on elements that paint cells: all reuse what is there. */

/** Shows the text alone; an only text node is reused. */
export function setText(element: HTMLElement, text: string): void {
  const first = element.firstChild;
  if (first instanceof Text && first === element.lastChild) {
    if (first.data !== text) {
      first.data = text;
    }
  } else {
    element.textContent = text;
  }
}

/** A new element with a class and, perhaps, text. */
export function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, text?: string): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") {
    element.className = className;
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

/** An icon drawn by the style sheet's mask `--icon`; it says nothing to assistive technology. */
export function icon(name: string): HTMLSpanElement {
  const element = make("span", `m-icon m-icon-${name}`);
  element.setAttribute("aria-hidden", "true");
  return element;
}

let ids = 0;

/** An id not used in the page yet. */
export function freshId(prefix: string): string {
  ids += 1;
  return `${prefix}-${ids}`;
}
