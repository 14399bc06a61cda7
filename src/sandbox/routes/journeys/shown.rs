//! Journeys, activations and variants as the contract shows them.

use super::super::view;
use crate::platform::wire::{
    ACTIVATION_TYPE, FOLDER_TYPE, JOURNEY_TYPE, RealtimeJourneyJumpTarget, RealtimeJourneyState,
    RealtimeJourneyStep,
};
use crate::sandbox::clock::iso;
use crate::sandbox::store::journey::{StoredActivation, StoredJourney};
use crate::sandbox::store::journeys::jumps::Jump;
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::segment::ParentSegment;
use serde_json::{Map, Value, json};

/// `type` of a jump in JSON:API.
const JUMP_TYPE: &str = "realtime-journey-jump-link";
/// `type` of a variant in JSON:API.
const VARIANT_TYPE: &str = "realtimeJourneyABTestVariant";

/// `RealtimeJourneyResource`.
pub fn journey(segment: &ParentSegment, realtime: &Realtime, item: &StoredJourney) -> Value {
    let stamp = realtime.stamp(Some(&item.id));
    let mut attributes = view::object(&item.attributes);
    for (key, value) in [
        ("state", json!(item.state)),
        ("createdAt", iso(stamp.created).into()),
        ("updatedAt", iso(stamp.updated).into()),
        ("paused", item.paused.is_some().into()),
        ("pausedAt", item.paused.map(iso).into()),
        ("launchedAt", item.launched.map(iso).into()),
    ] {
        attributes.insert(key.into(), value);
    }
    let names: Map<String, Value> = item
        .activations
        .iter()
        .filter_map(|activation| Some((activation.id.clone(), activation.attributes.name.clone()?.into())))
        .collect();
    let activations: Vec<Value> = item.activations.iter().map(|one| activation(item, one)).collect();
    json!({
        "id": item.id,
        "type": JOURNEY_TYPE,
        "attributes": attributes,
        "relationships": {
            "createdBy": view::user(),
            "updatedBy": view::user(),
            "parentFolder": {"data": {"id": item.attributes.segment_folder_id, "type": FOLDER_TYPE}},
            "realtimeJourneyActivationSteps": {"data": activations, "meta": {"names": names}},
            "jumpLinks": links(segment, realtime, item),
            "jumpFroms": sources(segment, realtime, item),
        },
    })
}

/// `RealtimeJourneyActivationStepResource`.
pub fn activation(journey: &StoredJourney, item: &StoredActivation) -> Value {
    let mut attributes = view::object(&item.attributes);
    attributes.entry("description").or_insert(Value::Null);
    attributes.insert("realtimeJourneyId".into(), journey.id.clone().into());
    attributes.insert("realtimeJourneyStageId".into(), journey.stage_of(&item.id).into());
    json!({"id": item.id, "type": ACTIVATION_TYPE, "attributes": attributes})
}

/// The stages that a journey leads to. A jump has no id of its own here: it is named after the
/// stage that it leads to, also in `targetStageInfo` (our choice; the contract shows no keys).
fn links(segment: &ParentSegment, realtime: &Realtime, item: &StoredJourney) -> Value {
    let mut found = Map::new();
    for jump in item.jumps() {
        found.insert(jump.target.realtime_journey_stage_id.clone(), target(segment, realtime, jump.target));
    }
    let data: Vec<Value> = found.keys().map(|id| json!({"id": id, "type": JUMP_TYPE})).collect();
    json!({"data": data, "meta": {"targetStageInfo": found}})
}

fn target(segment: &ParentSegment, realtime: &Realtime, target: &RealtimeJourneyJumpTarget) -> Value {
    let journey = realtime.journey(&target.realtime_journey_id).ok();
    let stage = journey.and_then(|journey| journey.stage(&target.realtime_journey_stage_id));
    let by = stage.is_none().then(view::user);
    json!({
        "destinationRealtimeJourneyName": journey.map(StoredJourney::name),
        "destinationRealtimeJourneyStageName": stage.map(|stage| &stage.name),
        "destinationSegmentFolderName": journey.and_then(|journey| folder_name(segment, journey)),
        "deleted": stage.is_none(),
        "deletedByTdUserId": by.as_ref().map(|user| &user["td_user_id"]),
        "deletedByTdUserName": by.as_ref().map(|user| &user["name"]),
    })
}

/// The journeys that lead to this one.
fn sources(segment: &ParentSegment, realtime: &Realtime, item: &StoredJourney) -> Value {
    let mut found: Vec<(&StoredJourney, Jump<'_>)> = Vec::new();
    for journey in &realtime.journeys {
        let jumps = journey.jumps().into_iter().filter(|jump| jump.target.realtime_journey_id == item.id);
        found.extend(jumps.map(|jump| (journey, jump)));
    }
    let data =
        found.iter().map(|(_, jump)| json!({"id": jump.target.realtime_journey_stage_id, "type": JUMP_TYPE}));
    let meta = found.iter().map(|(journey, jump)| {
        json!({
            "sourceJourneyId": journey.id,
            "sourceJourneyName": journey.name(),
            "sourceJourneyState": journey.state,
            "sourceJourneyStageId": jump.from.and_then(|stage| stage.id.as_ref()),
            "sourceJourneyStageName": jump.from.map(|stage| &stage.name),
            "sourceJourneyFolderId": journey.attributes.segment_folder_id,
            "sourceJourneyFolderName": folder_name(segment, journey).unwrap_or_default(),
            "targetJourneyStageId": jump.target.realtime_journey_stage_id,
            "jumpFrom": jump.kind,
            "jumpName": jump.name.unwrap_or_default(),
        })
    });
    json!({"data": data.collect::<Vec<_>>(), "meta": meta.collect::<Vec<_>>()})
}

fn folder_name<'a>(segment: &'a ParentSegment, journey: &StoredJourney) -> Option<&'a str> {
    segment.folder(&journey.attributes.segment_folder_id).ok().map(|folder| folder.name.as_str())
}

/// The variants of all A/B tests. Ids are places in this list and `location` is journey and stage
/// (our choice; the contract shows neither).
pub fn variants(realtime: &Realtime) -> Vec<Value> {
    let mut found = Vec::new();
    for journey in &realtime.journeys {
        for stage in journey.stages() {
            for (key, step) in &stage.steps {
                let RealtimeJourneyStep::Variant(test) = step else { continue };
                for variant in &test.branches {
                    let id = found.len().saturating_add(1).to_string();
                    let name = variant.name.clone().unwrap_or_else(|| variant.id.clone());
                    found.push(json!({"id": id, "type": VARIANT_TYPE, "attributes": {
                        "name": name,
                        "location": format!("{} > {}", journey.name(), stage.name),
                        "realtimeJourneyId": journey.id,
                        "realtimeJourneyName": journey.name(),
                        "realtimeJourneyStageId": stage.id,
                        "realtimeJourneyStageName": stage.name,
                        "realtimeJourneyStepId": key,
                        "realtimeJourneyStepVariantId": variant.id,
                        "realtimeJourneyStepVariantName": name,
                        "realtimejourneyState": journey.state,
                        "realtimejourneyPaused":
                            journey.state == RealtimeJourneyState::Launched && journey.paused.is_some(),
                    }}));
                }
            }
        }
    }
    found
}
