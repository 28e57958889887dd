/** Golden tables of formats: what a value and options show. */
import { describe, expect, it } from "vitest";
import { currencyOfLocale } from "./currencies";
import { formatDate } from "./dates";
import { type NumberOptions, numberFormatter } from "./numbers";
import { abbreviationAt, instantOf, offsetAt } from "./zones";

const N = "\u00a0";

const numbers: [number, NumberOptions, string, string | null, string][] = [
  // value, options, locale, document currency, shown
  [1234.5, {}, "en-US", null, "1234.5"],
  [1234.5, {}, "fr-FR", null, "1234,5"],
  [0.1 + 0.2, {}, "en-US", null, "0.3"],
  [1 / 3, {}, "en-US", null, "0.3333333333"],
  [1234567.891, { numMode: "decimal" }, "en-US", null, "1,234,567.891"],
  [1234567.891, { numMode: "decimal" }, "fr-FR", null, `1${N}234${N}567,891`],
  [1234567.891, { numMode: "decimal" }, "de-DE", null, "1.234.567,891"],
  [5, { decimals: 2 }, "en-US", null, "5.00"],
  [5.6789, { maxDecimals: 2 }, "en-US", null, "5.68"],
  [5.6789, { decimals: 3, maxDecimals: 1 }, "en-US", null, "5.679"],
  [0.125, { numMode: "percent" }, "en-US", null, "13%"],
  [0.125, { numMode: "percent", decimals: 1 }, "fr-FR", null, `12,5${N}%`],
  [1234.5, { numMode: "currency" }, "en-US", null, "$1,234.50"],
  [1234.5, { numMode: "currency" }, "fr-FR", null, `1${N}234,50${N}€`],
  [1234.5, { numMode: "currency" }, "fr-FR", "USD", `1${N}234,50${N}$`],
  [1234.5, { numMode: "currency", currency: "GBP" }, "en-US", "EUR", "£1,234.50"],
  [1234, { numMode: "currency", decimals: 0, maxDecimals: 0 }, "en-US", null, "$1,234"],
  [-1234.5, { numMode: "currency", numSign: "parens" }, "en-US", null, "($1,234.50)"],
  [1234.5, { numMode: "currency", numSign: "parens" }, "en-US", null, " $1,234.50 "],
  [123456, { numMode: "scientific" }, "en-US", null, "1.235E5"],
  [-12, {}, "en-US", null, "-12"],
  [Number.POSITIVE_INFINITY, {}, "en-US", null, "∞"],
  [1, { numMode: "currency", currency: "not a currency" }, "en-US", null, "$1.00"],
  [1, { decimals: 99 }, "not a locale!", null, `1.${"0".repeat(20)}`],
];

describe("numbers", () => {
  it.each(numbers)("%d %o in %s (%s) shows %s", (value, options, locale, currency, shown) => {
    expect(numberFormatter(options, { locale, currency, timezone: "UTC" })(value)).toBe(shown);
  });

  it.each([["fr", "EUR"], ["fr-CH", "CHF"], ["en-US", "USD"], ["en-GB", "GBP"], ["ja", "JPY"], ["fr-NC", "XPF"]])(
    "the currency of %s is %s",
    (locale, currency) => expect(currencyOfLocale(locale)).toBe(currency),
  );
});

// 2024-03-05 14:07:09.5 UTC
const moment = Date.UTC(2024, 2, 5, 14, 7, 9, 500) / 1000;

