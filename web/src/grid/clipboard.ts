/**
 * Cells as text for the clipboard, and back. Pure but for the browser's own HTML parser.
 *
 * Two forms are written: text with tabs, that every program reads, and an HTML table which also holds the values, so that nothing is lost between grids.
 */
import type { CellValue } from "./source";

/** One copied or pasted cell. */
export interface CopiedCell {
  readonly text: string;
  /** The value itself and its type, from a grid of ours. */
  readonly value?: CellValue;
  readonly type?: string;
}

export interface Copied {
  readonly cells: readonly (readonly CopiedCell[])[];
  /** The document that it comes from. */
  readonly document?: string;
}

/** Text with tabs; cells with tabs, line ends or quotes are quoted, as spreadsheets do. */
export function toTsv(cells: Copied["cells"]): string {
  const quoted = (text: string): string => (/[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return cells.map((row) => row.map(({ text }) => quoted(text)).join("\t")).join("\n");
}

export function toHtml({ cells, document: source }: Copied): string {
  const types = cells[0]?.map(({ type }) => type ?? "") ?? [];
  const columns = types.map((type) => `<col data-type="${escape(type)}">`).join("");
  const rows = cells.map((row) => `<tr>${row.map(htmlCell).join("")}</tr>`).join("");
  return `<meta charset="utf-8"><table data-moulin="${escape(source ?? "")}"><colgroup>${columns}</colgroup><tbody>${rows}</tbody></table>`;
}

function htmlCell({ text, value }: CopiedCell): string {
  const held = value === undefined || value === text ? "" : ` data-value="${escape(JSON.stringify(value))}"`;
  return `<td${held}>${escape(text).replaceAll("\n", "<br>")}</td>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Reads text with tabs. A quoted cell may hold tabs and line ends; a last line end begins no row. */
export function parseTsv(text: string): CopiedCell[][] {
  const all = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(/\n$/, "");
  const cell = /"((?:[^"]|"")*)"(?=[\t\n]|$)|[^\t\n]*/y;
  const rows: CopiedCell[][] = [[]];
  for (let at = 0; ; ) {
    cell.lastIndex = at;
    const [whole = "", quoted] = cell.exec(all) ?? [];
    rows.at(-1)?.push({ text: quoted === undefined ? whole : quoted.replaceAll('""', '"') });
    at += whole.length;
    if (at >= all.length) return rows;
    if (all[at] === "\n") rows.push([]);
    at += 1;
  }
}

/** The first table of an HTML text; `null` when there is none. */
export function parseHtml(html: string): Copied | null {
  if (!/<table/i.test(html)) return null;
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const source = table.getAttribute("data-moulin");
  const types = [...table.querySelectorAll("col")].map((column) => column.getAttribute("data-type") ?? "");
  const cells = [...table.rows].map((row) => [...row.cells].flatMap((cell, at) => {
    const copied = source === null ? { text: textOf(cell) } : ownCell(cell, types[at] ?? "");
    return [copied, ...Array.from({ length: Math.max(0, cell.colSpan - 1) }, () => ({ text: "" }))];
  }));
  const filled = cells.filter((row) => row.length > 0);
  if (filled.length === 0) return null;
  return source === null ? { cells: filled } : { cells: filled, document: source };
}

function ownCell(cell: HTMLTableCellElement, type: string): CopiedCell {
  const text = lines(cell);
  const held = cell.getAttribute("data-value");
  if (held === null) return { text, value: text, type };
  try {
    return { text, value: JSON.parse(held) as CellValue, type };
  } catch {
    return { text };
  }
}

function lines(cell: Element): string {
  for (const end of cell.querySelectorAll("br")) end.replaceWith("\n");
  return cell.textContent ?? "";
}

/** The text of a cell of others: blanks count as in HTML, line breaks where there are such. */
function textOf(cell: Element): string {
  for (const node of cell.querySelectorAll("br, p + p, div + div")) {
    if (node.tagName === "BR") node.replaceWith("\ue000");
    else node.prepend("\ue000");
  }
  return (cell.textContent ?? "").replace(/[ \t\r\n]+/g, " ").replace(/ ?\ue000 ?/g, "\n").trim();
}

/**
 * How a paste covers a selection: one value fills it all, a block is repeated where the selection is a multiple of it, else the block goes where it
 * fits from the selection's first cell.
 */
export function pasteSize(block: { rows: number; columns: number }, selected: { rows: number; columns: number }): { rows: number; columns: number } {
  const fits = selected.rows % block.rows === 0 && selected.columns % block.columns === 0;
  return fits ? selected : block;
}
