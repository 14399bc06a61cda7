//! What a patch must carry to make a live attribute as wanted.

use super::{Named, renamed_hint};
use crate::error::{Code, Error};
use crate::plan::{duration, free_name};
use crate::platform::fields::changeable;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    Aggregation, AttributeSpec, CounterSpec, DurationSetting, KeyEvent, ListAction, ListSpec,
    LookupCatalogSpec, RealtimeAttribute, SingleSpec, SubDuration,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Which fields a plan gives of an attribute; the others stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GivenFields {
    /// A time to live or window.
    pub duration: bool,
    /// The number of items.
    pub max_items: bool,
    /// The type of the value.
    pub data_type: bool,
}

impl GivenFields {
    /// Asks a plan's document; `says` answers whether it has any of these keys.
    pub fn of(mut says: impl FnMut(&[&str]) -> bool) -> Self {
        GivenFields {
            duration: says(&["window_duration", "windows", "duration", "expiry_days", "expiry"]),
            max_items: says(&["max_items"]),
            data_type: says(&["data_type"]),
        }
    }
}

/// The fields that a patch must carry to make `live` as wanted; nothing live is dropped.
/// What the platform's `PATCH` does not take and differs is a conflict.
pub(super) fn compare(
    live: &RealtimeAttribute,
    wanted: &RealtimeAttribute,
    given: GivenFields,
    (events, named): (&[KeyEvent], Named<'_>),
) -> Result<Map<String, Value>, Error> {
    // They are the same one by their names; an identifier is fixed when it is made.
    let RealtimeAttribute { id: _, name, identifier: _, description, spec } = wanted;
    let mut fields = Map::new();
    if description.is_some() && *description != live.description {
        fields.insert("description".into(), json!(description));
    }
    let fixed = Fixed { name, delete: named.delete(live), events };
    match (&live.spec, spec) {
        (AttributeSpec::Single(live), AttributeSpec::Single(wanted)) => {
            compare_single(&fixed, live, wanted, given, &mut fields)?;
        }
        (AttributeSpec::List(live), AttributeSpec::List(wanted)) => {
            compare_list(&fixed, live, wanted, given, &mut fields)?;
        }
        (AttributeSpec::Counter(live), AttributeSpec::Counter(wanted)) => {
            compare_counter(&fixed, live, wanted, given.duration, &mut fields)?;
        }
        (AttributeSpec::LookupCatalog(live), AttributeSpec::LookupCatalog(wanted)) => {
            // Columns and keys stay as they are live.
            let LookupCatalogSpec { lookup_catalog_table_name, lookup_catalog_columns: _, lookup_keys: _ } =
                wanted;
            fixed.same("catalog table", &live.lookup_catalog_table_name, lookup_catalog_table_name)?;
        }
        (live, wanted) => return Err(fixed.conflict("type", live.kind(), wanted.kind())),
    }
    debug_assert!(fields.keys().all(|field| changeable().any(|known| known == field)), "{fields:?}");
    Ok(fields)
}

/// Whether two lengths of time are the same, in whatever units.
fn same_length(a: Option<DurationSetting>, b: Option<DurationSetting>) -> bool {
    a.map(DurationSetting::seconds) == b.map(DurationSetting::seconds)
}

/// A time to live. The platform's `PATCH` takes a length, never none.
fn compare_expiry(
    fixed: &Fixed<'_>,
    live: Option<DurationSetting>,
    wanted: Option<DurationSetting>,
    given: GivenFields,
    fields: &mut Map<String, Value>,
) -> Result<(), Error> {
    if !given.duration || same_length(live, wanted) {
        return Ok(());
    }
    if wanted.is_none() {
        return Err(fixed.conflict("time to live", &json!(live).to_string(), "none"));
    }
    fields.insert("duration".into(), json!(wanted));
    Ok(())
}

struct Fixed<'a> {
    name: &'a str,
    /// The command that deletes what is live.
    delete: String,
    events: &'a [KeyEvent],
}

impl Fixed<'_> {
    fn same<T: PartialEq + Serialize>(&self, what: &str, live: &T, wanted: &T) -> Result<(), Error> {
        let text = |value: &T| match json!(value) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        if live == wanted { Ok(()) } else { Err(self.conflict(what, &text(live), &text(wanted))) }
    }

    /// The same for what a plan may leave out.
    fn given<T: PartialEq + Serialize>(
        &self,
        what: &str,
        live: &Option<T>,
        wanted: &Option<T>,
    ) -> Result<(), Error> {
        if wanted.is_none() { Ok(()) } else { self.same(what, live, wanted) }
    }

    fn event(&self, id: &str) -> Option<&KeyEvent> {
        self.events.iter().find(|event| event.id.as_deref() == Some(id))
    }

    fn conflict(&self, what: &str, live: &str, wanted: &str) -> Error {
        let message = format!(
            "attribute '{}' exists with the {what} {live}, not {wanted}, and the platform can't change that",
            self.name
        );
        Error::new(Code::Conflict, message).hint(format!(
            "give the new one another name, or delete the old one first (its values are lost): {}",
            self.delete
        ))
    }

    /// The key event and its filter. A filter that was not asked for stays.
    fn source(&self, live: (&str, &Rule), wanted: (&str, &Rule)) -> Result<(), Error> {
        if live.0 != wanted.0 {
            let (there, new) = (self.event(live.0), self.event(wanted.0));
            let name = |event: Option<&KeyEvent>, id: &str| {
                event.map_or_else(|| id.to_owned(), |event| format!("'{}'", event.name))
            };
            let error = self.conflict("key event", &name(there, live.0), &name(new, wanted.0));
            let is_new = wanted.0.starts_with("new:");
            let renamed =
                there.zip(new).filter(|(there, new)| is_new && there.event_table() == new.event_table());
            return Err(match renamed {
                Some((there, new)) => error.hint(renamed_hint(&there.name, &new.name)),
                None => error,
            });
        }
        match wanted.1.is_everything() || live.1.same(wanted.1) {
            true => Ok(()),
            false => self.same("filter", &live.1.to_json(), &wanted.1.to_json()),
        }
    }
}

