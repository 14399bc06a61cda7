//! Arguments that several commands have, and how they are read.

use crate::error::{Code, Error};
use clap::Args;
use serde_json::{Map, Value};
use std::time::Duration;

/// Where a command finds its parent segment and its items.
#[derive(Debug, Clone, Default, Args)]
pub struct DocumentArgs {
    /// Plan or document to read (YAML or JSON; `-` for stdin)
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<String>,
    /// Parent segment, by id or name
    #[arg(long, value_name = "PS")]
    pub ps: Option<String>,
}

/// Only a parent segment, for commands whose argument is something else.
#[derive(Debug, Clone, Default, Args)]
pub struct PsArgs {
    /// Parent segment, by id or name (else from the document on stdin)
    #[arg(long, value_name = "PS")]
    pub ps: Option<String>,
}

/// Only a parent segment, as an argument or as a flag.
#[derive(Debug, Clone, Default, Args)]
pub struct OnePsArgs {
    /// Parent segment, by id or name (else from the document on stdin)
    #[arg(value_name = "PS", conflicts_with = "ps")]
    argument: Option<String>,
    /// The same as a flag
    #[arg(id = "ps", long = "ps", value_name = "PS")]
    flag: Option<String>,
}

impl OnePsArgs {
    /// The one that is named.
    pub fn ps(&self) -> Option<&String> {
        self.argument.as_ref().or(self.flag.as_ref())
    }
}

/// Reads `90s`, `5m`, `1h30m`, `250ms`; a bare number is seconds.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is not a duration; write it like 90s, 5m or 1h30m");
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let duration: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(duration).map_err(|_| wrong())
}

/// Splits `name=value`; for flags such as `--event NAME=DB.TABLE`.
pub fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' is not of the form NAME=VALUE")),
    }
}

/// The columns that `--event-json` says an event has.
pub fn event_columns(json: Option<&String>) -> Result<Map<String, Value>, Error> {
    let Some(text) = json else { return Ok(Map::new()) };
    serde_json::from_str(text)
        .map_err(|error| Error::new(Code::Usage, format!("--event-json is not a JSON object: {error}")))
}

/// Reads `24h`, `7d`, `1h30m`, `-1h`; a bare number is seconds. Days have 24 hours.
pub fn signed_seconds(text: &str) -> Result<f64, String> {
    if let Ok(seconds) = text.parse::<i32>() {
        return Ok(f64::from(seconds));
    }
    let wrong = || format!("'{text}' is not a duration; write it like 24h, 90m, 7d, 1h30m or -1h");
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Ok(duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_sign_and_days() {
        for (text, seconds) in [
            ("24h", 86_400.0),
            ("90m", 5_400.0),
            ("7d", 604_800.0),
            ("2w", 1_209_600.0),
            ("30s", 30.0),
            ("1h30m", 5_400.0),
            ("-1h", -3_600.0),
            ("250ms", 0.25),
            ("45", 45.0),
            ("-45", -45.0),
        ] {
            assert_eq!(signed_seconds(text), Ok(seconds), "{text}");
        }
        for bad in ["", "h", "tomorrow", "1 month", "1h-30m", "1y"] {
            assert!(signed_seconds(bad).is_err(), "{bad}");
        }
    }
}
