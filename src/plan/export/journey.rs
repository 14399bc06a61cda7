//! Journeys: names instead of ids, nested steps instead of a graph.

use super::{Exporter, put, put_filter, put_list};
use crate::plan::duration;
use crate::plan::flow::join;
use crate::plan::model::journey_read::{REENTRY, STAGE, STATES};
use crate::plan::{Document, JourneyLookup, LiveJourney, Plan};
use crate::platform::new_id::connection_name;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    DurationSetting, EntryCriteria, KeyEventCriteria, RealtimeJourneyActivationStepAttributes,
    RealtimeJourneyActivationStepResource, RealtimeJourneyExitCriteria, RealtimeJourneyJumpTarget,
    RealtimeJourneyResource, RealtimeJourneyStage, RealtimeJourneyStep, WEBHOOK, WebhookAdvanced,
    WebhookExport,
};
use serde_json::{Map, Value, json};

type Item = Map<String, Value>;

impl JourneyLookup for Exporter<'_> {
    fn parent_segment_id(&self) -> &str {
        self.live.journeys.first().map_or("", |journey| journey.attributes.audience_id.as_str())
    }

    fn journey(&self, name: &str) -> Option<&RealtimeJourneyResource> {
        self.live.journeys.iter().find(|journey| journey.attributes.name == name)
    }
}

