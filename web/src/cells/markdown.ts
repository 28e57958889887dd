/**
 * Text in a safe part of Markdown: headings, lists, quotes, code, emphasis, links. Nodes are made one by one, no text of people
 * is ever read as HTML; images and HTML stay text.
 */
import type { CellValue } from "../grid/source";
import { make, setText } from "./dom";
import { alignmentOf, type CellKind } from "./kind";
import { anchor, safeAddress } from "./link";
import { editText } from "./text-editor";

export const markdownKind: CellKind = {
  name: "markdown",
  alignment: "left",
  paint(element, value) {
    const text = asText(value);
    if (/[*_`#~[\]>\n:-]|\d\./.test(text)) {
      element.replaceChildren(...markdownNodes(text));
    } else {
      setText(element, text);
    }
    return "plain";
  },
  edit(host, value, column, _context, start) {
    return editText(host, start.text ?? asText(value), start, {
      label: column.label,
      parse: (text) => text,
      alignment: alignmentOf(column, markdownKind),
    });
  },
  text: asText,
  parse: (text) => text,
};

/** The blocks of a text. */
export function markdownNodes(text: string): Node[] {
  const blocks: Node[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const fence = line.startsWith("```");
    const take = fence ? endOfFence(lines, at) : endOfBlock(lines, at);
    const block = fence ? codeBlock(lines.slice(at + 1, take)) : makeBlock(lines.slice(at, take));
    if (block) {
      blocks.push(block);
    }
    at = fence ? take + 1 : take;
  }
  return blocks;
}

type BlockKind = "blank" | "heading" | "bullet" | "number" | "quote" | "rule" | "text";

function blockKind(line: string): BlockKind {
  if (line.trim() === "") return "blank";
  if (/^#{1,6}\s/.test(line)) return "heading";
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return "rule";
  if (/^\s*[-*+]\s/.test(line)) return "bullet";
  if (/^\s*\d+[.)]\s/.test(line)) return "number";
  return /^\s*>/.test(line) ? "quote" : "text";
}

function endOfFence(lines: string[], start: number): number {
  const end = lines.findIndex((line, index) => index > start && line.startsWith("```"));
  return end < 0 ? lines.length : end;
}

function endOfBlock(lines: string[], start: number): number {
  const kind = blockKind(lines[start] ?? "");
  if (kind === "heading" || kind === "rule") {
    return start + 1;
  }
  let end = start + 1;
  while (end < lines.length && blockKind(lines[end] ?? "") === kind && !(lines[end] ?? "").startsWith("```")) {
    end += 1;
  }
  return end;
}

function codeBlock(lines: string[]): HTMLElement {
  const block = make("pre", "m-md-code");
  block.append(make("code", "", lines.join("\n")));
  return block;
}

function makeBlock(lines: string[]): HTMLElement | null {
  const first = lines[0] ?? "";
  switch (blockKind(first)) {
    case "blank":
      return null;
    case "rule":
      return make("hr", "m-md-rule");
    case "heading": {
      // A heading of a cell is none of the page: it only looks like one.
      const level = Math.min(/^#+/.exec(first)?.[0].length ?? 1, 3);
      return withInline(make("div", `m-md-heading m-md-heading-${level}`), first.replace(/^#+\s+/, ""));
    }
    case "bullet":
      return list(make("ul", "m-md-list"), lines, /^\s*[-*+]\s+/);
    case "number":
      return list(make("ol", "m-md-list"), lines, /^\s*\d+[.)]\s+/);
    case "quote":
      return withInline(make("blockquote", "m-md-quote"), lines.map((line) => line.replace(/^\s*>\s?/, "")).join("\n"));
    default:
      return withInline(make("div", "m-md-text"), lines.join("\n"));
  }
}

function list(element: HTMLElement, lines: string[], mark: RegExp): HTMLElement {
  for (const line of lines) {
    element.append(withInline(make("li", ""), line.replace(mark, "")));
  }
  return element;
}

const INLINE = [
  { mark: /`([^`]+)`/, wrap: (inner: string) => make("code", "m-md-inline", inner) },
  { mark: /\[([^\]]+)\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)/, wrap: (inner: string, address: string) => linked(inner, address) },
  { mark: /(https?:\/\/[^\s<>]+[^\s<>.,;:!?)\]}'"])/, wrap: (inner: string) => linked(inner, inner) },
  { mark: /\*\*([^*]+(?:\*[^*]+\*[^*]*)*)\*\*/, wrap: (inner: string) => withInline(make("strong", ""), inner) },
  { mark: /(?<![\p{L}\d])__([^_]+)__(?![\p{L}\d])/u, wrap: (inner: string) => withInline(make("strong", ""), inner) },
  { mark: /\*([^*\s](?:[^*]*[^*\s])?)\*/, wrap: (inner: string) => withInline(make("em", ""), inner) },
  { mark: /(?<![\p{L}\d])_([^_\s](?:[^_]*[^_\s])?)_(?![\p{L}\d])/u, wrap: (inner: string) => withInline(make("em", ""), inner) },
  { mark: /~~([^~]+)~~/, wrap: (inner: string) => withInline(make("s", ""), inner) },
];

/** Appends a text to an element, its marks turned into elements: the first mark in the text is taken, then what follows it. */
function withInline<Element extends HTMLElement>(element: Element, text: string): Element {
  let rest = text;
  while (rest !== "") {
    let found: { at: number; length: number; node: Node } | null = null;
    for (const { mark, wrap } of INLINE) {
      const match = mark.exec(rest);
      if (match && (!found || match.index < found.at)) {
        found = { at: match.index, length: match[0].length, node: wrap(match[1] ?? "", match[2] ?? "") };
      }
    }
    if (!found) {
      break;
    }
    element.append(rest.slice(0, found.at), found.node);
    rest = rest.slice(found.at + found.length);
  }
  element.append(rest);
  return element;
}

function linked(label: string, address: string): Node {
  const safe = safeAddress(address);
  return safe ? anchor(safe, label) : document.createTextNode(label);
}

function asText(value: CellValue): string {
  return value === null ? "" : String(value);
}
