//! Made-up configurations with journeys that lead to one another, and activations with placeholders.

use super::typed;
use crate::plan::Configuration;
use crate::plan::export::tests::random::configuration;
use crate::plan::export::tests::random_sections::criteria;
use crate::plan::export::tests::tape::{Tape, event_id};
use crate::platform::payload::drives;
use crate::platform::rule::Rule;
use crate::platform::wire::*;
use serde_json::{Value, json};

/// Ids of journeys with those of their stages.
type Ids = Vec<(String, Vec<String>)>;

pub fn with_journeys(tape: &mut Tape) -> Configuration {
    let mut made = configuration(tape);
    let names = tape.names(3);
    let stages = |tape: &mut Tape, index| (0..=tape.below(2)).map(|n| format!("7{index}{n}")).collect();
    let ids: Ids = (0..names.len()).map(|index| (format!("6{index}"), stages(tape, index))).collect();
    for (name, (id, stages)) in names.into_iter().zip(&ids) {
        let stages: Vec<Value> =
            stages.iter().map(|stage| self::stage(tape, &mut made, &ids, id, stage)).collect();
        let mut goal = entry(tape, &made);
        goal["target"] = target(tape, &ids);
        made.journeys.push(typed(
            json!({"id": id, "attributes": {"audienceId": "42", "segmentFolderId": "9",
            "name": name, "description": null, "goal": goal, "reentryMode": "no_reentry",
            "realtimeJourneyStages": stages}}),
        ));
    }
    add_lookups(tape, &mut made);
    made
}

fn stage(tape: &mut Tape, made: &mut Configuration, ids: &Ids, journey: &str, id: &str) -> Value {
    let activation = format!("8{id}");
    let branch = |id: &str, next: &str, rule: Option<Rule>| json!({"id": id, "name": id, "next": next, "excludedPath": rule.is_none(), "profileCriteria": rule});
    let rule = criteria(tape, &made.attributes);
    let mut steps = json!({
        "a": {"type": "DecisionPoint", "branches": [branch("b", "s", Some(rule)), branch("c", "e", None)]},
        "s": {"type": "TriggeredActivation", "journeyActivationStepId": activation, "next": "j"},
        "j": {"type": "Jump", "target": target(tape, ids)},
        "e": {"type": "End"},
    });
    // A step that no plan can say.
    if tape.below(6) == 5 {
        steps["l"] = json!({"type": "Later", "deep": [{"keyEventId": event_id(tape, &made.events)}]});
    }
    let mut exit = entry(tape, made);
    exit["target"] = target(tape, ids);
    let body = json!({"body": [[placeholder(tape, made)]], "headers": {"h": placeholder(tape, made)}});
    let text = if tape.below(6) == 5 { placeholder(tape, made) } else { body.to_string() };
    made.activations.push(typed(json!({"id": activation, "attributes": {"name": activation,
        "connectionId": "5", "connectorType": "x", "realtimeJourneyId": journey,
        "connector": {"exportJson": text}}})));
    json!({"id": id, "name": format!("{}{id}", tape.odd()), "steps": steps, "rootStep": "a",
        "entryCriteria": entry(tape, made), "milestone": entry(tape, made), "exitCriterias": [exit]})
}

fn entry(tape: &mut Tape, made: &Configuration) -> Value {
    let event = event_id(tape, &made.events);
    json!({"name": "e", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": tape.filter()},
        "profileCriteria": criteria(tape, &made.attributes)})
}

fn target(tape: &mut Tape, ids: &Ids) -> Value {
    let (journey, stages) = tape.of(ids);
    json!({"realtimeJourneyId": journey, "realtimeJourneyStageId": tape.of(stages), "confirmed": true})
}

/// A string that may name an attribute or a stitching key.
fn placeholder(tape: &mut Tape, made: &Configuration) -> String {
    let keys = made.setting.key_columns.iter().map(|key| key.name.as_str());
    let names = made.attributes.iter().map(|attribute| attribute.name.as_str()).chain(keys);
    let plain = |name: &&str| name.trim() == *name && !name.contains(['{', '}']);
    let names: Vec<&str> = names.filter(plain).collect();
    if names.is_empty() { "none".to_owned() } else { format!("to {{{{ {} }}}}", tape.of(&names)) }
}

/// Keys of catalogs that are identifiers of attributes, and lookups in catalogs by name and by table.
fn add_lookups(tape: &mut Tape, made: &mut Configuration) {
    let identifiers: Vec<String> = made.attributes.iter().map(|one| one.identifier.clone()).collect();
    let drivers = made.attributes.iter().filter(|one| drives(&one.spec));
    let drivers: Vec<_> = drivers.map(|one| one.id.clone()).collect();
    let mut catalogs = Vec::new();
    for attribute in &mut made.attributes {
        if let AttributeSpec::LookupCatalog(catalog) = &mut attribute.spec {
            catalog.lookup_keys.push(LookupKey { id: tape.of(&identifiers).clone(), kind: "string".into() });
            // The first over a table is another one in an export, which sorts by name.
            catalog.lookup_catalog_table_name.push_str(attribute.id.as_deref().unwrap_or_default());
            catalogs.extend([attribute.name.clone(), catalog.lookup_catalog_table_name.clone()]);
        }
    }
    if catalogs.is_empty() || drivers.is_empty() {
        return;
    }
    let sections = made.personalizations.iter_mut().flat_map(|one| &mut one.attributes.sections);
    for node in sections.filter_map(|section| section.payload.as_mut()?.values_mut().next()) {
        if tape.maybe() {
            let lookup = CatalogLookup {
                catalog_name: Some(tape.of(&catalogs).clone()),
                lookup_attribute_id: tape.of(&drivers).clone(),
                lookup_column: Some("column".into()),
                output_name: Some("rows".into()),
                extra: Extra::new(),
            };
            node.definition.catalog_payload = Some(CatalogPayload::Lookups(vec![lookup]));
        }
    }
}