const dates: [string, string, string, string][] = [
  // pattern, zone, locale, shown
  ["YYYY-MM-DD", "UTC", "en-US", "2024-03-05"],
  ["MMM D, YYYY", "UTC", "en-US", "Mar 5, 2024"],
  ["MMMM Do, YYYY", "UTC", "en-US", "March 5th, 2024"],
  ["D MMMM YYYY", "UTC", "fr-FR", "5 mars 2024"],
  ["dddd Do MMM", "UTC", "fr-FR", "mardi 5 mars"],
  ["DD/MM/YY", "UTC", "fr-FR", "05/03/24"],
  ["DD-MM-YYYY", "UTC", "en-US", "05-03-2024"],
  ["ddd, M/D", "UTC", "en-US", "Tue, 3/5"],
  ["[Q]Q YYYY", "UTC", "en-US", "Q1 2024"],
  ["GGGG-[W]WW-E", "UTC", "en-US", "2024-W10-2"],
  ["DDD DDDD", "UTC", "en-US", "65 065"],
  ["YYYY-MM-DD h:mma", "UTC", "en-US", "2024-03-05 2:07pm"],
  ["YYYY-MM-DD HH:mm:ss", "Europe/Paris", "fr-FR", "2024-03-05 15:07:09"],
  ["HH:mm z", "Europe/Paris", "fr-FR", "15:07 CET"],
  ["HH:mm z", "America/New_York", "en-US", "09:07 EST"],
  ["HH:mm Z", "Asia/Kolkata", "en-US", "19:37 +05:30"],
  ["HH:mmZZ", "America/New_York", "en-US", "09:07-0500"],
  ["hh:mm A", "UTC", "en-US", "02:07 PM"],
  ["ss.SSS", "UTC", "en-US", "09.500"],
  ["X", "UTC", "en-US", "1709647629"],
  ["[at] k:mm", "UTC", "en-US", "at 14:07"],
  ["L", "UTC", "fr-FR", "05/03/2024"],
  ["LL", "UTC", "en-US", "March 5, 2024"],
  ["HH:mm", "Not/AZone", "en-US", "14:07"],
  ["", "UTC", "en-US", ""],
];

describe("dates", () => {
  it.each(dates)("%s in %s, %s shows %s", (pattern, zone, locale, shown) => {
    expect(formatDate(moment, pattern, zone, locale)).toBe(shown);
  });

  it("shows years before 1000 and 1970 in full", () => {
    expect(formatDate(Date.UTC(1969, 6, 20) / 1000, "YYYY-MM-DD", "UTC", "en-US")).toBe("1969-07-20");
    const year800 = new Date(0);
    year800.setUTCFullYear(800, 11, 25);
    expect(formatDate(year800.getTime() / 1000, "YYYY-MM-DD", "UTC", "en-US")).toBe("0800-12-25");
  });

  it("gives the number of what is no date", () => {
    expect(formatDate(1e300, "YYYY", "UTC", "en-US")).toBe("1e+300");
  });
});

describe("zones", () => {
  it.each([
    ["Europe/Paris", Date.UTC(2024, 0, 1), 3600],
    ["Europe/Paris", Date.UTC(2024, 6, 1), 7200],
    ["America/New_York", Date.UTC(2024, 6, 1), -14_400],
    ["Asia/Kathmandu", Date.UTC(2024, 6, 1), 20_700],
    ["UTC", Date.UTC(2024, 6, 1), 0],
  ])("%s at %d is %d seconds ahead", (zone, ms, offset) => expect(offsetAt(zone, ms / 1000)).toBe(offset));

  it("finds instants of local times, also on days when clocks change", () => {
    const local = (hours: number, day: number, month: number): number => Date.UTC(2024, month - 1, day, hours) / 1000;
    expect(instantOf("Europe/Paris", local(12, 5, 3))).toBe(local(11, 5, 3));
    expect(instantOf("Europe/Paris", local(1, 31, 3))).toBe(local(0, 31, 3));
    expect(instantOf("Europe/Paris", local(4, 31, 3))).toBe(local(2, 31, 3));
    expect(instantOf("Europe/Paris", local(1, 27, 10))).toBe(local(-1, 27, 10));
    expect(instantOf("America/New_York", local(23, 3, 11))).toBe(local(28, 3, 11));
  });

  it("names zones in summer and winter", () => {
    expect(abbreviationAt("Europe/Paris", Date.UTC(2024, 6, 1) / 1000)).toBe("CEST");
    expect(abbreviationAt("UTC", 0)).toBe("UTC");
  });
});
