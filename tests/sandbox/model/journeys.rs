//! Journeys and activations: their steps, and what the model predicts.

use super::plain::{Model, first, named, number};
use super::{NAMES, Outcome, Run, at, pick};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ALL: &str = "/entities/realtime_journeys";
/// Keys of steps.
const STEPS: [&str; 2] = ["58ab9022-b48d-430a-a879-2e13d08cd2c1", "428ca341-3c3e-4d38-8d88-a035ce83a1ff"];

/// What a listing shows of a journey.
pub const SHOWN: [&str; 5] =
    ["/id", "/attributes/name", "/attributes/segmentFolderId", "/attributes/state", "/attributes/paused"];
/// And of an activation.
pub const SENDS: [&str; 4] =
    ["/id", "/attributes/realtimeJourneyId", "/attributes/stepUuid", "/attributes/realtimeJourneyStageId"];

/// A request about a journey.
#[derive(Debug, Clone)]
pub enum Step {
    Create { name: usize, folder: usize },
    Rename { pick: usize, name: usize, folder: usize },
    Plan { pick: usize, flow: Picks, launch: Option<Status> },
    Pause { pick: usize, pause: bool },
    Delete { pick: usize },
    Activate { pick: usize, step: Option<usize> },
    ChangeActivation { pick: usize, activation: usize, step: Option<usize> },
}

/// What the real-time status is made before a launch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Status {
    Ok,
    Updating,
}

/// A stage's content, by places.
#[derive(Debug, Clone)]
pub struct Picks {
    event: Option<usize>,
    attribute: Option<usize>,
    activation: Option<usize>,
    step: usize,
}

/// A journey of one stage.
#[derive(Debug)]
pub struct Journey {
    name: &'static str,
    folder: u64,
    stage: String,
    flow: Option<Flow>,
    state: State,
    /// Their steps by id.
    activations: BTreeMap<u64, Option<&'static str>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Draft,
    Running,
    Paused,
}

/// A stage's content.
#[derive(Debug, Clone, PartialEq)]
struct Flow {
    event: Option<u64>,
    attribute: Option<u64>,
    activation: Option<u64>,
    step: &'static str,
}

pub fn step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    let maybe = |share: f64| proptest::option::weighted(share, pick());
    let key = || proptest::option::of(0..STEPS.len());
    let flow = (maybe(0.8), maybe(0.2), maybe(0.4), 0..STEPS.len())
        .prop_map(|(event, attribute, activation, step)| Picks { event, attribute, activation, step });
    let status = prop_oneof![3 => Just(Status::Ok), 1 => Just(Status::Updating)];
    prop_oneof![
        2 => (name(), pick()).prop_map(|(name, folder)| Step::Create { name, folder }),
        2 => (pick(), name(), pick()).prop_map(|(pick, name, folder)| Step::Rename { pick, name, folder }),
        8 => (pick(), flow, proptest::option::of(status))
            .prop_map(|(pick, flow, launch)| Step::Plan { pick, flow, launch }),
        6 => (pick(), any::<bool>()).prop_map(|(pick, pause)| Step::Pause { pick, pause }),
        1 => pick().prop_map(|pick| Step::Delete { pick }),
        4 => (pick(), key()).prop_map(|(pick, step)| Step::Activate { pick, step }),
        2 => (pick(), pick(), key())
            .prop_map(|(pick, activation, step)| Step::ChangeActivation { pick, activation, step }),
    ]
}

fn draft(name: &str, folder: &str) -> Value {
    json!({"attributes": {"audienceId": "394649", "segmentFolderId": folder, "name": name, "description": null,
        "goal": null, "reentryMode": "no_reentry", "realtimeJourneyStages": [{"name": "First"}]}})
}

fn webhook(step: Option<&str>) -> Value {
    let mut webhook = json!({"name": "Send", "connectionId": "8501", "connectorType": "td_webhook_out", "connector": {
        "exportJson": r#"{"method":"post","url":"https://hooks.example.com/in","headers":null,"body":null}"#,
        "exportAdvancedJson": "{}"}});
    if let Some(step) = step {
        webhook["stepUuid"] = step.into();
    }
    json!({ "attributes": webhook })
}

impl Flow {
    fn body(&self, model: &Model, stage: &str) -> Value {
        let step = match self.activation {
            Some(id) => {
                json!({"type": "TriggeredActivation", "journeyActivationStepId": id.to_string(), "next": null})
            }
            None => json!({"type": "End"}),
        };
        let rule = self.attribute.map(|id| {
            let mut rule = json!({"type": "RealtimeAttribute", "realtimeAttributeId": id.to_string(),
                "operator": {"type": "IsNull", "not": false, "rightValue": null}});
            if model.attributes.get(&id).is_some_and(|attribute| attribute.kind == "list") {
                rule["subAttributeIdentifier"] = "i".into();
            }
            rule
        });
        let event = self.event.map(|id| json!({"keyEventId": id.to_string(), "keyEventFilters": null}));
        let entry = json!({"name": "In", "keyEventCriteria": event, "profileCriteria": rule});
        json!([{"id": stage, "name": "First", "steps": {self.step: step}, "rootStep": self.step, "entryCriteria": entry}])
    }
}

