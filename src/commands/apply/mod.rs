//! `tdx-rt apply`: the whole plan in one process.

mod summary;

use crate::context::Context;
use crate::input::WaitArgs;
use crate::outcome::Outcome;
use crate::plan::shell_word;
use crate::schema::Output;
use crate::steps::desired::{Asked, Desired};
use crate::steps::items::named;
use crate::steps::live::Live;
use crate::steps::ownership::Ownership;
use crate::steps::saved::SavedPlan;
use crate::steps::undo::gone;
use crate::writing::{
    Change, Compared, OwnershipKnown, PlanArgs, YesArgs, carry_out, confirm_pruning, deleted, deleted_paths,
    report, write_all,
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use summary::Summary;

/// Do all steps of a plan at once (steps 7-9)
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt apply plan.yaml
  tdx-rt apply plan.yaml --ps \"Customer 360\" --jq .summary
  tdx-rt apply plan.yaml --dry-run --jq '.requests[] | .method + \" \" + .url'
  tdx-rt apply plan.yaml --prune --yes
  tdx-rt diff plan.yaml --save plan.saved && tdx-rt apply plan.saved
  tdx-rt undo --ps \"Customer 360\" --yes     # what was there before",
    after_help = "What is configured already stays. Applying twice changes nothing. What was there before is kept in a
journal, and `tdx-rt undo` restores it."
)]
pub struct ApplyArgs {
    #[command(flatten)]
    plan: PlanArgs,
    #[command(flatten)]
    yes: YesArgs,
    /// Journal of the state before [default: a new file in ~/.local/state/tdx-rt/journals]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Keep the tokens that are made in this file [default: ~/.local/state/tdx-rt/tokens.json]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::file("apply", include_str!("../../schema/apply.json"))
    .with::<(Summary, OwnershipKnown)>()
    .writes()
    .passes_on()];

/// Runs the command.
pub async fn run(args: &ApplyArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    ctx.keep_tokens_in(args.token_file.as_deref());
    let document = args.plan.read().await?;
    let origin = document.origin.clone();
    let mut look = format!("`{}`", args.plan.prune.diff(ctx, &origin, args.plan.ps())?);
    let compared = match SavedPlan::read(&document)? {
        Some(saved) => {
            look = format!("`jq .changes {}`", shell_word(&origin));
            args.plan.compare_saved(ctx, saved, &origin).await?
        }
        None => args.plan.compare(ctx, document).await?,
    };
    ctx.show_target()?;
    let [before, after] = [&compared.live.state, &compared.desired.state];
    let deleted = deleted(&compared.pruning, &compared.step.plan, before);
    let in_all = format!("{} in all. ", compared.tally);
    confirm_pruning(&args.yes, ctx, &deleted, gone(before, after), (&in_all, &look)).await?;
    let prunes = args.plan.prune.prunes() || !compared.pruning.paths.is_empty();
    // What the plan made is remembered afterwards, where it has a name and a file can be written.
    let known = compared.ownership.as_ref().and_then(Ownership::owner).is_some();
    let Compared { mut step, live, desired, options, pruning, parts, target, ownership: owner, .. } =
        compared;
    let plan = step.plan.clone();
    let source = step.document.clone();
    let asked = Asked { document: &source, plan: &plan, whole: &plan, options: &options };
    let again = |live: &Live, _: &_| Desired::of_plan(asked, live, &pruning);
    let change = Change {
        origin: &source.origin,
        journal: args.journal.as_deref(),
        owned: owner.as_ref().map(|owner| (owner, named(&plan, &live.state))),
        plan: plan.clone(),
        ..Change::new("apply", &target, parts, &again, args.wait.waiting())
    };
    let mut written = carry_out(ctx, &change, live, desired).await?;
    written.deleted = deleted;
    write_all(ctx, &mut step, &written)?;
    let summary = summary::summary(&step, &written, &pruning);
    let text = summary.text(&deleted_paths(&written.deleted));
    let root = &mut step.document.root;
    root.insert("summary".into(), json!(summary));
    root.insert("ownership".into(), json!(OwnershipKnown::of(known)));
    if prunes {
        written.note_deleted(root);
    }
    root.insert("journal".into(), json!(written.journal));
    let report = report(ctx, &written.executed.done, &text);
    Ok(Outcome::new(step.finish(ctx)?).summary(text).report(report))
}
