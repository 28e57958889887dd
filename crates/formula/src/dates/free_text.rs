//! Free-form dates and times: `5-JUL`, `7/18/2011 7:45`, `March 5, 2001 3pm`, `2020-01-02T03:04:05Z`.
//!
//! Behaves as the `parse` function of the dateutil library with its default settings: month before day
//! when both are possible, missing parts taken from the default (today at midnight), English names.
//! It does not guess: every word must be known.

use super::calendar;

/// A date and time as found in a text. Offsets are seconds east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Year 1 to 9999.
    pub year: i64,
    /// Month 1 to 12.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
    /// Hour 0 to 23.
    pub hour: u32,
    /// Minute 0 to 59.
    pub minute: u32,
    /// Second 0 to 59.
    pub second: u32,
    /// Microsecond.
    pub microsecond: u32,
    /// Offset from UTC when the text gives one.
    pub offset: Option<i64>,
}

/// Why a text is no date: the text of dateutil's `ParserError` (a `ValueError`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParserError(pub String);

/// Reads a date and time; `today` is the day number whose parts fill the gaps.
pub fn parse(text: &str, today: i64) -> Result<Found, ParserError> {
    let this_year = calendar::civil(today).0;
    let mut parser = Parser { tokens: tokens(text), this_year, ymd: Ymd::default(), found: Parts::default() };
    if parser.run().is_none() {
        return Err(ParserError(format!("Unknown string format: {text}")));
    }
    let parts = parser.found;
    if parts.is_empty() {
        return Err(ParserError(format!("String does not contain a date: {text}")));
    }
    complete(&parts, today).map_err(|message| ParserError(format!("{message}: {text}")))
}

#[derive(Debug, Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    weekday: Option<u32>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    microsecond: Option<i64>,
    zone: Option<String>,
    offset: Option<i64>,
    ampm: Option<u32>,
}

impl Parts {
    fn is_empty(&self) -> bool {
        let numbers =
            [self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond];
        numbers.iter().all(Option::is_none)
            && self.weekday.is_none()
            && self.zone.is_none()
            && self.offset.is_none()
            && self.ampm.is_none()
    }
}

fn complete(parts: &Parts, today: i64) -> Result<Found, &'static str> {
    let (default_year, default_month, default_day) = calendar::civil(today);
    let year = parts.year.unwrap_or(default_year);
    let month = parts.month.unwrap_or(i64::from(default_month));
    let mut day = parts.day.unwrap_or(i64::from(default_day));
    if !(1..=9999).contains(&year) {
        return Err("year is out of range");
    }
    if !(1..=12).contains(&month) {
        return Err("month must be in 1..12");
    }
    let month = month as u32;
    let longest = i64::from(calendar::days_in_month(year, month));
    if parts.day.is_none() {
        day = day.min(longest);
    }
    if !(1..=longest).contains(&day) {
        return Err("day is out of range for month");
    }
    let in_range = |value: Option<i64>, limit: i64| {
        let value = value.unwrap_or(0);
        (0..limit).contains(&value).then_some(value as u32)
    };
    let hour = in_range(parts.hour, 24).ok_or("hour must be in 0..23")?;
    let minute = in_range(parts.minute, 60).ok_or("minute must be in 0..59")?;
    let second = in_range(parts.second, 60).ok_or("second must be in 0..59")?;
    let microsecond = in_range(parts.microsecond, 1_000_000).ok_or("microsecond must be in 0..999999")?;
    let mut date = (year, month, day as u32);
    if let Some(weekday) = parts.weekday.filter(|_| parts.day.is_none_or(|d| d == 0)) {
        let number = calendar::day_number(year, month, day);
        let ahead = (weekday + 7 - calendar::weekday(number)) % 7;
        date = calendar::civil(number + i64::from(ahead));
    }
    let (year, month, day) = date;
    Ok(Found { year, month, day, hour, minute, second, microsecond, offset: parts.offset })
}

/// Year, month and day numbers in the order of the text, with what is known of each.
#[derive(Debug, Default)]
struct Ymd {
    values: Vec<i64>,
    century: bool,
    year_at: Option<usize>,
    month_at: Option<usize>,
    day_at: Option<usize>,
}

