//! Arithmetic and comparison as jq has them: numbers are doubles.

use std::cmp::Ordering;
use std::rc::Rc;

use jaq_interpret::{Val, ValR};

use super::{Spec, arg, binary, charge, fail, memory, named};
use crate::jq::value::{Object, as_f64, compare, equal, is_number, number, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("+", "vv", |args, cv| binary(args, cv, add)),
    Spec::value("-", "vv", |args, cv| binary(args, cv, subtract)),
    Spec::value("*", "vv", |args, cv| binary(args, cv, multiply)),
    Spec::value("/", "vv", |args, cv| binary(args, cv, divide)),
    Spec::value("%", "vv", |args, cv| binary(args, cv, remainder)),
    Spec::value("==", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(equal(&l, &r))))),
    Spec::value("!=", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(!equal(&l, &r))))),
    Spec::value("<", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(less(&l, &r))))),
    Spec::value(">", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(less(&r, &l))))),
    Spec::value("<=", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(less_or_equal(&l, &r))))),
    Spec::value(">=", "vv", |args, cv| binary(args, cv, |l, r| Ok(Val::Bool(less_or_equal(&r, &l))))),
    Spec::value("%neg", "v", |args, cv| Box::new(arg(args, 0, cv).map(|v| negate(&v?)))),
    Spec::value("not", "", |_, cv| super::once(Ok(Val::Bool(!cv.1.as_bool())))),
    Spec::value("abs", "", |_, cv| super::once(absolute(cv.1))),
];

/// Not-a-number is less than every number, itself included.
fn less(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Float(f), b) if f.is_nan() && is_number(b) => true,
        _ => compare(a, b) == Ordering::Less,
    }
}

fn less_or_equal(a: &Val, b: &Val) -> bool {
    less(a, b) || compare(a, b) == Ordering::Equal
}

/// Both as doubles, if both are numbers.
fn doubles(a: &Val, b: &Val) -> Option<(f64, f64)> {
    match (is_number(a), is_number(b)) {
        (true, true) => Some((as_f64(a)?, as_f64(b)?)),
        _ => None,
    }
}

fn refuse(l: &Val, r: &Val, what: &str) -> ValR {
    fail(format!("{} and {} cannot be {what}", named(l), named(r)))
}

/// `l + r`; the left value grows in place when nothing else holds it.
pub(super) fn add(l: Val, r: Val) -> ValR {
    match (l, r) {
        (Val::Null, x) | (x, Val::Null) => Ok(x),
        (Val::Str(mut l), Val::Str(r)) => {
            memory::text_grown(l.len(), r.len(), Rc::strong_count(&l) > 1)?;
            Rc::make_mut(&mut l).push_str(&r);
            Ok(Val::Str(l))
        }
        (Val::Arr(mut l), Val::Arr(r)) => {
            // A left side that something else holds is copied.
            let copied = if Rc::strong_count(&l) > 1 { l.len() } else { 0 };
            memory::items(0, copied)?;
            memory::items(l.len(), r.len())?;
            Rc::make_mut(&mut l).extend(r.iter().cloned());
            Ok(Val::Arr(l))
        }
        (Val::Obj(mut l), Val::Obj(r)) => {
            let copied = if Rc::strong_count(&l) > 1 { l.len() } else { 0 };
            charge(copied.saturating_add(r.len()).saturating_mul(size_of::<[Val; 3]>()))?;
            let object = Rc::make_mut(&mut l);
            object.extend(r.iter().map(|(k, v)| (Rc::clone(k), v.clone())));
            Ok(Val::Obj(l))
        }
        (l, r) => match doubles(&l, &r) {
            Some((x, y)) => Ok(number(x + y)),
            None => refuse(&l, &r, "added"),
        },
    }
}

