/**
 * Numbers as Grist's options ask: plain, with separators, currency, percent, scientific; decimals; parentheses.
 *
 * Spaces inside numbers are always U+00A0: `Intl` gives U+202F in French, which costs layout time and ignores letter spacing.
 */
import { currencyOfLocale } from "./currencies";
import { type FormatSettings, knownLocale } from "./settings";

export type NumberMode = "currency" | "decimal" | "percent" | "scientific";

/** The number options of `widgetOptions`. */
export interface NumberOptions {
  numMode?: NumberMode | null;
  numSign?: "parens" | null;
  /** Least number of decimals. */
  decimals?: number | null;
  /** Most decimals: by default 10 without a mode, else what the mode implies. */
  maxDecimals?: number | null;
  currency?: string | null;
}

const MOST_DECIMALS = 20;
const PLAIN_DECIMALS = 10;

/** Reads the number options out of untyped `widgetOptions`; what has another type is left out. */
export function numberOptions(options: Record<string, unknown>): NumberOptions {
  const { numMode, numSign, decimals, maxDecimals, currency } = options;
  const mode = ["currency", "decimal", "percent", "scientific"].includes(String(numMode)) ? (numMode as NumberMode) : null;
  return {
    numMode: mode,
    numSign: numSign === "parens" ? "parens" : null,
    decimals: typeof decimals === "number" ? decimals : null,
    maxDecimals: typeof maxDecimals === "number" ? maxDecimals : null,
    currency: typeof currency === "string" && currency !== "" ? currency : null,
  };
}

/** The currency that the options, else the document, else the locale's country name. */
export function currencyOf(options: NumberOptions, settings: FormatSettings): string {
  return options.currency ?? settings.currency ?? currencyOfLocale(settings.locale);
}

/** What `Intl.NumberFormat` needs for a mode alone. */
export function intlMode(mode: NumberMode | null | undefined, currency: string): Intl.NumberFormatOptions {
  switch (mode) {
    case "currency":
      return { style: "currency", currency, currencyDisplay: "narrowSymbol" };
    case "decimal":
      return { useGrouping: true };
    case "percent":
      return { style: "percent" };
    case "scientific":
      return { notation: "scientific" };
    default:
      return { useGrouping: false };
  }
}

/** A function that formats numbers; build it once per column, building costs far more than a call. */
export function numberFormatter(options: NumberOptions, settings: FormatSettings): (value: number) => string {
  const format = buildFormat(options, settings);
  const plain = (value: number): string => format.format(value).replaceAll("\u202f", "\u00a0");
  if (options.numSign !== "parens" || options.numMode === "scientific") {
    return plain;
  }
  // A space on each side keeps the digits of positive numbers under those within parentheses.
  return (value) => (value >= 0 ? ` ${plain(value)} ` : `(${plain(-value)})`);
}

function buildFormat(options: NumberOptions, settings: FormatSettings): Intl.NumberFormat {
  const locale = knownLocale(settings.locale);
  const intl = safeMode(options.numMode, currencyOf(options, settings));
  if (typeof options.decimals === "number") {
    intl.minimumFractionDigits = clamp(options.decimals, 0, MOST_DECIMALS);
  }
  const implied = new Intl.NumberFormat(locale, intl).resolvedOptions().minimumFractionDigits ?? 0;
  if (typeof options.maxDecimals === "number") {
    intl.maximumFractionDigits = clamp(options.maxDecimals, implied, MOST_DECIMALS);
  } else if (!options.numMode) {
    intl.maximumFractionDigits = clamp(PLAIN_DECIMALS, implied, MOST_DECIMALS);
  }
  return new Intl.NumberFormat(locale, intl);
}

function safeMode(mode: NumberMode | null | undefined, currency: string): Intl.NumberFormatOptions {
  return intlMode(mode, /^[A-Za-z]{3}$/.test(currency) ? currency : "USD");
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.trunc(value) || 0, least), most);
}
