//! What the names come from: listings of the platform.

use crate::api::Client;
use crate::error::Error;
use crate::steps::parent_segment::find;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Names with what is said of them, by their kind.
pub(super) type Listing = BTreeMap<String, Vec<(String, String)>>;

/// A listing that is kept together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// Bytes of a name that go into its file's name; file systems take 255.
const FILE_NAME: usize = 160;

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
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Source::ParentSegments => ("parent-segments", ""),
            Source::Databases => ("databases", ""),
            Source::Tables(database) => ("tables", database),
            Source::Configuration(ps) => ("configuration", ps),
        }
    }

    /// For [`Source::of_text`].
    pub(super) fn to_text(&self) -> String {
        let (kind, of) = self.parts();
        format!("{kind}:{of}")
    }

    /// Reads what [`Source::to_text`] wrote.
    pub(super) fn of_text(text: &str) -> Option<Source> {
        let (kind, of) = text.split_once(':')?;
        Some(match kind {
            "parent-segments" => Source::ParentSegments,
            "databases" => Source::Databases,
            "tables" => Source::Tables(of.to_owned()),
            "configuration" => Source::Configuration(of.to_owned()),
            _ => return None,
        })
    }

    /// A file name that no other source has, whatever a name is made of.
    pub(super) fn file_name(&self) -> String {
        let (kind, of) = self.parts();
        let plain: String = of
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
                other => format!("%{other:02x}"),
            })
            .collect();
        match plain.get(..FILE_NAME) {
            Some(beginning) => {
                let mut hasher = DefaultHasher::new();
                of.hash(&mut hasher);
                format!("{kind}-{beginning}-{:016x}.json", hasher.finish())
            }
            None if plain.is_empty() => format!("{kind}.json"),
            None => format!("{kind}-{plain}.json"),
        }
    }

    /// Asks the platform.
    pub(super) async fn fetch(&self, client: &Client) -> Result<Listing, Error> {
        match self {
            Source::ParentSegments => {
                let found = client.parent_segments().await?;
                let names = found.into_iter().map(|ps| (ps.attributes.name, ps.id)).collect();
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
        put(
            KEYS,
            setting.key_columns.into_iter().map(|key| (key.name, "stitching key".to_owned())).collect(),
        );
    }
    let of_table =
        |event: &crate::platform::wire::KeyEvent| format!("{}.{}", event.database_name, event.table_name);
    put(EVENTS, events.unwrap_or_default().into_iter().map(|e| (e.name.clone(), of_table(&e))).collect());
    let kind = |spec: &Value| spec.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let attributes = attributes.unwrap_or_default();
    put(
        ATTRIBUTES,
        attributes
            .into_iter()
            .map(|a| {
                let about = kind(&json!(a));
                (a.name, about)
            })
            .collect(),
    );
    put(BATCH_ATTRIBUTES, batch.unwrap_or_default().into_iter().map(|a| (a.name, a.kind)).collect());
    let personalizations = personalizations.unwrap_or_default();
    let journeys = journeys.unwrap_or_default();
    put(JOURNEYS, journeys.into_iter().map(|j| (j.attributes.name, j.id)).collect());
    put(PERSONALIZATIONS, personalizations.into_iter().map(|p| (p.attributes.name, p.id)).collect());
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
