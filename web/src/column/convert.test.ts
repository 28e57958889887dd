import { expect, it } from "vitest";
import { choicesIn } from "./convert";

it.each([
  ["texts become choices, in order", "Text", {}, "Choice", ["b", "a", "b", "", null], ["a", "b"]],
  ["lists written in texts are taken apart", "Text", {}, "ChoiceList", ["b, a", "c"], ["a", "b", "c"]],
  ["one choice may hold a comma", "Text", {}, "Choice", ["Paris, Texas"], ["Paris, Texas"]],
  ["choices that were there come first", "Choice", { choices: ["z", "b"] }, "ChoiceList", ["b", "a"], ["z", "b", "a"]],
  ["numbers are choices as they are written", "Numeric", {}, "Choice", [2, 1], ["1", "2"]],
  ["lists give their elements", "ChoiceList", { choices: ["a"] }, "Choice", [["L", "b", "a"]], ["a", "b"]],
] as const)("%s", (_, type, options, target, values, expected) => {
  expect(choicesIn({ type, options }, target, values as never)).toEqual(expected);
});
