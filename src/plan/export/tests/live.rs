//! A plan over a state, by the same code that the commands use, without the network.

use crate::plan::criteria::canonical;
use crate::plan::export::Exported;
use crate::plan::{Attribute, AttributeKind, CheckedPlan, Configuration, Document, Plan};
use crate::platform::limits::LIST_MAX_ITEMS_DEFAULT;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    AttributeSpec, AudienceAttribute, BatchAttribute, EventTable, KeyEvent, RealtimeAttribute,
};
use crate::steps::desired::prune::Pruning;
use crate::steps::desired::{Asked, Desired, PlanOptions};
use crate::steps::live::{Live, TableSchemas};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Reads an exported document; panics where it has errors.
pub fn read(exported: &Exported) -> CheckedPlan {
    let document = Document::from_root(exported.root.clone(), "exported.yaml");
    Plan::read(&document).unwrap_or_else(|error| panic!("{error}\n{}", json!(exported.root)))
}

/// The state as the exported plan makes it.
pub fn over(exported: &Exported, live: &Configuration) -> Configuration {
    let plan = read(exported).plan;
    let document = Document::from_root(exported.root.clone(), "exported.yaml");
    let mut state = live.clone();
    // A rule of a later version is kept where it is, and refused for a new key event.
    for event in plan.events.iter().filter(|event| event.filter.compile().is_err()) {
        if !state.events.iter().any(|there| there.name == event.name) {
            state
                .events
                .push(KeyEvent { id: Some(format!("new:event:{}", event.name)), ..event.key_event() });
        }
    }
    let folders = serde_json::from_value(json!([{"id": "1", "name": "f"}])).unwrap();
    let live = Live {
        ps: "42".into(),
        state,
        folders,
        batch: batch(&plan),
        schemas: schemas(&plan),
        ..Live::default()
    };
    let options = PlanOptions::default();
    let asked = Asked { document: &document, plan: &plan, whole: &plan, options: &options };
    Desired::of_plan(asked, &live, &Pruning::default()).unwrap().state
}

/// Every batch attribute that the plan imports or starts from.
fn batch(plan: &Plan) -> Vec<AudienceAttribute> {
    let backfills = |attribute: &Attribute| {
        let backfill = match &attribute.kind {
            AttributeKind::Single(single) => single.backfill.clone(),
            AttributeKind::Counter(counter) => counter.backfill.clone(),
            _ => None,
        };
        backfill.into_iter().flat_map(|from| [from.attribute_identifier, from.timestamp_identifier])
    };
    let imports =
        plan.attributes.iter().filter_map(|attribute| attribute.imported_column().map(str::to_owned));
    let names = imports.chain(plan.attributes.iter().flat_map(backfills));
    names.map(|column| serde_json::from_value(json!({"name": column})).unwrap()).collect()
}

/// Tables with every column that the plan names.
fn schemas(plan: &Plan) -> TableSchemas {
    let mut tables: BTreeMap<EventTable, BTreeSet<&str>> = BTreeMap::new();
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let keys: Vec<&str> = keys.map(|key| key.name.as_str()).collect();
    for table in &plan.event_tables {
        tables.entry(table.clone()).or_default().extend(&keys);
    }
    for event in &plan.events {
        let columns = tables.entry(event.event_table()).or_default();
        columns.extend(keys.iter().copied().chain(event.columns()));
        for attribute in &plan.attributes {
            columns.extend(attribute.columns());
            columns.extend(attribute.actions().iter().flat_map(|action| action.columns()));
        }
    }
    TableSchemas::of(tables.into_iter().map(|(table, columns)| (table, columns.into_iter().collect())))
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
    let mut columns = crate::plan::imported_columns(&configuration.attributes, &all.setting.batch_attributes);
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
