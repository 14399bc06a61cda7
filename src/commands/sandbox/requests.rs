//! `tdx-rt sandbox requests`: the journal, and assertions on it.

use super::expectation::{Counted, ExpectationArgs, Judged};
use crate::error::{Code, Error};
use crate::input::remote::Remote;
use crate::sandbox::journal::StatusRange;
use clap::{Args, Subcommand};

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

Exit codes: 0 ok · 1 the number is not the expected one; the document has the requests all the same"
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
    #[command(flatten)]
    expectation: ExpectationArgs,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// Forget the requests so far; ids go on
    #[command(before_help = "Examples:
  tdx-rt sandbox requests clear")]
    Clear,
}

/// Runs the command.
pub async fn run(args: &RequestsArgs, remote: &Remote) -> Result<Judged, Error> {
    if let Some(Change::Clear) = &args.change {
        if query(args).iter().any(|(_, value)| value.is_some()) || args.expectation.is_given() {
            return Err(Error::new(Code::Usage, "`requests clear` forgets all requests and takes no filter"));
        }
        return Ok((remote.delete(&["requests"], None).await?, None));
    }
    Ok(args.expectation.check(remote.get(&["requests"], &query(args)).await?, REQUESTS))
}

const REQUESTS: Counted = Counted {
    one: "request",
    many: "requests",
    list: "requests",
    dropped: "start the sandbox with a larger --journal, or run `tdx-rt sandbox requests clear` before what is counted",
};

fn query(args: &RequestsArgs) -> [(&'static str, Option<String>); 5] {
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
    [
        ("since_id", args.since.map(|id| id.to_string())),
        ("method", list(&args.method)),
        ("path", args.path.clone()),
        ("operation", args.operation.clone()),
        ("status", list(&args.status)),
    ]
}

/// The status as it was given, once it is known to be one.
fn checked_status(text: &str) -> Result<String, String> {
    text.parse::<StatusRange>().map(|_| text.to_owned()).map_err(|error| error.to_string())
}
