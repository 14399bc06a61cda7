//! What an undo that was cut off made again without learning, or noting, the new id.

use super::holds;
use super::touched::{Touched, touched};
use crate::plan::Configuration;
use crate::platform::rule::fields_by_meaning;
use crate::steps::journal::{Ids, JournalEntry, Recorded, images};
use crate::steps::kind::ItemKind;
use serde_json::Value;

/// Things that are live as an undo sent them, and whose new ids are not known, as the answer did not come or the process
/// was killed before it noted them: kind, id in the journals, live id. `ids` are those that are known, `undos` the
/// journals of earlier undos of these.
pub fn begun(
    ids: &Ids,
    found: &[Recorded],
    undos: &[&Recorded],
    live: &Configuration,
) -> Vec<(ItemKind, String, String)> {
    let makes = |entry: &&JournalEntry| entry.method == "POST" && entry.done != Some(false);
    let entries: Vec<&JournalEntry> = undos.iter().flat_map(|undo| &undo.entries).filter(makes).collect();
    let Some(target) = found.first().filter(|_| !entries.is_empty()).map(|one| &one.target) else {
        return Vec::new();
    };
    let renamed = found.iter().cloned().map(|mut recorded| {
        ids.rename_journal(&mut recorded);
        touched(&recorded).things
    });
    let gone: Vec<Touched> = renamed.flatten().filter(|thing| thing.after.is_none()).collect();
    let now = images(&target.parent_segment, live);
    let mut begun = Vec::new();
    for entry in entries {
        let (Some(kind), Some(sent)) = (ItemKind::of(&entry.path), &entry.body) else { continue };
        let made = now.iter().find_map(|(path, image)| {
            let id = path.strip_prefix(&entry.path)?.strip_prefix('/').filter(|id| !id.contains('/'))?;
            let is_it = entry.id.as_ref().map_or_else(|| is_as_sent(kind, image, sent), |known| known == id);
            is_it.then_some((id, image))
        });
        let Some((new, image)) = made else { continue };
        let before = gone.iter().filter_map(|thing| thing.before.as_ref().map(|before| (thing, before)));
        for (thing, before) in before {
            if kind == thing.kind && kind.fields(sent).get("name").is_some_and(|name| *name == thing.name) {
                begun.extend(thing.id.as_ref().map(|old| (kind, old.clone(), new.to_owned())));
                begun.extend(stages(before, image));
            }
            if kind == ItemKind::Activation {
                begun.extend(activation(before, sent).map(|old| (kind, old, new.to_owned())));
            }
        }
    }
    begun.retain(|(_, old, new)| old != new);
    begun
}

/// Whether something has every field that was sent.
fn is_as_sent(kind: ItemKind, image: &Value, sent: &Value) -> bool {
    let (live, sent) = (fields_by_meaning(&kind.fields(image)), fields_by_meaning(&kind.fields(sent)));
    sent.iter().all(|(key, sent)| holds(live.get(key), sent))
}

/// The stages of a journey and of its new draft, in their order.
fn stages(before: &Value, image: &Value) -> Vec<(ItemKind, String, String)> {
    let ids = |image: &Value| -> Vec<String> {
        let stages = image.pointer("/attributes/realtimeJourneyStages").and_then(Value::as_array);
        let ids = stages.into_iter().flatten().filter_map(|stage| stage.get("id")?.as_str());
        ids.map(str::to_owned).collect()
    };
    let pairs = ids(before).into_iter().zip(ids(image));
    pairs.map(|(old, new)| (ItemKind::Stage, old, new)).collect()
}

/// The id that the activation of a step had in a journey that was deleted.
fn activation(before: &Value, sent: &Value) -> Option<String> {
    let step = sent.pointer("/attributes/stepUuid")?;
    let all = before.get("activations").and_then(Value::as_array)?;
    let same = all.iter().find(|one| one.pointer("/attributes/stepUuid") == Some(step))?;
    Some(same.get("id")?.as_str()?.to_owned())
}
