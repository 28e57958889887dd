/** The currency of a country, for documents that name none. Source: ISO 4217 and ISO 3166. */

const EURO =
  "AD AT BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM TF VA XK YT";

const OTHERS: Record<string, string> = {
  AE: "AED", AL: "ALL", AR: "ARS", AU: "AUD", BA: "BAM", BD: "BDT", BJ: "XOF", BO: "BOB", BR: "BRL", CA: "CAD", CD: "CDF",
  CF: "XAF", CG: "XAF", CH: "CHF", CI: "XOF", CL: "CLP", CM: "XAF", CN: "CNY", CO: "COP", CR: "CRC", CZ: "CZK", DK: "DKK",
  DO: "DOP", DZ: "DZD", EC: "USD", EG: "EGP", GA: "XAF", GB: "GBP", GE: "GEL", GN: "GNF", HK: "HKD", HU: "HUF", ID: "IDR",
  IL: "ILS", IN: "INR", IQ: "IQD", IR: "IRR", IS: "ISK", JO: "JOD", JP: "JPY", KE: "KES", KR: "KRW", KW: "KWD", KZ: "KZT",
  LB: "LBP", LI: "CHF", LK: "LKR", MA: "MAD", MD: "MDL", MG: "MGA", MK: "MKD", ML: "XOF", MU: "MUR", MX: "MXN", MY: "MYR",
  NC: "XPF", NE: "XOF", NG: "NGN", NO: "NOK", NP: "NPR", NZ: "NZD", PE: "PEN", PF: "XPF", PH: "PHP", PK: "PKR", PL: "PLN",
  PY: "PYG", QA: "QAR", RO: "RON", RS: "RSD", RU: "RUB", SA: "SAR", SE: "SEK", SG: "SGD", SN: "XOF", TD: "XAF", TG: "XOF",
  TH: "THB", TN: "TND", TR: "TRY", TW: "TWD", TZ: "TZS", UA: "UAH", UG: "UGX", US: "USD", UY: "UYU", VE: "VES", VN: "VND",
  WF: "XPF", ZA: "ZAR",
};

const COUNTRIES = new Map<string, string>([
  ...EURO.split(" ").map((country): [string, string] => [country, "EUR"]),
  ...Object.entries(OTHERS),
]);

/** The currency of the locale's country (`fr` counts as `fr-FR`), `USD` when unknown. */
export function currencyOfLocale(locale: string): string {
  try {
    const region = new Intl.Locale(locale).maximize().region ?? "US";
    return COUNTRIES.get(region) ?? "USD";
  } catch {
    return "USD";
  }
}
