//! What is live before anything is written.

use super::super::pz_create::Live;
use crate::commands::journey_create::make::Ground;
use crate::context::Context;
use crate::error::Error;
use crate::input::Step;
use crate::plan::Configuration;
use crate::platform::wire::{
    Audience, AudienceAttribute, EventTable, Folder, KeyEvent, RealtimeAttribute, RealtimeSetting,
    RealtimeSettingAttributes,
};
use crate::steps::attributes;
use crate::steps::events::WantedEvent;
use crate::steps::journeys;
use crate::steps::parent_segment::enabled_setting;
use crate::steps::schema::Schemas;

/// What is live before anything is written.
#[derive(Debug)]
pub struct Before {
    /// The setting with its status.
    pub setting: RealtimeSetting,
    /// The parent segment.
    pub audience: Audience,
    /// Batch attributes; read only where a plan needs them.
    pub batch: Vec<AudienceAttribute>,
    /// Key events.
    pub events: Vec<KeyEvent>,
    /// Real-time attributes.
    pub attributes: Vec<RealtimeAttribute>,
    /// Columns of the tables that the plan speaks of.
    pub schemas: Schemas,
    /// What personalizations need.
    pub personalization: Live,
    /// Journeys; read only where the plan has any, or everything is wanted.
    pub journeys: journeys::Live,
    /// Folders, where the plan has journeys.
    pub folders: Vec<Folder>,
    /// The connections of the plan's activations.
    pub connections: journeys::Connections,
}

impl Before {
    /// Reads everything at once: no request here needs another's answer. Personalizations are read
    /// where the plan has any, or `all` is wanted.
    pub async fn load(
        ctx: &Context,
        step: &Step,
        wanted: &[WantedEvent],
        all: bool,
    ) -> Result<Before, Error> {
        let client = ctx.client()?;
        let ps = step.ps.id.as_str();
        let tables = event_tables(step, wanted);
        let imports = step.plan.attributes.iter().any(|attribute| attribute.reads_batch());
        let batch = async {
            // A personalization reads them anyway.
            match imports && step.plan.personalizations.is_empty() {
                true => client.batch_attributes(ps).await,
                false => Ok(Vec::new()),
            }
        };
        let personalization = async {
            match step.plan.personalizations.as_slice() {
                [] if !all => Ok(Live::default()),
                plans => Live::load(ctx, ps, plans, all).await,
            }
        };
        let journeys = async {
            match all || !step.plan.journeys.is_empty() {
                true => journeys::Live::load(client, ps).await,
                false => Ok(journeys::Live::default()),
            }
        };
        // A personalization reads them anyway.
        let folders = async {
            match !step.plan.journeys.is_empty() && step.plan.personalizations.is_empty() {
                true => client.folders(ps).await,
                false => Ok(Vec::new()),
            }
        };
        let (setting, audience, batch, events, attributes, schemas, personalization, journeys, folders) = tokio::join!(
            enabled_setting(client, ps),
            client.audience(ps),
            batch,
            client.key_events(ps),
            client.attributes(ps),
            Schemas::load(client, &tables),
            personalization,
            journeys,
            folders
        );
        // Whether real-time is enabled is the most telling failure.
        let setting = setting?;
        let events = events?;
        let mut schemas = schemas?;
        if needs_other_tables(step, &setting, &schemas) {
            let others = setting.attributes.event_tables.iter().filter(|table| !tables.contains(table));
            schemas.extend(Schemas::load_existing(client, others).await?);
        }
        let personalization = personalization?;
        let folders = match step.plan.personalizations.is_empty() {
            true => folders?,
            false => personalization.folders.clone(),
        };
        let batch = match step.plan.personalizations.is_empty() {
            true => batch?,
            false => personalization.batch.clone(),
        };
        let (audience, attributes) = (audience?, attributes?);
        let journeys = journeys?;
        let connections = journeys::Connections::load(client, &step.plan.journeys, &journeys).await?;
        Ok(Before {
            setting,
            audience,
            batch,
            events,
            attributes,
            schemas,
            personalization,
            journeys,
            folders,
            connections,
        })
    }

