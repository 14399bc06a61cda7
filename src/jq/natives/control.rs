//! Control flow: alternatives, errors, labels, limits, folds.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR, ValRs};

use super::{Args, Cv, PathMode, Spec, arg, charge, fail, lazy, memory, none, once, pair};
use crate::jq::guard::has_stack;
use crate::jq::value::{as_f64, compare, is_number, number, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("empty", "", |_, _| none()),
    Spec::value("error", "", |_, cv| once(Err(Error::Val(cv.1)))),
    Spec::value("error", "v", |args, cv| Box::new(arg(args, 0, cv).map(|v| Err(Error::Val(v?))))),
    Spec::same("%comma", "pp", |args, cv| comma(args, cv)),
    Spec::same("%try", "p", |args, cv| until_error(arg(args, 0, cv), |_| None)),
    Spec::same("%catch", "pp", |args, cv| {
        let ctx = cv.0.clone();
        until_error(arg(args, 0, cv), move |e| Some(arg(args, 1, (ctx.clone(), e))))
    }),
    // The second argument takes the input again, not the error.
    Spec::same("%else", "pp", |args, cv| {
        let again = cv.clone();
        until_error(arg(args, 0, cv), move |_| Some(arg(args, 1, again.clone())))
    }),
    Spec {
        name: "%alt",
        kinds: "pp",
        run: |args, cv| alternative(args, cv, Val::as_bool),
        path: PathMode::Run(|args, cv| {
            alternative(args, cv, |p| match p {
                Val::Arr(a) => a.get(1).is_some_and(Val::as_bool),
                _ => false,
            })
        }),
    },
    Spec::value("%collect", "v", |args, cv| once(super::collected(arg(args, 0, cv)))),
    Spec::same("%guard", "p", |args, cv| guard(args, cv)),
    Spec::value("%newlabel", "", |_, _| {
        lazy(|| Ok(Signal::Break(NEXT_LABEL.replace(NEXT_LABEL.get().wrapping_add(1))).value()))
    }),
    Spec::same("%label", "vp", |args, cv| label(args, cv)),
    Spec::value("%break", "v", |args, cv| Box::new(arg(args, 0, cv).map(|label| Err(Error::Val(label?))))),
    Spec::same("first", "p", |args, cv| Box::new(arg(args, 0, cv).take(1))),
    Spec::same("last", "p", |args, cv| last(arg(args, 0, cv))),
    // Casts saturate; a fraction takes one more output, and skips one less.
    Spec::same("limit", "vp", |args, cv| {
        counted(args, cv, "limit", |n, items| Box::new(items.take(n.ceil() as usize)))
    }),
    Spec::same("skip", "vp", |args, cv| counted(args, cv, "skip", |n, items| skip(n as usize, items))),
    Spec::same("nth", "vp", |args, cv| {
        counted(args, cv, "nth", |n, items| Box::new(skip(n as usize, items).take(1)))
    }),
    Spec::value("isempty", "v", |args, cv| {
        lazy(move || match arg(args, 0, cv).next() {
            Some(Err(e)) => Err(e),
            other => Ok(Val::Bool(other.is_none())),
        })
    }),
    Spec::value("any", "vv", |args, cv| lazy(move || seek(args, cv, true))),
    Spec::value("all", "vv", |args, cv| lazy(move || seek(args, cv, false))),
    Spec::value("range", "v", |args, cv| {
        super::product(args, 1, cv, |_, bounds| match bounds {
            [to] => range(&Val::Int(0), to, &Val::Int(1)),
            _ => none(),
        })
    }),
    Spec::value("range", "vv", |args, cv| {
        super::product(args, 2, cv, |_, bounds| match bounds {
            [from, to] => range(from, to, &Val::Int(1)),
            _ => none(),
        })
    }),
    Spec::value("range", "vvv", |args, cv| {
        super::product(args, 3, cv, |_, bounds| match bounds {
            [from, to, by] => range(from, to, by),
            _ => none(),
        })
    }),
    // The state after an update: its last output, null without one.
    Spec::same("%last", "p", |args, cv| {
        let mut outputs = last(arg(args, 0, cv));
        once(outputs.next().unwrap_or(Ok(Val::Null)))
    }),
    Spec::value("%state", "", |_, cv| once(Ok(pair(cv.1, Val::Null)))),
    Spec::same("%next", "pp", |args, cv| lazy(move || next_state(args, cv))),
    Spec::value("%emit", "", |_, cv| emit(cv.1)),
];

thread_local! {
    static NEXT_LABEL: Cell<u64> = const { Cell::new(0) };
    static HALT: RefCell<Option<(i64, Option<Val>)>> = const { RefCell::new(None) };
}

