/**
 * What people type, read as dates and date-times: by the column's format first, then in many shapes; parts left out come
 * from today. `null` means: no date, keep the text.
 *
 * In the shapes that could be read both ways (03/04), the locale's order of day and month goes first.
 */
import { calendarNames, civil, dayFirst } from "./calendar";
import { DEFAULT_DATE_FORMAT, datePattern } from "./dates";
import { instantOf } from "./zones";

/** What reading a date depends on. */
export interface DateInput {
  options: Record<string, unknown>;
  locale: string;
  /** Today at midnight UTC, in seconds since the epoch, as the person sees it. */
  today: number;
  /** Only the column's format and shapes that cannot be misread: for pasting many dates. */
  strict?: boolean;
}

type Piece = "D" | "M" | "Y";

/** Years of two digits: up to ten years from now, else the last century. */
const NEAR_YEARS = 10;

const UNAMBIGUOUS: Piece[][] = [["Y", "M", "D"]];
const MONTH_FIRST: Piece[][] = [["M", "D", "Y"], ["M", "D"], ["M"]];
const DAY_FIRST: Piece[][] = [["D", "M", "Y"], ["D", "M"]];
const REST: Piece[][] = [["Y", "M"], ["Y"], ["M", "Y"], ["D"]];

/** Seconds since the epoch at midnight UTC. */
export function parseDate(text: string, input: DateInput): number | null {
  const parts = text.normalize("NFC").match(/\p{L}+|\p{N}+/gu);
  if (!parts || parts.length > 5) {
    return null;
  }
  const words = withoutOrnaments(parts, input.locale);
  if (/^\d{8}$/.test(text.trim())) {
    return readPieces([text.trim().slice(0, 4), text.trim().slice(4, 6), text.trim().slice(6)], ["Y", "M", "D"], input);
  }
  for (const shape of shapes(words, input)) {
    const date = readPieces(words, shape, input);
    if (date !== null) {
      return date;
    }
  }
  return null;
}

/** Seconds since the epoch of a local date and time in the zone; a date alone is its midnight. */
export function parseDateTime(text: string, input: DateInput, zone: string): number | null {
  const trimmed = text.trim();
  const dateOnly = parseDate(trimmed, input);
  if (dateOnly !== null) {
    return instantOf(zone, dateOnly);
  }
  const { rest, offset } = splitOffset(trimmed);
  const { date, seconds } = splitTime(rest);
  if (seconds === null) {
    return null;
  }
  const day = date === "" ? input.today : parseDate(date, input);
  if (day === null) {
    return null;
  }
  return offset === null ? instantOf(zone, day + seconds) : day + seconds - offset;
}

/** Seconds since midnight of `9:30`, `9h30`, `21:30:05`, `9:30pm`, `930 pm`, `9h`; `null` when it is no time. */
export function parseTime(text: string): number | null {
  const { date, seconds } = splitTime(text.trim());
  return date === "" ? seconds : null;
}

function shapes(words: string[], input: DateInput): Piece[][] {
  const own = ownShape(datePattern(input.options), words.length);
  const named = words.some((word) => !/^\d/.test(word));
  if (input.strict && !named) {
    return [own, ...UNAMBIGUOUS];
  }
  const both = dayFirst(input.locale) ? [...DAY_FIRST, ...MONTH_FIRST] : [...MONTH_FIRST, ...DAY_FIRST];
  // `2024-03` names a year first whatever the format; else the column's own order decides.
  return [own, ...UNAMBIGUOUS, ...both, ...REST];
}

/** The order of the pieces in the column's format, shortened to what was typed: the year goes first, then the month. */
function ownShape(pattern: string, count: number): Piece[] {
  const order = (pattern.replace(/\[[^\]]*\]/g, " ").match(/Y+|M+|D+/g) ?? []).map((token) => token[0] as Piece);
  let shape = [...new Set(order)];
  if (shape.length < 2) {
    shape = order.length === 0 ? (DEFAULT_DATE_FORMAT.match(/[YMD]/g) as Piece[]) : shape;
  }
  if (!shape.includes("Y") && shape.length === 2 && count === 3) {
    shape.push("Y");
  }
  for (const dropped of ["Y", "M"] as const) {
    if (shape.length > count) {
      shape = shape.filter((piece) => piece !== dropped);
    }
  }
  return shape;
}

function readPieces(words: string[], shape: Piece[], input: DateInput): number | null {
  if (words.length !== shape.length) {
    return null;
  }
  const now = new Date(input.today * 1000);
  let year: number | null = null;
  let month: number | null = null;
  let day: number | null = null;
  for (const [index, piece] of shape.entries()) {
    const word = words[index] ?? "";
    if (piece === "Y") {
      year = readYear(word, now.getUTCFullYear());
    } else if (piece === "M") {
      month = readMonth(word, input.locale);
    } else {
      day = /^\d{1,2}$/.test(word) ? Number(word) : null;
    }
    if ((piece === "Y" ? year : piece === "M" ? month : day) === null) {
      return null;
    }
  }
  // What is larger than the typed parts comes from today, what is smaller is the first.
  return civil(
    year ?? now.getUTCFullYear(),
    month ?? (year === null ? now.getUTCMonth() + 1 : 1),
    day ?? 1,
  );
}

