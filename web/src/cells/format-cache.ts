/** Formatted texts, remembered per column and value: `Intl` costs microseconds per call, scrolling asks for thousands. */
import type { CellValue, GridColumn } from "../grid/source";
import type { CellContext } from "./kind";

const LIMIT = 4000;

interface ColumnCache {
  format(value: CellValue): string;
  texts: Map<CellValue, string>;
}

const caches = new WeakMap<CellContext, WeakMap<GridColumn, ColumnCache>>();

/** The text of a simple value. `build` makes the column's formatter, once: columns and contexts are never changed in place. */
export function cachedText(
  column: GridColumn, context: CellContext, value: CellValue, build: () => (value: CellValue) => string,
): string {
  let columns = caches.get(context);
  if (!columns) {
    columns = new WeakMap();
    caches.set(context, columns);
  }
  let cache = columns.get(column);
  if (!cache) {
    cache = { format: build(), texts: new Map() };
    columns.set(column, cache);
  }
  let text = cache.texts.get(value);
  if (text === undefined) {
    text = cache.format(value);
    if (cache.texts.size >= LIMIT) {
      cache.texts.clear();
    }
    cache.texts.set(value, text);
  }
  return text;
}
