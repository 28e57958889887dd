//! The module `calendar`: months, weekdays, leap years.

use crate::call::Call;
use crate::dates::calendar::{MONTHS, WEEKDAYS, day_number, days_in_month, is_leap, weekday};
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::number;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "calendar",
    functions: &[FUNCTIONS],
    types: &[],
    modules: &[],
    constant: Some(constant),
};

static FUNCTIONS: &[Native] = &[
    Native::function("isleap", "year", "Whether a year has a 29 February.", |call| {
        Ok(Value::Bool(is_leap(number::index(call.arg(0))?)))
    }),
    Native::function("leapdays", "y1, y2", "How many leap years lie in between.", |call| {
        let before =
            |year: i64| (year - 1).div_euclid(4) - (year - 1).div_euclid(100) + (year - 1).div_euclid(400);
        Ok(Value::Int(before(number::index(call.arg(1))?) - before(number::index(call.arg(0))?)))
    }),
    Native::function(
        "monthrange",
        "year, month",
        "The weekday of the first, and the number of days.",
        |call| {
            let (year, month) = year_and_month(call)?;
            let first = weekday(day_number(year, month, 1));
            Ok(Value::tuple(vec![
                Value::Int(i64::from(first)),
                Value::Int(i64::from(days_in_month(year, month))),
            ]))
        },
    ),
    Native::function("weekday", "year, month, day", "0 for Monday.", |call| {
        let (year, month) = year_and_month(call)?;
        let day = number::index(call.arg(2))?;
        if !(1..=i64::from(days_in_month(year, month))).contains(&day) {
            return Err(exception::value_error("day is out of range for month"));
        }
        Ok(Value::Int(i64::from(weekday(day_number(year, month, day)))))
    }),
];

fn year_and_month(call: &Call<'_, '_>) -> Result<(i64, u32), Exception> {
    let (year, month) = (number::index(call.arg(0))?, number::index(call.arg(1))?);
    match u32::try_from(month) {
        Ok(month) if (1..=12).contains(&month) && (1..=9999).contains(&year) => Ok((year, month)),
        _ => Err(Exception::new(
            &exception::ILLEGAL_MONTH_ERROR,
            format!("bad month number {month}; must be 1-12"),
        )),
    }
}

fn constant(name: &str) -> Option<Value> {
    let texts = |names: Vec<String>| Some(Value::list(names.into_iter().map(Value::from).collect()));
    let short =
        |names: &[&str]| names.iter().map(|name| name.chars().take(3).collect()).collect::<Vec<String>>();
    let long = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let from_one = |names: Vec<String>| std::iter::once(String::new()).chain(names).collect();
    if let Some(day) = WEEKDAYS.iter().position(|day| day.to_uppercase() == name) {
        return i64::try_from(day).ok().map(Value::Int);
    }
    match name {
        "day_name" => texts(long(&WEEKDAYS)),
        "day_abbr" => texts(short(&WEEKDAYS)),
        "month_name" => texts(from_one(long(&MONTHS))),
        "month_abbr" => texts(from_one(short(&MONTHS))),
        _ => None,
    }
}
