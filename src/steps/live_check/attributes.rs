//! Attributes: their events, columns and batch attributes, and what of them is fixed.

use super::{Checker, unknown};
use crate::error::{Code, Error};
use crate::plan::nearest::{named, same_name};
use crate::plan::{Attribute, AttributeKind, Configuration, import_column};
use crate::steps::desired::attributes::{GivenFields, Named, WantedAttribute, bring};
use crate::steps::desired::setting::{WantedKey, WantedSetting, merge};
use std::collections::HashSet;

/// What [`bring`] says cannot change, and the keys of a plan that say it.
const FIXED: [(&str, &[&str]); 12] = [
    ("type", &["type"]),
    ("key event", &["source_event"]),
    ("filter", &["where", "filter"]),
    ("value column", &["source_field"]),
    ("id column", &["id_field", "source_field"]),
    ("data type", &["data_type"]),
    ("backfill", &["backfill"]),
    ("mark sensitive:", &["sensitive", "sensitivity"]),
    ("catalog table", &["catalog_table"]),
    ("increment", &["increment", "source_field", "aggregation", "type"]),
    ("counter type", &["window_duration", "windows", "duration", "expiry_days", "expiry"]),
    ("time to live", &["expiry", "expiry_days", "window_duration", "duration"]),
];

/// Brings the attributes that are right into the configuration; the names of those of which it is not
/// known what they will be, because they are wrong.
pub(super) fn check(checker: &mut Checker<'_>, state: &mut Configuration) -> HashSet<String> {
    let plan = checker.plan;
    let mut unsure = checker.attribute_names.clone();
    let mut good = Vec::new();
    for attribute in &plan.attributes {
        if let Some(wanted) = wanted(checker, attribute)
            && compare(checker, attribute, &wanted)
        {
            unsure.remove(&attribute.name);
            good.push(wanted);
        }
    }
    if let Err(error) = together(checker, &good, state) {
        unsure.clone_from(&checker.attribute_names);
        let pointer = checker.at("", &["attributes", "id_stitching"]);
        checker.error("limit-exceeded", &pointer, &error);
    }
    unsure
}

fn named_live<'a>(checker: &Checker<'a>) -> Named<'a> {
    Named { before: checker.before, ps: &checker.live.ps }
}

/// All of them at once, with the stitching keys as they will be: the limit on both.
fn together(checker: &Checker<'_>, good: &[WantedAttribute], state: &mut Configuration) -> Result<(), Error> {
    let live = &checker.live.state;
    let key = |column| WantedKey { column, ..WantedKey::default() };
    let keys = checker.plan.id_stitching.iter().flat_map(|stitching| stitching.key_columns()).map(key);
    let wanted = WantedSetting { keys: keys.collect(), ..WantedSetting::default() };
    let adds = !good.is_empty() || !wanted.keys.is_empty();
    let mut trial = state.clone();
    // More keys than there may be are an error of their own.
    let keys = merge(&live.setting, &wanted).map(|merged| merged.key_columns).unwrap_or_default();
    trial.setting.key_columns = if adds { keys } else { Vec::new() };
    bring(good, &mut trial, &checker.live.batch, named_live(checker))?;
    (state.attributes, state.setting.batch_attributes) = (trial.attributes, trial.setting.batch_attributes);
    Ok(())
}

/// The wire form, when that can be known; its events, columns and backfill are checked.
fn wanted(checker: &mut Checker<'_>, attribute: &Attribute) -> Option<WantedAttribute> {
    if let Some(column) = attribute.imported_column() {
        return Some(WantedAttribute::Imported { name: attribute.name.clone(), column: column.to_owned() });
    }
    let by = format!("attribute '{}'", attribute.name);
    backfill(checker, attribute);
    let is_number = source(checker, attribute, &by);
    actions(checker, attribute, &by);
    let events = &checker.events;
    let id = |name: &str| named(events, name, |event| &event.name)?.id.clone();
    let wire = attribute.to_wire(&id, is_number).ok()?;
    let given = GivenFields::of(|keys| checker.gives(&attribute.at, keys));
    Some(WantedAttribute::Own { attribute: Box::new(wire), given })
}

