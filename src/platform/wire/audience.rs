//! Parent segments: `/audiences`, `/entities/parent_segments`, folders and batch segments.

use super::Extra;
use serde::{Deserialize, Serialize};

/// A parent segment as `GET /audiences/{id}` gives it; only what we use is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audience {
    /// Id, digits as text.
    pub id: String,
    /// Unique by convention only: two parent segments may share a name.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// The master table.
    #[serde(default)]
    pub master: Option<AudienceMaster>,
    /// Batch attributes.
    #[serde(default)]
    pub attributes: Vec<AudienceAttribute>,
    /// Number of customers.
    #[serde(default)]
    pub population: Option<u64>,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The master table of a parent segment (`AudienceMaster`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudienceMaster {
    /// Its database.
    pub parent_database_name: String,
    /// Its table.
    pub parent_table_name: String,
    /// Everything else, the profile key among it; see [`AudienceMaster::profile_key`].
    #[serde(flatten)]
    pub extra: Extra,
}

impl AudienceMaster {
    /// The profile key column. The published schema does not name its field; `profileKey`,
    /// `profileKeyColumn` and `parentKey` are accepted (our choice).
    pub fn profile_key(&self) -> Option<&str> {
        ["profileKey", "profileKeyColumn", "parentKey"]
            .iter()
            .find_map(|key| self.extra.get(*key).and_then(|value| value.as_str()))
    }
}

/// A batch attribute of a parent segment: `AudienceAttribute`, or `AudienceMasterAttribute`,
/// which lacks the keys (`GET /audiences/{id}/attributes` mixes both).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudienceAttribute {
    /// Name given by the user; what an imported attribute's `column` refers to.
    pub name: String,
    /// One of the platform's column types: string, number, timestamp, …
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Database of the attribute table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_database_name: Option<String>,
    /// Attribute table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_table_name: Option<String>,
    /// Its column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_column: Option<String>,
    /// Join key in the attribute table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_key: Option<String>,
    /// Join key in the master table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_key: Option<String>,
    /// Column description where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix_column_description: Option<String>,
    /// Group in the console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping_name: Option<String>,
}

/// One element of `GET /entities/parent_segments` (JSON:API).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParentSegmentResource {
    /// Id, digits as text.
    pub id: String,
    /// `parentSegment`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Name and the rest.
    pub attributes: ParentSegmentAttributes,
    /// Links to folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationships: Option<serde_json::Value>,
}

/// Attributes of a [`ParentSegmentResource`]; only what we use is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParentSegmentAttributes {
    /// Display name.
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A segment folder (`SegmentFolderReadRepresentation`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// Id, digits as text.
    pub id: String,
    /// The parent segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_id: Option<String>,
    /// Display name.
    #[serde(default)]
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A batch segment of a parent segment (`Segment`); only what we use is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchSegment {
    /// Id, digits as text.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}