impl Ymd {
    fn push_text(&mut self, text: &str, is_year: bool) -> Option<()> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let mut is_year = is_year;
        if digits && text.len() > 2 {
            self.century = true;
            is_year = true;
        }
        self.push(text.trim().parse().ok()?, is_year)
    }

    fn push_number(&mut self, value: f64) -> Option<()> {
        let is_year = value > 100.0;
        self.century |= is_year;
        self.push(value as i64, is_year)
    }

    fn push_month(&mut self, month: i64) -> Option<()> {
        self.values.push(month);
        self.month_at.is_none().then(|| self.month_at = Some(self.values.len() - 1))
    }

    fn push(&mut self, value: i64, is_year: bool) -> Option<()> {
        self.values.push(value);
        if is_year {
            if self.year_at.is_some() {
                return None;
            }
            self.year_at = Some(self.values.len() - 1);
        }
        Some(())
    }

    fn could_be_day(&self, value: f64) -> bool {
        if self.day_at.is_some() {
            return false;
        }
        let limit = match (self.month_at, self.year_at) {
            (None, _) => 31,
            (Some(month), year) => {
                let year = year.map_or(2000, |at| self.values[at]);
                u32::try_from(self.values[month]).map_or(31, |month| calendar::days_in_month(year, month))
            }
        };
        (1.0..=f64::from(limit)).contains(&value)
    }

    /// Year, month, day.
    fn resolve(&self) -> Option<[Option<i64>; 3]> {
        let v = &self.values;
        let mut places = [self.year_at, self.month_at, self.day_at];
        let known = places.iter().flatten().count();
        if known > 0 && known == v.len() || (v.len() == 3 && known == 2) {
            if v.len() == 3 && known == 2 {
                let missing = (0..3).find(|at| !places.contains(&Some(*at)));
                if let Some(place) = places.iter_mut().find(|place| place.is_none()) {
                    *place = missing;
                }
            }
            return Some(places.map(|place| place.map(|at| v[at])));
        }
        let some = |year: i64, month: i64, day: i64| Some([Some(year), Some(month), Some(day)]);
        match (v.len(), self.month_at) {
            (0, _) => Some([None; 3]),
            (1, Some(at)) => Some([None, Some(v[at]), None]),
            (1, None) if v[0] > 31 => Some([Some(v[0]), None, None]),
            (1, None) => Some([None, None, Some(v[0])]),
            (2, Some(at)) => {
                let other = v[1 - at];
                if other > 31 {
                    Some([Some(other), Some(v[at]), None])
                } else {
                    Some([None, Some(v[at]), Some(other)])
                }
            }
            (2, None) if v[0] > 31 => Some([Some(v[0]), Some(v[1]), None]),
            (2, None) if v[1] > 31 => Some([Some(v[1]), Some(v[0]), None]),
            (2, None) => Some([None, Some(v[0]), Some(v[1])]),
            (3, Some(0)) if v[1] > 31 => some(v[1], v[0], v[2]),
            (3, Some(0)) => some(v[2], v[0], v[1]),
            (3, Some(1)) if v[0] > 31 => some(v[0], v[1], v[2]),
            (3, Some(1)) => some(v[2], v[1], v[0]),
            (3, Some(_)) if v[1] > 31 => some(v[1], v[2], v[0]),
            (3, Some(_)) => some(v[0], v[2], v[1]),
            (3, None) if v[0] > 31 || self.year_at == Some(0) => some(v[0], v[1], v[2]),
            (3, None) if v[0] > 12 => some(v[2], v[1], v[0]),
            (3, None) => some(v[2], v[0], v[1]),
            _ => None,
        }
    }
}

struct Parser {
    tokens: Vec<String>,
    this_year: i64,
    ymd: Ymd,
    found: Parts,
}

