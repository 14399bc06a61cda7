//! [`Config`] → [`Program`].

mod journey;

use super::attribute::{AttributeChange, ProgramAttribute};
use super::program::{
    Config, ConfigJourney, EntryRule, Feed, OfferOutput, Payload, ProfileColumn, Program, ProgramError,
    ProgramEvent, ProgramKey, ProgramPersonalization, ProgramSection, Trigger,
};
use crate::platform::keys::KeyFilter;
use crate::platform::payload::Attributes as _;
use crate::platform::rule::{Predicate, Rule};
use crate::platform::wire::{
    self, AttributeSpec, CatalogLookup, CatalogPayload, ListActionKind, PayloadDefinition, RealtimeAttribute,
};
use std::collections::HashMap;
use std::fmt::Display;

impl Program {
    /// Compiles a configuration. The error names the first item that cannot be compiled: a rule
    /// of unknown form, a pattern that is not valid, an item without an id.
    ///
    /// References to items that do not exist are no error: on the platform too, what a
    /// personalization refers to can be deleted later.
    pub fn compile(config: &Config<'_>) -> Result<Program, ProgramError> {
        compile(config)
    }
}

fn compile(config: &Config<'_>) -> Result<Program, ProgramError> {
    let mut program = Program::default();
    let mut names = Numbering::default();
    for table in &config.setting.event_tables {
        program.tables.entry(table.clone()).or_default();
    }
    for column in &config.setting.key_columns {
        let item = || format!("stitching key '{}'", column.name);
        let filter = KeyFilter::new(column).map_err(|reason| failed(item(), reason))?;
        program.keys.push(ProgramKey {
            column: column.name.clone(),
            local: names.number(&column.name),
            filter,
        });
    }
    program.lookup = config.setting.ext_lookup_key.as_ref().map(|column| ProfileColumn {
        column: column.clone(),
        local: names.number(column),
        key: program.keys.iter().position(|key| key.column == *column),
    });
    let events = compile_key_events(&mut program, config.key_events)?;
    for attribute in config.attributes {
        compile_attribute(&mut program, &mut names, &events, attribute)?;
    }
    drive_catalogs(&mut program);
    for personalization in config.personalizations {
        compile_personalization(&mut program, &events, personalization, config.attributes)?;
    }
    index_personalizations(&mut program);
    compile_journeys(&mut program, &events, config.journeys)?;
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
        let next = self.list.len();
        *self.known.entry(name.to_owned()).or_insert_with(|| {
            self.list.push(name.to_owned());
            next
        })
    }
}

/// Places of key events by id.
pub(super) type Events = HashMap<String, usize>;

fn failed(item: String, reason: impl Display) -> ProgramError {
    ProgramError { item, reason: reason.to_string() }
}

fn id<'a>(id: &'a Option<String>, item: &str) -> Result<&'a str, ProgramError> {
    id.as_deref().ok_or_else(|| failed(item.to_owned(), "it has no id"))
}

/// `None` for a rule that matches everything, so that most events need no evaluation at all.
pub(super) fn rule(rule: &Rule, item: &str) -> Result<Option<Predicate>, ProgramError> {
    if rule.is_everything() {
        return Ok(None);
    }
    rule.compile().map(Some).map_err(|error| failed(item.to_owned(), error))
}

/// A key event whose table is not one of the setting's is kept but never matches.
fn compile_key_events(program: &mut Program, key_events: &[wire::KeyEvent]) -> Result<Events, ProgramError> {
    let mut events = Events::new();
    for key_event in key_events {
        let item = format!("key event '{}'", key_event.name);
        let place = program.key_events.len();
        let id = id(&key_event.id, &item)?.to_owned();
        events.insert(id.clone(), place);
        if let Some(table) = program.tables.get_mut(&key_event.event_table()) {
            table.key_events.push(place);
        }
        let filter = rule(&key_event.filter_rule, &format!("filter of {item}"))?;
        let name = key_event.name.clone();
        let (feeds, actions, journeys) = (Vec::new(), Vec::new(), Vec::new());
        program.key_events.push(ProgramEvent { id, name, filter, feeds, actions, journeys });
    }
    Ok(events)
}

