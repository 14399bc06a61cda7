//! Changing the value at a path.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR};

use super::index::{bounds, index};
use super::{fail, memory};
use crate::jq::value::{Object, as_f64, is_number, kind, string};

/// An array cannot be made longer than this by assigning to an index.
const MAX_INDEX: f64 = (1 << 25) as f64;

/// Sets the value at a path.
pub(super) fn set_path(mut v: Val, path: &Val, value: Val) -> ValR {
    let Val::Arr(keys) = path else {
        return fail("Path must be specified as an array");
    };
    change(&mut v, keys, &mut |_| Ok(value.clone()))?;
    Ok(v)
}

pub(super) type Change<'c> = dyn FnMut(Val) -> ValR + 'c;

/// Replaces the value at a path by what `f` makes of it. The value is taken out meanwhile,
/// so that a chain of updates never copies a container that nothing else holds.
pub(super) fn change(v: &mut Val, keys: &[Val], f: &mut Change) -> Result<(), Error> {
    let Some((key, rest)) = keys.split_first() else {
        *v = f(std::mem::replace(v, Val::Null))?;
        return Ok(());
    };
    if matches!(v, Val::Null) {
        match key {
            Val::Str(_) => *v = Val::Obj(Rc::new(Object::default())),
            Val::Obj(_) => {}
            k if is_number(k) => *v = Val::Arr(Rc::new(Vec::new())),
            _ => {}
        }
    }
    match (&mut *v, key) {
        (Val::Obj(o), Val::Str(k)) => {
            let slot = Rc::make_mut(o).entry(Rc::clone(k)).or_insert(Val::Null);
            change(slot, rest, f)
        }
        (Val::Arr(a), k) if is_number(k) => {
            let at = array_slot(Rc::make_mut(a), as_f64(k).unwrap_or(0.0))?;
            change(at, rest, f)
        }
        (Val::Arr(_) | Val::Null, Val::Obj(range)) => change_slice(v, range, rest, f),
        (Val::Str(_), Val::Obj(_)) => fail("Cannot update string slices"),
        (other, _) => {
            // Reading there is an error, and its text is the one to give.
            index(other, key)?;
            fail(format!("Cannot update field at {} index of {}", kind(key), kind(other)))
        }
    }
}

/// The element at an index, after growing the array up to it.
fn array_slot(a: &mut Vec<Val>, i: f64) -> Result<&mut Val, Error> {
    if i.is_nan() {
        return fail("Cannot set array element at NaN index");
    }
    let i = if i < 0.0 { i.floor() + a.len() as f64 } else { i.floor() };
    if i < 0.0 {
        return fail("Out of bounds negative array index");
    }
    if i > MAX_INDEX {
        return fail("Array index too large");
    }
    // Within bounds by the tests.
    let i = i as usize;
    if i >= a.len() {
        let len = i.saturating_add(1);
        memory::items(a.len(), len.saturating_sub(a.len()))?;
        a.resize(len, Val::Null);
    }
    a.get_mut(i).ok_or_else(|| Error::Val(string("Array index too large")))
}

fn change_slice(v: &mut Val, range: &Object, rest: &[Val], f: &mut Change) -> Result<(), Error> {
    let (mut array, null) = match std::mem::replace(v, Val::Null) {
        Val::Arr(a) => (a, false),
        _ => (Rc::default(), true),
    };
    let (from, to) = bounds(range, array.len())?;
    let part = array.get(from..to).unwrap_or_default().to_vec();
    // A slice of null is null.
    let mut part = if null { Val::Null } else { Val::Arr(Rc::new(part)) };
    change(&mut part, rest, f)?;
    let Val::Arr(part) = part else {
        return fail("A slice of an array can only be assigned another array");
    };
    Rc::make_mut(&mut array).splice(from..to, part.iter().cloned());
    *v = Val::Arr(array);
    Ok(())
}