impl Parser {
    fn token(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).map(String::as_str)
    }

    fn run(&mut self) -> Option<()> {
        let mut at = 0;
        while at < self.tokens.len() {
            let token = self.tokens[at].clone();
            if crate::format::float::parse(&token).is_some() {
                at = self.numeric(at)?;
            } else if let Some(weekday) = weekday(&token) {
                self.found.weekday = Some(weekday);
            } else if let Some(month) = month(&token) {
                at = self.after_month(at, month)?;
            } else if let Some(ampm) = ampm(&token) {
                let hour = self.found.hour.filter(|hour| (0..=12).contains(hour))?;
                self.found.hour = Some(on_24_hours(hour, ampm));
                self.found.ampm = Some(ampm);
            } else if self.could_be_zone(&token) {
                self.zone_name(at, token);
            } else if self.found.hour.is_some() && matches!(token.as_str(), "+" | "-") {
                at = self.zone_offset(at, &token)?;
            } else if !is_jump(&token) {
                return None;
            }
            at += 1;
        }
        let [year, month, day] = self.ymd.resolve()?;
        let year = year.map(|year| self.this_year_window(year));
        let found = &mut self.found;
        (found.year, found.month, found.day) = (year, month, day);
        let zulu = matches!(found.zone.as_deref(), Some("Z" | "z"));
        if (found.offset == Some(0) && found.zone.is_none()) || zulu {
            found.zone = Some("UTC".into());
            found.offset = Some(0);
        } else if found.offset != Some(0) && found.zone.as_deref().is_some_and(is_utc) {
            found.offset = Some(0);
        }
        Some(())
    }

    /// Two-digit years fall within fifty years of today.
    fn this_year_window(&self, year: i64) -> i64 {
        if year >= 100 || self.ymd.century {
            return year;
        }
        let full = year + self.this_year / 100 * 100;
        if full >= self.this_year + 50 {
            full - 100
        } else if full < self.this_year - 50 {
            full + 100
        } else {
            full
        }
    }

    fn after_month(&mut self, at: usize, month: i64) -> Option<usize> {
        self.ymd.push_month(month)?;
        let mut at = at;
        match self.token(at + 1) {
            Some("-" | "/") => {
                let separator = self.tokens[at + 1].clone();
                let second = self.token(at + 2)?.to_owned();
                self.ymd.push_text(&second, false)?;
                if self.token(at + 3) == Some(separator.as_str()) {
                    let third = self.token(at + 4)?.to_owned();
                    self.ymd.push_text(&third, false)?;
                    at += 2;
                }
                at += 2;
            }
            Some(" ")
                if self.token(at + 3) == Some(" ")
                    && self.token(at + 2).is_some_and(|word| word.eq_ignore_ascii_case("of"))
                    && self.tokens.len() > at + 4 =>
            {
                if let Some(year) = self.token(at + 4).and_then(|text| text.parse::<i64>().ok()) {
                    let year = self.this_year_window(year).to_string();
                    self.ymd.push_text(&year, true)?;
                }
                at += 4;
            }
            _ => {}
        }
        Some(at)
    }

    fn could_be_zone(&self, token: &str) -> bool {
        self.found.hour.is_some()
            && self.found.zone.is_none()
            && self.found.offset.is_none()
            && token.chars().count() <= 5
            && (token.bytes().all(|b| b.is_ascii_uppercase()) || matches!(token, "z"))
    }

    fn zone_name(&mut self, at: usize, token: String) {
        self.found.offset = is_utc_exact(&token).then_some(0);
        let utc = is_utc(&token);
        self.found.zone = Some(token);
        // "GMT+3" means that this time plus three hours is GMT.
        let flipped = match self.token(at + 1) {
            Some("+") => "-",
            Some("-") => "+",
            _ => return,
        };
        self.tokens[at + 1] = flipped.into();
        self.found.offset = None;
        if utc {
            self.found.zone = None;
        }
    }

    fn zone_offset(&mut self, at: usize, sign: &str) -> Option<usize> {
        let mut at = at;
        let digits = self.token(at + 1)?.to_owned();
        let length = digits.chars().count();
        let (hours, minutes): (i64, i64);
        if length == 4 {
            hours = digits.get(..2)?.parse().ok()?;
            minutes = digits.get(2..)?.parse().ok()?;
        } else if self.token(at + 2) == Some(":") {
            hours = digits.parse().ok()?;
            minutes = self.token(at + 3)?.parse().ok()?;
            at += 2;
        } else if length <= 2 {
            hours = digits.parse().ok()?;
            minutes = 0;
        } else {
            return None;
        }
        let magnitude = hours * 3600 + minutes * 60;
        self.found.offset = Some(if sign == "+" { magnitude } else { -magnitude });
        if self.token(at + 2).is_some_and(is_jump)
            && self.token(at + 3) == Some("(")
            && self.token(at + 5) == Some(")")
            && self.token(at + 4).is_some_and(|name| {
                name.len() >= 3 && name.len() <= 5 && name.bytes().all(|b| b.is_ascii_uppercase())
            })
            && self.found.zone.is_none()
        {
            self.found.zone = self.token(at + 4).map(str::to_owned);
            at += 4;
        }
        Some(at + 1)
    }

    fn numeric(&mut self, at: usize) -> Option<usize> {
        let token = self.tokens[at].clone();
        let value = crate::format::float::parse(&token).filter(|value| value.is_finite())?;
        let length = token.chars().count();
        let part = |range: std::ops::Range<usize>| token.get(range).and_then(|text| text.parse::<i64>().ok());
        let next = self.token(at + 1).map(str::to_owned);
        let mut at = at;
        if self.ymd.values.len() == 3
            && matches!(length, 2 | 4)
            && self.found.hour.is_none()
            && next.as_deref().is_none_or(|next| next != ":" && hms(next).is_none())
        {
            self.found.hour = Some(part(0..2)?);
            if length == 4 {
                self.found.minute = Some(part(2..4)?);
            }
        } else if length == 6 || (length > 6 && token.find('.') == Some(6)) {
            if self.ymd.values.is_empty() && !token.contains('.') {
                for range in [0..2, 2..4, 4..6] {
                    self.ymd.push_text(token.get(range)?, false)?;
                }
            } else {
                self.found.hour = Some(part(0..2)?);
                self.found.minute = Some(part(2..4)?);
                self.seconds(token.get(4..)?)?;
            }
        } else if matches!(length, 8 | 12 | 14) {
            self.ymd.push_text(token.get(0..4)?, true)?;
            self.ymd.push_text(token.get(4..6)?, false)?;
            self.ymd.push_text(token.get(6..8)?, false)?;
            if length > 8 {
                self.found.hour = Some(part(8..10)?);
                self.found.minute = Some(part(10..12)?);
                if length > 12 {
                    self.found.second = Some(part(12..14)?);
                }
            }
        } else if let Some(label_at) = self.find_label(at) {
            let label = hms(&self.tokens[label_at])?;
            let unit = if label_at > at { label } else { label + 1 };
            at = at.max(label_at);
            match unit {
                0 => {
                    self.found.hour = Some(value as i64);
                    if value.fract() != 0.0 {
                        self.found.minute = Some((60.0 * value.fract()) as i64);
                    }
                }
                1 => self.minutes(value),
                2 => self.seconds(&token)?,
                _ => {}
            }
        } else if next.as_deref() == Some(":") && at + 2 < self.tokens.len() {
            self.found.hour = Some(value as i64);
            let minutes = crate::format::float::parse(&self.tokens[at + 2])?;
            self.minutes(minutes);
            if self.token(at + 3) == Some(":") && at + 4 < self.tokens.len() {
                let text = self.tokens[at + 4].clone();
                self.seconds(&text)?;
                at += 2;
            }
            at += 2;
        } else if let Some(separator @ ("-" | "/" | ".")) = next.as_deref() {
            at = self.separated(at, &token, separator)?;
        } else if next.as_deref().is_none_or(is_jump) {
            if let Some(ampm) = self.token(at + 2).and_then(ampm) {
                self.found.hour = Some(on_24_hours(value as i64, ampm));
                at += 1;
            } else {
                self.ymd.push_number(value)?;
            }
            at += 1;
        } else if let Some(ampm) = next.as_deref().and_then(ampm).filter(|_| (0.0..24.0).contains(&value)) {
            self.found.hour = Some(on_24_hours(value as i64, ampm));
            at += 1;
        } else if self.ymd.could_be_day(value) {
            self.ymd.push_number(value)?;
        } else {
            return None;
        }
        Some(at)
    }

    fn separated(&mut self, at: usize, token: &str, separator: &str) -> Option<usize> {
        let mut at = at;
        self.ymd.push_text(token, false)?;
        if let Some(second) = self.token(at + 2).filter(|second| !is_jump(second)).map(str::to_owned) {
            if second.chars().all(|c| c.is_ascii_digit()) {
                self.ymd.push_text(&second, false)?;
            } else {
                self.ymd.push_month(month(&second)?)?;
            }
            if self.token(at + 3) == Some(separator) {
                let third = self.token(at + 4)?.to_owned();
                match month(&third) {
                    Some(month) => self.ymd.push_month(month)?,
                    None => self.ymd.push_text(&third, false)?,
                }
                at += 2;
            }
            at += 1;
        }
        Some(at + 1)
    }

    fn find_label(&self, at: usize) -> Option<usize> {
        let is_label = |at: usize| self.token(at).and_then(hms).is_some();
        if is_label(at + 1) {
            Some(at + 1)
        } else if self.token(at + 1) == Some(" ") && is_label(at + 2) {
            Some(at + 2)
        } else if at > 0 && is_label(at - 1) {
            Some(at - 1)
        } else if at > 1 && at + 1 == self.tokens.len() && self.token(at - 1) == Some(" ") && is_label(at - 2)
        {
            Some(at - 2)
        } else {
            None
        }
    }

    fn minutes(&mut self, value: f64) {
        self.found.minute = Some(value as i64);
        let rest = value.fract();
        self.found.second = (rest != 0.0).then_some((60.0 * rest) as i64);
    }

    fn seconds(&mut self, text: &str) -> Option<()> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        self.found.second = Some(whole.parse().ok()?);
        let micro: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
        self.found.microsecond = Some(micro.parse().ok()?);
        Some(())
    }
}

