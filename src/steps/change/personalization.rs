//! Personalizations.

use super::ItemChange;
use super::execute::{Executor, gone};
use crate::error::Error;
use crate::platform::wire::{
    Data, FOLDER_TYPE, FolderRelationship, Personalization, PersonalizationRequest, ResourceId,
};
use crate::steps::kind::ItemKind;
use crate::steps::{Action, settle};
use serde_json::Value;

impl Executor<'_> {
    pub(super) async fn personalization(&self, change: &ItemChange<Personalization>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        let request = |entity: &Personalization| -> Result<PersonalizationRequest, Error> {
            let mut attributes = self.lock().ids.renamed(ItemKind::Personalization, entity)?.attributes;
            attributes.audience_id = Some(ps.to_owned());
            Ok(PersonalizationRequest { attributes, relationships: None })
        };
        match change {
            ItemChange::Create(entity) => {
                let mut request = request(entity)?;
                let folder =
                    entity.relationships.get("parentFolder").and_then(|folder| folder.pointer("/data/id"));
                let id = folder.and_then(Value::as_str).unwrap_or_default().to_owned();
                let data = ResourceId { id, kind: FOLDER_TYPE.to_owned() };
                request.relationships = Some(FolderRelationship { parent_folder: Data { data } });
                // The published contract takes no ids in a create.
                request.attributes.sections.iter_mut().for_each(|section| section.id = None);
                let name = &entity.attributes.name;
                let find = || async {
                    Ok(client.personalizations(ps).await?.into_iter().find(|p| p.attributes.name == *name))
                };
                let settled = settle(client.create_personalization(&request).await, find).await?;
                let old = Some(entity.id.as_str());
                self.made(ItemKind::Personalization, (name, old), settled, |one| Some(one.id.clone()))?;
            }
            ItemChange::Write { live, wanted } => {
                let mut request = request(wanted)?;
                for section in &mut request.attributes.sections {
                    // Part of the published PATCH, unlike POST; a new section gets the platform's default.
                    section.include_sensitive.get_or_insert(false);
                }
                client.write_personalization(&live.id, &request).await?;
                let name = &wanted.attributes.name;
                self.done(ItemKind::Personalization, name, Some(live.id.clone()), Action::Updated);
            }
            ItemChange::Delete(entity) => {
                gone(client.delete_personalization(&entity.id).await)?;
                let name = &entity.attributes.name;
                self.done(ItemKind::Personalization, name, Some(entity.id.clone()), Action::Deleted);
            }
        }
        Ok(())
    }
}
