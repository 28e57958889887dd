import { expect, it } from "vitest";
import { leaves, readLayout } from "./layout";

it("reads nested splits with their sizes, in turns vertical and horizontal", () => {
  const text = '{"children":[{"children":[{"size":73,"leaf":1},{"size":126,"children":[{"leaf":13},{"leaf":12}]}]}]}';
  const { root } = readLayout(text, [1, 12, 13]);
  expect(root).toMatchObject({
    direction: "column",
    children: [
      {
        direction: "row",
        children: [
          { sectionRef: 1, size: 73 },
          { direction: "column", size: 126, children: [{ sectionRef: 13 }, { sectionRef: 12 }] },
        ],
      },
    ],
  });
});

it("adds sections that the layout forgot and leaves out those that are gone", () => {
  const { root } = readLayout('{"children":[{"leaf":7},{"leaf":99}]}', [7, 8]);
  expect(leaves(root)).toEqual([7, 8]);
});

it("lays out sections without any layout, two in a row", () => {
  const { root } = readLayout("", [1, 2, 3]);
  expect(leaves(root)).toEqual([1, 2, 3]);
  expect(root).toMatchObject({ direction: "column", children: [{ direction: "row" }, { sectionRef: 3 }] });
});

it("lists collapsed sections apart", () => {
  const layout = readLayout('{"children":[{"leaf":1}],"collapsed":[{"leaf":2}]}', [1, 2]);
  expect(layout.collapsed).toEqual([2]);
  expect(leaves(layout.root)).toEqual([1]);
});

it.each(["", "null", "{", "[]", '{"children":3}'])("survives the layout %s", (text) => {
  expect(leaves(readLayout(text, [4]).root)).toEqual([4]);
});
