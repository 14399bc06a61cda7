//! Carrying out an undo: first what comes back, the used before what uses it; then what goes, the
//! other way round. Ids of what is made again are new, so what refers to them is changed with them.

use super::ids::Ids;
use super::{Deed, Kind, Prepared, Work, remake};
use crate::api::{ApiError, Client};
use crate::error::{Code, Error};
use crate::platform::wire::{
    Data, FOLDER_TYPE, FolderRelationship, KeyEvent, PersonalizationAttributes, PersonalizationRequest,
    RealtimeAttribute, ResourceId, ServiceRequest,
};
use crate::steps::attributes::{import_column, imported_columns};
use crate::steps::parent_segment::enabled_setting;
use crate::steps::{Settled, all, settle};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::{Mutex, PoisonError};

/// What was done to a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// What it is.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its id; a new one when it was made again.
    pub id: Option<String>,
    /// `restored` or `deleted`.
    pub action: &'static str,
}

/// What is noted of each thing that is made again: its kind, its old id and its new one.
pub type Remade<'a> = dyn Fn(&'static str, &str, &str) -> Result<(), Error> + 'a;

/// New ids of what was made again so far.
pub(super) struct Renaming<'a> {
    ids: Mutex<Ids>,
    note: &'a Remade<'a>,
}

impl Renaming<'_> {
    pub(super) fn add(&self, kind: Kind, old: &str, new: &str) -> Result<(), Error> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).add(kind, old, new);
        (self.note)(kind.as_str(), old, new)
    }

    pub(super) fn renamed(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).renamed(fields)
    }
}

/// Carries it out; running it again after a failure finishes it.
pub async fn carry_out(
    client: &Client,
    ps: &str,
    prepared: &Prepared,
    note: &Remade<'_>,
) -> Result<Vec<Undone>, Error> {
    let ids = Renaming { ids: Mutex::default(), note };
    let mut undone = Vec::new();
    let setting = enabled_setting(client, ps).await?.attributes;
    if let Some(setting) = prepared.setting.restored(&setting) {
        client.write_setting(ps, &setting).await?;
    }
    let back = |kind, deed: fn(&Deed) -> bool| come_back(client, ps, prepared, kind, deed, &ids);
    undone.extend(back(Kind::Event, made_again_or_restored).await?);
    undone.extend(back(Kind::Attribute, made_again).await?);
    undone.extend(import_again(client, ps, prepared, &ids).await?);
    undone.extend(back(Kind::Service, made_again_or_restored).await?);
    undone.extend(back(Kind::Personalization, made_again_or_restored).await?);
    undone.extend(remake::journeys(client, ps, prepared, &ids).await?);
    undone.extend(back(Kind::Journey, restored).await?);
    undone.extend(back(Kind::Activation, restored).await?);
    // A window that an attribute got can go once no personalization uses it.
    undone.extend(back(Kind::Attribute, restored).await?);
    for kind in
        [Kind::Journey, Kind::Personalization, Kind::Token, Kind::Service, Kind::Attribute, Kind::Event]
    {
        undone.extend(go(client, ps, prepared, kind).await?);
        if kind == Kind::Attribute {
            undone.extend(import_less(client, ps, prepared).await?);
        }
    }
    let setting = enabled_setting(client, ps).await?.attributes;
    if let Some(setting) = prepared.setting.reduced(&setting) {
        client.write_setting(ps, &setting).await?;
    }
    undone.extend(prepared.setting.names().map(|(kind, name, action)| Undone {
        kind,
        name,
        id: None,
        action,
    }));
    Ok(undone)
}

fn made_again(deed: &Deed) -> bool {
    matches!(deed, Deed::Create(_))
}

fn restored(deed: &Deed) -> bool {
    matches!(deed, Deed::Restore { .. })
}

fn made_again_or_restored(deed: &Deed) -> bool {
    !matches!(deed, Deed::Delete)
}