/// The event that feeds it, and the columns that it takes. Returns whether its value is a number.
fn source(checker: &mut Checker<'_>, attribute: &Attribute, by: &str) -> Option<bool> {
    let name = attribute.source_event()?;
    let at = format!("{}/source_event", attribute.at);
    checker.event(&at, name);
    let table = checker.table_of(name)?;
    let live = checker.live;
    let is_planned = checker.plan.events.iter().any(|event| event.name == name);
    if let (Some(missing), false) = (live.schemas.missing(&table), is_planned) {
        checker.error("unknown-table", &at, &missing.error);
    }
    if !live.schemas.has(&table) {
        return None;
    }
    let places = checker.attribute_places(&attribute.at);
    for column in attribute.columns() {
        checker.column(&table, column, by, &places, &attribute.at);
    }
    let field = attribute.source_field()?;
    live.schemas.column(&table, field, by).ok().map(|column| column.is_number())
}

fn actions(checker: &mut Checker<'_>, attribute: &Attribute, by: &str) {
    for action in attribute.actions() {
        checker.event(&format!("{}/event", action.at), &action.event);
        checker.filter(&action.event, &action.at, &["filter", "where"], by);
    }
}

fn backfill(checker: &mut Checker<'_>, attribute: &Attribute) {
    let backfill = match &attribute.kind {
        AttributeKind::Single(single) => single.backfill.as_ref(),
        AttributeKind::Counter(counter) => counter.backfill.as_ref(),
        _ => None,
    };
    let Some(backfill) = backfill else { return };
    let known: Vec<&str> = checker.live.batch.iter().map(|batch| batch.name.as_str()).collect();
    for (key, name) in
        [("attribute", &backfill.attribute_identifier), ("timestamp", &backfill.timestamp_identifier)]
    {
        if !known.contains(&name.as_str()) {
            let message =
                format!("attribute '{}': the parent segment has no batch attribute '{name}'", attribute.name);
            let advice = "`tdx-rt discover attributes` lists the batch attributes";
            let error = unknown(message, name, &known, advice, None);
            let pointer = format!("{}/backfill/{key}", attribute.at);
            checker.error("unknown-batch-attribute", &pointer, &error);
        }
    }
}

/// Whether it goes with what is live.
fn compare(checker: &mut Checker<'_>, attribute: &Attribute, wanted: &WantedAttribute) -> bool {
    let live = checker.live;
    // One item alone: what counts them all is checked for all of them.
    let mut alone = live.state.clone();
    alone.events.clone_from(&checker.events);
    alone.setting.key_columns.clear();
    let batch = live.state.setting.batch_attributes.as_slice();
    alone.attributes.retain(|there| match wanted {
        WantedAttribute::Imported { .. } => import_column(there, batch).is_some(),
        WantedAttribute::Own { .. } => same_name(&there.name, &attribute.name),
    });
    let Err(error) = bring(std::slice::from_ref(wanted), &mut alone, &live.batch, named_live(checker)) else {
        return true;
    };
    if error.code == Code::UnknownColumn {
        let pointer = checker.at(&attribute.at, &["column", "name"]);
        checker.error("unknown-batch-attribute", &pointer, &error);
        return false;
    }
    let what = |(what, _): &&(&str, &[&str])| error.message.contains(&format!("exists with the {what} "));
    let keys = FIXED.iter().find(what).map_or(&["name"][..], |(_, keys)| keys);
    let pointer = checker.at(&attribute.at, keys);
    let pointer = if pointer == attribute.at { checker.at(&pointer, &["name"]) } else { pointer };
    checker.error("live-conflict", &pointer, &error);
    false
}
