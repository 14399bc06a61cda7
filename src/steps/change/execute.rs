//! The one executor: carries operations out, each phase at once. Ids of what is made are only known then,
//! so what refers to it is changed with it.

use super::between::{bare, fields};
use super::token::AppliedService;
use super::{Change, Done, Ids, NewImport, Operation, SettingChange};
use crate::api::{ApiError, Client, NewAuthentication};
use crate::error::{Code, Error};
use crate::plan::{Configuration, import_of, new_connection};
use crate::platform::wire::{
    AttributeSpec, BatchAttribute, Data, FOLDER_TYPE, FolderRelationship, KeyEvent, Personalization,
    PersonalizationRequest, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyResource, RealtimeSettingAttributes, RealtimeStatus, ResourceId, Service, ServiceRequest,
    SingleSpec,
};
use crate::steps::desired::attributes::imported_columns;
use crate::steps::kind::Kind;
use crate::steps::live::Live;
use crate::steps::parent_segment::enabled_setting;
use crate::steps::tokens::TokenStore;
use crate::steps::{Action, Settled, all, settle};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How often an import is made at the most.
const IMPORTS: usize = 4;

/// Notes that something is made again: its kind, its old id and its new one.
pub type Remade<'a> = dyn Fn(Kind, &str, &str) -> Result<(), Error> + 'a;

/// What operations are carried out with.
pub struct Executor<'a> {
    /// The platform.
    pub client: &'a Client,
    /// The parent segment.
    pub ps: &'a str,
    /// Where tokens are kept.
    pub tokens: &'a TokenStore,
    /// The account of the key, where it tells.
    pub account: Option<&'a str>,
    /// Told of what is made again.
    pub remade: &'a Remade<'a>,
    /// What was carried out so far.
    pub so_far: Mutex<Executed>,
}

/// What was carried out.
#[derive(Debug, Default)]
pub struct Executed {
    /// New ids, by the made-up or the old ones.
    pub ids: Ids,
    /// Each thing that was written, once.
    pub done: Vec<Done>,
    /// Services whose token was wanted, by name.
    pub services: BTreeMap<String, AppliedService>,
    /// The status that the last write of the setting answered.
    pub status: Option<RealtimeStatus>,
    /// Whether others have made things of the same names meanwhile: what is live is to be compared again.
    pub overtaken: bool,
    /// The setting as it is known to be; `None` when it has to be read.
    setting: Option<RealtimeSettingAttributes>,
    /// Drafts that were made, by their made-up id.
    drafts: BTreeMap<String, RealtimeJourneyResource>,
}

impl Executed {
    /// Nothing yet, over what is live.
    pub fn over(live: &Live) -> Self {
        Executed { setting: Some(live.state.setting.clone()), ..Executed::default() }
    }

    /// What was done to a thing that has this id now.
    pub fn action(&self, kind: Kind, id: &str) -> Action {
        let found = self.done.iter().find(|done| done.kind == kind && done.id.as_deref() == Some(id));
        found.map_or(Action::Unchanged, |done| done.action)
    }

    /// The configuration with the ids that things have now.
    pub fn settled(&self, state: &Configuration) -> Result<Configuration, Error> {
        let ids = &self.ids;
        let mut state = state.clone();
        rename_all(ids, Kind::Event, &mut state.events)?;
        rename_all(ids, Kind::Attribute, &mut state.attributes)?;
        rename_all(ids, Kind::Service, &mut state.services)?;
        rename_all(ids, Kind::Personalization, &mut state.personalizations)?;
        for journey in &mut state.journeys {
            *journey = renamed_journey(ids, journey)?;
        }
        for activation in &mut state.activations {
            *activation = renamed_activation(ids, activation)?;
        }
        Ok(state)
    }
}

fn rename_all<T>(ids: &Ids, kind: Kind, items: &mut [T]) -> Result<(), Error>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Clone,
{
    items.iter_mut().try_for_each(|item| ids.renamed(kind, item).map(|new| *item = new))
}

/// A journey with new ids; what runs is not part of its wire form.
fn renamed_journey(ids: &Ids, journey: &RealtimeJourneyResource) -> Result<RealtimeJourneyResource, Error> {
    let mut renamed = ids.renamed(Kind::Journey, journey)?;
    renamed.attributes.extra.clone_from(&journey.attributes.extra);
    Ok(renamed)
}

