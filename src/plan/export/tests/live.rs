//! A plan over a state, by the same code that the commands use, without the network.

use crate::plan::criteria::canonical;
use crate::plan::export::Exported;
use crate::plan::{Checked, Configuration, Document, PersonalizationService, Plan};
use crate::platform::limits::LIST_MAX_ITEMS_DEFAULT;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    AttributeSpec, AudienceAttribute, BatchAttribute, EventTable, KeyEvent, RealtimeAttribute,
};
use crate::steps::attributes::{self, Said, WantedAttribute};
use crate::steps::events::{self, WantedEvent};
use crate::steps::personalization::{Names, prepare};
use crate::steps::service::{self, WantedService};
use crate::steps::setting::{Wanted, WantedKey, merge};
use serde_json::{Map, Value, json};

/// Reads an exported document; panics where it has errors.
pub fn read(exported: &Exported) -> Checked {
    let document = Document::from_root(exported.root.clone(), "exported.yaml");
    Plan::read(&document).unwrap_or_else(|error| panic!("{error}\n{}", json!(exported.root)))
}

fn says(root: &Map<String, Value>, at: &str, keys: &[&str]) -> bool {
    let item = Value::Object(root.clone()).pointer(at).cloned().unwrap_or_default();
    keys.iter().any(|key| item.get(key).is_some())
}

/// The state as the exported plan makes it.
pub fn over(exported: &Exported, live: &Configuration) -> Configuration {
    let root = &exported.root;
    let plan = read(exported).plan;
    let events = key_events(root, &plan, live);
    let mut setting = setting(root, &plan, live);
    let (attributes, imports) = attributes(root, &plan, live, &events, &setting.batch_attributes);
    setting.batch_attributes = imports;
    let mut after = Configuration {
        setting,
        events,
        attributes,
        services: live.services.clone(),
        personalizations: live.personalizations.clone(),
        segments: live.segments.clone(),
        ..Configuration::default()
    };
    for item in &plan.personalizations {
        personalize(item, &plan, live, &mut after);
    }
    after
}

fn key_events(root: &Map<String, Value>, plan: &Plan, live: &Configuration) -> Vec<KeyEvent> {
    let wanted: Vec<WantedEvent> = plan
        .events
        .iter()
        .map(|event| WantedEvent {
            event: event.key_event(),
            filter_given: says(root, &event.at, &["filter", "where"]),
        })
        .collect();
    events::outlook(&wanted, &live.events)
}

fn setting(
    root: &Map<String, Value>,
    plan: &Plan,
    live: &Configuration,
) -> crate::platform::wire::RealtimeSettingAttributes {
    let own = plan.events.iter().map(|event| event.event_table());
    let event_tables: Vec<EventTable> = own.chain(plan.event_tables.iter().cloned()).collect();
    let stitching = plan.id_stitching.clone().unwrap_or_default();
    let key = |key: &crate::plan::StitchingKey| WantedKey {
        column: key.to_wire(),
        patterns_given: says(root, &key.at, &["valid_regex", "exclude_regex"]),
        texts_given: says(root, &key.at, &["invalid"]),
    };
    let keys = stitching.stitching_keys.iter().map(key).collect();
    let lookup_key_said = stitching.ext_lookup_key.is_some();
    let wanted = Wanted { event_tables, keys, ext_lookup_key: stitching.ext_lookup_key, lookup_key_said };
    merge(&live.setting, &wanted).unwrap().attributes
}

fn attributes(
    root: &Map<String, Value>,
    plan: &Plan,
    live: &Configuration,
    events: &[KeyEvent],
    imported: &[BatchAttribute],
) -> (Vec<RealtimeAttribute>, Vec<BatchAttribute>) {
    let id = |name: &str| events.iter().find(|event| event.name == name)?.id.clone();
    let wanted = |attribute: &crate::plan::Attribute| match attribute.imported_column() {
        Some(column) => WantedAttribute::Imported { name: attribute.name.clone(), column: column.to_owned() },
        None => WantedAttribute::Own {
            attribute: Box::new(attribute.to_wire(&id, None).unwrap()),
            said: Said::of(|keys| says(root, &attribute.at, keys)),
        },
    };
    let wanted: Vec<_> = plan.attributes.iter().map(wanted).collect();
    let backfills = |attribute: &crate::plan::Attribute| {
        let wire = attribute.imported_column().is_none().then(|| attribute.to_wire(&id, None).unwrap());
        let backfill = match wire.map(|wire| wire.spec) {
            Some(AttributeSpec::Single(single)) => single.backfill,
            Some(AttributeSpec::Counter(counter)) => counter.backfill,
            _ => None,
        };
        backfill.into_iter().flat_map(|from| [from.attribute_identifier, from.timestamp_identifier])
    };
    let imports =
        plan.attributes.iter().filter_map(|attribute| attribute.imported_column().map(str::to_owned));
    let batch: Vec<AudienceAttribute> = imports
        .chain(plan.attributes.iter().flat_map(backfills))
        .map(|column| serde_json::from_value(json!({"name": column})).unwrap())
        .collect();
    let there =
        attributes::Live { attributes: &live.attributes, imported, batch: &batch, events, stitching_keys: 0 };
    let prepared = attributes::prepare(&wanted, there).unwrap();
    let mut imports = imported.to_vec();
    prepared.add_imports(&mut imports);
    (prepared.outlook(&live.attributes), imports)
}

