//! What `journey-create` and `apply` share: all journeys of a plan, in the order of the workflow.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{Step, wait};
use crate::plan::nearest::{meant, nearest};
use crate::plan::{Attribute, Journey};
use crate::platform::wire::{
    BatchAttribute, EventTable, Folder, KeyColumn, KeyEvent, RealtimeAttribute, RealtimeJourneyState,
    RealtimeStatus,
};
use crate::steps::Action;
use crate::steps::journeys::{
    AppliedJourney, Connections, JourneyNames, Live, Prepared, draft, is_paused, launch, prepare, state,
    write,
};
use crate::steps::parent_segment::enabled_setting;
use crate::steps::personalization::{Names, folder};
use crate::steps::schema::Schemas;
use crate::steps::wait::WaitOptions;
use serde_json::{Map, Value, json};

/// What journeys are made from; live, or as it will be.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The parent segment.
    pub ps: &'a str,
    /// Key events.
    pub events: &'a [KeyEvent],
    /// Real-time attributes.
    pub attributes: &'a [RealtimeAttribute],
    /// Which batch attributes are imported.
    pub imported: &'a [BatchAttribute],
    /// Stitching keys.
    pub keys: &'a [KeyColumn],
    /// The plan's attributes.
    pub planned: &'a [Attribute],
    /// Columns of the tables of key events, as far as they were read.
    pub schemas: &'a Schemas,
}

impl<'a> Ground<'a> {
    fn names(&self, live: &'a Live) -> JourneyNames<'a> {
        let Ground { ps, events, attributes, imported, keys, planned, .. } = *self;
        let names = Names { events, attributes, imported, planned, segments: &[] };
        JourneyNames { ps, names, keys, journeys: &live.journeys }
    }

    /// Checks all journeys, and compiles them.
    pub fn prepare<'j>(&self, plans: &'j [Journey], live: &'a Live) -> Result<Vec<Prepared<'j>>, Error> {
        let names = self.names(live);
        plans.iter().try_for_each(|plan| check_jumps(plan, plans, live))?;
        plans.iter().map(|plan| prepare(plan, &names, live, self.schemas)).collect()
    }
}

/// A jump leads to a journey of the plan, or to one that is there.
fn check_jumps(plan: &Journey, plans: &[Journey], live: &Live) -> Result<(), Error> {
    let known = || {
        let there = live.journeys.iter().map(|journey| journey.attributes.name.as_str());
        plans.iter().map(|plan| plan.name.as_str()).chain(there)
    };
    for name in plan.targets().into_iter().filter_map(|target| target.journey.as_deref()) {
        if !known().any(|there| there == name) {
            let message =
                format!("journey '{}' leads to another one: there is no journey '{name}'", plan.name);
            let error = Error::new(Code::InvalidPlan, message);
            return Err(match nearest(name, known()) {
                Some(near) => error.hint(meant(name, near)),
                None => {
                    error.hint("add it to the plan; `tdx-rt journey-create list` shows those that are there")
                }
            });
        }
    }
    Ok(())
}

/// The tables of the key events that journeys name.
pub fn tables(plans: &[Journey], events: &[KeyEvent]) -> Vec<EventTable> {
    let named: Vec<&str> =
        plans.iter().flat_map(Journey::entries).filter_map(|entry| entry.event.as_deref()).collect();
    let used = events.iter().filter(|event| named.contains(&event.name.as_str()));
    used.map(|event| EventTable { database: event.database_name.clone(), table: event.table_name.clone() })
        .collect()
}

/// Warns of connections that could not be checked.
pub fn warn_unchecked(ctx: &Context, connections: &Connections) {
    if let Some(message) = connections.unchecked() {
        ctx.ui.warn_of("connection-unchecked", &message);
    }
}

/// The folder for the journeys that are not there yet; `None` when all are.
pub fn folder_for<'f>(
    plans: &[Journey],
    live: &Live,
    folders: &'f [Folder],
    wanted: Option<&str>,
) -> Result<Option<&'f Folder>, Error> {
    let is_missing = |plan: &Journey| live.of(&plan.name).is_none();
    if plans.iter().any(is_missing) { folder(folders, wanted).map(Some) } else { Ok(None) }
}

