//! What every code means, why it occurs and what to do: of errors and of findings. Data; no I/O.

mod errors;
mod findings;

use crate::error::Code;
use crate::plan::RULES;
use crate::settings::precedence::{KeySource, Layer};
use schemars::JsonSchema;
use serde::Serialize;

/// What carries a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The error that a command ended with.
    Error,
    /// What a check says about a plan.
    Finding,
}

/// A plan, or a part of one, that has a finding, and one without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Example {
    /// With it.
    pub bad: &'static str,
    /// Without it.
    pub good: &'static str,
}

/// A code explained.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Entry {
    /// The stable word.
    pub code: &'static str,
    /// What carries it.
    pub kind: Kind,
    /// The exit code of an error; a finding has none of its own.
    pub exit_code: Option<u8>,
    /// What it says.
    pub meaning: &'static str,
    /// Why it occurs.
    pub cause: &'static str,
    /// What to do.
    pub what_to_do: &'static str,
    /// Where a setting or a key is looked for, of errors about them; the first that has one wins.
    pub order: Vec<&'static str>,
    /// Commands that help.
    pub commands: &'static [&'static str],
    /// An example, of most findings.
    pub example: Option<Example>,
}

/// What an error code's entry says besides the code.
struct About {
    meaning: &'static str,
    cause: &'static str,
    what_to_do: &'static str,
    commands: &'static [&'static str],
}

/// What a finding's entry says besides what [`RULES`] has.
struct Advice {
    code: &'static str,
    cause: &'static str,
    what_to_do: &'static str,
    /// Empty where an example would be too long to read.
    bad: &'static str,
    good: &'static str,
    /// Whether only the account shows it.
    live: bool,
}

/// Every entry: errors in the order of their exit codes, then findings by the alphabet. Two words are
/// both: `rt-not-enabled` and `unknown-column`.
pub fn entries() -> Vec<Entry> {
    let errors = Code::ALL.into_iter().map(|code| {
        let About { meaning, cause, what_to_do, commands } = errors::about(code);
        let (word, exit_code) = (code.as_str(), Some(code.exit_code()));
        let (kind, order) = (Kind::Error, order(code));
        Entry { code: word, kind, exit_code, meaning, cause, what_to_do, order, commands, example: None }
    });
    let findings = RULES.into_iter().filter_map(|(code, meaning)| {
        let advice = findings::all().find(|advice| advice.code == code)?;
        let Advice { cause, what_to_do, bad, good, live, .. } = *advice;
        let commands: &[&str] = match live {
            true => &["tdx-rt validate --live plan.yaml"],
            false => &["tdx-rt validate plan.yaml"],
        };
        let example = (!bad.is_empty()).then_some(Example { bad, good });
        let kind = Kind::Finding;
        let order = Vec::new();
        Some(Entry { code, kind, exit_code: None, meaning, cause, what_to_do, order, commands, example })
    });
    let mut errors: Vec<Entry> = errors.collect();
    errors.sort_by_key(|entry| entry.exit_code);
    errors.into_iter().chain(findings).collect()
}

fn order(code: Code) -> Vec<&'static str> {
    match code {
        Code::BadSetting => Layer::ALL.map(Layer::about).into(),
        Code::Auth => KeySource::ALL.map(KeySource::about).into(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_and_nothing_else() {
        let all = entries();
        assert_eq!(all.len(), Code::ALL.len() + RULES.len());
        assert_eq!(findings::all().count(), RULES.len(), "each finding once");
        for entry in &all {
            for text in [entry.meaning, entry.cause, entry.what_to_do] {
                assert!(text.len() > 10 && !text.ends_with('.'), "{}: {text}", entry.code);
            }
            assert!(entry.commands.iter().all(|command| command.starts_with("tdx-rt ")), "{}", entry.code);
        }
    }

    #[test]
    fn examples_are_left_out_only_where_they_are_long() {
        let without: Vec<&str> = findings::all().filter(|f| f.bad.is_empty()).map(|f| f.code).collect();
        assert_eq!(without, ["limit-exceeded", "many-attributes", "too-large"]);
    }
}
