//! The module `statistics`: means, medians, spread. Integers and floats; sums are exact to the last bit of a float, as in Python, by Neumaier's
//! compensation. Source: Python's library reference.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::{self, number};
use crate::types::TypeDef;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef =
    ModuleDef { name: "statistics", functions: &[FUNCTIONS], types: ERRORS, modules: &[], constant: None };

static ERRORS: &[&TypeDef] = &[&exception::STATISTICS_ERROR];

static FUNCTIONS: &[Native] = &[
    Native::function("mean", "data", "The average.", |call| {
        let data = numbers(call, "mean", 1)?;
        Ok(like(&data, mean(&data.floats)))
    }),
    Native::function("fmean", "data", "The average, as a float.", |call| {
        numbers(call, "fmean", 1).map(|data| Value::Float(mean(&data.floats)))
    }),
    Native::function("median", "data", "The middle value, or the average of both.", |call| {
        median(call, Middle::Both)
    }),
    Native::function("median_high", "data", "The upper middle value.", |call| median(call, Middle::High)),
    Native::function("median_low", "data", "The lower middle value.", |call| median(call, Middle::Low)),
    Native::function("mode", "data", "The most frequent value, the first of several.", mode),
    Native::function("pstdev", "data, mu=None", "The spread of a population.", |call| {
        let data = numbers(call, "pstdev", 1)?;
        Ok(Value::Float(spread(&data.floats, 0).sqrt()))
    }),
    Native::function("pvariance", "data, mu=None", "The variance of a population.", |call| {
        let data = numbers(call, "pvariance", 1)?;
        Ok(like(&data, spread(&data.floats, 0)))
    }),
    Native::function("stdev", "data, xbar=None", "The spread of a sample.", |call| {
        let data = numbers(call, "stdev", 2)?;
        Ok(Value::Float(spread(&data.floats, 1).sqrt()))
    }),
    Native::function("variance", "data, xbar=None", "The variance of a sample.", |call| {
        let data = numbers(call, "variance", 2)?;
        Ok(like(&data, spread(&data.floats, 1)))
    }),
];

struct Numbers {
    floats: Vec<f64>,
    whole: bool,
}

fn numbers(call: &mut Call<'_, '_>, name: &str, fewest: usize) -> Result<Numbers, Exception> {
    let data = call.context.collect(&call.arg(0).clone())?;
    if data.len() < fewest {
        let points = if fewest == 1 { "one data point" } else { "two data points" };
        return Err(Exception::new(
            &exception::STATISTICS_ERROR,
            format!("{name} requires at least {points}"),
        ));
    }
    let whole = data.iter().all(|value| matches!(value, Value::Int(_) | Value::Bool(_)));
    let floats = data.iter().map(number::real).collect::<Result<_, _>>()?;
    Ok(Numbers { floats, whole })
}

/// A result of integers that is whole is one, as Python's fractions make it.
fn like(data: &Numbers, result: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if data.whole && result.fract() == 0.0 && result.abs() < 9e15 {
        Value::Int(result as i64)
    } else {
        Value::Float(result)
    }
}

fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

#[expect(clippy::cast_precision_loss, reason = "as many data points as fit in memory")]
fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

#[expect(clippy::cast_precision_loss, reason = "as many data points as fit in memory")]
fn spread(values: &[f64], less: usize) -> f64 {
    let centre = mean(values);
    sum(values.iter().map(|value| (value - centre) * (value - centre))) / (values.len() - less) as f64
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Middle {
    Low,
    High,
    Both,
}

fn median(call: &mut Call<'_, '_>, middle: Middle) -> Result<Value, Exception> {
    let data = call.context.collect(&call.arg(0).clone())?;
    let data = call.context.sort(data, None, false)?;
    let half = data.len() / 2;
    let Some(high) = data.get(half) else {
        return Err(Exception::new(&exception::STATISTICS_ERROR, "no median for empty data"));
    };
    if data.len() % 2 == 1 || middle == Middle::High {
        return Ok(high.clone());
    }
    let low = &data[half - 1];
    if middle == Middle::Low {
        return Ok(low.clone());
    }
    Ok(Value::Float((number::real(low)? + number::real(high)?) / 2.0))
}

fn mode(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let data = call.context.collect(&call.arg(0).clone())?;
    let mut counts: Vec<(Value, usize)> = Vec::new();
    for value in data {
        call.context.spend(counts.len() as u64)?;
        match counts.iter_mut().find(|(known, _)| ops::equal(known, &value)) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts
        .into_iter()
        .find(|(_, count)| *count == most)
        .map(|(value, _)| value)
        .ok_or_else(|| Exception::new(&exception::STATISTICS_ERROR, "no mode for empty data"))
}
