//! `tdx-rt export`: what is live as a plan.

use crate::context::Context;
use crate::input::OnePsArgs;
use crate::input::live_plan::live_plan;
use crate::input::plan_error;
use crate::outcome::{Outcome, Text};
use crate::plan::seed::{Seeded, seed};
use crate::plan::{CheckedPlan, Document, Plan, counted};
use crate::schema::Output;
use crate::steps::account::known_account;
use crate::steps::parent_segment::ParentSegment;
use clap::Args;
use serde_json::{Map, Value};

/// Write what is live as a plan
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt export \"Customer 360\" --yaml > plan.yaml
  tdx-rt export 394649 --yaml -o plan.yaml && tdx-rt diff plan.yaml --exit-code
  tdx-rt apply plan.yaml --ps \"Customer 360\" --site eu01
  tdx-rt export 394649 --seed > seed.yaml      # for tdx-rt sandbox --seed-file",
    after_help = "Names stand in place of ids, so that the plan can be applied to another parent segment or account.
What a plan has no words for is named in `warnings`; tokens are never exported."
)]
pub struct ExportArgs {
    #[command(flatten)]
    ps: OnePsArgs,
    /// Write a seed file (YAML) for a sandbox in which the plan makes sense, instead of the plan
    ///
    /// It has the real databases, tables, columns, batch attributes and segments, and made-up customers: no
    /// record is read.
    #[arg(long)]
    pub seed: bool,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::file("export", include_str!("../schema/export.json"))];

/// Runs the command.
pub async fn run(args: &ExportArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let root = live_plan(ctx, args.ps.ps()).await?;
    if args.seed {
        return seed_file(ctx, root).await;
    }
    let count = |key: &str| root.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let summary = counted(count("events"), "key event") + ", " + &counted(count("attributes"), "attribute");
    // A plan is for people first: on a terminal it is YAML.
    let text = serde_saphyr::to_string(&root)?;
    Ok(Outcome::read(Value::Object(root)).text(text).summary(summary))
}

/// A seed file for what is live.
async fn seed_file(ctx: &Context, root: Map<String, Value>) -> anyhow::Result<Outcome> {
    let text = |key: &str| root.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ps = ParentSegment { id: text("parent_segment_id"), name: text("parent_segment_name") };
    let document = Document::from_root(root, "the export");
    let CheckedPlan { plan, .. } = Plan::read(&document).map_err(plan_error)?;
    let known = known_account(ctx.client()?, &ps, &plan).await?;
    for table in &known.hidden {
        ctx.ui
            .warn(&format!("the key may not see the table {table}: it has the columns that the plan needs"));
    }
    if known.connections_hidden {
        ctx.ui.warn("the key may not list the connections: their names are made up");
    }
    let Seeded { file, notes } = seed(&plan, &known);
    for note in notes {
        ctx.ui.warn(&format!("{note}: a sandbox with this seed does not have it either"));
    }
    let tables: usize = file.databases.iter().map(|database| database.tables.len()).sum();
    let text = Text::new(serde_saphyr::to_string(&file)?, true);
    let summary = counted(tables, "table") + "; no record was read";
    Ok(Outcome { text: Some(text), ..Outcome::read(Value::Null).summary(summary) })
}
