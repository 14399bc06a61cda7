//! `tdx-rt diff`: a plan against what is live.

use super::input::{Step, read_document};
use super::pz_create::PzOptions;
use super::reconcile::{PruneArgs, Reconciliation, SavedPlan, counts, target};
use super::{DocumentArgs, Outcome, Text};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::Document;
use crate::plan::difference::unified;
use crate::ui::write_atomically;
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Exit code of `--exit-code` when there are changes.
const CHANGES: u8 = 10;

/// Show what a plan would change (steps 7-9)
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  tdx-rt diff plan.yaml
  tdx-rt diff plan.yaml --jq '.changes[] | [.action, .path] | @tsv'
  tdx-rt diff plan.yaml --exit-code || echo \"the account is not as the plan says\"
  tdx-rt diff plan.yaml --save plan.saved && tdx-rt apply plan.saved

What the platform fills in by itself is no difference. What the plan does not name stays, and is no
difference either.")]
pub struct DiffArgs {
    /// Plan to read (YAML or JSON; `-` for stdin)
    #[arg(value_name = "FILE", conflicts_with = "file")]
    plan: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    options: PzOptions,
    #[command(flatten)]
    prune: PruneArgs,
    /// Exit 10 when there are changes
    #[arg(long)]
    exit_code: bool,
    /// A unified diff also where stdout is no terminal
    #[arg(long)]
    pub unified: bool,
    /// Keep the plan with what it saw, for `apply FILE`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Runs the command.
pub async fn run(args: &DiffArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let documents =
        DocumentArgs { file: args.plan.clone().or(args.document.file.clone()), ..args.document.clone() };
    let document = read_document(&documents).await?;
    let document = document.unwrap_or_else(|| Document::from_root(Map::new(), "flags"));
    if SavedPlan::read(&document)?.is_some() {
        return Err(Error::new(Code::Usage, format!("{} is a saved plan", document.origin))
            .hint("`tdx-rt apply FILE` carries it out; to see it: jq .changes FILE")
            .into());
    }
    let plan = document.root.clone();
    let step = Step::of(ctx, document, args.document.ps.as_deref(), |_| Ok(false)).await?;
    let target = target(ctx, &step.ps.id)?;
    let name = args.prune.plan_name(&step.document.origin);
    let ownership = args.prune.ownership(ctx, &target, name.as_deref())?;
    let origin = step.document.origin.clone();
    let reconciliation = Reconciliation::make(ctx, step, &args.options, args.prune.prunes(), |step, live| {
        args.prune.pruning(ownership.as_ref(), step, live)
    })
    .await?;
    let text = unified(&reconciliation.live_document, &reconciliation.wanted_document, ("live", &origin))?;
    if let Some(file) = &args.save {
        let saved = SavedPlan::of(plan, name, target, &reconciliation, &args.options);
        let mut bytes = serde_json::to_vec_pretty(&saved)?;
        bytes.push(b'\n');
        write_atomically(file, &bytes)?;
    }
    let changed = !reconciliation.changes.is_empty();
    let Reconciliation { step, changes, .. } = reconciliation;
    let summary = match changed {
        true => counts(&changes),
        false => "no changes".to_owned(),
    };
    let document: Value = json!({
        "parent_segment": {"id": step.ps.id, "name": step.ps.name},
        "site": ctx.settings()?.site.value.as_str(),
        "plan": origin,
        "changed": changed,
        "changes": changes,
        "saved": args.save,
    });
    let text = Text { text: super::reconcile::coloured(&text, ctx), always: args.unified };
    let exit_code = if changed && args.exit_code { CHANGES } else { 0 };
    Ok(Outcome { text: Some(text), exit_code, ..Outcome::read(document).summary(summary) })
}
