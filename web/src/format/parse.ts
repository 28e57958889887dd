/**
 * What people type, read as numbers and booleans of the document's locale. `null` means: not such a value, keep the text.
 */
import { intlMode } from "./numbers";
import { knownLocale } from "./settings";

interface Symbols {
  decimal: string;
  groups: RegExp | null;
  percent: string;
  exponent: string;
  minus: string;
  digits: Map<string, string>;
}

/** Spaces of any width and marks of writing direction. */
const IGNORED = /[\s\u200e\u200f\u061c]/g;
const MINUSES = /[\u2212\u2012\u2013]/g;

const symbolsOf = new Map<string, Symbols>();

/**
 * Reads a number: the locale's separators and digits, `.` as decimal too where it groups nothing, a currency sign before or after,
 * `%`, parentheses for negative, an exponent.
 */
export function parseNumber(text: string, locale: string, currency: string): number | null {
  const symbols = localeSymbols(locale);
  let rest = text.replace(IGNORED, "");
  rest = withoutCurrency(rest, locale, currency);
  const percent = rest.includes(symbols.percent) || rest.includes("%");
  if (percent) {
    rest = rest.replace(symbols.percent, "").replace("%", "");
  }
  const negative = rest.startsWith("(") && rest.endsWith(")");
  if (negative) {
    rest = rest.slice(1, -1);
  }
  for (const [localDigit, digit] of symbols.digits) {
    rest = rest.replaceAll(localDigit, digit);
  }
  rest = rest.replace(MINUSES, "-").replaceAll(symbols.minus, "-").replace(new RegExp(escape(symbols.exponent), "i"), "e");
  if (symbols.groups) {
    rest = rest.replace(symbols.groups, "$1");
  }
  rest = rest.replace(symbols.decimal, ".");
  if (/^[^-].*\d-$/.test(rest)) {
    rest = `-${rest.slice(0, -1)}`;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(rest)) {
    return null;
  }
  // Shifting the decimal point in the text avoids 0.12300000000000001 for 12.3 %.
  const value = percent ? percentOf(rest) : Number(rest);
  if (!negative) {
    return value;
  }
  return value > 0 ? -value : null;
}

const TRUE_WORDS = "true yes on y t 1 oui o vrai v ja wahr j si sí s vero verdadero verdadeiro sim waar tak prawda";
const FALSE_WORDS = "false no off n f 0 non faux nein falsch falso não nee onwaar nie fałsz";
const truths = new Set(TRUE_WORDS.split(" "));
const falsehoods = new Set(FALSE_WORDS.split(" "));

/** Reads a toggle: yes and no in the languages that the State's users type, whatever the locale. */
export function parseBoolean(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (truths.has(word)) {
    return true;
  }
  return falsehoods.has(word) ? false : null;
}

function percentOf(digits: string): number {
  const [mantissa = "", exponent = "0"] = digits.toLowerCase().split("e");
  return Number(`${mantissa}e${Number(exponent) - 2}`);
}

function withoutCurrency(text: string, locale: string, currency: string): string {
  const signs = new Set([currency]);
  for (const currencyDisplay of ["narrowSymbol", "symbol"] as const) {
    try {
      const format = new Intl.NumberFormat(knownLocale(locale), { ...intlMode("currency", currency), currencyDisplay });
      signs.add(format.formatToParts(1).find((part) => part.type === "currency")?.value.replace(IGNORED, "") ?? currency);
    } catch {
      // Not a currency that the browser knows: its code alone is taken off.
    }
  }
  for (const sign of [...signs].filter((each) => each !== "").sort((a, b) => b.length - a.length)) {
    if (text.includes(sign)) {
      return text.replace(sign, "");
    }
  }
  return text;
}

function localeSymbols(locale: string): Symbols {
  const known = symbolsOf.get(locale);
  if (known) {
    return known;
  }
  const tag = knownLocale(locale);
  const find = (type: string, options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(tag, options).formatToParts(-1_234_567.5).find((part) => part.type === type)?.value ?? "";
  const groups = [find("group", { useGrouping: true }), find("group", intlMode("currency", "EUR"))]
    .filter((sign) => sign.trim() !== "")
    .flatMap((sign) => (sign === "’" || sign === "'" ? ["’", "'"] : [sign]));
  const digits = new Map<string, string>();
  const plain = new Intl.NumberFormat(tag, { useGrouping: false });
  for (let digit = 0; digit < 10; digit++) {
    const localDigit = plain.format(digit);
    if (localDigit !== String(digit)) {
      digits.set(localDigit, String(digit));
    }
  }
  const symbols: Symbols = {
    decimal: find("decimal", {}) || ".",
    // A separator of groups stands before at least two digits: India groups by two after the first three.
    groups: groups.length === 0 ? null : new RegExp(`[${groups.map(escape).join("")}](\\d\\d)`, "g"),
    percent: find("percentSign", { style: "percent" }) || "%",
    exponent: find("exponentSeparator", { notation: "scientific" }) || "E",
    minus: find("minusSign", {}) || "-",
    digits,
  };
  symbolsOf.set(locale, symbols);
  return symbols;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