/// What passes through a filter as an error without being one: `try` lets it by.
///
/// It travels as a number that no filter and no input can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::jq) enum Signal {
    Break(u64),
    Halt,
}

impl Signal {
    pub(in crate::jq) fn value(self) -> Val {
        Val::Num(Rc::new(match self {
            Signal::Break(label) => format!("break {label}"),
            Signal::Halt => "halt".to_owned(),
        }))
    }

    pub(in crate::jq) fn of(v: &Val) -> Option<Signal> {
        let Val::Num(text) = v else { return None };
        match text.strip_prefix("break ") {
            Some(label) => label.parse().ok().map(Signal::Break),
            None => (text.as_str() == "halt").then_some(Signal::Halt),
        }
    }

    /// Asks for the end of the run.
    pub(super) fn halt(code: i64, message: Option<Val>) -> Error {
        HALT.set(Some((code, message)));
        Error::Val(Signal::Halt.value())
    }

    /// The status and message that `halt` left.
    pub(in crate::jq) fn take_halt() -> Option<(i64, Option<Val>)> {
        HALT.take()
    }
}

/// Outputs up to the first error, then what `then` makes of its value.
fn until_error<'a>(outputs: ValRs<'a>, then: impl Fn(Val) -> Option<ValRs<'a>> + 'a) -> ValRs<'a> {
    let mut current = Some(outputs);
    let mut caught = false;
    Box::new(std::iter::from_fn(move || {
        loop {
            let next = current.as_mut()?.next();
            match next {
                Some(Err(e)) if !caught => {
                    let value = e.as_val();
                    if Signal::of(&value).is_some() {
                        current = None;
                        return Some(Err(Error::Val(value)));
                    }
                    caught = true;
                    current = then(value);
                }
                None => {
                    current = None;
                    return None;
                }
                other => return other,
            }
        }
    }))
}

/// `l, r` with the right side not even started before the left one ends.
fn comma<'a>(args: Args<'a>, cv: Cv<'a>) -> ValRs<'a> {
    let right = cv.clone();
    let rest = std::iter::once_with(move || arg(args, 1, right)).flatten();
    Box::new(arg(args, 0, cv).chain(rest))
}

fn alternative<'a>(args: Args<'a>, cv: Cv<'a>, truthy: fn(&Val) -> bool) -> ValRs<'a> {
    let mut lefts = arg(args, 0, cv.clone());
    let first = lefts.find(|v| v.as_ref().map_or(true, truthy));
    match first {
        None => arg(args, 1, cv),
        Some(first) => {
            let rest = lefts.filter(move |v| v.as_ref().map_or(true, truthy));
            Box::new(std::iter::once(first).chain(rest))
        }
    }
}

/// A call that recurses: started late, and refused when the stack runs out.
fn guard<'a>(args: Args<'a>, cv: Cv<'a>) -> ValRs<'a> {
    let mut start = Some(cv);
    let mut inner: Option<ValRs<'a>> = None;
    Box::new(std::iter::from_fn(move || {
        if !has_stack() {
            inner = None;
            // Without an input the next call ends the iteration.
            return start
                .take()
                .map(|_| fail("the filter recurses too deeply"))
                .or_else(|| Some(fail("the filter recurses too deeply")));
        }
        if let Some(cv) = start.take() {
            inner = Some(arg(args, 0, cv));
        }
        inner.as_mut()?.next()
    }))
}

fn label<'a>(args: Args<'a>, cv: Cv<'a>) -> ValRs<'a> {
    let Some(Ok(own)) = arg(args, 0, cv.clone()).next() else {
        return none();
    };
    let own = Signal::of(&own);
    let mut body = Some(arg(args, 1, cv));
    Box::new(std::iter::from_fn(move || {
        let next = body.as_mut()?.next();
        if let Some(Err(Error::Val(v))) = &next
            && own.is_some()
            && Signal::of(v) == own
        {
            body = None;
            return None;
        }
        next
    }))
}

/// The last output, or the first error.
fn last<'a>(outputs: ValRs<'a>) -> ValRs<'a> {
    let mut found = None;
    for output in outputs {
        match output {
            Ok(v) => found = Some(v),
            Err(e) => return once(Err(e)),
        }
    }
    found.map_or_else(none, |v| once(Ok(v)))
}

