//! Ids of what was made again: an undo of a prune gives new ones, and older journals still speak of
//! the old.

use super::{JournalEntry, Recorded, Remade};
use crate::error::{Code, Error};
use crate::plan::Configuration;
use crate::platform::wire::{RealtimeJourneyActivationStepResource, RealtimeJourneyResource};
use crate::steps::kind::ItemKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// New ids by kind and old id.
#[derive(Debug, Clone, Default)]
pub struct Ids(HashMap<(ItemKind, String), String>);

impl Ids {
    /// The ids that journals note as made again; later ones follow earlier ones.
    pub fn of<'a>(remade: impl IntoIterator<Item = &'a Remade>) -> Self {
        let mut ids = Ids::default();
        for (kind, old, new) in remade {
            if let Some(kind) = ItemKind::named(kind) {
                ids.add(kind, old, new);
            }
        }
        ids
    }

    /// Adds one. What led to the old one leads to the new one.
    pub fn add(&mut self, kind: ItemKind, old: &str, new: &str) {
        for ((of, _), id) in &mut self.0 {
            if *of == kind && id == old {
                *id = new.to_owned();
            }
        }
        self.0.insert((kind, old.to_owned()), new.to_owned());
    }

    fn get(&self, kind: ItemKind, old: &str) -> Option<&String> {
        self.0.get(&(kind, old.to_owned()))
    }

    /// A journal that speaks of the new ids.
    pub fn rename_journal(&self, recorded: &mut Recorded) {
        if self.0.is_empty() {
            return;
        }
        for entry in &mut recorded.entries {
            self.rename_entry(entry);
        }
        let seen = std::mem::take(&mut recorded.seen);
        recorded.seen = seen
            .into_iter()
            .map(|(path, mut image)| {
                self.rename_image(ItemKind::of_item(&path), &mut image);
                (self.path(&path), image)
            })
            .collect();
    }

    fn rename_entry(&self, entry: &mut JournalEntry) {
        let kind =
            if entry.method == "POST" { ItemKind::of(&entry.path) } else { ItemKind::of_item(&entry.path) };
        if let (Some(kind), Some(id)) = (kind, &entry.id) {
            entry.id = Some(self.get(kind, id).unwrap_or(id).clone());
        }
        for image in entry.body.iter_mut().chain(&mut entry.before) {
            self.rename_image(kind, image);
        }
        entry.path = self.path(&entry.path);
    }

    fn rename_image(&self, kind: Option<ItemKind>, image: &mut Value) {
        self.rename(image);
        for activation in image.get_mut("activations").and_then(Value::as_array_mut).into_iter().flatten() {
            self.rename_id(ItemKind::Activation, activation);
        }
        for id in image.get_mut("ids").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            if let Some(new) = id.as_str().and_then(|old| self.get(ItemKind::Attribute, old)) {
                *id = new.as_str().into();
            }
        }
        if let Some(kind) = kind {
            self.rename_id(kind, image);
        }
    }

    fn rename_id(&self, kind: ItemKind, item: &mut Value) {
        if let Some(Value::String(id)) = item.get_mut("id")
            && let Some(new) = self.get(kind, id)
        {
            id.clone_from(new);
        }
    }

    /// A path with the id of its item, and of the service of its tokens.
    pub fn path(&self, path: &str) -> String {
        let mut kind = None;
        let renamed = path.split('/').map(|part| {
            let new = kind.and_then(|kind| self.get(kind, part));
            kind = ItemKind::of(part);
            new.map_or(part, String::as_str)
        });
        renamed.collect::<Vec<_>>().join("/")
    }

    /// An item with the new ids where it refers to others, and with its own.
    pub fn renamed<T: Serialize + DeserializeOwned + Clone>(
        &self,
        kind: ItemKind,
        item: &T,
    ) -> Result<T, Error> {
        if self.0.is_empty() {
            return Ok(item.clone());
        }
        let unreadable =
            |error: serde_json::Error| Error::new(Code::Bug, format!("a {}: {error}", kind.words()));
        let mut value = serde_json::to_value(item).map_err(unreadable)?;
        self.rename_image(Some(kind), &mut value);
        serde_json::from_value(value).map_err(unreadable)
    }

    /// The new id; the old one where there is none.
    pub fn id(&self, kind: ItemKind, old: &str) -> String {
        self.get(kind, old).map_or(old, String::as_str).to_owned()
    }

    fn rename(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.rename(item)),
            Value::Object(map) => {
                for (key, item) in map {
                    let kind = ItemKind::under(key);
                    match kind.zip(item.as_str()).and_then(|(kind, old)| self.get(kind, old)) {
                        Some(new) => *item = new.as_str().into(),
                        None => {
                            let stages = item.as_array_mut().filter(|_| key == "realtimeJourneyStages");
                            let stages = stages.into_iter().flatten();
                            stages.for_each(|stage| self.rename_id(ItemKind::Stage, stage));
                            self.rename(item);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// A configuration with the new ids.
    ///
    /// # Errors
    /// None but for a defect: an item that can't be read again.
    pub fn settled(&self, state: &Configuration) -> Result<Configuration, Error> {
        let mut state = state.clone();
        self.rename_all(ItemKind::Event, &mut state.events)?;
        self.rename_all(ItemKind::Attribute, &mut state.attributes)?;
        self.rename_all(ItemKind::Service, &mut state.services)?;
        self.rename_all(ItemKind::Personalization, &mut state.personalizations)?;
        for journey in &mut state.journeys {
            *journey = self.renamed_journey(journey)?;
        }
        for activation in &mut state.activations {
            *activation = self.renamed_activation(activation)?;
        }
        Ok(state)
    }

    /// A journey with new ids; what runs is not part of its wire form.
    pub fn renamed_journey(
        &self,
        journey: &RealtimeJourneyResource,
    ) -> Result<RealtimeJourneyResource, Error> {
        let mut renamed = self.renamed(ItemKind::Journey, journey)?;
        renamed.attributes.extra.clone_from(&journey.attributes.extra);
        Ok(renamed)
    }

    /// An activation with new ids, and with that of its journey.
    pub fn renamed_activation(
        &self,
        activation: &RealtimeJourneyActivationStepResource,
    ) -> Result<RealtimeJourneyActivationStepResource, Error> {
        let mut renamed = self.renamed(ItemKind::Activation, activation)?;
        let journey = activation.journey_id().map(|id| self.id(ItemKind::Journey, id));
        renamed.attributes.extra.clone_from(&activation.attributes.extra);
        if let Some(journey) = journey {
            renamed.attributes.extra.insert("realtimeJourneyId".into(), journey.into());
        }
        Ok(renamed)
    }

    fn rename_all<T>(&self, kind: ItemKind, items: &mut [T]) -> Result<(), Error>
    where
        T: Serialize + DeserializeOwned + Clone,
    {
        items.iter_mut().try_for_each(|item| self.renamed(kind, item).map(|new| *item = new))
    }
}