fn compile_attribute(
    program: &mut Program,
    names: &mut Numbering,
    events: &Events,
    attribute: &RealtimeAttribute,
) -> Result<(), ProgramError> {
    let item = format!("attribute '{}'", attribute.name);
    let id = id(&attribute.id, &item)?;
    let place = program.attributes.len();
    let mut feed = |key_event: &str, filter: &Rule, change| {
        let filter = rule(filter, &format!("filter of {item}"))?;
        // An attribute whose key event is gone is no longer updated.
        if let Some(key_event) = events.get(key_event).and_then(|at| program.key_events.get_mut(*at)) {
            let feeds =
                if change == AttributeChange::Update { &mut key_event.feeds } else { &mut key_event.actions };
            feeds.push(Feed { attribute: place, filter, change });
        }
        Ok(())
    };
    if let Some((event, filter)) = attribute.spec.source() {
        feed(event, filter, AttributeChange::Update)?;
    }
    if let AttributeSpec::List(list) = &attribute.spec {
        for action in &list.actions {
            let change = match action.action {
                ListActionKind::DeleteItem => AttributeChange::DeleteItem,
                ListActionKind::Clear => AttributeChange::Clear,
            };
            feed(&action.realtime_key_event_id, &action.filter_rule, change)?;
        }
    }
    program.by_id.insert(id.to_owned(), place);
    program.attributes.push(ProgramAttribute::new(id, attribute, &mut |name| names.number(name)));
    Ok(())
}

/// Finds what drives the keys of each catalog.
fn drive_catalogs(program: &mut Program) {
    let drivers = program.attributes.iter().enumerate().filter(|(_, attribute)| attribute.drives());
    let drivers: HashMap<String, usize> =
        drivers.map(|(place, attribute)| (attribute.identifier.clone(), place)).collect();
    for catalog in program.attributes.iter_mut().filter_map(ProgramAttribute::catalog_mut) {
        catalog.drivers = catalog.keys.iter().map(|key| drivers.get(key).copied()).collect();
    }
}

fn compile_personalization(
    program: &mut Program,
    events: &Events,
    personalization: &wire::Personalization,
    known: &[RealtimeAttribute],
) -> Result<(), ProgramError> {
    let attributes = &personalization.attributes;
    let mut sections = Vec::new();
    for section in &attributes.sections {
        let item = format!("section '{}' of personalization '{}'", section.name, attributes.name);
        let entry = section.entry_criteria.as_ref();
        sections.push(ProgramSection {
            name: section.name.clone(),
            entry: entry.map(|criteria| compile_entry(events, criteria, &item)).transpose()?,
            payload: compile_payload(program, section, known),
        });
    }
    let (id, name) = (personalization.id.clone(), attributes.name.clone());
    program.personalizations.push(ProgramPersonalization { id, name, sections });
    Ok(())
}

pub(super) fn compile_entry(
    events: &Events,
    criteria: &wire::EntryCriteria,
    item: &str,
) -> Result<EntryRule, ProgramError> {
    let trigger = |criteria: &wire::KeyEventCriteria| {
        let filter = rule(&criteria.key_event_filters, &format!("key event filter of {item}"))?;
        let key_event = events.get(&criteria.key_event_id).copied();
        Ok(Trigger { key_event_id: criteria.key_event_id.clone(), key_event, filter })
    };
    let profile = |criteria: &Rule| rule(criteria, &format!("profile criteria of {item}"));
    Ok(EntryRule {
        trigger: criteria.key_event_criteria.as_ref().map(trigger).transpose()?,
        profile: criteria.profile_criteria.as_ref().map(profile).transpose()?.flatten(),
        accepts_unknown: criteria.accept_unknown_profiles != Some(false),
    })
}