/// Makes drafts, connections, activations and stages of all these journeys; they are launched later.
pub async fn make(
    ctx: &Context,
    ground: &Ground<'_>,
    plans: &[Journey],
    live: &Live,
    folder: Option<&Folder>,
    mut connections: Connections,
) -> Result<Vec<AppliedJourney>, Error> {
    let client = ctx.client()?;
    let prepared = ground.prepare(plans, live)?;
    let mut now = live.clone();
    let drafts = draft(client, ground.ps, &prepared, &mut now, folder).await?;
    let settings = ctx.settings()?;
    let account = settings.credential.as_ref().and_then(|credential| credential.value.account());
    let mut applied = Vec::new();
    for plan in plans {
        let is_new = drafts.contains(&plan.name);
        let names = ground.names(&now);
        let journey = write(client, plan, &names, &now, &mut connections, account, is_new).await?;
        applied.push(journey);
    }
    Ok(applied)
}

/// Whether any of them is to be launched.
pub fn launches(plans: &[Journey], applied: &[AppliedJourney]) -> bool {
    plans.iter().zip(applied).any(|(plan, journey)| {
        plan.state == Some(RealtimeJourneyState::Launched)
            && state(&journey.resource) == RealtimeJourneyState::Draft
    })
}

/// Launches, pauses and resumes as the plan says; whether anything was done. A launch needs the status
/// `ok`: it is waited for with `wait`, and asked for without.
pub async fn launch_all(
    ctx: &Context,
    ps: &str,
    plans: &[Journey],
    applied: &mut [AppliedJourney],
    wait: Option<WaitOptions>,
) -> Result<bool, Error> {
    let client = ctx.client()?;
    let mut done = false;
    for (plan, journey) in plans.iter().zip(applied) {
        // Each launch begins a roll-out of its own.
        if launches(std::slice::from_ref(plan), std::slice::from_ref(journey)) {
            ready(ctx, ps, &plan.name, wait).await?;
        }
        done |= launch(client, plan, journey).await?;
    }
    Ok(done)
}

/// The status must be `ok`.
async fn ready(ctx: &Context, ps: &str, name: &str, options: Option<WaitOptions>) -> Result<(), Error> {
    if let Some(options) = options {
        return wait(ctx, ps, options).await.map(drop);
    }
    let client = ctx.client()?;
    if client.is_dry_run() {
        return Ok(());
    }
    let status = enabled_setting(client, ps).await?.status;
    if status == RealtimeStatus::Ok {
        return Ok(());
    }
    let message = format!("journey '{name}' is not launched: the RT status is '{status}', and must be 'ok'");
    Err(Error::new(Code::NotReady, message)
        .hint(format!(
            "wait and launch it then: tdx-rt ps-check {ps} --wait && tdx-rt journey-create launch --ps {ps} '{name}'; or leave out --no-wait"
        ))
        .retryable())
}

/// What the document says of a journey.
pub fn shown(ctx: &Context, ps: &str, journey: &AppliedJourney) -> Result<Map<String, Value>, Error> {
    let site = ctx.settings()?.site.value;
    let resource = &journey.resource;
    let mut map = Map::new();
    map.insert("id".into(), resource.id.as_str().into());
    map.insert("action".into(), json!(journey.action));
    map.insert("state".into(), json!(state(resource)));
    map.insert("paused".into(), is_paused(resource).into());
    map.insert("activations".into(), json!(journey.activations));
    map.insert("console_url".into(), site.journey_console_url(ps, &resource.id).into());
    Ok(map)
}

/// Writes to the document what was done to its journeys.
pub fn note(step: &mut Step, ctx: &Context, applied: &[AppliedJourney]) -> Result<(), Error> {
    let ps = step.ps.id.clone();
    for (plan, journey) in step.plan.journeys.clone().iter().zip(applied) {
        let shown = shown(ctx, &ps, journey)?;
        if let Some(item) = step.item(&plan.at) {
            item.extend(shown);
        }
    }
    Ok(())
}

/// A line for people.
pub fn summary(applied: &[AppliedJourney]) -> String {
    let line = |journey: &AppliedJourney| {
        let name = &journey.resource.attributes.name;
        let state = match state(&journey.resource) {
            RealtimeJourneyState::Draft => "draft",
            RealtimeJourneyState::Launched if is_paused(&journey.resource) => "launched, paused",
            RealtimeJourneyState::Launched => "launched",
        };
        format!("journey '{name}' ({}) {}: {state}", journey.resource.id, journey.action)
    };
    applied.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether any of them was written.
pub fn changed(applied: &[AppliedJourney]) -> bool {
    applied.iter().any(|journey| journey.action != Action::Unchanged)
}
