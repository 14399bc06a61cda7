//! Strings: building, cutting, searching; and building objects, which works alike.

use std::rc::Rc;

use jaq_interpret::{Args, RunPtr, Val, ValR, ValRs};

use super::{Cv, Spec, arg, charge, collected, fail, memory, named, none, once, unary};
use crate::jq::convert::from_number;
use crate::jq::text::to_text;
use crate::jq::value::{Object, as_f64, equal, is_number, length, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("utf8bytelength", "", |_, cv| {
        once(match &cv.1 {
            Val::Str(s) => Ok(length(s.len())),
            other => fail(format!("{} only strings have UTF-8 byte length", named(other))),
        })
    }),
    Spec::value("explode", "", |_, cv| once(explode(&cv.1))),
    Spec::value("implode", "", |_, cv| once(implode(&cv.1))),
    Spec::value("ascii_downcase", "", |_, cv| once(mapped(cv.1, "explode", |s| s.to_ascii_lowercase()))),
    Spec::value("ascii_upcase", "", |_, cv| once(mapped(cv.1, "explode", |s| s.to_ascii_uppercase()))),
    Spec::value("trim", "", |_, cv| once(mapped(cv.1, "trim", |s| s.trim().to_owned()))),
    Spec::value("ltrim", "", |_, cv| once(mapped(cv.1, "trim", |s| s.trim_start().to_owned()))),
    Spec::value("rtrim", "", |_, cv| once(mapped(cv.1, "trim", |s| s.trim_end().to_owned()))),
    Spec::value("startswith", "v", |args, cv| {
        unary(args, cv, |v, s| strings(v, &s, "startswith").map(|(v, s)| Val::Bool(v.starts_with(s))))
    }),
    Spec::value("endswith", "v", |args, cv| {
        unary(args, cv, |v, s| strings(v, &s, "endswith").map(|(v, s)| Val::Bool(v.ends_with(s))))
    }),
    Spec::value("ltrimstr", "v", |args, cv| {
        unary(args, cv, |v, s| {
            let (text, s) = strings(v, &s, "startswith")?;
            Ok(text.strip_prefix(s).map_or_else(|| v.clone(), string))
        })
    }),
    Spec::value("rtrimstr", "v", |args, cv| {
        unary(args, cv, |v, s| {
            let (text, s) = strings(v, &s, "endswith")?;
            Ok(text.strip_suffix(s).map_or_else(|| v.clone(), string))
        })
    }),
    Spec::value("trimstr", "v", |args, cv| {
        unary(args, cv, |v, s| {
            let (text, s) = strings(v, &s, "startswith")?;
            let text = text.strip_prefix(s).unwrap_or(text);
            Ok(string(text.strip_suffix(s).unwrap_or(text)))
        })
    }),
    Spec::value("split", "v", |args, cv| {
        unary(args, cv, |v, by| match (v, &by) {
            (Val::Str(s), Val::Str(by)) => split(s, by),
            _ => fail("split input and separator must be strings"),
        })
    }),
    Spec::value("join", "v", |args, cv| unary(args, cv, |v, by| join(v, &by))),
    Spec::value("indices", "v", |args, cv| unary(args, cv, |v, w| indices(v, &w))),
    Spec::value("tonumber", "", |_, cv| once(to_number(cv.1))),
    Spec::value("toboolean", "", |_, cv| {
        once(match &cv.1 {
            Val::Bool(_) => Ok(cv.1),
            Val::Str(s) if s.as_str() == "true" => Ok(Val::Bool(true)),
            Val::Str(s) if s.as_str() == "false" => Ok(Val::Bool(false)),
            other => fail(format!("{} cannot be parsed as a boolean", named(other))),
        })
    }),
    Spec::value("ascii", "", |_, cv| {
        once(match as_f64(&cv.1) {
            // jq's table has these characters only; a cast cuts to an integer.
            Some(f) if (0.0..128.0).contains(&f) => Ok(string(char::from(f as u8))),
            _ => fail(format!("{} is no ASCII code", named(&cv.1))),
        })
    }),
];

/// The native for a string of `parts` pieces.
pub(in crate::jq) fn cat_native(parts: usize) -> RunPtr<Val> {
    match parts {
        1 => |args, cv| cat(args, cv, 1),
        2 => |args, cv| cat(args, cv, 2),
        3 => |args, cv| cat(args, cv, 3),
        4 => |args, cv| cat(args, cv, 4),
        5 => |args, cv| cat(args, cv, 5),
        6 => |args, cv| cat(args, cv, 6),
        7 => |args, cv| cat(args, cv, 7),
        _ => |args, cv| cat(args, cv, 8),
    }
}