async fn come_back(
    client: &Client,
    ps: &str,
    prepared: &Prepared,
    kind: Kind,
    wanted: fn(&Deed) -> bool,
    ids: &Renaming<'_>,
) -> Result<Vec<Undone>, Error> {
    let works = prepared.work.iter().filter(|work| work.kind == kind && wanted(&work.deed));
    all(works.map(|work| async move {
        let id = match &work.deed {
            Deed::Create(fields) => {
                let id = create(client, ps, work, ids.renamed(fields)).await?;
                if let Some(old) = &work.id {
                    ids.add(kind, old, &id)?;
                }
                Some(id)
            }
            Deed::Restore { fields, whole } => {
                restore(client, ps, work, ids.renamed(fields), ids.renamed(whole)).await?;
                work.id.clone()
            }
            Deed::Delete => work.id.clone(),
        };
        Ok(Undone { kind: kind.as_str(), name: work.name.clone(), id, action: "restored" })
    }))
    .await
}

async fn create(client: &Client, ps: &str, work: &Work, fields: Map<String, Value>) -> Result<String, Error> {
    let id = match work.kind {
        Kind::Event => {
            let event: KeyEvent = typed(work, fields)?;
            let find =
                || async { Ok(client.key_events(ps).await?.into_iter().find(|e| e.name == work.name)) };
            made(settle(client.create_key_event(ps, &event).await, find).await?).id
        }
        Kind::Attribute => {
            let mut fields = fields;
            // Listings tell it, creates of the published contract do not take it.
            if fields.get("sensitive") == Some(&Value::Bool(false)) {
                fields.shift_remove("sensitive");
            }
            let attribute: RealtimeAttribute = typed(work, fields)?;
            let find =
                || async { Ok(client.attributes(ps).await?.into_iter().find(|a| a.name == work.name)) };
            made(settle(client.create_attribute(ps, &attribute).await, find).await?).id
        }
        Kind::Service => {
            let mut fields = fields;
            fields.retain(|key, _| ["name", "description", "public"].contains(&key.as_str()));
            let request: ServiceRequest = typed(work, fields)?;
            let find = || async { Ok(client.services(ps).await?.into_iter().find(|s| s.name == work.name)) };
            made(settle(client.create_service(ps, &request).await, find).await?).id
        }
        Kind::Personalization => {
            let mut attributes: PersonalizationAttributes = typed(work, fields)?;
            attributes.audience_id = Some(ps.to_owned());
            // The published contract takes no ids in a create.
            attributes.sections.iter_mut().for_each(|section| section.id = None);
            let folders = client.folders(ps).await?;
            let own = work.folder.as_deref().filter(|own| folders.iter().any(|folder| folder.id == **own));
            let folder = crate::steps::personalization::folder(&folders, own)?;
            let data = ResourceId { id: folder.id.clone(), kind: FOLDER_TYPE.to_owned() };
            let relationships = Some(FolderRelationship { parent_folder: Data { data } });
            let request = PersonalizationRequest { attributes, relationships };
            let find = || async {
                Ok(client.personalizations(ps).await?.into_iter().find(|p| p.attributes.name == work.name))
            };
            Some(made(settle(client.create_personalization(&request).await, find).await?).id)
        }
        Kind::Journey | Kind::Stage | Kind::Activation | Kind::Token => None,
    };
    id.ok_or_else(|| Error::new(Code::Server, format!("the platform gave no id for '{}'", work.name)))
}

fn made<T>(settled: Settled<T>) -> T {
    match settled {
        Settled::Made(item) | Settled::Found(item) => item,
    }
}

async fn restore(
    client: &Client,
    ps: &str,
    work: &Work,
    fields: Map<String, Value>,
    whole: Map<String, Value>,
) -> Result<(), Error> {
    let id = work.id.as_deref().unwrap_or_default();
    match work.kind {
        Kind::Event => client.write_key_event(ps, id, &typed(work, whole)?).await?,
        Kind::Attribute => client.patch_attribute(ps, id, fields).await?,
        Kind::Service => {
            let mut whole = whole;
            whole.retain(|key, _| ["name", "description", "public"].contains(&key.as_str()));
            client.write_service(ps, id, &typed(work, whole)?).await?;
        }
        Kind::Personalization => {
            let mut attributes: PersonalizationAttributes = typed(work, whole)?;
            attributes.audience_id = Some(ps.to_owned());
            for section in &mut attributes.sections {
                // Part of the published PATCH.
                section.include_sensitive.get_or_insert(false);
            }
            let request = PersonalizationRequest { attributes, relationships: None };
            client.write_personalization(id, &request).await?;
        }
        Kind::Journey => remake::restore_journey(client, ps, work, fields, whole).await?,
        Kind::Activation => {
            client.write_activation(parent_of(&work.collection), id, &typed(work, whole)?).await?;
        }
        Kind::Stage | Kind::Token => {}
    }
    Ok(())
}