fn renamed_activation(
    ids: &Ids,
    activation: &RealtimeJourneyActivationStepResource,
) -> Result<RealtimeJourneyActivationStepResource, Error> {
    let mut renamed = ids.renamed(Kind::Activation, activation)?;
    let journey = activation.journey_id().map(|id| ids.id(Kind::Journey, id));
    renamed.attributes.extra.clone_from(&activation.attributes.extra);
    if let Some(journey) = journey {
        renamed.attributes.extra.insert("realtimeJourneyId".into(), journey.into());
    }
    Ok(renamed)
}

impl Executor<'_> {
    /// Carries operations out in their order; running the same again after a failure finishes them. Before a
    /// launch, `ready` waits until the configuration is rolled out; it gets the journey's name.
    pub async fn execute(
        &self,
        operations: &[Operation],
        ready: impl AsyncFn(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for phase in operations.chunk_by(|a, b| a.phase() == b.phase()) {
            if !phase.iter().any(Operation::waits) {
                all(phase.iter().map(|operation| self.carry_out(operation))).await?;
                continue;
            }
            for operation in phase {
                if let Operation::Launch(journey) = operation {
                    ready(&journey.attributes.name).await?;
                }
                self.carry_out(operation).await?;
            }
        }
        Ok(())
    }

    async fn carry_out(&self, operation: &Operation) -> Result<(), Error> {
        match operation {
            Operation::Extend(change) | Operation::Shrink(change) => self.setting(change).await,
            Operation::Event(change) => self.event(change).await,
            Operation::Service(change) => self.service(change).await,
            Operation::Attribute(change) => self.attribute(change).await,
            Operation::Reduce { live, wanted } => self.patch(live, wanted).await,
            Operation::Import(items) => self.import(items).await,
            Operation::Unimport(gone, columns) => self.unimport(gone, columns).await,
            Operation::Token { service, new } => self.token(service, *new).await,
            Operation::DeleteToken { service, id } => {
                let of = self.id(Kind::Service, service.id.as_deref());
                gone(self.client.delete_token(self.ps, &of, id).await)?;
                self.done(Kind::Token, &service.name, Some(id.clone()), Action::Deleted);
                Ok(())
            }
            Operation::Connect(new) => self.connect(new).await,
            Operation::Personalization(change) => self.personalization(change).await,
            Operation::Journey(change) => self.journey(change).await,
            Operation::ReplaceJourney { live, wanted } => {
                self.journey(&Change::Delete(live.clone())).await?;
                self.journey(&Change::Create(wanted.clone())).await
            }
            Operation::Activation(change) => self.activation(change).await,
            Operation::Launch(journey) => self.launch(journey).await,
            Operation::Pause(journey, pause) => self.pause(journey, *pause).await,
        }
    }

    /// Whether others have made things of the same names since this was asked last.
    pub fn was_overtaken(&self) -> bool {
        std::mem::take(&mut self.lock().overtaken)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Executed> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id that a thing has now.
    pub(super) fn id(&self, kind: Kind, id: Option<&str>) -> String {
        self.lock().ids.id(kind, id.unwrap_or_default())
    }

    fn renamed<T>(&self, kind: Kind, item: &T) -> Result<T, Error>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Clone,
    {
        self.lock().ids.renamed(kind, item)
    }

    /// Notes what was done; the first word about a thing stays: what was made and then written was made.
    fn done(&self, kind: Kind, name: &str, id: Option<String>, action: Action) {
        let mut so_far = self.lock();
        let same = |done: &Done| done.kind == kind && done.name == name && done.id == id;
        if !so_far.done.iter().any(same) {
            so_far.done.push(Done { kind, name: name.to_owned(), id, action });
        }
    }

    /// Notes the id of what was made, or of what others made of the same name meanwhile.
    fn made<T>(
        &self,
        kind: Kind,
        (name, old): (&str, Option<&str>),
        settled: Settled<T>,
        id: impl Fn(&T) -> Option<String>,
    ) -> Result<T, Error> {
        let (item, own) = match settled {
            Settled::Made(item) => (item, true),
            Settled::Found(item) => (item, false),
        };
        let Some(new) = id(&item) else {
            let message = format!("the platform gave no id for the {} '{name}'", kind.words());
            return Err(Error::new(Code::Server, message));
        };
        let old = old.unwrap_or_default();
        self.renumber(kind, old, &new)?;
        match own {
            true => self.done(kind, name, Some(new), Action::Created),
            false => self.lock().overtaken = true,
        }
        Ok(item)
    }

    /// Notes a new id. One that was not made up belonged to something that is made again.
    pub(super) fn renumber(&self, kind: Kind, old: &str, new: &str) -> Result<(), Error> {
        self.lock().ids.add(kind, old, new);
        match old.is_empty() || old.starts_with("new:") || self.client.is_dry_run() {
            true => Ok(()),
            false => (self.remade)(kind, old, new),
        }
    }

    async fn setting(&self, change: &SettingChange) -> Result<(), Error> {
        // What goes is looked at again: others may have added to the lists meanwhile.
        let shrinks = !change.gone_tables.is_empty() || !change.gone_keys.is_empty();
        let known = self.lock().setting.take().filter(|_| !shrinks);
        let live = match known {
            Some(known) => known,
            None => enabled_setting(self.client, self.ps).await?.attributes,
        };
        let wanted = change.over(&live);
        if wanted != live {
            let written = self.client.write_setting(self.ps, &wanted).await?;
            self.lock().status = Some(written.status);
        }
        for (action, kind, name) in change.items(&live) {
            self.done(kind, &name, None, action);
        }
        Ok(())
    }

    async fn event(&self, change: &Change<KeyEvent>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            Change::Create(event) => {
                let name = &event.name;
                let new = KeyEvent { id: None, ..event.clone() };
                let find =
                    || async { Ok(client.key_events(ps).await?.into_iter().find(|e| e.name == *name)) };
                let settled = settle(client.create_key_event(ps, &new).await, find).await?;
                self.made(Kind::Event, (name, event.id.as_deref()), settled, |event| event.id.clone())?;
            }
            Change::Write { live, wanted } => {
                client.write_key_event(ps, live, wanted).await?;
                self.done(Kind::Event, &wanted.name, live.id.clone(), Action::Updated);
            }
            Change::Delete(event) => {
                gone(client.delete_key_event(ps, event.id.as_deref().unwrap_or_default()).await)?;
                self.done(Kind::Event, &event.name, event.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn service(&self, change: &Change<Service>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        let request = |service: &Service| ServiceRequest {
            name: service.name.clone(),
            description: service.description.clone(),
            public: service.public,
        };
        match change {
            Change::Create(service) => {
                let name = &service.name;
                let find = || async { Ok(client.services(ps).await?.into_iter().find(|s| s.name == *name)) };
                let settled = settle(client.create_service(ps, &request(service)).await, find).await?;
                self.made(Kind::Service, (name, service.id.as_deref()), settled, |one| one.id.clone())?;
            }
            Change::Write { live, wanted } => {
                let id = live.id.as_deref().unwrap_or_default();
                client.write_service(ps, id, &request(wanted)).await?;
                self.done(Kind::Service, &wanted.name, live.id.clone(), Action::Updated);
            }
            Change::Delete(service) => {
                gone(client.delete_service(ps, service.id.as_deref().unwrap_or_default()).await)?;
                self.done(Kind::Service, &service.name, service.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn attribute(&self, change: &Change<RealtimeAttribute>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            Change::Create(attribute) => {
                let name = &attribute.name;
                let mut new = RealtimeAttribute { id: None, ..self.renamed(Kind::Attribute, attribute)? };
                // Listings tell it, creates of the published contract do not take it.
                if let AttributeSpec::Single(SingleSpec { sensitive, .. }) = &mut new.spec {
                    sensitive.take_if(|sensitive| !*sensitive);
                }
                let find =
                    || async { Ok(client.attributes(ps).await?.into_iter().find(|a| a.name == *name)) };
                let settled = settle(client.create_attribute(ps, &new).await, find).await?;
                self.made(Kind::Attribute, (name, attribute.id.as_deref()), settled, |one| one.id.clone())?;
            }
            Change::Write { live, wanted } => self.patch(live, wanted).await?,
            Change::Delete(attribute) => {
                gone(client.delete_attribute(ps, attribute.id.as_deref().unwrap_or_default()).await)?;
                self.done(Kind::Attribute, &attribute.name, attribute.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    /// Sends the fields that differ.
    async fn patch(&self, live: &RealtimeAttribute, wanted: &RealtimeAttribute) -> Result<(), Error> {
        let (old, new) = (json!(live), json!(self.renamed(Kind::Attribute, wanted)?));
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        let (old, new) = (object(old), object(new));
        let mut fields = Map::new();
        for key in old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)) {
            fields.insert(key.clone(), new.get(key).cloned().unwrap_or_default());
        }
        self.client.patch_attribute(self.ps, live.id.as_deref().unwrap_or_default(), fields).await?;
        self.done(Kind::Attribute, &wanted.name, live.id.clone(), Action::Updated);
        Ok(())
    }

    /// Imports columns beside those that are imported. Another run may write the whole setting as it was
    /// before, and so undo the import: then it is made again, a few times at the most.
    async fn import(&self, items: &[NewImport]) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        // It writes to the setting as well.
        self.lock().setting = None;
        let mut columns = self.imported().await?;
        let new = items.iter().map(|new| &new.column).filter(|column| !columns.contains(column));
        let new: Vec<String> = new.cloned().collect();
        columns.extend(new);
        columns.dedup();
        let wanted: Vec<BatchAttribute> =
            columns.iter().map(|column| BatchAttribute { column: column.clone(), name: None }).collect();
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
            self.renumber(Kind::Attribute, old, &id)?;
            self.done(Kind::Attribute, column, Some(id), Action::Created);
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
        for batch in &mut setting.batch_attributes {
            let new = items.iter().find(|new| new.column == batch.column);
            batch.name = new.and_then(|new| new.name.clone()).or(batch.name.take());
        }
        client.write_setting(ps, &setting).await?;
        Ok(())
    }

    /// Imported ones go by leaving them out of the whole set.
    async fn unimport(&self, attributes: &[RealtimeAttribute], gone: &[String]) -> Result<(), Error> {
        self.lock().setting = None;
        let mut columns = self.imported().await?;
        columns.retain(|column| !gone.contains(column));
        self.client.import_attributes(self.ps, &columns).await?;
        for attribute in attributes {
            self.done(Kind::Attribute, &attribute.name, attribute.id.clone(), Action::Deleted);
        }
        Ok(())
    }

    /// The columns that are imported now.
    async fn imported(&self) -> Result<Vec<String>, Error> {
        let Executor { client, ps, .. } = *self;
        let (setting, attributes) = tokio::join!(enabled_setting(client, ps), client.attributes(ps));
        Ok(imported_columns(&attributes?, &setting?.attributes.batch_attributes))
    }

    async fn connect(&self, new: &NewAuthentication) -> Result<(), Error> {
        let client = self.client;
        let account = self.account.map(str::to_owned);
        let find = || async { client.connection(&new.name).await };
        let made = client.create_authentication(&NewAuthentication { account, ..new.clone() }).await;
        let (Settled::Made(id) | Settled::Found(id)) = settle(made, find).await?;
        self.renumber(Kind::Connection, &new_connection(&new.name), &id)
    }

    async fn personalization(&self, change: &Change<Personalization>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        let request = |entity: &Personalization| -> Result<PersonalizationRequest, Error> {
            let mut attributes = self.renamed(Kind::Personalization, entity)?.attributes;
            attributes.audience_id = Some(ps.to_owned());
            Ok(PersonalizationRequest { attributes, relationships: None })
        };
        match change {
            Change::Create(entity) => {
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
                self.made(Kind::Personalization, (name, old), settled, |one| Some(one.id.clone()))?;
            }
            Change::Write { live, wanted } => {
                let mut request = request(wanted)?;
                for section in &mut request.attributes.sections {
                    // Part of the published PATCH, unlike POST; a new section gets the platform's default.
                    section.include_sensitive.get_or_insert(false);
                }
                client.write_personalization(&live.id, &request).await?;
                let name = &wanted.attributes.name;
                self.done(Kind::Personalization, name, Some(live.id.clone()), Action::Updated);
            }
            Change::Delete(entity) => {
                gone(client.delete_personalization(&entity.id).await)?;
                let name = &entity.attributes.name;
                self.done(Kind::Personalization, name, Some(entity.id.clone()), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn journey(&self, change: &Change<RealtimeJourneyResource>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            Change::Create(journey) => {
                let name = &journey.attributes.name;
                let mut bare = bare(journey).attributes;
                bare.audience_id = ps.to_owned();
                bare.realtime_journey_stages.iter_mut().for_each(|stage| stage.id = None);
                let find = || async {
                    Ok(client.journeys(ps).await?.into_iter().find(|j| j.attributes.name == *name))
                };
                let settled = settle(client.create_journey(&bare).await, find).await?;
                let old = Some(journey.id.as_str());
                let draft = self.made(Kind::Journey, (name, old), settled, |one| Some(one.id.clone()))?;
                let stages = journey.attributes.realtime_journey_stages.iter();
                for (old, new) in stages.zip(&draft.attributes.realtime_journey_stages) {
                    if let (Some(old), Some(new)) = (&old.id, &new.id) {
                        self.renumber(Kind::Stage, old, new)?;
                    }
                }
                self.lock().drafts.insert(journey.id.clone(), draft);
            }
            Change::Write { live, wanted } => {
                let ids = self.lock().ids.clone();
                let wanted = renamed_journey(&ids, wanted)?;
                let mut live = renamed_journey(&ids, live)?;
                let draft = self.lock().drafts.values().find(|draft| draft.id == live.id).cloned();
                let mut wanted = wanted;
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
                let name = &wanted.attributes.name;
                self.done(Kind::Journey, name, Some(live.id.clone()), Action::Updated);
            }
            Change::Delete(journey) => {
                gone(client.delete_journey(&journey.id).await)?;
                let name = &journey.attributes.name;
                self.done(Kind::Journey, name, Some(journey.id.clone()), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn activation(&self, change: &Change<RealtimeJourneyActivationStepResource>) -> Result<(), Error> {
        let (Change::Create(wanted) | Change::Write { wanted, .. }) = change else { return Ok(()) };
        let client = self.client;
        let ids = self.lock().ids.clone();
        let new = renamed_activation(&ids, wanted)?;
        let journey = new.journey_id().unwrap_or_default().to_owned();
        let name = new.attributes.name.as_deref().unwrap_or_default();
        if let Change::Write { live, .. } = change {
            client.write_activation(&journey, &live.id, &new.attributes).await?;
            self.done(Kind::Activation, name, Some(live.id.clone()), Action::Updated);
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
        self.made(Kind::Activation, (name, old), settled, |one| Some(one.id.clone()))?;
        Ok(())
    }

    async fn launch(&self, journey: &RealtimeJourneyResource) -> Result<(), Error> {
        let ids = self.lock().ids.clone();
        let journey = renamed_journey(&ids, journey)?;
        let mut fields = Map::new();
        fields.insert("state".into(), "launched".into());
        // The state alone launches nothing (public examples).
        let stages = json!(journey.attributes.realtime_journey_stages);
        fields.insert("realtimeJourneyStages".into(), stages);
        self.client.write_journey(&journey, fields).await?;
        self.done(Kind::Journey, &journey.attributes.name, Some(journey.id.clone()), Action::Updated);
        Ok(())
    }

    /// Pauses a journey or lets it go on; where the answer was lost, looks whether it was done.
    async fn pause(&self, journey: &RealtimeJourneyResource, pause: bool) -> Result<(), Error> {
        let client = self.client;
        let id = self.id(Kind::Journey, Some(&journey.id));
        match client.pause_journey(&id, pause).await {
            Err(error) if error.is_ambiguous() => {
                let now = client.journeys(self.ps).await?;
                if !now.iter().any(|there| there.id == id && there.is_paused() == pause) {
                    return Err(error.into());
                }
            }
            done => done?,
        }
        self.done(Kind::Journey, &journey.attributes.name, Some(id), Action::Updated);
        Ok(())
    }
}

/// What is gone already is gone.
fn gone(deleted: Result<(), ApiError>) -> Result<(), Error> {
    match deleted {
        Err(error) if error.is_not_found() => Ok(()),
        other => Ok(other?),
    }
}
