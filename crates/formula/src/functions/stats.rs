//! Grist's `stats` family: counts, extremes, averages, deviations.
//!
//! Arguments are values and lists (or record columns), flattened one level. The plain functions look at
//! numbers only; those that end in `A` count `True` as 1 and everything that is no number as 0.
//! Errors: `ZeroDivisionError` where there is nothing to average. Source of the behaviour: Grist's function
//! reference and its recorded results.

use super::math::{chain, chain_numbers, chain_numbers_or_dates, chain_numeric};
use super::operate as py;
use super::operate::{Arguments, Outcome, not_implemented};
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::value::Value;

const NOT_THERE: &str = "Not implemented in Grist.";

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("AVEDEV", "value1, value2", NOT_THERE, not_implemented),
    Native::function("AVERAGE", "value, *more_values", "The average of the numbers.", average),
    Native::function(
        "AVERAGEA",
        "value, *more_values",
        "The average of all values, with 0 for what is no number.",
        average_all,
    ),
    Native::function(
        "AVERAGE_WEIGHTED",
        "pairs",
        "The average of (value, weight) pairs by weight.",
        average_weighted,
    ),
    Native::function(
        "AVERAGEIF",
        "criteria_range, criterion, average_range=None",
        NOT_THERE,
        not_implemented,
    ),
    Native::function(
        "AVERAGEIFS",
        "average_range, criteria_range1, criterion1, *args",
        NOT_THERE,
        not_implemented,
    ),
    Native::function(
        "BINOMDIST",
        "num_successes, num_trials, prob_success, cumulative",
        NOT_THERE,
        not_implemented,
    ),
    Native::function("CONFIDENCE", "alpha, standard_deviation, pop_size", NOT_THERE, not_implemented),
    Native::function("CORREL", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("COUNT", "value, *more_values", "How many numbers there are.", count),
    Native::function(
        "COUNTA",
        "value, *more_values",
        "How many values there are, numbers or not.",
        count_all,
    ),
    Native::function("COVAR", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("CRITBINOM", "num_trials, prob_success, target_prob", NOT_THERE, not_implemented),
    Native::function("DEVSQ", "value1, value2", NOT_THERE, not_implemented),
    Native::function("EXPONDIST", "x, lambda_, cumulative", NOT_THERE, not_implemented),
    Native::function(
        "F_DIST",
        "x, degrees_freedom1, degrees_freedom2, cumulative",
        NOT_THERE,
        not_implemented,
    ),
    Native::function("F_DIST_RT", "x, degrees_freedom1, degrees_freedom2", NOT_THERE, not_implemented),
    Native::function("FDIST", "x, degrees_freedom1, degrees_freedom2", NOT_THERE, not_implemented),
    Native::function("FISHER", "value", NOT_THERE, not_implemented),
    Native::function("FISHERINV", "value", NOT_THERE, not_implemented),
    Native::function("FORECAST", "x, data_y, data_x", NOT_THERE, not_implemented),
    Native::function("GEOMEAN", "value1, value2", NOT_THERE, not_implemented),
    Native::function("HARMEAN", "value1, value2", NOT_THERE, not_implemented),
    Native::function(
        "HYPGEOMDIST",
        "num_successes, num_draws, successes_in_pop, pop_size",
        NOT_THERE,
        not_implemented,
    ),
    Native::function("INTERCEPT", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("KURT", "value1, value2", NOT_THERE, not_implemented),
    Native::function("LARGE", "data, n", NOT_THERE, not_implemented),
    Native::function("LOGINV", "x, mean, standard_deviation", NOT_THERE, not_implemented),
    Native::function("LOGNORMDIST", "x, mean, standard_deviation", NOT_THERE, not_implemented),
    Native::function("MAX", "value, *more_values", "The greatest number or date, 0 when there is none.", max),
    Native::function(
        "MAXA",
        "value, *more_values",
        "The greatest value, with 0 for what is no number.",
        max_all,
    ),
    Native::function(
        "MEDIAN",
        "value, *more_values",
        "The middle number, or the average of the two in the middle.",
        median,
    ),
    Native::function("MIN", "value, *more_values", "The least number or date, 0 when there is none.", min),
    Native::function(
        "MINA",
        "value, *more_values",
        "The least value, with 0 for what is no number.",
        min_all,
    ),
    Native::function("MODE", "value1, value2", NOT_THERE, not_implemented),
    Native::function("NEGBINOMDIST", "num_failures, num_successes, prob_success", NOT_THERE, not_implemented),
    Native::function("NORMDIST", "x, mean, standard_deviation, cumulative", NOT_THERE, not_implemented),
    Native::function("NORMINV", "x, mean, standard_deviation", NOT_THERE, not_implemented),
    Native::function("NORMSDIST", "x", NOT_THERE, not_implemented),
    Native::function("NORMSINV", "x", NOT_THERE, not_implemented),
    Native::function("PEARSON", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("PERCENTILE", "data, percentile", NOT_THERE, not_implemented),
    Native::function("PERCENTRANK", "data, value, significant_digits=None", NOT_THERE, not_implemented),
    Native::function("PERCENTRANK_EXC", "data, value, significant_digits=None", NOT_THERE, not_implemented),
    Native::function("PERCENTRANK_INC", "data, value, significant_digits=None", NOT_THERE, not_implemented),
    Native::function("PERMUT", "n, k", NOT_THERE, not_implemented),
    Native::function("POISSON", "x, mean, cumulative", NOT_THERE, not_implemented),
    Native::function("PROB", "data, probabilities, low_limit, high_limit=None", NOT_THERE, not_implemented),
    Native::function("QUARTILE", "data, quartile_number", NOT_THERE, not_implemented),
    Native::function("RANK_AVG", "value, data, is_ascending=None", NOT_THERE, not_implemented),
    Native::function("RANK_EQ", "value, data, is_ascending=None", NOT_THERE, not_implemented),
    Native::function("RSQ", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("SKEW", "value1, value2", NOT_THERE, not_implemented),
    Native::function("SLOPE", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("SMALL", "data, n", NOT_THERE, not_implemented),
    Native::function("STANDARDIZE", "value, mean, standard_deviation", NOT_THERE, not_implemented),
    Native::function(
        "STDEV",
        "value, *more_values",
        "The standard deviation of a sample, of the numbers.",
        deviation_sample,
    ),
    Native::function(
        "STDEVA",
        "value, *more_values",
        "The standard deviation of a sample, with 0 for what is no number.",
        deviation_sample_all,
    ),
    Native::function(
        "STDEVP",
        "value, *more_values",
        "The standard deviation of a population, of the numbers.",
        deviation_population,
    ),
    Native::function(
        "STDEVPA",
        "value, *more_values",
        "The standard deviation of a population, with 0 for what is no number.",
        deviation_population_all,
    ),
    Native::function("STEYX", "data_y, data_x", NOT_THERE, not_implemented),
    Native::function("T_INV", "probability, degrees_freedom", NOT_THERE, not_implemented),
    Native::function("T_INV_2T", "probability, degrees_freedom", NOT_THERE, not_implemented),
    Native::function("TDIST", "x, degrees_freedom, tails", NOT_THERE, not_implemented),
    Native::function("TINV", "probability, degrees_freedom", NOT_THERE, not_implemented),
    Native::function("TRIMMEAN", "data, exclude_proportion", NOT_THERE, not_implemented),
    Native::function("TTEST", "range1, range2, tails, type", NOT_THERE, not_implemented),
    Native::function("VAR", "value1, value2", NOT_THERE, not_implemented),
    Native::function("VARA", "value1, value2", NOT_THERE, not_implemented),
    Native::function("VARP", "value1, value2", NOT_THERE, not_implemented),
    Native::function("VARPA", "value1, value2", NOT_THERE, not_implemented),
    Native::function("WEIBULL", "x, shape, scale, cumulative", NOT_THERE, not_implemented),
    Native::function("ZTEST", "data, value, standard_deviation", NOT_THERE, not_implemented),
];

fn mean(call: &mut Arguments<'_, '_>, values: &[Value]) -> Outcome {
    let mut total = Value::Float(0.0);
    for value in values {
        total = py::add(call, &total, value)?;
    }
    py::divide(call, &total, &Value::Int(values.len() as i64))
}

/// A float; `ZeroDivisionError` without numbers.
fn average(call: &mut Arguments<'_, '_>) -> Outcome {
    let numbers = chain_numbers(call, call.positional())?;
    mean(call, &numbers)
}
/// A float; `ZeroDivisionError` without values.
fn average_all(call: &mut Arguments<'_, '_>) -> Outcome {
    let numbers = chain_numeric(call, call.positional())?;
    mean(call, &numbers)
}
/// Pairs with a value or weight that is no number are left out; `ZeroDivisionError` when the weights add up to 0.
fn average_weighted(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut total = Value::Float(0.0);
    let mut weights = Value::Float(0.0);
    let wanted = |value: &Value| py::is_number(value) && !matches!(value, Value::Bool(_));
    for pair in py::iterate(call, call.arg(0))? {
        let (value, weight) = py::pair(call, &pair)?;
        if wanted(&value) && wanted(&weight) {
            let product = py::multiply(call, &value, &weight)?;
            total = py::add(call, &total, &product)?;
            weights = py::add(call, &weights, &weight)?;
        }
    }
    py::divide(call, &total, &weights)
}
/// An int; dates count as numbers.
fn count(call: &mut Arguments<'_, '_>) -> Outcome {
    let numbers = chain_numbers_or_dates(call, call.positional())?;
    Ok(Value::Int(numbers.len() as i64))
}
/// An int.
fn count_all(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut number = 0;
    chain(call, call.positional(), &mut |_, _| {
        number += 1;
        Ok(())
    })?;
    Ok(Value::Int(number))
}

/// The first of the values that none beats; 0 without values. Dates are compared as date-times in the document's zone.
fn extreme(call: &mut Arguments<'_, '_>, values: Vec<Value>, greatest: bool) -> Outcome {
    let mut best: Option<(Value, Value)> = None;
    for value in values {
        let key =
            if py::is_date(&value) { super::date::date_time(call, &value, None)? } else { value.clone() };
        let beaten = match &best {
            None => true,
            Some((_, best)) if greatest => py::greater(call, &key, best)?,
            Some((_, best)) => py::less(call, &key, best)?,
        };
        if beaten {
            best = Some((value, key));
        }
    }
    Ok(best.map_or(Value::Int(0), |(value, _)| value))
}

/// Numbers and dates do not mix: `TypeError`.
fn max(call: &mut Arguments<'_, '_>) -> Outcome {
    let values = chain_numbers_or_dates(call, call.positional())?;
    extreme(call, values, true)
}
/// A number.
fn max_all(call: &mut Arguments<'_, '_>) -> Outcome {
    let values = chain_numeric(call, call.positional())?;
    extreme(call, values, true)
}
/// Numbers and dates do not mix: `TypeError`.
fn min(call: &mut Arguments<'_, '_>) -> Outcome {
    let values = chain_numbers_or_dates(call, call.positional())?;
    extreme(call, values, false)
}
/// A number.
fn min_all(call: &mut Arguments<'_, '_>) -> Outcome {
    let values = chain_numeric(call, call.positional())?;
    extreme(call, values, false)
}

/// `ValueError` without numbers.
fn median(call: &mut Arguments<'_, '_>) -> Outcome {
    let numbers = chain_numbers(call, call.positional())?;
    let sorted = py::sorted(call, numbers)?;
    let Some(middle) = sorted.get(sorted.len() / 2) else {
        return Err(exception::value_error("MEDIAN requires at least one number"));
    };
    if sorted.len() % 2 == 1 {
        return Ok(middle.clone());
    }
    let sum = py::add(call, &sorted[sorted.len() / 2 - 1], middle)?;
    py::divide(call, &sum, &Value::Float(2.0))
}

/// The square root of the squared deviations over the number of values less `missing`.
fn deviation(call: &mut Arguments<'_, '_>, values: &[Value], missing: i64) -> Outcome {
    let total = super::math::add_up(call, values)?;
    let count = values.len() as i64;
    let mean = py::divide(call, &total, &Value::Float(count as f64))?;
    let mut squares = Value::Int(0);
    for value in values {
        let difference = py::subtract(call, value, &mean)?;
        let square = py::power(call, &difference, &Value::Int(2))?;
        squares = py::add(call, &squares, &square)?;
    }
    let variance = py::divide(call, &squares, &Value::Int(count - missing))?;
    py::power(call, &variance, &Value::Float(0.5))
}

fn numbers_deviation(call: &mut Arguments<'_, '_>, missing: i64) -> Result<Value, Exception> {
    let numbers = chain_numbers(call, call.positional())?;
    deviation(call, &numbers, missing)
}

fn values_deviation(call: &mut Arguments<'_, '_>, missing: i64) -> Result<Value, Exception> {
    let numbers = chain_numeric(call, call.positional())?;
    deviation(call, &numbers, missing)
}

/// At least two numbers.
fn deviation_sample(call: &mut Arguments<'_, '_>) -> Outcome {
    numbers_deviation(call, 1)
}
/// At least two values.
fn deviation_sample_all(call: &mut Arguments<'_, '_>) -> Outcome {
    values_deviation(call, 1)
}
/// At least one number.
fn deviation_population(call: &mut Arguments<'_, '_>) -> Outcome {
    numbers_deviation(call, 0)
}
/// At least one value.
fn deviation_population_all(call: &mut Arguments<'_, '_>) -> Outcome {
    values_deviation(call, 0)
}
