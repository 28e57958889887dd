import { expect, it } from "vitest";
import { moveChoice, readChoices, renameChoice, withOptions, writeChoices } from "./options";

const choices = { names: ["to do", "doing", "done"], styles: { doing: { fillColor: "#ffcc00" } } };

it("changes an option and leaves the others, known or not", () => {
  expect(JSON.parse(withOptions({ wrap: true, ours: { not: 1 } }, { wrap: undefined, alignment: "right" }))).toEqual({
    ours: { not: 1 },
    alignment: "right",
  });
});

it("reads choices as they are stored, and stores them as they were read", () => {
  const options = { choices: ["a", 3, "b"], choiceOptions: { a: { fontBold: true }, gone: { fontBold: true } } };
  expect(writeChoices(readChoices(options))).toEqual({ choices: ["a", "b"], choiceOptions: { a: { fontBold: true } } });
});

it("renames a choice in its place, with its colours", () => {
  expect(renameChoice(choices, "doing", "under way")).toEqual({
    names: ["to do", "under way", "done"],
    styles: { "under way": { fillColor: "#ffcc00" } },
  });
});

it.each(["", "done", "doing"])("does not rename a choice to %j", (name) => {
  expect(renameChoice(choices, "doing", name)).toEqual(choices);
});

it("moves a choice, but not over the ends", () => {
  expect(moveChoice(choices, "done", -2).names).toEqual(["done", "to do", "doing"]);
  expect(moveChoice(choices, "done", 1).names).toEqual(choices.names);
});
