//! The kinds of things that are configured, with an id or in the setting.

use crate::plan::difference::join;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// An event table of the setting.
    EventTable,
    /// A stitching key of the setting.
    StitchingKey,
    /// A key event.
    #[serde(rename = "key_event")]
    Event,
    /// A real-time attribute, imported ones included.
    Attribute,
    /// A personalization service.
    Service,
    /// A token of a service.
    Token,
    /// A personalization entity.
    Personalization,
    /// A connection for webhooks.
    Connection,
    /// A journey.
    Journey,
    /// A stage of a journey: known by its id only.
    Stage,
    /// An activation of a journey.
    Activation,
}

/// What a journey is, but for its id: other fields of its image are the platform's.
const OF_JOURNEY: [&str; 8] = [
    "name",
    "description",
    "goal",
    "reentryMode",
    "realtimeJourneyStages",
    "segmentFolderId",
    "state",
    "paused",
];

impl ItemKind {
    const ALL: [ItemKind; 11] = [
        ItemKind::EventTable,
        ItemKind::StitchingKey,
        ItemKind::Event,
        ItemKind::Attribute,
        ItemKind::Service,
        ItemKind::Token,
        ItemKind::Personalization,
        ItemKind::Connection,
        ItemKind::Journey,
        ItemKind::Stage,
        ItemKind::Activation,
    ];

    /// The word in documents and journals.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemKind::EventTable => "event_table",
            ItemKind::StitchingKey => "stitching_key",
            ItemKind::Event => "key_event",
            ItemKind::Attribute => "attribute",
            ItemKind::Service => "service",
            ItemKind::Token => "token",
            ItemKind::Personalization => "personalization",
            ItemKind::Connection => "connection",
            ItemKind::Journey => "journey",
            ItemKind::Stage => "stage",
            ItemKind::Activation => "activation",
        }
    }

    /// The same for people.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }

    /// The path of the thing of this name, as differences and `--prune-item` have it. None for what is no item of a
    /// plan; a service and its personalization are one.
    pub fn path(self, name: &str) -> Option<String> {
        let list = match self {
            ItemKind::EventTable => "event_tables",
            ItemKind::StitchingKey => "id_stitching.stitching_keys",
            ItemKind::Event => "events",
            ItemKind::Attribute => "attributes",
            ItemKind::Service | ItemKind::Personalization => "personalization_services",
            ItemKind::Journey => "journeys",
            ItemKind::Token | ItemKind::Connection | ItemKind::Stage | ItemKind::Activation => return None,
        };
        Some(join(list, name))
    }

    /// The kind that [`ItemKind::as_str`] names.
    pub fn named(text: &str) -> Option<ItemKind> {
        ItemKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind of a collection's path.
    pub fn of(collection: &str) -> Option<ItemKind> {
        Some(match collection.rsplit('/').next()? {
            "realtime_key_events" => ItemKind::Event,
            "realtime_attributes" => ItemKind::Attribute,
            "realtime_personalization_services" => ItemKind::Service,
            "tokens" => ItemKind::Token,
            "realtime_personalizations" => ItemKind::Personalization,
            "realtime_journeys" => ItemKind::Journey,
            "activations" => ItemKind::Activation,
            _ => return None,
        })
    }

    /// The kind of an item's path.
    pub fn of_item(path: &str) -> Option<ItemKind> {
        ItemKind::of(path.rsplit_once('/')?.0)
    }

    /// The kind whose id stands under a key of the platform's bodies.
    pub fn under(key: &str) -> Option<ItemKind> {
        Some(match key {
            "realtimeKeyEventId" | "keyEventId" => ItemKind::Event,
            "realtimeAttributeId" | "lookupAttributeId" => ItemKind::Attribute,
            "realtimeJourneyId" => ItemKind::Journey,
            "realtimeJourneyStageId" => ItemKind::Stage,
            "journeyActivationStepId" => ItemKind::Activation,
            "connectionId" => ItemKind::Connection,
            _ => return None,
        })
    }

    /// The fields of an image or a body: an entity's stand one level down.
    pub fn fields(self, image: &Value) -> Map<String, Value> {
        if !matches!(self, ItemKind::Personalization | ItemKind::Journey | ItemKind::Activation) {
            return image.as_object().cloned().unwrap_or_default();
        }
        let mut fields = image.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
        if self == ItemKind::Journey {
            fields.retain(|key, _| OF_JOURNEY.contains(&key.as_str()));
        }
        // Sections are known by name; their ids are new when the entity is made again.
        for section in fields.get_mut("sections").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(section) = section.as_object_mut() {
                section.shift_remove("id");
            }
        }
        fields
    }
}
