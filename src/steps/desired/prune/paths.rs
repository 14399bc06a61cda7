//! Paths as people write them.

use crate::error::{Code, Error};
use crate::plan::nearest::{meant, nearest};
use crate::steps::ownership::Items;
use std::collections::BTreeSet;

/// The items that a path of the command line names: as errors and `deleted` write it, or as `diff`
/// does.
pub(super) fn find(wanted: &str, there: &Items, named: &BTreeSet<String>) -> Result<Vec<String>, Error> {
    let fits = |path: &&String| *path == wanted || as_in_diff(path).iter().any(|other| other == wanted);
    let found: Vec<String> = there.keys().filter(fits).cloned().collect();
    if let Some(path) = found.iter().find(|path| named.contains(*path)) {
        return Err(Error::new(Code::Usage, format!("'{path}' can't be deleted: the plan names it")));
    }
    if found.is_empty() {
        let error = Error::new(Code::NotFound, format!("there is no '{wanted}' to delete"));
        return Err(match nearest(wanted, there.keys().map(String::as_str)) {
            Some(near) => error.hint(meant(wanted, near)),
            None => error.hint("`tdx-rt export` shows what there is; items are named like attributes.NAME"),
        });
    }
    Ok(found)
}

/// How `diff` spells a path.
fn as_in_diff(path: &str) -> Vec<String> {
    let Some((kind, rest)) = path.split_once('.') else { return Vec::new() };
    match kind {
        "event_tables" => vec![format!("event_tables.{}", rest.trim_matches('"'))],
        "id_stitching" => vec![format!("id_stitching.stitching_keys.{rest}")],
        "services" => vec![format!("personalization_services.{rest}")],
        "personalizations" => match parts(rest).as_slice() {
            [name] => vec![format!("personalization_services.{name}")],
            [name, section] => vec![format!("personalization_services.{name}.sections.{section}")],
            [name, section, output] => ["attributes", "strings", "catalogs", "batch_segments"]
                .map(|list| format!("personalization_services.{name}.sections.{section}.{list}.{output}"))
                .to_vec(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The parts of a path; dots inside quotes divide nothing.
fn parts(path: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in path.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => {
                parts.extend(path.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(path.get(start..));
    parts
}
