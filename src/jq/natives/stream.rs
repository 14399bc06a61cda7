//! Events `[path, leaf]` and `[path]` of a value, and back.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValRs};

use super::change::set_path;
use super::{Args, Cv, Spec, arg, fail, none, once};
use crate::jq::value::length;

pub(super) const TABLE: &[Spec] = &[
    Spec::value("tostream", "", |_, cv| to_stream(cv.1)),
    Spec::value("fromstream", "v", |args, cv| from_stream(args, cv)),
    Spec::value("truncate_stream", "v", |args, cv| {
        let depth = cv.1.clone();
        let events = arg(args, 0, (cv.0, Val::Null));
        truncate(&depth, events)
    }),
    Spec::value("truncate_stream", "vv", |args, cv| {
        let depths = arg(args, 0, cv.clone());
        Box::new(depths.flat_map(move |depth| match depth {
            Ok(depth) => truncate(&depth, arg(args, 1, cv.clone())),
            Err(e) => once(Err(e)),
        }))
    }),
];

fn event(path: &[Val], leaf: Option<Val>) -> Val {
    let mut parts = vec![Val::Arr(Rc::new(path.to_vec()))];
    parts.extend(leaf);
    Val::Arr(Rc::new(parts))
}

/// Walks depth first; a container in progress is its value and the next child to visit.
fn to_stream<'a>(v: Val) -> ValRs<'a> {
    let child = |v: &Val, i: usize| match v {
        Val::Arr(a) => a.get(i).map(|v| (length(i), v.clone())),
        Val::Obj(o) => o.get_index(i).map(|(k, v)| (Val::Str(Rc::clone(k)), v.clone())),
        _ => None,
    };
    let mut start = Some(v);
    let mut open: Vec<(Val, usize)> = Vec::new();
    let mut path: Vec<Val> = Vec::new();
    Box::new(std::iter::from_fn(move || {
        let mut next = start.take();
        loop {
            if let Some(v) = next.take() {
                if child(&v, 0).is_none() {
                    let leaf = event(&path, Some(v));
                    path.pop();
                    return Some(Ok(leaf));
                }
                open.push((v, 0));
            }
            let (v, i) = open.last_mut()?;
            match child(v, *i) {
                Some((key, inner)) => {
                    *i = i.saturating_add(1);
                    path.push(key);
                    next = Some(inner);
                }
                None => {
                    let last = i.saturating_sub(1);
                    path.extend(child(v, last).map(|(key, _)| key));
                    let end = event(&path, None);
                    // The key of the last child, then the key of this container.
                    path.pop();
                    path.pop();
                    open.pop();
                    return Some(Ok(end));
                }
            }
        }
    }))
}

fn from_stream<'a>(args: Args<'a>, cv: Cv<'a>) -> ValRs<'a> {
    let mut events = arg(args, 0, cv);
    let mut value = Val::Null;
    Box::new(std::iter::from_fn(move || {
        loop {
            let step = events.next()?.and_then(|e| build(&mut value, &e));
            match step {
                Ok(Some(done)) => return Some(Ok(done)),
                Ok(None) => {}
                Err(e) => return Some(Err(e)),
            }
        }
    }))
}

/// Adds an event; returns the value when the event completes it.
fn build(value: &mut Val, event: &Val) -> Result<Option<Val>, Error> {
    let parts: Option<(&Val, Option<&Val>)> = match event {
        Val::Arr(a) => a.first().map(|path| (path, a.get(1))),
        _ => None,
    };
    let Some((path @ Val::Arr(keys), leaf)) = parts else {
        return fail("Invalid stream event");
    };
    let so_far = std::mem::replace(value, Val::Null);
    match (leaf, keys.len()) {
        (Some(leaf), 0) => Ok(Some(leaf.clone())),
        (Some(leaf), _) => {
            *value = set_path(so_far, path, leaf.clone())?;
            Ok(None)
        }
        (None, 1) => Ok(Some(so_far)),
        (None, _) => {
            *value = so_far;
            Ok(None)
        }
    }
}

/// Cuts the first `depth` keys from the paths, and drops events without any key left.
fn truncate<'a>(depth: &Val, events: ValRs<'a>) -> ValRs<'a> {
    let depth = match crate::jq::value::as_f64(depth) {
        // A cast saturates.
        Some(f) => f.max(0.0) as usize,
        None => return once(fail("truncate_stream depth must be a number")),
    };
    Box::new(events.flat_map(move |event| {
        let event = match event {
            Ok(Val::Arr(event)) => event,
            Ok(_) => return once(fail("Invalid stream event")),
            Err(e) => return once(Err(e)),
        };
        match event.first() {
            Some(Val::Arr(keys)) if keys.len() > depth => {
                let mut parts = vec![keys.iter().skip(depth).cloned().collect()];
                parts.extend(event.get(1).cloned());
                once(Ok(Val::Arr(Rc::new(parts))))
            }
            _ => none(),
        }
    }))
}
