/** Links written as `text address`: the last word is the address. Only web pages and mail are linked. */
import type { CellValue } from "../grid/source";
import { icon, make, setText } from "./dom";
import { alignmentOf, type CellKind } from "./kind";
import { editText } from "./text-editor";

export const linkKind: CellKind = {
  name: "link",
  alignment: "left",
  paint(element, value) {
    const { label, address } = splitLink(asText(value));
    const safe = safeAddress(address);
    if (!safe) {
      setText(element, asText(value));
      return "plain";
    }
    const link = anchor(safe, "");
    link.append(icon("open"), label);
    element.replaceChildren(link);
    return "plain";
  },
  edit(host, value, column, _context, start) {
    return editText(host, start.text ?? asText(value), start, {
      label: column.label,
      parse: (text) => text,
      alignment: alignmentOf(column, linkKind),
    });
  },
  text: asText,
  parse: (text) => text,
};

/** `Moulin https://moulin.example/` → its two parts; without blanks the address is the label too. */
export function splitLink(text: string): { label: string; address: string } {
  const trimmed = text.trim();
  const cut = trimmed.search(/\s\S*$/);
  return cut < 0 ? { label: trimmed, address: trimmed } : { label: trimmed.slice(0, cut).trim(), address: trimmed.slice(cut + 1) };
}

/** The address to link, `null` when it is none or not of the web or mail (`javascript:` and others are never linked). */
export function safeAddress(address: string): string | null {
  if (/^(https?:\/\/|mailto:)\S+$/i.test(address)) {
    return address;
  }
  return /^[\p{L}\d-]+(\.[\p{L}\d-]+)+([/?#]\S*)?$/u.test(address) && /\.\p{L}{2,}([/?#]|$)/u.test(address) ? `https://${address}` : null;
}

/** A link that opens beside and tells the other site nothing. It is out of the tab order: the grid is one stop. */
export function anchor(address: string, label: string): HTMLAnchorElement {
  const link = make("a", "m-link", label);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.tabIndex = -1;
  return link;
}

function asText(value: CellValue): string {
  return value === null ? "" : String(value);
}
