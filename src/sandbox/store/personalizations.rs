//! Personalizations (`/entities/realtime_personalizations`).

use super::body::{Object, only, optional_text, text};
use super::{Edit, Store, no_record, sections};
use crate::platform::fields::ENTITY;
use crate::platform::wire::{
    Extra, FOLDER_TYPE, PERSONALIZATION_TYPE, Personalization, PersonalizationAttributes,
};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use serde_json::{Value, json};

impl Store {
    /// Creates a personalization and returns its id. Without a folder it goes into the root (our
    /// choice; the contract does not require one).
    pub fn create_personalization(&mut self, body: &Object, now: i64) -> Result<String, Refusal> {
        only(body, &["attributes", "relationships"])?;
        let attributes = attributes(body)?;
        let audience = text(attributes, "audienceId").map_err(under_attributes)?.to_owned();
        let segment = self.segment(&audience).map_err(|r| r.at("/attributes/audienceId"))?;
        segment.realtime()?;
        let folder = match folder_id(body)? {
            Some(id) => {
                segment.folder(id).map_err(|r| r.at("/relationships/parentFolder/data/id"))?.id.clone()
            }
            None => segment.folders.first().ok_or_else(no_record)?.id.clone(),
        };
        let mut edit = self.edit(&audience, now)?;
        edit.create_personalization(attributes, &folder)
    }

    /// Replaces name, description and sections of a personalization.
    pub fn update_personalization(&mut self, id: &str, body: &Object, now: i64) -> Result<(), Refusal> {
        let owner = self.personalization_owner(id)?.id.clone();
        only(body, &["attributes"])?;
        let attributes = attributes(body)?;
        if attributes.get("audienceId").is_some_and(|given| given.as_str() != Some(owner.as_str())) {
            return Err(Refusal::invalid(
                Reason::PersonalizationAudienceChanged,
                "Audience can't be changed",
            )
            .at("/attributes/audienceId"));
        }
        if !attributes.contains_key("sections") {
            return Err(Refusal::invalid(Reason::PersonalizationSectionsMissing, "Sections is missing")
                .at("/attributes/sections"));
        }
        self.edit(&owner, now)?.update_personalization(id, attributes)
    }

    /// Deletes a personalization.
    pub fn delete_personalization(&mut self, id: &str, now: i64) -> Result<(), Refusal> {
        let owner = self.personalization_owner(id)?.id.clone();
        let mut edit = self.edit(&owner, now)?;
        edit.realtime.personalizations.remove(id);
        edit.changed("delete_realtime_personalization");
        Ok(())
    }
}

impl Edit<'_> {
    fn create_personalization(&mut self, attributes: &Object, folder: &str) -> Result<String, Refusal> {
        let (name, description) = self.names(attributes, None)?;
        let mut sections = sections::read(attributes, self.realtime, self.batch, None)?;
        let id = self.ids.fresh();
        for section in &mut sections {
            section.id = Some(self.ids.fresh());
        }
        let mut relationships = Extra::new();
        relationships.insert("parentFolder".into(), json!({"data": {"id": folder, "type": FOLDER_TYPE}}));
        self.realtime.personalizations.push(Personalization {
            id: id.clone(),
            kind: PERSONALIZATION_TYPE.to_owned(),
            attributes: PersonalizationAttributes {
                audience_id: Some(self.number.to_string()),
                name,
                description,
                sections,
                extra: Extra::new(),
            },
            relationships,
        });
        self.touch(&id);
        self.changed("create_realtime_personalization");
        Ok(id)
    }

    fn update_personalization(&mut self, id: &str, attributes: &Object) -> Result<(), Refusal> {
        let (name, description) = self.names(attributes, Some(id))?;
        let old = &self.realtime.personalization(id)?.attributes.sections;
        let mut sections = sections::read(attributes, self.realtime, self.batch, Some(old))?;
        for section in &mut sections {
            section.id.get_or_insert_with(|| self.ids.fresh());
        }
        let place = self.realtime.personalizations.find_mut(id);
        let attributes = &mut place.ok_or_else(no_record)?.attributes;
        attributes.name = name;
        attributes.description = description;
        attributes.sections = sections;
        self.touch(id);
        self.changed("update_realtime_personalization");
        Ok(())
    }

    fn names(&self, attributes: &Object, own: Option<&str>) -> Result<(String, Option<String>), Refusal> {
        only(attributes, &ENTITY).map_err(|r| r.at("/attributes"))?;
        let name = text(attributes, "name").map_err(under_attributes)?;
        if !attributes.contains_key("description") {
            return Err(Refusal::invalid(
                Reason::PersonalizationDescriptionMissing,
                "Description is missing; it may be null",
            )
            .at("/attributes/description"));
        }
        let description =
            optional_text(attributes, "description").map_err(|r| r.at("/attributes/description"))?;
        let taken = |other: &Personalization| Some(other.id.as_str()) != own && other.attributes.name == name;
        if self.realtime.personalizations.iter().any(taken) {
            return Err(Refusal::invalid(Reason::PersonalizationNameTaken, "Name has already been taken")
                .at("/attributes/name"));
        }
        Ok((name.to_owned(), description.map(str::to_owned)))
    }
}

/// `attributes` of a body.
pub(super) fn attributes(body: &Object) -> Result<&Object, Refusal> {
    match body.get("attributes") {
        Some(Value::Object(attributes)) => Ok(attributes),
        _ => {
            Err(Refusal::invalid(Reason::EntityAttributesMissing, "Attributes is missing").at("/attributes"))
        }
    }
}

/// The folder that a body names.
pub(super) fn folder_id(body: &Object) -> Result<Option<&str>, Refusal> {
    let at = "/relationships/parentFolder/data";
    let relationships = match body.get("relationships") {
        None => return Ok(None),
        Some(Value::Object(relationships)) => relationships,
        Some(_) => {
            return Err(Refusal::invalid(
                Reason::EntityRelationshipsInvalid,
                "Relationships must be an object",
            )
            .at("/relationships"));
        }
    };
    only(relationships, &["parentFolder"]).map_err(|r| r.at("/relationships"))?;
    let Some(relation) = relationships.get("parentFolder") else { return Ok(None) };
    let kind = relation.pointer("/data/type").and_then(Value::as_str);
    if kind != Some(FOLDER_TYPE) {
        return Err(Refusal::invalid(Reason::EntityFolderTypeInvalid, format!("Type must be {FOLDER_TYPE}"))
            .at(&format!("{at}/type")));
    }
    let id = relation.pointer("/data/id").and_then(Value::as_str);
    id.map(Some).ok_or_else(|| {
        Refusal::invalid(Reason::EntityFolderIdBlank, "Id can't be blank").at(&format!("{at}/id"))
    })
}

/// Moves pointers from the attributes to the whole body.
pub(super) fn under_attributes(mut refusal: Refusal) -> Refusal {
    let moved = |problem: Problem| Problem {
        pointer: problem.pointer.map(|pointer| format!("/attributes{pointer}")),
        ..problem
    };
    refusal.problems = refusal.problems.into_iter().map(moved).collect();
    refusal
}
