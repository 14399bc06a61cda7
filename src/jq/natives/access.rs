//! `.a`, `.[0]`, `.[1:2]`, `.[]`, `..`: reading, of values and of pairs of a path and a value.

use std::rc::Rc;

use jaq_interpret::{Error, RunPtr, Val, ValR, ValRs};

use super::index::{index, slice_key};
use super::paths::{check_path, extend, pair, split, step};
use super::{PathMode, Spec, arg, binary, fail, named, none, once};
use crate::jq::value::{as_f64, is_number, kind, length};

pub(super) const TABLE: &[Spec] = &[
    Spec {
        name: "%iter",
        kinds: "",
        run: |_, cv| iterate(cv.1),
        path: PathMode::Run(|_, cv| iterate_path(cv.1)),
    },
    Spec {
        name: "%recurse",
        kinds: "",
        run: |_, cv| recurse(cv.1),
        path: PathMode::Run(|_, cv| recurse_path(cv.1)),
    },
    Spec::value("%slice", "vv", |args, cv| {
        super::product(args, 2, cv, |v, bounds| match bounds {
            [from, to] => once(index(v, &slice_key(from.clone(), to.clone()))),
            _ => none(),
        })
    }),
    Spec::value("%step", "v", |args, cv| {
        // Input: a pair; output: the pair one step further.
        let keys = arg(args, 0, cv.clone());
        Box::new(keys.map(move |key| step(cv.1.clone(), key?)))
    }),
    Spec::value("has", "v", |args, cv| super::unary(args, cv, |v, k| has(v, &k))),
    Spec::value("%slicekey", "vv", |args, cv| binary(args, cv, |from, to| Ok(slice_key(from, to)))),
    Spec::value("keys", "", |_, cv| {
        once(keys(&cv.1).map(|mut keys| {
            keys.sort();
            Val::Arr(Rc::new(keys))
        }))
    }),
    Spec::value("keys_unsorted", "", |_, cv| once(keys(&cv.1).map(|keys| Val::Arr(Rc::new(keys))))),
];

/// The native for `.[k1][k2]…` with up to three keys.
pub(in crate::jq) fn get_native(keys: usize) -> RunPtr<Val> {
    match keys {
        1 => |args, cv| get::<1>(args, cv),
        2 => |args, cv| get::<2>(args, cv),
        _ => |args, cv| get::<3>(args, cv),
    }
}

/// Keys are evaluated on the input; with several keys each has one output.
fn get<'a, const N: usize>(args: jaq_interpret::Args<'a>, cv: super::Cv<'a>) -> ValRs<'a> {
    if N == 1 {
        return match one(args, 0, &cv) {
            Ok(key) => once(key.and_then(|key| index(&cv.1, &key))),
            Err(keys) => Box::new(keys.map(move |key| index(&cv.1, &key?))),
        };
    }
    let mut value = cv.1.clone();
    for i in 0..N {
        // The compiler passes constants and variables here, which have one output.
        let Some(key) = arg(args, i, cv.clone()).next() else {
            return none();
        };
        match key.and_then(|key| index(&value, &key)) {
            Ok(next) => value = next,
            Err(e) => return once(Err(e)),
        }
    }
    once(Ok(value))
}

/// The only output of an argument, or all of its outputs.
fn one<'a>(args: jaq_interpret::Args<'a>, i: usize, cv: &super::Cv<'a>) -> Result<ValR, ValRs<'a>> {
    let mut outputs = arg(args, i, cv.clone());
    match outputs.next() {
        Some(first) if super::ended(&outputs) => Ok(first),
        Some(first) => Err(Box::new(std::iter::once(first).chain(outputs))),
        None => Err(none()),
    }
}

/// `.[]`, sharing the container instead of copying it.
fn iterate<'a>(v: Val) -> ValRs<'a> {
    match v {
        Val::Arr(a) => Box::new((0..a.len()).map(move |i| match a.get(i) {
            Some(v) => Ok(v.clone()),
            None => Ok(Val::Null),
        })),
        Val::Obj(o) => Box::new((0..o.len()).map(move |i| match o.get_index(i) {
            Some((_, v)) => Ok(v.clone()),
            None => Ok(Val::Null),
        })),
        other => once(no_iteration(&other)),
    }
}

fn no_iteration(v: &Val) -> ValR {
    fail(format!("Cannot iterate over {}", named(v)))
}

/// The children of a value with their keys.
fn children(v: &Val) -> Vec<(Val, Val)> {
    match v {
        Val::Arr(a) => (a.iter().enumerate()).map(|(i, v)| (length(i), v.clone())).collect(),
        Val::Obj(o) => (o.iter()).map(|(k, v)| (Val::Str(Rc::clone(k)), v.clone())).collect(),
        _ => Vec::new(),
    }
}

fn iterate_path<'a>(input: Val) -> ValRs<'a> {
    let (path, value) = split(input);
    if let Err(e) = check_path(&path, &value, None) {
        return once(Err(e));
    }
    match &value {
        Val::Arr(_) | Val::Obj(_) => {
            let all = children(&value).into_iter();
            Box::new(all.map(move |(k, v)| Ok(pair(extend(&path, k), v))))
        }
        other => once(no_iteration(other)),
    }
}

/// `..`: the value and all that is in it, parents first.
fn recurse<'a>(v: Val) -> ValRs<'a> {
    let mut stack = vec![v];
    Box::new(std::iter::from_fn(move || {
        let v = stack.pop()?;
        match &v {
            Val::Arr(a) => stack.extend(a.iter().rev().cloned()),
            Val::Obj(o) => stack.extend(o.values().rev().cloned()),
            _ => {}
        }
        Some(Ok(v))
    }))
}

fn recurse_path<'a>(input: Val) -> ValRs<'a> {
    let mut stack = vec![split(input)];
    Box::new(std::iter::from_fn(move || {
        let (path, v) = stack.pop()?;
        let inner = children(&v).into_iter().rev();
        stack.extend(inner.map(|(k, v)| (extend(&path, k), v)));
        Some(Ok(pair(path, v)))
    }))
}

fn keys(v: &Val) -> Result<Vec<Val>, Error> {
    match v {
        Val::Arr(a) => Ok((0..a.len()).map(length).collect()),
        Val::Obj(o) => Ok(o.keys().map(|k| Val::Str(Rc::clone(k))).collect()),
        other => fail(format!("{} has no keys", named(other))),
    }
}

fn has(v: &Val, key: &Val) -> ValR {
    match (v, key) {
        (Val::Null, _) => Ok(Val::Bool(false)),
        (Val::Obj(o), Val::Str(k)) => Ok(Val::Bool(o.contains_key(&**k))),
        (Val::Arr(a), k) if is_number(k) => {
            let i = as_f64(k).unwrap_or(-1.0);
            Ok(Val::Bool(i >= 0.0 && i < a.len() as f64))
        }
        _ => fail(format!("Cannot check whether {} has a {} key", kind(v), kind(key))),
    }
}
