/**
 * Dates and date-times by the format strings that Grist stores (moment's tokens: `YYYY-MM-DD`, `MMM D, YYYY`, `h:mma z`).
 *
 * Names of months and days are those of the document's locale. Cells hold seconds since the epoch; dates are midnight UTC.
 */
import { calendarNames, dayOfYear, isoWeek } from "./calendar";
import { type FormatSettings, knownLocale } from "./settings";
import { abbreviationAt, offsetAt, offsetText } from "./zones";

export const DEFAULT_DATE_FORMAT = "YYYY-MM-DD";
export const DEFAULT_TIME_FORMAT = "h:mma";

const TOKENS =
  /\[([^\]]*)\]|LTS|LT|LL?L?L?|ll?l?l?|YYYYYY|YYYYY|YYYY|YY|Y|GGGG|gggg|GG|gg|Qo|Q|MMMM|MMM|MM|Mo|M|DDDD|DDDo|DDD|DD|Do|D|dddd|ddd|dd|do|d|E|e|WW|Wo|W|ww|wo|w|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|A|a|ZZ|Z|zz|z|X|x/g;

interface Moment {
  /** The local time, read through the UTC getters. */
  local: Date;
  seconds: number;
  zone: string;
  locale: string;
}

/** The pattern of a date column. */
export function datePattern(options: Record<string, unknown>): string {
  const { dateFormat } = options;
  return typeof dateFormat === "string" && dateFormat !== "" ? dateFormat : DEFAULT_DATE_FORMAT;
}

/** The pattern of a date-time column; an empty time format shows the date alone. */
export function dateTimePattern(options: Record<string, unknown>): string {
  const { timeFormat } = options;
  const time = typeof timeFormat === "string" ? timeFormat : DEFAULT_TIME_FORMAT;
  return `${datePattern(options)} ${time}`.trimEnd();
}

/** The zone of a `DateTime:Zone` type, else the document's. */
export function zoneOfType(type: string, settings: FormatSettings): string {
  const zone = type.slice("DateTime:".length);
  return type.startsWith("DateTime:") && zone !== "" ? zone : settings.timezone;
}

/** Formats the instant `seconds` by the pattern, as seen in the zone. What is no date gives its number. */
export function formatDate(seconds: number, pattern: string, zone: string, locale: string): string {
  const local = new Date((seconds + offsetAt(zone, seconds)) * 1000);
  if (Number.isNaN(local.getTime())) {
    return String(seconds);
  }
  return expand({ local, seconds, zone, locale }, pattern);
}

function expand(moment: Moment, pattern: string): string {
  return pattern.replace(TOKENS, (token: string, escaped: string | undefined) =>
    escaped === undefined ? part(moment, token) : escaped,
  );
}

function part(moment: Moment, token: string): string {
  const { local, seconds, zone, locale } = moment;
  const hours = local.getUTCHours();
  const names = calendarNames(locale);
  switch (token) {
    case "YYYYYY":
      return `${local.getUTCFullYear() < 0 ? "-" : "+"}${pad(Math.abs(local.getUTCFullYear()), 6)}`;
    case "YYYYY": return pad(local.getUTCFullYear(), 5);
    case "YYYY": return pad(local.getUTCFullYear(), 4);
    case "YY": return pad(((local.getUTCFullYear() % 100) + 100) % 100, 2);
    case "Y": return String(local.getUTCFullYear());
    case "GGGG": case "gggg": return pad(isoWeek(local).year, 4);
    case "GG": case "gg": return pad(isoWeek(local).year % 100, 2);
    case "Q": return String(Math.floor(local.getUTCMonth() / 3) + 1);
    case "Qo": return ordinal(Math.floor(local.getUTCMonth() / 3) + 1, locale);
    case "MMMM": return names.months[local.getUTCMonth()] ?? "";
    case "MMM": return names.monthsShort[local.getUTCMonth()] ?? "";
    case "MM": return pad(local.getUTCMonth() + 1, 2);
    case "M": return String(local.getUTCMonth() + 1);
    case "Mo": return ordinal(local.getUTCMonth() + 1, locale);
    case "DDDD": return pad(dayOfYear(local), 3);
    case "DDDo": return ordinal(dayOfYear(local), locale);
    case "DDD": return String(dayOfYear(local));
    case "DD": return pad(local.getUTCDate(), 2);
    case "D": return String(local.getUTCDate());
    case "Do": return ordinal(local.getUTCDate(), locale);
    case "dddd": return names.days[local.getUTCDay()] ?? "";
    case "ddd": return names.daysShort[local.getUTCDay()] ?? "";
    case "dd": return names.daysMinimal[local.getUTCDay()] ?? "";
    case "do": return ordinal(local.getUTCDay(), locale);
    case "d": case "e": return String(local.getUTCDay());
    case "E": return String(local.getUTCDay() || 7);
    case "WW": case "ww": return pad(isoWeek(local).week, 2);
    case "W": case "w": return String(isoWeek(local).week);
    case "Wo": case "wo": return ordinal(isoWeek(local).week, locale);
    case "HH": return pad(hours, 2);
    case "H": return String(hours);
    case "hh": return pad(hours % 12 || 12, 2);
    case "h": return String(hours % 12 || 12);
    case "kk": return pad(hours || 24, 2);
    case "k": return String(hours || 24);
    case "mm": return pad(local.getUTCMinutes(), 2);
    case "m": return String(local.getUTCMinutes());
    case "ss": return pad(local.getUTCSeconds(), 2);
    case "s": return String(local.getUTCSeconds());
    case "A": return hours < 12 ? "AM" : "PM";
    case "a": return hours < 12 ? "am" : "pm";
    case "Z": return offsetText(offsetAt(zone, seconds), ":");
    case "ZZ": return offsetText(offsetAt(zone, seconds), "");
    case "z": case "zz": return abbreviationAt(zone, seconds);
    case "X": return String(Math.floor(seconds));
    case "x": return String(Math.floor(seconds * 1000));
    default:
      return token.startsWith("S") ? fraction(local, token.length) : localePart(moment, token);
  }
}

/** `L`, `LT` and their like: the locale's own shapes. */
function localePart({ local, locale }: Moment, token: string): string {
  const time: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const month = token.startsWith("l") ? "short" : "long";
  const shapes: Record<string, Intl.DateTimeFormatOptions> = {
    LT: time,
    LTS: { ...time, second: "2-digit" },
    L: { year: "numeric", month: "2-digit", day: "2-digit" },
    l: { year: "numeric", month: "numeric", day: "numeric" },
    LL: { year: "numeric", month, day: "numeric" },
    LLL: { year: "numeric", month, day: "numeric", ...time },
    LLLL: { weekday: token.startsWith("l") ? "short" : "long", year: "numeric", month, day: "numeric", ...time },
  };
  const shape = shapes[token] ?? shapes[token.toUpperCase()];
  return new Intl.DateTimeFormat(knownLocale(locale), { ...shape, timeZone: "UTC" }).format(local).replaceAll("\u202f", "\u00a0");
}

function fraction(local: Date, digits: number): string {
  return pad(local.getUTCMilliseconds(), 3).padEnd(9, "0").slice(0, digits);
}

function ordinal(count: number, locale: string): string {
  const language = locale.slice(0, 2);
  if (language === "fr") {
    return count === 1 ? "1er" : String(count);
  }
  if (language !== "en") {
    return `${count}.`;
  }
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(count);
  return `${count}${{ one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" }[rule]}`;
}

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, "0")}` : String(value).padStart(width, "0");
}
