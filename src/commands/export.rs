//! `tdx-rt export`: what is live as a plan.

use super::reconcile::configuration;
use crate::context::Context;
use crate::input::parent_segment_only;
use crate::outcome::{Outcome, Text};
use crate::plan::export::export;
use clap::Args;
use serde_json::{Map, Value, json};

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

/// Runs the command.
pub async fn run(args: &ExportArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let root = live_plan(ctx, args.ps.as_ref().or(args.ps_flag.as_ref())).await?;
    let count = |key: &str| root.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let summary = format!("{} key events, {} attributes", count("events"), count("attributes"));
    // A plan is for people first: on a terminal it is YAML.
    let text = Text { text: serde_saphyr::to_string(&root)?, always: false };
    Ok(Outcome { text: Some(text), ..Outcome::read(Value::Object(root)).summary(summary) })
}

/// What is live in a parent segment, as a plan; what a plan has no words for is told.
pub(super) async fn live_plan(ctx: &Context, ps: Option<&String>) -> anyhow::Result<Map<String, Value>> {
    let ps = parent_segment_only(ctx, ps).await?;
    let (_, live) = configuration(ctx, &ps.id, true, true).await?;
    let exported = export(&live);
    let mut root = Map::new();
    root.insert("parent_segment_id".into(), ps.id.clone().into());
    if !ps.name.is_empty() {
        root.insert("parent_segment_name".into(), ps.name.clone().into());
    }
    root.insert("site".into(), ctx.settings()?.site.value.as_str().into());
    root.extend(exported.root);
    for warning in &exported.warnings {
        ctx.ui.status(&format!("warning: {warning}"));
    }
    if !exported.warnings.is_empty() {
        root.insert("warnings".into(), json!(exported.warnings));
    }
    Ok(root)
}
