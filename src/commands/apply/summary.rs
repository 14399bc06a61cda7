//! The workflow's summary of what was set up.

use crate::input::Step;
use crate::plan::{PersonalizationService, item_command};
use crate::platform::wire::{RealtimeJourneyState, RealtimeStatus};
use crate::steps::Action;
use crate::steps::change::{Tally, unchanged};
use crate::steps::desired::prune::Pruning;
use crate::steps::items::named;
use crate::writing::Written;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// What was set up.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    parent_segment: SummaryParentSegment,
    items: Items,
    rt_configuration: RtConfiguration,
    personalization: OnlyPersonalization,
    /// Those of the plan
    personalizations: Vec<PersonalizationSummary>,
    /// Those of the plan
    journeys: Vec<JourneySummary>,
    /// URL that answers a visitor's offers; null where the plan has several personalizations
    endpoint: Option<String>,
    /// URL that takes events
    event_endpoint: Option<String>,
    /// URL in the console
    console_url: Option<String>,
    /// What to do next
    next_steps: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SummaryParentSegment {
    id: String,
    /// Empty where only the id was asked for
    name: String,
}

/// How many items were created, updated, left alone and deleted.
#[derive(Debug, Serialize, JsonSchema)]
struct Items {
    created: usize,
    updated: usize,
    unchanged: usize,
    deleted: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RtConfiguration {
    status: RealtimeStatus,
    /// How many
    event_tables: usize,
    /// Names
    key_events: Vec<String>,
    /// How many the plan has, imported ones apart
    rt_attributes: usize,
    /// How many the plan imports
    batch_attributes: usize,
    /// How many
    stitching_keys: usize,
}

/// The plan's only one; each field is null where it has none or several.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct OnlyPersonalization {
    /// Name
    service: Option<String>,
    #[schemars(with = "Option<Action>")]
    service_action: Option<String>,
    /// Id of the entity
    id: Option<String>,
    #[schemars(with = "Option<Action>")]
    action: Option<String>,
    /// How many the plan's only one has
    sections: Option<usize>,
}

/// A personalization of the plan.
#[derive(Debug, Serialize, JsonSchema)]
struct PersonalizationSummary {
    name: String,
    /// Name
    service: Option<String>,
    #[schemars(with = "Option<Action>")]
    service_action: Option<String>,
    /// Id of the entity
    id: Option<String>,
    #[schemars(with = "Option<Action>")]
    action: Option<String>,
    /// How many the plan has
    sections: usize,
    /// URL that answers a visitor's offers
    endpoint: Option<String>,
    /// URL that takes events
    event_endpoint: Option<String>,
    /// URL in the console
    console_url: Option<String>,
}

/// A journey of the plan.
#[derive(Debug, Serialize, JsonSchema)]
struct JourneySummary {
    name: String,
    #[schemars(with = "RealtimeJourneyState")]
    state: String,
    #[schemars(with = "Action")]
    action: String,
}

/// The workflow's summary.
pub fn summary(step: &Step, written: &Written, pruning: &Pruning) -> Summary {
    let root = &step.document.root;
    let personalizations: Vec<PersonalizationSummary> =
        step.plan.personalizations.iter().map(|plan| personalization(step, plan)).collect();
    // Of several, none stands for all.
    let one = match personalizations.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    let (setting, tally) = (&written.after.setting, written.tally);
    let unchanged =
        unchanged(&written.live.state, &written.desired.state, &named(&step.plan, &written.live.state));
    let journeys: Vec<JourneySummary> = match root.get("journeys") {
        Some(Value::Array(journeys)) => journeys.iter().map(journey_summary).collect(),
        _ => root.get("journey").into_iter().map(journey_summary).collect(),
    };
    let imported = step.plan.attributes.iter().filter(|a| a.imported_column().is_some()).count();
    let next_steps = match sets_up(written, pruning) {
        true => next_steps(step, &personalizations, &journeys),
        false => Vec::new(),
    };
    Summary {
        parent_segment: SummaryParentSegment { id: step.ps.id.clone(), name: step.ps.name.clone() },
        items: Items { created: tally.created, updated: tally.updated, unchanged, deleted: tally.deleted },
        rt_configuration: RtConfiguration {
            status: written.status,
            event_tables: setting.event_tables.len(),
            key_events: written.after.events.iter().map(|event| event.name.clone()).collect(),
            rt_attributes: step.plan.attributes.len().saturating_sub(imported),
            batch_attributes: imported,
            stitching_keys: setting.key_columns.len(),
        },
        personalization: one.map(OnlyPersonalization::of).unwrap_or_default(),
        endpoint: one.and_then(|one| one.endpoint.clone()),
        event_endpoint: one.and_then(|one| one.event_endpoint.clone()),
        console_url: one.and_then(|one| one.console_url.clone()),
        personalizations,
        journeys,
        next_steps,
    }
}

impl OnlyPersonalization {
    fn of(one: &PersonalizationSummary) -> Self {
        OnlyPersonalization {
            service: one.service.clone(),
            service_action: one.service_action.clone(),
            id: one.id.clone(),
            action: one.action.clone(),
            sections: Some(one.sections),
        }
    }
}

