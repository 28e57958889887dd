import { expect, it } from "vitest";
import { toCompletions } from "./completions";

it("shows columns with their example and functions with their arguments", () => {
  const result = toCompletions([["$Name", "'Ada'"], [["SUM", "(value1, *more_values)", true], null], ["rec", null]], 3);
  expect(result?.from).toBe(3);
  expect(result?.options).toEqual([
    { label: "$Name", type: "property", detail: "'Ada'" },
    { label: "SUM", type: "function", apply: "SUM(", detail: "(value1, *more_values)" },
    { label: "rec", type: "variable" },
  ]);
});

it.each([[null], [[]], ["text"]])("gives nothing for %j", (answer) => {
  expect(toCompletions(answer, 0)).toBeNull();
});
