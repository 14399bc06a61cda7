//! Parent segments: `/audiences`, `/entities/parent_segments`, folders and batch segments.

use super::{EventTable, Extra, or_default};
use serde::{Deserialize, Serialize};

/// A parent segment as `GET /audiences/{id}` gives it; only what we use is named. It is never written
/// back, so that a part that cannot be read counts as absent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Audience {
    /// Unique by convention only: two parent segments may share a name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The master table.
    #[serde(default, deserialize_with = "or_default")]
    pub master: Option<AudienceMaster>,
    /// Batch attributes.
    #[serde(default, deserialize_with = "or_default")]
    pub attributes: Vec<AudienceAttribute>,
}

/// The master table of a parent segment (`AudienceMaster`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct AudienceMaster {
    fields: Extra,
}

impl AudienceMaster {
    /// The profile key column. The published schema does not name its field; `profileKey`,
    /// `profileKeyColumn` and `parentKey` are accepted (our choice).
    pub fn profile_key(&self) -> Option<&str> {
        ["profileKey", "profileKeyColumn", "parentKey"]
            .iter()
            .find_map(|key| self.fields.get(*key).and_then(|value| value.as_str()))
    }

    /// The table itself (`parentDatabaseName` and `parentTableName`).
    pub fn table(&self) -> Option<EventTable> {
        let field = |key: &str| self.fields.get(key)?.as_str();
        Some(EventTable::new(field("parentDatabaseName")?, field("parentTableName")?))
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
    /// Id, digits as a string.
    pub id: String,
    /// `parentSegment`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Name and the rest.
    #[serde(default, deserialize_with = "or_default")]
    pub attributes: ParentSegmentAttributes,
    /// Links to folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationships: Option<serde_json::Value>,
}

/// Attributes of a [`ParentSegmentResource`]; only what we use is named.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ParentSegmentAttributes {
    /// Display name; empty when there is none.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A segment folder (`SegmentFolderReadRepresentation`); only what we use is named.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Folder {
    /// Id, digits as a string.
    pub id: String,
    /// Display name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

/// A batch segment of a parent segment (`Segment`); only what we use is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchSegment {
    /// Id, digits as a string.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Extra,
}
