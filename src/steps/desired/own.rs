//! What a plan says by itself: what it would lead to if its items did not exist yet.

use super::prune::Pruning;
use super::{PlanOptions, Planner};
use crate::plan::difference::join;
use crate::plan::lines::{as_document, only};
use crate::plan::nearest::named;
use crate::plan::{Configuration, Document, Plan};
use crate::platform::wire::{AttributeSpec, RealtimeJourneyState};
use crate::steps::live::Live;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What a plan says by itself.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Its items with nothing but its lines and defaults.
    pub state: Configuration,
    /// The paths of its items that have lines, as `diff` has them.
    names: BTreeSet<String>,
}

impl Own {
    /// The same as a plan, see [`crate::plan::lines`], in which criteria have the words that they have beside
    /// the attributes that will be.
    pub fn lines(&self, desired: &Configuration) -> Map<String, Value> {
        let Configuration { setting, events, attributes, .. } = self.state.clone();
        let mut lines =
            as_document(&Configuration { setting, events, attributes, ..Configuration::default() });
        let Configuration { setting, events, attributes, .. } = desired.clone();
        let shown = as_document(&Configuration { setting, events, attributes, ..self.state.clone() });
        let is_shown = |key: &str| ["personalization_services", "journeys"].contains(&key);
        lines.extend(shown.into_iter().filter(|(key, _)| is_shown(key)));
        only(lines, &self.names)
    }

    /// What another configuration has of the same items.
    pub fn of_its_items(&self, document: Map<String, Value>) -> Map<String, Value> {
        only(document, &self.names)
    }

    /// Of a plan over what is live, under new names already, that leads to `desired`. An item that can't
    /// stand by itself is left out.
    pub(super) fn of(
        document: &Document,
        [plan, whole]: [&Plan; 2],
        live: &Live,
        options: &PlanOptions,
        desired: &Configuration,
    ) -> Own {
        let (bare, none) = (not_running(plan), Pruning::default());
        let over = |state: Configuration| Live { state, ..live.clone() };
        let first = over(without_fed(plan, &live.state));
        let mut fed = Planner { whole, ..Planner::new(document, &bare, &first, options, &none) };
        let _ = (fed.events(), fed.setting(), fed.attributes());
        // Criteria name attributes as they will be: another window may give them other words.
        let second = over(without_shown(plan, desired));
        let mut shown = Planner { whole, ..Planner::new(document, &bare, &second, options, &none) };
        for service in &bare.personalizations {
            let _ = shown.personalization(service);
        }
        let _ = shown.journeys();
        let (fed, mut shown) = (fed.desired.state, shown.desired.state);
        for journey in &mut shown.journeys {
            if let Some(planned) = plan.journeys.iter().find(|it| it.name == journey.attributes.name) {
                let launched = planned.state == Some(RealtimeJourneyState::Launched);
                *journey = journey.clone().running(launched, planned.paused == Some(true));
            }
        }
        let Configuration { setting, events, attributes, .. } = fed;
        let state = Configuration { setting, events, attributes, ..shown };
        Own { state, names: names(plan) }
    }
}

/// A new journey is not launched as it is; see [`crate::steps::desired::journeys`].
fn not_running(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.journeys.iter_mut().for_each(|journey| (journey.state, journey.paused) = (None, None));
    plan
}

/// Without the plan's key events and attributes, and with its stitching keys alone.
fn without_fed(plan: &Plan, live: &Configuration) -> Configuration {
    let mut state = live.clone();
    // The same key event, for what refers to it.
    for event in &mut state.events {
        if named(&plan.events, &event.name, |plan| &plan.name).is_some() {
            (event.description, event.filter_rule) = Default::default();
        }
    }
    let is_imported = |spec: &AttributeSpec| matches!(spec, AttributeSpec::Imported(_));
    state
        .attributes
        .retain(|it| is_imported(&it.spec) || named(&plan.attributes, &it.name, |plan| &plan.name).is_none());
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    for key in keys {
        for column in state.setting.key_columns.iter_mut().filter(|column| column.name == key.name) {
            column.valid_regexp = None;
            column.invalid_texts.clear();
        }
    }
    (state.services, state.personalizations, state.journeys) = Default::default();
    state
}

/// Without the plan's services, personalizations and journeys.
fn without_shown(plan: &Plan, desired: &Configuration) -> Configuration {
    let mut state = desired.clone();
    let is_planned = |name: &str| named(&plan.personalizations, name, |plan| &plan.name).is_some();
    state.services.retain(|it| !is_planned(&it.name));
    state.personalizations.retain(|it| !is_planned(&it.attributes.name));
    state.journeys.retain(|it| named(&plan.journeys, &it.attributes.name, |plan| &plan.name).is_none());
    state
}

/// The paths of the items of a plan that have lines, as `diff` has them.
fn names(plan: &Plan) -> BTreeSet<String> {
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let mut names: BTreeSet<String> =
        keys.map(|key| join("id_stitching.stitching_keys", &key.name)).collect();
    names.extend(plan.events.iter().map(|event| join("events", &event.name)));
    names.extend(plan.attributes.iter().map(|attribute| join("attributes", &attribute.name)));
    names.extend(plan.journeys.iter().map(|journey| join("journeys", &journey.name)));
    for service in &plan.personalizations {
        let path = join("personalization_services", &service.name);
        let sections = join(&path, "sections");
        names.extend(service.sections.iter().map(|section| join(&sections, &section.name)));
        names.insert(path);
    }
    names
}
