//! Paths: pairs of a path and a value, and what reads, sets, changes and deletes by path.
//!
//! A filter wanted as paths works on pairs `[path, value]`. A value computed on the way has
//! no path: its pair holds null there, and the next step from it is jq's error.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR, ValRs};

use super::change::{change, set_path};
use super::delete::delete_paths;
use super::index::index;
use super::{Cv, PathMode, Spec, arg, charge, fail, lazy, memory, once, short};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("path", "q", |args, cv| {
        let pairs = arg(args, 0, (cv.0, pair(root(), cv.1)));
        Box::new(pairs.map(|p| into_path(p?)))
    }),
    Spec::value("%value", "", |_, cv| once(Ok(split(cv.1).1))),
    Spec::value("%nonpath", "v", |args, cv| {
        let (path, value) = split(cv.1);
        let outputs = arg(args, 0, (cv.0, value.clone()));
        Box::new(outputs.map(move |v| Ok(nonpath(&path, &value, v?))))
    }),
    Spec::value("%orphan", "", |_, cv| once(Ok(pair(Val::Null, cv.1)))),
    Spec {
        name: "getpath",
        kinds: "v",
        run: |args, cv| super::unary(args, cv, |v, p| get_path(v.clone(), &p)),
        path: PathMode::Run(|args, cv| {
            let paths = arg(args, 0, cv.clone());
            Box::new(paths.map(move |p| extend_by(cv.1.clone(), p?)))
        }),
    },
    Spec::value("setpath", "vv", |args, cv| {
        super::product(args, 2, cv, |v, given| match given {
            [path, value] => once(set_path(v.clone(), path, value.clone())),
            _ => super::none(),
        })
    }),
    Spec::value("delpaths", "v", |args, cv| {
        super::unary(args, cv, |v, paths| match paths {
            Val::Arr(paths) => delete_paths(v.clone(), paths.to_vec()),
            _ => fail("Paths must be specified as an array"),
        })
    }),
    Spec::value("del", "q", |args, cv| {
        lazy(move || {
            let paths = collect_paths(args, cv.clone())?;
            delete_paths(cv.1, paths)
        })
    }),
    Spec::value("%update", "qv", |args, cv| lazy(move || update(args, cv))),
    Spec::value("%assign", "qv", |args, cv| {
        // The second argument is a variable, so it has one output.
        lazy(move || {
            let paths = collect_paths(args, cv.clone())?;
            let value = arg(args, 1, cv.clone()).next().unwrap_or(Ok(Val::Null))?;
            let mut result = cv.1;
            for path in paths {
                result = set_path(result, &path, value.clone())?;
            }
            Ok(result)
        })
    }),
    Spec::value("pick", "q", |args, cv| {
        lazy(move || {
            let mut picked = Val::Null;
            for path in collect_paths(args, cv.clone())? {
                let value = get_path(cv.1.clone(), &path)?;
                picked = set_path(picked, &path, value)?;
            }
            Ok(picked)
        })
    }),
];

/// The path of the input itself.
pub(super) fn root() -> Val {
    Val::Arr(Rc::new(Vec::new()))
}

/// A path with its value.
pub(in crate::jq) fn pair(path: Val, value: Val) -> Val {
    Val::Arr(Rc::new(vec![path, value]))
}

/// The parts of a pair; whatever else comes is a value without a path.
pub(super) fn split(v: Val) -> (Val, Val) {
    match v {
        Val::Arr(a) => match Rc::try_unwrap(a) {
            Ok(mut owned) => {
                let value = owned.pop().unwrap_or(Val::Null);
                (owned.pop().unwrap_or(Val::Null), value)
            }
            Err(shared) => {
                let part = |i: usize| shared.get(i).cloned().unwrap_or(Val::Null);
                (part(0), part(1))
            }
        },
        other => (Val::Null, other),
    }
}

/// A computed value has no path, except that jq cannot distinguish null, true and false from the
/// value that has one.
fn nonpath(path: &Val, input: &Val, output: Val) -> Val {
    let same = match (&output, input) {
        (Val::Null, Val::Null) => true,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        _ => false,
    };
    pair(if same { path.clone() } else { Val::Null }, output)
}

