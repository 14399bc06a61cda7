//! The form of a seed file, as `sandbox --seed-file` reads it (`examples/seed.yaml`): what is written of it.

use serde::Serialize;
use serde_json::{Map, Value};
use serde_saphyr::{FlowMap, FlowSeq};

/// A seed file: what a sandbox begins with.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SeedFile {
    /// Destinations of activations, without credentials
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<SeedConnection>,
    /// Databases with their tables
    pub databases: Vec<SeedDatabase>,
    /// Parent segments
    pub parent_segments: Vec<SeedParentSegment>,
}

/// A connection to a destination.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedConnection {
    /// Id, where it is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name
    pub name: String,
    /// Such as td_webhook_out
    #[serde(rename = "type")]
    pub kind: String,
    /// What the URL of a webhook must start with
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_prefix: Option<String>,
}

/// A database.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedDatabase {
    /// Its name
    pub name: String,
    /// Its tables
    pub tables: Vec<SeedTable>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedTable {
    /// Its name
    pub name: String,
    /// Name and type of each column, and its description where it has one
    pub columns: Vec<FlowSeq<Vec<String>>>,
    /// Made-up records: values that criteria of the plan ask for, and placeholders
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<FlowMap<Map<String, Value>>>,
}

/// A parent segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedParentSegment {
    /// Id, where it is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name
    pub name: String,
    /// Its master table
    pub master: SeedMaster,
    /// Batch attributes
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<FlowMap<SeedAttribute>>,
    /// Batch segments
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SeedSegment>,
    /// Its real-time configuration before the plan
    pub realtime: SeedRealtime,
}

/// A master table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedMaster {
    /// Its database
    pub database: String,
    /// Its table
    pub table: String,
    /// The column that identifies a customer
    pub profile_key: String,
}

/// A batch attribute.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SeedAttribute {
    /// Its name
    pub name: String,
    /// Its column, where that has another name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its table; absent for a column of the master table
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The database of its table
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// The column of its table that joins it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The column of the master table that it is joined by
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key: Option<String>,
}

/// A batch segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedSegment {
    /// Id, where it is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name
    pub name: String,
    /// Made-up members: values of the profile key
    pub members: Vec<Value>,
}

/// The real-time configuration before the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SeedRealtime {
    /// What the plan needs and does not say: the platform's own form
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Map<String, Value>>,
    /// Key events that the plan names and does not have: the platform's own form
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key_events: Vec<Map<String, Value>>,
    /// Lookup catalogs that the plan names and does not have
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catalogs: Vec<SeedCatalog>,
}

/// A lookup catalog.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedCatalog {
    /// Its name
    pub name: String,
    /// Its table
    pub table: String,
    /// The columns that it is looked up by
    pub keys: Vec<String>,
}
