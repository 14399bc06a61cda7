//! The running sandbox that is controlled, and the controls that are one request each.

use crate::api::{ApiError, Client, ClientOptions, Failure};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{parse_duration, parse_pair};
use crate::outcome::Outcome;
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::clock::parse_time;
use crate::sandbox::{NAME, Settle};
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

/// A running sandbox.
pub struct Remote {
    client: Client,
    /// What it said of itself.
    pub health: Value,
}

/// Whether an address is the vendor's own.
fn is_platform(base: &str) -> bool {
    let host = base.split("://").nth(1).unwrap_or(base).split(['/', ':']).next().unwrap_or_default();
    ["treasuredata.com", "treasuredata.co.jp"].iter().any(|domain| host.ends_with(domain))
}

impl Remote {
    /// The sandbox at the endpoint. An error when there is none, or something else: nothing but the
    /// question what it is has been sent then, and no key.
    pub async fn find(ctx: &Context) -> Result<Self, Error> {
        let settings = ctx.settings()?;
        let Some(endpoint) = &settings.endpoint else {
            return Err(Error::new(Code::BadSetting, "there is no sandbox to control: no endpoint is set")
                .hint("run this inside `tdx-rt sandbox -- CMD`, or set TDX_RT_ENDPOINT to the url that `tdx-rt sandbox` prints"));
        };
        let base = endpoint.value.as_str().to_owned();
        let client = Client::new(ClientOptions {
            bases: std::array::from_fn(|_| base.clone()),
            authorization: None,
            timeout: ctx.requests.timeout,
            // What is not there at once is no sandbox of this machine.
            retries: 0,
            dry_run: ctx.requests.dry_run,
            observer: ctx.observer(),
            written: ctx.changes(),
        })?;
        let other = |what: String| {
            Error::new(Code::BadSetting, format!("{base} ({}) is no sandbox: {what}", endpoint.origin)).hint(
                "nothing was changed there; set TDX_RT_ENDPOINT to the url that `tdx-rt sandbox` prints",
            )
        };
        if is_platform(&base) {
            return Err(other("it is a host of the platform, and was asked nothing".to_owned()));
        }
        let health = match client.sandbox_get(&["health"], Vec::new()).await {
            Ok(health) => health,
            Err(error) if matches!(error.failure, Failure::Connect | Failure::Tls(_) | Failure::Broken) => {
                return Err(unreachable(&base, &error));
            }
            Err(error) => return Err(other(error.to_string())),
        };
        match health.get("name").and_then(Value::as_str) {
            Some(name) if name == NAME => Ok(Remote { client, health }),
            _ => Err(other("it does not say that it is one".to_owned())),
        }
    }

    /// Asks a control.
    pub async fn get(&self, control: &[&str], query: Vec<(String, String)>) -> Result<Value, Error> {
        self.client.sandbox_get(control, query).await.map_err(refused)
    }

    /// Changes something.
    pub async fn post(&self, control: &[&str], body: Value) -> Result<Value, Error> {
        self.client.sandbox_post(control, body).await.map_err(refused)
    }

    /// Removes something.
    pub async fn delete(&self, control: &[&str], body: Option<Value>) -> Result<Value, Error> {
        self.client.sandbox_delete(control, body).await.map_err(refused)
    }

    /// The document, with what a dry run collected.
    pub fn outcome(&self, document: Value) -> Outcome {
        let mut collected = self.client.collected();
        // The question what it is is none of the command's own.
        if collected.reads.len() > 1 {
            collected.reads.remove(0);
        }
        Outcome { reads: collected.writes.is_empty(), collected: Some(collected), ..Outcome::new(document) }
    }
}

fn unreachable(base: &str, error: &ApiError) -> Error {
    Error::new(Code::Network, format!("no sandbox answers at {base}: {error}"))
        .hint("start one with `tdx-rt sandbox`, and set TDX_RT_ENDPOINT to the url that it prints")
        .retryable()
}

/// The hints for the platform would speak of keys and sites.
fn refused(error: ApiError) -> Error {
    let about = |part: &str| error.operation.contains(&format!("/_sandbox/{part}"));
    // Nothing of a reset can be missing but its snapshot.
    let (faults, snapshots) = (about("faults"), about("snapshots") || about("reset"));
    let mut error = Error::from(error);
    let hint = match error.code {
        Code::Network | Code::Server => "look at the sandbox's own output; it may have been stopped",
        Code::NotFound if faults => "`tdx-rt sandbox faults` lists the rules that can still hit",
        Code::NotFound if snapshots => "`tdx-rt sandbox snapshot` lists them",
        Code::NotFound => "`tdx-rt sandbox status` lists the parent segments",
        _ => "the sandbox has changed nothing",
    };
    error.hint = Some(hint.to_owned());
    error
}

/// Runs `health`.
pub async fn health(args: &HealthArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let deadline = Instant::now() + args.wait.unwrap_or_default();
    loop {
        match Remote::find(ctx).await {
            Ok(remote) => return Ok(remote.outcome(remote.health.clone())),
            Err(error) if error.code == Code::Network && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Runs `clock`.
pub async fn clock(args: &ClockArgs, remote: &Remote) -> Result<Value, Error> {
    match &args.change {
        None => remote.get(&["clock"], Vec::new()).await,
        Some(ClockChange::Set { time }) => remote.post(&["clock"], json!({"set": time})).await,
        Some(ClockChange::Advance { by }) => remote.post(&["clock"], json!({"advance_seconds": by})).await,
    }
}

/// Runs `settle`.
pub async fn settle(args: &SettleArgs, remote: &Remote) -> Result<Value, Error> {
    match args.when {
        None => remote.get(&["settle"], Vec::new()).await,
        Some(settle) => remote.post(&["settle"], json!({"settle": settle})).await,
    }
}

/// Runs `status`.
pub async fn status(args: &StatusArgs, remote: &Remote) -> Result<Value, Error> {
    let mut body = json!({"ps": args.ps});
    match (args.status, args.begin, args.finish) {
        (Some(status), ..) => body["status"] = json!(status),
        (_, Some(settle), _) => body["rollout"] = json!(settle),
        (_, _, true) => {}
        _ => {
            let query = args.ps.iter().map(|ps| ("ps".to_owned(), ps.clone())).collect();
            return remote.get(&["settle"], query).await;
        }
    }
    remote.post(&["settle"], body).await
}

/// Runs `profile`.
pub async fn profile(args: &ProfileArgs, remote: &Remote) -> Result<Value, Error> {
    let ps = ("ps".to_owned(), args.ps.clone());
    let query = std::iter::once(ps).chain(args.keys.iter().cloned()).collect();
    remote.get(&["profiles"], query).await.map_err(|error| match error.code {
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
