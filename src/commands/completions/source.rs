//! What the names come from: listings of the platform.

use crate::api::Client;
use crate::error::Error;
use crate::platform::wire::{KeyEvent, RealtimeAttribute};
use crate::steps::parent_segment::find;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Names with their descriptions, by their kind.
pub(super) type Listing = BTreeMap<String, Vec<(String, String)>>;

/// A listing that is kept together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Source {
    /// The parent segments: name and id.
    ParentSegments,
    /// The databases.
    Databases,
    /// The tables of a database, and under each table's name its columns.
    Tables(String),
    /// What a parent segment, by id or name, has configured.
    Configuration(String),
}

/// The kind under which [`Source::ParentSegments`] lists.
pub(super) const PARENT_SEGMENTS: &str = "parent segments";
/// The kind under which [`Source::Databases`] lists.
pub(super) const DATABASES: &str = "databases";
/// The kind under which [`Source::Tables`] lists the tables; no table can have this name.
pub(super) const TABLES: &str = ".tables";
/// Key events, each with its table.
pub(super) const EVENTS: &str = "events";
/// `DB.TABLE` of each event table.
pub(super) const EVENT_TABLES: &str = "event tables";
/// Stitching keys.
pub(super) const KEYS: &str = "keys";
/// Real-time attributes, each with its kind.
pub(super) const ATTRIBUTES: &str = "attributes";
/// Batch attributes, each with its type.
pub(super) const BATCH_ATTRIBUTES: &str = "batch attributes";
/// Personalizations.
pub(super) const PERSONALIZATIONS: &str = "personalizations";
/// Journeys.
pub(super) const JOURNEYS: &str = "journeys";

impl Source {
    /// For [`Source::of_text`].
    pub(super) fn to_text(&self) -> String {
        json!(self).to_string()
    }

    /// Reads what [`Source::to_text`] wrote.
    pub(super) fn of_text(text: &str) -> Option<Source> {
        serde_json::from_str(text).ok()
    }

    /// A file name that no other source has, whatever a name is made of.
    pub(super) fn file_name(&self) -> String {
        format!("{}.json", Uuid::new_v5(&Uuid::nil(), self.to_text().as_bytes()))
    }

    /// Asks the platform.
    pub(super) async fn fetch(&self, client: &Client) -> Result<Listing, Error> {
        match self {
            Source::ParentSegments => {
                let found = client.parent_segments().await?.into_iter();
                let names = found.map(|ps| (ps.attributes.name, ps.id)).collect();
                Ok(Listing::from([(PARENT_SEGMENTS.to_owned(), names)]))
            }
            Source::Databases => {
                let found = client.databases().await?;
                let names = found.into_iter().map(|database| (database.name, String::new())).collect();
                Ok(Listing::from([(DATABASES.to_owned(), names)]))
            }
            Source::Tables(database) => {
                let tables = client.tables(database).await?;
                let mut listing = Listing::new();
                let names =
                    tables.iter().map(|table| (table.name.clone(), format!("{} records", table.count)));
                listing.insert(TABLES.to_owned(), names.collect());
                for table in &tables {
                    // A schema that cannot be read has no columns to offer.
                    let columns = table.columns().unwrap_or_default();
                    let columns = columns.into_iter().map(|column| (column.name, column.kind));
                    listing.insert(table.name.clone(), columns.collect());
                }
                Ok(listing)
            }
            Source::Configuration(ps) => configuration(client, ps).await,
        }
    }
}

async fn configuration(client: &Client, ps: &str) -> Result<Listing, Error> {
    let ps = find(client, ps).await?.id;
    let (setting, events, attributes, batch, personalizations, journeys) = tokio::join!(
        client.setting(&ps),
        client.key_events(&ps),
        client.attributes(&ps),
        client.batch_attributes(&ps),
        client.personalizations(&ps),
        client.journeys(&ps)
    );
    let mut listing = Listing::new();
    let mut put = |kind: &str, names: Vec<(String, String)>| listing.insert(kind.to_owned(), names);
    // What fails (real-time may not be enabled) has no names; the others have.
    if let Some(setting) = setting.ok().flatten() {
        let setting = setting.attributes;
        put(EVENT_TABLES, setting.event_tables.iter().map(|t| (t.to_string(), String::new())).collect());
        put(KEYS, setting.key_columns.into_iter().map(|k| (k.name, "stitching key".to_owned())).collect());
    }
    let of_table = |event: KeyEvent| (event.name.clone(), event.event_table().to_string());
    put(EVENTS, events.unwrap_or_default().into_iter().map(of_table).collect());
    let with_type = |attribute: RealtimeAttribute| {
        let kind = json!(attribute).get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        (attribute.name, kind)
    };
    put(ATTRIBUTES, attributes.unwrap_or_default().into_iter().map(with_type).collect());
    put(BATCH_ATTRIBUTES, batch.unwrap_or_default().into_iter().map(|a| (a.name, a.kind)).collect());
    let (entities, journeys) = (personalizations.unwrap_or_default(), journeys.unwrap_or_default());
    put(PERSONALIZATIONS, entities.into_iter().map(|p| (p.attributes.name, p.id)).collect());
    put(JOURNEYS, journeys.into_iter().map(|j| (j.attributes.name, j.id)).collect());
    Ok(listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_survives_the_command_line_and_has_a_file_of_its_own() {
        let sources = [
            Source::ParentSegments,
            Source::Databases,
            Source::Tables("a/../b:c".into()),
            Source::Configuration("Customer 360".into()),
            Source::Configuration("customer 360".into()),
            Source::Tables("x".repeat(300)),
            Source::Tables("x".repeat(301)),
        ];
        for source in &sources {
            assert_eq!(Source::of_text(&source.to_text()).as_ref(), Some(source));
            assert!(!source.file_name().contains('/') && source.file_name().len() < 255);
        }
        let names: std::collections::HashSet<_> = sources.iter().map(Source::file_name).collect();
        assert_eq!(names.len(), sources.len());
    }
}
