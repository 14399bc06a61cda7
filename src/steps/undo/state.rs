//! The configuration that an undo leads to, over what is live.

use super::{Deed, Prepared, Work};
use crate::error::{Code, Error};
use crate::plan::{Configuration, import_column};
use crate::platform::wire::{
    ACTIVATION_TYPE, BatchAttribute, JOURNEY_TYPE, PERSONALIZATION_TYPE, Personalization,
    PersonalizationAttributes, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyAttributes, RealtimeJourneyResource, Service,
};
use crate::steps::desired::attributes::imported;
use crate::steps::desired::personalization::{folder, in_folder};
use crate::steps::desired::prune::forget_imports;
use crate::steps::kind::ItemKind;
use crate::steps::live::Live;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

impl Prepared {
    /// The configuration when this is undone. What was deleted comes back under its old id, which is as
    /// good as a made-up one. `live` has the folders and the parent segment.
    pub fn state(&self, now: &Configuration, live: &Live) -> Result<Configuration, Error> {
        let mut state = now.clone();
        state.setting = self.setting.over(&state.setting);
        for work in &self.work {
            match work.kind {
                ItemKind::Event => put(&mut state.events, work, |event| event.id.as_deref())?,
                ItemKind::Attribute => put(&mut state.attributes, work, |one| one.id.as_deref())?,
                ItemKind::Service => put_service(&mut state.services, work)?,
                ItemKind::Token => {
                    let has_it = |service: &&mut Service| service.id.as_deref() == Some(work.parent());
                    for service in state.services.iter_mut().filter(has_it) {
                        service.tokens.retain(|token| token.id != work.id);
                    }
                }
                ItemKind::Personalization => put_personalization(&mut state.personalizations, work, live)?,
                ItemKind::Journey => put_journey(&mut state, work, live)?,
                ItemKind::Activation => put_activation(&mut state, work)?,
                ItemKind::EventTable | ItemKind::StitchingKey | ItemKind::Connection | ItemKind::Stage => {}
            }
        }
        let (again, gone) = &self.imports;
        for (column, [id, own]) in again {
            let attribute = imported(column);
            let id = id.clone().or_else(|| attribute.id.clone());
            let name = own.clone().unwrap_or_else(|| column.clone());
            state.attributes.push(RealtimeAttribute { id, name, ..attribute });
            state
                .setting
                .batch_attributes
                .push(BatchAttribute { name: own.clone(), ..BatchAttribute::new(column) });
        }
        let batch = state.setting.batch_attributes.clone();
        let goes = |attribute: &mut RealtimeAttribute| {
            import_column(attribute, &batch).is_some_and(|column| gone.iter().any(|gone| gone == column))
        };
        let gone: Vec<_> = state.attributes.extract_if(.., goes).collect();
        forget_imports(&gone, &mut state.setting);
        Ok(state)
    }
}

impl Work {
    /// The id of the service in the path of its tokens, or of the journey in that of its activations.
    pub(super) fn parent(&self) -> &str {
        self.collection.rsplit('/').nth(1).unwrap_or_default()
    }

    fn old_id(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("new:{}:{}", self.kind.as_str(), self.name))
    }

    fn typed<T: DeserializeOwned>(&self, fields: &Map<String, Value>) -> Result<T, Error> {
        serde_json::from_value(Value::Object(fields.clone())).map_err(|error| {
            let message =
                format!("the journal's {} '{}' can't be read: {error}", self.kind.words(), self.name);
            Error::new(Code::BadSetting, message)
        })
    }
}

fn put<T: DeserializeOwned>(
    items: &mut Vec<T>,
    work: &Work,
    id: impl Fn(&T) -> Option<&str>,
) -> Result<(), Error> {
    let is_it = |item: &T| id(item).is_some() && id(item) == work.id.as_deref();
    match &work.deed {
        Deed::Delete => items.retain(|item| !is_it(item)),
        Deed::Create(fields) => {
            let mut fields = fields.clone();
            fields.insert("id".into(), work.old_id().into());
            items.push(work.typed(&fields)?);
        }
        Deed::Restore(whole) => {
            let restored: T = work.typed(whole)?;
            if let Some(item) = items.iter_mut().find(|item| is_it(item)) {
                *item = restored;
            }
        }
    }
    Ok(())
}