impl Exporter<'_> {
    pub(super) fn journeys(&mut self) -> Vec<Value> {
        let live = self.live;
        let mut items = Vec::new();
        for journey in &live.journeys {
            let what = format!("journey '{}'", journey.attributes.name);
            let item = self.one(journey).and_then(|item| self.says_it(journey, item));
            items.extend(self.or_warn(&what, item));
        }
        items
    }

    fn activations_of(&self, journey: &str) -> Vec<&RealtimeJourneyActivationStepResource> {
        self.live.activations_of(journey).collect()
    }

    /// The item, if its reader makes the same journey of it.
    fn says_it(&self, journey: &RealtimeJourneyResource, item: Item) -> Result<Item, String> {
        let root = Map::from_iter([("journeys".to_owned(), json!([item]))]);
        let read = Plan::read(&Document::from_root(root, "export"));
        let plan = read.map_err(|error| match error.findings.first() {
            Some(finding) => format!("a plan can't have {}: {}", finding.path, finding.message),
            None => "a plan can't express it".to_owned(),
        })?;
        let Some(read) = plan.plan.journeys.first() else { return Err("a plan can't express it".to_owned()) };
        let activations = self.activations_of(&journey.id);
        let live = LiveJourney { resource: journey, activations: activations.clone() };
        let made = read.to_wire(self, Some(&live)).map_err(|errors| errors.join("; "))?;
        let same = made.activations.iter().all(|made| {
            let there = activations.iter().find(|there| Some(&there.id) == made.existing.as_ref());
            // What does not exist yet is only foreseen, and has no id.
            there.is_none_or(|there| {
                let (mut there, mut made) = (there.attributes.clone(), made.attributes.clone());
                (there.step_uuid, made.step_uuid) = (None, None);
                there == made
            })
        });
        match same && made.attributes == journey.attributes {
            true => Ok(item),
            false => {
                Err("its steps come together, or its parts are formed, as a plan can't express it".to_owned())
            }
        }
    }

    fn one(&self, journey: &RealtimeJourneyResource) -> Result<Item, String> {
        let attributes = &journey.attributes;
        let mut map = Item::new();
        map.insert("name".into(), attributes.name.as_str().into());
        put(&mut map, "description", attributes.description.clone());
        let reentry = REENTRY.iter().find(|(_, mode)| *mode == attributes.reentry_mode);
        put(&mut map, "reentry", reentry.map(|(word, _)| *word));
        if let Some(goal) = &attributes.goal {
            let mut entry = self.entry(&goal.criteria, "event", "name")?;
            put(&mut entry, "jump", self.target(goal.target.as_ref(), &journey.id)?);
            map.insert("goal".into(), entry.into());
        }
        match attributes.realtime_journey_stages.as_slice() {
            [stage] if stage.name == STAGE && stage.description.is_none() => {
                map.extend(self.stage(stage, journey)?);
            }
            stages => {
                let mut items = Vec::new();
                for stage in stages {
                    let mut item = Item::new();
                    item.insert("name".into(), stage.name.as_str().into());
                    put(&mut item, "description", stage.description.clone());
                    item.extend(self.stage(stage, journey)?);
                    items.push(item.into());
                }
                map.insert("stages".into(), Value::Array(items));
            }
        }
        let state = attributes.extra.get("state").and_then(Value::as_str).unwrap_or("draft");
        let state = STATES.iter().find(|(word, _)| *word == state).map(|(word, _)| *word);
        put(&mut map, "state", state);
        let paused = attributes.extra.get("paused").and_then(Value::as_bool);
        put(&mut map, "paused", paused.filter(|paused| *paused));
        Ok(map)
    }

    /// What a stage has beside its name.
    fn stage(&self, stage: &RealtimeJourneyStage, journey: &RealtimeJourneyResource) -> Result<Item, String> {
        let mut map = match &stage.entry_criteria {
            None => Item::new(),
            Some(entry) => self.entry(entry, "trigger_event", "entry_name")?,
        };
        // A stage's own description is another.
        map.shift_remove("description");
        if let Some(milestone) = &stage.milestone {
            map.insert("milestone".into(), self.entry(milestone, "event", "name")?.into());
        }
        let mut exits = Vec::new();
        for exit in &stage.exit_criterias {
            exits.push(self.exit(exit, &journey.id)?.into());
        }
        put_list(&mut map, "exit", exits);
        let steps = Steps { exporter: self, stage, journey, activations: self.activations_of(&journey.id) };
        let steps = steps.list(stage.root_step.as_deref(), None, 0)?;
        map.insert("steps".into(), steps.into());
        Ok(map)
    }

    fn entry(&self, entry: &EntryCriteria, event: &str, name: &str) -> Result<Item, String> {
        let mut map = self.event(entry.key_event_criteria.as_ref(), event)?;
        put(&mut map, "criteria", self.condition(entry.profile_criteria.as_ref())?);
        put(&mut map, name, Some(entry.name.as_str()).filter(|name| !MADE_UP.contains(name)));
        put(&mut map, "description", entry.description.clone());
        put(&mut map, "accept_unknown_profiles", entry.accept_unknown_profiles);
        Ok(map)
    }

    fn event(&self, event: Option<&KeyEventCriteria>, key: &str) -> Result<Item, String> {
        let mut map = Item::new();
        if let Some(event) = event {
            map.insert(key.into(), self.event_name(&event.key_event_id)?.into());
            put_filter(&mut map, ["filter", "where"], &event.key_event_filters)?;
        }
        Ok(map)
    }

    /// A condition on attributes; none for one that takes everyone.
    fn condition(&self, rule: Option<&Rule>) -> Result<Option<Value>, String> {
        match rule.filter(|rule| !rule.is_everything()) {
            None => Ok(None),
            Some(rule) => {
                let mut unknown = Vec::new();
                let written = self.rule_text(rule, &mut unknown)?;
                match unknown.first() {
                    None => Ok(Some(written)),
                    Some(id) => Err(format!("no attribute has the id {id}, which a condition names")),
                }
            }
        }
    }

    fn exit(&self, exit: &RealtimeJourneyExitCriteria, journey: &str) -> Result<Item, String> {
        match exit {
            RealtimeJourneyExitCriteria::Stale(exit) => {
                let mut map = Item::new();
                let after = DurationSetting { value: exit.exit_after, unit: exit.unit };
                map.insert("after".into(), duration::text(after).into());
                put(&mut map, "name", exit.name.clone());
                Ok(map)
            }
            RealtimeJourneyExitCriteria::Custom(exit) => {
                let mut map = self.event(exit.key_event_criteria.as_ref(), "event")?;
                put(&mut map, "criteria", self.condition(Some(&exit.profile_criteria))?);
                put(&mut map, "name", exit.name.clone());
                put(&mut map, "jump", self.target(exit.target.as_ref(), journey)?);
                Ok(map)
            }
        }
    }

    /// A jump by names; the own journey needs none.
    fn target(&self, target: Option<&RealtimeJourneyJumpTarget>, own: &str) -> Result<Option<Value>, String> {
        let Some(target) = target else { return Ok(None) };
        let id = &target.realtime_journey_id;
        let journey = self.live.journeys.iter().find(|journey| journey.id == *id);
        let journey =
            journey.ok_or_else(|| format!("there is no journey with the id {id}, to which it jumps"))?;
        let mut stages = journey.attributes.realtime_journey_stages.iter();
        let stage = stages.find(|stage| stage.id.as_ref() == Some(&target.realtime_journey_stage_id));
        let stage = stage.ok_or("there is no stage to which it jumps")?;
        let mut map = Item::new();
        put(&mut map, "journey", (id != own).then_some(journey.attributes.name.as_str()));
        map.insert("stage".into(), stage.name.as_str().into());
        Ok(Some(map.into()))
    }
}

