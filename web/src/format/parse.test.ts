/** Golden tables of reading: what people type and what it means in a locale. */
import { describe, expect, it } from "vitest";
import { formatDate } from "./dates";
import { parseBoolean, parseNumber } from "./parse";
import { parseDate, parseDateTime, parseTime } from "./parse-dates";

const numbers: [string, string, string, number | null][] = [
  ["12", "en-US", "USD", 12],
  ["-1,234.5", "en-US", "USD", -1234.5],
  ["1,5", "en-US", "USD", null],
  ["1,5", "fr-FR", "EUR", 1.5],
  ["1.5", "fr-FR", "EUR", 1.5],
  ["1 234,50 €", "fr-FR", "EUR", 1234.5],
  ["1\u202f234,50\u00a0€", "fr-FR", "EUR", 1234.5],
  ["€ 3", "fr-FR", "EUR", 3],
  ["$1,234.50", "en-US", "USD", 1234.5],
  ["1234 USD", "en-US", "USD", 1234],
  ["12.3%", "en-US", "USD", 0.123],
  ["12,5 %", "fr-FR", "EUR", 0.125],
  ["(1,234)", "en-US", "USD", -1234],
  ["(-3)", "en-US", "USD", null],
  ["1.234,5", "de-DE", "EUR", 1234.5],
  ["1'234.5", "de-CH", "CHF", 1234.5],
  ["12,34,567", "en-IN", "INR", 1234567],
  ["1e3", "en-US", "USD", 1000],
  ["1,5E-3", "fr-FR", "EUR", 0.0015],
  ["−7", "en-US", "USD", -7],
  ["+7", "en-US", "USD", 7],
  [".5", "en-US", "USD", 0.5],
  ["٣٫٥", "ar-EG", "EGP", 3.5],
  ["", "en-US", "USD", null],
  ["-", "en-US", "USD", null],
  ["12 apples", "en-US", "USD", null],
  ["0x10", "en-US", "USD", null],
  ["Infinity", "en-US", "USD", null],
  ["1.2.3", "en-US", "USD", null],
];

describe("numbers", () => {
  it.each(numbers)("%s in %s (%s) is %s", (text, locale, currency, value) => {
    expect(parseNumber(text, locale, currency)).toBe(value);
  });
});

describe("booleans", () => {
  it.each<[string, boolean | null]>([
    ["oui", true], ["Non", false], ["TRUE", true], ["faux", false], ["1", true], ["0", false], [" yes ", true],
    ["", null], ["perhaps", null], ["2", null],
  ])("%s is %s", (text, value) => expect(parseBoolean(text)).toBe(value));
});

const today = Date.UTC(2026, 10, 24) / 1000;

