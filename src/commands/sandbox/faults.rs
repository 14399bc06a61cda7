//! `tdx-rt sandbox faults`: the rules that make requests go wrong.

use crate::error::Error;
use crate::input::remote::Remote;
use crate::input::{given, parse_duration};
use crate::sandbox::faults::{FaultKind, FaultRule};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;

/// List, add and remove fault rules
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox faults
  tdx-rt sandbox faults add status --status 429 --retry-after 2 --count 3
  tdx-rt sandbox faults add commit-then-drop --operation 'POST /audiences/{}/realtime_key_events'
  tdx-rt sandbox faults add reset --probability 0.3 --always
  tdx-rt sandbox faults add slow --delay 500ms --path /audiences --method GET --skip 1
  tdx-rt sandbox faults remove 1
  tdx-rt sandbox faults clear --seed 7")]
pub struct FaultsArgs {
    #[command(subcommand)]
    change: Option<Change>,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    Add(AddArgs),
    /// Remove one rule
    #[command(before_help = "Examples:
  tdx-rt sandbox faults remove 1")]
    Remove {
        /// Its id, as `faults` lists it
        #[arg(value_name = "ID")]
        id: u64,
    },
    /// Remove all rules
    #[command(before_help = "Examples:
  tdx-rt sandbox faults clear
  tdx-rt sandbox faults clear --seed 7")]
    Clear {
        /// Seeds the generator that chances are drawn from
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
    },
}

/// Add a rule, which hits the next request that fits
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt sandbox faults add status --status 429 --retry-after 2 --count 3
  tdx-rt sandbox faults add commit-then-drop --operation 'POST /audiences/{}/realtime_key_events'
  tdx-rt sandbox faults add slow --delay 500ms --path /audiences --method GET --skip 1",
    after_help = "Kinds:
  status            an error of the platform; nothing is executed
  html              a page of a proxy or a login; nothing is executed
  redirect          to --location; nothing is executed
  reset             the connection is reset; nothing is executed
  commit-then-drop  executed, but the connection is reset without an answer
  truncate          executed, but half of the answer is missing
  slow              executed after --delay
  endless           executed, but the answer never ends
  fail-later        executed, but the run or job that it starts ends in an error, with --message

The first rule that fits a request takes it. Controls under /_sandbox/ are never hit."
)]
struct AddArgs {
    /// What happens
    #[arg(value_name = "KIND")]
    kind: FaultKind,
    /// Method and path, with {} for one segment: 'POST /audiences/{}/realtime_key_events'
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// HTTP method
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Beginning of the path
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Status that is answered
    #[arg(long, value_name = "N")]
    status: Option<u16>,
    /// Retry-After: seconds, or an HTTP date
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<String>,
    /// Message of the error
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// Where a redirect leads
    #[arg(long, value_name = "URL")]
    location: Option<String>,
    /// Wait first, such as 500ms (real time; with any kind)
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    delay: Option<Duration>,
    /// How many requests are hit (1)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "always")]
    count: Option<u64>,
    /// Hit requests until the rule is removed
    #[arg(long)]
    always: bool,
    /// How many fitting requests pass first
    #[arg(long, value_name = "N")]
    skip: Option<u64>,
    /// Chance that a fitting request is hit, from 0 to 1
    #[arg(long, value_name = "P", value_parser = chance)]
    probability: Option<f64>,
}

/// Runs the command.
pub async fn run(args: &FaultsArgs, remote: &Remote) -> Result<Value, Error> {
    match &args.change {
        None => remote.get(&["faults"], &[]).await,
        Some(Change::Add(args)) => remote.post(&["faults"], body(&rule(args))).await,
        Some(Change::Remove { id }) => remote.delete(&["faults", &id.to_string()], None).await,
        Some(Change::Clear { seed: None }) => remote.delete(&["faults"], None).await,
        Some(Change::Clear { seed: Some(seed) }) => {
            remote.delete(&["faults"], Some(json!({"seed": seed}))).await
        }
    }
}

fn rule(args: &AddArgs) -> FaultRule {
    let delay = args.delay.map_or(0, |delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
    let retry_after = args.retry_after.as_ref().map(|text| match text.parse::<i64>() {
        Ok(seconds) => seconds.into(),
        Err(_) => Value::from(text.as_str()),
    });
    FaultRule {
        id: 0,
        kind: args.kind,
        operation: args.operation.clone(),
        method: args.method.clone(),
        path: args.path.clone(),
        status: args.status,
        retry_after,
        message: args.message.clone(),
        location: args.location.clone(),
        delay_ms: delay,
        skip: args.skip.unwrap_or(0),
        count: if args.always { Some(0) } else { args.count },
        probability: args.probability,
    }
}

/// Without what was not asked for.
fn body(rule: &FaultRule) -> Value {
    let mut body = given(json!(rule));
    body.shift_remove("id");
    body.into()
}

fn chance(text: &str) -> Result<f64, String> {
    let chance = text.parse::<f64>().ok().filter(|chance| (0.0..=1.0).contains(chance));
    chance.ok_or_else(|| format!("'{text}' is no number from 0 to 1"))
}
