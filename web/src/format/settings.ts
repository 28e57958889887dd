/** What formats depend on besides the column: the document's settings and the day of today. */
export interface FormatSettings {
  /** BCP 47 tag; one that the browser does not know counts as `en-US`. */
  locale: string;
  /** IANA name, for date-times of columns that name none. */
  timezone: string;
  /** ISO 4217; `null`: that of the locale's country. */
  currency: string | null;
}

/** The locale itself when the browser knows it, else `en-US`. */
export function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}
