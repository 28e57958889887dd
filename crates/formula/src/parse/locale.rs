//! How a language writes numbers.

/// The marks of numbers in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between the whole and the fraction.
    pub decimal: char,
    /// Between groups of digits.
    pub group: char,
    /// The document's currency as ISO code.
    pub currency: String,
}

impl Locale {
    /// The marks of a locale such as `fr-FR`; unknown ones are as English. `currency`: the document's, where it says one.
    #[must_use]
    pub fn named(name: &str, currency: Option<&str>) -> Self {
        let (language, region) = name.split_once(['-', '_']).unwrap_or((name, ""));
        let (decimal, group) = match (language, region) {
            ("de", "CH") | ("it", "CH") | ("de", "LI") => ('.', '’'),
            ("es", "MX" | "US" | "PR" | "GT" | "HN" | "NI" | "PA" | "PE" | "SV" | "DO") => ('.', ','),
            ("de", "AT") => (',', '\u{a0}'),
            ("pt", "PT") => (',', '\u{a0}'),
            ("fr", "CH") => (',', '\u{202f}'),
            ("fr", "CA") => (',', '\u{a0}'),
            (
                "de" | "es" | "it" | "nl" | "pt" | "da" | "id" | "tr" | "el" | "hr" | "sl" | "sr" | "ro"
                | "is" | "ca" | "gl" | "vi",
                _,
            ) => (',', '.'),
            ("fr", _) => (',', '\u{202f}'),
            (
                "ru" | "uk" | "pl" | "cs" | "sk" | "sv" | "fi" | "nb" | "no" | "nn" | "bg" | "hu" | "lt"
                | "lv" | "et" | "be" | "hy" | "ka" | "kk" | "sq" | "az",
                _,
            ) => (',', '\u{a0}'),
            _ => ('.', ','),
        };
        let own = match region {
            "GB" => "GBP",
            "JP" => "JPY",
            "CH" | "LI" => "CHF",
            "CA" => "CAD",
            "AU" => "AUD",
            "IN" => "INR",
            "BR" => "BRL",
            "CN" => "CNY",
            "MX" => "MXN",
            "SE" => "SEK",
            "NO" => "NOK",
            "DK" => "DKK",
            "PL" => "PLN",
            "CZ" => "CZK",
            "HU" => "HUF",
            "RU" => "RUB",
            "AT" | "BE" | "DE" | "ES" | "FI" | "FR" | "GR" | "IE" | "IT" | "LU" | "NL" | "PT" | "SI"
            | "SK" => "EUR",
            _ => "USD",
        };
        Self { decimal, group, currency: currency.unwrap_or(own).to_owned() }
    }
}