/// Names that a reader makes up.
const MADE_UP: [&str; 3] = ["Entry Criteria", "Milestone", "Goal"];
/// How deep lists may be nested; a plan can't express a graph with circles.
const DEPTH: usize = 50;

/// The steps of a stage.
struct Steps<'e> {
    exporter: &'e Exporter<'e>,
    stage: &'e RealtimeJourneyStage,
    journey: &'e RealtimeJourneyResource,
    activations: Vec<&'e RealtimeJourneyActivationStepResource>,
}

impl<'e> Steps<'e> {
    /// The steps from one on, up to `stop`.
    fn list(&self, from: Option<&'e str>, stop: Option<&'e str>, depth: usize) -> Result<Vec<Value>, String> {
        let mut items = Vec::new();
        let mut next = from;
        while let Some(key) = next.filter(|key| Some(*key) != stop) {
            if depth > DEPTH || items.len() > self.stage.steps.len() {
                return Err("its steps lead in a circle".to_owned());
            }
            let step = self.stage.steps.get(key).ok_or("a step leads to one that does not exist")?;
            let mut map = Item::new();
            next = match step {
                RealtimeJourneyStep::WaitStep(step) => {
                    let wait = DurationSetting { value: step.wait_step, unit: step.wait_step_unit };
                    map.insert("wait".into(), duration::text(wait).into());
                    put(&mut map, "name", step.name.clone());
                    step.next.as_deref()
                }
                RealtimeJourneyStep::TriggeredActivation(step) => {
                    map = self.activation(&step.journey_activation_step_id)?;
                    step.next.as_deref()
                }
                RealtimeJourneyStep::DecisionPoint(step) => {
                    let nexts: Vec<Option<&str>> = step.branches.iter().map(|b| b.next.as_deref()).collect();
                    let (inner, behind) = self.inner_stop(&nexts, stop);
                    let mut branches = Vec::new();
                    for branch in &step.branches {
                        branches.push(self.branch(branch, inner, depth)?);
                    }
                    map.insert("decide".into(), Value::Array(branches));
                    behind
                }
                RealtimeJourneyStep::Variant(step) => {
                    let nexts: Vec<Option<&str>> = step.branches.iter().map(|v| v.next.as_deref()).collect();
                    let (inner, behind) = self.inner_stop(&nexts, stop);
                    let mut variants = Vec::new();
                    for variant in &step.branches {
                        let mut item = Item::new();
                        let name = variant.name.as_deref().ok_or("a variant has no name")?;
                        item.insert("name".into(), name.into());
                        put(&mut item, "share", variant.percentage.map(whole));
                        put(&mut item, "control", variant.is_control_group.filter(|control| *control));
                        item.insert(
                            "steps".into(),
                            self.list(variant.next.as_deref(), inner, depth.saturating_add(1))?.into(),
                        );
                        variants.push(item.into());
                    }
                    map.insert("ab_test".into(), Value::Array(variants));
                    behind
                }
                RealtimeJourneyStep::Jump(step) => {
                    let target = self.exporter.target(step.target.as_ref(), &self.journey.id)?;
                    map.insert("jump".into(), target.ok_or("a jump leads nowhere yet")?);
                    put(&mut map, "name", step.name.clone());
                    put(&mut map, "description", step.description.clone());
                    None
                }
                RealtimeJourneyStep::End(_) => {
                    items.push("end".into());
                    return Ok(items);
                }
                RealtimeJourneyStep::Merge(_) => {
                    return Err("its steps come together where a plan can't express it".to_owned());
                }
                RealtimeJourneyStep::Other(_) => {
                    return Err("it has a step of a type that is not known here".to_owned());
                }
            };
            items.push(map.into());
        }
        Ok(items)
    }

