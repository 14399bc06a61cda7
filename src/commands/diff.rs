//! `tdx-rt diff`: a plan against what is live.

use super::reconcile::{Compared, PlanArgs, Reconciliation, SavedPlan, coloured, counts};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::write_atomically;
use crate::outcome::{Outcome, Text};
use crate::plan::difference::unified;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Exit code of `--exit-code` when there are changes.
const CHANGES: u8 = 10;

/// Show what a plan would change (steps 7-9)
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt diff plan.yaml
  tdx-rt diff plan.yaml --jq '.changes[] | [.action, .path] | @tsv'
  tdx-rt diff plan.yaml --exit-code || echo \"the account is not as the plan says\"
  tdx-rt diff plan.yaml --save plan.saved && tdx-rt apply plan.saved",
    after_help = "What the platform fills in by itself is no difference. What the plan does not name stays, and is no
difference either.

Exit codes: 0 compared · 10 with --exit-code, when there are changes"
)]
pub struct DiffArgs {
    #[command(flatten)]
    plan: PlanArgs,
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
    let document = args.plan.read().await?;
    if SavedPlan::read(&document)?.is_some() {
        return Err(Error::new(Code::Usage, format!("{} is a saved plan", document.origin))
            .hint("`tdx-rt apply FILE` carries it out; to see it: jq .changes FILE")
            .into());
    }
    let plan = document.root.clone();
    let Compared { reconciliation, target, name, .. } = args.plan.reconcile(ctx, document).await?;
    let origin = reconciliation.step.document.origin.clone();
    let text = unified(&reconciliation.live_document, &reconciliation.wanted_document, ("live", &origin))?;
    if let Some(file) = &args.save {
        let saved = SavedPlan::of(plan, name, target, &reconciliation, &args.plan.options);
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
    let mut document = json!({
        "parent_segment": {"id": step.ps.id, "name": step.ps.name},
        "site": ctx.settings()?.site.value.as_str(),
        "plan": origin,
        "changed": changed,
        "changes": changes,
        "saved": args.save,
    });
    if let (Some(warnings), Some(map)) = (step.document.root.get("warnings"), document.as_object_mut()) {
        map.insert("warnings".into(), warnings.clone());
    }
    let text = Text { text: coloured(&text, ctx), always: args.unified };
    let exit_code = if changed && args.exit_code { CHANGES } else { 0 };
    Ok(Outcome { text: Some(text), exit_code, ..Outcome::read(document).summary(summary) })
}
