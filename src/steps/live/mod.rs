//! What is live in a parent segment: read once, with the parts that a command needs.

mod connections;
mod schema;

pub use connections::{Checked, Connections, There, UNCHECKED};
pub use schema::{Missing, TableSchemas, columns, unknown_table};

use super::parent_segment::{find, not_enabled};
use crate::api::Client;
use crate::error::Error;
use crate::plan::nearest::same_name;
use crate::plan::{Attribute, Configuration, Event, Journey, Plan};
use crate::platform::wire::{
    Audience, AudienceAttribute, EventTable, Folder, KeyEvent, RealtimeSetting, RealtimeStatus,
};
use std::ops::BitOr;

/// What is live in a parent segment, as far as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The parent segment's id.
    pub ps: String,
    /// Where its real-time configuration stands.
    pub status: RealtimeStatus,
    /// What is configured.
    pub state: Configuration,
    /// The parent segment itself, for the profile key of its master table.
    pub audience: Option<Audience>,
    /// Batch attributes.
    pub batch: Vec<AudienceAttribute>,
    /// Folders for personalizations and journeys.
    pub folders: Vec<Folder>,
    /// Columns of the tables that a plan names.
    pub schemas: TableSchemas,
    /// The connections that a plan's activations name.
    pub connections: Connections,
}

/// Which parts are read. The setting always is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts(u16);

impl Parts {
    /// Nothing but the setting.
    pub const NONE: Parts = Parts(0);
    /// Key events.
    pub const EVENTS: Parts = Parts(1);
    /// Real-time attributes.
    pub const ATTRIBUTES: Parts = Parts(1 << 1);
    /// Personalization services.
    pub const SERVICES: Parts = Parts(1 << 2);
    /// Personalizations.
    pub const PERSONALIZATIONS: Parts = Parts(1 << 3);
    /// Journeys and their activations.
    pub const JOURNEYS: Parts = Parts(1 << 4);
    /// Batch segments, which lend sections their names.
    pub const SEGMENTS: Parts = Parts(1 << 5);
    /// Folders.
    pub const FOLDERS: Parts = Parts(1 << 6);
    /// Batch attributes.
    pub const BATCH: Parts = Parts(1 << 7);
    /// The parent segment itself.
    pub const AUDIENCE: Parts = Parts(1 << 8);
    /// Columns of the tables of the key events that sections name.
    pub const TRIGGER_TABLES: Parts = Parts(1 << 9);
    /// The setting, where it counts as a part of its own.
    pub const SETTING: Parts = Parts(1 << 10);
    /// All that can be written.
    pub const CONFIGURATION: Parts = Parts(0b1_1111);

    /// Whether all parts of another are among these.
    pub fn has(self, other: Parts) -> bool {
        self.0 & other.0 == other.0
    }

    /// What a plan is compared with.
    pub fn of(plan: &Plan) -> Parts {
        let mut parts = Parts::EVENTS | Parts::ATTRIBUTES;
        let mut add = |wanted: bool, more: Parts| parts = if wanted { parts | more } else { parts };
        let (services, journeys) = (!plan.personalizations.is_empty(), !plan.journeys.is_empty());
        let mut sections = plan.personalizations.iter().flat_map(|service| &service.sections);
        add(services, Parts::SERVICES | Parts::PERSONALIZATIONS | Parts::FOLDERS | Parts::BATCH);
        add(sections.any(|section| !section.batch_segments.is_empty()), Parts::SEGMENTS);
        add(plan.attributes.iter().any(Attribute::reads_batch), Parts::BATCH);
        // What names an attribute gets its new name.
        let names = Parts::PERSONALIZATIONS | Parts::JOURNEYS;
        add(plan.attributes.iter().any(|attribute| attribute.renamed_from.is_some()), names);
        add(plan.id_stitching.is_some(), Parts::AUDIENCE);
        add(journeys, Parts::JOURNEYS | Parts::FOLDERS);
        parts
    }
}

impl BitOr for Parts {
    type Output = Parts;

    fn bitor(self, other: Parts) -> Parts {
        Parts(self.0 | other.0)
    }
}

impl Live {
    /// Reads these parts. Where real-time is not enabled, that is the error.
    pub async fn read(client: &Client, ps: &str, parts: Parts) -> Result<Live, Error> {
        Live::read_for(client, ps, &Plan::default(), parts).await
    }

    /// Reads these parts, and the tables and connections that a plan names.
    pub async fn read_for(client: &Client, ps: &str, plan: &Plan, parts: Parts) -> Result<Live, Error> {
        match Live::look(client, ps, plan, parts).await? {
            Some(live) => Ok(live),
            // Is the parent segment missing, or only its real-time configuration?
            None => find(client, ps).await.and_then(|_| Err(not_enabled(None))),
        }
    }

