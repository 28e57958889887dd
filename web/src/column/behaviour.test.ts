import { expect, it } from "vitest";
import { behaviourOf, occasionCells, occasionOf, type Occasion } from "./behaviour";

it.each([
  [true, "", "empty"],
  [true, "$A", "formula"],
  [false, "", "data"],
  [false, "NOW()", "trigger"],
] as const)("isFormula %j with formula %j is %s", (isFormula, formula, behaviour) => {
  expect(behaviourOf({ isFormula, formula })).toBe(behaviour);
});

it.each([
  ["added", 0, null],
  ["listed", 0, ["L", 4, 7]],
  ["any", 2, null],
  ["never", 1, null],
] as const)("%s is kept as Grist keeps it, and read back", (occasion: Occasion, recalcWhen, recalcDeps) => {
  expect(occasionCells(occasion, [4, 7])).toEqual({ recalcWhen, recalcDeps });
  expect(occasionOf(recalcWhen, recalcDeps === null ? [] : [4, 7])).toBe(occasion);
});
