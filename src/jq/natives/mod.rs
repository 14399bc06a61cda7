//! The filters written in Rust.

mod access;
mod arith;
mod array;
mod calendar;
mod change;
mod control;
mod delete;
mod encode;
mod index;
mod io;
mod math;
mod onig;
mod paths;
mod regex;
mod stream;
mod string;
mod time;

use std::collections::HashMap;
use std::sync::OnceLock;

use jaq_interpret::{Args, Ctx, Error, FilterT, Native, RunPtr, Val, ValR, ValRs};

pub(super) use access::get_native;
pub(super) use control::Signal;
pub(super) use io::{environment, reset as reset_run_state};
pub use io::{run_in, write_with};
pub(super) use string::{cat_native, object_native};

use paths::pair;

use super::memory::{self, charge};
use super::prelude::definitions;
use super::text::dump_start;
use super::value::kind;

/// A context and the input of a filter.
pub(super) type Cv<'a> = (Ctx<'a, Val>, Val);

/// How a native behaves where paths are wanted, as in `path(f)` and left of an assignment.
#[derive(Clone, Copy)]
pub(super) enum PathMode {
    /// Its outputs are new values without a path.
    Value,
    /// The same code works on pairs of a path and a value.
    Same,
    /// Other code works on pairs.
    Run(RunPtr<Val>),
}

/// A native filter.
pub(super) struct Spec {
    /// Names that begin with `%` are for the compiler only.
    pub(super) name: &'static str,
    /// One letter an argument: `v` is wanted as a value, `p` as the call is wanted,
    /// `q` as paths.
    pub(super) kinds: &'static str,
    pub(super) run: RunPtr<Val>,
    pub(super) path: PathMode,
}

impl Spec {
    /// A native whose outputs have no paths.
    pub(super) const fn value(name: &'static str, kinds: &'static str, run: RunPtr<Val>) -> Self {
        Spec { name, kinds, run, path: PathMode::Value }
    }

    /// A native that passes on outputs of its arguments, with or without paths.
    pub(super) const fn same(name: &'static str, kinds: &'static str, run: RunPtr<Val>) -> Self {
        Spec { name, kinds, run, path: PathMode::Same }
    }

    pub(super) fn native(&self) -> Native<Val> {
        Native::new(self.run)
    }
}

const TABLES: &[&[Spec]] = &[
    access::TABLE,
    arith::TABLE,
    array::TABLE,
    control::TABLE,
    encode::TABLE,
    io::TABLE,
    math::TABLE,
    paths::TABLE,
    regex::TABLE,
    stream::TABLE,
    string::TABLE,
    time::TABLE,
];

/// All natives, and their places by name and arity.
struct Index {
    specs: Vec<&'static Spec>,
    places: HashMap<(&'static str, usize), usize>,
}

fn all() -> &'static Index {
    static ALL: OnceLock<Index> = OnceLock::new();
    ALL.get_or_init(|| {
        let specs: Vec<&Spec> = TABLES.iter().flat_map(|t| t.iter()).collect();
        let numbered = specs.iter().enumerate();
        let places = numbered.map(|(i, s)| ((s.name, s.kinds.len()), i)).collect();
        Index { specs, places }
    })
}

/// The index of a native.
pub(super) fn find(name: &str, arity: usize) -> Option<usize> {
    all().places.get(&(name, arity)).copied()
}

/// The native of an index from `find`.
pub(super) fn spec(index: usize) -> Option<&'static Spec> {
    all().specs.get(index).copied()
}

/// All builtins that a filter can call by name, with how many arguments they take.
pub(super) fn builtin_names() -> impl Iterator<Item = (&'static str, usize)> {
    let public = all().specs.iter().filter(|s| s.name.starts_with(|c: char| c.is_ascii_alphabetic()));
    definitions().keys().copied().chain(public.map(|s| (s.name, s.kinds.len())))
}

/// One output.
fn once<'a>(result: ValR) -> ValRs<'a> {
    Box::new(std::iter::once(result))
}

/// One output, computed when it is asked for.
fn lazy<'a>(f: impl FnOnce() -> ValR + 'a) -> ValRs<'a> {
    Box::new(std::iter::once_with(f))
}

fn none<'a>() -> ValRs<'a> {
    Box::new(std::iter::empty())
}

/// A string, if it is not too long.
fn text(s: String) -> ValR {
    memory::text(s.len())?;
    Ok(super::value::string(s))
}

