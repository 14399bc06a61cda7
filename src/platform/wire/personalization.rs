//! `/entities/realtime_personalizations`: the entity with its sections and payload.

use super::{Extra, Later};
use crate::platform::rule::Rule;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Content type of `/entities` bodies and of the personalization API.
pub const VENDOR_JSON: &str = "application/vnd.treasuredata.v1+json";
/// `type` of a personalization in JSON:API.
pub const PERSONALIZATION_TYPE: &str = "realtime-personalization";
/// `type` of a folder relationship in JSON:API.
pub const FOLDER_TYPE: &str = "folder-segment";
/// The only node type of a personalization payload.
pub const RESPONSE_NODE: &str = "ResponseNode";

/// `{"data": …}` around one JSON:API resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Data<T> {
    /// The resource.
    pub data: T,
}

/// A personalization as it is read (`RealtimePersonalizationResource`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Personalization {
    /// Id, digits as a string.
    pub id: String,
    /// [`PERSONALIZATION_TYPE`].
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Name, description and sections.
    pub attributes: PersonalizationAttributes,
    /// Folder and users.
    #[serde(default)]
    pub relationships: Extra,
}

/// `attributes` of a personalization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonalizationAttributes {
    /// The parent segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_id: Option<String>,
    /// Unique within the parent segment.
    pub name: String,
    /// Free text; required on the wire, may be `null`.
    #[serde(default)]
    pub description: Option<String>,
    /// Tried in order; the first whose criteria match answers.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Read-only fields (`createdAt`, `referencingRealtimeAttributes`, …); never sent. A PATCH leaves what is
    /// not sent as it is.
    #[serde(flatten, skip_serializing)]
    pub extra: Extra,
}

/// What `POST` and `PATCH` of a personalization take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonalizationRequest {
    /// Name, description and sections.
    pub attributes: PersonalizationAttributes,
    /// The folder; only `POST` takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationships: Option<FolderRelationship>,
}

/// `relationships` of a create.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FolderRelationship {
    /// The folder that the personalization goes into.
    pub parent_folder: Data<ResourceId>,
}

/// A JSON:API resource identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceId {
    /// Id, digits as a string.
    pub id: String,
    /// For example [`FOLDER_TYPE`].
    #[serde(rename = "type")]
    pub kind: String,
}

/// A section of a personalization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Given by the platform; sent back with `PATCH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Unique within the personalization; the key of its offer in a response.
    pub name: String,
    /// Who gets it.
    pub entry_criteria: Option<EntryCriteria>,
    /// What it answers: nodes by id, 32 lower-case hex digits each.
    pub payload: Option<BTreeMap<String, PayloadNode>>,
    /// Whether sensitive attributes are answered. Read-only in `POST` of the published contract,
    /// part of `PATCH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_sensitive: Option<bool>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Section {
    /// The names of fields inside of it that this version does not know.
    pub fn later(&self) -> impl Iterator<Item = &str> {
        let criteria = self.entry_criteria.iter().flat_map(EntryCriteria::later);
        let nodes = self.payload.iter().flat_map(BTreeMap::values).flat_map(PayloadNode::later);
        self.extra.keys().map(String::as_str).chain(criteria).chain(nodes)
    }
}

/// Who gets a section (`RealtimeJourneyCriteria`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryCriteria {
    /// Display name; required.
    pub name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The event that triggers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_event_criteria: Option<KeyEventCriteria>,
    /// What the profile must fulfil; none takes everyone. Never sent as `null`: the contract wants
    /// an object or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_criteria: Option<Rule>,
    /// Whether profiles that the batch layer does not know take part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_unknown_profiles: Option<bool>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl EntryCriteria {
    /// The names of fields inside of it that this version does not know.
    pub fn later(&self) -> impl Iterator<Item = &str> {
        let event = self.key_event_criteria.iter().flat_map(|event| event.later.0.keys());
        self.extra.keys().chain(event).map(String::as_str)
    }
}

/// The event that triggers a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEventCriteria {
    /// The key event.
    pub key_event_id: String,
    /// Which of its events count; an empty `And` takes them all.
    #[serde(default)]
    pub key_event_filters: Rule,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// A node of a payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PayloadNode {
    /// [`RESPONSE_NODE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// Display name.
    #[serde(default)]
    pub name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it answers.
    pub definition: PayloadDefinition,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PayloadNode {
    fn later(&self) -> impl Iterator<Item = &str> {
        let PayloadDefinition { attribute_payload, segment_payload, string_builder, catalog_payload, extra } =
            &self.definition;
        let attributes = attribute_payload.iter().flatten().flat_map(|output| output.extra.keys());
        let segments = segment_payload.iter().flat_map(|segments| {
            let inside = segments.batch_segments.iter().flat_map(|segment| segment.later.0.keys());
            segments.extra.keys().chain(inside)
        });
        let strings = string_builder.iter().flatten().flat_map(|text| text.extra.keys());
        let lookups = catalog_payload.iter().flat_map(CatalogPayload::lookups);
        let lookups = lookups.flat_map(|lookup| lookup.extra.keys());
        let outputs = attributes.chain(segments).chain(strings).chain(lookups);
        self.extra.keys().chain(extra.keys()).chain(outputs).map(String::as_str)
    }
}

/// `definition` of a response node. `null`, never an empty array: the platform answers those with
/// the misleading "attribute_payload can't be blank".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadDefinition {
    /// Attribute values.
    #[serde(default)]
    pub attribute_payload: Option<Vec<AttributePayload>>,
    /// Batch segment memberships.
    #[serde(default)]
    pub segment_payload: Option<SegmentPayload>,
    /// Strings.
    #[serde(default)]
    pub string_builder: Option<Vec<StringBuilder>>,
    /// Catalog rows, looked up by an attribute's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_payload: Option<CatalogPayload>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `catalogPayload`. The published contract leaves it out and the published rules of a payload say
/// that it can be switched off per account, so that what is read need not have the form we know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CatalogPayload {
    /// The form of the published rules.
    Lookups(Vec<CatalogLookup>),
    /// Any other, word for word.
    Other(serde_json::Value),
}

impl CatalogPayload {
    /// Its lookups; none when it has another form.
    pub fn lookups(&self) -> &[CatalogLookup] {
        match self {
            CatalogPayload::Lookups(lookups) => lookups,
            CatalogPayload::Other(_) => &[],
        }
    }
}

/// Rows of a catalog in a response, looked up by an attribute's value. All four fields are required
/// (published rules of a payload); `None` is what another client left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CatalogLookup {
    /// The catalog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog_name: Option<String>,
    /// The attribute whose value is looked up: a single or a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup_attribute_id: Option<String>,
    /// The column of the catalog that holds the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup_column: Option<String>,
    /// Its name in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_name: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An attribute in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributePayload {
    /// The attribute.
    pub realtime_attribute_id: String,
    /// A list's aggregation or a sliding counter's window; no other kind may have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_attribute_identifier: Option<String>,
    /// Its name in the response.
    pub output_name: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Batch segments in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentPayload {
    /// The segments whose membership is answered; ids are unique.
    pub batch_segments: Vec<BatchSegmentRef>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A batch segment by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSegmentRef {
    /// The segment.
    pub id: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// A string in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StringBuilder {
    /// Its name in the response.
    pub output_name: String,
    /// Parts, joined without a separator.
    pub values: Vec<StringValue>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StringValue {
    /// Always `String`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The string, without `{{` and `}}`.
    pub value: String,
}

/// What the personalization API answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// By section name; empty when nothing matched.
    pub offers: serde_json::Map<String, serde_json::Value>,
}
