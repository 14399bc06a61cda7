//! Regular expressions: `match` and what builds on it, by fancy-regex, which has look-around and
//! back-references as jq's library does. `onig` rewrites what the syntaxes differ in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use fancy_regex::{Captures, Match, Regex, RegexBuilder};
use jaq_interpret::{Args, Error, Val, ValR, ValRs};

use super::arith::add;
use super::onig::rewrite;
use super::{Cv, Spec, arg, charge, collected, fail, named, once, product};
use crate::jq::value::{Object, kind, length, string};

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
        product(args, 2, cv, |v, g| once(collected(run(v, g, Want::Splits, "g"))))
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

/// A compiled expression, and whether all of its matches are wanted.
struct Search {
    regex: Rc<Regex>,
    global: bool,
}

/// What an expression is compiled from: its text, its flags, and whether the text to search ends
/// with a newline.
type Key = (String, String, bool);

thread_local! {
    static CACHE: RefCell<HashMap<Key, Rc<Regex>>> = RefCell::default();
}

fn failure<T>(error: &fancy_regex::Error) -> Result<T, Error> {
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or("").trim();
    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
    fail(format!("Regex failure: {reason}"))
}

/// Compiles an expression once for all elements of a stream.
fn compile(expression: &str, flags: &str, text: &str) -> Result<Search, Error> {
    if flags.chars().any(|c| !"gimnpslx".contains(c)) {
        return fail(format!("{flags} is not a valid modifier string"));
    }
    let global = flags.contains('g');
    let key = (expression.to_owned(), flags.to_owned(), text.ends_with('\n'));
    if let Some(regex) = CACHE.with_borrow(|cache| cache.get(&key).cloned()) {
        return Ok(Search { regex, global });
    }
    let extended = flags.contains('x');
    let mut builder = RegexBuilder::new(&rewrite(expression, extended, key.2));
    builder
        .case_insensitive(flags.contains('i'))
        .ignore_whitespace(extended)
        .dot_matches_new_line(flags.contains(['m', 'p']));
    let mut regex = builder.build();
    if flags.contains('n') && regex.is_ok() {
        // What matches nothing but empty strings is refused then; it has no match.
        regex = builder.find_not_empty(true).build().or_else(|_| Regex::new(r"[^\s\S]"));
    }
    let regex = Rc::new(regex.or_else(|error| failure(&error))?);
    CACHE.with_borrow_mut(|cache| {
        // A filter that makes expressions from data must not fill the memory.
        if cache.len() >= 256 {
            cache.clear();
        }
        cache.insert(key, Rc::clone(&regex));
    });
    Ok(Search { regex, global })
}

/// The expression and flags of a call: `(re)`, `(re; flags)`, and with `pair` `([re, flags])`.
fn expression(given: &[Val], pair: bool) -> Result<(Val, Val), Error> {
    match given {
        [re, flags] => Ok((re.clone(), flags.clone())),
        [Val::Arr(both)] if pair && !both.is_empty() => {
            let part = |i: usize| both.get(i).cloned().unwrap_or(Val::Null);
            Ok((part(0), part(1)))
        }
        [other] if pair && !matches!(other, Val::Str(_)) => {
            fail(format!("{} not a string or array", kind(other)))
        }
        [re] => Ok((re.clone(), Val::Null)),
        _ => fail("an expression is missing"),
    }
}

fn search((re, flags): (Val, Val), text: &str) -> Result<Search, Error> {
    match (&re, &flags) {
        (Val::Str(re), Val::Str(flags)) => compile(re, flags, text),
        (Val::Str(re), Val::Null) => compile(re, "", text),
        (Val::Str(_), other) | (other, _) => fail(format!("{} is not a string", named(other))),
    }
}

/// Flags with one more, `scan` before the given ones, others after them.
fn with_flag(flags: Val, extra: &str, want: Want) -> Val {
    match flags {
        Val::Null => string(extra),
        Val::Str(s) if want == Want::Scan => string(format!("{extra}{s}")),
        Val::Str(s) => string(format!("{s}{extra}")),
        other => other,
    }
}

fn subject(v: &Val) -> Result<Rc<String>, Error> {
    match v {
        Val::Str(s) => Ok(Rc::clone(s)),
        other => fail(format!("{} cannot be matched, as it is not a string", named(other))),
    }
}

/// All matches wanted by the flags. The search goes on where a match ended, so that an empty
/// match may follow; after an empty one, a character further.
fn captures<'t>(search: &Search, text: &'t str) -> Result<Vec<Captures<'t, str>>, Error> {
    let mut found = Vec::new();
    let mut from = 0;
    while from <= text.len() {
        let next = search.regex.captures_from_pos(text, from).or_else(|error| failure(&error))?;
        let Some(next) = next else { break };
        let Some(whole) = next.get(0) else { break };
        let after = text.get(whole.end()..).and_then(|rest| rest.chars().next());
        from = match whole.end() > whole.start() {
            true => whole.end(),
            false => whole.end().saturating_add(after.map_or(1, char::len_utf8)),
        };
        charge(
            size_of::<Captures<str>>().saturating_add(next.len().saturating_mul(size_of::<[usize; 2]>())),
        )?;
        found.push(next);
        if !search.global {
            break;
        }
    }
    Ok(found)
}

