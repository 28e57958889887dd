import { describe, expect, it } from "vitest";
import { Segments } from "./segments";

/** The same as a plain list with holes, to compare with. */
class Model {
  constructor(public rows: (number | null)[]) {}
  splice(index: number, removed: number, inserted: number[]): void {
    this.rows.splice(index, removed, ...inserted);
  }
}

function read(segments: Segments, length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => segments.get(index));
}

describe("Segments", () => {
  it("knows what was put, and where the holes are", () => {
    const segments = new Segments();
    segments.put(2, [20, 21]);
    segments.put(6, [26]);
    expect(read(segments, 8)).toEqual([null, null, 20, 21, null, null, 26, null]);
    expect(segments.covers(2, 4)).toBe(true);
    expect(segments.covers(2, 5)).toBe(false);
    segments.put(3, [31, 32, 33]);
    expect(segments.covers(2, 7)).toBe(true);
    expect(segments.indexOf(32)).toBe(4);
    expect(segments.indexOf(21)).toBeNull();
  });

  it("forgets what is far away", () => {
    const segments = new Segments();
    segments.put(0, [1, 2, 3, 4, 5]);
    segments.keepOnly(1, 3);
    expect(read(segments, 5)).toEqual([null, 2, 3, null, null]);
  });

  it("follows splices like a plain list", () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const model = new Model(Array.from({ length: 30 }, () => null));
      const segments = new Segments();
      for (let step = 0; step < 8; step++) {
        const length = model.rows.length;
        const index = random(length + 1);
        if (random(2) === 0) {
          const ids = Array.from({ length: Math.min(random(6), length - index) }, () => random(10_000));
          ids.forEach((id, at) => (model.rows[index + at] = id));
          segments.put(index, ids);
        } else {
          const removed = random(Math.min(5, length - index) + 1);
          const inserted = Array.from({ length: random(5) }, () => random(10_000));
          model.splice(index, removed, inserted);
          segments.splice(index, removed, inserted);
        }
        expect(read(segments, model.rows.length)).toEqual(model.rows);
      }
    }
  });
});
