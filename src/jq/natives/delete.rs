//! Deleting by paths.

use std::cmp::Ordering;
use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR};

use super::change::change;
use super::fail;
use super::index::{bounds, index, position};
use crate::jq::value::{as_f64, compare, is_number, kind};

/// Deletes all paths at once, in one pass over each container.
pub(super) fn delete_paths(mut v: Val, paths: Vec<Val>) -> ValR {
    let mut keys = Vec::with_capacity(paths.len());
    for path in &paths {
        match path {
            Val::Arr(path) => keys.push(path.as_slice()),
            other => {
                return fail(format!("Path must be specified as array, not {}", kind(other)));
            }
        }
    }
    keys.sort_by(|a, b| compare_keys(a, b));
    if keys.first().is_some_and(|path| path.is_empty()) {
        return Ok(Val::Null);
    }
    delete(&mut v, &keys)?;
    Ok(v)
}

fn compare_keys(a: &[Val], b: &[Val]) -> Ordering {
    let differ = a.iter().zip(b).map(|(x, y)| compare(x, y));
    let mut differ = differ.filter(|o| o.is_ne());
    differ.next().unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// Deletes sorted, non-empty paths: first inside each child, then children themselves.
fn delete(v: &mut Val, paths: &[&[Val]]) -> Result<(), Error> {
    if matches!(v, Val::Null) {
        return Ok(());
    }
    let mut here: Vec<&Val> = Vec::new();
    let mut rest = paths;
    while let Some(key) = rest.first().and_then(|p| p.first()) {
        let same = |p: &&[Val]| p.first().is_some_and(|k| compare(k, key).is_eq());
        let (group, after) = rest.split_at(rest.partition_point(same).max(1));
        rest = after;
        // The shortest path of a group comes first.
        if group.first().is_some_and(|p| p.len() == 1) {
            here.push(key);
            continue;
        }
        let inner: Vec<&[Val]> = group.iter().filter_map(|p| p.get(1..)).collect();
        if matches!(index(v, key)?, Val::Null) {
            continue;
        }
        delete_inside(v, key, &inner)?;
    }
    match here.is_empty() {
        true => Ok(()),
        false => delete_children(v, &here),
    }
}

fn delete_inside(v: &mut Val, key: &Val, inner: &[&[Val]]) -> Result<(), Error> {
    let mut failure = Ok(());
    let keys = std::slice::from_ref(key);
    change(v, keys, &mut |mut child| {
        failure = delete(&mut child, inner);
        Ok(child)
    })?;
    failure
}

fn delete_children(v: &mut Val, keys: &[&Val]) -> Result<(), Error> {
    match v {
        Val::Obj(o) => {
            let bad = keys.iter().find(|k| !matches!(k, Val::Str(_)));
            if let Some(bad) = bad {
                return fail(format!("Cannot delete {} field of object", kind(bad)));
            }
            let object = Rc::make_mut(o);
            if let [Val::Str(k)] = keys {
                object.shift_remove(&**k);
                return Ok(());
            }
            // The keys are sorted.
            object.retain(|k, _| {
                let found = keys.binary_search_by(|d| match d {
                    Val::Str(d) => d.cmp(k),
                    _ => Ordering::Less,
                });
                found.is_err()
            });
            Ok(())
        }
        Val::Arr(a) => {
            let mut gone = vec![false; a.len()];
            for key in keys {
                let part = match key {
                    Val::Obj(range) => {
                        let (from, to) = bounds(range, a.len())?;
                        gone.get_mut(from..to)
                    }
                    k if is_number(k) => {
                        let at = position(as_f64(k).unwrap_or(-1.0), a.len());
                        at.and_then(|i| gone.get_mut(i)).map(std::slice::from_mut)
                    }
                    k => return fail(format!("Cannot delete {} element of array", kind(k))),
                };
                part.unwrap_or_default().fill(true);
            }
            let mut gone = gone.into_iter();
            Rc::make_mut(a).retain(|_| !gone.next().unwrap_or(false));
            Ok(())
        }
        other => fail(format!("Cannot delete fields from {}", kind(other))),
    }
}