fn run(v: &Val, given: &[Val], want: Want, extra: &str) -> ValRs<'static> {
    let outputs = expression(given, !matches!(want, Want::Scan | Want::Splits)).and_then(|(re, flags)| {
        let text = subject(v)?;
        let flags = if extra.is_empty() { flags } else { with_flag(flags, extra, want) };
        let search = search((re, flags), &text)?;
        if want == Want::Test {
            let found = search.regex.is_match(text.as_str()).or_else(|error| failure(&error))?;
            return Ok(vec![Val::Bool(found)]);
        }
        let all = captures(&search, &text)?;
        let mut offsets = Offsets::new(&text);
        Ok(match want {
            Want::Match | Want::Test => all.iter().map(|c| describe(&search, c, &mut offsets)).collect(),
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
        self.chars = self.at(byte);
        self.byte = byte;
    }

    fn between(&self, byte: usize) -> usize {
        let part = self.text.get(self.byte..byte).unwrap_or("");
        part.chars().count()
    }

    /// The offset in characters; a group in a look-behind lies before its match.
    fn at(&self, byte: usize) -> usize {
        match byte < self.byte {
            true => self.chars.saturating_sub(self.text.get(byte..self.byte).unwrap_or("").chars().count()),
            false => self.chars.saturating_add(self.between(byte)),
        }
    }
}

/// A group of a match. In an empty match jq has all groups at its place, and empty.
fn group<'t>(c: &Captures<'t, str>, index: usize) -> Option<Match<'t>> {
    let whole = c.get(0)?;
    let group = c.get(index)?;
    Some(if whole.start() == whole.end() { whole } else { group })
}

fn describe(search: &Search, c: &Captures<str>, offsets: &mut Offsets) -> Val {
    let start = c.get(0).map_or(0, |m| m.start());
    offsets.advance(start);
    let place = |m: Option<Match>| match m {
        Some(m) => (length(offsets.at(m.start())), length(m.as_str().chars().count()), string(m.as_str())),
        None => (Val::Int(-1), Val::Int(0), Val::Null),
    };
    let groups = search.regex.capture_names().enumerate().skip(1);
    let groups = groups.map(|(i, name)| {
        let m = group(c, i);
        let empty = m.as_ref().is_none_or(|m| m.start() == m.end());
        let (offset, size, string_) = place(m);
        let name = name.map_or(Val::Null, string);
        // jq's order of the keys differs for a group that is empty or took no part.
        match empty {
            true => object([("offset", offset), ("string", string_), ("length", size), ("name", name)]),
            false => object([("offset", offset), ("length", size), ("string", string_), ("name", name)]),
        }
    });
    let groups = groups.collect();
    let (offset, size, text) = place(c.get(0));
    object([("offset", offset), ("length", size), ("string", text), ("captures", groups)])
}

fn object<const N: usize>(pairs: [(&str, Val); N]) -> Val {
    let pairs = pairs.into_iter().map(|(k, v)| (Rc::new(k.to_owned()), v));
    Val::Obj(Rc::new(pairs.collect::<Object>()))
}

fn text_of(m: Option<Match>) -> Val {
    m.map_or(Val::Null, |m| string(m.as_str()))
}

fn named_groups(search: &Search, c: &Captures<str>) -> Val {
    let groups = search.regex.capture_names().enumerate();
    let named = groups.filter_map(|(i, name)| Some((Rc::new(name?.to_owned()), text_of(group(c, i)))));
    Val::Obj(Rc::new(named.collect::<Object>()))
}

/// The match, or its groups if it has any.
fn scanned(c: &Captures<str>) -> Val {
    match c.len() {
        1 => text_of(c.get(0)),
        groups => (1..groups).map(|i| text_of(group(c, i))).collect(),
    }
}

fn pieces(text: &str, all: &[Captures<str>]) -> Vec<Val> {
    let mut from = 0;
    let mut pieces = Vec::new();
    for m in all.iter().filter_map(|c| c.get(0)) {
        pieces.push(string(text.get(from..m.start()).unwrap_or("")));
        from = m.end();
    }
    pieces.push(string(text.get(from..).unwrap_or("")));
    pieces
}

/// `sub` and `gsub`: the n-th outputs of the replacement for all matches make the n-th result.
fn substitute<'a>(args: Args<'a>, cv: Cv<'a>, count: usize, extra: &'static str) -> ValRs<'a> {
    let expressions = arg(args, 0, cv.clone());
    Box::new(expressions.flat_map(move |re| {
        let re = match re {
            Ok(re) => re,
            Err(e) => return once(Err(e)),
        };
        let flags: ValRs<'a> = match count {
            3 => arg(args, 2, cv.clone()),
            _ => once(Ok(Val::Null)),
        };
        let cv = cv.clone();
        Box::new(flags.flat_map(move |flags| {
            let given = flags.map(|flags| (re.clone(), with_flag(flags, extra, Want::Match)));
            match given.and_then(|given| replaced(args, cv.clone(), given)) {
                Ok(results) => Box::new(results.into_iter().map(Ok)) as ValRs<'a>,
                Err(e) => once(Err(e)),
            }
        }))
    }))
}

fn replaced<'a>(args: Args<'a>, cv: Cv<'a>, given: (Val, Val)) -> Result<Vec<Val>, Error> {
    let text = subject(&cv.1)?;
    let search = search(given, &text)?;
    let mut results: Vec<Val> = Vec::new();
    let mut from = 0;
    for c in &captures(&search, &text)? {
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
                *result = add(so_far, add(string(gap), insert?)?)?;
            }
        }
    }
    // Without a match, and without a replacement of any, the text stays.
    if results.is_empty() {
        return Ok(vec![cv.1]);
    }
    let tail = string(text.get(from..).unwrap_or(""));
    results.into_iter().map(|r| add(r, tail.clone())).collect()
}
