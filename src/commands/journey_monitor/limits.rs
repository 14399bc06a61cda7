//! What is too much, too little or too quiet.

use super::log::Tally;
use crate::input::query::parse_since;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// Limits; one that is broken makes the exit code 1.
#[derive(Debug, Clone, Args)]
pub(super) struct LimitArgs {
    /// No more of what is sent may fail, such as 10% or 0.1
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    max_error_rate: Option<f64>,
    /// A launched journey must have sent something in this time
    #[arg(long, value_name = "DURATION", value_parser = parse_since)]
    pub(super) max_silence: Option<Duration>,
    /// A launched journey must have sent so many in the window
    #[arg(long, value_name = "N")]
    min_sent: Option<u64>,
    /// Judge the error rate from so many sent on
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_sample: u64,
}

/// Which limit is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
    /// More failed than --max-error-rate allows; a rate
    MaxErrorRate,
    /// Nothing was sent for longer than --max-silence; seconds, null where nothing is in the log
    MaxSilence,
    /// Less than --min-sent was sent; a number
    MinSent,
}

/// A broken limit
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Breach {
    /// Name of the journey
    pub(super) journey: String,
    pub(super) rule: Rule,
    /// What it is; null for the silence of a journey that has sent nothing
    #[schemars(with = "Option<f64>")]
    value: Value,
    /// What it may be
    #[schemars(with = "f64")]
    limit: Value,
    #[serde(skip)]
    sentence: String,
}

impl Breach {
    /// The same for people.
    pub(super) fn sentence(&self) -> String {
        format!("journey '{}': {}", self.journey, self.sentence)
    }
}

impl LimitArgs {
    /// The limits that a journey breaks. One that does not run is never silent, and need not send.
    pub(super) fn breaches(&self, journey: &str, runs: bool, tally: &Tally, now: i64) -> Vec<Breach> {
        let breach = |rule: Rule, value: Value, limit: Value, sentence: String| Breach {
            journey: journey.to_owned(),
            rule,
            value,
            limit,
            sentence,
        };
        let mut found = Vec::new();
        let sent = tally.sent();
        if let (Some(limit), Some(rate)) = (self.max_error_rate, tally.counts().error_rate)
            && sent >= self.min_sample
            && rate > limit
        {
            let sentence = format!("{} of {sent} sent failed, more than {}", percent(rate), percent(limit));
            found.push(breach(Rule::MaxErrorRate, json!(rate), json!(limit), sentence));
        }
        if let Some(limit) = self.max_silence.filter(|_| runs) {
            let silence = tally.last_at.map(|at| now.saturating_sub(at).max(0));
            if silence.is_none_or(|silence| silence.unsigned_abs() > limit.as_secs()) {
                let sentence = format!("nothing was sent for more than {limit:?}");
                found.push(breach(Rule::MaxSilence, json!(silence), json!(limit.as_secs()), sentence));
            }
        }
        if let Some(limit) = self.min_sent.filter(|limit| runs && sent < *limit) {
            let sentence = format!("{sent} sent, less than {limit}");
            found.push(breach(Rule::MinSent, json!(sent), json!(limit), sentence));
        }
        found
    }
}

/// A rate for people, to a tenth of a percent.
fn percent(rate: f64) -> String {
    let text = format!("{:.1}", rate * 100.0);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// Reads `10%` or `0.1`.
fn parse_rate(text: &str) -> Result<f64, String> {
    let (number, whole) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(rate) if (0.0..=whole).contains(&rate) => Ok(rate / whole),
        _ => Err(format!("'{text}' is no rate; write it like 10% or 0.1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_percents_or_fractions() {
        assert_eq!(
            ["10%", "0.1", "0%", "100%", "1", "0", "2.5 %"].map(|t| parse_rate(t).unwrap()),
            [0.1, 0.1, 0.0, 1.0, 1.0, 0.0, 0.025]
        );
        for bad in ["10", "101%", "-1%", "", "%", "NaN", "inf", "ten"] {
            assert!(parse_rate(bad).is_err(), "{bad}");
        }
        assert_eq!([0.1, 0.125, 1.0].map(percent), ["10%", "12.5%", "100%"]);
    }
}
