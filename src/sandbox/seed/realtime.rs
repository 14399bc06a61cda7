//! The real-time configuration of a seed, checked as the API checks it.

use super::document::{CatalogSeed, RealtimeSeed};
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Store;
use crate::sandbox::store::body::Object;
use crate::sandbox::store::catalog::{StoredTable, cdp_type};
use crate::sandbox::store::rollout::Rollout;
use serde_json::{Value, json};

/// The part that is wrong (after a comma, or empty), and the error.
pub type Wrong = (String, String);

/// Configures a parent segment. `created` and `now`: milliseconds since the epoch.
pub fn configure(
    store: &mut Store,
    id: &str,
    seed: &RealtimeSeed,
    created: i64,
    now: i64,
) -> Result<(), Wrong> {
    let whole = |refusal: Refusal| (String::new(), refusal.message());
    if let Some(setting) = &seed.setting {
        let mut edit = store.edit(id, created).map_err(whole)?;
        edit.update_setting(&filled(setting)).map_err(|r| (", setting".to_owned(), r.message()))?;
    }
    for event in &seed.key_events {
        let name = event.get("name").and_then(Value::as_str).unwrap_or_default();
        let mut edit = store.edit(id, created).map_err(whole)?;
        let made = edit.create_key_event(&with_filter(event));
        made.map_err(|r| (format!(", key event '{name}'"), r.message()))?;
    }
    for catalog in &seed.catalogs {
        let wrong = |reason: String| (format!(", catalog '{}'", catalog.name), reason);
        let master = store.segment(id).map_err(whole)?.master.database.clone();
        let (database, table) = catalog.table.split_once('.').unwrap_or((&master, &catalog.table));
        let missing = |_| wrong(format!("there is no table '{database}.{table}'"));
        let body = lookup(catalog, store.catalog.table(database, table).map_err(missing)?).map_err(wrong)?;
        let mut edit = store.edit(id, created).map_err(whole)?;
        edit.create_attribute(&body).map_err(|r| wrong(r.message()))?;
    }
    let rollout = match (seed.status, seed.settles_after_seconds) {
        (RealtimeStatus::Updating, Some(seconds)) => {
            Rollout::until(now.saturating_add(seconds.saturating_mul(1_000)))
        }
        (status, _) => Rollout::at(status),
    };
    if let Some(realtime) = store.segment_mut(id).map_err(whole)?.0.realtime.as_mut() {
        realtime.rollout = rollout;
    }
    Ok(())
}

/// The API needs all four fields; a seed may leave out those that are empty.
fn filled(setting: &Object) -> Object {
    let mut filled = setting.clone();
    for list in ["keyColumns", "eventTables", "batchAttributes"] {
        filled.entry(list).or_insert_with(|| json!([]));
    }
    filled.entry("extLookupKey").or_insert(Value::Null);
    filled
}

/// The API needs a filter; a seed may leave it out.
fn with_filter(event: &Object) -> Object {
    let mut filled = event.clone();
    filled.entry("filterRule").or_insert_with(|| json!({"type": "And", "conditions": []}));
    filled
}

/// The body of a lookup catalog attribute; types come from the table.
fn lookup(seed: &CatalogSeed, table: &StoredTable) -> Result<Object, String> {
    let kind = |name: &String| {
        let column = table.columns.iter().find(|column| column.name == *name);
        column.map(cdp_type).ok_or_else(|| format!("the table '{}' has no column '{name}'", table.name))
    };
    let all = || table.columns.iter().map(|column| column.name.clone()).filter(|name| name != "time");
    let columns: Vec<String> = seed.columns.clone().unwrap_or_else(|| all().collect());
    let columns: Vec<Value> = columns
        .iter()
        .map(|name| Ok(json!({"name": name, "dataType": kind(name)?})))
        .collect::<Result<_, String>>()?;
    let keys: Vec<Value> = seed
        .keys
        .iter()
        .map(|name| Ok(json!({"id": name, "type": kind(name)?})))
        .collect::<Result<_, String>>()?;
    let mut body = Object::new();
    body.insert("name".into(), json!(seed.name));
    let identifier = seed.identifier.clone().unwrap_or_else(|| identifier(&seed.name));
    body.insert("identifier".into(), json!(identifier));
    body.insert("type".into(), json!("lookupCatalog"));
    body.insert("lookupCatalogTableName".into(), json!(seed.table));
    body.insert("lookupCatalogColumns".into(), Value::Array(columns));
    body.insert("lookupKeys".into(), Value::Array(keys));
    Ok(body)
}

fn identifier(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(letter).collect()
}
