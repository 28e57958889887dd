import { describe, expect, it } from "vitest";
import { Fenwick } from "./fenwick";
import { ColumnPlaces, RowHeights, ScrollMap } from "./geometry";

/** Numbers that look random and are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

describe("Fenwick", () => {
  it("sums and finds as a plain list does", () => {
    const random = numbers(7);
    const next = (): number => random.next().value;
    for (let round = 0; round < 20; round++) {
      const size = (next() % 60) + 1;
      const list = Array.from({ length: size }, () => 0);
      const tree = new Fenwick(size);
      for (let change = 0; change < 40; change++) {
        const at = next() % size;
        const value = next() % 50;
        tree.add(at, value - (list[at] ?? 0));
        list[at] = value;
      }
      const sums = list.map((_, at) => list.slice(0, at).reduce((a, b) => a + b, 0));
      expect(sums.map((_, at) => tree.sum(at))).toEqual(sums);
      for (const target of [0, 29, 30, 31, 500, 10_000]) {
        const expected = sums.findLastIndex((sum, at) => sum + at * 30 <= target);
        expect(Math.min(tree.search(target, 30), size - 1)).toBe(expected);
      }
    }
  });
});

describe("RowHeights", () => {
  it("places equal rows without a tree", () => {
    const heights = new RowHeights(1_000_000, 30, false);
    expect(heights.total).toBe(30_000_000);
    expect(heights.at(heights.top(765_432))).toBe(765_432);
    expect(heights.at(heights.top(765_432) - 1)).toBe(765_431);
    expect(heights.set(3, 90)).toBe(false);
  });

  it("moves what is below a higher row", () => {
    const heights = new RowHeights(100, 30, true);
    expect(heights.set(2, 90)).toBe(true);
    expect(heights.set(2, 90)).toBe(false);
    expect([heights.top(2), heights.top(3), heights.height(2), heights.total]).toEqual([60, 150, 90, 3060]);
    expect([59, 60, 149, 150].map((y) => heights.at(y))).toEqual([1, 2, 2, 3]);
    heights.set(2, 30);
    expect(heights.total).toBe(3000);
  });

  it("stays inside", () => {
    const heights = new RowHeights(3, 30, true);
    expect([heights.at(-5), heights.at(1e9)]).toEqual([0, 2]);
    expect(heights.set(3, 99)).toBe(false);
  });
});

describe("ColumnPlaces", () => {
  const places = new ColumnPlaces([100, 50, 200, 80, 120], 1);

  it.each([
    [0, 300, [1, 3]],
    [60, 300, [2, 4]],
    [250, 300, [3, 5]],
    [0, 1000, [1, 5]],
  ])("scrolled by %i, %i wide", (scroll, view, seen) => {
    expect(places.visible(scroll, view)).toEqual(seen);
  });

  it("finds what is under a point, frozen columns first", () => {
    expect([0, 99, 100, 149, 150].map((x) => places.seenAt(x, 0))).toEqual([0, 0, 1, 1, 2]);
    expect(places.seenAt(99, 200)).toBe(0);
    expect(places.seenAt(101, 200)).toBe(2);
  });

  it("scrolls no further than it takes", () => {
    expect(places.scrollFor(0, 200, 300)).toBe(200);
    expect(places.scrollFor(4, 0, 300)).toBe(250);
    expect(places.scrollFor(1, 200, 300)).toBe(0);
    expect(places.scrollFor(2, 20, 340)).toBe(20);
  });

  it("has room for no columns", () => {
    const none = new ColumnPlaces([], 2);
    expect([none.frozen, none.total, none.at(50), none.visible(0, 500)]).toEqual([0, 0, -1, [0, 0]]);
  });
});

describe("ScrollMap", () => {
  it("is the browser's own position while that reaches", () => {
    const map = new ScrollMap();
    map.resize(90_000, 900);
    map.scrolled(1234);
    expect([map.position, map.spacer, map.drift()]).toEqual([1234, 90_000, null]);
    expect(map.moveTo(1e9)).toBe(89_100);
  });

  it("moves exact pixels by the wheel and everything by the bar, in tables higher than an element may be", () => {
    const map = new ScrollMap();
    map.resize(30_000_000, 900);
    expect(map.spacer).toBe(15_000_000);
    map.scrolled(100);
    map.scrolled(350);
    expect(map.position).toBe(350);
    map.scrolled(7_499_550);
    expect(map.position).toBeCloseTo(14_999_550, -1);
    const before = map.position;
    map.scrolled(7_499_650);
    expect(map.position).toBe(before + 100);
    const fitting = map.drift();
    expect(fitting).toBeCloseTo(7_499_600, 0);
    map.confirm(fitting ?? 0);
    expect(map.position).toBe(before + 100);
    expect(map.drift()).toBeNull();
  });

  it("reaches both ends", () => {
    const map = new ScrollMap();
    map.resize(30_000_000, 900);
    map.scrolled(14_999_100);
    expect(map.position).toBe(29_999_100);
    map.scrolled(0);
    expect(map.position).toBe(0);
    map.confirm(map.moveTo(29_999_100));
    expect(map.position).toBe(29_999_100);
  });
});
