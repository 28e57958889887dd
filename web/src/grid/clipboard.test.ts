// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { parseHtml, parseTsv, pasteSize, toHtml, toTsv, type CopiedCell } from "./clipboard";

const texts = (cells: readonly (readonly CopiedCell[])[]): string[][] => cells.map((row) => row.map(({ text }) => text));

describe("text with tabs", () => {
  it.each<[string, string[][]]>([
    ["", [[""]]],
    ["a", [["a"]]],
    ["a\tb\nc\td\n", [["a", "b"], ["c", "d"]]],
    ["a\r\nb\r\n", [["a"], ["b"]]],
    ['"one\ntwo"\tx', [["one\ntwo", "x"]]],
    ['"say ""hi"""', [['say "hi"']]],
    ['5" nail', [['5" nail']]],
    ['"half', [['"half']]],
    ["a\t\n\tb", [["a", ""], ["", "b"]]],
    ["a\n\nb", [["a"], [""], ["b"]]],
  ])("reads %j", (text, cells) => {
    expect(texts(parseTsv(text))).toEqual(cells);
  });

  it("reads what it writes", () => {
    const cells = [["plain", 'with "quotes"', '"all"'], ["line\nend", "tab\there", ""], ["", "", "x"]];
    expect(texts(parseTsv(toTsv(cells.map((row) => row.map((text) => ({ text }))))))).toEqual(cells);
  });

  it("reads a long text in one go", () => {
    const row = "moulin\t12,5\toui";
    expect(parseTsv(`${row}\n`.repeat(50_000))).toHaveLength(50_000);
  });
});

describe("HTML", () => {
  it("keeps values, types and document", () => {
    const cells: CopiedCell[][] = [
      [{ text: "12,50", value: 12.5, type: "Numeric" }, { text: "a <b> & \"c\"\nd", value: 'a <b> & "c"\nd', type: "Text" }],
      [{ text: "", value: null, type: "Numeric" }, { text: "", value: "", type: "Text" }],
    ];
    const copied = parseHtml(toHtml({ cells, document: "doc1" }));
    expect(copied).toEqual({ cells, document: "doc1" });
  });

  it("reads tables of others as they look", () => {
    const html = "<p>x</p><table><tr><th>A</th><th colspan=2>B</th></tr><tr><td>\n  one\n  two </td><td>1<br>2</td><td><p>p</p><p>q</p></td></tr></table>";
    expect(texts(parseHtml(html)?.cells ?? [])).toEqual([["A", "B", ""], ["one two", "1\n2", "p\nq"]]);
  });

  it.each(["", "<b>bold</b>", "plain", "<table></table>"])("finds no table in %j", (html) => {
    expect(parseHtml(html)).toBeNull();
  });

  it("runs nothing of what is pasted", () => {
    const html = '<table><tr><td><img src=x onerror="window.ran = true">safe<script>window.ran = true</script></td></tr></table>';
    parseHtml(html);
    expect("ran" in window).toBe(false);
  });
});

it.each([
  [{ rows: 1, columns: 1 }, { rows: 5, columns: 3 }, { rows: 5, columns: 3 }],
  [{ rows: 2, columns: 1 }, { rows: 4, columns: 1 }, { rows: 4, columns: 1 }],
  [{ rows: 2, columns: 2 }, { rows: 1, columns: 1 }, { rows: 2, columns: 2 }],
  [{ rows: 2, columns: 2 }, { rows: 3, columns: 2 }, { rows: 2, columns: 2 }],
])("%j pasted on %j", (block, selected, size) => {
  expect(pasteSize(block, selected)).toEqual(size);
});
