//! List attributes: the type, its wire form, and how it is read.

use super::event::{FILTER, read_filter, rule_columns};
use super::fed::{AGGREGATIONS, Common, EventSource, KeyEventIds, TIME_COLUMN, id_of, need_field, unused};
use super::window_read::{Expiry, one_window};
use crate::plan::duration;
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader, name_of};
use crate::plan::words::safe_identifier;
use crate::platform::limits::{LIST_DAYS, LIST_EXPIRY_DAYS_DEFAULT, LIST_ITEMS, LIST_MAX_ITEMS_DEFAULT};
use crate::platform::rule::Rule;
use crate::platform::wire::{
    Aggregation, AggregationType, DurationSetting, ListAction, ListActionKind, ListSpec,
};

/// Name and identifier of a list's one aggregation, as in the workflow's step 7c.
pub(in crate::plan) const ITEMS: &str = "items";

/// Items with aggregations over them.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What feeds it.
    pub source: EventSource,
    /// The column that distinguishes items; see [`List::default_id_field`].
    pub id_field: String,
    /// The columns that an item keeps.
    pub fields: Vec<String>,
    /// What is computed over the items.
    pub aggregations: Vec<Aggregation>,
    /// Events that take items away.
    pub actions: Vec<ItemAction>,
    /// How many items are kept.
    pub max_items: u64,
    /// How long an item lives; for good when absent.
    pub duration: Option<DurationSetting>,
}

/// Events that take items of a list away.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemAction {
    /// What happens.
    pub action: ListActionKind,
    /// Name of the key event that makes it happen.
    pub event: String,
    /// Which of its events count.
    pub filter: Rule,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

impl List {
    /// The column that distinguishes items when the plan does not say: the value itself where equal
    /// values may fall together (`distinct_list`, `last`, `min`, `max`), `time` where events
    /// should count each (`sum`; those of one second still fall together) or where a repeated value
    /// must not move its item (`first`).
    pub fn default_id_field(aggregation: AggregationType, field: &str) -> String {
        match aggregation {
            AggregationType::Sum | AggregationType::First => TIME_COLUMN.to_owned(),
            AggregationType::DistinctList
            | AggregationType::Last
            | AggregationType::Min
            | AggregationType::Max => field.to_owned(),
        }
    }

    pub(super) fn to_wire(&self, key_event: KeyEventIds<'_>) -> Result<ListSpec, String> {
        let action = |action: &ItemAction| {
            Ok(ListAction {
                action: action.action,
                realtime_key_event_id: id_of(key_event, &action.event)?,
                filter_rule: action.filter.clone(),
                later: Default::default(),
            })
        };
        Ok(ListSpec {
            realtime_key_event_id: id_of(key_event, &self.source.event)?,
            filter_rule: self.source.filter.clone(),
            id_column: self.id_field.clone(),
            fields: self.fields.clone(),
            duration: self.duration,
            max_items: Some(self.max_items),
            actions: self.actions.iter().map(action).collect::<Result<_, String>>()?,
            aggregations: self.aggregations.clone(),
        })
    }
}

impl ItemAction {
    /// The columns that its filter reads, each once.
    pub fn columns(&self) -> Vec<&str> {
        rule_columns(&self.filter)
    }
}

/// What an action does, in the wire's spelling.
pub(in crate::plan) const ACTIONS: [(&str, ListActionKind); 2] =
    [("delete_item", ListActionKind::DeleteItem), ("clear", ListActionKind::Clear)];

/// The short form: one column with one aggregation over it.
pub(super) fn read_list(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    common: Common,
    aggregation: AggregationType,
) -> Option<List> {
    let (max_items, duration) = read_bounds(reader, fields, &common);
    let id_field = fields.name(reader, "id_field");
    warn_bounds(reader, fields, aggregation, id_field.is_some());
    let actions = read_actions(reader, fields);
    let kept = read_fields(reader, fields);
    let column = need_field(reader, fields, common.field)?;
    let id_field = id_field.unwrap_or_else(|| List::default_id_field(aggregation, &column));
    Some(List {
        source: common.source?,
        id_field,
        fields: kept.unwrap_or_else(|| vec![column.clone()]),
        aggregations: vec![Aggregation {
            name: ITEMS.to_owned(),
            identifier: ITEMS.to_owned(),
            aggregation_type: aggregation,
            column,
            later: Default::default(),
        }],
        actions,
        max_items,
        duration,
    })
}

/// The long form: `aggregations`, each with a name of its own.
pub(super) fn read_long_list(reader: &mut Reader<'_>, fields: &Fields<'_>, common: Common) -> Option<List> {
    for key in ["source_field", "aggregation"] {
        unused(reader, fields, key, "a list with 'aggregations'");
    }
    let (max_items, duration) = read_bounds(reader, fields, &common);
    let id_field = fields.required_name(reader, "id_field", "a list with 'aggregations'");
    let aggregations = read_aggregations(reader, fields);
    let actions = read_actions(reader, fields);
    let kept = read_fields(reader, fields).unwrap_or_else(|| {
        let mut columns: Vec<String> = Vec::new();
        for aggregation in &aggregations {
            if !columns.contains(&aggregation.column) {
                columns.push(aggregation.column.clone());
            }
        }
        columns
    });
    Some(List {
        source: common.source?,
        id_field: id_field?,
        fields: kept,
        aggregations,
        actions,
        max_items,
        duration,
    })
}

