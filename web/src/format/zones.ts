/** Time zones over `Intl`: offsets of instants, instants of local times, abbreviations. Unknown zones count as UTC. */

const QUARTER = 900;
const CACHE_LIMIT = 20_000;

const formats = new Map<string, Intl.DateTimeFormat | null>();
const offsets = new Map<string, number>();

/** Seconds to add to UTC at the instant `seconds` (since the epoch) in the zone. */
export function offsetAt(zone: string, seconds: number): number {
  const format = zoneFormat(zone);
  if (!format || !Number.isFinite(seconds)) {
    return 0;
  }
  // Rules of zones change on quarters of hours, so one answer serves a whole quarter.
  const quarter = Math.floor(seconds / QUARTER);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) {
    return known;
  }
  const offset = computeOffset(format, quarter * QUARTER);
  if (offsets.size >= CACHE_LIMIT) {
    offsets.clear();
  }
  offsets.set(key, offset);
  return offset;
}

/** The instant (seconds since the epoch) of a local time given as if it were UTC. Of two, the first; in a gap, after it. */
export function instantOf(zone: string, localSeconds: number): number {
  const before = offsetAt(zone, localSeconds - 86_400);
  const after = offsetAt(zone, localSeconds + 86_400);
  const early = localSeconds - before;
  if (offsetAt(zone, early) === before) {
    return early;
  }
  const late = localSeconds - after;
  return offsetAt(zone, late) === after ? late : early;
}

/** The zone's abbreviation at the instant, as `CET`; `+03` style when there is none. */
export function abbreviationAt(zone: string, seconds: number): string {
  const canonical = zoneFormat(zone) ? zone : "UTC";
  if (canonical === "UTC") {
    return "UTC";
  }
  for (const locale of ["en-US", "en-GB", "en-AU", "en-IN", "en-CA", "en-ZA"]) {
    const name = shortName(locale, canonical, seconds);
    if (!/^(GMT|UTC)[+-]/.test(name)) {
      return name;
    }
  }
  return offsetText(offsetAt(canonical, seconds), "").replace(/00$/, "");
}

/** `+01:00` with the separator `:`. */
export function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(Math.trunc(offset / 60));
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${separator}${pad(minutes % 60)}`;
}

function shortName(locale: string, zone: string, seconds: number): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(seconds * 1000);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT+0";
}

function zoneFormat(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) {
    return known;
  }
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = zone === "" || zone === "UTC" ? null : new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", era: "short",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
  } catch {
    format = null;
  }
  formats.set(zone, format);
  return format;
}

function computeOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const fields: Record<string, number> = {};
  let era = "AD";
  for (const part of format.formatToParts(seconds * 1000)) {
    if (part.type === "era") {
      era = part.value;
    } else if (part.type !== "literal") {
      fields[part.type] = Number(part.value);
    }
  }
  const year = fields["year"] ?? 1970;
  const local = new Date(0);
  local.setUTCFullYear(era.startsWith("B") ? 1 - year : year, (fields["month"] ?? 1) - 1, fields["day"] ?? 1);
  local.setUTCHours(fields["hour"] ?? 0, fields["minute"] ?? 0, fields["second"] ?? 0);
  return local.getTime() / 1000 - seconds;
}
