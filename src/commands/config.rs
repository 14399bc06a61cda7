//! `tdx-rt config`: what was resolved, and from where.

use crate::context::Context;
use crate::outcome::Outcome;
use crate::schema::Output;
use crate::settings::Shown;
use clap::Args;
use serde_json::json;

/// Show every setting with its origin; the key is masked
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt config
  tdx-rt config --jq '.site.value'
  tdx-rt config --site tokyo --jq .hosts")]
pub struct ConfigArgs {}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::of::<Shown>("config", "Settings", "Every setting with its origin")];

/// Runs the command.
pub async fn run(_: &ConfigArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    Ok(Outcome::read(json!(ctx.settings()?.shown())))
}
