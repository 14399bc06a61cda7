//! What `pz-create` and `apply` share: services and entities of all the plan's personalizations.

use super::PzOptions;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::Step;
use crate::plan::nearest::named;
use crate::plan::{Attribute, PersonalizationService};
use crate::platform::wire::{
    AudienceAttribute, BatchAttribute, BatchSegment, Folder, KeyEvent, Personalization, RealtimeAttribute,
    Service,
};
use crate::steps::all;
use crate::steps::events::key_event;
use crate::steps::personalization::{AppliedPersonalization, Done, Names, Prepared, apply, folder, prepare};
use crate::steps::service::{self, AppliedService, WantedService};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl PzOptions {
    /// Whether any flag is given.
    pub fn is_given(&self) -> bool {
        *self != PzOptions::default()
    }
}

/// What is live, as far as a personalization needs it.
#[derive(Debug, Default)]
pub struct Live {
    /// Batch segments; read only when a section names any, or everything is
    /// wanted.
    pub segments: Vec<BatchSegment>,
    /// Services.
    pub services: Vec<Service>,
    /// Personalizations.
    pub personalizations: Vec<Personalization>,
    /// Folders.
    pub folders: Vec<Folder>,
    /// Batch attributes, for messages about names that are not imported yet.
    pub batch: Vec<AudienceAttribute>,
}

impl Live {
    /// Reads all of it at once.
    pub async fn load(
        ctx: &Context,
        ps: &str,
        plans: &[PersonalizationService],
        everything: bool,
    ) -> Result<Self, Error> {
        let client = ctx.client()?;
        let segments = async {
            let mut sections = plans.iter().flat_map(|plan| &plan.sections);
            match everything || sections.any(|section| !section.batch_segments.is_empty()) {
                true => client.batch_segments(ps).await,
                false => Ok(Vec::new()),
            }
        };
        let (segments, services, personalizations, folders, batch) = tokio::join!(
            segments,
            client.services(ps),
            client.personalizations(ps),
            client.folders(ps),
            client.batch_attributes(ps)
        );
        Ok(Live {
            segments: segments?,
            services: services?,
            personalizations: personalizations?,
            folders: folders?,
            batch: batch?,
        })
    }
}

/// A personalization to make, with all that it is made from.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The parent segment.
    pub ps: &'a str,
    /// Service and sections.
    pub plan: &'a PersonalizationService,
    /// The plan's attributes.
    pub planned: &'a [Attribute],
    /// How.
    pub options: &'a PzOptions,
    /// What goes: paths; see [`crate::steps::ownership`].
    pub prune: &'a BTreeSet<String>,
    /// What is live.
    pub live: &'a Live,
    /// Key events; live, or as they will be.
    pub events: &'a [KeyEvent],
    /// Real-time attributes; live, or as they will be.
    pub attributes: &'a [RealtimeAttribute],
    /// Which batch attributes the setting says are imported.
    pub imported: &'a [BatchAttribute],
}

/// Makes the service as the plan says, with a token; `None` where the plan wants none.
async fn service(
    ctx: &Context,
    ps: &str,
    plan: &PersonalizationService,
    options: &PzOptions,
    live: &Live,
) -> Result<Option<AppliedService>, Error> {
    if !plan.wants_service() {
        return Ok(None);
    }
    service::apply(ctx.client()?, ps, &wanted_service(plan, options), &live.services, &ctx.tokens()?)
        .await
        .map(Some)
}

/// The service that a plan wants.
pub fn wanted_service(plan: &PersonalizationService, options: &PzOptions) -> WantedService {
    WantedService {
        name: plan.name.clone(),
        description: plan.service_description().map(str::to_owned),
        public: plan.public,
        new_token: options.new_token,
    }
}

/// An error when a token would be made that can't be kept; call it before the first write.
pub fn check_tokens(
    ctx: &Context,
    plans: &[PersonalizationService],
    options: &PzOptions,
    live: &Live,
) -> Result<(), Error> {
    let wanted = plans.iter().filter(|plan| plan.wants_service()).map(|plan| wanted_service(plan, options));
    let wanted: Vec<_> = wanted.collect();
    wanted.iter().try_for_each(|wanted| service::check_tokens(wanted, &live.services))?;
    match !ctx.requests.dry_run && wanted.iter().any(|wanted| service::makes_token(wanted, &live.services)) {
        true => ctx.tokens()?.check(),
        false => Ok(()),
    }
}

/// Makes the services of all these plans at once; one result for each, in order.
pub async fn services(
    ctx: &Context,
    ps: &str,
    plans: &[PersonalizationService],
    options: &PzOptions,
    live: &Live,
) -> Result<Vec<Option<AppliedService>>, Error> {
    all(plans.iter().map(|plan| service(ctx, ps, plan, options, live))).await
}