function readYear(word: string, currentYear: number): number | null {
  if (/^\d{4}$/.test(word)) {
    return Number(word);
  }
  if (!/^\d{2}$/.test(word)) {
    return null;
  }
  const century = Math.floor(currentYear / 100) * 100;
  const near = century + Number(word);
  return near > currentYear + NEAR_YEARS ? near - 100 : near;
}

function readMonth(word: string, locale: string): number | null {
  if (/^\d{1,2}$/.test(word)) {
    const month = Number(word);
    return month >= 1 && month <= 12 ? month : null;
  }
  const wanted = bare(word);
  for (const tag of [locale, "en-US"]) {
    const { months, monthsShort } = calendarNames(tag);
    const exact = months.findIndex((name, index) => bare(name) === wanted || bare(monthsShort[index] ?? "") === wanted);
    if (exact >= 0) {
      return exact + 1;
    }
    // An abbreviation of three letters or more that fits one month only: `sept`, `juil`.
    const starts = months.map((name, index) => (bare(name).startsWith(wanted) ? index + 1 : 0)).filter((month) => month > 0);
    if (wanted.length >= 3 && starts.length === 1) {
      return starts[0] ?? null;
    }
  }
  return null;
}

/** Takes off names of weekdays, ordinal endings (`1er`, `2nd`) and little words (`de`, `of`). */
function withoutOrnaments(parts: string[], locale: string): string[] {
  const weekdays = new Set<string>();
  for (const tag of [locale, "en-US"]) {
    const { days, daysShort } = calendarNames(tag);
    for (const name of [...days, ...daysShort]) {
      weekdays.add(bare(name));
    }
  }
  const ornament = /^(er|st|nd|rd|th|e|eme|o|a|de|del|of|le|the)$/;
  return parts.filter((part, index) => {
    const word = bare(part);
    if (/^\d/.test(word)) {
      return true;
    }
    const afterDay = index > 0 && /^\d/.test(parts[index - 1] ?? "");
    return !(weekdays.has(word) && !isMonth(word, locale)) && !(ornament.test(word) && (afterDay || index === 0));
  });
}

function isMonth(word: string, locale: string): boolean {
  // `mar.` is both Tuesday and March in French: alone beside a day it is the month.
  return readMonth(word, locale) !== null;
}

function bare(word: string): string {
  return word.normalize("NFD").replace(/[\p{M}.]/gu, "").toLowerCase();
}

function splitOffset(text: string): { rest: string; offset: number | null } {
  const utc = /(^|[^a-zA-Z])(?:UTC?|GMT|Z)$/i.exec(text);
  if (utc) {
    return { rest: text.slice(0, utc.index + (utc[1] ?? "").length).trim(), offset: 0 };
  }
  const numeric = /(:\d\d(?:\.\d+)?\s*)([+-])(\d\d?)(?::?(\d\d))?$/.exec(text);
  if (numeric) {
    const seconds = Number(numeric[3]) * 3600 + Number(numeric[4] ?? 0) * 60;
    return { rest: text.slice(0, numeric.index + (numeric[1] ?? "").length).trim(), offset: numeric[2] === "-" ? -seconds : seconds };
  }
  // An abbreviation of the zone, as our own format writes it, says nothing that the column does not.
  const name = /(\d|[ap]m)\s+([A-Z]{2,5})$/.exec(text);
  return { rest: name && !/^[AP]M$/.test(name[2] ?? "") ? text.slice(0, text.length - (name[2] ?? "").length).trim() : text, offset: null };
}

const TIME = /(?:^|\s+|T)(?:(\d\d?)(?:\s?[:hH]\s?(\d\d)?(?:[:m](\d\d)(?:[.,]\d+)?)?)?|(\d\d?)(\d\d))\s*([ap]\.?m?\.?)?$/i;

function splitTime(text: string): { date: string; seconds: number | null } {
  const match = TIME.exec(text);
  if (!match) {
    return { date: text, seconds: null };
  }
  let hours = Number(match[1] ?? match[4]);
  const minutes = Number(match[2] ?? match[5] ?? 0);
  const seconds = Number(match[3] ?? 0);
  const half = (match[6] ?? "").toLowerCase();
  if (half.startsWith("p") && hours > 0 && hours < 12) {
    hours += 12;
  } else if (half.startsWith("a") && hours === 12) {
    hours = 0;
  }
  const valid = hours < 24 && minutes < 60 && seconds < 60;
  return { date: text.slice(0, match.index).trim(), seconds: valid ? hours * 3600 + minutes * 60 + seconds : null };
}
