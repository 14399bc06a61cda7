//! Values: kinds, numbers, and jq's order.

use std::cmp::Ordering;
use std::rc::Rc;

use indexmap::IndexMap;
use jaq_interpret::Val;

/// An object of the engine.
pub(super) type Object = IndexMap<Rc<String>, Val, ahash::RandomState>;

/// Integers up to here are exact as doubles; jq's arithmetic is that of doubles.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn string(s: impl Into<String>) -> Val {
    Val::Str(Rc::new(s.into()))
}

/// A computed number: an integer where a double holds it exactly, so that it prints without `.0`.
pub(super) fn number(f: f64) -> Val {
    if f.fract() == 0.0 && f.abs() <= EXACT && !(f == 0.0 && f.is_sign_negative()) {
        // In range by the test above.
        Val::Int(f as isize)
    } else {
        Val::Float(f)
    }
}

pub(super) fn length(n: usize) -> Val {
    Val::Int(isize::try_from(n).unwrap_or(isize::MAX))
}

/// The double that a number is in arithmetic.
pub(super) fn as_f64(v: &Val) -> Option<f64> {
    match v {
        Val::Int(i) => Some(*i as f64),
        Val::Float(f) => Some(*f),
        Val::Num(n) => n.parse().ok(),
        _ => None,
    }
}

pub(super) fn is_number(v: &Val) -> bool {
    matches!(v, Val::Int(_) | Val::Float(_) | Val::Num(_))
}

pub(super) fn kind(v: &Val) -> &'static str {
    match v {
        Val::Null => "null",
        Val::Bool(_) => "boolean",
        Val::Int(_) | Val::Float(_) | Val::Num(_) => "number",
        Val::Str(_) => "string",
        Val::Arr(_) => "array",
        Val::Obj(_) => "object",
    }
}

/// Compares numbers: exactly if both are integers, else as doubles, not-a-number first.
fn compare_numbers(a: &Val, b: &Val) -> Ordering {
    let int = |v: &Val| match v {
        Val::Int(i) => Some(*i as i128),
        Val::Num(n) => n.parse::<i128>().ok(),
        _ => None,
    };
    if let (Some(x), Some(y)) = (int(a), int(b)) {
        return x.cmp(&y);
    }
    let (x, y) = (as_f64(a), as_f64(b));
    let (x, y) = (x.unwrap_or(f64::NAN), y.unwrap_or(f64::NAN));
    x.partial_cmp(&y).unwrap_or_else(|| y.is_nan().cmp(&x.is_nan()))
}

fn rank(v: &Val) -> u8 {
    match v {
        Val::Null => 0,
        Val::Bool(false) => 1,
        Val::Bool(true) => 2,
        Val::Int(_) | Val::Float(_) | Val::Num(_) => 3,
        Val::Str(_) => 4,
        Val::Arr(_) => 5,
        Val::Obj(_) => 6,
    }
}

/// jq's order of all values; total, so that sorting is safe with not-a-number inside.
pub(super) fn compare(a: &Val, b: &Val) -> Ordering {
    match (a, b) {
        (Val::Int(x), Val::Int(y)) => x.cmp(y),
        (Val::Str(x), Val::Str(y)) => x.cmp(y),
        (Val::Arr(x), Val::Arr(y)) => x
            .iter()
            .zip(y.iter())
            .map(|(x, y)| compare(x, y))
            .find(|o| o.is_ne())
            .unwrap_or_else(|| x.len().cmp(&y.len())),
        (Val::Obj(x), Val::Obj(y)) => compare_objects(x, y),
        _ if is_number(a) && is_number(b) => compare_numbers(a, b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn compare_objects(x: &Object, y: &Object) -> Ordering {
    let sorted = |o: &Object| {
        let mut keys: Vec<Rc<String>> = o.keys().cloned().collect();
        keys.sort();
        keys
    };
    let (kx, ky) = (sorted(x), sorted(y));
    kx.cmp(&ky).then_with(|| {
        kx.iter()
            .filter_map(|k| Some(compare(x.get(k)?, y.get(k)?)))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    })
}

/// jq's `==`, in which not-a-number differs from itself.
pub(super) fn equal(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Str(x), Val::Str(y)) => x == y,
        (Val::Arr(x), Val::Arr(y)) => x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| equal(x, y)),
        (Val::Obj(x), Val::Obj(y)) => {
            x.len() == y.len() && x.iter().all(|(k, v)| y.get(k).is_some_and(|w| equal(v, w)))
        }
        (Val::Float(f), _) | (_, Val::Float(f)) if f.is_nan() => false,
        _ => compare(a, b).is_eq(),
    }
}