/// An array of computed values, if they are not too many.
fn collected(values: impl Iterator<Item = ValR>) -> ValR {
    let mut items = Vec::new();
    for v in values {
        let v = v?;
        memory::items(items.len(), 1)?;
        charge(memory::own_size(&v))?;
        items.push(v);
    }
    memory::container(Val::Arr(items.into()))
}

/// Runs an argument.
fn arg<'a>(args: Args<'a>, index: usize, cv: Cv<'a>) -> ValRs<'a> {
    args.get(index).run(cv)
}

/// Whether an iterator knows that it is at its end.
fn ended(iter: &ValRs) -> bool {
    iter.size_hint() == (0, Some(0))
}

fn fail<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Val(super::value::string(message)))
}

/// For each output of the only argument: `f(input, output)`.
fn unary<'a>(args: Args<'a>, cv: Cv<'a>, f: fn(&Val, Val) -> ValR) -> ValRs<'a> {
    let outputs = arg(args, 0, (cv.0, cv.1.clone()));
    Box::new(outputs.map(move |y| f(&cv.1, y?)))
}

/// For each pair of outputs of two arguments, the second one in the outer loop, as jq does;
/// `f(first, second)`. With single outputs nothing is cloned, so that `. + [x]` in a `reduce`
/// can grow its array in place.
fn binary<'a>(args: Args<'a>, cv: Cv<'a>, f: fn(Val, Val) -> ValR) -> ValRs<'a> {
    let mut rights = arg(args, 1, cv.clone());
    let right = match rights.next() {
        None => return none(),
        Some(Err(e)) => return once(Err(e)),
        Some(Ok(right)) => right,
    };
    if ended(&rights) {
        drop(rights);
        return with_right(args, cv, right, f);
    }
    let first = with_right(args, cv.clone(), right, f);
    Box::new(first.chain(rights.flat_map(move |right| match right {
        Ok(right) => with_right(args, cv.clone(), right, f),
        Err(e) => once(Err(e)),
    })))
}

fn with_right<'a>(args: Args<'a>, cv: Cv<'a>, right: Val, f: fn(Val, Val) -> ValR) -> ValRs<'a> {
    let mut lefts = arg(args, 0, cv);
    let left = match lefts.next() {
        None => return none(),
        Some(left) => left,
    };
    if ended(&lefts) {
        drop(lefts);
        return once(left.and_then(|left| f(left, right)));
    }
    let head = left.and_then(|left| f(left, right.clone()));
    let tail = lefts.map(move |left| f(left?, right.clone()));
    Box::new(std::iter::once(head).chain(tail))
}

/// For each combination of outputs of the arguments, the first one in the outer loop;
/// `f(input, outputs)`.
fn product<'a>(args: Args<'a>, count: usize, cv: Cv<'a>, f: fn(&Val, &[Val]) -> ValRs<'static>) -> ValRs<'a> {
    product_from(args, count, cv, Vec::with_capacity(count), f)
}

fn product_from<'a>(
    args: Args<'a>,
    count: usize,
    cv: Cv<'a>,
    done: Vec<Val>,
    f: fn(&Val, &[Val]) -> ValRs<'static>,
) -> ValRs<'a> {
    if done.len() == count {
        return f(&cv.1, &done);
    }
    let outputs = arg(args, done.len(), cv.clone());
    Box::new(outputs.flat_map(move |output| match output {
        Ok(output) => {
            let mut done = done.clone();
            done.push(output);
            product_from(args, count, cv.clone(), done, f)
        }
        Err(e) => once(Err(e)),
    }))
}

/// A value in an error message: its JSON, cut to 29 bytes but closed, as jq cuts it.
fn short(v: &Val) -> String {
    const ROOM: usize = 29;
    let mut text = dump_start(v, ROOM);
    if text.len() <= ROOM {
        return text;
    }
    let close = match v {
        Val::Str(_) => "\"",
        Val::Arr(_) => "]",
        Val::Obj(_) => "}",
        _ => "",
    };
    let room = (ROOM - 3).saturating_sub(close.len());
    text.truncate((0..=room).rev().find(|cut| text.is_char_boundary(*cut)).unwrap_or(0));
    text.push_str("...");
    text.push_str(close);
    text
}

/// `kind (value)`, as jq's messages begin.
fn named(v: &Val) -> String {
    format!("{} ({})", kind(v), short(v))
}
