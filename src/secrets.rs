//! The one filter that knows the credentials in use: it finds them, and parts of them, in a string, and takes
//! them out of what people see.

use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::ops::Range;

/// Characters of a credential that count as one in any place; of a shorter one only the whole counts.
const PART: usize = 12;
/// Shorter strings are no secrets, but may be words.
const SHORTEST: usize = 8;
/// What stands in place of a credential.
const HIDDEN: &str = "****";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

type Part = [u8; PART];

/// Credentials, in the forms in which they may stand in a string: as they are in either case, percent-encoded,
/// and in base64 at any offset.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Those that are too short to have parts, in lower case.
    short: Vec<Vec<u8>>,
    /// The parts of the others in lower case, and whether the part alone is as secret as the whole: the head
    /// of a JSON web token and the number of an account are not.
    plain: HashMap<Part, bool>,
    /// The same of their base64.
    base64: HashMap<Part, bool>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl FromIterator<SecretString> for Secrets {
    fn from_iter<T: IntoIterator<Item = SecretString>>(secrets: T) -> Self {
        let mut all = Secrets::default();
        secrets.into_iter().for_each(|secret| all.add(&secret));
        all
    }
}

impl Secrets {
    /// One more.
    pub fn add(&mut self, secret: &SecretString) {
        let secret = secret.expose_secret().trim();
        if secret.len() < PART {
            self.short.extend((!secret.is_empty()).then(|| secret.to_ascii_lowercase().into_bytes()));
            return;
        }
        let from = secret_from(secret);
        add_parts(&mut self.plain, secret.to_ascii_lowercase().as_bytes(), from);
        for shift in 0..3 {
            let (encoded, begins) = base64(secret.as_bytes(), shift, from);
            add_parts(&mut self.base64, &encoded, begins);
        }
    }

    /// The string with every credential taken out, and every part of one.
    pub fn hide(&self, text: &str) -> String {
        let mut ranges = self.found(text, false);
        let short = self.short.iter().filter(|secret| secret.len() >= SHORTEST);
        let lower = text.to_ascii_lowercase();
        for secret in short.filter_map(|secret| std::str::from_utf8(secret).ok()) {
            ranges.extend(lower.match_indices(secret).map(|(at, found)| at..at.saturating_add(found.len())));
        }
        ranges.sort_by_key(|range| range.start);
        let (mut hidden, mut end) = (String::with_capacity(text.len()), 0);
        for range in ranges {
            if range.start > end || end == 0 {
                hidden.push_str(text.get(end..range.start).unwrap_or_default());
                hidden.push_str(HIDDEN);
            }
            end = end.max(range.end);
        }
        hidden.push_str(text.get(end..).unwrap_or_default());
        hidden
    }

    /// Whether the string has a credential in it, or enough of one.
    pub fn are_in(&self, text: &str) -> bool {
        let whole = text.trim().to_ascii_lowercase().into_bytes();
        self.short.contains(&whole) || !self.found(text, true).is_empty()
    }

    /// Where parts stand; those that are not secret by themselves may be left out.
    fn found(&self, text: &str, only_secret: bool) -> Vec<Range<usize>> {
        if self.plain.is_empty() {
            return Vec::new();
        }
        let mut found = self.found_in(&decoded(text), only_secret);
        // A percent sign may stand before a part by chance.
        if text.contains('%') {
            let as_it_is: Vec<_> =
                text.bytes().enumerate().map(|(at, byte)| (byte, at..at.saturating_add(1))).collect();
            found.extend(self.found_in(&as_it_is, only_secret));
        }
        found
    }

