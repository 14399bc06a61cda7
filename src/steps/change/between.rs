//! The operations between two configurations.

use super::{ItemChange, NewImport, Operation, SettingChange};
use crate::plan::{Configuration, import_column};
use crate::platform::wire::{
    AttributeSpec, DurationSetting, KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyResource,
    RealtimeJourneyStage, Section, Service,
};
use crate::steps::desired::Desired;
use crate::steps::desired::personalization::without_blanks;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What leads from what is live to what is desired, in the order in which it is carried out.
pub fn between(live: &Configuration, desired: &Desired) -> Vec<Operation> {
    let wanted = &desired.state;
    let mut operations = Vec::new();
    let [more, less] = SettingChange::between(&live.setting, &wanted.setting);
    let none = SettingChange::default();
    operations.extend((more != none).then_some(Operation::Extend(more)));
    let events = changes(&live.events, &wanted.events, |event| event.id.as_deref(), KeyEvent::eq);
    operations.extend(events.into_iter().map(Operation::Event));
    let same = |a: &Service, b: &Service| (&a.name, &a.description) == (&b.name, &b.description);
    let services = changes(&live.services, &wanted.services, |service| service.id.as_deref(), same);
    operations.extend(services.into_iter().map(Operation::Service));
    operations.extend(tokens(live, desired));
    operations.extend(attributes(live, wanted));
    operations.extend(desired.connections.iter().cloned().map(Operation::Connect));
    let entities =
        changes(&live.personalizations, &wanted.personalizations, |one| Some(&one.id), same_entity);
    operations.extend(entities.into_iter().map(Operation::Personalization));
    operations.extend(journeys(live, wanted));
    operations.extend((less != none).then_some(Operation::Shrink(less)));
    operations.sort_by_key(Operation::phase);
    operations
}

