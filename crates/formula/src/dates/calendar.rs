//! Proleptic Gregorian calendar. Days are counted from 1970-01-01 (day 0).

/// Day number of 0001-01-01, the first date of Python.
pub const FIRST_DAY: i64 = -719_162;
/// Day number of 9999-12-31, the last date of Python.
pub const LAST_DAY: i64 = 2_932_896;
/// English month names as the C locale has them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// English weekday names, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Whether February has 29 days.
pub fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// Number of days of a month (1 to 12).
pub fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Number of days of a year.
pub fn days_in_year(year: i64) -> u32 {
    365 + u32::from(is_leap(year))
}

/// Day number of a date; month 1 to 12, any day.
pub fn day_number(year: i64, month: u32, day: i64) -> i64 {
    // Years begin in March, so that the leap day comes last.
    let shifted = year - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a day number.
pub fn civil(day_number: i64) -> (i64, u32, u32) {
    let shifted = day_number + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = ((month_index + 2) % 12 + 1) as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Day of the week, 0 for Monday.
pub fn weekday(day_number: i64) -> u32 {
    (day_number + 3).rem_euclid(7) as u32
}

/// Day of the year, 1 for 1 January.
pub fn day_of_year(day_number: i64) -> u32 {
    (day_number - self::day_number(civil(day_number).0, 1, 1) + 1) as u32
}

/// ISO 8601 year, week (1 to 53) and weekday (1 for Monday).
pub fn iso_calendar(day_number: i64) -> (i64, u32, u32) {
    let weekday = self::weekday(day_number);
    let year = civil(day_number - i64::from(weekday) + 3).0;
    let week = (day_number - iso_week_one(year)) / 7 + 1;
    (year, week as u32, weekday + 1)
}

/// Day number of the Monday of ISO week 1.
pub fn iso_week_one(year: i64) -> i64 {
    let fourth = day_number(year, 1, 4);
    fourth - i64::from(weekday(fourth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(day_number(1970, 1, 1), 0);
        assert_eq!(day_number(1, 1, 1), FIRST_DAY);
        assert_eq!(day_number(9999, 12, 31), LAST_DAY);
        for day in (FIRST_DAY..=LAST_DAY).step_by(97) {
            let (year, month, dom) = civil(day);
            assert_eq!(day_number(year, month, i64::from(dom)), day);
        }
    }

    #[test]
    fn weeks() {
        let cases =
            [((2012, 3, 9), (2012, 10, 5)), ((2000, 1, 1), (1999, 52, 6)), ((2005, 1, 1), (2004, 53, 6))];
        for ((year, month, day), expected) in cases {
            assert_eq!(iso_calendar(day_number(year, month, day)), expected);
        }
        assert_eq!(weekday(day_number(2024, 2, 29)), 3);
        assert_eq!(day_of_year(day_number(2024, 12, 31)), 366);
    }
}
