//! The personalization service, and the entity that it belongs to.

use super::section_read::Section;
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader};
use serde_json::Value;
use std::collections::HashSet;

/// The personalization service, and the entity of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonalizationService {
    /// Unique within the parent segment.
    pub name: String,
    /// The name that it had, for a service and an entity that are live under that one.
    pub renamed_from: Option<String>,
    /// Free text, of the entity and of the service.
    pub description: Option<String>,
    /// The service's own free text, where it differs; see
    /// [`PersonalizationService::service_description`].
    pub service_description: Option<String>,
    /// Name of the key event that triggers its sections; `None` for a service alone.
    pub trigger_event: Option<String>,
    /// Whether browsers may use its tokens.
    pub public: Option<bool>,
    /// Tried in order.
    pub sections: Vec<Section>,
    /// Whether only one half of it is wanted.
    pub only: Option<Only>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// One half of a personalization. The platform keeps service and entity apart; what a console made
/// need not have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// The service that owns the tokens.
    Service,
    /// The entity with the sections.
    Entity,
}

impl PersonalizationService {
    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Self> {
        let what = "'personalization_service'";
        let fields = reader.fields(at, value, what, keys::of("personalization_service"))?;
        let name = fields.required_name(reader, "name", what);
        let renamed_from = fields.name(reader, "renamed_from");
        let only = read_only(reader, &fields);
        let trigger_event = match only {
            Some(Only::Service) => None,
            _ => fields.required_name(reader, "trigger_event", what),
        };
        let description = fields.text(reader, "description");
        let service_description = fields.text(reader, "service_description");
        let public = fields.flag(reader, "public");
        let items = fields.items(reader, "sections");
        if only != Some(Only::Service)
            && items.is_empty()
            && fields.get("sections").is_none_or(Value::is_array)
        {
            reader.error("missing-field", at, format!("{what} needs at least one section in 'sections'"));
        }
        let mut names = HashSet::new();
        let mut sections = Vec::new();
        for (at, item) in items {
            let Some(section) = Section::read(reader, &at, item, trigger_event.as_deref()) else { continue };
            if !names.insert(section.name.clone()) {
                let message = format!("the section name '{}' occurs twice", section.name);
                reader.error("duplicate-name", &format!("{at}/name"), message);
            }
            sections.push(section);
        }
        let at = at.to_owned();
        let name = name?;
        if trigger_event.is_none() && only != Some(Only::Service) {
            return None;
        }
        Some(PersonalizationService {
            name,
            renamed_from,
            description,
            service_description,
            trigger_event,
            public,
            sections,
            only,
            at,
        })
    }

    /// The free text of the service: its own, else the entity's. `None` keeps the live one; so
    /// does an own text that is empty, which says that the entity's is not for the service.
    pub fn service_description(&self) -> Option<&str> {
        let text = self.service_description.as_deref().or(self.description.as_deref());
        text.filter(|text| !text.is_empty() || self.service_description.is_none())
    }

    /// Whether the service that owns the tokens is wanted.
    pub fn wants_service(&self) -> bool {
        self.only != Some(Only::Entity)
    }

    /// Whether the entity with the sections is wanted.
    pub fn wants_entity(&self) -> bool {
        self.only != Some(Only::Service)
    }
}

/// `only: service` or `only: entity`.
fn read_only(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Only> {
    match fields.name(reader, "only")?.as_str() {
        "service" => Some(Only::Service),
        "entity" => Some(Only::Entity),
        other => {
            let fix = did_you_mean(other, ["service", "entity"]);
            let message = format!("'only' is service or entity, not '{other}'");
            reader.error_fix("unknown-value", &fields.at("only"), message, fix);
            None
        }
    }
}
