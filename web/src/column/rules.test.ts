import { expect, it } from "vitest";
import { changeRule, removeRule, ruleStyle, type RuleOwner } from "./rules";

const owner: RuleOwner = {
  table: "_grist_Tables_column",
  ref: 5,
  rules: [8, 9],
  options: { wrap: true, rulesOptions: [{ fillColor: "#ff0000" }] },
};

it("reads a style that was never given as none", () => {
  expect([ruleStyle(owner, 0), ruleStyle(owner, 1)]).toEqual([{ fillColor: "#ff0000" }, {}]);
});

it("changes the style of one rule and leaves what it does not know", () => {
  const [, table, ref, cells] = changeRule(owner, 1, { fontBold: true });
  expect([table, ref]).toEqual(["_grist_Tables_column", 5]);
  expect(JSON.parse(String(cells["widgetOptions"]))).toEqual({ wrap: true, rulesOptions: [{ fillColor: "#ff0000" }, { fontBold: true }] });
});

it("removes a rule together with its style", () => {
  const [, , , cells] = removeRule(owner, 0);
  expect(cells["rules"]).toEqual(["L", 9]);
  expect(JSON.parse(String(cells["widgetOptions"]))).toEqual({ wrap: true, rulesOptions: [{}] });
  expect(removeRule({ ...owner, rules: [8] }, 0)[3]["rules"]).toBe(null);
});

it("keeps the styles of rows with their section", () => {
  expect(Object.keys(changeRule({ ...owner, table: "_grist_Views_section" }, 0, {})[3])).toEqual(["options"]);
});
