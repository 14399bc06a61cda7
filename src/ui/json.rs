//! What is written of a document: JSON, through the filter where there is one.

use crate::error::{Code, Error};
use crate::jq::{Filter, RunError};
use serde_json::Value;

/// A filter on the document, with what `--exit-status` asks.
#[derive(Debug)]
pub struct OutputFilter {
    /// The compiled `--jq`.
    pub filter: Filter,
    /// Whether the last output decides about the exit code.
    pub exit_status: bool,
}

impl OutputFilter {
    /// Writes the filter's outputs for a document; whether the last one was neither `false` nor `null`.
    pub(super) fn push(
        &self,
        document: Value,
        text: &mut String,
        pretty: bool,
        color: bool,
    ) -> anyhow::Result<Option<bool>> {
        let mut last = None;
        let mut failed = Ok(());
        let ran = self.filter.run(document, &mut |value| {
            last = Some(!matches!(value, Value::Null | Value::Bool(false)));
            if failed.is_ok() {
                // As with `jq -r`: a text is printed as it is.
                match &value {
                    Value::String(raw) => {
                        text.push_str(raw);
                        text.push('\n');
                    }
                    other => failed = push_json(text, other, pretty, color),
                }
            }
        });
        match ran {
            // As in jq, `halt` is an end like any other.
            Ok(()) | Err(RunError::Halted { code: 0, .. }) => {}
            Err(error) => {
                return Err(Error::new(Code::Jq, format!("the --jq filter failed: {error}")).into());
            }
        }
        failed.map(|()| last)
    }
}

/// A value as a line, or as several that are good to read.
pub(super) fn push_json(text: &mut String, value: &Value, pretty: bool, color: bool) -> anyhow::Result<()> {
    use colored_json::{ColoredFormatter, CompactFormatter, PrettyFormatter};
    let line = match (pretty, color) {
        (true, true) => ColoredFormatter::new(PrettyFormatter::new())
            .to_colored_json(value, colored_json::ColorMode::On)?,
        (false, true) => {
            ColoredFormatter::new(CompactFormatter).to_colored_json(value, colored_json::ColorMode::On)?
        }
        (true, false) => serde_json::to_string_pretty(value)?,
        (false, false) => serde_json::to_string(value)?,
    };
    text.push_str(&line);
    text.push('\n');
    Ok(())
}
