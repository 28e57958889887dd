/**
 * Where rows and columns are, in pixels. Pure: it knows no element.
 *
 * Browsers cap the height of elements, so the scroll bar of a very long table stands for more pixels than it has ({@link ScrollMap}).
 */
import { Fenwick } from "./fenwick";

/** Chromium clamps at 33.5 million pixels, others near 17 million. */
const LARGEST_SPACER = 15_000_000;
/** A native scroll of more than this many screens comes from the scroll bar, not from a wheel. */
const JUMP_SCREENS = 4;

/** Heights of rows: all the same, or the same plus what is known to be more. */
export class RowHeights {
  readonly #extra: Fenwick | null;
  readonly #known = new Map<number, number>();

  constructor(
    readonly count: number,
    readonly base: number,
    variable: boolean,
  ) {
    this.#extra = variable ? new Fenwick(count) : null;
  }

  get total(): number {
    return this.top(this.count);
  }

  top(index: number): number {
    return index * this.base + (this.#extra?.sum(index) ?? 0);
  }

  height(index: number): number {
    return this.base + (this.#known.get(index) ?? 0);
  }

  /** The row at `y`, the nearest one when there is none. */
  at(y: number): number {
    const index = this.#extra ? this.#extra.search(y, this.base) : Math.floor(y / this.base);
    return Math.max(0, Math.min(index, this.count - 1));
  }

  /** Says how high a row is; whether that is news. */
  set(index: number, height: number): boolean {
    if (!this.#extra || index >= this.count) return false;
    const extra = Math.max(0, height - this.base);
    const before = this.#known.get(index) ?? 0;
    if (extra === before) return false;
    this.#extra.add(index, extra - before);
    if (extra === 0) this.#known.delete(index);
    else this.#known.set(index, extra);
    return true;
  }
}

/** Places of columns, from the left edge of the row header's end. */
export class ColumnPlaces {
  readonly lefts: number[] = [];
  readonly total: number;
  /** How wide the columns are that stay. */
  readonly frozenWidth: number;
  readonly frozen: number;

  constructor(
    readonly widths: readonly number[],
    frozen: number,
  ) {
    let left = 0;
    for (const width of widths) {
      this.lefts.push(left);
      left += width;
    }
    this.total = left;
    this.frozen = Math.max(0, Math.min(frozen, widths.length));
    this.frozenWidth = this.lefts[this.frozen] ?? left;
  }

  get count(): number {
    return this.widths.length;
  }

  left(index: number): number {
    return this.lefts[index] ?? this.total;
  }

  width(index: number): number {
    return this.widths[index] ?? 0;
  }

  /** The column at `x` of the whole width; the nearest one when there is none, -1 without columns. */
  at(x: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.left(middle) <= x) low = middle;
      else high = middle - 1;
    }
    return Math.min(low, this.count - 1);
  }

  /** The column at `x` of what is seen when scrolled by `scroll`. */
  seenAt(x: number, scroll: number): number {
    return this.at(x < this.frozenWidth ? x : x + scroll);
  }

  /** The columns that move and are seen, `[start, end)`. */
  visible(scroll: number, view: number): [number, number] {
    if (this.frozen >= this.count) return [this.frozen, this.frozen];
    const start = Math.max(this.frozen, this.at(scroll + this.frozenWidth));
    return [start, Math.min(this.count, Math.max(start, this.at(scroll + view)) + 1)];
  }

  /** How far to scroll so that the column is seen whole. */
  scrollFor(index: number, scroll: number, view: number): number {
    if (index < this.frozen) return scroll;
    const left = this.left(index);
    const right = left + this.width(index);
    if (left - this.frozenWidth < scroll) return left - this.frozenWidth;
    return right > scroll + view ? Math.min(right - view, left - this.frozenWidth) : scroll;
  }
}

/** Between the native scroll position and the exact one: the wheel moves exact pixels, the scroll bar covers everything. */
export class ScrollMap {
  position = 0;
  #total = 0;
  #view = 0;
  #native = 0;

  get spacer(): number {
    return Math.min(this.#total, LARGEST_SPACER);
  }

  get #most(): number {
    return Math.max(0, this.#total - this.#view);
  }

  get #ratio(): number {
    return this.#total <= LARGEST_SPACER ? 1 : this.#most / (LARGEST_SPACER - this.#view);
  }

  /** The whole height and the seen one. */
  resize(total: number, view: number): void {
    this.#total = total;
    this.#view = view;
    this.position = Math.max(0, Math.min(this.position, this.#most));
  }

  /** Takes a native position. */
  scrolled(native: number): void {
    const delta = native - this.#native;
    this.#native = native;
    if (this.#ratio === 1) this.position = Math.min(native, this.#most);
    else if (native <= 0) this.position = 0;
    else if (native >= LARGEST_SPACER - this.#view) this.position = this.#most;
    else if (Math.abs(delta) <= JUMP_SCREENS * this.#view) this.position = Math.max(0, Math.min(this.position + delta, this.#most));
    else this.position = native * this.#ratio;
  }

  /** Goes to an exact position; gives the native one to set. */
  moveTo(position: number): number {
    this.position = Math.max(0, Math.min(position, this.#most));
    return this.position / this.#ratio;
  }

  /** The browser's own word on the native position just set. */
  confirm(native: number): void {
    this.#native = native;
  }

  /** After scrolling has ended: the native position that fits the exact one, when they have drifted apart. */
  drift(): number | null {
    const fitting = this.position / this.#ratio;
    return this.#ratio !== 1 && Math.abs(fitting - this.#native) > 1 ? fitting : null;
  }
}
