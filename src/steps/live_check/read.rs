//! Reading what a plan is checked against.

use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::{Attribute, Event, Finding, Journey, Plan, Severity};
use crate::platform::wire::{
    Audience, AudienceAttribute, BatchSegment, EventTable, KeyEvent, Personalization, RealtimeAttribute,
    RealtimeSettingAttributes, Service,
};
use crate::steps::journeys;
use crate::steps::parent_segment::{ParentSegment, find, not_enabled};
use crate::steps::schema::{Missing, Schemas};
use std::collections::HashMap;

/// What is live, as far as a plan speaks of it.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The parent segment's id.
    pub ps: String,
    /// The real-time setting.
    pub setting: RealtimeSettingAttributes,
    /// The parent segment; read only where the plan has stitching keys.
    pub audience: Option<Audience>,
    /// Batch attributes; read only where the plan imports any, starts from them or has sections.
    pub batch: Vec<AudienceAttribute>,
    /// Key events.
    pub events: Vec<KeyEvent>,
    /// Real-time attributes.
    pub attributes: Vec<RealtimeAttribute>,
    /// Services; read only where the plan has any.
    pub services: Vec<Service>,
    /// Personalizations; read only where the plan has any.
    pub personalizations: Vec<Personalization>,
    /// Batch segments; read only where a section names any.
    pub segments: Vec<BatchSegment>,
    /// Journeys; read only where the plan has any.
    pub journeys: journeys::Live,
    /// The connections of the plan's activations.
    pub connections: journeys::Connections,
    /// Columns of the tables that the plan speaks of.
    pub schemas: Schemas,
    /// Those of these tables that do not exist.
    pub missing: HashMap<EventTable, Missing>,
}

/// What looking at a parent segment came to.
#[derive(Debug)]
pub enum Looked {
    /// It can be checked against.
    Live(Box<Live>),
    /// It cannot, and that is what is wrong with the plan.
    Wrong(Finding),
}

/// Reads what a plan is checked against. `at` is where the document names the parent segment; when
/// it does not, one that is not there is the caller's error.
pub async fn look(client: &Client, plan: &Plan, wanted: &str, at: Option<&str>) -> Result<Looked, Error> {
    let wrong = |code, error: Error| {
        let finding = Finding::new(code, Severity::Error, at.unwrap_or_default(), error.message);
        Ok(Looked::Wrong(finding.with_fix(error.hint)))
    };
    let ps = match (find(client, wanted).await, at) {
        (Ok(ParentSegment { id, .. }), _) => id,
        (Err(error), Some(_)) if error.code == Code::NotFound => {
            return wrong("unknown-parent-segment", error);
        }
        (Err(error), Some(_)) if error.code == Code::AmbiguousName => {
            return wrong("ambiguous-parent-segment", error);
        }
        (Err(error), _) => return Err(error),
    };
    match read(client, plan, &ps).await? {
        Some(live) => Ok(Looked::Live(Box::new(live))),
        None => wrong("rt-not-enabled", not_enabled(None)),
    }
}

/// `None` where real-time is not enabled.
async fn read(client: &Client, plan: &Plan, ps: &str) -> Result<Option<Live>, Error> {
    let Some(setting) = client.setting(ps).await? else { return Ok(None) };
    let services = !plan.personalizations.is_empty();
    let sections = || plan.personalizations.iter().flat_map(|service| &service.sections);
    let segments = sections().any(|section| !section.batch_segments.is_empty());
    let journeys = !plan.journeys.is_empty();
    let (audience, batch, events, attributes, services, personalizations, segments, journeys) = tokio::join!(
        when(plan.id_stitching.is_some(), client.audience(ps)),
        when(services || plan.attributes.iter().any(Attribute::reads_batch), client.batch_attributes(ps)),
        client.key_events(ps),
        client.attributes(ps),
        when(services, client.services(ps)),
        when(services, client.personalizations(ps)),
        when(segments, client.batch_segments(ps)),
        when(journeys, journeys::Live::load(client, ps)),
    );
    let mut live = Live {
        ps: ps.to_owned(),
        setting: setting.attributes,
        audience: audience?,
        batch: batch?.unwrap_or_default(),
        events: events?,
        attributes: attributes?,
        services: services?.unwrap_or_default(),
        personalizations: personalizations?.unwrap_or_default(),
        segments: segments?.unwrap_or_default(),
        journeys: journeys?.unwrap_or_default(),
        ..Live::default()
    };
    live.connections = journeys::Connections::look(client, &plan.journeys, &live.journeys).await?;
    let tables = tables(plan, &live.events);
    (live.schemas, live.missing) = Schemas::look(client, &tables).await?;
    if needs_other_tables(plan, &live) {
        let others = live.setting.event_tables.iter().filter(|table| !tables.contains(table));
        let others = Schemas::load_existing(client, others).await?;
        live.schemas.extend(others);
    }
    Ok(Some(live))
}

async fn when<T, E>(wanted: bool, read: impl Future<Output = Result<T, E>>) -> Result<Option<T>, E> {
    if wanted { read.await.map(Some) } else { Ok(None) }
}

/// The plan's own tables, and those of the live key events that it names.
fn tables(plan: &Plan, events: &[KeyEvent]) -> Vec<EventTable> {
    let triggers = plan.personalizations.iter().flat_map(|service| {
        let own = service.sections.iter().map(|section| section.trigger_event.as_str());
        own.chain(service.trigger_event.as_deref())
    });
    let entries = plan.journeys.iter().flat_map(Journey::entries);
    let triggers = triggers.chain(entries.filter_map(|entry| entry.event.as_deref()));
    let named: Vec<&str> = plan.attributes.iter().flat_map(|one| one.events()).chain(triggers).collect();
    let is_planned = |name: &str| plan.events.iter().any(|event| event.name == name);
    let live = events.iter().filter(|event| named.contains(&event.name.as_str()) && !is_planned(&event.name));
    let live = live
        .map(|event| EventTable { database: event.database_name.clone(), table: event.table_name.clone() });
    plan.events.iter().map(Event::event_table).chain(plan.event_tables.iter().cloned()).chain(live).collect()
}

/// Whether a stitching key is in none of the tables that were read. One more round trip, so only then.
fn needs_other_tables(plan: &Plan, live: &Live) -> bool {
    let known = |key: &str| live.setting.key_columns.iter().any(|column| column.name == key);
    let mut keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    keys.any(|key| !known(&key.name) && live.schemas.anywhere(&key.name, "").is_err())
}
