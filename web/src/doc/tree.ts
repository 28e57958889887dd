/** Pages as a tree: the flat list with indentations that Grist saves, made into nodes. */
import type { PageInfo } from "../store/model";

export interface PageNode {
  readonly page: PageInfo;
  readonly depth: number;
  readonly hasChildren: boolean;
  /** Refs of the pages above, from the top. */
  readonly ancestors: readonly number[];
}

/** An indentation deeper than one below the page above is cut to that. */
export function pageNodes(pages: readonly PageInfo[]): PageNode[] {
  const path: PageInfo[] = [];
  const nodes: PageNode[] = [];
  pages.forEach((page, at) => {
    const depth = Math.min(Math.max(0, page.indentation), path.length);
    path.length = depth;
    const next = pages[at + 1];
    nodes.push({ page, depth, ancestors: path.map(({ ref }) => ref), hasChildren: next !== undefined && next.indentation > depth });
    path.push(page);
  });
  return nodes;
}

/** A page's icon and name: an emoji at the start of the name is its icon. */
export function splitIcon(name: string): { icon: string | null; text: string } {
  const match = /^(\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})*)\s*/u.exec(name);
  return match?.[1] ? { icon: match[1], text: name.slice(match[0].length) || name } : { icon: null, text: name };
}
