//! What is particular about journeys: what runs is fixed, and activations go with their journey.

use super::touched::Touched;
use super::{Deed, Prepared};
use crate::plan::Configuration;
use crate::platform::rule::fields_by_meaning;
use crate::steps::journal::Recorded;
use crate::steps::kind::Kind;
use serde_json::Value;

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
    prepared.kept.extend(kept);
    prepared.work.retain(|work| !made(Kind::Activation)(&work));
    let connections = recorded.entries.iter().filter(|entry| {
        entry.method == "POST" && entry.done != Some(false) && entry.path.ends_with("/streaming_task_auths")
    });
    let names = connections.filter_map(|entry| entry.body.as_ref()?.get("auth_name")?.as_str());
    prepared
        .kept
        .extend(names.map(|name| format!("the connection '{name}' stays; delete it in the console")));
}

/// A launched journey is not a draft any more, and its flow is fixed: it stays so, as sentences say.
pub fn what_runs_stays(live: &Configuration, state: &mut Configuration) -> Vec<String> {
    let mut kept = Vec::new();
    for journey in &mut state.journeys {
        let there = live.journeys.iter().find(|there| there.id == journey.id && there.is_launched());
        let Some(there) = there else { continue };
        let is_draft = !journey.is_launched();
        let (old, new) = (&there.attributes, &mut journey.attributes);
        let differ = [
            ("state", is_draft),
            ("goal", old.goal != new.goal),
            ("reentryMode", old.reentry_mode != new.reentry_mode),
            ("realtimeJourneyStages", old.realtime_journey_stages != new.realtime_journey_stages),
        ];
        let fixed: Vec<String> =
            differ.iter().filter(|(_, differs)| *differs).map(|(key, _)| format!("'{key}'")).collect();
        if fixed.is_empty() {
            continue;
        }
        kept.push(format!(
            "{} of the journey '{}': it is launched, which fixes them; pause or delete it",
            fixed.join(", "),
            new.name
        ));
        new.goal.clone_from(&old.goal);
        new.reentry_mode.clone_from(&old.reentry_mode);
        new.realtime_journey_stages.clone_from(&old.realtime_journey_stages);
        if is_draft {
            *journey = journey.clone().running(true, there.is_paused());
        }
    }
    kept
}

/// A journey that was deleted is made again, as a draft; one whose making was cut off is finished.
pub(super) fn was_deleted(
    prepared: &mut Prepared,
    thing: &Touched,
    before: &Value,
    there: Option<(String, &Value)>,
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
        if !is_draft || thing.id.as_deref() != Some(id.as_str()) {
            prepared.conflicts.push(format!("there is another journey '{}' now", thing.name));
            return None;
        }
    }
    if was_launched {
        prepared.kept.push(format!(
            "the journey '{}' is a draft again, without those who were in it: `tdx-rt journey-create launch` launches it",
            thing.name
        ));
    }
    fields.insert("activations".into(), before.get("activations").cloned().unwrap_or_default());
    Some((thing.id.clone(), Deed::Create(fields)))
}
