//! Time zones as Grist sees them: the zones of moment-timezone, known up to the year 2037.
//!
//! Wall-clock times that occur twice take the earlier offset unless another is favoured; times that a
//! change skips take the offset after the change. From 2038 on the last offset of 2037 stays in force.

use jiff::tz::{AmbiguousOffset, TimeZone};
use std::cell::RefCell;
use std::rc::Rc;

/// Where moment-timezone's data ends: 2037-12-31T00:00:00Z.
const LAST_KNOWN: i64 = 2_145_830_400;

/// A time zone; clones share their data.
#[derive(Debug, Clone)]
pub struct Zone(Rc<ZoneData>);

#[derive(Debug)]
struct ZoneData {
    name: String,
    rules: TimeZone,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.name == other.0.name
    }
}

impl Zone {
    /// The zone of a name such as `Europe/Paris`, case-sensitive; `None` when there is no such zone.
    pub fn named(name: &str) -> Option<Zone> {
        thread_local! {
            static KNOWN: RefCell<Vec<Zone>> = const { RefCell::new(Vec::new()) };
        }
        KNOWN.with_borrow_mut(|known| {
            if let Some(zone) = known.iter().find(|zone| zone.0.name == name) {
                return Some(zone.clone());
            }
            let rules = TimeZone::get(name).ok()?;
            if rules.iana_name() != Some(name) {
                return None;
            }
            let zone = Zone(Rc::new(ZoneData { name: name.to_owned(), rules }));
            known.push(zone.clone());
            Some(zone)
        })
    }

    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone::named("UTC")
            .unwrap_or_else(|| Zone(Rc::new(ZoneData { name: "UTC".into(), rules: TimeZone::UTC })))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Offset in seconds east of UTC at a moment given in UTC seconds.
    pub fn offset_at(&self, utc: i64) -> i32 {
        self.0.rules.to_offset(moment(utc)).seconds()
    }

    /// Abbreviation (`CET`) at a moment given in UTC seconds.
    pub fn abbreviation_at(&self, utc: i64) -> String {
        self.0.rules.to_offset_info(moment(utc)).abbreviation().to_owned()
    }

    /// Offset in seconds east of UTC of a wall-clock time, given as seconds since 1970-01-01 of that clock.
    pub fn offset_of_local(&self, local: i64, favoured: Option<i32>) -> i32 {
        if local > LAST_KNOWN {
            return self.offset_at(LAST_KNOWN);
        }
        let Some(civil) = wall_clock(local) else {
            return self.offset_at(local);
        };
        match self.0.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.seconds(),
            AmbiguousOffset::Gap { after, .. } => after.seconds(),
            AmbiguousOffset::Fold { after, .. } if favoured == Some(after.seconds()) => after.seconds(),
            AmbiguousOffset::Fold { before, .. } => before.seconds(),
        }
    }
}

fn moment(utc: i64) -> jiff::Timestamp {
    let known = utc.min(LAST_KNOWN);
    jiff::Timestamp::from_second(known).unwrap_or(jiff::Timestamp::MIN)
}

fn wall_clock(local: i64) -> Option<jiff::civil::DateTime> {
    let (year, month, day) = super::calendar::civil(local.div_euclid(86_400));
    let seconds = local.rem_euclid(86_400);
    jiff::civil::DateTime::new(
        i16::try_from(year).ok()?,
        month as i8,
        day as i8,
        (seconds / 3600) as i8,
        (seconds / 60 % 60) as i8,
        (seconds % 60) as i8,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        let paris = Zone::named("Europe/Paris").unwrap();
        let new_york = Zone::named("America/New_York").unwrap();
        assert_eq!(paris.offset_at(1_577_836_800), 3600);
        assert_eq!(paris.abbreviation_at(1_593_561_600), "CEST");
        // 2020-03-08 02:30 does not exist, 2020-11-01 01:30 exists twice.
        assert_eq!(new_york.offset_of_local(1_583_634_600, None), -14_400);
        assert_eq!(new_york.offset_of_local(1_604_194_200, None), -14_400);
        assert_eq!(new_york.offset_of_local(1_604_194_200, Some(-18_000)), -18_000);
        // Local mean time, and the end of the data.
        assert_eq!(paris.offset_of_local(-2_208_988_800, None), 561);
        assert_eq!(paris.offset_at(2_224_000_000), 3600);
        assert!(Zone::named("Nowhere/City").is_none());
        assert!(Zone::named("europe/paris").is_none());
        assert_eq!(Zone::utc().offset_at(0), 0);
    }
}
