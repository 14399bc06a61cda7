//! `tdx-rt sandbox activations`: what journeys have sent and will send.

use super::expectation::{Counted, ExpectationArgs, Judged};
use crate::error::{Code, Error};
use crate::input::parse_pair;
use crate::input::remote::Remote;
use clap::{Args, Subcommand};

/// List what journeys have sent and will send, or expect a number of them
///
/// What is due is tried first, so that the answer says what has become of it.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt sandbox activations --jq '.activations[] | [.journey_name, .state, .request.body]'
  tdx-rt sandbox activations --state failed --at-most 0
  tdx-rt sandbox activations --journey welcome --key td_client_id=u1 --count
  tdx-rt sandbox activations clear",
    after_help = "Secrets in headers are hidden. The log keeps the latest 10,000 that are finished. Up to
10,000 may wait; what comes while as many wait is not sent.

Exit codes: 0 ok · 1 the number is not the expected one; the document has what fits all the same"
)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ActivationsArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// Parent segment, by id or name
    #[arg(long, value_name = "PS")]
    ps: Option<String>,
    /// Journey, by id or name
    #[arg(long, value_name = "JOURNEY")]
    journey: Option<String>,
    /// Activation, by id or name
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// How it stands
    #[arg(long, value_name = "STATE", value_parser = ["waiting", "delivered", "failed", "not_sent"])]
    state: Option<String>,
    /// An id of the profile: the first stitching key that it has
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_pair)]
    key: Option<(String, String)>,
    /// uuid of the event that began it
    #[arg(long, value_name = "ID")]
    event_id: Option<String>,
    /// At most so many, the latest
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    expectation: ExpectationArgs,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// Forget the activations that are finished
    #[command(before_help = "Examples:
  tdx-rt sandbox activations clear")]
    Clear,
}

const ACTIVATIONS: Counted = Counted {
    one: "activation",
    many: "activations",
    list: "activations",
    dropped: "run `tdx-rt sandbox activations clear` before what is counted",
};

/// Runs the command.
pub async fn run(args: &ActivationsArgs, remote: &Remote) -> Result<Judged, Error> {
    if let Some(Change::Clear) = &args.change {
        return Ok((remote.delete(&["activations"], None).await?, None));
    }
    if args.limit.is_some() && args.expectation.is_given() {
        return Err(Error::new(
            Code::Usage,
            "--limit shows fewer than there are, so nothing can be expected of them",
        ));
    }
    let profile = args.key.as_ref().map(|(key, value)| format!("{key}={value}"));
    let query = [
        ("ps", args.ps.clone()),
        ("journey", args.journey.clone()),
        ("activation", args.activation.clone()),
        ("state", args.state.clone()),
        ("profile", profile),
        ("event_id", args.event_id.clone()),
        ("limit", args.limit.map(|limit| limit.to_string())),
    ];
    Ok(args.expectation.check(remote.get(&["activations"], &query).await?, ACTIVATIONS))
}
