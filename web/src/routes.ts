/** Grist's addresses: what they name, and how to write them. */

export interface CursorLink {
  readonly sectionRef: number;
  readonly rowId: number | "new" | null;
  readonly colRef: number | null;
}

export type Route =
  | { readonly page: "home" }
  | {
      readonly page: "document";
      readonly docId: string;
      /** A view's number, or "data" for the list of tables; `null` for the first page. */
      readonly view: number | "data" | null;
      readonly cursor: CursorLink | null;
    };

const RESERVED = new Set(["api", "o", "p", "ws", "admin", "account", "assets"]);

export function parseRoute(pathname: string, hash: string): Route {
  const parts = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (parts[0] === "o") parts.splice(0, 2);
  if (parts[0] === "doc") parts.shift();
  else if (parts[0] !== undefined && !RESERVED.has(parts[0]) && parts.length >= 2) parts.splice(1, parts[1] === "p" ? 0 : 1);
  else return { page: "home" };
  const [docId, ...rest] = parts;
  if (!docId) return { page: "home" };
  const at = rest.indexOf("p");
  const view = at >= 0 ? rest[at + 1] : undefined;
  const number = Number(view);
  return {
    page: "document",
    docId,
    view: view === "data" ? "data" : Number.isInteger(number) && number > 0 ? number : null,
    cursor: parseCursor(hash),
  };
}

/** Reads `#a1.s2.r3.c4`. */
export function parseCursor(hash: string): CursorLink | null {
  const parts = hash.replace(/^#/, "").split(".");
  if (!/^a\d$/.test(parts[0] ?? "")) return null;
  const find = (letter: string): string | undefined => parts.find((part) => part.startsWith(letter))?.slice(1);
  const sectionRef = Number(find("s"));
  if (!Number.isInteger(sectionRef) || sectionRef <= 0) return null;
  const row = find("r");
  const rowId = row === "new" ? "new" : Number.parseInt(row ?? "", 10);
  const colRef = Number.parseInt(find("c") ?? "", 10);
  return {
    sectionRef,
    rowId: rowId === "new" || Number.isInteger(rowId) ? rowId : null,
    colRef: Number.isInteger(colRef) ? colRef : null,
  };
}

export function documentPath(docId: string, view: number | "data" | null = null): string {
  const base = `/doc/${encodeURIComponent(docId)}`;
  return view === null ? base : `${base}/p/${view}`;
}

export function cursorHash({ sectionRef, rowId, colRef }: CursorLink): string {
  return `#a1.s${sectionRef}${rowId === null ? "" : `.r${rowId}`}${colRef === null ? "" : `.c${colRef}`}`;
}
