//! `tdx-rt diff`: a plan against what is live.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::write_atomically;
use crate::outcome::{Outcome, Text};
use crate::plan::Finding;
use crate::plan::difference::{Difference, comments, unified};
use crate::platform::sites::Site;
use crate::schema::Output;
use crate::steps::change::Tally;
use crate::steps::saved::SavedPlan;
use crate::steps::undo::gone;
use crate::ui::Shown;
use crate::writing::{Compared, NoLongerNamed, OwnershipKnown, PlanArgs};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
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

/// What a plan would change.
#[derive(Serialize, JsonSchema)]
struct DiffDocument {
    parent_segment: ComparedParentSegment,
    site: Site,
    /// File of the plan, or stdin
    plan: String,
    /// Whether there are changes
    changed: bool,
    changes: Vec<Difference>,
    items: Tally,
    ownership: OwnershipKnown,
    /// What the plan made, is still live and is not named by it any more; null where ownership is unknown
    no_longer_named: Option<Vec<NoLongerNamed>>,
    /// What does not come back, as sentences
    lost: Vec<String>,
    /// File of --save
    saved: Option<PathBuf>,
    /// What may be wrong with the plan; absent where there is nothing
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<PlanWarning>")]
    warnings: Option<Value>,
}

/// The parent segment of a plan.
#[derive(Serialize, JsonSchema)]
struct ComparedParentSegment {
    id: String,
    /// Empty where only the id is known
    name: String,
}

/// A warning, as a check of this program or another one wrote it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the schema")]
enum PlanWarning {
    Finding(Finding),
    Text(String),
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[Output::of::<DiffDocument>("diff", "Difference", "What a plan would change").rows("changes")];

/// Runs the command.
pub async fn run(args: &DiffArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let document = args.plan.read().await?;
    if SavedPlan::read(&document)?.is_some() {
        return Err(Error::new(Code::Usage, format!("{} is a saved plan", document.origin))
            .hint("`tdx-rt apply FILE` carries it out; to see it: jq .changes FILE")
            .into());
    }
    let plan = document.root.clone();
    let compared = args.plan.compare(ctx, document).await?;
    let origin = compared.step.document.origin.clone();
    let [live, wanted] = &compared.documents;
    let text = unified(live, wanted, ("live", &origin))?;
    let ownership = compared.ownership_known();
    let Compared { step, live, desired, pruning, changes, tally, target, name, no_longer_named, .. } =
        compared;
    if let Some(file) = &args.save {
        let both = [&live.state, &desired.state];
        let options = (args.plan.options.options(), pruning.paths);
        let saved = SavedPlan::of(plan, (name, target), options, &changes, both);
        let mut bytes = serde_json::to_vec_pretty(&saved)?;
        bytes.push(b'\n');
        write_atomically(file, &bytes)?;
    }
    let changed = !changes.is_empty();
    let left = no_longer_named.as_deref().unwrap_or_default();
    let mut summary = match (changed, left.is_empty()) {
        (true, _) => tally.to_string(),
        (false, true) if no_longer_named.is_none() => {
            "no changes; what this plan made earlier is not known here, so neither is what it no longer names"
                .to_owned()
        }
        (false, true) => "no changes".to_owned(),
        (false, false) => "nothing to create or to update".to_owned(),
    };
    let lost = gone(&live.state, &desired.state);
    for same in left.chunk_by(|a, b| how(a) == how(b)) {
        let paths: Vec<&str> = same.iter().map(|left| left.path.as_str()).collect();
        let how = same.first().map(how).unwrap_or_default();
        summary.push_str(&format!("; no longer named: {}{how}", paths.join(", ")));
    }
    let text = comments("lost", &lost) + &comments("no longer named", left.iter().map(shown)) + &text;
    if args.unified && !left.is_empty() && !changed {
        ctx.ui.warn(&summary);
    }
    let document = DiffDocument {
        parent_segment: ComparedParentSegment { id: step.ps.id, name: step.ps.name },
        site: ctx.settings()?.site.value,
        plan: origin,
        changed,
        changes,
        items: tally,
        ownership,
        no_longer_named,
        lost,
        saved: args.save.clone(),
        warnings: step.document.root.get("warnings").cloned(),
    };
    let text = Text::new(Shown::diff(&text, ctx.ui.colours_stdout()), args.unified);
    let exit_code = if changed && args.exit_code { CHANGES } else { 0 };
    Ok(Outcome { text: Some(text), exit_code, ..Outcome::read(json!(document)).summary(summary) })
}

/// What is no longer named, and how it is deleted.
fn shown(item: &NoLongerNamed) -> String {
    item.path.clone() + &how(item)
}

/// How something that is no longer named is deleted, or why it can't be, in brackets.
fn how(item: &NoLongerNamed) -> String {
    match &item.delete_with {
        Some(command) => format!(" ({command} deletes it)"),
        None if item.used_by.is_empty() => " (it stays: a command would delete more than this)".to_owned(),
        None => format!(" (it stays, used by {})", item.used_by.join(", ")),
    }
}
