import { expect, it } from "vitest";
import { sinceText } from "./since";

const NOW = Date.parse("2026-03-10T12:00:00Z");

it.each([
  ["2026-03-10T11:59:50Z", "en", "now"],
  ["2026-03-10T11:30:00Z", "en", "30 minutes ago"],
  ["2026-03-09T11:00:00Z", "en", "yesterday"],
  ["2026-03-09T11:00:00Z", "fr", "hier"],
  ["2024-03-09T11:00:00Z", "en", "2 years ago"],
  ["rubbish", "en", ""],
])("says %s in %s as %s", (then, language, text) => {
  expect(sinceText(then, NOW, language)).toBe(text);
});
