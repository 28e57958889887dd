import { expect, it } from "vitest";
import { cursorHash, documentPath, parseCursor, parseRoute } from "./routes";

it.each([
  ["/", { page: "home" }],
  ["/o/docs/", { page: "home" }],
  ["/p/trash", { page: "home" }],
  ["/doc/abc", { page: "document", docId: "abc", view: null, cursor: null }],
  ["/doc/abc/p/3", { page: "document", docId: "abc", view: 3, cursor: null }],
  ["/o/docs/doc/abc/p/3", { page: "document", docId: "abc", view: 3, cursor: null }],
  ["/abc/My-Doc/p/12", { page: "document", docId: "abc", view: 12, cursor: null }],
  ["/abc/My-Doc", { page: "document", docId: "abc", view: null, cursor: null }],
  ["/doc/abc/p/data", { page: "document", docId: "abc", view: "data", cursor: null }],
])("reads %s", (path, route) => {
  expect(parseRoute(path, "")).toEqual(route);
});

it("reads and writes links to a cell", () => {
  expect(parseCursor("#a1.s2.r3.c4")).toEqual({ sectionRef: 2, rowId: 3, colRef: 4 });
  expect(parseCursor("#a1.s2.rnew.c4")).toEqual({ sectionRef: 2, rowId: "new", colRef: 4 });
  expect(parseCursor("#a1.s2")).toEqual({ sectionRef: 2, rowId: null, colRef: null });
  expect(parseCursor("#other")).toBeNull();
  expect(cursorHash({ sectionRef: 2, rowId: 3, colRef: 4 })).toBe("#a1.s2.r3.c4");
  expect(documentPath("a b", 3)).toBe("/doc/a%20b/p/3");
});