/// Pieces joined to a string; with several outputs, the last piece is the outer loop.
fn cat<'a>(args: Args<'a>, cv: Cv<'a>, parts: usize) -> ValRs<'a> {
    cat_before(args, parts, cv, Vec::new())
}

fn cat_before<'a>(args: Args<'a>, left: usize, cv: Cv<'a>, done: Vec<Rc<String>>) -> ValRs<'a> {
    let Some(index) = left.checked_sub(1) else {
        let len = done.iter().map(|s| s.len()).sum();
        return once(memory::text(len).map(|()| {
            let mut text = String::with_capacity(len);
            done.iter().rev().for_each(|s| text.push_str(s));
            string(text)
        }));
    };
    let mut outputs = arg(args, index, cv.clone());
    let more = move |v: ValR, done: &[Rc<String>], cv: Cv<'a>| match v.and_then(|v| to_text(&v)) {
        Ok(text) => {
            let mut done = done.to_vec();
            done.push(text);
            cat_before(args, index, cv, done)
        }
        Err(e) => once(Err(e)),
    };
    match outputs.next() {
        None => none(),
        Some(first) if super::ended(&outputs) => more(first, &done, cv),
        Some(first) => {
            let all = std::iter::once(first).chain(outputs);
            Box::new(all.flat_map(move |v| more(v, &done, cv.clone())))
        }
    }
}

/// The native for an object of `pairs` keys and values.
pub(in crate::jq) fn object_native(pairs: usize) -> RunPtr<Val> {
    match pairs {
        1 => |args, cv| object(args, cv, 1),
        2 => |args, cv| object(args, cv, 2),
        3 => |args, cv| object(args, cv, 3),
        4 => |args, cv| object(args, cv, 4),
        5 => |args, cv| object(args, cv, 5),
        6 => |args, cv| object(args, cv, 6),
        7 => |args, cv| object(args, cv, 7),
        _ => |args, cv| object(args, cv, 8),
    }
}

fn object<'a>(args: Args<'a>, cv: Cv<'a>, pairs: usize) -> ValRs<'a> {
    let map = Object::with_capacity_and_hasher(pairs, Default::default());
    object_from(args, (0, pairs), cv, map)
}

/// Adds the pairs from `at` on; the first key is the outermost loop.
fn object_from<'a>(args: Args<'a>, (at, pairs): (usize, usize), cv: Cv<'a>, mut map: Object) -> ValRs<'a> {
    for at in at..pairs {
        let mut keys = arg(args, at << 1, cv.clone());
        let key = match keys.next() {
            None => return none(),
            Some(Err(e)) => return once(Err(e)),
            Some(Ok(key)) => key,
        };
        let mut values = arg(args, at << 1 | 1, cv.clone());
        let value = match values.next() {
            None if super::ended(&keys) => return none(),
            first => first,
        };
        if !super::ended(&keys) || !super::ended(&values) {
            let keys = std::iter::once(Ok(key)).chain(keys);
            return Box::new(
                keys.flat_map(move |key| object_values(args, (at, pairs), cv.clone(), map.clone(), key)),
            );
        }
        // One key and one value, the usual case: no copy of the map.
        match (object_key(key), value) {
            (Ok(key), Some(Ok(value))) => {
                map.insert(key, value);
            }
            (Err(e), _) => return once(Err(e)),
            (_, Some(Err(e))) => return once(Err(e)),
            (_, None) => return none(),
        }
    }
    once(
        charge(map.len().saturating_mul(size_of::<[Val; 2]>()))
            .and_then(|()| memory::container(Val::Obj(Rc::new(map)))),
    )
}

fn object_values<'a>(
    args: Args<'a>,
    (at, pairs): (usize, usize),
    cv: Cv<'a>,
    map: Object,
    key: ValR,
) -> ValRs<'a> {
    let key = match key.and_then(object_key) {
        Ok(key) => key,
        Err(e) => return once(Err(e)),
    };
    let values = arg(args, at << 1 | 1, cv.clone());
    Box::new(values.flat_map(move |value| match value {
        Ok(value) => {
            let mut map = map.clone();
            map.insert(Rc::clone(&key), value);
            object_from(args, (at.saturating_add(1), pairs), cv.clone(), map)
        }
        Err(e) => once(Err(e)),
    }))
}

fn object_key(key: Val) -> Result<Rc<String>, jaq_interpret::Error> {
    match key {
        Val::Str(k) => Ok(k),
        other => fail(format!("Cannot use {} as object key", named(&other))),
    }
}

fn strings<'v>(v: &'v Val, s: &'v Val, name: &str) -> Result<(&'v str, &'v str), jaq_interpret::Error> {
    match (v, s) {
        (Val::Str(v), Val::Str(s)) => Ok((v, s)),
        _ => fail(format!("{name}() requires string inputs")),
    }
}

