//! What is live as a plan, for the commands that read it in place of a file.

use super::parent_segment_only;
use crate::context::Context;
use crate::error::Error;
use crate::plan::Document;
use crate::plan::export::{export, leave_out};
use crate::steps::live::{Live, Parts};
use serde_json::{Map, Value, json};

/// What is live in a parent segment, as a plan; a warning names what a plan has no words for.
pub async fn live_plan(ctx: &Context, ps: Option<&String>) -> Result<Map<String, Value>, Error> {
    let ps = parent_segment_only(ctx, ps).await?;
    let parts = Parts::CONFIGURATION | Parts::SEGMENTS;
    let mut exported = export(&Live::read(ctx.client()?, &ps.id, parts).await?.state);
    // Plans are passed on, and a plan with a credential would be refused.
    while let Some(finding) = ctx.guard(&Document::from_root(exported.root.clone(), "export")).first() {
        if !leave_out(&mut exported.root, finding, &mut exported.warnings) {
            break;
        }
    }
    let mut root = Map::new();
    root.insert("parent_segment_id".into(), ps.id.clone().into());
    if !ps.name.is_empty() {
        root.insert("parent_segment_name".into(), ps.name.clone().into());
    }
    root.insert("site".into(), ctx.settings()?.site.value.as_str().into());
    root.extend(exported.root);
    for warning in &exported.warnings {
        ctx.ui.status(format!("warning: {warning}"));
    }
    if !exported.warnings.is_empty() {
        root.insert("warnings".into(), json!(exported.warnings));
    }
    Ok(root)
}
