//! What stands under a key: of an object, of an array, or a slice.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR};

use super::{fail, short};
use crate::jq::value::{Object, as_f64, equal, is_number, kind, length, string};

fn bad_index(v: &Val, key: &Val) -> Error {
    Error::Val(string(format!("Cannot index {} with {} ({})", kind(v), kind(key), short(key))))
}

/// Position of an index that may count from the end.
pub(super) fn position(i: f64, len: usize) -> Option<usize> {
    let i = if i < 0.0 { i.floor() + len as f64 } else { i.floor() };
    // Not-a-number and what lies outside fail the comparison.
    (i >= 0.0 && i < len as f64).then_some(i as usize)
}

/// `v[key]`, with null for what is not there.
pub(super) fn index(v: &Val, key: &Val) -> ValR {
    match (v, key) {
        (Val::Obj(o), Val::Str(k)) => Ok(o.get(&**k).cloned().unwrap_or(Val::Null)),
        (Val::Arr(a), Val::Int(i)) if *i >= 0 => Ok(a.get(i.unsigned_abs()).cloned().unwrap_or(Val::Null)),
        (Val::Arr(a), k) if is_number(k) => {
            let at = as_f64(k).and_then(|f| position(f, a.len()));
            Ok(at.and_then(|i| a.get(i)).cloned().unwrap_or(Val::Null))
        }
        (Val::Null, Val::Str(_) | Val::Obj(_)) => Ok(Val::Null),
        (Val::Null, k) if is_number(k) => Ok(Val::Null),
        (Val::Arr(_) | Val::Str(_), Val::Obj(range)) => slice(v, range),
        (Val::Arr(a), Val::Arr(wanted)) => Ok(array_indices(a, wanted)),
        _ => Err(bad_index(v, key)),
    }
}

/// The key of a slice, as it stands in paths.
pub(in crate::jq) fn slice_key(from: Val, to: Val) -> Val {
    let mut range = Object::default();
    range.insert(Rc::new("start".to_owned()), from);
    range.insert(Rc::new("end".to_owned()), to);
    Val::Obj(Rc::new(range))
}

/// The bounds of a slice within `len` elements.
pub(super) fn bounds(range: &Object, len: usize) -> Result<(usize, usize), Error> {
    if !["start", "end"].iter().all(|k| range.contains_key(&(*k).to_owned())) {
        return fail("Array/string slice indices must be integers");
    }
    let bound = |name: &str, default: usize, round: fn(f64) -> f64| match range.get(&name.to_owned()) {
        None | Some(Val::Null) => Ok(default),
        Some(v) if is_number(v) => {
            let f = as_f64(v).unwrap_or(0.0);
            let f = if f < 0.0 { f + len as f64 } else { f };
            // A cast saturates, and makes zero of not-a-number.
            Ok((round(f) as usize).min(len))
        }
        Some(_) => fail("Array/string slice indices must be integers"),
    };
    let from = bound("start", 0, f64::floor)?;
    let to = bound("end", len, f64::ceil)?;
    Ok((from, to.max(from)))
}

fn slice(v: &Val, range: &Object) -> ValR {
    match v {
        Val::Arr(a) => {
            let (from, to) = bounds(range, a.len())?;
            let part = a.get(from..to).unwrap_or_default();
            Ok(Val::Arr(Rc::new(part.to_vec())))
        }
        Val::Str(s) => {
            let (from, to) = bounds(range, s.chars().count())?;
            let part: String = s.chars().take(to).skip(from).collect();
            Ok(string(part))
        }
        _ => Ok(Val::Null),
    }
}

/// Positions of a run of elements within an array.
pub(super) fn array_indices(items: &[Val], wanted: &[Val]) -> Val {
    if wanted.is_empty() {
        return Val::Arr(Rc::default());
    }
    let found = items.windows(wanted.len()).enumerate();
    found.filter(|(_, w)| w.iter().zip(wanted).all(|(x, y)| equal(x, y))).map(|(i, _)| length(i)).collect()
}