/// What became of a personalization of the plan, as [`write_all`](crate::writing::write_all) noted it.
fn personalization(step: &Step, plan: &PersonalizationService) -> PersonalizationSummary {
    let root = &step.document.root;
    let place = match step.plan.personalizations.len() {
        1 => Some(root),
        _ => step.document.value(&plan.at).and_then(Value::as_object),
    };
    let get = |key: &str, field: &str| text(place.and_then(|place| place.get(key)?.get(field)));
    PersonalizationSummary {
        name: plan.name.clone(),
        service: get("service", "name"),
        service_action: get("service", "action"),
        id: get("personalization", "id"),
        action: get("personalization", "action"),
        sections: plan.sections.len(),
        endpoint: get("personalization", "endpoint"),
        event_endpoint: get("personalization", "event_endpoint"),
        console_url: get("personalization", "console_url"),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn journey_summary(journey: &Value) -> JourneySummary {
    let get = |key: &str| text(journey.get(key)).unwrap_or_default();
    JourneySummary { name: get("name"), state: get("state"), action: get("action") }
}

/// Whether more was done than the pruning does by itself.
fn sets_up(written: &Written, pruning: &Pruning) -> bool {
    let mut pruned = written.live.state.clone();
    pruning.apply(&mut pruned, &written.desired.own.state);
    let Tally { created, updated, .. } = Tally::between(&pruned, &written.desired.state);
    created > 0 || updated > 0
}

/// What makes sense now that something was set up; nothing where it has neither an endpoint nor a journey.
fn next_steps(
    step: &Step,
    personalizations: &[PersonalizationSummary],
    journeys: &[JourneySummary],
) -> Vec<String> {
    let mut steps = Vec::new();
    if personalizations.iter().any(|one| one.endpoint.is_some()) {
        steps.extend([
            "Test the API endpoint with real user IDs: tdx-rt pz-test -f PLAN --key td_client_id=ID"
                .to_owned(),
            "Integrate it into the web or mobile app".to_owned(),
            "Monitor API response times and errors".to_owned(),
        ]);
    }
    let is_draft = |journey: &&JourneySummary| journey.state == "draft";
    for draft in journeys.iter().filter(is_draft) {
        let launch = item_command("journey-create launch", &draft.name, &step.ps.id);
        steps.push(format!("Launch the journey: {launch}"));
    }
    if !journeys.iter().all(|journey| is_draft(&journey)) {
        let test = "tdx-rt journey-test NAME -f PLAN --key td_client_id=ID";
        steps.push(format!("Test a journey with an event: {test}"));
    }
    steps
}

impl Summary {
    /// The same for people, with what was deleted.
    pub fn text(&self, deleted: &str) -> String {
        let Summary {
            parent_segment,
            items,
            rt_configuration: rt,
            personalizations,
            journeys,
            next_steps,
            ..
        } = self;
        let what = match personalizations.iter().any(|one| one.endpoint.is_some()) {
            true => "Personalization",
            false => "Triggers",
        };
        let Items { created, updated, deleted: gone, .. } = items;
        let mut title = match (next_steps.is_empty(), [created, updated, gone] == [&0; 3]) {
            (false, _) => format!("RT {what} Setup Complete!"),
            (true, true) => "Nothing to change: everything is as the plan says.".to_owned(),
            (true, false) => format!("Done: {created} created, {updated} updated, {gone} deleted."),
        };
        if !deleted.is_empty() {
            title.push_str(&format!("\nDeleted: {deleted}"));
        }
        let mut text = format!(
            "{title}\n\nParent Segment: {} ({})\n\nRT Configuration: {}\n  - Event Tables: {} configured\n  - Key Events: {}\n  - RT Attributes: {}\n  - Batch Attributes: {} imported\n  - ID Stitching Keys: {} configured\n",
            parent_segment.name,
            parent_segment.id,
            rt.status,
            rt.event_tables,
            rt.key_events.join(", "),
            rt.rt_attributes,
            rt.batch_attributes,
            rt.stitching_keys,
        );
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        for one in personalizations {
            text.push_str(&format!(
                "\nPersonalization:\n  - Service: {} ({})\n  - Entity: {} ({})\n  - Sections: {}\n\nAPI Endpoint:\n  {}\n\nConsole URL:\n  {}\n",
                or_none(&one.service),
                or_none(&one.service_action),
                or_none(&one.id),
                or_none(&one.action),
                one.sections,
                or_none(&one.endpoint),
                or_none(&one.console_url),
            ));
        }
        if !journeys.is_empty() {
            text.push_str("\nJourneys:\n");
        }
        for JourneySummary { name, state, action } in journeys {
            text.push_str(&format!("  - {name}: {state} ({action})\n"));
        }
        if !next_steps.is_empty() {
            text.push_str("\nNext Steps:");
        }
        for (step, number) in next_steps.iter().zip(1..) {
            text.push_str(&format!("\n  {number}. {step}"));
        }
        text
    }
}
