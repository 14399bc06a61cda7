//! `tdx-rt config`: what was resolved, and from where.

use crate::context::Context;
use crate::outcome::Outcome;
use clap::Args;

/// Show every setting with its origin; the key is masked
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt config
  tdx-rt config --jq '.site.value'
  tdx-rt config --site tokyo --jq .hosts")]
pub struct ConfigArgs {}

/// Runs the command.
pub fn run(_: &ConfigArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    Ok(Outcome::read(ctx.settings()?.to_json()))
}
