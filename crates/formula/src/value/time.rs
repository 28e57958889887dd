//! Dates with times, times of day, and time zones.

use ecow::EcoString;

use crate::dates::zone;

/// Microseconds in a day.
pub const DAY: i64 = 86_400_000_000;

/// A `datetime.datetime`.
#[derive(Clone, Debug)]
pub struct DateTime {
    /// The reading of clock and calendar, in microseconds since 1970-01-01 00:00 of the same clock.
    pub wall: i64,
    /// The time zone; `None`: naive.
    pub zone: Option<Zone>,
}

/// A `datetime.time`.
#[derive(Clone, Debug)]
pub struct Time {
    /// Microseconds since midnight.
    pub micros: i64,
    /// The time zone; `None`: naive.
    pub zone: Option<Zone>,
}

/// A time zone.
#[derive(Clone, Debug)]
pub enum Zone {
    /// A named one, such as `Europe/Paris`; where the clock shows a time twice, the offset (seconds east of UTC) that is meant.
    Named(zone::Zone, Option<i32>),
    /// A fixed offset (`datetime.timezone`): seconds east of UTC, and its name if one was given.
    Fixed(i32, Option<EcoString>),
}

impl Zone {
    /// The zone with this name, such as `Europe/Paris`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        zone::Zone::named(name).map(|zone| Self::Named(zone, None))
    }
    /// The name of the zone.
    #[must_use]
    pub fn name(&self) -> EcoString {
        match self {
            Self::Named(zone, _) => zone.name().into(),
            Self::Fixed(_, Some(name)) => name.clone(),
            Self::Fixed(0, None) => "UTC".into(),
            Self::Fixed(offset, None) => {
                let (sign, seconds) = if *offset < 0 { ('-', -offset) } else { ('+', *offset) };
                let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                let rest = if rest == 0 { String::new() } else { format!(":{rest:02}") };
                ecow::eco_format!("UTC{sign}{hours:02}:{minutes:02}{rest}")
            }
        }
    }
    /// Seconds east of UTC at an instant in UTC microseconds.
    #[must_use]
    pub fn offset_at(&self, micros: i64) -> i32 {
        match self {
            Self::Fixed(offset, _) => *offset,
            Self::Named(zone, _) => zone.offset_at(micros.div_euclid(1_000_000)),
        }
    }
    /// Seconds east of UTC for a reading of the zone's clock, in microseconds.
    #[must_use]
    pub fn offset_for_wall(&self, wall: i64) -> i32 {
        match self {
            Self::Fixed(offset, _) => *offset,
            Self::Named(zone, favoured) => zone.offset_of_local(wall.div_euclid(1_000_000), *favoured),
        }
    }
    /// The abbreviation at a reading of the zone's clock, such as `CET`.
    #[must_use]
    pub fn abbreviation(&self, wall: i64) -> EcoString {
        match self {
            Self::Fixed(..) => self.name(),
            Self::Named(zone, _) => zone
                .abbreviation_at(wall.div_euclid(1_000_000) - i64::from(self.offset_for_wall(wall)))
                .into(),
        }
    }
    /// Whether both stand for the same zone.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(a, _), Self::Named(b, _)) => a == b,
            (Self::Fixed(a, _), Self::Fixed(b, _)) => a == b,
            _ => false,
        }
    }
}

impl DateTime {
    /// The reading of a zone's clock at an instant in UTC microseconds.
    #[must_use]
    pub fn at(instant: i64, zone: Zone) -> Self {
        let offset = zone.offset_at(instant);
        let wall = instant + i64::from(offset) * 1_000_000;
        let zone = match zone {
            Zone::Named(zone, _) => Zone::Named(zone, Some(offset)),
            fixed @ Zone::Fixed(..) => fixed,
        };
        Self { wall, zone: Some(zone) }
    }
    /// Seconds east of UTC; `None` for a naive one.
    #[must_use]
    pub fn offset(&self) -> Option<i32> {
        self.zone.as_ref().map(|zone| zone.offset_for_wall(self.wall))
    }
    /// The instant, in UTC microseconds; a naive one is taken as UTC.
    #[must_use]
    pub fn instant(&self) -> i64 {
        self.wall - i64::from(self.offset().unwrap_or(0)) * 1_000_000
    }
    /// What comparisons and hashes use: the instant.
    #[must_use]
    pub fn comparable(&self) -> i64 {
        self.instant()
    }
    /// Days since 1970-01-01 of the wall reading.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "years 1 to 9999 are some three million days")]
    pub fn day(&self) -> i32 {
        self.wall.div_euclid(DAY) as i32
    }
    /// Microseconds since midnight of the wall reading.
    #[must_use]
    pub fn time_of_day(&self) -> i64 {
        self.wall.rem_euclid(DAY)
    }
}
