//! The controls of a running sandbox that are one request each.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::remote::Remote;
use crate::input::{parse_duration, parse_pair, signed_seconds};
use crate::outcome::Outcome;
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::clock::parse_time;
use crate::sandbox::{Pace, Settle};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Show that the sandbox answers, and what it is
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox health --jq .version
  tdx-rt sandbox health --endpoint http://127.0.0.1:8080 --wait=5s   # until it has started")]
pub struct HealthArgs {
    /// Wait for it to start, at most this long [default: 30s]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, default_missing_value = "30s", value_parser = parse_duration)]
    wait: Option<Duration>,
}

/// Show or move the sandbox's clock
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox clock --jq .time
  tdx-rt sandbox clock set 2026-01-02T03:04:05Z
  tdx-rt sandbox clock advance 24h
  tdx-rt sandbox clock advance -1h30m")]
pub struct ClockArgs {
    #[command(subcommand)]
    change: Option<ClockChange>,
}

#[derive(Debug, Clone, Subcommand)]
enum ClockChange {
    /// Set the clock
    #[command(before_help = "Examples:
  tdx-rt sandbox clock set 2026-01-02T03:04:05Z")]
    Set {
        /// Such as 2026-01-02T03:04:05Z, or seconds since 1970
        #[arg(value_name = "TIME", value_parser = checked_time, allow_hyphen_values = true)]
        time: String,
    },
    /// Move the clock on, or back
    #[command(before_help = "Examples:
  tdx-rt sandbox clock advance 24h
  tdx-rt sandbox clock advance -1h30m")]
    Advance {
        /// Such as 24h, 90m, 7d, 30s, 1h30m or -1h
        #[arg(value_name = "DURATION", value_parser = signed_seconds, allow_hyphen_values = true)]
        by: f64,
    },
}

/// Show or choose when changes are rolled out
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt sandbox settle               # how changes settle, and the status of every parent segment
  tdx-rt sandbox settle 2reads        # later changes: `updating` is read twice, then `ok`
  tdx-rt sandbox settle inconsistent  # later changes fail",
    after_help = "`tdx-rt sandbox status` is about one parent segment, now."
)]
pub struct SettleArgs {
    /// now, 150ms, 30s, 2reads, never or inconsistent
    #[arg(value_name = "WHEN")]
    when: Option<Settle>,
}

/// Show or choose how long runs and jobs take
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox pace
  tdx-rt sandbox pace --runs 1200s   # later runs of a parent segment; the clock ends them
  tdx-rt sandbox pace --jobs 2reads   # later jobs are running when they are looked at twice
  tdx-rt sandbox pace --jobs never    # until they are killed")]
pub struct PaceArgs {
    /// Later runs of parent segments: now, 150ms, 30s, 2reads or never
    #[arg(long, value_name = "PACE")]
    runs: Option<Pace>,
    /// Later jobs, besides the time that their query really takes: now, 150ms, 30s, 2reads or never
    #[arg(long, value_name = "PACE")]
    jobs: Option<Pace>,
}

/// Show or force the RT status of parent segments
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox status
  tdx-rt sandbox status 394649 updating        # it stays so
  tdx-rt sandbox status 394649 --begin 2reads  # a roll-out begins; it is over after two reads
  tdx-rt sandbox status --finish               # all roll-outs under way are over
  tdx-rt sandbox status 394651 initialized     # enables real-time, as the vendor's support would")]
pub struct StatusArgs {
    /// Parent segment, by id or name; without one, all of them
    #[arg(value_name = "PS")]
    ps: Option<String>,
    /// not_initialized, initialized, updating, ok or inconsistent
    #[arg(value_name = "STATUS", value_parser = rt_status, conflicts_with_all = ["begin", "finish"])]
    status: Option<RealtimeStatus>,
    /// Begin a roll-out that settles so: now, 150ms, 30s, 2reads, never or inconsistent
    #[arg(long, value_name = "WHEN", conflicts_with = "finish")]
    begin: Option<Settle>,
    /// End roll-outs that are under way
    #[arg(long)]
    finish: bool,
}

/// Show a profile: keys, attributes, and why each section did or did not match
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox profile --ps 394649 td_client_id=u1
  tdx-rt sandbox profile --ps 394649 customer_id=c-1001 --jq .attributes
  tdx-rt sandbox profile --ps 394649           # how many profiles there are")]
pub struct ProfileArgs {
    /// Parent segment, by id or name
    #[arg(long, value_name = "PS")]
    ps: String,
    /// Keys of the profile
    #[arg(value_name = "KEY=VALUE", value_parser = parse_pair)]
    keys: Vec<(String, String)>,
}

/// Runs `health`.
pub async fn health(args: &HealthArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let (began, wait) = (Instant::now(), args.wait.unwrap_or_default());
    loop {
        match Remote::find(ctx).await {
            Ok(remote) => return Ok(remote.outcome(remote.health.clone())),
            Err(error) if error.code == Code::Network && began.elapsed() < wait => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Runs `clock`.
pub async fn clock(args: &ClockArgs, remote: &Remote) -> Result<Value, Error> {
    match &args.change {
        None => remote.get(&["clock"], &[]).await,
        Some(ClockChange::Set { time }) => remote.post(&["clock"], json!({"set": time})).await,
        Some(ClockChange::Advance { by }) => remote.post(&["clock"], json!({"advance_seconds": by})).await,
    }
}

/// Runs `settle`.
pub async fn settle(args: &SettleArgs, remote: &Remote) -> Result<Value, Error> {
    match args.when {
        None => remote.get(&["settle"], &[]).await,
        Some(settle) => remote.post(&["settle"], json!({"settle": settle})).await,
    }
}

/// Runs `pace`.
pub async fn pace(args: &PaceArgs, remote: &Remote) -> Result<Value, Error> {
    if args.runs.is_none() && args.jobs.is_none() {
        return remote.get(&["pace"], &[]).await;
    }
    let text = |pace: Option<Pace>| pace.map(|pace| pace.to_string());
    remote.post(&["pace"], json!({"runs": text(args.runs), "jobs": text(args.jobs)})).await
}

/// Runs `status`.
#[expect(clippy::indexing_slicing, reason = "an object, made here")]
pub async fn status(args: &StatusArgs, remote: &Remote) -> Result<Value, Error> {
    let mut body = json!({"ps": args.ps});
    match (args.status, args.begin, args.finish) {
        (Some(status), ..) => body["status"] = json!(status),
        (_, Some(settle), _) => body["rollout"] = json!(settle),
        (_, _, true) => {}
        _ => {
            return remote.get(&["settle"], &[("ps", args.ps.clone())]).await;
        }
    }
    remote.post(&["settle"], body).await
}

/// Runs `profile`.
pub async fn profile(args: &ProfileArgs, remote: &Remote) -> Result<Value, Error> {
    let keys = args.keys.iter().map(|(key, value)| (key.as_str(), Some(value.clone())));
    let query: Vec<_> = std::iter::once(("ps", Some(args.ps.clone()))).chain(keys).collect();
    remote.get(&["profiles"], &query).await.map_err(|error| match error.code {
        Code::NotFound if error.message.contains("no profile") => {
            error.hint("profiles come with events: `tdx-rt pz-test --key …` sends one")
        }
        _ => error,
    })
}

fn rt_status(text: &str) -> Result<RealtimeStatus, String> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        format!("'{text}' is not one of: not_initialized, initialized, updating, ok, inconsistent")
    })
}

/// The time as it was given, once it is known to be one.
fn checked_time(text: &str) -> Result<String, String> {
    parse_time(text).map(|_| text.trim().to_owned())
}
