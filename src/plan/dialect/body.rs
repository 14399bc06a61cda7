//! The bodies of the platform's requests, recognised by their keys.

use crate::plan::keys;
use crate::platform::fields::ENTITY;
use serde_json::{Map, Value};

/// Which body this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestBody {
    /// A personalization entity, with `{"data": …}` around it or without; also a list of them.
    Personalization,
    /// A real-time attribute.
    Attribute,
    /// The real-time setting.
    Setting,
    /// A key event.
    KeyEvent,
    /// A journey, with `{"data": …}` around it or without.
    Journey,
    /// An activation of a journey.
    Activation,
    /// The batch attributes that are imported.
    Imports,
    /// A personalization service.
    Service,
    /// A token of a personalization service.
    Token,
    /// An authentication for a destination.
    Connection,
}

/// Keys of a journey's attributes that nothing else has.
const OF_JOURNEY: [&str; 4] = ["realtimeJourneyStages", "reentryMode", "segmentFolderId", "goal"];
/// Keys of an activation's attributes that nothing else has.
const OF_ACTIVATION: [&str; 5] = ["stepUuid", "connectionId", "connectorType", "connector", "exportJson"];

impl RequestBody {
    /// Recognises a body by the keys that no plan has. What has a key of plans is a plan, in which such a
    /// key is a slip.
    pub(super) fn of(root: &Map<String, Value>) -> Option<RequestBody> {
        if root.iter().any(|(key, value)| is_plans(key, value)) {
            return None;
        }
        let has = |key: &str| root.contains_key(key);
        let resource = |value: &Value| value.as_object().is_some_and(is_personalization);
        let wrapped = match root.get("data") {
            Some(Value::Array(items)) => items.iter().any(resource),
            Some(one) => resource(one),
            None => false,
        };
        // What a GET answers: a page of attributes or key events.
        if let Some(Value::Array(items)) = root.get("data")
            && !wrapped
        {
            let mut kinds = items.iter().filter_map(|item| RequestBody::of(item.as_object()?));
            return kinds.find(|body| matches!(body, RequestBody::Attribute | RequestBody::KeyEvent));
        }
        let any = |keys: &[&str], map: &Map<String, Value>| keys.iter().any(|key| map.contains_key(*key));
        // A plan's attributes are a list, those of a resource a mapping.
        let fields = |map: &Map<String, Value>| map.get("attributes").and_then(Value::as_object).cloned();
        let resource = root.get("data").and_then(Value::as_object).unwrap_or(root);
        let inner = fields(resource);
        if wrapped || is_personalization(root) {
            Some(RequestBody::Personalization)
        } else if any(&OF_JOURNEY, inner.as_ref().unwrap_or(root)) {
            Some(RequestBody::Journey)
        } else if any(&OF_ACTIVATION, inner.as_ref().unwrap_or(root)) {
            Some(RequestBody::Activation)
        } else if inner.is_some() || has("relationships") {
            // An object with nothing but what an entity has is one; any other is checked as a journey.
            let of_entity = |inner: Map<String, Value>| {
                inner.contains_key("audienceId") && inner.keys().all(|key| ENTITY.contains(&key.as_str()))
            };
            Some(if inner.is_some_and(of_entity) {
                RequestBody::Personalization
            } else {
                RequestBody::Journey
            })
        } else if has("auth_type") || has("auth_name") {
            Some(RequestBody::Connection)
        } else if has("allowedIps") {
            Some(RequestBody::Token)
        } else if has("columns") {
            Some(RequestBody::Imports)
        } else if has("name")
            && root.keys().all(|key| ["name", "description", "public"].contains(&key.as_str()))
        {
            Some(RequestBody::Service)
        } else if has("realtimeKeyEventId") || has("name") && has("type") && !has("source_event") {
            Some(RequestBody::Attribute)
        } else if has("eventTables") || has("keyColumns") || has("extLookupKey") {
            Some(RequestBody::Setting)
        } else if has("databaseName") || has("tableName") || has("name") && has("filterRule") {
            Some(RequestBody::KeyEvent)
        } else {
            None
        }
    }

    /// What it is, for messages.
    pub fn what(self) -> &'static str {
        match self {
            RequestBody::Personalization => "the body of a personalization entity",
            RequestBody::Attribute => "the body of a real-time attribute",
            RequestBody::Setting => "the body of a real-time setting",
            RequestBody::KeyEvent => "the body of a key event",
            RequestBody::Journey => "the body of a journey",
            RequestBody::Activation => "the body of an activation",
            RequestBody::Imports => "the body of the imported attributes",
            RequestBody::Service => "the body of a personalization service",
            RequestBody::Token => "the body of a token",
            RequestBody::Connection => "the body of an authentication",
        }
    }
}

/// Whether only a plan has such a field. A body has a `description`, too, and `attributes` that are no list
/// or an empty one.
fn is_plans(key: &str, value: &Value) -> bool {
    match key {
        "description" => false,
        "attributes" => value.as_array().is_some_and(|items| !items.is_empty()),
        _ => keys::of("").contains(&key),
    }
}

/// The resource with its `attributes`, or those alone.
fn is_personalization(map: &Map<String, Value>) -> bool {
    let inner = match map.get("attributes") {
        Some(Value::Object(inner)) => inner,
        Some(_) => return false,
        None => map,
    };
    let typed = map.get("type").and_then(Value::as_str) == Some("realtime-personalization");
    let nodes = |section: &Value| section.get("payload").is_some() || section.get("entryCriteria").is_some();
    let sections = inner.get("sections").and_then(Value::as_array);
    typed
        || inner.contains_key("audienceId") && inner.contains_key("sections")
        || sections.is_some_and(|sections| sections.iter().any(nodes))
}
