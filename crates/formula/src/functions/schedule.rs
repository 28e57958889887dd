//! Grist's `SCHEDULE`: times that come back every so many years, months, weeks, days, hours or minutes.
//!
//! A schedule is `INTERVAL: SLOTS, …`. The interval says when a period begins (on the boundary of its unit before the start, weeks on Sundays), each slot
//! how far into it a time lies. Arithmetic is on the clock's reading, comparisons on the instant. Source: Grist's function reference and its recorded results.

use std::rc::Rc;

use crate::context::Context;
use crate::dates::calendar::{self, FIRST_DAY, LAST_DAY, MONTHS, WEEKDAYS};
use crate::exception::{self, Exception};
use crate::functions::date;
use crate::functions::operate::{Arguments, Outcome};
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::{DateTime, Iterate, Iterator, Value};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[Native::function(
    "SCHEDULE",
    "schedule, start=None, count=10, end=None",
    "The times of a schedule such as 'weekly: Mo 9am, Fr 2pm', from a start on.",
    schedule,
)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
    Hours,
    Minutes,
    Seconds,
}

/// A distance on the clock: months first, then the rest.
#[derive(Clone, Copy, Debug, Default)]
struct Distance {
    months: i64,
    micros: i64,
}

/// The times of a schedule, one after the other.
struct Times {
    interval: Distance,
    slots: Vec<Distance>,
    start: i64,
    end: Option<i64>,
    left: i64,
    /// The beginning of the period, and the next slot in it.
    period: DateTime,
    slot: usize,
}

impl Unit {
    const ALL: [(Self, &'static str, char); 7] = [
        (Self::Years, "year", 'y'),
        (Self::Months, "month", 'm'),
        (Self::Weeks, "week", 'w'),
        (Self::Days, "day", 'd'),
        (Self::Hours, "hour", 'H'),
        (Self::Minutes, "minute", 'M'),
        (Self::Seconds, "second", 'S'),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
            Self::Weeks => "weeks",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Seconds => "seconds",
        }
    }

    /// So many of it.
    fn times(self, count: i64) -> Distance {
        let months = |length: i64| Distance { months: count.saturating_mul(length), micros: 0 };
        let micros = |length: i64| Distance { months: 0, micros: count.saturating_mul(length) };
        match self {
            Self::Years => months(12),
            Self::Months => months(1),
            Self::Weeks => micros(7 * DAY),
            Self::Days => micros(DAY),
            Self::Hours => micros(HOUR),
            Self::Minutes => micros(MINUTE),
            Self::Seconds => micros(SECOND),
        }
    }

    /// The reading of the clock at the beginning of the unit.
    fn begin(self, wall: i64) -> i64 {
        let day = wall.div_euclid(DAY);
        let (year, month, _) = calendar::civil(day);
        let down = |unit: i64| wall - wall.rem_euclid(unit);
        match self {
            Self::Years => calendar::day_number(year, 1, 1) * DAY,
            Self::Months => calendar::day_number(year, month, 1) * DAY,
            Self::Weeks => (day - i64::from((calendar::weekday(day) + 1) % 7)) * DAY,
            Self::Days => day * DAY,
            Self::Hours => down(HOUR),
            Self::Minutes => down(MINUTE),
            Self::Seconds => down(SECOND),
        }
    }
}

impl Distance {
    fn and(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            micros: self.micros.saturating_add(other.micros),
        }
    }

    /// That far from a reading of the clock; days beyond a shorter month roll over.
    fn from(self, wall: i64) -> Option<i64> {
        let (year, month, day) = calendar::civil(wall.div_euclid(DAY));
        let month = (i64::from(month) - 1).checked_add(self.months)?;
        let year = year.checked_add(month.div_euclid(12)).filter(|year| (1..=9999).contains(year))?;
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        let day = calendar::day_number(year, month, i64::from(day));
        let wall = (day * DAY + wall.rem_euclid(DAY)).checked_add(self.micros)?;
        (FIRST_DAY..=LAST_DAY).contains(&wall.div_euclid(DAY)).then_some(wall)
    }
}