/// `limit`, `skip` and `nth`: for each count, something made of a fresh run of the items.
fn counted<'a>(
    args: Args<'a>,
    cv: Cv<'a>,
    name: &'static str,
    make: fn(f64, ValRs<'a>) -> ValRs<'a>,
) -> ValRs<'a> {
    let counts = arg(args, 0, cv.clone());
    Box::new(counts.flat_map(move |n| {
        let n = match n {
            Ok(n) => n,
            Err(e) => return once(Err(e)),
        };
        match as_f64(&n).filter(|_| is_number(&n)) {
            Some(0.0) if name == "limit" => none(),
            Some(n) if n >= 0.0 => make(n, arg(args, 1, cv.clone())),
            // jq counts down from what is greater than every number.
            None if compare(&n, &Val::Int(0)).is_gt() => match arg(args, 1, cv.clone()).next() {
                Some(Ok(_)) => {
                    once(fail(format!("{} and number (1) cannot be subtracted", super::named(&n))))
                }
                other => Box::new(other.into_iter()),
            },
            _ => {
                let what = if name == "nth" { "indices" } else { "count" };
                once(fail(format!("{name} doesn't support negative {what}")))
            }
        }
    }))
}

/// All outputs but the first `n`; an error is no output to skip.
fn skip<'a>(n: usize, mut items: ValRs<'a>) -> ValRs<'a> {
    let mut left = n;
    Box::new(std::iter::from_fn(move || {
        for _ in 0..std::mem::take(&mut left) {
            if let Err(e) = items.next()? {
                items = none();
                return Some(Err(e));
            }
        }
        items.next()
    }))
}

/// Looks for a truth among the outputs of the condition on each item.
fn seek<'a>(args: Args<'a>, cv: Cv<'a>, wanted: bool) -> ValR {
    for item in arg(args, 0, cv.clone()) {
        for output in arg(args, 1, (cv.0.clone(), item?)) {
            if output?.as_bool() == wanted {
                return Ok(Val::Bool(wanted));
            }
        }
    }
    Ok(Val::Bool(!wanted))
}

fn range(from: &Val, to: &Val, by: &Val) -> ValRs<'static> {
    let all = [from, to, by].map(|v| as_f64(v).filter(|_| is_number(v)));
    let [Some(mut at), Some(to), Some(by)] = all else {
        return once(fail("Range bounds must be numeric"));
    };
    Box::new(std::iter::from_fn(move || {
        let inside = (by > 0.0 && at < to) || (by < 0.0 && at > to);
        inside.then(|| {
            let current = at;
            at += by;
            Ok(number(current))
        })
    }))
}

/// One step of `foreach`: from `[state, _]` to `[state, outputs]`, with a last error kept as
/// a third element so that the outputs before it are not lost.
fn next_state<'a>(args: Args<'a>, cv: Cv<'a>) -> ValR {
    let (ctx, carrier) = cv;
    let (mut state, rest) = match carrier {
        Val::Arr(a) => {
            let mut parts = Rc::try_unwrap(a).unwrap_or_else(|a| (*a).clone()).into_iter();
            (parts.next().unwrap_or(Val::Null), parts.nth(1))
        }
        other => (other, None),
    };
    if rest.is_some() {
        return Ok(pair(Val::Null, Val::Null));
    }
    let mut outputs = Vec::new();
    let mut failure = None;
    let updates = arg(args, 0, (ctx.clone(), std::mem::replace(&mut state, Val::Null)));
    'updates: for update in updates {
        match update {
            Err(e) => failure = Some(e),
            Ok(v) => {
                for output in arg(args, 1, (ctx.clone(), v.clone())) {
                    match output {
                        Ok(output) => {
                            memory::items(outputs.len(), 1)?;
                            charge(memory::own_size(&output))?;
                            outputs.push(output);
                        }
                        Err(e) => {
                            failure = Some(e);
                            break 'updates;
                        }
                    }
                }
                state = v;
            }
        }
        if failure.is_some() {
            break;
        }
    }
    let mut parts = vec![state, Val::Arr(Rc::new(outputs))];
    parts.extend(failure.map(|e| e.as_val()));
    Ok(Val::Arr(Rc::new(parts)))
}

/// The outputs that a step of `foreach` collected.
fn emit<'a>(carrier: Val) -> ValRs<'a> {
    let Val::Arr(parts) = carrier else {
        return once(Err(Error::Val(string("foreach lost its state"))));
    };
    let failure = parts.get(2).map(|e| Err(Error::Val(e.clone())));
    let Some(Val::Arr(outputs)) = parts.get(1).cloned() else {
        return Box::new(failure.into_iter());
    };
    let count = outputs.len();
    let outputs = (0..count).map(move |i| Ok(outputs.get(i).cloned().unwrap_or(Val::Null)));
    Box::new(outputs.chain(failure))
}