fn on_24_hours(hour: i64, ampm: u32) -> i64 {
    match (hour, ampm) {
        (12, 0) => 0,
        (hour, 1) if hour < 12 => hour + 12,
        (hour, _) => hour,
    }
}

fn one_of(token: &str, names: &[&[&str]]) -> Option<usize> {
    names.iter().position(|forms| forms.iter().any(|form| token.eq_ignore_ascii_case(form)))
}

fn weekday(token: &str) -> Option<u32> {
    calendar::WEEKDAYS
        .iter()
        .position(|name| token.eq_ignore_ascii_case(name) || token.eq_ignore_ascii_case(&name[..3]))
        .map(|at| at as u32)
}

fn month(token: &str) -> Option<i64> {
    if token.eq_ignore_ascii_case("sept") {
        return Some(9);
    }
    calendar::MONTHS
        .iter()
        .position(|name| token.eq_ignore_ascii_case(name) || token.eq_ignore_ascii_case(&name[..3]))
        .map(|at| at as i64 + 1)
}

fn hms(token: &str) -> Option<usize> {
    one_of(token, &[&["h", "hour", "hours"], &["m", "minute", "minutes"], &["s", "second", "seconds"]])
}

fn ampm(token: &str) -> Option<u32> {
    one_of(token, &[&["am", "a"], &["pm", "p"]]).map(|at| at as u32)
}