    /// The same; `None` where real-time is not enabled.
    pub async fn look(client: &Client, ps: &str, plan: &Plan, parts: Parts) -> Result<Option<Live>, Error> {
        let own = own_tables(plan);
        // At once: no request here needs another's answer.
        let (setting, lists, folders, batch, audience, schemas) = tokio::join!(
            client.setting(ps),
            lists(client, ps, parts),
            when(parts.has(Parts::FOLDERS), client.folders(ps)),
            when(parts.has(Parts::BATCH), client.batch_attributes(ps)),
            when(parts.has(Parts::AUDIENCE), async { client.audience(ps).await.map(Some) }),
            TableSchemas::look(client, &own),
        );
        // Whether real-time is enabled is the most useful failure.
        let Some(setting) = setting? else { return Ok(None) };
        let mut live = Live::of(ps, setting);
        live.state = Configuration { setting: live.state.setting, ..lists? };
        (live.folders, live.batch, live.audience) = (folders?, batch?, audience?);
        live.schemas = schemas?;
        let named = named_tables(plan, &live.state.events, parts, &own);
        let (named, connections) = tokio::join!(
            TableSchemas::look(client, &named),
            Connections::look(client, &plan.journeys, &live.state)
        );
        live.schemas.extend(named?);
        live.connections = connections?;
        if needs_other_tables(plan, &live) {
            let others = live.state.setting.event_tables.iter().filter(|table| !own.contains(table));
            let others = TableSchemas::look_existing(client, others).await?;
            live.schemas.extend(others);
        }
        Ok(Some(live))
    }

    fn of(ps: &str, setting: RealtimeSetting) -> Live {
        let state = Configuration { setting: setting.attributes, ..Configuration::default() };
        Live { ps: ps.to_owned(), status: setting.status, state, ..Live::default() }
    }
}

/// The lists of a configuration, without the setting.
pub async fn lists(client: &Client, ps: &str, parts: Parts) -> Result<Configuration, Error> {
    let (events, attributes, services, personalizations, journeys, activations, segments) = tokio::join!(
        when(parts.has(Parts::EVENTS), client.key_events(ps)),
        when(parts.has(Parts::ATTRIBUTES), client.attributes(ps)),
        when(parts.has(Parts::SERVICES), client.services(ps)),
        when(parts.has(Parts::PERSONALIZATIONS), client.personalizations(ps)),
        when(parts.has(Parts::JOURNEYS), client.journeys(ps)),
        when(parts.has(Parts::JOURNEYS), client.activations(ps)),
        when(parts.has(Parts::SEGMENTS), client.batch_segments(ps)),
    );
    Ok(Configuration {
        events: events?,
        attributes: attributes?,
        services: services?,
        personalizations: personalizations?,
        journeys: journeys?,
        activations: activations?,
        segments: segments?,
        ..Configuration::default()
    })
}

async fn when<T: Default, E>(wanted: bool, read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    if wanted { read.await } else { Ok(T::default()) }
}

/// The tables of the plan's key events, and those that it names for themselves.
pub fn own_tables(plan: &Plan) -> Vec<EventTable> {
    plan.events.iter().map(Event::event_table).chain(plan.event_tables.iter().cloned()).collect()
}

/// The tables of the live key events that the plan names, but for those of the plan itself.
fn named_tables(plan: &Plan, events: &[KeyEvent], parts: Parts, own: &[EventTable]) -> Vec<EventTable> {
    let triggers = plan.personalizations.iter().filter(|_| parts.has(Parts::TRIGGER_TABLES));
    let triggers = triggers.flat_map(|service| {
        let sections = service.sections.iter().map(|section| section.trigger_event.as_str());
        sections.chain(service.trigger_event.as_deref())
    });
    let entries = plan.journeys.iter().flat_map(Journey::entries);
    let triggers = triggers.chain(entries.filter_map(|entry| entry.event.as_deref()));
    let named: Vec<&str> = plan.attributes.iter().flat_map(Attribute::events).chain(triggers).collect();
    let is_planned = |event: &KeyEvent| plan.events.iter().any(|own| same_name(&own.name, &event.name));
    let is_named = |event: &KeyEvent| named.iter().any(|name| same_name(name, &event.name));
    let live = events.iter().filter(|event| is_named(event) && !is_planned(event));
    live.map(KeyEvent::event_table).filter(|table| !own.contains(table)).collect()
}

/// Whether a stitching key is in none of the tables that were read. One more round trip, so only then.
fn needs_other_tables(plan: &Plan, live: &Live) -> bool {
    let known = |key: &str| live.state.setting.key_columns.iter().any(|column| column.name == key);
    let mut keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    keys.any(|key| !known(&key.name) && live.schemas.anywhere(&key.name, "").is_err())
}