impl Run<'_> {
    pub fn journey(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Create { name, folder } => {
                let (name, folder) = (NAMES[*name], at(&self.model.folders, *folder));
                let expected = self.model.journey(None, name, &folder);
                let id = self.send(expected, "POST", ALL, Some(draft(name, &folder)))?;
                if expected == 200 {
                    let shown = self.platform.get(&format!("{ALL}/{id}"));
                    let stage = shown["data"]["attributes"]["realtimeJourneyStages"][0]["id"].as_str();
                    let (stage, folder) = (stage.unwrap_or_default().to_owned(), number(&folder));
                    let (flow, state, activations) = (None, State::Draft, BTreeMap::new());
                    let journey = Journey { name, folder, stage, flow, state, activations };
                    self.model.journeys.insert(id, journey);
                }
            }
            Step::Rename { pick, name, folder } => {
                let (id, name) = (at(&self.model.journeys, *pick), NAMES[*name]);
                let folder = at(&self.model.folders, *folder);
                let expected = self.model.journey(Some(&id), name, &folder);
                let body = json!({"attributes": {"name": name, "segmentFolderId": folder}});
                self.send(expected, "PATCH", &format!("{ALL}/{id}"), Some(body))?;
            }
            Step::Plan { pick, flow, launch } => self.plan(*pick, flow, *launch)?,
            Step::Pause { pick, pause } => {
                let id = at(&self.model.journeys, *pick);
                let expected = self.model.pause(&id, *pause);
                let verb = if *pause { "pause" } else { "resume" };
                self.send(expected, "PATCH", &format!("{ALL}/{id}/{verb}"), None)?;
            }
            Step::Delete { pick } => {
                let id = at(&self.model.journeys, *pick);
                let gone = self.model.journeys.remove(&number(&id));
                self.send(if gone.is_some() { 200 } else { 404 }, "DELETE", &format!("{ALL}/{id}"), None)?;
            }
            Step::Activate { .. } | Step::ChangeActivation { .. } => self.activation(step)?,
        }
        Ok(())
    }

    fn plan(&mut self, pick: usize, flow: &Picks, launch: Option<Status>) -> Outcome {
        let id = at(&self.model.journeys, pick);
        let none = BTreeMap::new();
        let journey = self.model.journeys.get(&number(&id));
        let activations = journey.map_or(&none, |journey| &journey.activations);
        let flow = Flow {
            event: flow.event.map(|place| number(&at(&self.model.key_events, place))),
            attribute: flow.attribute.map(|place| number(&at(&self.model.attribute_ids(), place))),
            activation: flow.activation.map(|place| number(&at(activations, place))),
            step: STEPS[flow.step],
        };
        let stages = flow.body(&self.model, journey.map_or("1", |journey| &journey.stage));
        let mut attributes = json!({ "realtimeJourneyStages": stages });
        if let Some(status) = launch {
            attributes["state"] = "launched".into();
            let status = if status == Status::Ok { "ok" } else { "updating" };
            self.platform.control("settle", json!({"ps": "394649", "status": status}));
        }
        let expected = self.model.plan(&id, flow, launch);
        self.send(expected, "PATCH", &format!("{ALL}/{id}"), Some(json!({ "attributes": attributes })))?;
        Ok(())
    }

    fn activation(&mut self, step: &Step) -> Outcome {
        match *step {
            Step::Activate { pick, step } => {
                let (id, step) = (at(&self.model.journeys, pick), step.map(|step| STEPS[step]));
                let expected = self.model.activation(&id, None, step);
                let path = format!("{ALL}/{id}/activations");
                let made = self.send(expected, "POST", &path, Some(webhook(step)))?;
                if let (Some(journey), 200) = (self.model.journeys.get_mut(&number(&id)), expected) {
                    journey.activations.insert(made, step);
                }
            }
            Step::ChangeActivation { pick, activation, step } => {
                let (id, step) = (at(&self.model.journeys, pick), step.map(|step| STEPS[step]));
                let none = BTreeMap::new();
                let journey = self.model.journeys.get(&number(&id));
                let own = at(journey.map_or(&none, |journey| &journey.activations), activation);
                let expected = self.model.activation(&id, Some(&own), step);
                let path = format!("{ALL}/{id}/activations/{own}");
                self.send(expected, "PATCH", &path, Some(webhook(step)))?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Model {
    /// A new journey, or another name and folder of the one with the id.
    fn journey(&mut self, own: Option<&str>, name: &'static str, folder: &str) -> u16 {
        let own = own.map(number);
        let folder = number(folder);
        let others = self.journeys.iter().filter(|(id, _)| Some(**id) != own);
        let expected = first(&[
            own.map_or(200, |id| if self.journeys.contains_key(&id) { 200 } else { 404 }),
            if self.folders.contains_key(&folder) { 200 } else { 404 },
            named(name, others.map(|(_, journey)| journey.name)),
        ]);
        if let (Some(journey), 200) = (own.and_then(|id| self.journeys.get_mut(&id)), expected) {
            (journey.name, journey.folder) = (name, folder);
        }
        expected
    }

    fn plan(&mut self, id: &str, flow: Flow, launch: Option<Status>) -> u16 {
        let known = flow.event.is_none_or(|id| self.key_events.contains_key(&id))
            && flow.attribute.is_none_or(|id| self.attribute_ids().contains_key(&id));
        let Some(journey) = self.journeys.get_mut(&number(id)) else { return 404 };
        // An activation is made for its step, unless it does not say so.
        let fits = flow.activation.is_none_or(|id| {
            journey.activations.get(&id).is_some_and(|step| step.is_none_or(|step| step == flow.step))
        });
        let expected = match (journey.state, launch) {
            _ if !known || !fits => 422,
            (State::Draft, None) => 200,
            (State::Draft, Some(_)) if flow.event.is_none() => 422,
            (State::Draft, Some(Status::Updating)) => 409,
            (State::Draft, Some(Status::Ok)) => {
                journey.state = State::Running;
                200
            }
            _ if journey.flow.as_ref() != Some(&flow) => 422,
            _ => 200,
        };
        if expected == 200 {
            journey.flow = Some(flow);
        }
        expected
    }

    fn pause(&mut self, id: &str, pause: bool) -> u16 {
        let Some(journey) = self.journeys.get_mut(&number(id)) else { return 404 };
        let (from, to) =
            if pause { (State::Running, State::Paused) } else { (State::Paused, State::Running) };
        if journey.state != from {
            return 422;
        }
        journey.state = to;
        200
    }

    /// A new activation, or another step of the one with the id.
    fn activation(&mut self, journey: &str, own: Option<&str>, step: Option<&'static str>) -> u16 {
        let own = own.map(number);
        let Some(journey) = self.journeys.get_mut(&number(journey)) else { return 404 };
        if own.is_some_and(|id| !journey.activations.contains_key(&id)) {
            return 404;
        }
        // Left out, it stays.
        let Some(step) = step else { return 200 };
        let mut others = journey.activations.iter().filter(|(id, _)| Some(**id) != own);
        let placed = journey.flow.as_ref().filter(|flow| own.is_some() && flow.activation == own);
        if others.any(|(_, other)| *other == Some(step)) || placed.is_some_and(|flow| flow.step != step) {
            return 422;
        }
        if let Some(place) = own.and_then(|id| journey.activations.get_mut(&id)) {
            *place = Some(step);
        }
        200
    }

    fn flows(&self) -> impl Iterator<Item = &Flow> {
        self.journeys.values().filter_map(|journey| journey.flow.as_ref())
    }

    pub fn waits_for(&self, event: u64) -> bool {
        self.flows().any(|flow| flow.event == Some(event))
    }

    pub fn asks_for(&self, attribute: u64) -> bool {
        self.flows().any(|flow| flow.attribute == Some(attribute))
    }

    pub fn has_journey(&self, folder: u64) -> bool {
        self.journeys.values().any(|journey| journey.folder == folder)
    }

    pub fn journey_rows(&self) -> BTreeSet<String> {
        let row = |(id, journey): (&u64, &Journey)| {
            let state = if journey.state == State::Draft { "draft" } else { "launched" };
            let (folder, paused) = (journey.folder.to_string(), journey.state == State::Paused);
            json!([id.to_string(), journey.name, folder, state, paused]).to_string()
        };
        self.journeys.iter().map(row).collect()
    }

    pub fn activation_rows(&self) -> BTreeSet<String> {
        let row = |(id, journey): (&u64, &Journey)| -> Vec<String> {
            let used = |activation: u64| {
                journey.flow.as_ref().is_some_and(|flow| flow.activation == Some(activation))
            };
            let stage = |activation: u64| used(activation).then(|| journey.stage.clone());
            let activations = journey.activations.iter();
            activations
                .map(|(own, step)| json!([own.to_string(), id.to_string(), step, stage(*own)]).to_string())
                .collect()
        };
        self.journeys.iter().flat_map(row).collect()
    }
}
