//! `tdx-rt ps-check`: is real-time enabled, and where does its configuration stand?

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::{
    self, Bulk, BulkArgs, Item, ParentSegments, parent_segment_column, parent_segment_label,
};
use crate::input::{WAIT_TIMEOUT, parse_duration, wait};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::platform::wire::RealtimeStatus;
use crate::schema::Output;
use crate::steps::parent_segment::{
    ParentSegment, Report, by_name, find, inconsistent, is_id, none_enabled, not_enabled, report, report_all,
    updating,
};
use crate::steps::wait::WaitOptions;
use crate::steps::{all, each};
use clap::Args;
use serde_json::{Value, json};
use std::time::Duration;

/// Check whether real-time is enabled and ready (step 1)
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt ps-check \"Customer 360\"
  tdx-rt ps-check 394649 --wait=5m
  tdx-rt ps-check --jq '.[] | select(.ready) | .name'
  tdx-rt ps-check - < ids.txt | jq 'select(.ok | not)'",
    after_help = "Exit codes: 0 enabled · 1 not enabled, or none is · 3 no such parent segment · 8 updating"
)]
pub struct PsCheckArgs {
    /// Parent segments, by id or name; without one, all of the account; `-` reads them from stdin
    #[arg(value_name = "PS", group = "named", conflicts_with = "ps")]
    parent_segments: Vec<String>,
    /// The same as a flag
    #[arg(long, value_name = "PS", group = "named")]
    ps: Vec<String>,
    /// Wait while the configuration is updating, at most this long [default: 5m]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, requires = "named", value_parser = parse_duration)]
    pub wait: Option<Option<Duration>>,
    /// The same as the duration of --wait; 0 looks once
    #[arg(long, value_name = "DURATION", requires = "named", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
    /// Longest pause between two looks
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    pub interval: Duration,
    /// Many of them.
    #[command(flatten)]
    pub bulk: BulkArgs,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::one_or_list::<Report>(
    "ps-check",
    "Parent segments",
    "A report for one parent segment, a list of reports for none or several",
)
.shown(SHOWN)];

const SHOWN: &[&str] = &["id", "name", "rt_status", "ready"];

impl PsCheckArgs {
    /// The parent segments that are named.
    fn named(&self) -> &[String] {
        if self.ps.is_empty() { &self.parent_segments } else { &self.ps }
    }
}

/// Runs the command.
pub async fn run(args: &PsCheckArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let timeout = timeout(args);
    let client = ctx.client()?;
    if args.named().iter().any(|ps| ps == bulk::STDIN) {
        return check_lines(args, timeout, ctx).await;
    }
    if args.named().is_empty() {
        let reports = report_all(client).await?;
        if !reports.iter().any(enabled) {
            return Err(none_enabled().details(json!({ "parent_segments": reports })).into());
        }
        let ready = reports.iter().filter(|report| report.ready).count();
        let on = reports.iter().filter(|report| enabled(report)).count();
        let summary = counted(reports.len(), "parent segment") + &format!(": {on} RT-enabled, {ready} ready");
        return Ok(Outcome::read(json!(reports)).summary(summary));
    }
    let found = locate(ctx, args.named()).await?;
    if let [ps] = found.as_slice() {
        let report = check(args, timeout, ctx, ps).await?;
        let summary = format!("'{}' ({}) is {}", report.name, report.id, report.rt_status);
        return Ok(Outcome::read(json!(report)).summary(summary));
    }
    let reports = together(&found, each(found.iter().map(|ps| check(args, timeout, ctx, ps))).await)?;
    Ok(Outcome::read(json!(reports)).summary(format!("{} parent segments are RT-enabled", reports.len())))
}

