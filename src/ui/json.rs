//! What is written of a document: JSON, through the filter where there is one.

use super::shown::{BOLD, BOLD_BLUE, BOLD_GREY, GREEN, PLAIN, Shown};
use crate::error::{Code, Error};
use crate::jq::{Filter, RunError};
use serde_json::Value;

/// How documents are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Several lines that are good to read.
    pub(super) pretty: bool,
    /// In colours.
    pub(super) color: bool,
    /// For a terminal, which would act on some characters.
    pub(super) terminal: bool,
}

/// A filter on the document, with what `--exit-status` asks.
#[derive(Debug)]
pub struct OutputFilter {
    /// The compiled `--jq`.
    pub filter: Filter,
    /// Whether the last output decides about the exit code.
    pub exit_status: bool,
}

impl OutputFilter {
    /// Writes the filter's outputs for a document; whether the last one was neither `false` nor `null`,
    /// and how the filter halted, if it did.
    pub(super) fn push(
        &self,
        document: Value,
        text: &mut String,
        look: Look,
    ) -> anyhow::Result<(Option<bool>, Option<Halted>)> {
        let mut last = None;
        let mut failed = Ok(());
        let ran = self.filter.run(document, &mut |value| {
            last = Some(!matches!(value, Value::Null | Value::Bool(false)));
            if failed.is_ok() {
                // As with `jq -r`: a string is printed as it is.
                match &value {
                    Value::String(raw) => {
                        match look.terminal {
                            true => text.push_str(Shown::from(raw).as_str()),
                            false => text.push_str(raw),
                        }
                        text.push('\n');
                    }
                    other => failed = push_json(text, other, look),
                }
            }
        });
        match ran {
            Ok(()) => failed.map(|()| (last, None)),
            Err(RunError::Halted { code, message }) => {
                failed.map(|()| (last, Some(Halted { code, message })))
            }
            Err(error) => Err(Error::new(Code::Jq, format!("the --jq filter failed: {error}")).into()),
        }
    }
}

/// The end of the run that a filter asked for with `halt` or `halt_error`: no error, but no result
/// of the command either.
#[derive(Debug)]
pub struct Halted {
    code: i64,
    message: Option<Value>,
}

impl Halted {
    /// The process's exit code: the lowest byte of the status, as jq's is.
    pub fn exit_code(&self) -> u8 {
        (self.code & 0xff) as u8
    }

    /// What goes to stderr: a string as it is, any other value as JSON and a newline, null not at all.
    pub(super) fn text(&self) -> String {
        match &self.message {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => format!("{other}\n"),
        }
    }
}

impl std::fmt::Display for Halted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the --jq filter halted with status {}", self.code)
    }
}

impl std::error::Error for Halted {}

/// A value as a line, or as several that are good to read.
pub(super) fn push_json(text: &mut String, value: &Value, look: Look) -> anyhow::Result<()> {
    let json = if look.pretty { serde_json::to_string_pretty(value)? } else { serde_json::to_string(value)? };
    match look {
        Look { color: true, .. } => text.push_str(coloured(&json).as_str()),
        Look { terminal: true, .. } => text.push_str(Shown::from(&json).as_str()),
        _ => text.push_str(&json),
    }
    text.push('\n');
    Ok(())
}

/// JSON in the colours of jq.
fn coloured(json: &str) -> Shown {
    let mut shown = Shown::new(true);
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => text_length(rest),
            '{' | '}' | '[' | ']' => 1,
            'n' => "null".len(),
            _ => rest.find(['"', '{', '}', '[', ']', 'n']).unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let style = match first {
            '"' if behind.starts_with(':') => BOLD_BLUE,
            '"' => GREEN,
            '{' | '}' | '[' | ']' => BOLD,
            'n' => BOLD_GREY,
            _ => PLAIN,
        };
        shown = shown.with(style, token);
        rest = behind;
    }
    shown
}

/// The length of the JSON string that something begins with, both quotation marks included.
fn text_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end.saturating_add(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: &Value, look: Look) -> String {
        let mut text = String::new();
        push_json(&mut text, value, look).unwrap();
        text
    }

    #[test]
    fn each_part_has_one_colour_and_the_rest_is_the_same_json() {
        let value = json!({"a\"": [null, "n:\\", -1.5e300, true, {}, []], "null": "\u{1b}[2J\u{9b}\u{202e}"});
        let plain = Look { pretty: false, color: false, terminal: false };
        assert_eq!(
            written(&value, Look { color: true, ..plain }),
            "\x1b[1m{\x1b[0m\x1b[1;34m\"a\\\"\"\x1b[0m:\x1b[1m[\x1b[0m\x1b[1;90mnull\x1b[0m,\x1b[32m\"n:\\\\\"\x1b[0m,\
             -1.5e+300,true,\x1b[1m{\x1b[0m\x1b[1m}\x1b[0m,\x1b[1m[\x1b[0m\x1b[1m]\x1b[0m\x1b[1m]\x1b[0m,\
             \x1b[1;34m\"null\"\x1b[0m:\x1b[32m\"\\u001b[2J\\u009b\\u202e\"\x1b[0m\x1b[1m}\x1b[0m\n"
        );
        for pretty in [false, true] {
            let look = Look { pretty, ..plain };
            let mut without = written(&value, Look { color: true, ..look });
            for style in ["0", BOLD, BOLD_BLUE, GREEN, BOLD_GREY] {
                without = without.replace(&format!("\x1b[{style}m"), "");
            }
            assert_eq!(without, written(&value, Look { terminal: true, ..look }));
            assert_eq!(serde_json::from_str::<Value>(&without).unwrap(), value);
        }
    }
}
