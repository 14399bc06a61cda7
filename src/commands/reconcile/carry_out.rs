//! Carrying out what was reconciled.

use super::{Reconciliation, job, prune};
use crate::commands::journey_create::make;
use crate::commands::pz_create::{self, Job};
use crate::commands::{rt_attrs, rt_events, rt_keys};
use crate::context::Context;
use crate::error::Error;
use crate::input::Step;
use crate::platform::wire::{KeyEvent, RealtimeAttribute, RealtimeSetting};
use crate::steps::journeys::AppliedJourney;
use crate::steps::ownership::Items;
use crate::steps::setting::write;
use crate::steps::{Action, Applied, attributes, events};

/// What was carried out.
#[derive(Debug)]
pub struct Carried {
    /// The document with what was done.
    pub step: Step,
    /// The setting, as it was answered.
    pub setting: RealtimeSetting,
    /// Key events with their ids.
    pub events: Vec<KeyEvent>,
    /// Whether anything was written that is rolled out.
    pub changed: bool,
    /// What was deleted.
    pub deleted: Items,
    /// The journeys of the plan, not launched yet.
    pub journeys: Vec<AppliedJourney>,
}

/// Setting, key events and attributes, each of which needs the one before; at the same time the
/// services; then the entities; at last what goes.
pub async fn carry_out(ctx: &Context, reconciliation: Reconciliation) -> Result<Carried, Error> {
    let Reconciliation { mut step, before, pruning, wanted_events, merged, options, .. } = reconciliation;
    let ps = step.ps.id.clone();
    let plans = step.plan.personalizations.clone();
    let wanted = Wanted { events: &wanted_events, merged: &merged };
    // The service needs nothing of the configuration.
    let services = pz_create::services(ctx, &ps, &plans, &options, &before.personalization);
    let (configured, services) = tokio::join!(configure(ctx, &mut step, &before, &wanted), services);
    let (configured, services) = (configured?, services?);
    let Configured { setting, events, attributes, mut changed } = configured;
    let jobs: Vec<Job<'_>> = plans
        .iter()
        .map(|plan| job(&step, &before, plan, &options, &pruning, &events, &attributes, &setting.attributes))
        .collect();
    let entities = pz_create::entities(ctx, &jobs).await?;
    changed |= entities.iter().flatten().any(|entity| entity.action != Action::Unchanged);
    for service in services.iter().flatten() {
        pz_create::tell_token(ctx, service)?;
    }
    pz_create::note_all(&mut step, ctx, &events, &services, &entities)?;
    let journeys = match step.plan.journeys.as_slice() {
        [] => Vec::new(),
        plans => {
            let ground = before.ground(&step, &events, &attributes, &setting.attributes);
            let folder = options.folder.as_deref();
            let folder = make::folder_for(plans, &before.journeys, &before.folders, folder)?;
            make::make(ctx, &ground, plans, &before.journeys, folder, before.connections.clone()).await?
        }
    };
    changed |= make::changed(&journeys);
    let mut deleted = Items::new();
    if !pruning.paths.is_empty() {
        let live = before.configuration();
        let named: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
        deleted = prune::delete(ctx.client()?, &ps, &pruning, &live, &named).await?;
        changed |= !deleted.is_empty();
    }
    Ok(Carried { step, setting, events, changed, deleted, journeys })
}

struct Wanted<'a> {
    events: &'a [events::WantedEvent],
    merged: &'a crate::steps::setting::Merged,
}

/// What is live once the configuration is written.
struct Configured {
    setting: RealtimeSetting,
    events: Vec<KeyEvent>,
    attributes: Vec<RealtimeAttribute>,
    changed: bool,
}

async fn configure(
    ctx: &Context,
    step: &mut Step,
    before: &super::Before,
    wanted: &Wanted<'_>,
) -> Result<Configured, Error> {
    let client = ctx.client()?;
    let ps = step.ps.id.clone();
    let setting = write(client, &ps, before.setting.clone(), wanted.merged).await?;
    let applied = events::apply(client, &ps, wanted.events, &before.events).await?;
    let written = |items: &[Applied]| items.iter().any(|item| item.action != Action::Unchanged);
    let mut changed = wanted.merged.changed || written(&applied);
    let events = with_ids(events::outlook(wanted.events, &before.events), &applied);
    rt_events::note(step, &setting, &applied, before.events.iter().map(|e| e.name.as_str()).collect());
    if let Some(stitching) = step.plan.id_stitching.clone() {
        rt_keys::note(step, &stitching, &setting, wanted.merged);
    }
    let wanted = rt_attrs::wanted(step, &events, &before.schemas)?;
    let prepared = attributes::prepare(&wanted, before.live(&events, &setting.attributes))?;
    let (outlook, made_up) = (prepared.outlook(&before.attributes), prepared.made_up());
    let applied = attributes::apply(client, &ps, prepared).await?;
    changed |= written(&applied);
    rt_attrs::note(step, &applied, &before.attributes);
    let attributes = settled(outlook, &made_up, &applied);
    Ok(Configured { setting, events, attributes, changed })
}

/// The key events as they were foreseen, with the ids that they got.
fn with_ids(mut events: Vec<KeyEvent>, applied: &[Applied]) -> Vec<KeyEvent> {
    for event in &mut events {
        if let Some(done) = applied.iter().find(|done| done.name == event.name) {
            event.id = Some(done.id.clone());
        }
    }
    events
}

/// The attributes as they were foreseen, with the ids that they got.
fn settled(
    mut attributes: Vec<RealtimeAttribute>,
    made_up: &[Option<String>],
    applied: &[Applied],
) -> Vec<RealtimeAttribute> {
    for (made_up, item) in made_up.iter().zip(applied) {
        for attribute in attributes.iter_mut().filter(|there| made_up.is_some() && there.id == *made_up) {
            attribute.id = Some(item.id.clone());
        }
    }
    attributes
}
