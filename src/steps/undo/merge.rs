//! What an undo leads to, over what is live once it has written a part of it: an item that it wrote is done, and
//! what others changed meanwhile stays.

use super::own_writes::without_own;
use super::{holds, keep_section_ids};
use crate::error::{Code, Error};
use crate::plan::Configuration;
use crate::platform::wire::{RealtimeJourneyActivationStepResource, RealtimeJourneyResource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Applies the changes from `before` to `target` to what is live `now`. `target` has the ids that things have now.
///
/// # Errors
/// None but for a defect: an item that can't be read again.
pub fn over(
    before: &Configuration,
    target: &Configuration,
    now: &Configuration,
) -> Result<Configuration, Error> {
    let own = |id: &Option<String>| id.clone();
    let mut state = Configuration {
        setting: merged(&before.setting, &target.setting, &now.setting)?,
        events: all([&before.events, &target.events, &now.events], |one| own(&one.id), merged)?,
        attributes: all(
            [&before.attributes, &target.attributes, &now.attributes],
            |one| own(&one.id),
            merged,
        )?,
        services: all([&before.services, &target.services, &now.services], |one| own(&one.id), merged)?,
        personalizations: all(
            [&before.personalizations, &target.personalizations, &now.personalizations],
            |one| Some(one.id.clone()),
            merged,
        )?,
        journeys: all(
            [&before.journeys, &target.journeys, &now.journeys],
            |one| Some(one.id.clone()),
            journey,
        )?,
        activations: all(
            [&before.activations, &target.activations, &now.activations],
            |one| Some(one.id.clone()),
            activation,
        )?,
        segments: now.segments.clone(),
    };
    keep_section_ids(now, &mut state);
    Ok(state)
}

/// The items of a list by their ids. What others made stays, what they deleted stays deleted.
fn all<T: Clone + PartialEq + Serialize>(
    [before, target, now]: [&[T]; 3],
    id: impl Fn(&T) -> Option<String>,
    merged: impl Fn(&T, &T, &T) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let find = |list: &[T], item: &T| list.iter().find(|one| id(one) == id(item)).cloned();
    let mut found = Vec::new();
    for item in now {
        found.extend(match (find(before, item), find(target, item)) {
            (Some(_), None) => None,
            (Some(before), Some(target)) => Some(merged(&before, &target, item)?),
            // Made by the undo.
            (None, Some(target)) => Some(if is_there(item, &target)? { item.clone() } else { target }),
            (None, None) => Some(item.clone()),
        });
    }
    let missing = target.iter().filter(|item| find(before, item).is_none() && find(now, item).is_none());
    found.extend(missing.cloned());
    Ok(found)
}

fn is_there<T: Serialize>(live: &T, target: &T) -> Result<bool, Error> {
    Ok(holds(Some(&value(live)?), &value(target)?))
}

fn merged<T>(before: &T, target: &T, now: &T) -> Result<T, Error>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned,
{
    match now {
        _ if now == before => Ok(target.clone()),
        _ if before == target || now == target => Ok(now.clone()),
        _ => serde_json::from_value(without_own(&value(target)?, &value(before)?, &value(now)?))
            .map_err(defect),
    }
}

/// Whether it runs is not in what is written of it.
fn journey(
    before: &RealtimeJourneyResource,
    target: &RealtimeJourneyResource,
    now: &RealtimeJourneyResource,
) -> Result<RealtimeJourneyResource, Error> {
    let mut found = merged(before, target, now)?;
    let runs = |one: &RealtimeJourneyResource| (one.is_launched(), one.is_paused());
    let extra = if runs(before) == runs(target) { &now.attributes.extra } else { &target.attributes.extra };
    found.attributes.extra.clone_from(extra);
    Ok(found)
}

fn activation(
    before: &RealtimeJourneyActivationStepResource,
    target: &RealtimeJourneyActivationStepResource,
    now: &RealtimeJourneyActivationStepResource,
) -> Result<RealtimeJourneyActivationStepResource, Error> {
    let mut found = merged(before, target, now)?;
    found.attributes.extra.clone_from(&now.attributes.extra);
    Ok(found)
}

fn value(item: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(item).map_err(defect)
}

fn defect(error: serde_json::Error) -> Error {
    Error::new(Code::Bug, format!("what an undo leads to can't be read: {error}"))
}
