//! What is written of a document: JSON, through the filter where there is one.

use super::shown::{Shown, visible_json};
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
                // As with `jq -r`: a text is printed as it is.
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

    /// What goes to stderr: a text as it is, any other value as JSON and a newline, null not at all.
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
    use colored_json::{ColoredFormatter, CompactFormatter, PrettyFormatter};
    let line = match (look.pretty, look.color) {
        (true, true) => ColoredFormatter::new(PrettyFormatter::new())
            .to_colored_json(value, colored_json::ColorMode::On)?,
        (false, true) => {
            ColoredFormatter::new(CompactFormatter).to_colored_json(value, colored_json::ColorMode::On)?
        }
        (true, false) => serde_json::to_string_pretty(value)?,
        (false, false) => serde_json::to_string(value)?,
    };
    text.push_str(&if look.terminal { visible_json(&line) } else { line });
    text.push('\n');
    Ok(())
}