async fn go(client: &Client, ps: &str, prepared: &Prepared, kind: Kind) -> Result<Vec<Undone>, Error> {
    let works = prepared.work.iter().filter(|work| work.kind == kind && matches!(work.deed, Deed::Delete));
    let gone_or_not = all(works.map(|work| async move {
        let id = work.id.as_deref().unwrap_or_default();
        let deleted = match kind {
            Kind::Event => client.delete_key_event(ps, id).await,
            Kind::Attribute => client.delete_attribute(ps, id).await,
            Kind::Service => client.delete_service(ps, id).await,
            Kind::Personalization => client.delete_personalization(id).await,
            Kind::Journey => client.delete_journey(id).await,
            Kind::Token => client.delete_token(ps, parent_of(&work.collection), id).await,
            // They go with their journey.
            Kind::Stage | Kind::Activation => return Ok(None),
        };
        gone(deleted)?;
        let (name, id) = (work.name.clone(), work.id.clone());
        Ok(Some(Undone { kind: kind.as_str(), name, id, action: "deleted" }))
    }));
    Ok(gone_or_not.await?.into_iter().flatten().collect())
}

/// What is gone already is gone.
fn gone(deleted: Result<(), ApiError>) -> Result<(), Error> {
    match deleted {
        Err(error) if error.is_not_found() => Ok(()),
        other => Ok(other?),
    }
}

/// The service's id in the path of its tokens, or the journey's in that of its activations.
fn parent_of(collection: &str) -> &str {
    collection.rsplit('/').nth(1).unwrap_or_default()
}

async fn import_again(
    client: &Client,
    ps: &str,
    prepared: &Prepared,
    ids: &Renaming<'_>,
) -> Result<Vec<Undone>, Error> {
    let again = &prepared.imports.0;
    if again.is_empty() {
        return Ok(Vec::new());
    }
    let mut columns = columns(client, ps).await?;
    columns.extend(again.iter().filter(|column| !columns.contains(column)).cloned().collect::<Vec<_>>());
    client.import_attributes(ps, &columns).await?;
    let setting = enabled_setting(client, ps).await?.attributes;
    let live = client.attributes(ps).await?;
    let mut undone = Vec::new();
    for column in again {
        let is_it = |a: &&RealtimeAttribute| import_column(a, &setting.batch_attributes) == Some(column);
        let id = live.iter().find(is_it).and_then(|attribute| attribute.id.clone());
        // A dry run has imported nothing yet.
        let id = id.or_else(|| client.is_dry_run().then(|| format!("new:{column}")));
        if let (Some(old), Some(id)) = (prepared.import_ids.get(column), &id) {
            ids.add(Kind::Attribute, old, id)?;
        }
        undone.push(Undone { kind: "attribute", name: column.clone(), id, action: "restored" });
    }
    Ok(undone)
}

async fn import_less(client: &Client, ps: &str, prepared: &Prepared) -> Result<Vec<Undone>, Error> {
    let gone = &prepared.imports.1;
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let mut columns = columns(client, ps).await?;
    columns.retain(|column| !gone.contains(column));
    client.import_attributes(ps, &columns).await?;
    let undone =
        |column: &String| Undone { kind: "attribute", name: column.clone(), id: None, action: "deleted" };
    Ok(gone.iter().map(undone).collect())
}

async fn columns(client: &Client, ps: &str) -> Result<Vec<String>, Error> {
    let (setting, attributes) = tokio::join!(enabled_setting(client, ps), client.attributes(ps));
    Ok(imported_columns(&attributes?, &setting?.attributes.batch_attributes))
}

pub(super) fn typed<T: DeserializeOwned>(work: &Work, fields: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| {
        let message = format!("the journal's {} '{}' can't be read: {error}", work.kind.as_str(), work.name);
        Error::new(Code::BadSetting, message)
    })
}