    /// What attributes need of it, together with events and setting as they will be.
    pub fn live<'a>(
        &'a self,
        events: &'a [KeyEvent],
        setting: &'a RealtimeSettingAttributes,
    ) -> attributes::Live<'a> {
        attributes::Live {
            attributes: &self.attributes,
            imported: &setting.batch_attributes,
            batch: &self.batch,
            events,
            stitching_keys: setting.key_columns.len(),
        }
    }

    /// What journeys are made from, together with events, attributes and setting as they will be.
    pub fn ground<'a>(
        &'a self,
        step: &'a Step,
        events: &'a [KeyEvent],
        attributes: &'a [RealtimeAttribute],
        setting: &'a RealtimeSettingAttributes,
    ) -> Ground<'a> {
        Ground {
            ps: &step.ps.id,
            events,
            attributes,
            imported: &setting.batch_attributes,
            keys: &setting.key_columns,
            planned: &step.plan.attributes,
            schemas: &self.schemas,
        }
    }

    /// All of it that a plan can say.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            setting: self.setting.attributes.clone(),
            events: self.events.clone(),
            attributes: self.attributes.clone(),
            services: self.personalization.services.clone(),
            personalizations: self.personalization.personalizations.clone(),
            segments: self.personalization.segments.clone(),
            journeys: self.journeys.journeys.clone(),
            activations: self.journeys.activations.clone(),
        }
    }
}

/// The tables of the plan's key events, and those that it names for themselves.
pub fn event_tables(step: &Step, wanted: &[WantedEvent]) -> Vec<EventTable> {
    wanted.iter().map(WantedEvent::table).chain(step.plan.event_tables.iter().cloned()).collect()
}

/// Whether the plan speaks of columns that the plan's own tables do not have: a stitching key, or
/// an attribute of a key event that is configured already. One more round trip, so only then.
fn needs_other_tables(step: &Step, setting: &RealtimeSetting, schemas: &Schemas) -> bool {
    let plan = &step.plan;
    let known = |key: &str| setting.attributes.key_columns.iter().any(|column| column.name == key);
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let own = |source: &str| plan.events.iter().any(|event| event.name == source);
    keys.into_iter().any(|key| !known(&key.name) && schemas.anywhere(&key.name, "").is_err())
        || plan.attributes.iter().filter_map(|attribute| attribute.source_event()).any(|source| !own(source))
        || plan
            .journeys
            .iter()
            .flat_map(|journey| journey.entries())
            .any(|entry| entry.event.as_deref().is_some_and(|event| !own(event)))
}

/// Reads everything that a plan can say of a parent segment; batch segments, which only lend their
/// names, where `names` are wanted; journeys
/// `with_journeys`.
pub async fn configuration(
    ctx: &Context,
    ps: &str,
    names: bool,
    with_journeys: bool,
) -> Result<(RealtimeSetting, Configuration), Error> {
    let client = ctx.client()?;
    let segments = async {
        match names {
            true => client.batch_segments(ps).await,
            false => Ok(Vec::new()),
        }
    };
    let journeys = async {
        match with_journeys {
            true => journeys::Live::load(client, ps).await,
            false => Ok(journeys::Live::default()),
        }
    };
    let (setting, events, attributes, services, personalizations, segments, journeys) = tokio::join!(
        enabled_setting(client, ps),
        client.key_events(ps),
        client.attributes(ps),
        client.services(ps),
        client.personalizations(ps),
        segments,
        journeys
    );
    let setting = setting?;
    let journeys = journeys?;
    let configuration = Configuration {
        setting: setting.attributes.clone(),
        events: events?,
        attributes: attributes?,
        services: services?,
        personalizations: personalizations?,
        segments: segments?,
        journeys: journeys.journeys,
        activations: journeys.activations,
    };
    Ok((setting, configuration))
}
