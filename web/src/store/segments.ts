/**
 * Which row stands at which index, for the parts of a long list that are known.
 *
 * A window may be a million rows long while a few hundred are loaded, so the known parts are kept as separate runs, and an insertion or removal moves
 * only the starts of the runs behind it. It does not hold cells.
 */

interface Run {
  start: number;
  ids: number[];
}

export class Segments {
  #runs: Run[] = [];

  get(index: number): number | null {
    const run = this.#runs.find((candidate) => index >= candidate.start && index < candidate.start + candidate.ids.length);
    return run?.ids[index - run.start] ?? null;
  }

  /** The index of a known row, else `null`. */
  indexOf(rowId: number): number | null {
    for (const run of this.#runs) {
      const at = run.ids.indexOf(rowId);
      if (at >= 0) return run.start + at;
    }
    return null;
  }

  *known(): Iterable<number> {
    for (const run of this.#runs) yield* run.ids;
  }

  /** Whether every index in `[start, end)` is known. */
  covers(start: number, end: number): boolean {
    let next = start;
    for (const run of this.#runs) {
      if (run.start > next) break;
      next = Math.max(next, run.start + run.ids.length);
    }
    return next >= end;
  }

  clear(): void {
    this.#runs = [];
  }

  /** Sets the rows from `start` on; what was known there before is replaced. */
  put(start: number, ids: readonly number[]): void {
    const end = start + ids.length;
    this.#cut(start, end);
    this.#runs.push({ start, ids: [...ids] });
    this.#tidy();
  }

  /** Forgets everything outside `[start, end)`. */
  keepOnly(start: number, end: number): void {
    this.#runs = this.#runs.flatMap((run) => slice(run, start, end));
  }

  /** Replaces `removed` rows at `index` by others, and moves the rest. */
  splice(index: number, removed: number, inserted: readonly number[]): void {
    const before = this.#runs.flatMap((run) => slice(run, 0, index));
    const shift = inserted.length - removed;
    const after = this.#runs
      .flatMap((run) => slice(run, index + removed, Number.POSITIVE_INFINITY))
      .map((run) => ({ start: run.start + shift, ids: run.ids }));
    const middle = inserted.length > 0 ? [{ start: index, ids: [...inserted] }] : [];
    this.#runs = [...before, ...middle, ...after];
    this.#tidy();
  }

  #cut(start: number, end: number): void {
    this.#runs = this.#runs.flatMap((run) => [...slice(run, 0, start), ...slice(run, end, Number.POSITIVE_INFINITY)]);
  }

  #tidy(): void {
    this.#runs.sort((a, b) => a.start - b.start);
    const merged: Run[] = [];
    for (const run of this.#runs) {
      const last = merged.at(-1);
      if (last && last.start + last.ids.length === run.start) last.ids.push(...run.ids);
      else merged.push(run);
    }
    this.#runs = merged;
  }
}

function slice(run: Run, start: number, end: number): Run[] {
  const from = Math.max(run.start, start);
  const to = Math.min(run.start + run.ids.length, end);
  return from < to ? [{ start: from, ids: run.ids.slice(from - run.start, to - run.start) }] : [];
}