    /// Where branches stop, and what follows them in the list.
    fn inner_stop(
        &self,
        nexts: &[Option<&'e str>],
        stop: Option<&'e str>,
    ) -> (Option<&'e str>, Option<&'e str>) {
        let joined = join(self.stage, nexts).filter(|joined| Some(*joined) != stop);
        match joined.and_then(|joined| Some((joined, self.stage.steps.get(joined)?))) {
            Some((joined, RealtimeJourneyStep::Merge(merge))) => (Some(joined), merge.next.as_deref()),
            _ => (stop, None),
        }
    }

    fn branch(
        &self,
        branch: &'e crate::platform::wire::RealtimeDecisionPointBranch,
        stop: Option<&'e str>,
        depth: usize,
    ) -> Result<Value, String> {
        let mut item = Item::new();
        let name = branch.name.as_deref().ok_or("a branch has no name")?;
        item.insert("name".into(), name.into());
        put(&mut item, "description", branch.description.clone());
        if branch.excluded_path {
            item.insert("otherwise".into(), true.into());
        } else {
            let when = self.exporter.condition(branch.profile_criteria.as_ref())?;
            item.insert("when".into(), when.unwrap_or_else(|| "".into()));
        }
        item.insert("steps".into(), self.list(branch.next.as_deref(), stop, depth.saturating_add(1))?.into());
        Ok(item.into())
    }

    fn activation(&self, id: &str) -> Result<Item, String> {
        let by_step = |there: &&&RealtimeJourneyActivationStepResource| there.id == id;
        let found = self.activations.iter().find(by_step).ok_or("a step has no activation")?;
        let RealtimeJourneyActivationStepAttributes {
            name,
            description,
            connection_id,
            connector_type,
            connector,
            ..
        } = &found.attributes;
        let name = name.as_deref().ok_or("an activation has no name")?;
        let mut map = Item::new();
        let parsed = |text: &Option<String>| -> Result<Option<Value>, String> {
            let read = text.as_deref().map(serde_json::from_str).transpose();
            read.map_err(|_| format!("what the activation '{name}' sends is not JSON"))
        };
        let (export, advanced) = (parsed(&connector.export_json)?, parsed(&connector.export_advanced_json)?);
        let webhook = connector_type == WEBHOOK;
        map.insert("activate".into(), if webhook { "webhook" } else { "connection" }.into());
        map.insert("name".into(), name.into());
        put(&mut map, "description", description.clone());
        let connection = connection_name(connection_id).unwrap_or(connection_id);
        put(&mut map, "connection", Some(connection).filter(|id| !id.is_empty()));
        if webhook {
            webhook_keys(&mut map, export, advanced, name)?;
        } else {
            map.insert("connector_type".into(), connector_type.as_str().into());
            put(&mut map, "parameters", export);
            put(&mut map, "advanced", advanced);
        }
        Ok(map)
    }
}

/// A whole number without a fraction.
fn whole(share: f64) -> Value {
    // In range: a share is at most 100.
    if share.fract() == 0.0 && (0.0..=100.0).contains(&share) { json!(share as u64) } else { json!(share) }
}

/// The friendly keys of a webhook; defaults are left out.
fn webhook_keys(
    map: &mut Item,
    export: Option<Value>,
    advanced: Option<Value>,
    name: &str,
) -> Result<(), String> {
    let unreadable = |_| format!("what the activation '{name}' sends is no webhook's");
    let export: WebhookExport =
        serde_json::from_value(export.ok_or_else(|| format!("the activation '{name}' sends nothing yet"))?)
            .map_err(unreadable)?;
    let advanced: WebhookAdvanced = advanced
        .map_or(Ok(WebhookAdvanced::default()), |value| serde_json::from_value(value).map_err(unreadable))?;
    map.insert("url".into(), export.url.into());
    put(map, "method", Some(export.method).filter(|method| method != "post"));
    put(map, "headers", export.headers.map(Value::Object));
    put(map, "body", export.body);
    put(map, "more", Some(export.extra).filter(|extra| !extra.is_empty()).map(Value::Object));
    let default = WebhookAdvanced::default();
    put(map, "retries", Some(advanced.webhook_retry_count).filter(|n| *n != default.webhook_retry_count));
    for (key, seconds, usual) in [
        ("connect_timeout", advanced.webhook_connection_timeout, default.webhook_connection_timeout),
        ("timeout", advanced.webhook_read_timeout, default.webhook_read_timeout),
        ("write_timeout", advanced.webhook_write_timeout, default.webhook_write_timeout),
    ] {
        put(map, key, (seconds != usual).then(|| format!("{seconds}s")));
    }
    put(map, "advanced", Some(advanced.extra).filter(|extra| !extra.is_empty()).map(Value::Object));
    Ok(())
}