/// How many items, and how long each lives.
fn read_bounds(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    common: &Common,
) -> (u64, Option<DurationSetting>) {
    let max_items = fields.count(reader, "max_items");
    let window = one_window(reader, fields, &common.windows).map(Expiry::After);
    let expiry = window.or(common.expiry);
    warn_limits(reader, fields, max_items, expiry);
    let max_items = max_items.unwrap_or(LIST_MAX_ITEMS_DEFAULT);
    (max_items, expiry.map_or_else(|| Some(duration::days(LIST_EXPIRY_DAYS_DEFAULT)), Expiry::length))
}

/// What the plan itself says beyond the documented limits of lists; the default is the published one.
fn warn_limits(reader: &mut Reader<'_>, fields: &Fields<'_>, max_items: Option<u64>, expiry: Option<Expiry>) {
    let limit = |what: &str| format!("the vendor's page on list attributes has at most {what}");
    if let Some(items) = max_items.filter(|items| *items > LIST_ITEMS) {
        let message = format!("{} items in a list, not {items}", limit(&LIST_ITEMS.to_string()));
        let fix = format!("write max_items: {LIST_ITEMS}, or ask the vendor whether more are kept");
        reader.warn("list-limits", &fields.at("max_items"), message, Some(fix));
    }
    let length = match expiry {
        Some(Expiry::After(length)) if length.seconds() <= duration::days(LIST_DAYS).seconds() => return,
        Some(Expiry::After(length)) => duration::text(length),
        Some(Expiry::Never) => "for good".to_owned(),
        None => return,
    };
    let key = fields.first_of(&["window_duration", "expiry", "expiry_days"]).unwrap_or("expiry");
    let message = format!("{} for an item of a list, not {length}", limit(&format!("{LIST_DAYS} days")));
    let fix = format!("write expiry_days: {LIST_DAYS}, or ask the vendor whether they live longer");
    reader.warn("list-limits", &fields.at(key), message, Some(fix));
}

/// `fields`: the columns that an item keeps. `None` when the plan does not say.
fn read_fields(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Vec<String>> {
    fields.get("fields")?;
    let items = fields.items(reader, "fields");
    Some(items.into_iter().filter_map(|(at, item)| name_of(reader, &at, item, "a field")).collect())
}

fn read_aggregations(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<Aggregation> {
    let what = "an aggregation";
    let mut aggregations: Vec<Aggregation> = Vec::new();
    if fields.get("aggregations").and_then(serde_json::Value::as_array).is_some_and(Vec::is_empty) {
        let message = "a list without aggregations can be in no section and no criteria";
        let fix = "add one, such as distinct_list".to_owned();
        reader.warn("no-aggregation", &fields.at("aggregations"), message, Some(fix));
    }
    for (at, item) in fields.items(reader, "aggregations") {
        let Some(item) = reader.fields(&at, item, what, keys::of("attributes.aggregations")) else {
            continue;
        };
        let name = item.required_name(reader, "name", what);
        let identifier = item.name(reader, "identifier");
        let column = item.required_name(reader, "column", what);
        let aggregation_type =
            read_choice(reader, &item, "aggregation", AggregationType::DistinctList, &AGGREGATIONS);
        let (Some(name), Some(column), Some(aggregation_type)) = (name, column, aggregation_type) else {
            continue;
        };
        let identifier = identifier.unwrap_or_else(|| safe_identifier(&name));
        if aggregations.iter().any(|there| there.identifier == identifier) {
            let message = format!("the aggregation identifier '{identifier}' occurs twice");
            reader.error("duplicate-name", &at, message);
        }
        aggregations.push(Aggregation {
            name,
            identifier,
            aggregation_type,
            column,
            later: Default::default(),
        });
    }
    aggregations
}

fn read_actions(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<ItemAction> {
    let what = "an action of a list";
    let mut actions = Vec::new();
    for (at, item) in fields.items(reader, "actions") {
        let Some(item) = reader.fields(&at, item, what, keys::of("attributes.actions")) else {
            continue;
        };
        let action = read_choice(reader, &item, "action", ListActionKind::DeleteItem, &ACTIONS);
        let event = item.required_name(reader, "event", what);
        let filter = read_filter(reader, &item, FILTER);
        if let (Some(action), Some(event)) = (action, event) {
            actions.push(ItemAction { action, event, filter, at });
        }
    }
    actions
}

/// One of some words; the default when absent.
fn read_choice<T: Copy>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    default: T,
    choices: &[(&str, T)],
) -> Option<T> {
    if fields.get(key).is_none() {
        return Some(default);
    }
    let given = fields.name(reader, key)?;
    let found = choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(given.trim()));
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let fix = did_you_mean(&given, words.iter().copied());
        let message = format!("'{key}' is one of {}, not '{given}'", words.join(", "));
        reader.error_fix("unknown-value", &fields.at(key), message, fix);
    }
    found.map(|(_, choice)| *choice)
}

/// A list keeps a number of items for some time, so what is computed over it is not over all time.
fn warn_bounds(reader: &mut Reader<'_>, fields: &Fields<'_>, aggregation: AggregationType, id_given: bool) {
    let over_all = !matches!(aggregation, AggregationType::DistinctList | AggregationType::Last);
    if over_all && fields.first_of(&["max_items", "expiry", "expiry_days", "window_duration"]).is_none() {
        let message = format!(
            "this is computed over the last {LIST_MAX_ITEMS_DEFAULT} items of {LIST_EXPIRY_DAYS_DEFAULT} days, not over all time"
        );
        reader.warn(
            "bounded-aggregation",
            &fields.at("aggregation"),
            message,
            Some("say max_items and expiry_days".into()),
        );
    }
    if aggregation == AggregationType::Sum && !id_given {
        let message = "events of the same second count once, because items are distinguished by 'time'";
        let fix =
            Some("name a column that is unique for each event in id_field, or use type: counter".into());
        reader.warn("same-second", &fields.at("aggregation"), message, fix);
    }
}
