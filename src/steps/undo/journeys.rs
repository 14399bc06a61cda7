//! What is particular about journeys: what runs is fixed, and activations go with their journey.

use super::touched::Touched;
use super::{Deed, Prepared};
use crate::plan::{Configuration, item_command};
use crate::platform::rule::fields_by_meaning;
use crate::platform::wire::RealtimeJourneyResource;
use crate::steps::journal::Recorded;
use crate::steps::kind::Kind;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What the platform has no operation for, as sentences: activations and connections that were made
/// stay, but for the activations of journeys that are deleted.
pub(super) fn keep_what_stays(prepared: &mut Prepared, recorded: &Recorded, live: &Configuration) {
    let made = |kind: Kind| move |work: &&super::Work| work.kind == kind && matches!(work.deed, Deed::Delete);
    let gone: Vec<String> =
        prepared.work.iter().filter(made(Kind::Journey)).filter_map(|work| work.id.clone()).collect();
    let stays = |work: &super::Work| {
        let journey = work.collection.rsplit('/').nth(1).unwrap_or_default();
        let name = live.journeys.iter().find(|there| there.id == journey);
        let name = name.map_or(journey, |journey| &journey.attributes.name);
        let sentence = format!(
            "the activation '{}' of the journey '{name}' stays: the platform can't delete it",
            work.name
        );
        (!gone.iter().any(|id| id == journey)).then_some(sentence)
    };
    let kept: Vec<String> = prepared.work.iter().filter(made(Kind::Activation)).filter_map(stays).collect();
    prepared.left.extend(kept);
    prepared.work.retain(|work| !made(Kind::Activation)(&work));
    let connections = recorded.entries.iter().filter(|entry| {
        entry.method == "POST" && entry.done != Some(false) && entry.path.ends_with("/streaming_task_auths")
    });
    let names = connections.filter_map(|entry| entry.body.as_ref()?.get("auth_name")?.as_str());
    prepared
        .left
        .extend(names.map(|name| format!("the connection '{name}' stays; delete it in the console")));
}

/// The launched journeys whose state or flow would differ, which the platform does not change any more.
pub fn what_runs_stays(live: &Configuration, state: &Configuration) -> BTreeSet<String> {
    let differs = |journey: &&RealtimeJourneyResource| {
        let there = live.journeys.iter().find(|there| there.id == journey.id && there.is_launched());
        there.is_some_and(|there| {
            let (old, new) = (&there.attributes, &journey.attributes);
            !journey.is_launched()
                || old.goal != new.goal
                || old.reentry_mode != new.reentry_mode
                || old.realtime_journey_stages != new.realtime_journey_stages
        })
    };
    state.journeys.iter().filter(differs).map(|journey| journey.id.clone()).collect()
}

/// Leaves out what a launch has fixed, with a sentence.
pub(super) fn leave_what_runs(prepared: &mut Prepared, name: &str, restored: &mut Map<String, Value>) {
    // A journey that stays launched is neither paused nor let loose.
    restored.shift_remove("paused");
    let fixed: Vec<String> = ["state", "goal", "reentryMode", "realtimeJourneyStages"]
        .into_iter()
        .filter(|key| restored.shift_remove(*key).is_some())
        .map(|key| format!("'{key}'"))
        .collect();
    if !fixed.is_empty() {
        prepared.kept.push(format!(
            "{} of the journey '{name}': it is launched, which fixes them; pause or delete it",
            fixed.join(", ")
        ));
    }
}

/// A journey that was deleted is made again, as a draft; one whose making was cut off is finished.
pub(super) fn was_deleted(
    prepared: &mut Prepared,
    thing: &Touched,
    before: &Value,
    there: Option<(String, &Value)>,
    recorded: &Recorded,
) -> Option<(Option<String>, Deed)> {
    let mut fields = Kind::Journey.fields(before);
    let was_launched = fields.shift_remove("state").is_some_and(|state| state == "launched");
    fields.shift_remove("paused");
    if let Some((id, image)) = there {
        let mut now = Kind::Journey.fields(image);
        let is_draft = now.shift_remove("state").is_none_or(|state| state == "draft");
        now.shift_remove("paused");
        if fields_by_meaning(&now) == fields_by_meaning(&fields) {
            return None;
        }
        if !is_draft || thing.id.as_ref() != Some(&id) {
            prepared.conflicts.push(format!("there is another journey '{}' now", thing.name));
            return None;
        }
    }
    if was_launched {
        prepared.without.push(format!(
            "the journey '{}' is a draft again, without those who were in it: `{}` launches it",
            thing.name,
            item_command("journey-create launch", &thing.name, &recorded.target.parent_segment)
        ));
    }
    fields.insert("activations".into(), before.get("activations").cloned().unwrap_or_default());
    Some((thing.id.clone(), Deed::Create(fields)))
}