/// Journeys, and which key events start them.
fn compile_journeys(
    program: &mut Program,
    events: &Events,
    journeys: &[ConfigJourney<'_>],
) -> Result<(), ProgramError> {
    for (place, journey) in journeys.iter().enumerate() {
        let journey = journey::compile(events, journey)?;
        let entry = journey.stages.first().and_then(|stage| stage.entry.as_ref());
        let start = entry.and_then(|entry| entry.trigger.as_ref()?.key_event);
        if let Some(event) = start.and_then(|start| program.key_events.get_mut(start)) {
            event.journeys.push(place);
        }
        program.journeys.push(journey);
    }
    Ok(())
}

/// All nodes of a payload answer together. Sensitive attributes are left out, name and all, unless
/// the section asks for them; so is what they look up in catalogs (our choice: its rows would reveal
/// the value).
fn compile_payload(program: &Program, section: &wire::Section, attributes: &[RealtimeAttribute]) -> Payload {
    let sensitive = section.include_sensitive == Some(true);
    let mut payload = Payload::default();
    for node in section.payload.iter().flat_map(|nodes| nodes.values()) {
        compile_node(program, &node.definition, attributes, sensitive, &mut payload);
    }
    payload
}

/// What a lookup in a catalog answers: rows, or null when one of its parts does not exist (any more).
fn compile_lookup(
    program: &Program,
    lookup: &CatalogLookup,
    attributes: &[RealtimeAttribute],
    sensitive: bool,
    payload: &mut Payload,
) {
    let Some(name) = &lookup.output_name else { return };
    let place = |id: Option<&str>| program.by_id.get(id?).copied();
    let named = lookup.catalog_name.as_deref().and_then(|name| attributes.by_catalog(name));
    let catalog = named.and_then(|catalog| place(catalog.id.as_deref()));
    let driver = place(lookup.lookup_attribute_id.as_deref());
    let driver = driver.filter(|at| program.attributes.get(*at).is_some_and(ProgramAttribute::drives));
    if !sensitive && driver.is_some_and(|driver| program.is_sensitive(driver)) {
        return;
    }
    let output = match (catalog, driver, &lookup.lookup_column) {
        (Some(catalog), Some(driver), Some(column)) => {
            OfferOutput::Lookup { catalog, driver, column: column.clone() }
        }
        _ => OfferOutput::Null,
    };
    payload.outputs.push((name.clone(), output));
}

fn compile_node(
    program: &Program,
    node: &PayloadDefinition,
    catalogs: &[RealtimeAttribute],
    sensitive: bool,
    payload: &mut Payload,
) {
    for item in node.attribute_payload.iter().flatten() {
        let known = program.by_id.get(&item.realtime_attribute_id).copied();
        let found = known.and_then(|place| Some((place, program.attributes.get(place)?)));
        if !sensitive && known.is_some_and(|place| program.is_sensitive(place)) {
            continue;
        }
        let output = match (found, item.sub_attribute_identifier.as_deref()) {
            (None, _) => OfferOutput::Null,
            (Some((attribute, _)), None) => OfferOutput::Attribute { attribute, sub: None },
            (Some((place, attribute)), Some(sub)) => attribute
                .sub(sub)
                .map_or(OfferOutput::Null, |sub| OfferOutput::Attribute { attribute: place, sub: Some(sub) }),
        };
        payload.outputs.push((item.output_name.clone(), output));
    }
    for item in node.string_builder.iter().flatten() {
        let text = item.values.iter().map(|part| part.value.as_str()).collect();
        payload.outputs.push((item.output_name.clone(), OfferOutput::Text(text)));
    }
    for lookup in node.catalog_payload.iter().flat_map(CatalogPayload::lookups) {
        compile_lookup(program, lookup, catalogs, sensitive, payload);
    }
    let segments = node.segment_payload.iter().flat_map(|segments| &segments.batch_segments);
    payload.segments.extend(segments.map(|segment| segment.id.clone()));
}

/// So that an event only checks personalizations that it may trigger.
fn index_personalizations(program: &mut Program) {
    for table in program.tables.values_mut() {
        let of_table = |section: &ProgramSection| {
            let trigger = section.entry.as_ref().and_then(|entry| entry.trigger.as_ref());
            trigger.and_then(|trigger| trigger.key_event).is_some_and(|at| table.key_events.contains(&at))
        };
        let places = program.personalizations.iter().enumerate();
        table.personalizations =
            places.filter(|(_, p)| p.sections.iter().any(of_table)).map(|(place, _)| place).collect();
    }
}