const dates: [string, string, string, string | null][] = [
  // typed, format of the column, locale, read
  ["2024-03-05", "YYYY-MM-DD", "en-US", "2024-03-05"],
  ["2024/3/5", "YYYY-MM-DD", "en-US", "2024-03-05"],
  ["3/5/2024", "YYYY-MM-DD", "en-US", "2024-03-05"],
  ["3/5/2024", "YYYY-MM-DD", "fr-FR", "2024-05-03"],
  ["3/5/24", "YYYY-MM-DD", "fr-FR", "2024-05-03"],
  ["25/12", "YYYY-MM-DD", "fr-FR", "2026-12-25"],
  ["25/12/2024", "YYYY-MM-DD", "en-US", "2024-12-25"],
  ["12-31", "YYYY-MM-DD", "en-US", "2026-12-31"],
  ["17", "YYYY-MM-DD", "fr-FR", "2026-11-17"],
  ["2024", "YYYY-MM-DD", "fr-FR", "2024-01-01"],
  ["2024-03", "YYYY-MM-DD", "fr-FR", "2024-03-01"],
  ["20240305", "YYYY-MM-DD", "fr-FR", "2024-03-05"],
  ["Mar 5, 2024", "MMM D, YYYY", "en-US", "2024-03-05"],
  ["March 5th 2024", "YYYY-MM-DD", "en-US", "2024-03-05"],
  ["5 mars 2024", "YYYY-MM-DD", "fr-FR", "2024-03-05"],
  ["1er févr. 2024", "YYYY-MM-DD", "fr-FR", "2024-02-01"],
  ["mardi 5 mars 2024", "YYYY-MM-DD", "fr-FR", "2024-03-05"],
  ["5 sept", "YYYY-MM-DD", "fr-FR", "2026-09-05"],
  ["2 February", "YYYY-MM-DD", "fr-FR", "2026-02-02"],
  ["août 2024", "YYYY-MM-DD", "fr-FR", "2024-08-01"],
  ["05-03-99", "DD-MM-YY", "fr-FR", "1999-03-05"],
  ["05-03-36", "DD-MM-YY", "fr-FR", "2036-03-05"],
  ["3/5/2024", "DD/MM/YYYY", "en-US", "2024-05-03"],
  ["5/3", "DD/MM/YYYY", "en-US", "2026-03-05"],
  ["31/02/2024", "DD/MM/YYYY", "fr-FR", null],
  ["29/02/2024", "DD/MM/YYYY", "fr-FR", "2024-02-29"],
  ["demain", "YYYY-MM-DD", "fr-FR", null],
  ["", "YYYY-MM-DD", "fr-FR", null],
  ["1 2 3 4 5 6", "YYYY-MM-DD", "fr-FR", null],
];

describe("dates", () => {
  it.each(dates)("%s by %s in %s is %s", (text, dateFormat, locale, read) => {
    const seconds = parseDate(text, { options: { dateFormat }, locale, today });
    expect(seconds === null ? null : formatDate(seconds, "YYYY-MM-DD", "UTC", "en-US")).toBe(read);
  });

  it("does not guess the order of day and month when strict", () => {
    const input = { options: { dateFormat: "YYYY-MM-DD" }, locale: "fr-FR", today, strict: true };
    expect(parseDate("3/5/2024", input)).toBeNull();
    expect(parseDate("2024-05-03", input)).not.toBeNull();
    expect(parseDate("3 mai 2024", input)).not.toBeNull();
  });
});

const dateTimes: [string, string, string | null][] = [
  // typed, zone, instant in UTC
  ["2024-03-05 15:07", "Europe/Paris", "2024-03-05 14:07:00"],
  ["2024-03-05 3:07pm", "Europe/Paris", "2024-03-05 14:07:00"],
  ["2024-03-05T15:07:09", "Europe/Paris", "2024-03-05 14:07:09"],
  ["2024-03-05T15:07:09Z", "Europe/Paris", "2024-03-05 15:07:09"],
  ["2024-03-05 15:07+05:30", "Europe/Paris", "2024-03-05 09:37:00"],
  ["5 mars 2024 15h07", "Europe/Paris", "2024-03-05 14:07:00"],
  ["5 mars 2024 15h", "Europe/Paris", "2024-03-05 14:00:00"],
  ["2024-03-05", "Europe/Paris", "2024-03-04 23:00:00"],
  ["2024-03-05 9:00 EST", "America/New_York", "2024-03-05 14:00:00"],
  ["2024-03-05 12am", "UTC", "2024-03-05 00:00:00"],
  ["14:30", "UTC", "2026-11-24 14:30:00"],
  ["2024-03-05 25:00", "UTC", null],
  ["nonsense", "UTC", null],
];

describe("date-times", () => {
  it.each(dateTimes)("%s in %s is %s", (text, zone, read) => {
    const seconds = parseDateTime(text, { options: {}, locale: "fr-FR", today }, zone);
    expect(seconds === null ? null : formatDate(seconds, "YYYY-MM-DD HH:mm:ss", "UTC", "en-US")).toBe(read);
  });

  it.each<[string, number | null]>([["9:30", 34_200], ["9h30", 34_200], ["930pm", 77_400], ["12:00 am", 0], ["soon", null]])(
    "the time %s is %s seconds after midnight",
    (text, seconds) => expect(parseTime(text)).toBe(seconds),
  );
});