fn mapped(v: Val, name: &str, f: fn(&str) -> String) -> ValR {
    match &v {
        Val::Str(s) => Ok(string(f(s))),
        _ => fail(format!("{name} input must be a string")),
    }
}

fn explode(v: &Val) -> ValR {
    match v {
        Val::Str(s) => collected(s.chars().map(|c| Ok(Val::Int(c as isize)))),
        _ => fail("explode input must be a string"),
    }
}

fn implode(v: &Val) -> ValR {
    let Val::Arr(codes) = v else {
        return fail("implode input must be an array");
    };
    let mut text = String::new();
    for code in codes.iter() {
        let Some(f) = as_f64(code).filter(|_| is_number(code)) else {
            let code = named(code);
            return fail(format!("{code} can't be imploded, unicode codepoint needs to be numeric"));
        };
        // A cast saturates; what is no character becomes the replacement character, as in jq.
        let c = u32::try_from(f as i64).ok().and_then(char::from_u32);
        text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    super::text(text)
}

/// `s / by`: nothing for an empty string, characters for an empty separator.
pub(super) fn split(s: &str, by: &str) -> ValR {
    match (s.is_empty(), by.is_empty()) {
        (true, _) => Ok(Val::Arr(Rc::default())),
        (_, true) => collected(s.chars().map(|c| Ok(string(c)))),
        _ => collected(s.split(by).map(|part| Ok(string(part)))),
    }
}

fn join(v: &Val, by: &Val) -> ValR {
    let items: Vec<&Val> = match v {
        Val::Arr(a) => a.iter().collect(),
        Val::Obj(o) => o.values().collect(),
        other => return fail(format!("Cannot iterate over {}", named(other))),
    };
    if items.is_empty() {
        return Ok(string(""));
    }
    let mut text = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            match by {
                Val::Str(by) => text.push_str(by),
                Val::Null => {}
                other => {
                    let left = named(&string(text));
                    return fail(format!("{left} and {} cannot be added", named(other)));
                }
            }
        }
        match item {
            Val::Null => {}
            Val::Arr(_) | Val::Obj(_) => {
                let left = named(&string(text));
                return fail(format!("{left} and {} cannot be added", named(item)));
            }
            other => text.push_str(&to_text(other)?),
        }
        if text.len() > memory::MAX_TEXT {
            break;
        }
    }
    super::text(text)
}

fn indices(v: &Val, wanted: &Val) -> ValR {
    match (v, wanted) {
        (Val::Null, _) => Ok(Val::Null),
        (Val::Str(s), Val::Str(w)) => string_indices(s, w),
        (Val::Arr(a), Val::Arr(w)) => Ok(super::index::array_indices(a, w)),
        (Val::Arr(a), w) => {
            Ok(a.iter().enumerate().filter(|(_, v)| equal(v, w)).map(|(i, _)| length(i)).collect())
        }
        _ => super::index::index(v, wanted),
    }
}

/// Positions in characters, overlapping ones too.
fn string_indices(s: &str, wanted: &str) -> ValR {
    let starts = s.char_indices().enumerate().filter(|(_, (at, _))| {
        !wanted.is_empty() && s.get(*at..).is_some_and(|rest| rest.starts_with(wanted))
    });
    collected(starts.map(|(place, _)| Ok(length(place))))
}

fn to_number(v: Val) -> ValR {
    match &v {
        n if is_number(n) => Ok(v),
        Val::Str(s) => match parse_number(s) {
            Some(n) => Ok(n),
            None => fail(format!("{} cannot be parsed as a number", named(&v))),
        },
        other => fail(format!("{} cannot be parsed as a number", named(other))),
    }
}

/// A number in the notation of jq's literals, with a sign; the words for what is no number and
/// for the infinities, in any case.
pub(super) fn parse_number(s: &str) -> Option<Val> {
    let digits = s.strip_prefix(['-', '+']).unwrap_or(s);
    match digits.to_ascii_lowercase().as_str() {
        "nan" | "snan" => return Some(Val::Float(f64::NAN)),
        "inf" | "infinity" => {
            let sign = if s.starts_with('-') { -1.0 } else { 1.0 };
            return Some(Val::Float(sign * f64::INFINITY));
        }
        _ => {}
    }
    let s = s.strip_prefix('+').unwrap_or(s);
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
    let starts = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !starts || !digits.bytes().all(plain) {
        return None;
    }
    if let Ok(n) = serde_json::from_str::<serde_json::Number>(s)
        && (n.is_i64() || n.is_u64())
    {
        return Some(from_number(&n));
    }
    // What is left has a fraction or an exponent, or more digits than 64 bits hold.
    match s.parse::<i128>() {
        Ok(i) => Some(Val::Num(Rc::new(i.to_string()))),
        Err(_) => s.parse().ok().map(Val::Float),
    }
}
