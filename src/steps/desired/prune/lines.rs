//! Lines inside of items that a plan does not say any more: what the plan says by itself takes their place.
//! What is not here is fixed by the platform once it is made.

use crate::plan::difference::join;
use crate::plan::lines::said;
use crate::plan::nearest::named;
use crate::plan::{Configuration, Counter, duration};
use crate::platform::wire::{
    AttributeSpec, CounterType, EntryCriteria, KeyColumn, ListSpec, Personalization, RESPONSE_NODE,
    RealtimeAttribute, RealtimeJourneyExitCriteria, RealtimeJourneyResource, RealtimeJourneyStage, Section,
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The keys of criteria in a plan: name, description, unknown profiles, condition, event, its filter.
type EntryKeys = [&'static str; 7];
const OF_SECTION: EntryKeys = [
    "entry_name",
    "description",
    "accept_unknown_profiles",
    "criteria",
    "trigger_event",
    "trigger_filter",
    "trigger_where",
];
const OF_STAGE: EntryKeys =
    ["entry_name", "", "accept_unknown_profiles", "criteria", "trigger_event", "filter", "where"];
const OF_GOAL: EntryKeys =
    ["name", "description", "accept_unknown_profiles", "criteria", "event", "filter", "where"];

/// Takes lines, by their paths, out of what will be.
pub(super) fn take(paths: &BTreeSet<String>, after: &mut Configuration, own: &Configuration) {
    let lines = Lines { paths, said: said(after) };
    for event in &mut after.events {
        let Some(own) = named(&own.events, &event.name, |it| &it.name) else { continue };
        let at = join("events", &event.name);
        lines.set(&at, &["description"], &mut event.description, &own.description);
        lines.set(&at, &["where", "filter"], &mut event.filter_rule, &own.filter_rule);
    }
    for key in &mut after.setting.key_columns {
        if let Some(own) = own.setting.key_columns.iter().find(|own| own.name == key.name) {
            lines.key(key, own);
        }
    }
    for attribute in &mut after.attributes {
        if let Some(own) = named(&own.attributes, &attribute.name, |it| &it.name) {
            lines.attribute(attribute, own);
        }
    }
    lines.services(after, own);
    for journey in &mut after.journeys {
        if let Some(own) = named(&own.journeys, &journey.attributes.name, |it| &it.attributes.name) {
            lines.journey(journey, own);
        }
    }
}

struct Lines<'l> {
    paths: &'l BTreeSet<String>,
    said: Map<String, Value>,
}

impl Lines<'_> {
    fn has(&self, item: &str, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.paths.contains(&join(item, key)))
    }

    /// Replaces what one of these keys says.
    fn set<T: Clone>(&self, item: &str, keys: &[&str], there: &mut T, own: &T) {
        if self.has(item, keys) {
            there.clone_from(own);
        }
    }

    fn key(&self, key: &mut KeyColumn, own: &KeyColumn) {
        let at = join("id_stitching.stitching_keys", &key.name);
        self.set(&at, &["valid_regex", "exclude_regex"], &mut key.valid_regexp, &own.valid_regexp);
        key.invalid_texts.retain(|text| !self.has(&join(&at, "invalid"), &[text]));
    }

    fn attribute(&self, attribute: &mut RealtimeAttribute, own: &RealtimeAttribute) {
        let at = join("attributes", &attribute.name);
        self.set(&at, &["description"], &mut attribute.description, &own.description);
        // The platform takes a length of time, never none.
        let expiry = |there: &mut Option<_>, own: Option<_>| {
            if own.is_some() {
                self.set(&at, &["expiry"], there, &own);
            }
        };
        match (&mut attribute.spec, &own.spec) {
            (AttributeSpec::Single(there), AttributeSpec::Single(own)) => {
                expiry(&mut there.duration, own.duration);
            }
            (AttributeSpec::List(there), AttributeSpec::List(own)) => {
                expiry(&mut there.duration, own.duration);
                self.set(&at, &["max_items"], &mut there.max_items, &own.max_items);
                self.members(&at, &attribute.name, there);
            }
            (AttributeSpec::Counter(there), AttributeSpec::Counter(own)) => {
                match (there.counter_type, own.counter_type) {
                    (CounterType::Total, CounterType::Total) => expiry(&mut there.duration, own.duration),
                    (CounterType::Sliding, CounterType::Sliding) => {
                        let by_itself = there.duration == Counter::longest(&there.sub_durations);
                        there.sub_durations.retain(|sub| {
                            !self.has(&join(&at, "windows"), &[&sub.name])
                                && !self.has(&join(&at, "window_duration"), &[&duration::text(sub.duration)])
                        });
                        if by_itself || self.has(&at, &["duration"]) {
                            there.duration = Counter::longest(&there.sub_durations);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn members(&self, at: &str, name: &str, list: &mut ListSpec) {
        list.fields.retain(|field| !self.has(&join(at, "fields"), &[field]));
        list.aggregations.retain(|it| !self.has(&join(at, "aggregations"), &[&it.name]));
        let all = self.said.get("attributes").and_then(Value::as_array);
        let said = all.into_iter().flatten().find(|it| it["name"] == name);
        let actions = said.and_then(|said| said.get("actions")?.as_array());
        let mut actions = actions.into_iter().flatten().filter_map(Value::as_str);
        let goes = |action: Option<&str>| action.is_some_and(|it| self.has(&join(at, "actions"), &[it]));
        list.actions.retain(|_| !goes(actions.next()));
    }

    fn services(&self, after: &mut Configuration, own: &Configuration) {
        for service in &mut after.services {
            let Some(own) = named(&own.services, &service.name, |it| &it.name) else { continue };
            let entity = named(&after.personalizations, &service.name, |it| &it.attributes.name);
            let at = join("personalization_services", &service.name);
            // One description says both.
            let shared = entity.is_none_or(|entity| entity.attributes.description == service.description);
            let keys: &[&str] =
                if shared { &["service_description", "description"] } else { &["service_description"] };
            self.set(&at, keys, &mut service.description, &own.description);
        }
        for entity in &mut after.personalizations {
            if let Some(own) = named(&own.personalizations, &entity.attributes.name, |it| &it.attributes.name)
            {
                self.personalization(entity, own);
            }
        }
    }

    fn personalization(&self, entity: &mut Personalization, own: &Personalization) {
        let (there, own) = (&mut entity.attributes, &own.attributes);
        let at = join("personalization_services", &there.name);
        self.set(&at, &["description"], &mut there.description, &own.description);
        for section in &mut there.sections {
            if let Some(own) = named(&own.sections, &section.name, |it| &it.name) {
                self.section(&join(&join(&at, "sections"), &section.name), section, own);
            }
        }
    }

    fn section(&self, at: &str, section: &mut Section, own: &Section) {
        if let (Some(there), Some(own)) = (&mut section.entry_criteria, &own.entry_criteria) {
            self.entry(at, &OF_SECTION, there, own);
        }
        self.set(at, &["include_sensitive"], &mut section.include_sensitive, &own.include_sensitive);
        let node = section.payload.iter_mut().flat_map(|nodes| nodes.values_mut());
        let node = node.filter(|node| node.kind == RESPONSE_NODE).take(1);
        for (there, own) in node.zip(own.payload.iter().flat_map(|nodes| nodes.values())) {
            self.set(at, &["response_name"], &mut there.name, &own.name);
            self.set(at, &["response_description"], &mut there.description, &own.description);
        }
    }

    fn entry(&self, at: &str, keys: &EntryKeys, there: &mut EntryCriteria, own: &EntryCriteria) {
        let [name, description, unknown, criteria, event, filter, text] = *keys;
        self.set(at, &[name], &mut there.name, &own.name);
        self.set(at, &[description], &mut there.description, &own.description);
        self.set(at, &[unknown], &mut there.accept_unknown_profiles, &own.accept_unknown_profiles);
        self.set(at, &[criteria], &mut there.profile_criteria, &own.profile_criteria);
        self.set(at, &[event], &mut there.key_event_criteria, &own.key_event_criteria);
        if let (Some(there), Some(own)) = (&mut there.key_event_criteria, &own.key_event_criteria) {
            self.set(at, &[filter, text], &mut there.key_event_filters, &own.key_event_filters);
        }
    }

    /// What a goal or a milestone says, or the whole of it.
    fn part(&self, at: &str, key: &str, there: Option<&mut EntryCriteria>, own: Option<&EntryCriteria>) {
        if let (Some(there), Some(own)) = (there, own) {
            self.entry(&join(at, key), &OF_GOAL, there, own);
        }
    }

    fn journey(&self, journey: &mut RealtimeJourneyResource, own: &RealtimeJourneyResource) {
        let at = join("journeys", &journey.attributes.name);
        if self.has(&at, &["paused"]) {
            *journey = journey.clone().running(journey.is_launched(), own.is_paused());
        }
        let launched = journey.is_launched();
        let (there, own) = (&mut journey.attributes, &own.attributes);
        self.set(&at, &["description"], &mut there.description, &own.description);
        // A launch fixes what runs.
        if launched {
            return;
        }
        self.set(&at, &["reentry"], &mut there.reentry_mode, &own.reentry_mode);
        self.set(&at, &["goal"], &mut there.goal, &own.goal);
        if let (Some(there), Some(own)) = (&mut there.goal, &own.goal) {
            self.part(&at, "goal", Some(&mut there.criteria), Some(&own.criteria));
            self.set(&join(&at, "goal"), &["jump"], &mut there.target, &own.target);
        }
        let one = there.realtime_journey_stages.len() == 1;
        for stage in &mut there.realtime_journey_stages {
            if let Some(own) = named(&own.realtime_journey_stages, &stage.name, |it| &it.name) {
                let inside = join(&join(&at, "stages"), &stage.name);
                self.set(&inside, &["description"], &mut stage.description, &own.description);
                self.stage(&inside, stage, own);
                if one {
                    self.stage(&at, stage, own);
                }
            }
        }
    }

    fn stage(&self, at: &str, stage: &mut RealtimeJourneyStage, own: &RealtimeJourneyStage) {
        self.set(at, &["milestone"], &mut stage.milestone, &own.milestone);
        self.part(at, "milestone", stage.milestone.as_mut(), own.milestone.as_ref());
        if let (Some(there), Some(own)) = (&mut stage.entry_criteria, &own.entry_criteria) {
            self.entry(at, &OF_STAGE, there, own);
        }
        let name = |exit: &RealtimeJourneyExitCriteria| match exit {
            RealtimeJourneyExitCriteria::Stale(exit) => exit.name.clone(),
            RealtimeJourneyExitCriteria::Custom(exit) => exit.name.clone(),
        };
        let goes = |exit: &RealtimeJourneyExitCriteria| {
            name(exit).is_some_and(|name| self.has(&join(at, "exit"), &[&name]))
        };
        stage.exit_criterias.retain(|exit| !goes(exit) && !self.has(at, &["exit"]));
    }
}
