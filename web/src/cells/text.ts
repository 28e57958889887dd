/** Text: plain, with addresses of web pages as links. */
import type { CellValue } from "../grid/source";
import { setText } from "./dom";
import { alignmentOf, type CellKind } from "./kind";
import { anchor, safeAddress } from "./link";
import { editText } from "./text-editor";

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g;

export const textKind: CellKind = {
  name: "text",
  alignment: "left",
  paint(element, value) {
    const text = asText(value);
    if (text.includes("://")) {
      paintWithLinks(element, text);
    } else {
      setText(element, text);
    }
    return "plain";
  },
  edit(host, value, column, _context, start) {
    return editText(host, start.text ?? asText(value), start, {
      label: column.label,
      parse: (text) => text,
      alignment: alignmentOf(column, textKind),
    });
  },
  text: asText,
  parse: (text) => text,
};

function asText(value: CellValue): string {
  return value === null ? "" : String(value);
}

function paintWithLinks(element: HTMLElement, text: string): void {
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = safeAddress(match[0]);
    if (address) {
      nodes.push(text.slice(end, match.index), anchor(address, match[0]));
      end = match.index + match[0].length;
    }
  }
  element.replaceChildren(...nodes, text.slice(end));
}
