//! Regular expressions: `match` and what builds on it, by the `regex` crate.
//!
//! Look-around and back-references, which jq's library has, are errors here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jaq_interpret::{Args, Error, Val, ValR, ValRs};
use regex::{Captures, Regex, RegexBuilder};

use super::arith::add;
use super::{Cv, Spec, arg, fail, named, once, product};
use crate::jq::value::{Object, length, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("match", "v", |args, cv| product(args, 1, cv, |v, g| run(v, g, Want::Match, ""))),
    Spec::value("match", "vv", |args, cv| product(args, 2, cv, |v, g| run(v, g, Want::Match, ""))),
    Spec::value("test", "v", |args, cv| product(args, 1, cv, |v, g| run(v, g, Want::Test, ""))),
    Spec::value("test", "vv", |args, cv| product(args, 2, cv, |v, g| run(v, g, Want::Test, ""))),
    Spec::value("capture", "v", |args, cv| product(args, 1, cv, |v, g| run(v, g, Want::Capture, ""))),
    Spec::value("capture", "vv", |args, cv| product(args, 2, cv, |v, g| run(v, g, Want::Capture, ""))),
    Spec::value("scan", "v", |args, cv| product(args, 1, cv, |v, g| run(v, g, Want::Scan, "g"))),
    Spec::value("scan", "vv", |args, cv| product(args, 2, cv, |v, g| run(v, g, Want::Scan, "g"))),
    Spec::value("splits", "v", |args, cv| product(args, 1, cv, |v, g| run(v, g, Want::Splits, "g"))),
    Spec::value("splits", "vv", |args, cv| product(args, 2, cv, |v, g| run(v, g, Want::Splits, "g"))),
    Spec::value("split", "vv", |args, cv| {
        product(args, 2, cv, |v, g| once(run(v, g, Want::Splits, "g").collect()))
    }),
    Spec::value("sub", "vv", |args, cv| substitute(args, cv, 2, "")),
    Spec::value("sub", "vvv", |args, cv| substitute(args, cv, 3, "")),
    Spec::value("gsub", "vv", |args, cv| substitute(args, cv, 2, "g")),
    Spec::value("gsub", "vvv", |args, cv| substitute(args, cv, 3, "g")),
];

#[derive(Clone, Copy, PartialEq)]
enum Want {
    Match,
    Test,
    Capture,
    Scan,
    Splits,
}

/// A compiled expression and the flags that do not belong to the expression itself.
struct Search {
    regex: Rc<Regex>,
    global: bool,
    skip_empty: bool,
}

thread_local! {
    static CACHE: RefCell<HashMap<(String, String), Rc<Regex>>> = RefCell::default();
}

/// Compiles an expression once for all elements of a stream.
fn compile(text: &str, flags: &str) -> Result<Search, Error> {
    let bad = |c: &char| !"gimnpslx".contains(*c);
    if flags.chars().any(|c| bad(&c)) {
        return fail(format!("{flags} is not a valid modifier string"));
    }
    let key = (text.to_owned(), flags.to_owned());
    let known = CACHE.with_borrow(|cache| cache.get(&key).cloned());
    let regex = match known {
        Some(regex) => regex,
        None => {
            let regex = RegexBuilder::new(text)
                .case_insensitive(flags.contains('i'))
                .ignore_whitespace(flags.contains('x'))
                .dot_matches_new_line(flags.contains('p'))
                .build();
            let regex = match regex {
                Ok(regex) => Rc::new(regex),
                Err(e) => {
                    let text = e.to_string();
                    let reason = text.lines().last().unwrap_or("").trim();
                    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
                    return fail(format!("Regex failure: {reason}"));
                }
            };
            CACHE.with_borrow_mut(|cache| {
                // A filter that makes expressions from data must not fill the memory.
                if cache.len() >= 256 {
                    cache.clear();
                }
                cache.insert(key, Rc::clone(&regex));
            });
            regex
        }
    };
    Ok(Search { regex, global: flags.contains('g'), skip_empty: flags.contains('n') })
}

