//! Attributes: those of their own, and imports of batch attributes.

use super::execute::{Executor, gone};
use super::{ItemChange, NewImport};
use crate::error::{Code, Error};
use crate::plan::{Configuration, import_of, imported_columns};
use crate::platform::wire::{AttributeSpec, BatchAttribute, RealtimeAttribute, SingleSpec};
use crate::steps::kind::ItemKind;
use crate::steps::parent_segment::enabled_setting;
use crate::steps::{Action, settle};
use serde_json::{Map, json};

/// How often an import is made at the most.
const IMPORTS: usize = 4;

impl Executor<'_> {
    pub(super) async fn attribute(&self, change: &ItemChange<RealtimeAttribute>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            ItemChange::Create(attribute) => {
                let name = &attribute.name;
                let mut new = RealtimeAttribute {
                    id: None,
                    ..self.lock().ids.renamed(ItemKind::Attribute, attribute)?
                };
                // Listings show it, creates of the published contract do not take it.
                if let AttributeSpec::Single(SingleSpec { sensitive, .. }) = &mut new.spec {
                    sensitive.take_if(|sensitive| !*sensitive);
                }
                let find =
                    || async { Ok(client.attributes(ps).await?.into_iter().find(|a| a.name == *name)) };
                let settled = settle(client.create_attribute(ps, &new).await, find).await?;
                self.made(ItemKind::Attribute, (name, attribute.id.as_deref()), settled, |one| {
                    one.id.clone()
                })?;
            }
            ItemChange::Write { live, wanted } => self.patch(live, wanted).await?,
            ItemChange::Delete(attribute) => {
                gone(client.delete_attribute(ps, attribute.id.as_deref().unwrap_or_default()).await)?;
                self.done(ItemKind::Attribute, &attribute.name, attribute.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    /// Sends the fields that differ.
    pub(super) async fn patch(
        &self,
        live: &RealtimeAttribute,
        wanted: &RealtimeAttribute,
    ) -> Result<(), Error> {
        let object = |one: &RealtimeAttribute| json!(one).as_object().cloned().unwrap_or_default();
        let (old, new) = (object(live), object(&self.lock().ids.renamed(ItemKind::Attribute, wanted)?));
        let mut fields = Map::new();
        for key in old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)) {
            fields.insert(key.clone(), new.get(key).cloned().unwrap_or_default());
        }
        self.client.patch_attribute(self.ps, live.id.as_deref().unwrap_or_default(), fields, wanted).await?;
        self.done(ItemKind::Attribute, &wanted.name, live.id.clone(), Action::Updated);
        Ok(())
    }

    /// Imports columns beside those that are imported. Another run may write the whole setting as it was
    /// before, and so undo the import: then it is made again, a few times at the most.
    pub(super) async fn import(&self, items: &[NewImport]) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        // It writes to the setting as well.
        self.lock().setting = None;
        let mut columns = self.imported().await?;
        let new = items.iter().map(|new| &new.column).filter(|column| !columns.contains(column));
        let new: Vec<String> = new.cloned().collect();
        columns.extend(new);
        columns.dedup();
        let wanted: Vec<BatchAttribute> = columns.iter().map(BatchAttribute::new).collect();
        let mut listed = Vec::new();
        for _ in 0..IMPORTS {
            client.import_attributes(ps, &columns).await?;
            if client.is_dry_run() {
                break;
            }
            listed = client.attributes(ps).await?;
            if columns.iter().all(|column| import_of(column, &listed, &wanted).is_some()) {
                break;
            }
        }
        for NewImport { column, id: old, .. } in items {
            let found = import_of(column, &listed, &wanted);
            let id = match found.and_then(|found| found.id.clone()) {
                Some(id) => id,
                // A dry run has imported nothing yet.
                None if client.is_dry_run() => format!("new:{column}"),
                None => {
                    let message =
                        format!("the platform accepted the import of '{column}' but does not list it");
                    return Err(Error::new(Code::Server, message));
                }
            };
            self.renumber(ItemKind::Attribute, old, &id)?;
            self.done(ItemKind::Attribute, column, Some(id), Action::Created);
        }
        self.name_imports(items).await
    }

    /// An import is called by its column; another name is written to the setting.
    async fn name_imports(&self, items: &[NewImport]) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        if items.iter().all(|new| new.name.is_none()) {
            return Ok(());
        }
        let mut setting = enabled_setting(client, ps).await?.attributes;
        (self.seen)(&Configuration { setting: setting.clone(), ..Configuration::default() });
        for batch in &mut setting.batch_attributes {
            let new = items.iter().find(|new| new.column == batch.column);
            batch.name = new.and_then(|new| new.name.clone()).or(batch.name.take());
        }
        client.write_setting(ps, &setting).await?;
        Ok(())
    }

    /// Imported ones go by leaving them out of the whole set.
    pub(super) async fn unimport(
        &self,
        attributes: &[RealtimeAttribute],
        gone: &[String],
    ) -> Result<(), Error> {
        self.lock().setting = None;
        let mut columns = self.imported().await?;
        columns.retain(|column| !gone.contains(column));
        self.client.import_attributes(self.ps, &columns).await?;
        for attribute in attributes {
            self.done(ItemKind::Attribute, &attribute.name, attribute.id.clone(), Action::Deleted);
        }
        Ok(())
    }

    /// The columns that are imported now.
    async fn imported(&self) -> Result<Vec<String>, Error> {
        let Executor { client, ps, .. } = *self;
        let (setting, attributes) = tokio::join!(enabled_setting(client, ps), client.attributes(ps));
        let (setting, attributes) = (setting?.attributes, attributes?);
        let columns = imported_columns(&attributes, &setting.batch_attributes);
        (self.seen)(&Configuration { setting, attributes, ..Configuration::default() });
        Ok(columns)
    }
}
