//! `tdx-rt ps-run`: run a parent segment, so that its batch values are new.

use crate::api::{ApiError, Client};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{OnePsArgs, parent_segment_only, parse_duration};
use crate::outcome::Outcome;
use crate::platform::wire::{Execution, RunState};
use crate::schema::Output;
use crate::steps::parent_segment::ParentSegment;
use crate::steps::wait::{Looks, WaitOptions};
use clap::Args;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

/// How long a run is waited for by default: a parent segment takes minutes to hours.
const TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);

/// Run a parent segment, so that imported values are new, or follow a run that is under way
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt ps-run 394649
  tdx-rt ps-run \"Customer 360\" --wait
  tdx-rt ps-run 394649 --wait=30m && tdx-rt pz-test -f plan.yaml --key td_client_id=u1",
    after_help = "Imported attributes have the values of the last run. A run can't be undone.

Exit codes: 0 begun, with --wait ended well · 1 failed or canceled · 8 time is up"
)]
pub struct PsRunArgs {
    #[command(flatten)]
    ps: OnePsArgs,
    /// Wait until it has ended, at most this long [default: 2h]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, value_parser = parse_duration)]
    wait: Option<Option<Duration>>,
    /// The same as the duration of --wait; 0 looks once
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    timeout: Option<Duration>,
    /// Longest pause between two looks
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    interval: Duration,
}

/// A run of a parent segment.
#[derive(Serialize, JsonSchema)]
struct PsRunDocument {
    parent_segment: RunParentSegment,
    run: ShownRun,
}

/// A parent segment.
#[derive(Serialize, JsonSchema)]
struct RunParentSegment {
    id: String,
    name: String,
}

/// A run.
#[derive(Serialize, JsonSchema)]
struct ShownRun {
    /// Id of the workflow's session
    id: String,
    /// Id of its last attempt
    attempt_id: Option<String>,
    /// started: by this command; followed: it was under way
    action: RunAction,
    /// The platform's word, such as queued, running or success
    status: String,
    /// RFC 3339
    created_at: Option<String>,
    /// RFC 3339; null while it is under way
    finished_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RunAction {
    Started,
    Followed,
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[Output::of::<PsRunDocument>("ps-run", "Run", "A run of a parent segment, and how it stands").writes()];

/// Runs the command.
pub async fn run(args: &PsRunArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let ps = parent_segment_only(ctx, args.ps.ps()).await?;
    let client = ctx.client()?;
    ctx.show_target()?;
    let (mut run, action) = begin(client, &ps.id).await?;
    let timeout = args.wait.map(|wait| wait.or(args.timeout).unwrap_or(TIMEOUT)).or(args.timeout);
    if let Some(timeout) = timeout.filter(|_| !client.is_dry_run()) {
        run = wait(ctx, &ps, run, action, WaitOptions { timeout, interval: args.interval }).await?;
    }
    let summary = match (run.state(), action) {
        (RunState::Succeeded, _) => format!("the run of '{}' has ended: its batch values are new", ps.name),
        (_, RunAction::Started) => format!("the run of '{}' has begun", ps.name),
        (_, RunAction::Followed) => format!("a run of '{}' is under way", ps.name),
    };
    Ok(Outcome::new(json!(shown(&ps, run, action))).summary(summary))
}

fn shown(ps: &ParentSegment, run: Execution, action: RunAction) -> PsRunDocument {
    PsRunDocument {
        parent_segment: RunParentSegment { id: ps.id.clone(), name: ps.name.clone() },
        run: ShownRun {
            id: run.workflow_session_id,
            attempt_id: run.workflow_attempt_id,
            action,
            status: run.status,
            created_at: run.created_at,
            finished_at: run.finished_at,
        },
    }
}

/// The run that is under way, else a new one.
async fn begin(client: &Client, ps: &str) -> Result<(Execution, RunAction), Error> {
    let before = client.executions(ps).await?;
    if let Some(run) = under_way(&before) {
        return Ok((run, RunAction::Followed));
    }
    let error = match client.run_audience(ps).await {
        Ok(run) => return Ok((run, RunAction::Started)),
        Err(error) if !may_have_begun(&error) => return Err(error.into()),
        Err(error) => error,
    };
    // It may have begun although its answer was lost, or another one was quicker.
    let now = client.executions(ps).await?;
    let is_new =
        |run: &&Execution| before.iter().all(|known| known.workflow_session_id != run.workflow_session_id);
    match latest(now.iter().filter(is_new)) {
        Some(run) if error.is_ambiguous() => Ok((run, RunAction::Started)),
        Some(run) => Ok((run, RunAction::Followed)),
        None => Err(Error::from(error).and_hint("no run has begun; run the same command again")),
    }
}

fn may_have_begun(error: &ApiError) -> bool {
    error.is_ambiguous() || matches!(error.status, Some(400 | 409 | 422))
}

fn under_way(runs: &[Execution]) -> Option<Execution> {
    latest(runs.iter().filter(|run| run.state() == RunState::UnderWay))
}

/// The contract names no order.
fn latest<'r>(runs: impl Iterator<Item = &'r Execution>) -> Option<Execution> {
    let created = |run: &Execution| run.created_at.as_ref()?.parse::<Timestamp>().ok();
    runs.max_by_key(|run| created(run)).cloned()
}

async fn wait(
    ctx: &Context,
    ps: &ParentSegment,
    mut run: Execution,
    action: RunAction,
    options: WaitOptions,
) -> Result<Execution, Error> {
    let client = ctx.client()?;
    let progress = ctx.ui.progress(&format!(
        "Parent segment '{}' is running. Waiting for its end, at most {:?}...",
        ps.name, options.timeout
    ));
    let mut looks = Looks::begin(options);
    loop {
        match run.state() {
            RunState::Succeeded => break,
            RunState::Failed => {
                let message = format!(
                    "the run {} of parent segment '{}' ended with '{}'",
                    run.workflow_session_id, ps.name, run.status
                );
                return Err(Error::new(Code::RunFailed, message).details(json!(shown(ps, run, action))));
            }
            RunState::UnderWay => {}
        }
        if !looks.again().await {
            let message = format!(
                "the run {} of parent segment '{}' is still '{}' after {:?}",
                run.workflow_session_id, ps.name, run.status, options.timeout
            );
            return Err(Error::new(Code::NotReady, message)
                .hint("it goes on; the same command follows it")
                .details(json!(shown(ps, run, action)))
                .retryable());
        }
        let now = client.executions(&ps.id).await?;
        if let Some(found) = now.into_iter().find(|now| now.workflow_session_id == run.workflow_session_id) {
            run = found;
        }
    }
    drop(progress);
    Ok(run)
}