/// The expression and flags of a call: `(re)`, `(re; flags)` or `([re, flags])`.
fn search(given: &[Val], extra: &str) -> Result<Search, Error> {
    let (re, flags) = match given {
        [Val::Arr(both)] => (both.first().cloned(), both.get(1).cloned()),
        [re, flags] => (Some(re.clone()), Some(flags.clone())),
        [re] => (Some(re.clone()), None),
        _ => (None, None),
    };
    let re = re.unwrap_or(Val::Null);
    let flags = match flags.unwrap_or(Val::Null) {
        Val::Null => extra.to_owned(),
        Val::Str(s) => format!("{s}{extra}"),
        other => return fail(format!("{} is not a string", named(&other))),
    };
    match &re {
        Val::Str(re) => compile(re, &flags),
        other => fail(format!("{} cannot be matched, as it is not a string", named(other))),
    }
}

fn subject(v: &Val) -> Result<Rc<String>, Error> {
    match v {
        Val::Str(s) => Ok(Rc::clone(s)),
        other => fail(format!("{} cannot be matched, as it is not a string", named(other))),
    }
}

/// All matches wanted by the flags.
fn captures<'t>(search: &Search, text: &'t str) -> Vec<Captures<'t>> {
    let found = search.regex.captures_iter(text);
    let full = found.filter(|c| !search.skip_empty || c.get(0).is_some_and(|m| !m.is_empty()));
    full.take(if search.global { usize::MAX } else { 1 }).collect()
}

fn run(v: &Val, given: &[Val], want: Want, extra: &str) -> ValRs<'static> {
    let outputs = subject(v).and_then(|text| {
        let search = search(given, extra)?;
        if want == Want::Test && !search.skip_empty {
            return Ok(vec![Val::Bool(search.regex.is_match(&text))]);
        }
        let all = captures(&search, &text);
        let mut offsets = Offsets::new(&text);
        Ok(match want {
            Want::Test => vec![Val::Bool(!all.is_empty())],
            Want::Match => all.iter().map(|c| describe(&search, c, &mut offsets)).collect(),
            Want::Capture => all.iter().map(|c| named_groups(&search, c)).collect(),
            Want::Scan => all.iter().map(scanned).collect(),
            Want::Splits => pieces(&text, &all),
        })
    });
    match outputs {
        Ok(outputs) => Box::new(outputs.into_iter().map(Ok)),
        Err(e) => once(Err(e)),
    }
}

/// Byte offsets to character offsets; matches ask in rising order, groups near their match.
struct Offsets<'t> {
    text: &'t str,
    byte: usize,
    chars: usize,
}

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        Offsets { text, byte: 0, chars: 0 }
    }

    /// Moves to a byte offset that later ones do not go behind.
    fn advance(&mut self, byte: usize) {
        self.chars += self.between(byte);
        self.byte = byte;
    }

    fn between(&self, byte: usize) -> usize {
        let part = self.text.get(self.byte..byte).unwrap_or("");
        part.chars().count()
    }
}

fn describe(search: &Search, c: &Captures, offsets: &mut Offsets) -> Val {
    let text = |s: &str| string(s);
    let start = c.get(0).map_or(0, |m| m.start());
    offsets.advance(start);
    let place = |m: Option<regex::Match>| match m {
        Some(m) => (
            length(offsets.chars + offsets.between(m.start())),
            length(m.as_str().chars().count()),
            text(m.as_str()),
        ),
        None => (Val::Int(-1), Val::Int(0), Val::Null),
    };
    let groups = c.iter().zip(search.regex.capture_names()).skip(1);
    let groups = groups.map(|(m, name)| {
        let missed = m.is_none();
        let (offset, size, string) = place(m);
        let name = name.map_or(Val::Null, text);
        // jq's order of the keys differs for a group that took no part.
        match missed {
            true => object([("offset", offset), ("string", string), ("length", size), ("name", name)]),
            false => object([("offset", offset), ("length", size), ("string", string), ("name", name)]),
        }
    });
    let groups = groups.collect();
    let (offset, size, string) = place(c.get(0));
    object([("offset", offset), ("length", size), ("string", string), ("captures", groups)])
}