/// Each line of stdin; one listing finds them all.
async fn check_lines(
    args: &PsCheckArgs,
    timeout: Option<Duration>,
    ctx: &Context,
) -> anyhow::Result<Outcome> {
    if args.named().len() > 1 {
        let error = Error::new(Code::Usage, "`-` stands alone: stdin has the parent segments");
        return Err(error.hint("write the other ones into stdin too").into());
    }
    let known = ParentSegments::new(ctx.client()?);
    let bulk = Bulk {
        writes: false,
        taken: &parent_segment_column,
        columns: &ctx.program.schemas.columns("ps-check").unwrap_or_default(),
        shown: SHOWN,
        flat: Value::clone,
        label: parent_segment_label,
        is_answer: |_| false,
        counts: None,
        each: async |item: Item| {
            let ps = known.find(&item.value).await?;
            Ok(json!(check(args, timeout, ctx, &ps).await?))
        },
    };
    bulk::run(ctx, &args.bulk, bulk).await
}

fn enabled(report: &Report) -> bool {
    report.rt_status != RealtimeStatus::NotInitialized
}

/// Ids need no listing; all names together need one.
async fn locate(ctx: &Context, wanted: &[String]) -> Result<Vec<ParentSegment>, Error> {
    let client = ctx.client()?;
    let listing = match wanted.iter().any(|ps| !is_id(ps)) {
        true => client.parent_segments().await?,
        false => Vec::new(),
    };
    let listing = &listing;
    all(wanted
        .iter()
        .map(|ps| async move { if is_id(ps) { find(client, ps).await } else { by_name(listing, ps) } }))
    .await
}

/// How long to wait; `None` without a wait.
fn timeout(args: &PsCheckArgs) -> Option<Duration> {
    match args.wait {
        Some(wait) => wait.or(args.timeout).or(Some(WAIT_TIMEOUT)),
        None => args.timeout,
    }
}

/// What several parent segments are like, where some are not as wanted: each of those by its name, and
/// the state of all of them, in order.
fn together(found: &[ParentSegment], checked: Vec<Result<Report, Error>>) -> Result<Vec<Report>, Error> {
    let (mut lines, mut states, mut first): (Vec<String>, Vec<Value>, Option<Error>) = Default::default();
    let mut retryable = true;
    for (ps, result) in found.iter().zip(&checked) {
        let error = match result {
            Ok(report) => {
                states.push(json!(report));
                continue;
            }
            Err(error) => error,
        };
        lines.push(format!("parent segment '{}' ({}): {}", ps.name, ps.id, error.message));
        let report = error.details.as_deref().and_then(|details| details.get("parent_segment"));
        let unknown = || json!({"id": ps.id, "name": ps.name, "error": error.message});
        states.push(report.cloned().unwrap_or_else(unknown));
        retryable &= error.retryable;
        first.get_or_insert_with(|| error.clone());
    }
    let Some(mut first) = first else { return checked.into_iter().collect() };
    first.message = lines.join("\n");
    first.retryable = retryable;
    Err(first.details(json!({ "parent_segments": states })))
}

async fn check(
    args: &PsCheckArgs,
    timeout: Option<Duration>,
    ctx: &Context,
    ps: &ParentSegment,
) -> Result<Report, Error> {
    let client = ctx.client()?;
    let mut report = report(client, ps).await?;
    if report.rt_status == RealtimeStatus::Updating
        && let Some(timeout) = timeout
    {
        let waited = wait(ctx, &ps.id, WaitOptions { timeout, interval: args.interval }).await;
        // What happened meanwhile, or at least what was there when time was up.
        report = self::report(client, ps).await?;
        waited.map_err(|error| error.details(json!({ "parent_segment": report })))?;
    }
    match report.rt_status {
        RealtimeStatus::Ok | RealtimeStatus::Initialized | RealtimeStatus::Unknown => Ok(report),
        RealtimeStatus::NotInitialized => Err(not_enabled(Some(&report))),
        RealtimeStatus::Inconsistent => Err(inconsistent(None, Some(&report))),
        RealtimeStatus::Updating => Err(updating(Some(&report))),
    }
}
