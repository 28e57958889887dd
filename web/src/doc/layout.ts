/** A page's layout: nested rows and columns of sections, as Grist saves it in `layoutSpec`. */
import { isRecord } from "../api/codec";

/** A leaf is a section; a box holds boxes side by side or one above the other, in turns from the page's top. */
export type LayoutBox =
  | { readonly kind: "leaf"; readonly sectionRef: number; readonly size: number }
  | { readonly kind: "split"; readonly direction: "row" | "column"; readonly children: readonly LayoutBox[]; readonly size: number };

export interface PageLayout {
  readonly root: LayoutBox | null;
  /** Sections that the author folded away. */
  readonly collapsed: readonly number[];
}

const PER_ROW = 2;

/** Reads a layout for these sections: those it does not name are added at the bottom, those that are gone are left out. */
export function readLayout(text: string, sectionRefs: readonly number[]): PageLayout {
  let spec: unknown = null;
  try {
    spec = text === "" ? null : JSON.parse(text);
  } catch {
    spec = null;
  }
  const left = new Set(sectionRefs);
  const collapsed: number[] = [];
  if (isRecord(spec) && Array.isArray(spec["collapsed"])) {
    for (const entry of spec["collapsed"]) {
      const leaf = isRecord(entry) ? entry["leaf"] : null;
      if (typeof leaf === "number" && left.delete(leaf)) collapsed.push(leaf);
    }
  }
  const known = readBox(spec, "column", left);
  const rows = inPairs([...left]);
  if (rows.length === 0) return { root: known, collapsed };
  const above = known === null ? [] : known.kind === "split" && known.direction === "column" ? known.children : [known];
  const children = [...above, ...rows];
  const only = children.length === 1 ? children[0] : undefined;
  return { root: only ?? { kind: "split", direction: "column", children, size: 1 }, collapsed };
}

function readBox(spec: unknown, direction: "row" | "column", left: Set<number>): LayoutBox | null {
  if (!isRecord(spec)) return null;
  const size = typeof spec["size"] === "number" && spec["size"] > 0 ? spec["size"] : 0;
  const leaf = spec["leaf"];
  if (typeof leaf === "number") return left.delete(leaf) ? { kind: "leaf", sectionRef: leaf, size } : null;
  if (!Array.isArray(spec["children"])) return null;
  const inner = direction === "row" ? "column" : "row";
  const children = spec["children"].map((child) => readBox(child, inner, left)).filter((child) => child !== null);
  if (children.length === 0) return null;
  const sized = children.filter((child) => child.size > 0);
  const usual = sized.length > 0 ? sized.reduce((sum, child) => sum + child.size, 0) / sized.length : 1;
  return { kind: "split", direction, size, children: children.map((child) => (child.size > 0 ? child : { ...child, size: usual })) };
}

function inPairs(refs: readonly number[]): LayoutBox[] {
  const rows: LayoutBox[] = [];
  for (let at = 0; at < refs.length; at += PER_ROW) {
    const children = refs.slice(at, at + PER_ROW).map((sectionRef): LayoutBox => ({ kind: "leaf", sectionRef, size: 1 }));
    const only = children.length === 1 ? children[0] : undefined;
    rows.push(only ?? { kind: "split", direction: "row", children, size: 1 });
  }
  return rows;
}

/** The sections of a layout in reading order. */
export function leaves(box: LayoutBox | null): number[] {
  if (!box) return [];
  return box.kind === "leaf" ? [box.sectionRef] : box.children.flatMap(leaves);
}