fn object<const N: usize>(pairs: [(&str, Val); N]) -> Val {
    let pairs = pairs.into_iter().map(|(k, v)| (Rc::new(k.to_owned()), v));
    Val::Obj(Rc::new(pairs.collect::<Object>()))
}

fn group(m: Option<regex::Match>) -> Val {
    m.map_or(Val::Null, |m| string(m.as_str()))
}

fn named_groups(search: &Search, c: &Captures) -> Val {
    let groups = c.iter().zip(search.regex.capture_names());
    let named = groups.filter_map(|(m, name)| Some((Rc::new(name?.to_owned()), group(m))));
    Val::Obj(Rc::new(named.collect::<Object>()))
}

/// The match, or its groups if it has any.
fn scanned(c: &Captures) -> Val {
    match c.len() {
        1 => group(c.get(0)),
        _ => c.iter().skip(1).map(group).collect(),
    }
}

fn pieces(text: &str, all: &[Captures]) -> Vec<Val> {
    let mut from = 0;
    let mut pieces = Vec::with_capacity(all.len() + 1);
    for m in all.iter().filter_map(|c| c.get(0)) {
        pieces.push(string(text.get(from..m.start()).unwrap_or("")));
        from = m.end();
    }
    pieces.push(string(text.get(from..).unwrap_or("")));
    pieces
}

/// `sub` and `gsub`: the n-th outputs of the replacement for all matches make the n-th result.
fn substitute<'a>(args: Args<'a>, cv: Cv<'a>, count: usize, extra: &'static str) -> ValRs<'a> {
    let flags: ValRs<'a> = match count {
        3 => arg(args, 2, cv.clone()),
        _ => once(Ok(Val::Null)),
    };
    Box::new(flags.flat_map(move |flags| {
        let flags = match flags {
            Ok(flags) => flags,
            Err(e) => return once(Err(e)),
        };
        let cv = cv.clone();
        let expressions = arg(args, 0, cv.clone());
        Box::new(expressions.flat_map(move |re| {
            let given = re.map(|re| [re, flags.clone()]);
            let results = given.and_then(|given| replaced(args, cv.clone(), &given, extra));
            match results {
                Ok(results) => Box::new(results.into_iter().map(Ok)) as ValRs<'a>,
                Err(e) => once(Err(e)),
            }
        }))
    }))
}

fn replaced<'a>(args: Args<'a>, cv: Cv<'a>, given: &[Val], extra: &str) -> Result<Vec<Val>, Error> {
    let text = subject(&cv.1)?;
    let search = search(given, extra)?;
    let mut results: Vec<Val> = Vec::new();
    let mut from = 0;
    let all = captures(&search, &text);
    for c in &all {
        let Some(whole) = c.get(0) else { continue };
        let gap = text.get(from..whole.start()).unwrap_or("");
        from = whole.end();
        let inserts = arg(args, 1, (cv.0.clone(), named_groups(&search, c)));
        for (i, insert) in inserts.enumerate() {
            let insert: ValR = insert;
            if results.len() <= i {
                results.push(Val::Null);
            }
            if let Some(result) = results.get_mut(i) {
                let so_far = std::mem::replace(result, Val::Null);
                *result = add(add(so_far, string(gap))?, insert?)?;
            }
        }
    }
    if all.is_empty() {
        return Ok(vec![cv.1]);
    }
    let tail = string(text.get(from..).unwrap_or(""));
    results.into_iter().map(|r| add(r, tail.clone())).collect()
}
