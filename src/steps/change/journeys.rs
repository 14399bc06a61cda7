//! Journeys: their drafts, activations, launches and pauses.

use super::ItemChange;
use super::between::{bare, fields};
use super::execute::{Executor, gone};
use crate::error::Error;
use crate::platform::wire::{RealtimeJourneyActivationStepResource, RealtimeJourneyResource};
use crate::steps::kind::ItemKind;
use crate::steps::{Action, settle};
use serde_json::{Map, json};

impl Executor<'_> {
    pub(super) async fn journey(&self, change: &ItemChange<RealtimeJourneyResource>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            ItemChange::Create(journey) => {
                let name = &journey.attributes.name;
                let mut bare = bare(journey).attributes;
                bare.audience_id = ps.to_owned();
                bare.realtime_journey_stages.iter_mut().for_each(|stage| stage.id = None);
                let find = || async {
                    Ok(client.journeys(ps).await?.into_iter().find(|j| j.attributes.name == *name))
                };
                let settled = settle(client.create_journey(&bare).await, find).await?;
                let old = Some(journey.id.as_str());
                let draft = self.made(ItemKind::Journey, (name, old), settled, |one| Some(one.id.clone()))?;
                let stages = journey.attributes.realtime_journey_stages.iter();
                for (old, new) in stages.zip(&draft.attributes.realtime_journey_stages) {
                    if let (Some(old), Some(new)) = (&old.id, &new.id) {
                        self.renumber(ItemKind::Stage, old, new)?;
                    }
                }
                self.lock().drafts.insert(journey.id.clone(), draft);
            }
            ItemChange::Write { live, wanted } => {
                let mut wanted = self.lock().ids.renamed_journey(wanted)?;
                let mut live = self.lock().ids.renamed_journey(live)?;
                let draft = self.lock().drafts.values().find(|draft| draft.id == live.id).cloned();
                if let Some(draft) = draft {
                    // What the platform has filled in of the bare stages stays.
                    let stages = wanted.attributes.realtime_journey_stages.iter_mut();
                    for (stage, there) in stages.zip(&draft.attributes.realtime_journey_stages) {
                        stage.order_index = stage.order_index.or(there.order_index);
                        if stage.extra.is_empty() {
                            stage.extra.clone_from(&there.extra);
                        }
                    }
                    live = draft;
                }
                let fields = fields(&live, &wanted);
                if !fields.is_empty() {
                    client.write_journey(&live, fields).await?;
                }
                self.done(ItemKind::Journey, &wanted.attributes.name, Some(live.id.clone()), Action::Updated);
            }
            ItemChange::Delete(journey) => {
                gone(client.delete_journey(&journey.id).await)?;
                self.done(
                    ItemKind::Journey,
                    &journey.attributes.name,
                    Some(journey.id.clone()),
                    Action::Deleted,
                );
            }
        }
        Ok(())
    }

    pub(super) async fn activation(
        &self,
        change: &ItemChange<RealtimeJourneyActivationStepResource>,
    ) -> Result<(), Error> {
        let (ItemChange::Create(wanted) | ItemChange::Write { wanted, .. }) = change else { return Ok(()) };
        let client = self.client;
        let new = self.lock().ids.renamed_activation(wanted)?;
        let journey = new.journey_id().unwrap_or_default().to_owned();
        let name = new.attributes.name.as_deref().unwrap_or_default();
        if let ItemChange::Write { live, .. } = change {
            client.write_activation(&journey, &live.id, &new.attributes).await?;
            self.done(ItemKind::Activation, name, Some(live.id.clone()), Action::Updated);
            return Ok(());
        }
        let find = || async {
            let now = client.journey_activations(&journey).await?;
            let same = |there: &RealtimeJourneyActivationStepResource| {
                there.attributes.step_uuid.is_some() && there.attributes.step_uuid == new.attributes.step_uuid
            };
            Ok(now.into_iter().find(same))
        };
        let settled = settle(client.create_activation(&journey, &new.attributes).await, find).await?;
        let old = Some(wanted.id.as_str());
        self.made(ItemKind::Activation, (name, old), settled, |one| Some(one.id.clone()))?;
        Ok(())
    }

    pub(super) async fn launch(&self, journey: &RealtimeJourneyResource) -> Result<(), Error> {
        let journey = self.lock().ids.renamed_journey(journey)?;
        let mut fields = Map::new();
        fields.insert("state".into(), "launched".into());
        // The state alone launches nothing (public examples).
        let stages = json!(journey.attributes.realtime_journey_stages);
        fields.insert("realtimeJourneyStages".into(), stages);
        self.client.write_journey(&journey, fields).await?;
        self.done(ItemKind::Journey, &journey.attributes.name, Some(journey.id.clone()), Action::Updated);
        Ok(())
    }

    /// Pauses a journey or lets it go on; where the answer was lost, looks whether it was done.
    pub(super) async fn pause(&self, journey: &RealtimeJourneyResource, pause: bool) -> Result<(), Error> {
        let client = self.client;
        let id = self.id(ItemKind::Journey, Some(&journey.id));
        match client.pause_journey(&id, pause).await {
            Err(error) if error.is_ambiguous() => {
                let now = client.journeys(self.ps).await?;
                if !now.iter().any(|there| there.id == id && there.is_paused() == pause) {
                    return Err(error.into());
                }
            }
            done => done?,
        }
        self.done(ItemKind::Journey, &journey.attributes.name, Some(id), Action::Updated);
        Ok(())
    }
}
