//! What `--prune` takes away: items that an earlier run of the same plan made and that the plan no longer
//! names, and items that are named on the command line.

mod lines;
mod paths;

use crate::error::Error;
use crate::plan::difference::join;
use crate::plan::{Configuration, import_column};
use crate::platform::wire::{
    CatalogPayload, PayloadDefinition, Personalization, RealtimeAttribute, RealtimeSettingAttributes,
};
use crate::steps::items::{Items, marked, section_path, segment_output};
use crate::steps::journal::Runs;
use paths::find;
pub use paths::{Spelling, shown_section};
use std::collections::BTreeSet;

/// What goes.
#[derive(Debug, Clone, Default)]
pub struct Pruning {
    /// The paths of items that go, see [`crate::steps::items`], and of lines, see [`crate::plan::lines`].
    pub paths: BTreeSet<String>,
}

impl Pruning {
    /// What of `owned` is live, under the same id, and is not named by the plan; and `extra`,
    /// of any origin. An extra that does not exist, or that the plan names, is an error.
    pub fn of(
        live: &Configuration,
        named: &BTreeSet<String>,
        owned: &Items,
        extra: &[String],
    ) -> Result<Pruning, Error> {
        let (there, mut runs) = (marked(live), Runs::default());
        let mut paths: BTreeSet<String> = owned
            .iter()
            .filter(|(path, noted)| match there.get(*path) {
                // One of the same name that was made outside this plan since is not the plan's.
                Some(id) => runs.is_noted(path, noted.as_deref(), id.as_deref()),
                None => false,
            })
            .map(|(path, _)| path.clone())
            .filter(|path| !named.contains(path))
            .collect();
        // A table that another key event has come to use stays.
        let used: BTreeSet<String> = live
            .events
            .iter()
            .filter(|event| !paths.contains(&join("events", &event.name)))
            .map(|event| join("event_tables", &format!("{}.{}", event.database_name, event.table_name)))
            .collect();
        paths.retain(|path| !used.contains(path));
        for wanted in extra {
            paths.extend(find(wanted, live, &there, named)?);
        }
        Ok(Pruning { paths })
    }

    /// Whether a path goes.
    fn has(&self, kind: &str, name: &str) -> bool {
        self.paths.contains(&join(kind, name))
    }

    /// Takes keys and tables out of a setting.
    fn reduce_setting(&self, setting: &mut RealtimeSettingAttributes) {
        setting.key_columns.retain(|key| key.internal || !self.has("id_stitching", &key.name));
        setting.event_tables.retain(|table| !self.has("event_tables", &table.to_string()));
    }

    /// Takes sections and outputs out of an entity.
    fn reduce(&self, entity: &mut Personalization) {
        let name = entity.attributes.name.clone();
        entity
            .attributes
            .sections
            .retain(|section| !self.paths.contains(&section_path(&name, &section.name)));
        for section in &mut entity.attributes.sections {
            let path = section_path(&name, &section.name);
            let stays = |output: &str| !self.paths.contains(&join(&path, output));
            for node in section.payload.iter_mut().flat_map(|nodes| nodes.values_mut()) {
                keep_only(&mut node.definition, &stays);
            }
        }
    }

    /// Takes it out of what will be; `own` is what the plan says by itself.
    pub fn apply(&self, after: &mut Configuration, own: &Configuration) {
        if self.paths.is_empty() {
            return;
        }
        lines::take(&self.paths, after, own);
        after.events.retain(|event| !self.has("events", &event.name));
        let gone_attributes: Vec<_> =
            after.attributes.extract_if(.., |attribute| self.has("attributes", &attribute.name)).collect();
        forget_imports(&gone_attributes, &mut after.setting);
        self.reduce_setting(&mut after.setting);
        after.services.retain(|service| !self.has("services", &service.name));
        after.personalizations.retain(|entity| !self.has("personalizations", &entity.attributes.name));
        for entity in &mut after.personalizations {
            self.reduce(entity);
        }
        let gone_journeys: Vec<_> =
            after.journeys.extract_if(.., |journey| self.has("journeys", &journey.attributes.name)).collect();
        let went = |id: Option<&str>| gone_journeys.iter().any(|gone| Some(gone.id.as_str()) == id);
        after.activations.retain(|activation| !went(activation.journey_id()));
    }
}

/// Takes the imports among attributes that are gone out of the setting.
pub fn forget_imports(gone: &[RealtimeAttribute], setting: &mut RealtimeSettingAttributes) {
    let imported = setting.batch_attributes.clone();
    let columns: Vec<&str> = gone.iter().filter_map(|one| import_column(one, &imported)).collect();
    setting.batch_attributes.retain(|batch| !columns.contains(&batch.column.as_str()));
}

/// Takes the outputs that do not stay out of a payload; `None` in place of an empty list.
fn keep_only(definition: &mut PayloadDefinition, stays: &dyn Fn(&str) -> bool) {
    if let Some(items) = &mut definition.attribute_payload {
        items.retain(|item| stays(&item.output_name));
    }
    definition.attribute_payload.take_if(|items| items.is_empty());
    if let Some(items) = &mut definition.string_builder {
        items.retain(|item| stays(&item.output_name));
    }
    definition.string_builder.take_if(|items| items.is_empty());
    if let Some(CatalogPayload::Lookups(items)) = &mut definition.catalog_payload {
        items.retain(|item| stays(item.output_name.as_deref().unwrap_or_default()));
    }
    let none = |payload: &mut CatalogPayload| *payload == CatalogPayload::Lookups(Vec::new());
    definition.catalog_payload.take_if(none);
    if let Some(payload) = &mut definition.segment_payload {
        payload.batch_segments.retain(|segment| stays(&segment_output(&segment.id)));
    }
    definition.segment_payload.take_if(|payload| payload.batch_segments.is_empty());
}
