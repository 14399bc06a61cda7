//! [`Config`] → [`Program`].

use super::attribute::{Attribute, Change};
use super::offer::{Entry, Output, Payload, Personalization, Section, Trigger};
use super::program::{CompileError, Config, Feed, Key, KeyEvent, Lookup, Program};
use crate::platform::keys::KeyFilter;
use crate::platform::rule::{Predicate, Rule};
use crate::platform::wire::{self, AttributeSpec, ListActionKind, PayloadDefinition, RealtimeAttribute};
use std::collections::HashMap;
use std::fmt::Display;

pub fn compile(config: &Config<'_>) -> Result<Program, CompileError> {
    let mut program = Program::default();
    let mut names = Numbering::default();
    for table in &config.setting.event_tables {
        program.tables.entry(table.clone()).or_default();
    }
    for column in &config.setting.key_columns {
        let item = || format!("stitching key '{}'", column.name);
        let filter = KeyFilter::new(column).map_err(|reason| failed(item(), reason))?;
        program.keys.push(Key { column: column.name.clone(), local: names.number(&column.name), filter });
    }
    program.lookup = config.setting.ext_lookup_key.as_ref().map(|column| Lookup {
        column: column.clone(),
        local: names.number(column),
        key: program.keys.iter().position(|key| key.column == *column),
    });
    let events = compile_key_events(&mut program, config.key_events)?;
    for attribute in config.attributes {
        compile_attribute(&mut program, &mut names, &events, attribute)?;
    }
    for key_event in &mut program.key_events {
        // Actions after updates (our choice): an event that both brings and deletes an item ends
        // with the item deleted, whatever the order of the configuration.
        key_event.feeds.sort_by_key(|feed| feed.change != Change::Update);
    }
    for personalization in config.personalizations {
        compile_personalization(&mut program, &events, personalization)?;
    }
    index_personalizations(&mut program);
    program.names = names.list.into();
    Ok(program)
}

/// Numbers a program's names in order of appearance.
#[derive(Default)]
struct Numbering {
    list: Vec<String>,
    known: HashMap<String, usize>,
}

impl Numbering {
    fn number(&mut self, name: &str) -> usize {
        *self.known.entry(name.to_owned()).or_insert_with(|| {
            self.list.push(name.to_owned());
            self.list.len() - 1
        })
    }
}

/// Places of key events by id.
type Events = HashMap<String, usize>;

fn failed(item: String, reason: impl Display) -> CompileError {
    CompileError { item, reason: reason.to_string() }
}

fn id<'a>(id: &'a Option<String>, item: &str) -> Result<&'a str, CompileError> {
    id.as_deref().ok_or_else(|| failed(item.to_owned(), "it has no id"))
}

/// `None` for a rule that takes everything, so that most events need no evaluation at all.
fn rule(rule: &Rule, item: &str) -> Result<Option<Predicate>, CompileError> {
    if rule.is_everything() {
        return Ok(None);
    }
    rule.compile().map(Some).map_err(|error| failed(item.to_owned(), error))
}

/// A key event whose table is not one of the setting's is kept but never matches.
fn compile_key_events(program: &mut Program, key_events: &[wire::KeyEvent]) -> Result<Events, CompileError> {
    let mut events = Events::new();
    for key_event in key_events {
        let item = format!("key event '{}'", key_event.name);
        let place = program.key_events.len();
        let id = id(&key_event.id, &item)?.to_owned();
        events.insert(id.clone(), place);
        let table = wire::EventTable {
            database: key_event.database_name.clone(),
            table: key_event.table_name.clone(),
        };
        if let Some(table) = program.tables.get_mut(&table) {
            table.key_events.push(place);
        }
        let filter = rule(&key_event.filter_rule, &format!("filter of {item}"))?;
        program.key_events.push(KeyEvent { id, filter, feeds: Vec::new() });
    }
    Ok(events)
}

fn compile_attribute(
    program: &mut Program,
    names: &mut Numbering,
    events: &Events,
    attribute: &RealtimeAttribute,
) -> Result<(), CompileError> {
    let item = format!("attribute '{}'", attribute.name);
    let id = id(&attribute.id, &item)?;
    let place = program.attributes.len();
    let mut feed = |key_event: &str, filter: &Rule, change| {
        let filter = rule(filter, &format!("filter of {item}"))?;
        // An attribute whose key event is gone is not fed any more.
        if let Some(key_event) = events.get(key_event).and_then(|at| program.key_events.get_mut(*at)) {
            key_event.feeds.push(Feed { attribute: place, filter, change });
        }
        Ok(())
    };
    match &attribute.spec {
        AttributeSpec::Single(s) => feed(&s.realtime_key_event_id, &s.filter_rule, Change::Update)?,
        AttributeSpec::Counter(s) => feed(&s.realtime_key_event_id, &s.filter_rule, Change::Update)?,
        AttributeSpec::List(s) => {
            feed(&s.realtime_key_event_id, &s.filter_rule, Change::Update)?;
            for action in &s.actions {
                let change = match action.action {
                    ListActionKind::DeleteItem => Change::DeleteItem,
                    ListActionKind::Clear => Change::Clear,
                };
                feed(&action.realtime_key_event_id, &action.filter_rule, change)?;
            }
        }
        AttributeSpec::Imported(_) | AttributeSpec::LookupCatalog(_) => {}
    }
    program.by_id.insert(id.to_owned(), place);
    program.attributes.push(Attribute::new(id, attribute, &mut |name| names.number(name)));
    Ok(())
}

