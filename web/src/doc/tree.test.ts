import { expect, it } from "vitest";
import type { PageInfo } from "../store/model";
import { pageNodes, splitIcon } from "./tree";

function pages(...indentations: number[]): PageInfo[] {
  return indentations.map((indentation, at) => ({ ref: at + 1, viewRef: at + 1, name: `P${at + 1}`, indentation, position: at }));
}

it.each<[number[], [number, boolean][]]>([
  [[0, 0], [[0, false], [0, false]]],
  [[0, 1, 1, 0], [[0, true], [1, false], [1, false], [0, false]]],
  [[0, 3, 1], [[0, true], [1, false], [1, false]]],
  [[2, 0], [[0, false], [0, false]]],
])("nests indentations %j", (indentations, expected) => {
  expect(pageNodes(pages(...indentations)).map(({ depth, hasChildren }) => [depth, hasChildren])).toEqual(expected);
});

it("knows the pages above", () => {
  expect(pageNodes(pages(0, 1, 2))[2]?.ancestors).toEqual([1, 2]);
});

it.each([
  ["📊 Sales", { icon: "📊", text: "Sales" }],
  ["Sales", { icon: null, text: "Sales" }],
  ["👩‍🔬Lab", { icon: "👩‍🔬", text: "Lab" }],
  ["📊", { icon: "📊", text: "📊" }],
])("takes the icon from %s", (name, expected) => {
  expect(splitIcon(name)).toEqual(expected);
});
