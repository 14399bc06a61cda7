//! What uses something, in words and with the command that frees it.

use super::Used;
use crate::plan::difference::join;
use crate::plan::item_command;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// What uses something: an item, and the part of it that does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct User {
    /// What it is.
    pub kind: UserKind,
    /// Its name.
    pub name: String,
    /// Its id; `None` for what has none yet.
    pub id: Option<String>,
    /// The section of a personalization.
    pub section: Option<String>,
    /// The output of a section.
    pub output: Option<String>,
    /// The stage of a journey that has several.
    pub stage: Option<String>,
    /// What of it: `criteria`, `trigger`, `entry`, `goal`, `exit 'Left'`, `jump`; `action` and `lookup key`
    /// of an attribute.
    pub part: Option<String>,
    /// The path of the item, section or output, as `--prune-item` takes it.
    pub path: String,
    /// Whether it is not valid without what it uses, or sends a placeholder as it is written. Else it
    /// no longer does what it did: it is called with no token, finds no visitor.
    #[serde(skip)]
    pub required: bool,
    /// The item in words.
    #[serde(skip)]
    item: String,
}

/// What can use something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// A key event.
    KeyEvent,
    /// An attribute.
    Attribute,
    /// A personalization.
    Personalization,
    /// A journey.
    Journey,
}

impl UserKind {
    /// The list of a plan, and of paths, that has it.
    fn list(self) -> &'static str {
        match self {
            UserKind::KeyEvent => "events",
            UserKind::Attribute => "attributes",
            UserKind::Personalization => "personalization_services",
            UserKind::Journey => "journeys",
        }
    }

    /// The command that deletes it.
    fn delete(self) -> &'static str {
        match self {
            UserKind::KeyEvent => "rt-events delete",
            UserKind::Attribute => "rt-attrs delete",
            UserKind::Personalization => "pz-create delete",
            UserKind::Journey => "journey-create delete",
        }
    }
}

impl User {
    /// An item; `what` says what it is.
    pub(super) fn new(kind: UserKind, what: &str, name: &str, id: Option<&str>) -> Self {
        User {
            kind,
            name: name.to_owned(),
            id: id.map(str::to_owned),
            section: None,
            output: None,
            stage: None,
            part: None,
            path: join(kind.list(), name),
            required: true,
            item: format!("{what} '{name}'"),
        }
    }

    /// Its section.
    pub(super) fn of_section(&self, name: &str) -> Self {
        let path = join(&join(&self.path, "sections"), name);
        User { section: Some(name.to_owned()), path, ..self.clone() }
    }

    /// This part of it.
    pub(super) fn of_part(&self, part: String) -> Self {
        User { part: Some(part), ..self.clone() }
    }

    /// One that stays valid without what it uses.
    pub(super) fn loosely(&self) -> Self {
        User { required: false, ..self.clone() }
    }

    /// The command that frees what it uses. Of a section or an output it deletes the personalization, as
    /// no command deletes less than that without a plan.
    pub fn free_with(&self, ps: &str) -> String {
        item_command(self.kind.delete(), &self.name, ps)
    }

    /// The item as something that others may use.
    pub(super) fn used(&self) -> Option<Used> {
        let id = self.id.clone()?;
        match self.kind {
            UserKind::KeyEvent => Some(Used::KeyEvent(id)),
            UserKind::Attribute => Some(Used::Attribute(id)),
            UserKind::Personalization => None,
            UserKind::Journey => Some(Used::Journey(id)),
        }
    }

    /// For the details of an error: its fields and `free_with`.
    pub fn to_json(&self, ps: &str) -> Value {
        let mut map = match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        map.insert("free_with".into(), self.free_with(ps).into());
        Value::Object(map)
    }

    /// The part of it that is the JSON object under `key`.
    pub(super) fn inside(&self, key: &str, map: &Map<String, Value>) -> Self {
        let mut user = self.clone();
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        let named = |what: &str| match text("name").filter(|name| !name.is_empty()) {
            Some(name) => Some(format!("{what} '{name}'")),
            None => Some(what.to_owned()),
        };
        match (self.kind, key) {
            (UserKind::Attribute, "actions") => user.part = Some("action".to_owned()),
            (UserKind::Attribute, "lookupKeys") => user.part = Some("lookup key".to_owned()),
            (UserKind::Personalization, "sections") => {
                return text("name").map_or(user, |name| self.of_section(name));
            }
            (UserKind::Personalization, "entryCriteria") => user.part = Some("criteria".to_owned()),
            (UserKind::Personalization, "keyEventCriteria") => user.part = Some("trigger".to_owned()),
            (UserKind::Personalization, _) => {
                if let Some(output) = text("outputName") {
                    user.output = Some(output.to_owned());
                    let list = match key {
                        "stringBuilder" => "strings",
                        "catalogPayload" => "catalogs",
                        _ => "attributes",
                    };
                    user.path = join(&join(&self.path, list), output);
                }
            }
            (UserKind::Journey, "realtimeJourneyStages") => user.stage = text("name").map(str::to_owned),
            (UserKind::Journey, "entryCriteria") => user.part = Some("entry".to_owned()),
            (UserKind::Journey, "goal" | "milestone") => user.part = Some(key.to_owned()),
            (UserKind::Journey, "exitCriterias") => user.part = named("exit"),
            (UserKind::Journey, "branches") => user.part = named("branch"),
            (UserKind::Journey, STEP) => user.part = named(step(text("type").unwrap_or_default())),
            _ => {}
        }
        user
    }
}

/// The key that a step of a stage is taken to stand under, in the place of its UUID.
pub(super) const STEP: &str = "step";

/// A type of steps in words.
fn step(of_type: &str) -> &'static str {
    match of_type {
        "WaitStep" => "wait",
        "TriggeredActivation" => "activation",
        "DecisionPoint" => "decision",
        "Jump" => "jump",
        "Variant" => "A/B test",
        _ => STEP,
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_attribute = self.kind == UserKind::Attribute;
        match (&self.output, &self.part) {
            (Some(output), _) => write!(f, "output '{output}' of ")?,
            (None, Some(part)) if !of_attribute => write!(f, "{part} of ")?,
            _ => {}
        }
        if let Some(section) = &self.section {
            write!(f, "section '{section}' of ")?;
        }
        if let Some(stage) = &self.stage {
            write!(f, "stage '{stage}' of ")?;
        }
        f.write_str(&self.item)?;
        match &self.part {
            Some(part) if of_attribute => write!(f, " ({part})"),
            _ => Ok(()),
        }
    }
}