/// What happens to the things of a list, which are distinguished by their ids.
fn changes<T: Clone>(
    live: &[T],
    wanted: &[T],
    id: impl Fn(&T) -> Option<&str>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<ItemChange<T>> {
    let find = |items: &[T], item: &T| items.iter().find(|there| id(there) == id(item)).cloned();
    let of = |item: &T| match find(live, item) {
        None => Some(ItemChange::Create(item.clone())),
        Some(there) if same(&there, item) => None,
        Some(live) => Some(ItemChange::Write { live, wanted: item.clone() }),
    };
    let gone = live.iter().filter(|item| find(wanted, item).is_none());
    wanted.iter().filter_map(of).chain(gone.cloned().map(ItemChange::Delete)).collect()
}

fn tokens(live: &Configuration, desired: &Desired) -> Vec<Operation> {
    let mut operations = Vec::new();
    for service in &desired.state.services {
        let find = desired.tokens.iter().find(|(name, _)| *name == service.name);
        if let Some((_, new)) = find {
            operations.push(Operation::Token { service: service.clone(), new: *new });
        }
        let there = live.services.iter().find(|there| there.id == service.id);
        for token in there.iter().flat_map(|there| &there.tokens) {
            if let (Some(id), false) = (&token.id, service.tokens.iter().any(|kept| kept.id == token.id)) {
                operations.push(Operation::DeleteToken { service: service.clone(), id: id.clone() });
            }
        }
    }
    operations
}

fn attributes(live: &Configuration, wanted: &Configuration) -> Vec<Operation> {
    let mut operations = Vec::new();
    let live_setting = &live.setting;
    let (mut import, mut gone) = (Vec::new(), (Vec::new(), Vec::new()));
    let id = |attribute: &RealtimeAttribute| attribute.id.clone().unwrap_or_default();
    let all = changes(&live.attributes, &wanted.attributes, |one| one.id.as_deref(), RealtimeAttribute::eq);
    for change in all {
        match change {
            ItemChange::Create(new) if is_imported(&new) => {
                let batch = &wanted.setting.batch_attributes;
                import.extend(import_column(&new, batch).map(|column| NewImport {
                    column: column.to_owned(),
                    id: id(&new),
                    name: batch.iter().find(|one| one.column == column).and_then(|one| one.name.clone()),
                }));
            }
            ItemChange::Delete(old) if is_imported(&old) => {
                let column = import_column(&old, &live.setting.batch_attributes).map(str::to_owned);
                gone.1.extend(column);
                gone.0.push(old);
            }
            // Only what it is called can change, and that stands in the setting.
            ItemChange::Write { live, wanted } if is_imported(&live) => {
                let column = import_column(&live, &live_setting.batch_attributes);
                let renamed = column.filter(|_| live.name != wanted.name);
                import.extend(renamed.map(|column| NewImport {
                    column: column.to_owned(),
                    id: id(&live),
                    name: Some(wanted.name.clone()),
                }));
            }
            ItemChange::Write { live, wanted } => match reduced(&live, &wanted) {
                None => operations.push(Operation::Attribute(ItemChange::Write { live, wanted })),
                // What goes stays until nothing uses it any more; what comes may be used before.
                Some(both) => {
                    let (live, wanted) = (Box::new(live), Box::new(wanted));
                    if both != *live {
                        let live = live.as_ref().clone();
                        operations.push(Operation::Attribute(ItemChange::Write { live, wanted: both }));
                    }
                    operations.push(Operation::Reduce { live, wanted });
                }
            },
            change => operations.push(Operation::Attribute(change)),
        }
    }
    operations.extend((!import.is_empty()).then_some(Operation::Import(import)));
    operations.extend((!gone.1.is_empty()).then_some(Operation::Unimport(gone.0, gone.1)));
    operations
}

fn is_imported(attribute: &RealtimeAttribute) -> bool {
    matches!(attribute.spec, AttributeSpec::Imported(_))
}

/// Where a change takes windows or aggregations away: the attribute with the old and the new ones, and with
/// the longer duration.
#[expect(clippy::indexing_slicing, reason = "what is serialized is an object")]
fn reduced(live: &RealtimeAttribute, wanted: &RealtimeAttribute) -> Option<RealtimeAttribute> {
    let (old, new) = (json!(live), json!(wanted));
    let (mut both, mut goes) = (old.clone(), false);
    let is_in =
        |parts: &[Value], part: &Value| parts.iter().any(|there| there["identifier"] == part["identifier"]);
    for list in ["aggregations", "subDurations"] {
        let items = |value: &Value| value.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        let (mut before, after) = (items(&old), items(&new));
        goes |= before.iter().any(|part| !is_in(&after, part));
        let added: Vec<Value> = after.into_iter().filter(|part| !is_in(&before, part)).collect();
        if !added.is_empty() {
            before.extend(added);
            both[list] = before.into();
        }
    }
    let seconds = |attribute: &Value| {
        let duration = serde_json::from_value::<DurationSetting>(attribute["duration"].clone());
        duration.map_or(0, DurationSetting::seconds)
    };
    if seconds(&new) > seconds(&old) {
        both["duration"] = new["duration"].clone();
    }
    goes.then(|| serde_json::from_value(both).unwrap_or_else(|_| live.clone()))
}

/// Whether two personalizations say the same; the platform may show empty lists, and a `false`, where none
/// is sent.
fn same_entity(a: &Personalization, b: &Personalization) -> bool {
    let shown = |section: &Section| {
        let include_sensitive = Some(section.include_sensitive == Some(true));
        Section { include_sensitive, ..without_blanks(section) }
    };
    let sections = |one: &Personalization| -> Vec<_> { one.attributes.sections.iter().map(shown).collect() };
    a.attributes.name == b.attributes.name
        && a.attributes.description == b.attributes.description
        && sections(a) == sections(b)
}

fn journeys(live: &Configuration, wanted: &Configuration) -> Vec<Operation> {
    let mut operations = Vec::new();
    let same = |a: &RealtimeJourneyResource, b: &RealtimeJourneyResource| fields(a, b).is_empty();
    let all = changes(&live.journeys, &wanted.journeys, |one| Some(&one.id), same);
    // One that is made again under its name, which is the platform's only once it is free.
    let replaced = |name: &str| {
        all.iter().find_map(|change| match change {
            ItemChange::Delete(old) if old.attributes.name == name => Some(old.clone()),
            _ => None,
        })
    };
    let is_new = |name: &str| {
        all.iter().any(|change| matches!(change, ItemChange::Create(new) if new.attributes.name == name))
    };
    for change in &all {
        let change = match change {
            ItemChange::Delete(old) if is_new(&old.attributes.name) => continue,
            change => change.clone(),
        };
        let ItemChange::Create(new) = change else {
            operations.push(Operation::Journey(change));
            continue;
        };
        let bare = bare(&new);
        if !fields(&bare, &new).is_empty() {
            operations.push(Operation::Journey(ItemChange::Write { live: bare, wanted: new.clone() }));
        }
        operations.push(match replaced(&new.attributes.name) {
            Some(live) => Operation::ReplaceJourney { live, wanted: new },
            None => Operation::Journey(ItemChange::Create(new)),
        });
    }
    for journey in &wanted.journeys {
        let there = live.journeys.iter().find(|there| there.id == journey.id);
        if journey.is_launched() && !there.is_some_and(RealtimeJourneyResource::is_launched) {
            operations.push(Operation::Launch(journey.clone()));
        }
        let paused = there.is_some_and(RealtimeJourneyResource::is_paused);
        if journey.is_launched() && journey.is_paused() != paused {
            operations.push(Operation::Pause(journey.clone(), journey.is_paused()));
        }
    }
    let activations = changes(
        &live.activations,
        &wanted.activations,
        |one| Some(&one.id),
        |a, b| json!(a.attributes) == json!(b.attributes),
    );
    let written = activations.into_iter().filter(|change| !matches!(change, ItemChange::Delete(_)));
    operations.extend(written.map(Operation::Activation));
    operations
}

/// A new journey as it is first made: a draft with bare stages. An activation belongs to a journey, and
/// a step names its activation.
pub(super) fn bare(journey: &RealtimeJourneyResource) -> RealtimeJourneyResource {
    let mut bare = journey.clone();
    bare.attributes.goal = None;
    for stage in &mut bare.attributes.realtime_journey_stages {
        *stage = RealtimeJourneyStage {
            steps: BTreeMap::new(),
            root_step: None,
            entry_criteria: None,
            milestone: None,
            exit_criterias: Vec::new(),
            ..stage.clone()
        };
    }
    bare
}

/// The fields of a journey that differ, as a `PATCH` carries them.
pub(super) fn fields(old: &RealtimeJourneyResource, new: &RealtimeJourneyResource) -> Map<String, Value> {
    let (old, new) = (&old.attributes, &new.attributes);
    let mut fields = Map::new();
    let mut put = |differs: bool, key: &str, value: Value| {
        if differs {
            fields.insert(key.to_owned(), value);
        }
    };
    put(old.name != new.name, "name", json!(new.name));
    put(old.description != new.description, "description", json!(new.description));
    put(old.goal != new.goal, "goal", json!(new.goal));
    put(old.reentry_mode != new.reentry_mode, "reentryMode", json!(new.reentry_mode));
    let stages = &new.realtime_journey_stages;
    put(old.realtime_journey_stages != *stages, "realtimeJourneyStages", json!(stages));
    fields
}