/// Makes the entities of all these jobs at once; one result for each, in order.
pub async fn entities(ctx: &Context, jobs: &[Job<'_>]) -> Result<Vec<Option<AppliedPersonalization>>, Error> {
    all(jobs.iter().map(|job| async move {
        match job.plan.wants_entity() {
            true => job.entity(ctx).await.map(Some),
            false => Ok(None),
        }
    }))
    .await
}

impl<'a> Job<'a> {
    /// Makes the entity as the plan says. Everything is checked before anything is sent.
    pub async fn entity(self, ctx: &Context) -> Result<AppliedPersonalization, Error> {
        let (prepared, folder) = self.prepared(self.existing())?;
        let found = match apply(ctx.client()?, self.ps, prepared, folder).await? {
            Done::Applied(done) => return Ok(done),
            Done::Overtaken(found) => found,
        };
        let (prepared, folder) = self.prepared(Some(&found))?;
        match apply(ctx.client()?, self.ps, prepared, folder).await? {
            Done::Applied(done) => Ok(done),
            Done::Overtaken(_) => Err(Error::new(Code::Bug, "a personalization that is there was created")),
        }
    }

    /// Checks everything that [`Job::entity`] would, and sends nothing.
    pub fn check(self) -> Result<(), Error> {
        if self.plan.wants_service() {
            service::check(self.plan.name.as_str(), self.plan.public, &self.live.services)?;
        }
        match self.plan.wants_entity() {
            true => self.prepared(self.existing()).map(drop),
            false => Ok(()),
        }
    }

    /// The entity as it will be.
    pub fn outlook(self) -> Result<Personalization, Error> {
        self.prepared(self.existing()).map(|(prepared, _)| prepared.outlook())
    }

    fn existing(self) -> Option<&'a Personalization> {
        named(&self.live.personalizations, &self.plan.name, |there| &there.attributes.name)
    }

    fn prepared(self, existing: Option<&Personalization>) -> Result<(Prepared, &'a Folder), Error> {
        let Job { ps, plan, planned, options, prune, live, events, attributes, imported } = self;
        if let Some(trigger) = &plan.trigger_event {
            key_event(events, trigger, &format!("personalization '{}'", plan.name))?;
        }
        let names = Names { events, attributes, imported, planned, segments: &live.segments };
        let prepared = prepare(ps, plan, names, &live.batch, existing, prune)?;
        Ok((prepared, folder(&live.folders, options.folder.as_deref())?))
    }
}
/// Tells people of a token that they do not have.
pub fn tell_token(ctx: &Context, service: &AppliedService) -> Result<(), Error> {
    if service.token.is_none() && !ctx.client()?.is_dry_run() {
        ctx.ui.status(&format!(
            "the token of service '{}' is masked and not known here; --new-token makes another one",
            service.name
        ));
    }
    Ok(())
}

/// Writes to the document what was done: to its root where it has one personalization, else to each
/// item of `personalization_services`.
pub fn note_all(
    step: &mut Step,
    ctx: &Context,
    events: &[KeyEvent],
    services: &[Option<AppliedService>],
    entities: &[Option<AppliedPersonalization>],
) -> Result<(), Error> {
    let plans = step.plan.personalizations.clone();
    for (plan, (service, entity)) in plans.iter().zip(services.iter().zip(entities)) {
        let service = service.as_ref().map(AppliedService::to_json);
        let entity = match entity {
            Some(entity) => Some(note(step, ctx, plan, events, entity)?),
            None => None,
        };
        let place = match plans.len() {
            1 => Some(&mut step.document.root),
            _ => step.item(&plan.at),
        };
        if let Some(place) = place {
            place.extend(service.map(|service| ("service".to_owned(), service)));
            place.extend(entity.map(|entity| ("personalization".to_owned(), entity)));
        }
    }
    Ok(())
}

/// The document's `personalization`; what was done to the sections goes to them.
fn note(
    step: &mut Step,
    ctx: &Context,
    plan: &PersonalizationService,
    events: &[KeyEvent],
    entity: &AppliedPersonalization,
) -> Result<Value, Error> {
    let client = ctx.client()?;
    let site = ctx.settings()?.site.value;
    let trigger =
        key_event(events, plan.trigger_event.as_deref().unwrap_or_default(), "the personalization")?;
    for (section, applied) in plan.sections.iter().zip(&entity.sections) {
        if let Some(item) = step.item(&section.at) {
            item.insert("action".into(), json!(applied.action));
            if !applied.kept.is_empty() {
                item.insert("kept".into(), json!(applied.kept));
            }
        }
    }
    let ps = &step.ps.id;
    Ok(json!({
        "id": entity.id,
        "name": entity.name,
        "action": entity.action,
        "endpoint": client.personalization_url(ps, &entity.id),
        "event_endpoint": client.event_url(&trigger.database_name, &trigger.table_name),
        "console_url": site.personalization_console_url(ps, &entity.id),
        "trigger": {"event": trigger.name, "database": trigger.database_name, "table": trigger.table_name},
    }))
}
