//! What `pz-test` reports: the checks, the latency, the failure.

use crate::error::{Code, Error};
use crate::jq::Filter;
use crate::steps::verify::Check;
use serde_json::{Value, json};
use std::time::Duration;

/// Compiles the expectations; a wrong one fails before any request.
pub(super) fn compile(texts: &[String]) -> Result<Vec<Filter>, Error> {
    let filter = |text: &String| {
        let wrong =
            |error| Error::new(Code::Jq, format!("the --expect filter '{text}' is not valid: {error}"));
        Filter::compile(text, &[]).map_err(wrong)
    };
    texts.iter().map(filter).collect()
}

/// Whether an expectation holds for a response.
pub(super) fn expectation(text: &str, filter: &Filter, response: &Value) -> Result<Check, Error> {
    let mut outputs = Vec::new();
    let ran = filter.run(response.clone(), &mut |value| outputs.push(value));
    let holds = !outputs.is_empty() && outputs.iter().all(|v| !matches!(v, Value::Null | Value::Bool(false)));
    let detail = match (ran, holds) {
        (Err(error), _) => return Ok(Check::new("expect", false, format!("{text}: {error}"))),
        (Ok(()), true) => format!("{text} holds"),
        (Ok(()), false) => {
            let found: Vec<_> = outputs.iter().map(ToString::to_string).collect();
            format!("{text} gave {}", if found.is_empty() { "nothing".to_owned() } else { found.join(", ") })
        }
    };
    Ok(Check::new("expect", holds, detail))
}

/// The response in a few words.
pub(super) fn describe(response: &Value) -> String {
    match response.get("offers").and_then(Value::as_object) {
        Some(offers) if offers.is_empty() => "the API responds; no section matched".to_owned(),
        Some(offers) => {
            format!("the API responds with offers: {}", offers.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        None => "the API responds".to_owned(),
    }
}

/// Milliseconds with three decimals.
pub(super) fn latency(latencies: &[Duration]) -> Value {
    let mut sorted: Vec<f64> = latencies.iter().map(|d| (d.as_secs_f64() * 1e6).round() / 1e3).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let number = ((sorted.len() as f64 * share).ceil() as usize).max(1);
        sorted.iter().take(number).next_back().copied()
    };
    json!({"count": sorted.len(), "min": at(0.0), "p50": at(0.5), "p95": at(0.95), "max": at(1.0)})
}

/// The failure, where a check failed.
pub(super) fn failed(checks: &[Check]) -> Option<Error> {
    let failures = Check::failures(checks);
    (!failures.is_empty()).then(|| {
        Error::new(Code::CheckFailed, format!("verification failed: {failures}"))
            .hint("review the setup step of the failed check; `tdx-rt apply -f plan.yaml` does all of them")
    })
}