fn personalize(item: &PersonalizationService, plan: &Plan, live: &Configuration, after: &mut Configuration) {
    if item.wants_service() {
        let wanted = WantedService {
            name: item.name.clone(),
            description: item.service_description().map(str::to_owned),
            public: item.public,
            new_token: false,
        };
        let made = service::outlook(&wanted, &live.services);
        match after.services.iter_mut().find(|there| there.name == made.name) {
            Some(there) => *there = made,
            None => after.services.push(made),
        }
    }
    if !item.wants_entity() {
        return;
    }
    let names = Names {
        events: &after.events,
        attributes: &after.attributes,
        imported: &after.setting.batch_attributes,
        planned: &plan.attributes,
        segments: &live.segments,
    };
    let existing = live.personalizations.iter().find(|there| there.attributes.name == item.name);
    let made = prepare("42", item, names, &[], existing, &Default::default()).unwrap().outlook();
    match after.personalizations.iter_mut().find(|there| there.attributes.name == item.name) {
        Some(there) => *there = made,
        None => after.personalizations.push(made),
    }
}

/// A configuration without what the platform fills in: ids are names, rules are in one form.
pub fn by_name(configuration: &Configuration) -> Value {
    let mut all = configuration.clone();
    let mut names = std::collections::HashMap::new();
    for event in &mut all.events {
        names.insert(event.id.take().unwrap(), format!("event {}", event.name));
        event.filter_rule = canonical(&event.filter_rule);
    }
    for attribute in &mut all.attributes {
        settle_attribute(attribute, &configuration.setting.batch_attributes);
        names.insert(attribute.id.take().unwrap(), format!("attribute {}", attribute.name));
    }
    all.setting.key_columns.retain(|key| !key.internal);
    for key in &mut all.setting.key_columns {
        key.valid_regexp.take_if(|pattern| pattern.is_empty());
    }
    all.setting.event_tables.sort();
    let mut columns = attributes::imported_columns(&configuration.attributes, &all.setting.batch_attributes);
    columns.sort();
    all.setting.batch_attributes.clear();
    let mut services = Vec::new();
    for service in &all.services {
        let description = service.description.as_deref().unwrap_or_default();
        services.push(json!([service.name, description, service.public]));
    }
    let mut entities = Vec::new();
    for entity in &mut all.personalizations {
        for section in &mut entity.attributes.sections {
            section.id = None;
            section.include_sensitive.take_if(|include| !*include);
            let entry = section.entry_criteria.as_mut().unwrap();
            let filters = &mut entry.key_event_criteria.as_mut().unwrap().key_event_filters;
            *filters = canonical(filters);
            let rule = entry.profile_criteria.take().unwrap_or_default();
            entry.profile_criteria = Some(canonical(&rule)).filter(|rule: &Rule| !rule.is_everything());
            let node = section.payload.take().unwrap().into_values().next().unwrap();
            section.payload = Some([("node".to_owned(), node)].into());
        }
        entities.push(json!(entity.attributes));
    }
    let mut attributes: Vec<Value> = all.attributes.iter().map(|attribute| json!(attribute)).collect();
    attributes.sort_by_key(|attribute| attribute["name"].to_string());
    services.sort_by_key(Value::to_string);
    entities.sort_by_key(|entity| entity["name"].to_string());
    all.events.sort_by(|a, b| a.name.cmp(&b.name));
    let value = json!({"setting": all.setting, "events": all.events, "attributes": attributes,
        "imports": columns, "services": services, "entities": entities});
    renamed(&value, &names)
}

fn settle_attribute(attribute: &mut RealtimeAttribute, imported: &[BatchAttribute]) {
    let column = crate::plan::import_column(attribute, imported).map(str::to_owned);
    match &mut attribute.spec {
        AttributeSpec::Single(spec) => {
            spec.filter_rule = canonical(&spec.filter_rule);
            spec.sensitive.take_if(|sensitive| !*sensitive);
        }
        AttributeSpec::Counter(spec) => spec.filter_rule = canonical(&spec.filter_rule),
        AttributeSpec::List(spec) => {
            spec.filter_rule = canonical(&spec.filter_rule);
            spec.max_items.get_or_insert(LIST_MAX_ITEMS_DEFAULT);
            spec.actions.iter_mut().for_each(|action| action.filter_rule = canonical(&action.filter_rule));
        }
        AttributeSpec::Imported(spec) => {
            // The platform calls an import by its column, whatever it is called elsewhere.
            attribute.name = column.clone().unwrap_or_default();
            (spec.column, spec.data_type, spec.sensitive) = (column, None, None);
            attribute.identifier.clear();
            attribute.description = None;
        }
        AttributeSpec::LookupCatalog(_) => {}
    }
}

fn renamed(value: &Value, names: &std::collections::HashMap<String, String>) -> Value {
    const IDS: [&str; 4] = ["realtimeKeyEventId", "keyEventId", "realtimeAttributeId", "lookupAttributeId"];
    match value {
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, inner)| match inner.as_str().and_then(|id| names.get(id)) {
                    Some(name) if IDS.contains(&key.as_str()) => (key.clone(), name.as_str().into()),
                    _ => (key.clone(), renamed(inner, names)),
                })
                .collect(),
        ),
        other => other.clone(),
    }
}
