//! What is live as a plan, for the commands that read it in place of a file.

use crate::context::Context;
use crate::error::Error;
use crate::plan::Configuration;
use crate::plan::export::export;
use crate::steps::parent_segment::ParentSegment;
use serde_json::{Map, Value, json};

/// What is live in a parent segment, as a plan; a warning names what a plan has no words for.
pub fn live_plan(
    ctx: &Context,
    ps: &ParentSegment,
    live: &Configuration,
) -> Result<Map<String, Value>, Error> {
    let exported = export(live);
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
