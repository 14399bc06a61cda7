//! Values as text.

use std::fmt::Write as _;
use std::rc::Rc;

use jaq_interpret::{Error, Val};

use super::memory::{self, MAX_TEXT};
use super::value::EXACT;

/// The value as compact JSON with jq's numbers.
///
/// # Errors
/// When it is too long: what is shared within the value is written each time.
pub(super) fn dump(v: &Val) -> Result<String, Error> {
    let mut out = String::new();
    dump_into(v, &mut out, MAX_TEXT);
    memory::text(out.len())?;
    Ok(out)
}

/// The beginning of the JSON, at least `bytes` of it if it is that long.
pub(super) fn dump_start(v: &Val, bytes: usize) -> String {
    let mut out = String::new();
    dump_into(v, &mut out, bytes);
    out
}

/// Writes until the text is longer than `limit`.
fn dump_into(v: &Val, out: &mut String, limit: usize) {
    if out.len() > limit {
        return;
    }
    match v {
        Val::Null => out.push_str("null"),
        Val::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Val::Int(i) => {
            // Writing into a string cannot fail.
            let _ = write!(out, "{i}");
        }
        Val::Float(f) => out.push_str(&float_text(*f)),
        Val::Num(n) => out.push_str(n),
        Val::Str(s) => dump_string(s, out),
        Val::Arr(a) => {
            out.push('[');
            for (i, v) in a.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                dump_into(v, out, limit);
                if out.len() > limit {
                    return;
                }
            }
            out.push(']');
        }
        Val::Obj(o) => {
            out.push('{');
            for (i, (k, v)) in o.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                dump_string(k, out);
                out.push(':');
                dump_into(v, out, limit);
                if out.len() > limit {
                    return;
                }
            }
            out.push('}');
        }
    }
}

fn dump_string(s: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (i, b) in s.bytes().enumerate() {
        let escape = match b {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\t' => "\\t",
            b'\r' => "\\r",
            0x8 => "\\b",
            0xc => "\\f",
            0..0x20 | 0x7f => "",
            _ => continue,
        };
        out.push_str(s.get(from..i).unwrap_or(""));
        out.push_str(escape);
        if escape.is_empty() {
            let _ = write!(out, "\\u{b:04x}");
        }
        from = i.saturating_add(1);
    }
    out.push_str(s.get(from..).unwrap_or(""));
    out.push('"');
}

/// A double as jq prints it: `1.0` as read, else the shortest digits that give the same double,
/// with an exponent where more than 15 zeros would follow them, or more than 3 precede them.
pub(super) fn float_text(f: f64) -> String {
    if f.is_nan() {
        return "null".to_owned();
    }
    let f = f.clamp(-f64::MAX, f64::MAX);
    if f == 0.0 {
        return if f.is_sign_negative() { "-0" } else { "0.0" }.to_owned();
    }
    let scientific = format!("{f:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if exponent < -4 || exponent.saturating_sub(14) > i32::try_from(digits).unwrap_or(17) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let plain = f.to_string();
    let came_in_as_fraction = f.fract() == 0.0 && f.abs() <= EXACT;
    if came_in_as_fraction { format!("{plain}.0") } else { plain }
}

/// The text that string interpolation gives.
///
/// # Errors
/// As `dump`.
pub(super) fn to_text(v: &Val) -> Result<Rc<String>, Error> {
    match v {
        Val::Str(s) => Ok(Rc::clone(s)),
        other => dump(other).map(Rc::new),
    }
}