fn subtract(l: Val, r: Val) -> ValR {
    match (l, r) {
        (Val::Arr(mut l), Val::Arr(r)) => {
            let mut gone: Vec<Val> = r.to_vec();
            gone.sort_by(compare);
            let keep = |v: &Val| gone.binary_search_by(|g| compare(g, v)).is_err();
            Rc::make_mut(&mut l).retain(keep);
            Ok(Val::Arr(l))
        }
        (l, r) => match doubles(&l, &r) {
            Some((x, y)) => Ok(number(x - y)),
            None => refuse(&l, &r, "subtracted"),
        },
    }
}

fn multiply(l: Val, r: Val) -> ValR {
    match (l, r) {
        (Val::Str(s), n) | (n, Val::Str(s)) if is_number(&n) => repeat(&s, &n),
        (Val::Obj(mut l), Val::Obj(r)) => {
            merge(Rc::make_mut(&mut l), &r);
            Ok(Val::Obj(l))
        }
        (l, r) => match doubles(&l, &r) {
            Some((x, y)) => Ok(number(x * y)),
            None => refuse(&l, &r, "multiplied"),
        },
    }
}

fn repeat(s: &str, n: &Val) -> ValR {
    let n = as_f64(n).unwrap_or(f64::NAN);
    if n.is_nan() || n < 0.0 {
        return Ok(Val::Null);
    }
    // A cast saturates.
    match s.len().checked_mul(n as usize) {
        Some(len) if len <= memory::MAX_TEXT => {
            memory::text(len)?;
            Ok(string(s.repeat(n as usize)))
        }
        _ => fail("Repeat string result too long"),
    }
}

/// Merges objects within objects too.
fn merge(l: &mut Object, r: &Object) {
    for (k, v) in r {
        match (l.get_mut(k), v) {
            (Some(Val::Obj(inner)), Val::Obj(v)) => merge(Rc::make_mut(inner), v),
            _ => {
                l.insert(Rc::clone(k), v.clone());
            }
        }
    }
}

fn divide(l: Val, r: Val) -> ValR {
    match (&l, &r) {
        (Val::Str(s), Val::Str(by)) => super::string::split(s, by),
        _ => match doubles(&l, &r) {
            Some((_, 0.0)) => refuse(&l, &r, "divided because the divisor is zero"),
            Some((x, y)) => Ok(number(x / y)),
            None => refuse(&l, &r, "divided"),
        },
    }
}

/// The remainder of the numbers cut to integers, with the sign of the left one.
fn remainder(l: Val, r: Val) -> ValR {
    let Some((x, y)) = doubles(&l, &r) else {
        return refuse(&l, &r, "divided (remainder)");
    };
    if x.is_nan() || y.is_nan() {
        return Ok(Val::Float(f64::NAN));
    }
    // Casts saturate; the widest type keeps the most negative number divisible by -1.
    let (x, y) = ((x as i64) as i128, (y as i64) as i128);
    match x.checked_rem(y) {
        None => refuse(&l, &r, "divided (remainder) because the divisor is zero"),
        Some(rest) => Ok(number(rest as f64)),
    }
}

fn negate(v: &Val) -> ValR {
    match v {
        Val::Int(i) if *i != 0 => Ok(i.checked_neg().map_or(Val::Float(-(*i as f64)), Val::Int)),
        Val::Num(n) => Ok(Val::Num(Rc::new(match n.strip_prefix('-') {
            Some(positive) => positive.to_owned(),
            None => format!("-{n}"),
        }))),
        v => match as_f64(v) {
            Some(f) => Ok(number(-f)),
            None => fail(format!("{} cannot be negated", named(v))),
        },
    }
}

fn absolute(v: Val) -> ValR {
    match &v {
        Val::Str(_) | Val::Arr(_) | Val::Obj(_) => Ok(v),
        Val::Float(f) => Ok(Val::Float(f.abs())),
        other if is_number(other) && compare(other, &Val::Int(0)).is_ge() => Ok(v),
        other => negate(other),
    }
}
