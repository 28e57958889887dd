import { describe, expect, it } from "vitest";
import { clamp, contains, extended, isSingle, moved, rangeOf, selectionAt, type Bounds, type Extent } from "./selection";

const BOUNDS: Bounds = { rows: 11, records: 10, columns: 5 };
const EDGE = Number.POSITIVE_INFINITY;

describe("moving the cursor", () => {
  it.each([
    [1, 0, 4, 2],
    [EDGE, 0, 10, 2],
    [-EDGE, 0, 0, 2],
    [0, EDGE, 3, 4],
    [0, -7, 3, 0],
    [-EDGE, -EDGE, 0, 0],
  ])("by %d, %d", (rows, columns, row, column) => {
    expect(moved(selectionAt(3, 2), rows, columns, BOUNDS).cursor).toEqual({ row, column });
  });

  it("ends a selection", () => {
    expect(isSingle(moved({ ...selectionAt(3, 2), extent: "all" }, 1, 0, BOUNDS))).toBe(true);
  });
});

describe("extending", () => {
  it("leaves the cursor where it is", () => {
    const selection = extended(selectionAt(3, 2), 2, -1, BOUNDS);
    expect(selection.cursor).toEqual({ row: 3, column: 2 });
    expect(rangeOf(selection, BOUNDS)).toEqual({ top: 3, bottom: 5, left: 1, right: 2 });
  });

  it("ends at the last record, not at the row for adding", () => {
    expect(rangeOf(extended(selectionAt(3, 2), EDGE, 0, BOUNDS), BOUNDS).bottom).toBe(9);
  });
});

it.each<[Extent, number[]]>([
  ["cells", [2, 4, 1, 3]],
  ["rows", [2, 4, 0, 4]],
  ["columns", [0, 9, 1, 3]],
  ["all", [0, 9, 0, 4]],
])("the range of selected %s", (extent, [top, bottom, left, right]) => {
  const range = rangeOf({ cursor: { row: 4, column: 1 }, head: { row: 2, column: 3 }, extent }, BOUNDS);
  expect(range).toEqual({ top, bottom, left, right });
});

it("knows what is in a range", () => {
  const range = { top: 1, bottom: 3, left: 2, right: 2 };
  expect([contains(range, 1, 2), contains(range, 3, 2), contains(range, 4, 2), contains(range, 2, 1)]).toEqual([true, true, false, false]);
});

it("stays inside when rows go away, also when none is left", () => {
  expect(clamp(selectionAt(10, 4), { rows: 3, records: 2, columns: 2 }).cursor).toEqual({ row: 2, column: 1 });
  expect(clamp(selectionAt(10, 4), { rows: 0, records: 0, columns: 0 }).cursor).toEqual({ row: 0, column: 0 });
});
