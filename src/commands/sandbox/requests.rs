//! `tdx-rt sandbox requests`: the journal, and assertions on it.

use super::control::Remote;
use crate::error::{Code, Error};
use crate::sandbox::journal::StatusRange;
use clap::{Args, Subcommand};
use serde_json::Value;

/// List or count the requests that the sandbox was sent, or expect a number of them
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt sandbox requests --jq '.requests[] | [.method, .path, .status]'
  tdx-rt sandbox requests clear
  tdx-rt sandbox requests --method POST,PATCH --count --jq .count
  tdx-rt sandbox requests --operation 'POST /audiences/{}/realtime_key_events' --expect 1
  tdx-rt sandbox requests --status 5xx --at-most 0
  since=$(tdx-rt sandbox requests --count --jq .last_id) && tdx-rt sandbox requests --since $since",
    after_help = "The sandbox's own controls are not requests.

Exit codes: 0 ok · 1 the number is not the expected one; `details` of the error has the requests"
)]
pub struct RequestsArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// HTTP methods
    #[arg(long, value_name = "METHODS", value_delimiter = ',')]
    method: Vec<String>,
    /// Beginning of the path
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Method and path, with {} for one segment
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// Statuses: 404, 4xx, or none where the connection was cut
    #[arg(long, value_name = "STATUSES", value_delimiter = ',', value_parser = checked_status)]
    status: Vec<String>,
    /// Only requests after the one with this id
    #[arg(long, value_name = "ID")]
    since: Option<u64>,
    /// Only how many, without the requests
    #[arg(long)]
    count: bool,
    /// Expect exactly so many
    #[arg(long, value_name = "N", conflicts_with_all = ["at_least", "at_most"])]
    expect: Option<u64>,
    /// Expect so many or more
    #[arg(long, value_name = "N")]
    at_least: Option<u64>,
    /// Expect so many or fewer
    #[arg(long, value_name = "N")]
    at_most: Option<u64>,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// Forget the requests so far; ids go on
    #[command(before_help = "Examples:
  tdx-rt sandbox requests clear")]
    Clear,
}

/// Runs the command.
pub async fn run(args: &RequestsArgs, remote: &Remote) -> Result<Value, Error> {
    if let Some(Change::Clear) = &args.change {
        if !query(args).is_empty() || args.count || args.expectation().is_some() {
            return Err(Error::new(Code::Usage, "`requests clear` forgets all requests and takes no filter"));
        }
        return remote.delete(&["requests"], None).await;
    }
    let mut document = remote.get(&["requests"], query(args)).await?;
    let count = document.get("count").and_then(Value::as_u64).unwrap_or(0);
    let complete = document.get("complete").and_then(Value::as_bool).unwrap_or(true);
    if let (true, Some(map)) = (args.count, document.as_object_mut()) {
        map.shift_remove("requests");
    }
    let Some((low, high, wanted)) = args.expectation() else { return Ok(document) };
    let failed = |message: String, hint: &str| {
        Err(Error::new(Code::CheckFailed, message).hint(hint).details(document.clone()))
    };
    if !(low..=high).contains(&count) {
        let verb = if count == 1 { "fits" } else { "fit" };
        let message = format!("{} {verb}, expected was {wanted}", plural(count));
        return failed(message, "the same command without the expectation lists the requests that fit");
    }
    // Requests that had to make room may have fitted as well.
    if !complete && high < u64::MAX {
        let message =
            format!("{} fit, as expected, but older ones have been dropped from the journal", plural(count));
        return failed(
            message,
            "start the sandbox with a larger --journal, or run `tdx-rt sandbox requests clear` before what is counted",
        );
    }
    Ok(document)
}

impl RequestsArgs {
    /// The lowest and highest number that will do, in words too.
    fn expectation(&self) -> Option<(u64, u64, String)> {
        match (self.expect, self.at_least, self.at_most) {
            (Some(exactly), ..) => Some((exactly, exactly, format!("exactly {exactly}"))),
            (_, None, None) => None,
            (_, Some(low), None) => Some((low, u64::MAX, format!("at least {low}"))),
            (_, None, Some(high)) => Some((0, high, format!("at most {high}"))),
            (_, Some(low), Some(high)) => Some((low, high, format!("{low} to {high}"))),
        }
    }
}

fn plural(count: u64) -> String {
    if count == 1 { "1 request".to_owned() } else { format!("{count} requests") }
}

fn query(args: &RequestsArgs) -> Vec<(String, String)> {
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
    [
        ("since_id", args.since.map(|id| id.to_string())),
        ("method", list(&args.method)),
        ("path", args.path.clone()),
        ("operation", args.operation.clone()),
        ("status", list(&args.status)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// The status as it was given, once it is known to be one.
fn checked_status(text: &str) -> Result<String, String> {
    text.parse::<StatusRange>().map(|_| text.to_owned()).map_err(|error| error.to_string())
}
