/** Sums of many small numbers that change now and then (a Fenwick tree): both a sum and a change cost log n. */
export class Fenwick {
  readonly #tree: Float64Array;

  constructor(readonly size: number) {
    this.#tree = new Float64Array(size + 1);
  }

  add(index: number, delta: number): void {
    for (let at = index + 1; at <= this.size; at += at & -at) this.#tree[at] = (this.#tree[at] ?? 0) + delta;
  }

  /** The sum of the elements before `end`. */
  sum(end: number): number {
    let sum = 0;
    for (let at = Math.min(end, this.size); at > 0; at -= at & -at) sum += this.#tree[at] ?? 0;
    return sum;
  }

  /** The last index whose sum, each element being `base` larger, is at most `target`. */
  search(target: number, base: number): number {
    let at = 0;
    let rest = target;
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.size))); step >= 1; step /= 2) {
      const next = at + step;
      if (next > this.size) continue;
      const weight = (this.#tree[next] ?? 0) + step * base;
      if (weight <= rest) {
        at = next;
        rest -= weight;
      }
    }
    return at;
  }
}
