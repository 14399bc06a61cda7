//! The form of a seed document. `examples/seed.yaml` shows all of it.

use crate::platform::time::parse_rfc3339;
use crate::platform::wire::RealtimeStatus;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A seed document: databases with their tables, and the parent segments over them. Ids can be left
/// out everywhere and are given out in the document's order then; names are needed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedDocument {
    /// The document as it was read.
    #[serde(skip)]
    pub(super) text: String,
    /// When everything was made.
    pub(super) created_at: Option<Moment>,
    pub(super) databases: Vec<DatabaseSeed>,
    pub(super) connections: Vec<ConnectionSeed>,
    pub(super) parent_segments: Vec<SegmentSeed>,
}

/// A point in time: seconds since the epoch, or RFC 3339 (`2025-11-01T00:00:00Z`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment(pub i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let parsed = || parse_rfc3339(value.as_str()?).map(|ms| ms.div_euclid(1_000));
        let seconds = value.as_i64().or_else(parsed);
        let form = || D::Error::custom(format!("{value} is neither seconds since the epoch nor RFC 3339"));
        seconds.map(Moment).ok_or_else(form)
    }
}

/// An id: digits, with or without quotes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(pub String);

/// JSON readers round larger numbers.
const LARGEST_ID: u64 = 1_000_000_000_000_000;

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match text.parse::<u64>() {
            Ok(number) if number.to_string() == text && (1..=LARGEST_ID).contains(&number) => Ok(Id(text)),
            _ => Err(D::Error::custom(format!("the id {value} is not a number from 1 to {LARGEST_ID}"))),
        }
    }
}

/// A connection to a destination; secrets are neither needed nor taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionSeed {
    pub id: Option<Id>,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub url_prefix: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabaseSeed {
    pub name: String,
    #[serde(default)]
    pub tables: Vec<TableSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableSeed {
    pub id: Option<Id>,
    pub name: String,
    pub description: Option<String>,
    /// `[name, type]` or `[name, type, description]`.
    pub columns: Vec<Vec<String>>,
    /// Records; a missing column is null.
    #[serde(default)]
    pub rows: Vec<Map<String, Value>>,
    /// The number of records that the table reports; that of `rows` when left out.
    pub row_count: Option<u64>,
    /// Time of the last record; the latest `time` of `rows` when left out.
    pub last_record: Option<Moment>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentSeed {
    pub id: Option<Id>,
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// The rows of the master table are the customers.
    pub master: MasterSeed,
    #[serde(default)]
    pub attributes: Vec<AttributeSeed>,
    #[serde(default)]
    pub behaviors: Vec<BehaviorSeed>,
    /// The first is the root; one named `Root` when left out.
    #[serde(default)]
    pub folders: Vec<FolderSeed>,
    #[serde(default)]
    pub segments: Vec<BatchSegmentSeed>,
    /// Left out: real-time is not enabled.
    pub realtime: Option<RealtimeSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MasterSeed {
    pub database: String,
    pub table: String,
    pub profile_key: String,
}

/// A batch attribute: a column of the master table, or of an attribute table that is joined to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeSeed {
    pub id: Option<Id>,
    pub name: String,
    /// The column; the name when left out.
    pub column: Option<String>,
    pub description: Option<String>,
    /// The attribute table; left out for a column of the master table.
    pub table: Option<String>,
    /// Its database; the master table's when left out.
    pub database: Option<String>,
    /// Its column that joins it; the profile key's name when left out.
    pub key: Option<String>,
    /// The master table's column that it is joined by; the profile key when left out.
    pub master_key: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BehaviorSeed {
    pub id: Option<Id>,
    pub name: String,
    /// The master table's when left out.
    pub database: Option<String>,
    pub table: String,
    /// Its column that joins it; the profile key's name when left out.
    pub key: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FolderSeed {
    pub id: Option<Id>,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchSegmentSeed {
    pub id: Option<Id>,
    pub name: String,
    pub description: Option<String>,
    /// Values of the profile key.
    #[serde(default)]
    pub members: Vec<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RealtimeSeed {
    pub id: Option<Id>,
    #[serde(default = "ok")]
    pub status: RealtimeStatus,
    /// An `updating` one becomes `ok` so many seconds of the sandbox's clock after the start.
    pub settles_after_seconds: Option<i64>,
    /// As the API takes it, so that a seed passes the same checks; lists that are left out are empty.
    pub setting: Option<Map<String, Value>>,
    /// As the API takes them.
    #[serde(default)]
    pub key_events: Vec<Map<String, Value>>,
    #[serde(default)]
    pub catalogs: Vec<CatalogSeed>,
}

fn ok() -> RealtimeStatus {
    RealtimeStatus::Ok
}

/// A lookup catalog attribute over a table with rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogSeed {
    pub name: String,
    /// The name in lower case, with `_` for what is no letter or digit, when left out.
    pub identifier: Option<String>,
    /// In the master table's database, or `database.table`.
    pub table: String,
    /// The columns that it is looked up by.
    pub keys: Vec<String>,
    /// The columns that it answers; all of the table but `time` when left out.
    pub columns: Option<Vec<String>>,
}
