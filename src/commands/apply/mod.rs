//! `tdx-rt apply`: the whole plan in one process.

mod summary;

use super::journey_create::make;
use super::pz_create::check_tokens;
use super::reconcile::{
    Carried, Compared, PlanArgs, Pruning, Reconciliation, SavedPlan, YesArgs, carry_out, configuration,
    counts, target,
};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{Step, WaitArgs};
use crate::outcome::Outcome;
use crate::plan::{Configuration, Document};
use crate::platform::wire::RealtimeStatus;
use crate::steps::journal::{Journal, Target, default_path};
use crate::steps::ownership::{Items, Ownership, items, named};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Do all steps of a plan at once (steps 7-9)
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt apply plan.yaml
  tdx-rt apply plan.yaml --ps \"Customer 360\" --jq .summary
  tdx-rt apply plan.yaml --dry-run --jq '.requests[] | .method + \" \" + .url'
  tdx-rt apply plan.yaml --prune --yes
  tdx-rt diff plan.yaml --save plan.saved && tdx-rt apply plan.saved
  tdx-rt undo --ps \"Customer 360\"           # what was there before",
    after_help = "What is configured already stays. Applying twice changes nothing. What was there before is kept in a
journal, and `tdx-rt undo` restores it."
)]
pub struct ApplyArgs {
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    yes: YesArgs,
    /// Journal of what was there before [default: a new file in ~/.local/state/tdx-rt/journals]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Keep the tokens that are made in this file [default: ~/.local/state/tdx-rt/tokens.json]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// What is to be carried out, and where it is noted.
struct Job {
    reconciliation: Reconciliation,
    target: Target,
    ownership: Option<Ownership>,
    live: Configuration,
    /// What is not there yet.
    new: Items,
    /// What the plan names.
    named: BTreeSet<String>,
}

/// Runs the command.
pub async fn run(args: &ApplyArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    ctx.keep_tokens_in(args.token_file.as_deref());
    let job = prepare(args, ctx).await?;
    ctx.tell_target()?;
    let counted = format!("{} in all. ", counts(&job.reconciliation.changes));
    args.yes.confirm(ctx, &job.reconciliation.pruning, &counted).await?;
    let plans = &job.reconciliation.step.plan.personalizations;
    check_tokens(ctx, plans, job.reconciliation.options(), &job.reconciliation.before.personalization)?;
    let journal = record(args, ctx, &job)?;
    let status_before = job.reconciliation.before.setting.status;
    let Job { reconciliation, ownership, new, named, target, .. } = job;
    let ownership = ownership.filter(|_| !ctx.requests.dry_run);
    if let Some(ownership) = &ownership {
        // Before anything is made, so that a process that is killed in between still knows it.
        ownership.begin(&new, &named, journal.as_ref().map(|journal| journal.place()))?;
    }
    let prunes = args.plan.prune.prunes() || !reconciliation.pruning.paths.is_empty();
    let mut carried = match carry_out(ctx, reconciliation).await {
        Ok(carried) => carried,
        Err(error) => return Err(half_way(error, journal.as_deref()).into()),
    };
    let ps = target.parent_segment.as_str();
    if let Err(error) = launch(args, ctx, ps, &mut carried).await {
        return Err(half_way(error, journal.as_deref()).into());
    }
    let status = args.wait.settle(ctx, ps, status_before, carried.changed);
    let note = note(ctx, &carried, journal.as_deref(), ownership.as_ref(), &target);
    let (status, noted) = tokio::join!(status, note);
    if let Err(error) = noted {
        // What was asked for is done; a token in the document is shown only once.
        ctx.ui.warn(&format!("applied, but what is there now could not be noted: {error}"));
    }
    finish(ctx, carried, status?.unwrap_or(RealtimeStatus::Updating), journal.as_deref(), prunes)
}

/// Launches, pauses and resumes the plan's journeys, and notes them.
async fn launch(args: &ApplyArgs, ctx: &Context, ps: &str, carried: &mut Carried) -> Result<(), Error> {
    if carried.journeys.is_empty() {
        return Ok(());
    }
    let plans = carried.step.plan.journeys.clone();
    let wait = args.wait.waits().then(|| args.wait.options());
    carried.changed |= make::launch_all(ctx, ps, &plans, &mut carried.journeys, wait).await?;
    make::note(&mut carried.step, ctx, &carried.journeys)
}

/// The document, with the summary.
fn finish(
    ctx: &Context,
    carried: Carried,
    status: RealtimeStatus,
    journal: Option<&Journal>,
    prunes: bool,
) -> anyhow::Result<Outcome> {
    let Carried { mut step, setting, events, deleted, .. } = carried;
    step.note_status(status);
    let summary = summary::summary(&step, &setting, &events, status, deleted.len());
    let text = summary::text(&summary, !step.plan.personalizations.is_empty());
    let root = &mut step.document.root;
    root.insert("summary".into(), summary);
    if prunes {
        let deleted: Vec<Value> = deleted.iter().map(|(path, id)| json!({"path": path, "id": id})).collect();
        root.insert("deleted".into(), Value::Array(deleted));
    }
    root.insert("journal".into(), json!(journal.and_then(Journal::path)));
    Ok(Outcome::new(step.finish(ctx)?).summary(text))
}

/// Reads plan and live state, and checks all that can be checked.
async fn prepare(args: &ApplyArgs, ctx: &Context) -> Result<Job, Error> {
    let document = args.plan.read().await?;
    if let Some(saved) = SavedPlan::read(&document)? {
        return prepare_saved(args, ctx, saved, &document.origin).await;
    }
    let Compared { reconciliation, target, ownership, .. } = args.plan.reconcile(ctx, document).await?;
    Ok(job(reconciliation, target, ownership))
}

/// The same for a saved plan, which must still fit.
async fn prepare_saved(
    args: &ApplyArgs,
    ctx: &Context,
    saved: SavedPlan,
    origin: &str,
) -> Result<Job, Error> {
    if args.plan.ps().is_some() || args.plan.prune.is_given() || args.plan.options.is_given() {
        return Err(Error::new(
            Code::Usage,
            format!("{origin} is a saved plan, which says all of this itself"),
        )
        .hint("leave the flags out, or pass them to `tdx-rt diff --save`"));
    }
    let target = target(ctx, &saved.target.parent_segment)?;
    saved.check_target(&target, origin)?;
    let document = Document::from_root(saved.plan.clone(), origin);
    let step = Step::of(ctx, document, Some(&saved.target.parent_segment), |_| Ok(false)).await?;
    let ownership = args.plan.prune.own.ownership(ctx, &target, saved.name.as_deref())?;
    let pruning = Pruning { paths: saved.prune.clone() };
    let prunes = !pruning.paths.is_empty();
    let reconciliation = Reconciliation::make(ctx, step, &saved.options, prunes, |_, _| Ok(pruning)).await?;
    saved.check_unchanged(&reconciliation, origin)?;
    Ok(job(reconciliation, target, ownership))
}

fn job(reconciliation: Reconciliation, target: Target, ownership: Option<Ownership>) -> Job {
    let live = reconciliation.before.configuration();
    let there = items(&live);
    let mut new = items(reconciliation.after());
    new.retain(|path, _| !there.contains_key(path));
    let named = named(&reconciliation.step.plan, &live);
    Job { reconciliation, target, ownership, live, new, named }
}

/// Begins the journal; a dry run has none, nor has a run that has no place for it.
fn record(args: &ApplyArgs, ctx: &Context, job: &Job) -> Result<Option<Arc<Journal>>, Error> {
    if ctx.requests.dry_run {
        return Ok(None);
    }
    let state_dir = ctx.settings()?.state_dir.clone();
    let path = args.journal.clone().or_else(|| state_dir.map(|dir| default_path(&dir, &job.target)));
    let Some(path) = path else {
        ctx.ui.warn("there is no home folder for a journal, so `undo` will not be possible; TDX_RT_STATE_DIR names another");
        return Ok(None);
    };
    if path.exists() {
        return Err(Error::new(Code::Usage, format!("the journal {} is there already", path.display()))
            .hint("a journal is about one run: name a new file"));
    }
    let origin = &job.reconciliation.step.document.origin;
    let journal = Arc::new(Journal::new(path, job.target.clone(), origin, job.ownership.as_ref(), &job.live));
    if !job.reconciliation.changes.is_empty() {
        journal.check()?;
    }
    ctx.client()?.record(Box::new(Arc::clone(&journal)));
    Ok(Some(journal))
}

/// Notes what is there now in the journal, and what this plan has made.
async fn note(
    ctx: &Context,
    carried: &Carried,
    journal: Option<&Journal>,
    ownership: Option<&Ownership>,
    target: &Target,
) -> Result<(), Error> {
    if journal.and_then(Journal::path).is_none() {
        return Ok(());
    }
    let journeys = !carried.step.plan.journeys.is_empty() || !carried.deleted.is_empty();
    let (_, now) = configuration(ctx, &target.parent_segment, false, journeys).await?;
    if let Some(journal) = journal {
        journal.finish(&now)?;
    }
    let Some(ownership) = ownership else { return Ok(()) };
    ownership.settle(&items(&now))?;
    ownership.remove(&carried.deleted)
}

/// An error after the first write says what to do.
fn half_way(error: Error, journal: Option<&Journal>) -> Error {
    let Some(path) = journal.and_then(Journal::path) else { return error };
    let next = format!(
        "what was written before stays; run the command again to finish, or take it back: tdx-rt undo {}",
        path.display()
    );
    let hint = match &error.hint {
        Some(hint) => format!("{hint}\n{next}"),
        None => next,
    };
    error.hint(hint).detail("journal", json!(path))
}
