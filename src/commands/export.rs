//! `tdx-rt export`: what is live as a plan.

use crate::context::Context;
use crate::input::live_plan::live_plan;
use crate::outcome::{Outcome, Text};
use crate::plan::counted;
use crate::schema::Output;
use clap::Args;
use serde_json::Value;

/// Write what is live as a plan
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt export \"Customer 360\" --yaml > plan.yaml
  tdx-rt export 394649 --yaml -o plan.yaml && tdx-rt diff plan.yaml --exit-code
  tdx-rt apply plan.yaml --ps \"Customer 360\" --site eu01",
    after_help = "Names stand in place of ids, so that the plan can be applied to another parent segment or account.
What a plan has no words for is named in `warnings`; tokens are never exported."
)]
pub struct ExportArgs {
    /// Parent segment, by id or name
    #[arg(value_name = "PS", conflicts_with = "ps_flag")]
    ps: Option<String>,
    /// The same as a flag
    #[arg(long = "ps", id = "ps_flag", value_name = "PS")]
    ps_flag: Option<String>,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::file("export", include_str!("../schema/export.json"))];

/// Runs the command.
pub async fn run(args: &ExportArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let root = live_plan(ctx, args.ps.as_ref().or(args.ps_flag.as_ref())).await?;
    let count = |key: &str| root.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let summary = counted(count("events"), "key event") + ", " + &counted(count("attributes"), "attribute");
    // A plan is for people first: on a terminal it is YAML.
    let text = Text { text: serde_saphyr::to_string(&root)?.into(), always: false };
    Ok(Outcome { text: Some(text), ..Outcome::read(Value::Object(root)).summary(summary) })
}
