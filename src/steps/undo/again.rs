//! What an earlier command deleted and a later one made again: one thing when both are undone.

use crate::error::{Code, Error};
use crate::plan::Configuration;
use crate::platform::fields::changeable;
use crate::platform::wire::{RealtimeAttribute, Section};
use crate::steps::kind::ItemKind;
use serde_json::{Value, json};

/// The things that would be deleted and made under the same name: kind, id in the journals, live id. A
/// journey is none of them: its draft is made again whole.
///
/// # Errors
/// An attribute that was made again with what the platform does not change.
pub fn made_again(
    live: &Configuration,
    state: &Configuration,
) -> Result<Vec<(ItemKind, String, String)>, Error> {
    let mut all =
        same_names(ItemKind::Event, &live.events, &state.events, |event| (event.id.as_deref(), &event.name));
    all.extend(same_names(ItemKind::Service, &live.services, &state.services, |one| {
        (one.id.as_deref(), &one.name)
    }));
    let entity =
        same_names(ItemKind::Personalization, &live.personalizations, &state.personalizations, |one| {
            (Some(&one.id), &one.attributes.name)
        });
    all.extend(entity);
    let attributes = same_names(ItemKind::Attribute, &live.attributes, &state.attributes, |one| {
        (one.id.as_deref(), &one.name)
    });
    for (_, old, new) in &attributes {
        let by_id = |items: &'_ [RealtimeAttribute], id: &str| {
            items.iter().find(|one| one.id.as_deref() == Some(id)).cloned()
        };
        let (now, then) = (by_id(&live.attributes, new), by_id(&state.attributes, old));
        if fixed(now.as_ref()) != fixed(then.as_ref()) {
            let name = now.map(|one| one.name).unwrap_or_default();
            let message = format!(
                "the attribute '{name}' was deleted and made again as another: these commands can't be undone at once"
            );
            return Err(Error::new(Code::Conflict, message)
                .hint("nothing was written; undo one command at a time: tdx-rt undo"));
        }
    }
    all.extend(attributes);
    Ok(all)
}

/// What can't be changed of an attribute.
fn fixed(attribute: Option<&RealtimeAttribute>) -> Value {
    let mut value = json!(attribute);
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|key, _| key != "id" && !changeable().any(|field| field == key));
    }
    value
}

fn same_names<'a, T>(
    kind: ItemKind,
    live: &'a [T],
    state: &'a [T],
    known: impl Fn(&'a T) -> (Option<&'a str>, &'a String),
) -> Vec<(ItemKind, String, String)> {
    let has = |items: &'a [T], id: Option<&str>| items.iter().any(|item| known(item).0 == id);
    let new = state.iter().map(&known).filter(|(id, _)| !has(live, *id));
    let pair = |(old, name): (Option<&str>, &String)| {
        let there = live.iter().map(&known).find(|(id, its)| *its == name && !has(state, *id))?;
        Some((kind, old?.to_owned(), there.0?.to_owned()))
    };
    new.filter_map(pair).collect()
}

/// The names that would come back although something else has them now, as sentences.
pub fn taken(state: &Configuration) -> Vec<String> {
    let mut taken = Vec::new();
    let mut look = |what: &str, names: Vec<&String>| {
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|other| other == name) {
                taken.push(format!("{what} '{name}' is taken by another one now"));
            }
        }
    };
    look("the name of the key event", state.events.iter().map(|one| &one.name).collect());
    look("the name of the attribute", state.attributes.iter().map(|one| &one.name).collect());
    look("the identifier of the attribute", state.attributes.iter().map(|one| &one.identifier).collect());
    look("the name of the service", state.services.iter().map(|one| &one.name).collect());
    let entities = state.personalizations.iter().map(|one| &one.attributes.name);
    look("the name of the personalization", entities.collect());
    look("the name of the journey", state.journeys.iter().map(|one| &one.attributes.name).collect());
    taken
}

/// Gives the live sections the ids that those of the same name have, or that they had themselves
/// where only their name was changed. A section that went comes back as a new one: the platform refuses an
/// id that it does not have any more.
pub fn keep_section_ids(live: &Configuration, state: &mut Configuration) {
    for entity in &mut state.personalizations {
        let there = live.personalizations.iter().find(|there| there.id == entity.id);
        let known = there.map_or(&[][..], |there| &there.attributes.sections);
        let names: Vec<_> = entity.attributes.sections.iter().map(|section| section.name.clone()).collect();
        for section in &mut entity.attributes.sections {
            let renamed = |one: &&Section| one.id == section.id && !names.contains(&one.name);
            let same = known.iter().find(|one| one.name == section.name);
            section.id = same.or_else(|| known.iter().find(renamed)).and_then(|one| one.id.clone());
        }
    }
}
