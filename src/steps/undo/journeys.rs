//! What is particular about journeys: they come back as drafts, and activations go with their journey.

use super::touched::Touched;
use super::{Deed, Prepared, Run};
use crate::plan::{Configuration, item_command};
use crate::platform::rule::fields_by_meaning;
use crate::steps::journal::Recorded;
use crate::steps::kind::ItemKind;
use serde_json::{Map, Value};

/// What the platform has no operation for, as sentences: activations and connections that were made
/// stay, but for the activations of journeys that are deleted.
pub(super) fn keep_what_stays(prepared: &mut Prepared, recorded: &Recorded, live: &Configuration) {
    let made =
        |kind: ItemKind| move |work: &&super::Work| work.kind == kind && matches!(work.deed, Deed::Delete);
    let gone: Vec<String> =
        prepared.work.iter().filter(made(ItemKind::Journey)).filter_map(|work| work.id.clone()).collect();
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
    let kept: Vec<String> =
        prepared.work.iter().filter(made(ItemKind::Activation)).filter_map(stays).collect();
    prepared.left.extend(kept);
    prepared.work.retain(|work| !made(ItemKind::Activation)(&work));
    let connections = recorded.entries.iter().filter(|entry| {
        entry.method == "POST" && entry.done != Some(false) && entry.path.ends_with("/streaming_task_auths")
    });
    let names = connections.filter_map(|entry| entry.body.as_ref()?.get("auth_name")?.as_str());
    prepared
        .left
        .extend(names.map(|name| format!("the connection '{name}' stays; delete it in the console")));
}

/// A journey that was deleted is made again, as a draft; one whose making was cut off is finished.
pub(super) fn was_deleted(
    prepared: &mut Prepared,
    thing: &Touched,
    before: &Value,
    there: Option<(String, &Value)>,
    run: &Run<'_>,
) -> Option<(Option<String>, Deed)> {
    let mut fields = ItemKind::Journey.fields(before);
    let was_launched = fields.shift_remove("state").is_some_and(|state| state == "launched");
    let was_paused = fields.shift_remove("paused").is_some_and(|paused| paused == true);
    if let Some((id, image)) = there {
        let mut now = ItemKind::Journey.fields(image);
        now.shift_remove("paused");
        let is_launched = now.shift_remove("state").is_some_and(|state| state == "launched");
        if fields_by_meaning(&now) == fields_by_meaning(&fields) {
            return None;
        }
        let again = thing.id.as_ref() == Some(&id);
        if again && (is_launched || !run.is_as_undone(thing, &id, &thing.meant(image))) {
            let what = if is_launched { "launched" } else { "changed" };
            prepared.conflicts.push(format!("the journey '{}' was {what} since", thing.name));
            return None;
        }
    }
    if was_launched {
        let (name, launch) = (&thing.name, launch(thing, was_paused, run.recorded));
        let paused = if was_paused { "; it was paused" } else { "" };
        prepared.without.push(format!(
            "the journey '{name}' is a draft again, without those who were in it{paused}: {launch}"
        ));
    }
    fields.insert("activations".into(), before.get("activations").cloned().unwrap_or_default());
    Some((thing.id.clone(), Deed::Create(fields)))
}

/// The command that makes a draft what it was before.
fn launch(thing: &Touched, was_paused: bool, recorded: &Recorded) -> String {
    let command = |word: &str| item_command(word, &thing.name, &recorded.target.parent_segment);
    let launch = command("journey-create launch");
    match was_paused {
        true => format!("`{launch} && {}` launches and pauses it", command("journey-create pause")),
        false => format!("`{launch}` launches it"),
    }
}

/// A draft, which an undo made again of what was launched, is neither paused nor resumed.
pub(super) fn note_draft(
    prepared: &mut Prepared,
    thing: &Touched,
    [before, after, live]: [&Map<String, Value>; 3],
    recorded: &Recorded,
) {
    let is_launched = |fields: &Map<String, Value>| fields.get("state").is_some_and(|it| it == "launched");
    let holds = |fields: &Map<String, Value>| fields.get("paused").is_some_and(|it| *it == true);
    if holds(before) != holds(after) && is_launched(before) && !is_launched(live) {
        let (name, launch) = (&thing.name, launch(thing, holds(before), recorded));
        prepared.left.push(format!("the journey '{name}' is a draft again, which does not run: {launch}"));
    }
}
