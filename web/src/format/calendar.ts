/** Names of months and days in a locale, and small calendar sums. All dates are civil dates counted as if in UTC. */
import { knownLocale } from "./settings";

export interface CalendarNames {
  months: string[];
  monthsShort: string[];
  /** From Sunday. */
  days: string[];
  daysShort: string[];
  daysMinimal: string[];
}

const cache = new Map<string, CalendarNames>();

/** The names of a locale, from `Intl`; computed once. */
export function calendarNames(locale: string): CalendarNames {
  const known = cache.get(locale);
  if (known) {
    return known;
  }
  const tag = knownLocale(locale);
  const list = (count: number, first: number, step: number, options: Intl.DateTimeFormatOptions): string[] => {
    const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
    return Array.from({ length: count }, (_, index) => format.format(first + index * step));
  };
  const day = 86_400_000;
  // 2023-01-01 was a Sunday; 31 days after each other the 1st, 32nd … day fall in successive months.
  const sunday = Date.UTC(2023, 0, 1);
  const months = (options: Intl.DateTimeFormatOptions): string[] => {
    const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
    return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2023, month, 15)));
  };
  const names: CalendarNames = {
    months: months({ month: "long" }),
    monthsShort: months({ month: "short" }),
    days: list(7, sunday, day, { weekday: "long" }),
    daysShort: list(7, sunday, day, { weekday: "short" }),
    daysMinimal: list(7, sunday, day, { weekday: "short" }).map((name) => name.replace(".", "").slice(0, 2)),
  };
  cache.set(locale, names);
  return names;
}

/** Whether dates of the locale are written with the day before the month. */
export function dayFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(knownLocale(locale), { timeZone: "UTC" }).formatToParts(0);
  return parts.findIndex((part) => part.type === "day") < parts.findIndex((part) => part.type === "month");
}

/** The first day of the week: 0 Sunday, 1 Monday, 6 Saturday. */
export function firstWeekday(locale: string): number {
  const tag = new Intl.Locale(knownLocale(locale)) as Intl.Locale & {
    getWeekInfo?(): { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const info = tag.getWeekInfo?.() ?? tag.weekInfo;
  return (info?.firstDay ?? (tag.maximize().region === "US" ? 7 : 1)) % 7;
}

/** Seconds since the epoch of a civil date at midnight UTC; `null` when there is no such day. `month` is 1 to 12. */
export function civil(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exact = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exact ? date.getTime() / 1000 : null;
}

/** Week of the year and the year that owns it, in ISO 8601. */
export function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const start = new Date(0);
  start.setUTCFullYear(thursday.getUTCFullYear(), 0, 1);
  return { year: thursday.getUTCFullYear(), week: 1 + Math.floor((thursday.getTime() - start.getTime()) / 86_400_000 / 7) };
}

/** Day of the year, from 1. */
export function dayOfYear(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((date.getTime() - start.getTime()) / 86_400_000);
}