impl Iterate for Times {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        while self.left > 0 {
            context.spend(2)?;
            let beyond = || Exception::new(&exception::OVERFLOW_ERROR, "date value out of range");
            let Some(slot) = self.slots.get(self.slot) else {
                self.slot = 0;
                self.period.wall = self.interval.from(self.period.wall).ok_or_else(beyond)?;
                continue;
            };
            self.slot += 1;
            let time =
                DateTime { wall: slot.from(self.period.wall).ok_or_else(beyond)?, ..self.period.clone() };
            let instant = time.instant();
            if instant < self.start {
                continue;
            }
            if self.end.is_some_and(|end| instant > end) {
                self.left = 0;
                break;
            }
            self.left -= 1;
            return Ok(Some(Value::DateTime(Rc::new(time))));
        }
        Ok(None)
    }
    fn type_name(&self) -> &'static str {
        "generator"
    }
}

fn schedule(call: &mut Arguments<'_, '_>) -> Outcome {
    let Value::Str(text) = call.arg(0).clone() else {
        let found = type_of(call.arg(0)).name;
        let message = format!("'{found}' object has no attribute 'split'");
        return Err(Exception::new(&exception::ATTRIBUTE_ERROR, message));
    };
    call.context.spend(text.len() as u64)?;
    let Some((interval, slots)) = text.split_once(':') else {
        return Err(exception::value_error("schedule must have the form INTERVAL: SLOTS, ..."));
    };
    let (count, unit) = read_interval(&interval.trim().to_lowercase())?;
    let slots: Vec<Distance> =
        slots.split(',').map(|slot| read_slot(slot, unit)).collect::<Result<_, _>>()?;
    let start = match call.some(1).cloned() {
        Some(start) => date::date_time(call, &start, None)?,
        None => date::now_in_zone(call)?,
    };
    let end = match call.some(3).cloned() {
        Some(end) => Some(date::date_time(call, &end, None)?),
        None => None,
    };
    let Value::DateTime(start) = start else { return Err(exception::value_error("no start")) };
    let left = call.get(2).map_or(Ok(10), number::index)?;
    let period = DateTime { wall: unit.begin(start.wall), zone: start.zone.clone() };
    if count == 0 && slots.iter().all(|slot| slot.from(period.wall).is_some_and(|wall| wall < start.wall)) {
        return Err(exception::value_error("an interval of nothing never comes to an end"));
    }
    let end = match &end {
        Some(Value::DateTime(end)) => Some(end.instant()),
        _ => None,
    };
    let interval = unit.times(count);
    Ok(Value::Iterator(Iterator::new(Times {
        interval,
        slots,
        start: start.instant(),
        end,
        left,
        period,
        slot: 0,
    })))
}

