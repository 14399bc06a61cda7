//! Making journeys again: drafts with their activations first, then the stages, which may lead to
//! stages of other journeys.

use super::carry_out::{Renaming, Undone, typed};
use super::{Deed, Kind, Prepared, Work};
use crate::api::Client;
use crate::error::Error;
use crate::platform::wire::{
    JOURNEY_TYPE, RealtimeJourneyActivationStepAttributes, RealtimeJourneyAttributes, RealtimeJourneyResource,
};
use crate::steps::{Settled, all, settle};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Makes all deleted journeys again.
pub(super) async fn journeys(
    client: &Client,
    ps: &str,
    prepared: &Prepared,
    ids: &Renaming<'_>,
) -> Result<Vec<Undone>, Error> {
    let works: Vec<(&Work, &Map<String, Value>)> = prepared
        .work
        .iter()
        .filter_map(|work| match &work.deed {
            Deed::Create(fields) if work.kind == Kind::Journey => Some((work, fields)),
            _ => None,
        })
        .collect();
    let drafts = all(works.iter().map(|(work, fields)| draft(client, ps, work, fields, ids))).await?;
    all(works.iter().zip(&drafts).map(|((work, fields), draft)| async move {
        let mut fields = ids.renamed(fields);
        fields.retain(|key, _| ["goal", "realtimeJourneyStages"].contains(&key.as_str()));
        client.write_journey(draft, fields).await?;
        let (name, id) = (work.name.clone(), Some(draft.id.clone()));
        Ok(Undone { kind: work.kind.as_str(), name, id, action: "restored" })
    }))
    .await
}

/// The draft with bare stages and its activations; what is there of it already stays.
async fn draft(
    client: &Client,
    ps: &str,
    work: &Work,
    fields: &Map<String, Value>,
    ids: &Renaming<'_>,
) -> Result<RealtimeJourneyResource, Error> {
    let mut attributes = attributes(work, ids.renamed(fields), ps)?;
    let stages = std::mem::take(&mut attributes.realtime_journey_stages);
    attributes.goal = None;
    for stage in &stages {
        let mut bare = stage.clone();
        (bare.steps, bare.root_step, bare.entry_criteria) = (BTreeMap::new(), None, None);
        (bare.milestone, bare.exit_criterias, bare.id) = (None, Vec::new(), None);
        attributes.realtime_journey_stages.push(bare);
    }
    let folders = client.folders(ps).await?;
    let own = Some(attributes.segment_folder_id.as_str());
    let own = own.filter(|own| folders.iter().any(|folder| folder.id == **own));
    attributes.segment_folder_id = crate::steps::personalization::folder(&folders, own)?.id.clone();
    let find = || async {
        Ok(client.journeys(ps).await?.into_iter().find(|there| there.attributes.name == work.name))
    };
    let journey = match find().await? {
        Some(there) => there,
        None => match settle(client.create_journey(&attributes).await, find).await? {
            Settled::Made(made) | Settled::Found(made) => made,
        },
    };
    if let Some(old) = &work.id {
        ids.add(Kind::Journey, old, &journey.id)?;
    }
    for (old, new) in stages.iter().zip(&journey.attributes.realtime_journey_stages) {
        if let (Some(old), Some(new)) = (&old.id, &new.id) {
            ids.add(Kind::Stage, old, new)?;
        }
    }
    activations(client, work, fields, &journey.id, ids).await?;
    Ok(journey)
}

async fn activations(
    client: &Client,
    work: &Work,
    fields: &Map<String, Value>,
    journey: &str,
    ids: &Renaming<'_>,
) -> Result<(), Error> {
    let there = match client.is_dry_run() {
        true => Vec::new(),
        false => client.journey_activations(journey).await?,
    };
    for image in fields.get("activations").and_then(Value::as_array).into_iter().flatten() {
        let attributes: RealtimeJourneyActivationStepAttributes =
            typed(work, Kind::Activation.fields(image))?;
        let same = |step: &Option<String>| step.is_some() && *step == attributes.step_uuid;
        let find = || async {
            let now = client.journey_activations(journey).await?;
            Ok(now.into_iter().find(|there| same(&there.attributes.step_uuid)))
        };
        let made = match there.iter().find(|there| same(&there.attributes.step_uuid)) {
            Some(there) => there.clone(),
            None => match settle(client.create_activation(journey, &attributes).await, find).await? {
                Settled::Made(made) | Settled::Found(made) => made,
            },
        };
        if let Some(old) = image.get("id").and_then(Value::as_str) {
            ids.add(Kind::Activation, old, &made.id)?;
        }
    }
    Ok(())
}

fn attributes(
    work: &Work,
    mut fields: Map<String, Value>,
    ps: &str,
) -> Result<RealtimeJourneyAttributes, Error> {
    for key in ["activations", "state", "paused"] {
        fields.shift_remove(key);
    }
    fields.insert("audienceId".into(), ps.into());
    typed(work, fields)
}

/// Writes a journey as it was; pausing has a request of its own.
pub(super) async fn restore_journey(
    client: &Client,
    ps: &str,
    work: &Work,
    mut fields: Map<String, Value>,
    whole: Map<String, Value>,
) -> Result<(), Error> {
    let id = work.id.clone().unwrap_or_default();
    if let Some(paused) = fields.shift_remove("paused") {
        client.pause_journey(&id, paused == json!(true)).await?;
    }
    if fields.is_empty() {
        return Ok(());
    }
    let attributes = attributes(work, whole, ps)?;
    let live =
        RealtimeJourneyResource { id, kind: JOURNEY_TYPE.to_owned(), attributes, relationships: Map::new() };
    client.write_journey(&live, fields).await?;
    Ok(())
}