fn compile_personalization(
    program: &mut Program,
    events: &Events,
    personalization: &wire::Personalization,
) -> Result<(), CompileError> {
    let attributes = &personalization.attributes;
    let mut sections = Vec::new();
    for section in &attributes.sections {
        let item = format!("section '{}' of personalization '{}'", section.name, attributes.name);
        let entry = section.entry_criteria.as_ref();
        sections.push(Section {
            name: section.name.clone(),
            entry: entry.map(|criteria| compile_entry(events, criteria, &item)).transpose()?,
            payload: compile_payload(program, section),
        });
    }
    let (id, name) = (personalization.id.clone(), attributes.name.clone());
    program.personalizations.push(Personalization { id, name, sections });
    Ok(())
}

fn compile_entry(events: &Events, criteria: &wire::EntryCriteria, item: &str) -> Result<Entry, CompileError> {
    let trigger = |criteria: &wire::KeyEventCriteria| {
        let filter = rule(&criteria.key_event_filters, &format!("key event filter of {item}"))?;
        let key_event = events.get(&criteria.key_event_id).copied();
        Ok(Trigger { key_event_id: criteria.key_event_id.clone(), key_event, filter })
    };
    let profile = |criteria: &Rule| rule(criteria, &format!("profile criteria of {item}"));
    Ok(Entry {
        trigger: criteria.key_event_criteria.as_ref().map(trigger).transpose()?,
        profile: criteria.profile_criteria.as_ref().map(profile).transpose()?.flatten(),
        accepts_unknown: criteria.accept_unknown_profiles != Some(false),
    })
}

/// All nodes of a payload answer together. Sensitive attributes are left out, name and all, unless
/// the section asks for them.
fn compile_payload(program: &Program, section: &wire::Section) -> Payload {
    let sensitive = section.include_sensitive == Some(true);
    let mut payload = Payload::default();
    for node in section.payload.iter().flat_map(|nodes| nodes.values()) {
        compile_node(program, &node.definition, sensitive, &mut payload);
    }
    payload
}

fn compile_node(program: &Program, node: &PayloadDefinition, sensitive: bool, payload: &mut Payload) {
    for item in node.attribute_payload.iter().flatten() {
        let known = program.by_id.get(&item.realtime_attribute_id).copied();
        let found = known.and_then(|place| Some((place, program.attributes.get(place)?)));
        if found.is_some_and(|(_, attribute)| attribute.sensitive && !sensitive) {
            continue;
        }
        let output = match (found, item.sub_attribute_identifier.as_deref()) {
            (None, _) => Output::Null,
            (Some((attribute, _)), None) => Output::Attribute { attribute, sub: None },
            (Some((place, attribute)), Some(sub)) => attribute
                .sub(sub)
                .map_or(Output::Null, |sub| Output::Attribute { attribute: place, sub: Some(sub) }),
        };
        payload.outputs.push((item.output_name.clone(), output));
    }
    for item in node.string_builder.iter().flatten() {
        let text = item.values.iter().map(|part| part.value.as_str()).collect();
        payload.outputs.push((item.output_name.clone(), Output::Text(text)));
    }
    let catalogs = node.catalog_payload.as_ref().and_then(|items| items.as_array());
    for item in catalogs.into_iter().flatten() {
        if let Some(name) = item.get("outputName").and_then(|name| name.as_str()) {
            payload.outputs.push((name.to_owned(), Output::Null));
        }
    }
    let segments = node.segment_payload.iter().flat_map(|segments| &segments.batch_segments);
    payload.segments.extend(segments.map(|segment| segment.id.clone()));
}

/// So that an event only looks at personalizations that it may trigger.
fn index_personalizations(program: &mut Program) {
    for table in program.tables.values_mut() {
        let of_table = |section: &Section| {
            let trigger = section.entry.as_ref().and_then(|entry| entry.trigger.as_ref());
            trigger.and_then(|trigger| trigger.key_event).is_some_and(|at| table.key_events.contains(&at))
        };
        let places = program.personalizations.iter().enumerate();
        table.personalizations =
            places.filter(|(_, p)| p.sections.iter().any(of_table)).map(|(place, _)| place).collect();
    }
}
