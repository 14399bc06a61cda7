//! What a journal says was touched: each thing once, with what was there before and what was left.

use crate::steps::journal::{Entry, IMPORTS, Recorded, merge, subject};
use serde_json::{Map, Value, json};

/// Kinds of things that have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A key event.
    Event,
    /// A real-time attribute, but for imported ones.
    Attribute,
    /// A personalization service.
    Service,
    /// A token of a service.
    Token,
    /// A personalization entity.
    Personalization,
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
    /// The word in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Event => "key_event",
            Kind::Attribute => "attribute",
            Kind::Service => "service",
            Kind::Token => "token",
            Kind::Personalization => "personalization",
            Kind::Journey => "journey",
            Kind::Stage => "stage",
            Kind::Activation => "activation",
        }
    }

    /// The kind of an item's path.
    pub(super) fn of_item(path: &str) -> Option<Kind> {
        Kind::of(path.rsplit_once('/')?.0)
    }

    /// The kind that [`Kind::as_str`] names.
    pub(super) fn named(text: &str) -> Option<Kind> {
        let all = [
            Kind::Event,
            Kind::Attribute,
            Kind::Service,
            Kind::Token,
            Kind::Personalization,
            Kind::Journey,
            Kind::Stage,
            Kind::Activation,
        ];
        all.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind of a collection's path.
    pub(super) fn of(collection: &str) -> Option<Kind> {
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

/// A thing that was touched.
#[derive(Debug, Clone)]
pub struct Touched {
    /// What it is.
    pub kind: Kind,
    /// The path of its collection.
    pub collection: String,
    /// Its id, where it is known.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// What was there; `None` when it was made.
    pub before: Option<Value>,
    /// What was left; `None` when it was deleted.
    pub after: Option<Value>,
}

/// Everything that a journal touched.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// Things with an id, in the order they were first touched.
    pub things: Vec<Touched>,
    /// The setting, before and after.
    pub setting: Option<(Value, Value)>,
    /// The imports, before and after: `{columns, ids}`.
    pub imports: Option<(Value, Value)>,
}

/// Reads what was touched. What was surely not carried out is left out.
pub fn touched(recorded: &Recorded) -> Everything {
    let mut everything = Everything::default();
    for entry in recorded.entries.iter().filter(|entry| entry.done != Some(false)) {
        if entry.path.ends_with("/realtime_setting") {
            whole(&mut everything.setting, entry);
        } else if entry.path.ends_with(IMPORTS) {
            whole(&mut everything.imports, entry);
        } else if entry.method == "POST" {
            everything.things.extend(made(entry));
        } else {
            changed(&mut everything.things, entry);
        }
    }
    everything
}

fn whole(slot: &mut Option<(Value, Value)>, entry: &Entry) {
    let body = entry.body.clone().unwrap_or_default();
    match slot {
        Some((_, after)) => *after = body,
        None => *slot = Some((entry.before.clone().unwrap_or_default(), body)),
    }
}

fn made(entry: &Entry) -> Option<Touched> {
    let kind = Kind::of(&entry.path)?;
    let body = entry.body.clone()?;
    let name = kind.fields(&body).get("name")?.as_str()?.to_owned();
    let (collection, id) = (entry.path.clone(), entry.id.clone());
    Some(Touched { kind, collection, id, name, before: None, after: Some(body) })
}

fn changed(things: &mut Vec<Touched>, entry: &Entry) {
    let (path, sets) = subject(&entry.path);
    let Some((collection, id)) = path.rsplit_once('/') else { return };
    let Some(kind) = Kind::of(collection) else { return };
    let body = sets.as_ref().or(entry.body.as_ref());
    let after = |image: &Value| match entry.method.as_str() {
        "DELETE" => None,
        _ => {
            let mut image = if image.is_object() { image.clone() } else { json!({}) };
            merge(&mut image, body);
            Some(image)
        }
    };
    let same = |thing: &&mut Touched| thing.collection == collection && thing.id.as_deref() == Some(id);
    if let Some(thing) = things.iter_mut().find(same) {
        thing.after = after(&thing.after.clone().unwrap_or_else(|| json!({})));
        return;
    }
    let before = entry.before.clone().unwrap_or_default();
    let name = kind.fields(&before).get("name").and_then(Value::as_str).unwrap_or(id).to_owned();
    let after = after(&before);
    let (collection, id) = (collection.to_owned(), Some(id.to_owned()));
    things.push(Touched { kind, collection, id, name, before: Some(before), after });
}