/// `daily`, `3-weeks`: how many of which unit.
fn read_interval(text: &str) -> Result<(i64, Unit), Exception> {
    let alias = match text {
        "annual" => Some(Unit::Years),
        "monthly" => Some(Unit::Months),
        "weekly" => Some(Unit::Weeks),
        "daily" => Some(Unit::Days),
        "hourly" => Some(Unit::Hours),
        _ => None,
    };
    if let Some(unit) = alias {
        return Ok((1, unit));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = text.split_at(digits);
    let word = rest.trim_start_matches(|c: char| c == '-' || c.is_whitespace());
    let count = count.parse().ok().filter(|_| word.len() < rest.len());
    let Some(count) =
        count.filter(|_| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
    else {
        return Err(exception::value_error(format!("Not a valid interval '{text}'")));
    };
    let known = Unit::ALL.iter().find(|(unit, name, _)| word == *name || word == unit.name());
    match known {
        Some((unit, ..)) => Ok((count, *unit)),
        None => Err(exception::value_error(format!("Unknown unit '{word}' in interval '{text}'"))),
    }
}

/// What a part of a slot can be.
enum Part {
    Date(i64, i64),
    MonthDay(i64),
    Weekday(i64),
    Time(i64, i64),
    Minutes(i64),
    Delta(i64, Unit),
}

/// `Jan-15 2pm`, `+1w Tu`: a distance from the beginning of the period. No unit may come twice.
fn read_slot(text: &str, parent: Unit) -> Result<Distance, Exception> {
    let mut distance = Distance::default();
    let mut seen: Vec<Unit> = Vec::new();
    let mut parts = text.split_whitespace().peekable();
    if parts.peek().is_none() {
        return Err(exception::value_error("At least one slot must be specified"));
    }
    for word in parts {
        let (allowed, pieces) = match read_part(word)? {
            Part::Date(month, day) => {
                (parent == Unit::Years, vec![(month, Unit::Months), (day - 1, Unit::Days)])
            }
            Part::MonthDay(day) => (parent == Unit::Months, vec![(day - 1, Unit::Days)]),
            Part::Weekday(day) => (parent == Unit::Weeks, vec![(day, Unit::Days)]),
            Part::Time(hours, minutes) => {
                let longer = matches!(parent, Unit::Years | Unit::Months | Unit::Weeks | Unit::Days);
                (longer, vec![(hours, Unit::Hours), (minutes, Unit::Minutes)])
            }
            Part::Minutes(minutes) => (parent == Unit::Hours, vec![(minutes, Unit::Minutes)]),
            Part::Delta(count, unit) => (true, vec![(count, unit)]),
        };
        if !allowed {
            let parent = parent.name();
            return Err(exception::value_error(format!("Invalid slot '{word}' for unit '{parent}'")));
        }
        for (count, unit) in pieces {
            if seen.contains(&unit) {
                let unit = unit.name();
                return Err(exception::value_error(format!("Duplicate unit {unit} in '{text}'")));
            }
            seen.push(unit);
            distance = distance.and(unit.times(count));
        }
    }
    Ok(distance)
}

fn read_part(word: &str) -> Result<Part, Exception> {
    let invalid = || exception::value_error(format!("Invalid slot '{word}'"));
    let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true if !text.is_empty() && text.len() < 7 => text.parse::<i64>().ok(),
        _ => None,
    };
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if let Some(delta) = word.strip_prefix('+') {
        let digits = delta.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = delta.split_at(digits);
        let count = number(count).filter(|_| is_word(unit)).ok_or_else(invalid)?;
        let known = Unit::ALL.iter().find(|(_, _, letter)| unit.chars().eq([*letter]));
        let (unit, ..) = known
            .ok_or_else(|| exception::value_error(format!("Unknown unit '{unit}' in interval '{word}'")))?;
        return Ok(Part::Delta(count, *unit));
    }
    if let Some(day) = word.strip_prefix('/') {
        return number(day).map(Part::MonthDay).ok_or_else(invalid);
    }
    if let Some(minutes) = word.strip_prefix(':') {
        return number(minutes).filter(|_| minutes.len() == 2).map(Part::Minutes).ok_or_else(invalid);
    }
    if is_word(word) {
        let lower = word.to_lowercase();
        let day = WEEKDAYS
            .iter()
            .position(|day| names(day, &lower, 2))
            .ok_or_else(|| exception::value_error(format!("Unknown day of the week '{lower}'")))?;
        // The calendar's weeks begin on Mondays, those of schedules on Sundays.
        return Ok(Part::Weekday(i64::try_from((day + 1) % 7).unwrap_or_default()));
    }
    if let Some((month, day)) = word.split_once('/') {
        let (month, day) = number(month).zip(number(day)).ok_or_else(invalid)?;
        return Ok(Part::Date(month - 1, day));
    }
    if let Some((month, day)) = word.split_once('-') {
        let day = number(day).filter(|_| is_word(month)).ok_or_else(invalid)?;
        let lower = month.to_lowercase();
        let found = MONTHS.iter().position(|name| names(name, &lower, 3));
        let at = found.ok_or_else(|| exception::value_error(format!("Unknown month '{month}'")))?;
        return Ok(Part::Date(i64::try_from(at).unwrap_or_default(), day));
    }
    read_time(word, number).ok_or_else(invalid)
}

/// Whether a lower-case word is the name, its first three letters, or (`fewest` being 2) its first two.
fn names(name: &str, word: &str, fewest: usize) -> bool {
    let name = name.to_lowercase();
    word == name || ((fewest..=3).contains(&word.len()) && name.starts_with(word))
}

/// `15:45`, `1:30pm`, `10am`.
fn read_time(word: &str, number: impl Fn(&str) -> Option<i64>) -> Option<Part> {
    let lower = word.to_lowercase();
    let (time, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(time), _) => (time, Some(0)),
        (_, Some(time)) => (time, Some(12)),
        _ => (lower.as_str(), None),
    };
    let (hours, minutes) = match time.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (number(hours)?, number(minutes)?),
        Some(_) => return None,
        None => (number(time).filter(|_| half.is_some())?, 0),
    };
    Some(Part::Time(half.map_or(hours, |half| hours % 12 + half), minutes))
}