/// The image of a service has the ids of its tokens alone.
fn put_service(items: &mut Vec<Service>, work: &Work) -> Result<(), Error> {
    let there = items.iter().find(|service| service.id == work.id).map(|service| service.tokens.clone());
    put(items, work, |service| service.id.as_deref())?;
    for service in items.iter_mut().filter(|service| service.id == work.id) {
        service.tokens = there.clone().unwrap_or_default();
    }
    Ok(())
}

/// The folder that something was in; the first one where that is gone.
fn own_folder(own: Option<&str>, live: &Live) -> Result<String, Error> {
    let own = own.filter(|own| live.folders.iter().any(|folder| folder.id == **own));
    Ok(folder(&live.folders, own)?.id.clone())
}

fn put_personalization(items: &mut Vec<Personalization>, work: &Work, live: &Live) -> Result<(), Error> {
    let id = work.old_id();
    match &work.deed {
        Deed::Delete => items.retain(|entity| entity.id != id),
        Deed::Create(fields) => items.push(Personalization {
            id,
            kind: PERSONALIZATION_TYPE.to_owned(),
            attributes: work.typed(fields)?,
            relationships: in_folder(&own_folder(work.folder.as_deref(), live)?),
        }),
        Deed::Restore(whole) => {
            let attributes: PersonalizationAttributes = work.typed(whole)?;
            if let Some(entity) = items.iter_mut().find(|entity| entity.id == id) {
                entity.attributes = attributes;
            }
        }
    }
    Ok(())
}

fn put_journey(state: &mut Configuration, work: &Work, live: &Live) -> Result<(), Error> {
    let id = work.old_id();
    let typed = |fields: &Map<String, Value>| -> Result<RealtimeJourneyResource, Error> {
        let mut fields = fields.clone();
        fields.shift_remove("activations");
        let launched = fields.shift_remove("state").is_some_and(|state| state == "launched");
        let paused = fields.shift_remove("paused").is_some_and(|paused| paused == true);
        fields.insert("audienceId".into(), live.ps.as_str().into());
        let attributes: RealtimeJourneyAttributes = work.typed(&fields)?;
        let (kind, relationships) = (JOURNEY_TYPE.to_owned(), Map::new());
        let journey = RealtimeJourneyResource { id: id.clone(), kind, attributes, relationships };
        Ok(journey.running(launched, launched && paused))
    };
    match &work.deed {
        Deed::Delete => {
            state.journeys.retain(|journey| journey.id != id);
            state.activations.retain(|activation| activation.journey_id() != Some(id.as_str()));
        }
        Deed::Create(fields) => {
            let mut journey = typed(fields)?;
            let folder = own_folder(Some(&journey.attributes.segment_folder_id), live)?;
            journey.attributes.segment_folder_id = folder;
            // One whose making was cut off is finished.
            match state.journeys.iter_mut().find(|there| there.id == id) {
                Some(there) => *there = journey,
                None => state.journeys.push(journey),
            }
            for image in fields.get("activations").and_then(Value::as_array).into_iter().flatten() {
                add_activation(state, work, &id, image)?;
            }
        }
        Deed::Restore(whole) => {
            let mut journey = typed(whole)?;
            if let Some(there) = state.journeys.iter_mut().find(|there| there.id == id) {
                let (launched, paused) = (journey.is_launched(), journey.is_paused());
                journey.relationships.clone_from(&there.relationships);
                journey.attributes.extra.clone_from(&there.attributes.extra);
                *there = journey.running(launched, paused);
            }
        }
    }
    Ok(())
}

/// An activation of a journey that is made again.
fn add_activation(state: &mut Configuration, work: &Work, journey: &str, image: &Value) -> Result<(), Error> {
    let id = image.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if state.activations.iter().any(|there| there.id == id) {
        return Ok(());
    }
    let attributes = work.typed(&ItemKind::Activation.fields(image))?;
    let kind = ACTIVATION_TYPE.to_owned();
    let mut activation = RealtimeJourneyActivationStepResource { id, kind, attributes };
    activation.attributes.extra.insert("realtimeJourneyId".into(), json!(journey));
    state.activations.push(activation);
    Ok(())
}

fn put_activation(state: &mut Configuration, work: &Work) -> Result<(), Error> {
    let Deed::Restore(whole) = &work.deed else { return Ok(()) };
    if let Some(there) = state.activations.iter_mut().find(|there| Some(&there.id) == work.id.as_ref()) {
        let extra = std::mem::take(&mut there.attributes.extra);
        there.attributes = work.typed(whole)?;
        there.attributes.extra = extra;
    }
    Ok(())
}