    fn found_in(&self, text: &[(u8, Range<usize>)], only_secret: bool) -> Vec<Range<usize>> {
        let lower: Vec<u8> = text.iter().map(|(byte, _)| byte.to_ascii_lowercase()).collect();
        let as_base64: Vec<u8> = text
            .iter()
            .map(|(byte, _)| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .collect();
        let mut found = Vec::new();
        for (bytes, parts) in [(&lower, &self.plain), (&as_base64, &self.base64)] {
            for (at, part) in bytes.windows(PART).enumerate() {
                if parts.get(part).is_some_and(|is_secret| *is_secret || !only_secret)
                    && let Some([(_, first), .., (_, last)]) =
                        text.get(at..).and_then(|rest| rest.get(..PART))
                {
                    found.push(first.start..last.end);
                }
            }
        }
        found
    }
}

/// The bytes of a string without percent-encoding and escaped slashes, and where each stands.
fn decoded(text: &str) -> Vec<(u8, Range<usize>)> {
    let bytes = text.as_bytes();
    let digits = |at: usize| u8::from_str_radix(text.get(at..)?.get(1..3)?, 16).ok();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0_usize;
    while let Some(rest @ [first, ..]) = bytes.get(at..) {
        let (byte, length) = match rest {
            [b'%', ..] => digits(at).map_or((b'%', 1), |byte| (byte, 3)),
            [b'\\', b'/', ..] => (b'/', 2),
            _ => (*first, 1),
        };
        let end = at.saturating_add(length);
        decoded.push((byte, at..end));
        at = end;
    }
    decoded
}

/// Where the part of a credential begins that is secret by itself.
fn secret_from(secret: &str) -> usize {
    let separator = if secret.starts_with("eyJ") { '.' } else { '/' };
    let last = secret.rsplit(separator).next().map_or(0, str::len);
    if last >= PART { secret.len().saturating_sub(last) } else { 0 }
}

/// Every part; what begins before `from` is not secret by itself.
fn add_parts(parts: &mut HashMap<Part, bool>, bytes: &[u8], from: usize) {
    for (at, part) in bytes.windows(PART).enumerate() {
        if let Ok(part) = part.try_into() {
            *parts.entry(part).or_default() |= at >= from;
        }
    }
}

/// The base64 of a string behind `shift` other bytes, as far as the string alone decides it, and where in it
/// the byte `from` begins.
#[expect(clippy::arithmetic_side_effects, reason = "the bits of a credential, which is in memory")]
fn base64(text: &[u8], shift: usize, from: usize) -> (Vec<u8>, usize) {
    let (first, end) = ((shift * 8).div_ceil(6), (shift + text.len()) * 8 / 6);
    let bit = |bit: usize| {
        let byte = (bit / 8).checked_sub(shift).and_then(|at| text.get(at)).copied().unwrap_or_default();
        usize::from(byte >> (7 - bit % 8) & 1)
    };
    let digit = |at: usize| (0..6).fold(0, |digit, more| digit << 1 | bit(at * 6 + more));
    let encoded = (first..end).filter_map(|at| BASE64.get(digit(at)).copied()).collect();
    (encoded, ((shift + from) * 8).div_ceil(6) - first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "7/c4a4a4cafe0123456789c4a4a4cafe0123456789";

    fn of(secret: &str) -> Secrets {
        [SecretString::from(secret)].into_iter().collect()
    }

    #[test]
    fn a_credential_is_found_in_every_form_and_nothing_else_is() {
        let secrets = of(KEY);
        let base64_of = |text: &str| String::from_utf8(base64(text.as_bytes(), 0, 0).0).unwrap();
        let all: String = KEY.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for form in [
            KEY.to_owned(),
            KEY.to_uppercase(),
            KEY.replace('/', "%2F"),
            KEY.replace('/', r"\/"),
            all,
            base64_of(KEY),
            base64_of(&format!("TD1 {KEY}")),
            base64_of(&format!("x{KEY}")).replace('+', "-").replace('/', "_"),
        ] {
            let text = format!("é <{form}> {form}");
            let hidden = secrets.hide(&text);
            assert!(secrets.are_in(&text) && hidden.starts_with("é <") && hidden.contains("****"), "{form}");
            for part in form.as_bytes().windows(18) {
                assert!(!hidden.contains(std::str::from_utf8(part).unwrap()), "{form}: {hidden}");
            }
        }
        for part in KEY.as_bytes().windows(PART) {
            let part = std::str::from_utf8(part).unwrap();
            assert_eq!(secrets.hide(&format!("<{part}>")), "<****>");
            // The percent sign is not of an encoding then.
            assert_eq!(secrets.hide(&format!("<%{part}>")), "<%****>");
            for before in ["", "x", "xy"] {
                assert!(secrets.hide(&base64_of(&format!("{before}{part}z"))).contains("****"), "{part}");
            }
        }
        assert_eq!(secrets.hide(&format!("{KEY}, {KEY}")), "****, ****");
        for other in ["", "c4a4a4cafe0", "7/****6789", "%", "%é%zz%4", "/audiences/42", "0123456789x"] {
            assert!(secrets.hide(other) == other && !secrets.are_in(other), "{other}");
        }
        assert_eq!(Secrets::default().hide(KEY), KEY);
    }

    #[test]
    fn short_ones_are_taken_out_whole_and_words_are_left() {
        let secrets = of("abcd-1234");
        assert_eq!(secrets.hide("x=ABCD-1234;"), "x=****;");
        assert!(secrets.are_in(" abcd-1234 ") && !secrets.are_in("x=abcd-1234"));
        assert!(of("abc").are_in("abc") && of("abc").hide("abc") == "abc");
    }

    #[test]
    fn another_token_with_the_same_head_is_not_this_one() {
        let secrets = of("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJtZSJ9.abcdefghijklmnopqrstuvwxyz0123456789");
        let other = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJtZSJ9.ZYXWVUTSRQPONMLKJIHGFEDCBA";
        assert!(!secrets.are_in(other) && secrets.are_in("x.abcdefghijklmnopqrst"));
        assert_eq!(secrets.hide(other), "****ZYXWVUTSRQPONMLKJIHGFEDCBA");
    }
}