fn is_utc(token: &str) -> bool {
    ["UTC", "GMT", "Z"].iter().any(|name| token.eq_ignore_ascii_case(name))
}

fn is_utc_exact(token: &str) -> bool {
    matches!(token, "UTC" | "GMT" | "Z" | "z")
}

fn is_jump(token: &str) -> bool {
    const JUMPS: &[&str] =
        &[" ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th"];
    JUMPS.iter().any(|jump| token.eq_ignore_ascii_case(jump))
}

/// Cuts a text where the kind of character changes; a point joins digits (`7.5`) and letters (`a.m`).
fn tokens(text: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Word,
        Number,
        DottedWord,
        DottedNumber,
    }
    let chars: Vec<char> = text.chars().filter(|&c| c != '\0').collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let first = chars[at];
        at += 1;
        let mut state = if first.is_alphabetic() {
            State::Word
        } else if first.is_numeric() {
            State::Number
        } else {
            out.push(if crate::format::spec::is_space(first) { " ".into() } else { first.to_string() });
            continue;
        };
        let mut token = first.to_string();
        let mut letters = state == State::Word && chars.get(at).is_some();
        while let Some(&c) = chars.get(at) {
            let after_point = token.ends_with('.');
            state = match state {
                State::Word if c.is_alphabetic() => State::Word,
                State::Word if c == '.' => State::DottedWord,
                State::Number if c.is_numeric() => State::Number,
                State::Number if c == '.' || (c == ',' && token.chars().count() >= 2) => State::DottedNumber,
                State::DottedWord if c == '.' || c.is_alphabetic() => State::DottedWord,
                State::DottedWord if c.is_numeric() && after_point => State::DottedNumber,
                State::DottedNumber if c == '.' || c.is_numeric() => State::DottedNumber,
                State::DottedNumber if c.is_alphabetic() && after_point => State::DottedWord,
                _ => break,
            };
            letters |= matches!(state, State::Word | State::DottedWord);
            token.push(c);
            at += 1;
        }
        let dotted = matches!(state, State::DottedWord | State::DottedNumber);
        let points = token.matches('.').count();
        if dotted && (letters || points > 1 || token.ends_with(['.', ','])) {
            let mut piece = String::new();
            for c in token.chars() {
                if matches!(c, '.' | ',') {
                    out.extend((!piece.is_empty()).then(|| std::mem::take(&mut piece)));
                    out.push(c.to_string());
                } else {
                    piece.push(c);
                }
            }
            out.extend((!piece.is_empty()).then_some(piece));
        } else if state == State::DottedNumber && points == 0 {
            out.push(token.replace(',', "."));
        } else {
            out.push(token);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        // 24 November 2026
        match parse(text, 20_781) {
            Ok(f) => {
                let offset = f.offset.map(|o| format!("{o:+}")).unwrap_or_default();
                let (y, mo, d, h, mi, s, us) =
                    (f.year, f.month, f.day, f.hour, f.minute, f.second, f.microsecond);
                format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}.{us}{offset}")
            }
            Err(error) => error.0,
        }
    }

    #[test]
    fn reads() {
        let cases = [
            ("1/1/2008", "2008-01-01 00:00:00.0"),
            ("30-Jan-2008", "2008-01-30 00:00:00.0"),
            ("5-JUL", "2026-07-05 00:00:00.0"),
            ("1/2/3", "2003-01-02 00:00:00.0"),
            ("2011/02/23", "2011-02-23 00:00:00.0"),
            ("12:59:00 PM", "2026-11-24 12:59:00.0"),
            ("7/18/2011 7:45:13", "2011-07-18 07:45:13.0"),
            ("99", "1999-11-24 00:00:00.0"),
            ("5 March 2001", "2001-03-05 00:00:00.0"),
            ("Jan 5, 2013", "2013-01-05 00:00:00.0"),
            ("2013-07-10T12:34:56Z", "2013-07-10 12:34:56.0+0"),
            ("2013-07-10T12:34:56.789+02:00", "2013-07-10 12:34:56.789000+7200"),
            ("20130710T1234", "2013-07-10 12:34:00.0"),
            ("10h36m28.5s", "2026-11-24 10:36:28.500000"),
            ("Tue", "2026-11-24 00:00:00.0"),
            ("3pm", "2026-11-24 15:00:00.0"),
            ("Sep.20.2009", "2009-09-20 00:00:00.0"),
            ("asdf", "Unknown string format: asdf"),
            ("", "String does not contain a date: "),
            ("13/13/13", "month must be in 1..12: 13/13/13"),
            ("2/30/2011", "day is out of range for month: 2/30/2011"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
