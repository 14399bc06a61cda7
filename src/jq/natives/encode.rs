//! `@csv`, `@html`, `@base64` and the other formats.

use std::fmt::Write as _;

use jaq_interpret::{Val, ValR};

use super::{Spec, fail, memory, named, once, text, unary};
use crate::jq::text::{dump, to_text};
use crate::jq::value::{is_number, string};

pub(super) const TABLE: &[Spec] = &[
    Spec::value("@text", "", |_, cv| once(by_name(&cv.1, "text"))),
    Spec::value("@json", "", |_, cv| once(by_name(&cv.1, "json"))),
    Spec::value("@csv", "", |_, cv| once(by_name(&cv.1, "csv"))),
    Spec::value("@tsv", "", |_, cv| once(by_name(&cv.1, "tsv"))),
    Spec::value("@html", "", |_, cv| once(by_name(&cv.1, "html"))),
    Spec::value("@uri", "", |_, cv| once(by_name(&cv.1, "uri"))),
    Spec::value("@urid", "", |_, cv| once(by_name(&cv.1, "urid"))),
    Spec::value("@sh", "", |_, cv| once(by_name(&cv.1, "sh"))),
    Spec::value("@base64", "", |_, cv| once(by_name(&cv.1, "base64"))),
    Spec::value("@base64d", "", |_, cv| once(by_name(&cv.1, "base64d"))),
    Spec::value("@base32", "", |_, cv| once(by_name(&cv.1, "base32"))),
    Spec::value("@base32d", "", |_, cv| once(by_name(&cv.1, "base32d"))),
    Spec::value("format", "v", |args, cv| {
        unary(args, cv, |v, name| match &name {
            Val::Str(s) => by_name(v, s),
            other => fail(format!("{} is not a valid format", named(other))),
        })
    }),
    Spec::value("%badformat", "v", |args, cv| {
        unary(args, cv, |_, name| fail(format!("{} is not a valid format", to_text(&name)?)))
    }),
];

fn by_name(v: &Val, name: &str) -> ValR {
    match name {
        "text" => to_text(v).map(Val::Str),
        "json" => dump(v).map(string),
        "csv" => row(v, "csv", ",", csv_cell),
        "tsv" => row(v, "tsv", "\t", tsv_cell),
        "html" => text(html(&to_text(v)?)),
        "uri" => text(uri(&to_text(v)?)),
        "urid" => uri_decode(&to_text(v)?),
        "sh" => shell(v),
        "base64" => text(encode(to_text(v)?.as_bytes(), BASE64, 6)),
        "base64d" => decoded(v, BASE64, 6, "base64"),
        "base32" => text(encode(to_text(v)?.as_bytes(), BASE32, 5)),
        "base32d" => decoded(v, BASE32, 5, "base32"),
        other => fail(format!("{other} is not a valid format")),
    }
}

fn row(v: &Val, name: &str, between: &str, cell: fn(&str, &mut String)) -> ValR {
    let Val::Arr(cells) = v else {
        return fail(format!("{} cannot be {name}-formatted, only array", named(v)));
    };
    let mut out = String::new();
    for (i, v) in cells.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        match v {
            Val::Null => {}
            Val::Bool(_) => out.push_str(&dump(v)?),
            n if is_number(n) => out.push_str(&dump(n)?),
            Val::Str(s) => cell(s, &mut out),
            other => return fail(format!("{} is not valid in a csv row", named(other))),
        }
        if out.len() > memory::MAX_TEXT {
            break;
        }
    }
    text(out)
}

fn csv_cell(s: &str, out: &mut String) {
    out.push('"');
    out.push_str(&s.replace('"', "\"\""));
    out.push('"');
}

/// Copies `s`, with a string in place of some characters.
fn replace(s: &str, out: &mut String, text: fn(char) -> Option<&'static str>) {
    for c in s.chars() {
        match text(c) {
            Some(text) => out.push_str(text),
            None => out.push(c),
        }
    }
}

fn tsv_cell(s: &str, out: &mut String) {
    replace(s, out, |c| match c {
        '\t' => Some("\\t"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\\' => Some("\\\\"),
        _ => None,
    });
}

fn html(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    replace(s, &mut out, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '\'' => Some("&apos;"),
        '"' => Some("&quot;"),
        _ => None,
    });
    out
}

fn uri(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for b in s.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(b));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

fn uri_decode(s: &str) -> ValR {
    let invalid = || {
        let v = string(s);
        fail(format!("{} is not a valid uri encoding", named(&v)))
    };
    let mut bytes = Vec::with_capacity(s.len());
    let mut rest = s.bytes();
    while let Some(b) = rest.next() {
        if b != b'%' {
            bytes.push(b);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return invalid();
        };
        // Two hexadecimal digits fit into a byte.
        bytes.push((high << 4 | low) as u8);
    }
    String::from_utf8(bytes).map_or_else(|_| invalid(), |text| Ok(string(text)))
}

fn shell(v: &Val) -> ValR {
    let word = |v: &Val| match v {
        Val::Str(s) => Ok(format!("'{}'", s.replace('\'', "'\\''"))),
        Val::Arr(_) | Val::Obj(_) => fail(format!("{} can not be escaped for shell", named(v))),
        other => dump(other),
    };
    let Val::Arr(words) = v else {
        return text(word(v)?);
    };
    let mut out = String::new();
    for (i, v) in words.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(&word(v)?);
        if out.len() > memory::MAX_TEXT {
            break;
        }
    }
    text(out)
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in an alphabet of `bits` bits a character, padded with `=`.
fn encode(bytes: &[u8], alphabet: &[u8], bits: u32) -> String {
    // 3 bytes make 4 characters of base64, 5 make 8 of base32.
    let (group, width) = if bits == 6 { (3, 4) } else { (5, 8) };
    let mut out = String::with_capacity(bytes.len().div_ceil(group).saturating_mul(width));
    for chunk in bytes.chunks(group) {
        let mut first = [0; 8];
        first.iter_mut().zip(chunk).for_each(|(slot, b)| *slot = *b);
        let mut held = u64::from_be_bytes(first);
        for _ in 0..chunk.len().saturating_mul(8).div_ceil(bits as usize) {
            held = held.rotate_left(bits);
            let index = held & !(u64::MAX << bits);
            out.extend(alphabet.get(index as usize).map(|c| char::from(*c)));
        }
    }
    while !out.len().is_multiple_of(width) {
        out.push('=');
    }
    out
}

/// Text of that alphabet up to the padding; bytes that are no UTF-8 become replacement characters.
fn decoded(v: &Val, alphabet: &[u8], bits: u32, name: &str) -> ValR {
    let given = to_text(v)?;
    let invalid = || fail(format!("{} is not valid {name} data", named(&string(&**given))));
    let digits = given.split('=').next().unwrap_or("");
    let mut bytes = Vec::with_capacity(digits.len());
    for group in digits.as_bytes().chunks(if bits == 6 { 4 } else { 8 }) {
        let (mut held, mut count) = (0u64, 0u32);
        for b in group {
            let Some(value) = alphabet.iter().position(|a| a == b) else {
                return invalid();
            };
            held = held << bits | value as u64;
            count = count.saturating_add(bits);
        }
        // What is no whole byte is shorter than a character unless a character is left over.
        if count % 8 >= bits {
            return fail(format!("{} trailing {name} byte found", named(&string(&**given))));
        }
        bytes.extend(held.rotate_right(count).to_be_bytes().iter().take(count as usize / 8));
    }
    Ok(string(String::from_utf8_lossy(&bytes)))
}
