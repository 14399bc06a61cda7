//! Which columns of the chosen tables become stitching keys (the workflow's step 5).

use super::{ExploredTable, is_id_like};

/// The workflow's favourites, in its order of recommendation.
const FAVOURITES: [&str; 5] = ["td_client_id", "email", "canonical_id", "user_id", "customer_id"];

/// The primary key and all stitching keys.
pub(super) struct PresetKeys {
    pub(super) primary: Option<String>,
    pub(super) stitching: Vec<String>,
}

/// The id-like columns of the tables, most common first. Key values must be strings, so columns of
/// numbers are taken only where there is no other. The primary key is `canonical_id` where an event
/// has it, else the key that most tables have.
pub(super) fn choose(tables: &[&ExploredTable]) -> PresetKeys {
    let mut keys = count(tables, false);
    if keys.is_empty() {
        keys = count(tables, true);
    }
    let favourite =
        |name: &str| FAVOURITES.iter().position(|known| *known == name).unwrap_or(FAVOURITES.len());
    keys.sort_by(|(left, left_tables), (right, right_tables)| {
        right_tables.cmp(left_tables).then_with(|| favourite(left).cmp(&favourite(right)))
    });
    let stitching: Vec<String> = keys.into_iter().map(|(name, _)| name).collect();
    let primary = stitching.iter().find(|name| *name == "canonical_id").or(stitching.first()).cloned();
    PresetKeys { primary, stitching }
}

/// Each id-like column with the number of tables that have it, in order of first occurrence.
fn count(tables: &[&ExploredTable], numbers: bool) -> Vec<(String, usize)> {
    let mut keys: Vec<(String, usize)> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.columns) {
        if !is_id_like(&column.name) || column.is_number() != numbers {
            continue;
        }
        match keys.iter_mut().find(|(name, _)| *name == column.name) {
            Some((_, tables)) => *tables = tables.saturating_add(1),
            None => keys.push((column.name.clone(), 1)),
        }
    }
    keys
}