pub(super) fn check_path(path: &Val, value: &Val, key: Option<&Val>) -> Result<(), Error> {
    match (path, key) {
        (Val::Arr(_), _) => Ok(()),
        (_, Some(key)) => fail(format!(
            "Invalid path expression near attempt to access element {} of {}",
            short(key),
            short(value)
        )),
        (_, None) => {
            fail(format!("Invalid path expression near attempt to iterate through {}", short(value)))
        }
    }
}

fn into_path(p: Val) -> ValR {
    match split(p) {
        (path @ Val::Arr(_), _) => Ok(path),
        (_, value) => fail(format!("Invalid path expression with result {}", short(&value))),
    }
}

/// The path with one more key.
pub(super) fn extend(path: &Val, key: Val) -> Val {
    match path {
        Val::Arr(keys) => {
            let mut keys = (**keys).clone();
            keys.push(key);
            Val::Arr(Rc::new(keys))
        }
        other => other.clone(),
    }
}

/// A pair one key further.
pub(super) fn step(p: Val, key: Val) -> ValR {
    let (path, value) = split(p);
    check_path(&path, &value, Some(&key))?;
    let next = index(&value, &key)?;
    Ok(match path {
        Val::Arr(mut keys) => {
            Rc::make_mut(&mut keys).push(key);
            pair(Val::Arr(keys), next)
        }
        other => pair(other, next),
    })
}

fn extend_by(p: Val, keys: Val) -> ValR {
    let (path, value) = split(p);
    let next = get_path(value.clone(), &keys);
    let (Val::Arr(path), Val::Arr(keys)) = (&path, &keys) else {
        return check_path(&path, &value, Some(&keys)).and(next);
    };
    let whole = path.iter().chain(keys.iter()).cloned().collect();
    Ok(pair(Val::Arr(Rc::new(whole)), next?))
}

/// The value at a path; null in null.
pub(in crate::jq) fn get_path(mut v: Val, path: &Val) -> ValR {
    let Val::Arr(keys) = path else {
        return fail("Path must be specified as an array");
    };
    for key in keys.iter() {
        v = index(&v, key)?;
    }
    Ok(v)
}

/// The paths that the first argument, compiled for pairs, gives on the input.
fn collect_paths<'a>(args: jaq_interpret::Args<'a>, cv: Cv<'a>) -> Result<Vec<Val>, Error> {
    let pairs: ValRs<'a> = arg(args, 0, (cv.0, pair(root(), cv.1)));
    let mut paths = Vec::new();
    for pair in pairs {
        let path = into_path(pair?)?;
        memory::items(paths.len(), 1)?;
        charge(memory::own_size(&path))?;
        paths.push(path);
    }
    Ok(paths)
}

/// `paths |= f`: the first output of `f` each; without an output, the path is deleted.
fn update<'a>(args: jaq_interpret::Args<'a>, cv: Cv<'a>) -> ValR {
    let paths = collect_paths(args, cv.clone())?;
    let (ctx, mut result) = cv;
    let mut gone = Vec::new();
    for path in paths {
        let mut empty = false;
        let Val::Arr(keys) = &path else { continue };
        // A slice is a copy, which stays as it is until it is deleted.
        if matches!(keys.last(), Some(Val::Obj(_))) {
            let old = get_path(result.clone(), &path)?;
            match arg(args, 1, (ctx.clone(), old)).next() {
                Some(new) => result = set_path(result, &path, new?)?,
                None => gone.push(path),
            }
            continue;
        }
        change(&mut result, keys, &mut |old| match arg(args, 1, (ctx.clone(), old)).next() {
            Some(new) => new,
            None => {
                empty = true;
                Ok(Val::Null)
            }
        })?;
        if empty {
            gone.push(path);
        }
    }
    match gone.is_empty() {
        true => Ok(result),
        false => delete_paths(result, gone),
    }
}