fn compare_single(
    fixed: &Fixed<'_>,
    live: &SingleSpec,
    wanted: &SingleSpec,
    given: GivenFields,
    fields: &mut Map<String, Value>,
) -> Result<(), Error> {
    let SingleSpec {
        realtime_key_event_id,
        filter_rule,
        value_column,
        data_type,
        duration,
        backfill,
        sensitive,
    } = wanted;
    fixed.source((&live.realtime_key_event_id, &live.filter_rule), (realtime_key_event_id, filter_rule))?;
    fixed.same("value column", &live.value_column, value_column)?;
    if given.data_type {
        fixed.same("data type", &live.data_type, data_type)?;
    }
    fixed.given("backfill", &live.backfill, backfill)?;
    // The published form has no such field: absent means that the platform does not say.
    if live.sensitive.is_some() {
        fixed.given("mark sensitive:", &live.sensitive, sensitive)?;
    }
    compare_expiry(fixed, live.duration, *duration, given, fields)
}

fn compare_list(
    fixed: &Fixed<'_>,
    live: &ListSpec,
    wanted: &ListSpec,
    given: GivenFields,
    patch: &mut Map<String, Value>,
) -> Result<(), Error> {
    let ListSpec {
        realtime_key_event_id,
        filter_rule,
        id_column,
        fields,
        duration,
        max_items,
        actions,
        aggregations,
    } = wanted;
    fixed.source((&live.realtime_key_event_id, &live.filter_rule), (realtime_key_event_id, filter_rule))?;
    fixed.same("id column", &live.id_column, id_column)?;
    let mut kept = live.fields.clone();
    kept.extend(fields.iter().filter(|field| !live.fields.contains(field)).cloned());
    if kept != live.fields {
        patch.insert("fields".into(), json!(kept));
    }
    let mut merged = live.aggregations.clone();
    for item in aggregations {
        merge_aggregation(&mut merged, item);
    }
    if merged != live.aggregations {
        patch.insert("aggregations".into(), json!(merged));
    }
    let same = |a: &ListAction, b: &ListAction| {
        a.action == b.action
            && a.realtime_key_event_id == b.realtime_key_event_id
            && a.filter_rule.same(&b.filter_rule)
    };
    let is_missing = |action: &&ListAction| !live.actions.iter().any(|there| same(there, action));
    let missing: Vec<_> = actions.iter().filter(is_missing).collect();
    if !missing.is_empty() {
        let actions: Vec<_> = live.actions.iter().chain(missing).collect();
        patch.insert("actions".into(), json!(actions));
    }
    compare_expiry(fixed, live.duration, *duration, given, patch)?;
    if given.max_items && live.max_items != *max_items {
        patch.insert("maxItems".into(), json!(max_items));
    }
    Ok(())
}

/// An aggregation that computes the same is as good as the wanted one, whatever it is called.
fn merge_aggregation(aggregations: &mut Vec<Aggregation>, wanted: &Aggregation) {
    let same = |a: &Aggregation| a.aggregation_type == wanted.aggregation_type && a.column == wanted.column;
    if aggregations.iter().any(same) {
        return;
    }
    // An identifier that is taken by something else stays with it, because something may use it.
    let is_free = |identifier: &str| !aggregations.iter().any(|there| there.identifier == identifier);
    let identifier = free_name(&wanted.identifier, is_free);
    aggregations.push(Aggregation { identifier, ..wanted.clone() });
}

fn compare_counter(
    fixed: &Fixed<'_>,
    live: &CounterSpec,
    wanted: &CounterSpec,
    duration_given: bool,
    fields: &mut Map<String, Value>,
) -> Result<(), Error> {
    let CounterSpec {
        realtime_key_event_id,
        filter_rule,
        counter_type,
        increment,
        duration,
        backfill,
        sub_durations,
    } = wanted;
    fixed.source((&live.realtime_key_event_id, &live.filter_rule), (realtime_key_event_id, filter_rule))?;
    if duration_given {
        fixed.same("counter type", &live.counter_type, counter_type)?;
    }
    fixed.same("increment", &live.increment, increment)?;
    fixed.given("backfill", &live.backfill, backfill)?;
    if !duration_given {
        return Ok(());
    }
    let is_there = |sub: &SubDuration| {
        live.sub_durations.iter().any(|there| there.duration.seconds() == sub.duration.seconds())
    };
    let missing: Vec<&SubDuration> = sub_durations.iter().filter(|sub| !is_there(sub)).collect();
    let taken =
        |sub: &&SubDuration| live.sub_durations.iter().find(|there| there.identifier == sub.identifier);
    if let Some((sub, there)) = missing.iter().find_map(|sub| Some((sub, taken(sub)?))) {
        let text = |sub: &SubDuration| format!("'{}' with {}", sub.identifier, duration::text(sub.duration));
        return Err(fixed.conflict("window", &text(there), &text(sub)));
    }
    if !missing.is_empty() {
        let subs: Vec<_> = live.sub_durations.iter().chain(missing).collect();
        fields.insert("subDurations".into(), json!(subs));
    }
    // The main window holds every smaller one: it only grows.
    let seconds = |duration: Option<DurationSetting>| duration.map_or(0, DurationSetting::seconds);
    if seconds(*duration) > seconds(live.duration) {
        fields.insert("duration".into(), json!(duration));
    }
    Ok(())
}
