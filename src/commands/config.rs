//! `tdx-rt config`: what was resolved, and from where.

use crate::context::Context;
use crate::outcome::Outcome;
use crate::schema::Output;
use crate::settings::Shown;
use crate::ui::Report;
use clap::Args;
use serde_json::{Value, json};

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
    let document = json!(ctx.settings()?.shown());
    let report = report(&document, ctx);
    Ok(Outcome::read(document).report(report))
}

/// The settings, then where they are looked for, for people.
fn report(document: &Value, ctx: &Context) -> Report {
    let all = document.as_object().into_iter().flatten();
    let settings = all.filter(|(_, setting)| setting.get("origin").is_some()).map(|(name, setting)| {
        json!({"setting": name, "value": setting.get("value"), "origin": setting.get("origin")})
    });
    let settings: Vec<Value> = settings.collect();
    let hosts: Vec<(&str, &Value)> = document
        .get("hosts")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, host)| (name.as_str(), host))
        .collect();
    let short = |mut layer: Value| {
        if let Some(Value::String(file)) = layer.get_mut("file") {
            *file = ctx.env.short(file);
        }
        layer
    };
    let layers = document.get("layers").and_then(Value::as_array).into_iter().flatten();
    let layers: Vec<Value> = layers.cloned().map(short).collect();
    Report::new(ctx.ui.page())
        .table(&settings, &["setting", "value", "origin"])
        .title("Hosts")
        .record(&hosts)
        .title("Places of settings, the first wins")
        .table(&layers, &["layer", "state", "gives", "file"])
        .title("Places of keys, the first wins")
        .rows(document.get("key_sources"), &["source", "found"])
}
