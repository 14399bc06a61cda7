//! Arithmetic: checked where SQLite would go over to fractions, and errors where it has NULL.

use super::super::error::QueryError;
use super::runtime::{Entry, double, int, out_of_range, real, unexpected};
use rusqlite::types::Value;

pub(super) const ALL: &[Entry] = &[
    Entry("add", |a| whole(a, "addition", '+', i64::checked_add), false),
    Entry("subtract", |a| whole(a, "subtraction", '-', i64::checked_sub), false),
    Entry("multiply", |a| whole(a, "multiplication", '*', i64::checked_mul), false),
    Entry("divide", |a| divided(a, i64::checked_div), false),
    Entry("modulus", |a| divided(a, |left, right| Some(left.wrapping_rem(right))), false),
    Entry("negate", |a| negated(a, i64::MIN, "bigint"), false),
    Entry("negate_integer", |a| negated(a, i64::from(i32::MIN), "integer"), false),
    Entry("add_integer", |a| small(a, "addition", '+', i64::checked_add), false),
    Entry("subtract_integer", |a| small(a, "subtraction", '-', i64::checked_sub), false),
    Entry("multiply_integer", |a| small(a, "multiplication", '*', i64::checked_mul), false),
    Entry("divide_integer", divided_integer, false),
    Entry("add_double", |a| fraction(a, |left, right| left + right), false),
    Entry("subtract_double", |a| fraction(a, |left, right| left - right), false),
    Entry("multiply_double", |a| fraction(a, |left, right| left * right), false),
    Entry("divide_double", |a| fraction(a, |left, right| left / right), false),
    Entry("modulus_double", |a| fraction(a, |left, right| left % right), false),
    Entry("power", |a| fraction(a, f64::powf), false),
    Entry("abs", absolute, false),
    Entry("sign", sign, false),
    Entry("round", round, false),
    Entry("floor", |a| real(double(a.first())?.floor()), false),
    Entry("ceil", |a| real(double(a.first())?.ceil()), false),
    Entry("truncate", |a| real(double(a.first())?.trunc()), false),
    Entry("sqrt", |a| real(double(a.first())?.sqrt()), false),
    Entry("cbrt", |a| real(double(a.first())?.cbrt()), false),
    Entry("exp", |a| real(double(a.first())?.exp()), false),
    Entry("ln", |a| real(double(a.first())?.ln()), false),
    Entry("log2", |a| real(double(a.first())?.log2()), false),
    Entry("log10", |a| real(double(a.first())?.log10()), false),
    Entry("greatest", |a| extreme(a, std::cmp::Ordering::Greater), false),
    Entry("least", |a| extreme(a, std::cmp::Ordering::Less), false),
];

fn pair(arguments: &[Value]) -> Result<(i64, i64), QueryError> {
    Ok((int(arguments.first())?, int(arguments.get(1))?))
}

fn whole(
    arguments: &[Value],
    what: &str,
    sign: char,
    run: fn(i64, i64) -> Option<i64>,
) -> Result<Value, QueryError> {
    let (left, right) = pair(arguments)?;
    run(left, right)
        .map(Value::Integer)
        .ok_or_else(|| out_of_range(format!("bigint {what} overflow: {left} {sign} {right}")))
}

fn small(
    arguments: &[Value],
    what: &str,
    sign: char,
    run: fn(i64, i64) -> Option<i64>,
) -> Result<Value, QueryError> {
    let (left, right) = pair(arguments)?;
    run(left, right)
        .filter(|value| i32::try_from(*value).is_ok())
        .map(Value::Integer)
        .ok_or_else(|| out_of_range(format!("integer {what} overflow: {left} {sign} {right}")))
}

fn divided(arguments: &[Value], run: fn(i64, i64) -> Option<i64>) -> Result<Value, QueryError> {
    let (left, right) = pair(arguments)?;
    if right == 0 {
        return Err(by_zero());
    }
    run(left, right)
        .map(Value::Integer)
        .ok_or_else(|| out_of_range(format!("bigint division overflow: {left} / {right}")))
}

fn divided_integer(arguments: &[Value]) -> Result<Value, QueryError> {
    let (left, right) = pair(arguments)?;
    if right == 0 {
        return Err(by_zero());
    }
    small(arguments, "division", '/', i64::checked_div)
        .map_err(|_| out_of_range(format!("integer division overflow: {left} / {right}")))
}

pub(super) fn by_zero() -> QueryError {
    QueryError::user("DIVISION_BY_ZERO", "Division by zero")
}

fn negated(arguments: &[Value], least: i64, kind: &str) -> Result<Value, QueryError> {
    let value = int(arguments.first())?;
    if value == least {
        return Err(out_of_range(format!("{kind} negation overflow: {value}")));
    }
    Ok(Value::Integer(value.wrapping_neg()))
}

fn fraction(arguments: &[Value], run: fn(f64, f64) -> f64) -> Result<Value, QueryError> {
    real(run(double(arguments.first())?, double(arguments.get(1))?))
}

fn absolute(arguments: &[Value]) -> Result<Value, QueryError> {
    match arguments.first() {
        Some(Value::Integer(value)) => value
            .checked_abs()
            .map(Value::Integer)
            .ok_or_else(|| out_of_range("Value -9223372036854775808 is out of range for abs(bigint)")),
        value => real(double(value)?.abs()),
    }
}

fn sign(arguments: &[Value]) -> Result<Value, QueryError> {
    match arguments.first() {
        Some(Value::Integer(value)) => Ok(Value::Integer(value.signum())),
        value => {
            let value = double(value)?;
            real(if value == 0.0 { 0.0 } else { value.signum() })
        }
    }
}

/// Half is rounded away from zero.
fn round(arguments: &[Value]) -> Result<Value, QueryError> {
    let value = double(arguments.first())?;
    let digits = match arguments.get(1) {
        None => 0,
        digits => i32::try_from(int(digits)?).unwrap_or(0),
    };
    if digits == 0 {
        return real(value.round());
    }
    let factor = 10_f64.powi(digits);
    let scaled = value * factor;
    if !scaled.is_finite() || factor == 0.0 {
        return real(value);
    }
    real(scaled.round() / factor)
}

fn extreme(arguments: &[Value], wanted: std::cmp::Ordering) -> Result<Value, QueryError> {
    let mut best: Option<&Value> = None;
    for value in arguments {
        let better = match best {
            None => true,
            Some(best) => compared(value, best)? == wanted,
        };
        if better {
            best = Some(value);
        }
    }
    best.cloned().ok_or_else(unexpected)
}

/// The order of two values of one type.
pub(super) fn compared(left: &Value, right: &Value) -> Result<std::cmp::Ordering, QueryError> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Ok(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Ok(left.as_bytes().cmp(right.as_bytes())),
        (left, right) => double(Some(left))?.partial_cmp(&double(Some(right))?).ok_or_else(unexpected),
    }
}

/// A double as Trino's cast to varchar writes it: `1.5E0`.
pub(super) fn double_text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}
