//! The kinds of things that are configured, with an id or in the setting.

use serde_json::{Map, Value};

/// A kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An event table of the setting.
    EventTable,
    /// A stitching key of the setting.
    StitchingKey,
    /// A key event.
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

impl Kind {
    const ALL: [Kind; 11] = [
        Kind::EventTable,
        Kind::StitchingKey,
        Kind::Event,
        Kind::Attribute,
        Kind::Service,
        Kind::Token,
        Kind::Personalization,
        Kind::Connection,
        Kind::Journey,
        Kind::Stage,
        Kind::Activation,
    ];

    /// The word in documents and journals.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::EventTable => "event_table",
            Kind::StitchingKey => "stitching_key",
            Kind::Event => "key_event",
            Kind::Attribute => "attribute",
            Kind::Service => "service",
            Kind::Token => "token",
            Kind::Personalization => "personalization",
            Kind::Connection => "connection",
            Kind::Journey => "journey",
            Kind::Stage => "stage",
            Kind::Activation => "activation",
        }
    }

    /// The same for people.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }

    /// The kind that [`Kind::as_str`] names.
    pub fn named(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind of a collection's path.
    pub fn of(collection: &str) -> Option<Kind> {
        Some(match collection.rsplit('/').next()? {
            "realtime_key_events" => Kind::Event,
            "realtime_attributes" => Kind::Attribute,
            "realtime_personalization_services" => Kind::Service,
            "tokens" => Kind::Token,
            "realtime_personalizations" => Kind::Personalization,
            "realtime_journeys" => Kind::Journey,
            "activations" => Kind::Activation,
            _ => return None,
        })
    }

    /// The kind of an item's path.
    pub fn of_item(path: &str) -> Option<Kind> {
        Kind::of(path.rsplit_once('/')?.0)
    }

    /// The kind whose id stands under a key of the platform's bodies.
    pub fn under(key: &str) -> Option<Kind> {
        Some(match key {
            "realtimeKeyEventId" | "keyEventId" => Kind::Event,
            "realtimeAttributeId" | "lookupAttributeId" => Kind::Attribute,
            "realtimeJourneyId" => Kind::Journey,
            "realtimeJourneyStageId" => Kind::Stage,
            "journeyActivationStepId" => Kind::Activation,
            "connectionId" => Kind::Connection,
            _ => return None,
        })
    }

    /// The fields of an image or a body: an entity's stand one level down.
    pub fn fields(self, image: &Value) -> Map<String, Value> {
        if !matches!(self, Kind::Personalization | Kind::Journey | Kind::Activation) {
            return image.as_object().cloned().unwrap_or_default();
        }
        let mut fields = image.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
        if self == Kind::Journey {
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
