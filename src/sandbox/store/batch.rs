//! Batch data of a parent segment: its attributes, its customers and their segments.

use crate::sandbox::engine::Batch;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A batch attribute of a parent segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchColumn {
    /// Id.
    pub id: String,
    /// Its name, and the column of the attribute table.
    pub name: String,
    /// `ColumnType` of the contract.
    pub kind: String,
    /// Free text.
    pub description: Option<String>,
    /// The attribute table; `None` for a column of the master table itself.
    pub table: Option<AttributeTable>,
}

/// Where a batch attribute comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttributeTable {
    /// Its database.
    pub database: String,
    /// Its name.
    pub table: String,
    /// Its join key.
    pub parent_key: String,
    /// The master table's join key.
    pub foreign_key: String,
}

/// Customers with their batch attributes, by the value of the profile key.
pub type Customers = HashMap<String, Map<String, Value>>;

/// Customers and batch segments of one parent segment.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BatchData {
    /// Names `customers`: parent segments with the same name share them.
    pub set: String,
    /// The customers; parent segments over the same master table share them.
    #[serde(skip)]
    pub customers: Arc<Customers>,
    /// The batch segments, in order.
    pub segments: Vec<BatchSegment>,
}

/// A batch segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchSegment {
    /// Id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// The profile key values of its members.
    pub members: HashSet<String>,
}

impl BatchData {
    /// A batch segment by id.
    pub fn segment(&self, id: &str) -> Option<&BatchSegment> {
        self.segments.iter().find(|segment| segment.id == id)
    }
}

impl Batch for BatchData {
    fn customer(&self, key: &str) -> Option<&Map<String, Value>> {
        self.customers.get(key)
    }

    fn in_segment(&self, segment_id: &str, key: &str) -> bool {
        self.segment(segment_id).is_some_and(|segment| segment.members.contains(key))
    }

    fn segment_name(&self, segment_id: &str) -> Option<&str> {
        self.segment(segment_id).map(|segment| segment.name.as_str())
    }
}
