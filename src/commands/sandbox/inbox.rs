//! `tdx-rt sandbox inbox`: the sandbox's own receiver for webhooks.

use super::expectation::{Counted, ExpectationArgs, Judged};
use crate::error::{Code, Error};
use crate::input::remote::Remote;
use clap::{Args, Subcommand};
use serde_json::json;

/// List the webhooks that arrived in the sandbox's own receiver, or expect a number of them
///
/// What is sent to /_sandbox/inbox/NAME of the sandbox arrives in the inbox NAME: a webhook can be
/// seen to arrive without a program that receives it.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt sandbox inbox --jq '.received[] | .body'
  tdx-rt sandbox inbox welcome --at-most 1
  tdx-rt sandbox inbox answer welcome 500 503   # the next two fail
  tdx-rt sandbox inbox clear",
    after_help = "It keeps the latest 1,000, in memory alone.

Exit codes: 0 ok · 1 the number is not the expected one; the document has what arrived all the same"
)]
#[command(args_conflicts_with_subcommands = true, subcommand_precedence_over_arg = true)]
pub struct InboxArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// Only this inbox
    #[arg(value_name = "INBOX")]
    name: Option<String>,
    /// Only what arrived after the one with this id
    #[arg(long, value_name = "ID")]
    since: Option<u64>,
    #[command(flatten)]
    expectation: ExpectationArgs,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// Say how the next webhooks are answered; later ones get 200 again
    #[command(before_help = "Examples:
  tdx-rt sandbox inbox answer welcome 500 503   # the next two fail
  tdx-rt sandbox inbox answer welcome           # all get 200 again")]
    Answer {
        /// The inbox
        #[arg(value_name = "INBOX")]
        name: String,
        /// Statuses of the next answers, from 200 to 599
        #[arg(value_name = "ANSWER", value_parser = clap::value_parser!(u16).range(200..=599))]
        statuses: Vec<u16>,
    },
    /// Forget what arrived, and how to answer; ids go on
    #[command(before_help = "Examples:
  tdx-rt sandbox inbox clear")]
    Clear,
}

/// Runs the command.
pub async fn run(args: &InboxArgs, remote: &Remote) -> Result<Judged, Error> {
    match &args.change {
        Some(Change::Answer { name, statuses }) => {
            Ok((remote.post(&["inbox"], json!({"name": name, "answers": statuses})).await?, None))
        }
        Some(Change::Clear) => Ok((remote.delete(&["inbox"], None).await?, None)),
        None => {
            if args.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
                return Err(Error::new(Code::Usage, "an inbox has a name that is not empty"));
            }
            let query = [("name", args.name.clone()), ("since_id", args.since.map(|id| id.to_string()))];
            Ok(args.expectation.check(remote.get(&["inbox"], &query).await?, ARRIVED))
        }
    }
}

const ARRIVED: Counted = Counted {
    one: "webhook",
    many: "webhooks",
    list: "received",
    dropped: "run `tdx-rt sandbox inbox clear` before what is counted",
};
