//! The personalization entity: sections with criteria and payload.

mod keep;
mod wrong;

use super::attributes::import_of;
use super::ownership::section_path;
use super::{Action, Settled, settle};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::difference::join;
use crate::plan::nearest::named;
use crate::plan::{Attribute, Lookup, PersonalizationService, planned_sub};
use crate::platform::payload;
use crate::platform::wire::{
    AudienceAttribute, BatchAttribute, BatchSegment, CatalogPayload, Data, Extra, FOLDER_TYPE, Folder,
    FolderRelationship, KeyEvent, PERSONALIZATION_TYPE, Personalization, PersonalizationAttributes,
    PersonalizationRequest, RealtimeAttribute, ResourceId, Section,
};
use keep::keep_outputs;
use serde::Serialize;
use std::collections::BTreeSet;
use wrong::wrong_names;

/// What sections may name.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Key events; live, or as they will be.
    pub events: &'a [KeyEvent],
    /// Live real-time attributes.
    pub attributes: &'a [RealtimeAttribute],
    /// Which batch attributes the setting says are imported.
    pub imported: &'a [BatchAttribute],
    /// The plan's own attributes: they say which window or aggregation of a live attribute is meant,
    /// and what an import is called.
    pub planned: &'a [Attribute],
    /// Batch segments.
    pub segments: &'a [BatchSegment],
}

impl Names<'_> {
    fn planned(&self, name: &str) -> Option<&Attribute> {
        named(self.planned, name, |attribute| &attribute.name)
    }
}

impl Lookup for Names<'_> {
    fn key_event(&self, name: &str) -> Option<String> {
        named(self.events, name, |event| &event.name).map(|event| event.id.clone().unwrap_or_default())
    }

    fn event_names(&self) -> Vec<&str> {
        self.events.iter().map(|event| event.name.as_str()).collect()
    }

    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute> {
        let import = self.planned(name).and_then(Attribute::imported_column);
        match import.and_then(|column| import_of(column, self.attributes, self.imported)) {
            Some(found) => Some(found),
            None => named(self.attributes, name, |attribute| &attribute.name),
        }
    }

    fn planned_sub(&self, name: &str) -> Option<String> {
        let live = named(self.attributes, name, |attribute| &attribute.name)?;
        planned_sub(self.planned(name)?, live).map(str::to_owned)
    }

    fn segment(&self, name_or_id: &str) -> Option<String> {
        let by_id = self.segments.iter().find(|segment| segment.id == name_or_id);
        by_id
            .or_else(|| named(self.segments, name_or_id, |segment| &segment.name))
            .map(|segment| segment.id.clone())
    }

    fn attribute_names(&self) -> Vec<&str> {
        self.attributes.iter().map(|attribute| attribute.name.as_str()).collect()
    }

    fn segment_names(&self) -> Vec<&str> {
        self.segments.iter().map(|segment| segment.name.as_str()).collect()
    }
}

/// What happened to a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedSection {
    /// Its name.
    pub name: String,
    /// What was done.
    pub action: Action,
    /// Outputs that the plan does not name and that stay, because somebody may use them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}

/// A personalization after the step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedPersonalization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What was done.
    pub action: Action,
    /// The sections of the plan, in its order.
    pub sections: Vec<AppliedSection>,
}

/// What will be sent; made before anything is sent.
#[derive(Debug)]
pub struct Prepared {
    request: PersonalizationRequest,
    live: Option<Personalization>,
    sections: Vec<AppliedSection>,
    changed: bool,
}

/// Compiles the plan's sections and checks every rule of the payload.
///
/// Sections and outputs that are there and that the plan does not name stay, but for those with a path
/// in `gone`; see [`super::ownership`].
pub fn prepare(
    ps: &str,
    plan: &PersonalizationService,
    names: Names<'_>,
    batch: &[AudienceAttribute],
    live: Option<&Personalization>,
    gone: &BTreeSet<String>,
) -> Result<Prepared, Error> {
    let existing: Vec<Section> =
        live.map_or_else(Vec::new, |live| live.attributes.sections.iter().map(without_blanks).collect());
    let mut errors = Vec::new();
    let (mut wanted, mut sections) = (Vec::new(), Vec::new());
    for section in &plan.sections {
        let before = named(&existing, &section.name, |there| &there.name);
        match section.to_wire(&names, before) {
            Err(messages) => errors.extend(messages),
            Ok(mut after) => {
                let path = section_path(&plan.name, &section.name);
                let keeps = |output: &str| !gone.contains(&join(&path, output));
                let kept = before.map_or_else(Vec::new, |before| keep_outputs(before, &mut after, &keeps));
                let action = match before {
                    None => Action::Created,
                    Some(before) if *before == after => Action::Unchanged,
                    Some(_) => Action::Updated,
                };
                sections.push(AppliedSection { name: section.name.clone(), action, kept });
                wanted.push(after);
            }
        }
    }
    if !errors.is_empty() {
        return Err(wrong_names(&errors, plan, names, batch));
    }
    // What others made is not ours to refuse.
    let before: Vec<_> = payload::check(&existing, names.attributes);
    let mut violations = payload::check(&wanted, names.attributes);
    violations.retain(|new| !before.iter().any(|old| old.message == new.message));
    if !violations.is_empty() {
        let lines: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.pointer, v.message)).collect();
        let message =
            format!("the personalization '{}' breaks the platform's rules: {}", plan.name, lines.join("; "));
        return Err(Error::new(Code::InvalidPlan, message));
    }
    let mut others = existing.clone();
    let planned = |section: &Section| named(&plan.sections, &section.name, |planned| &planned.name).is_some();
    others.retain(|section| planned(section) || !gone.contains(&section_path(&plan.name, &section.name)));
    let wanted = arrange(wanted, &others);
    let description =
        plan.description.clone().or_else(|| live.and_then(|live| live.attributes.description.clone()));
    let changed = live.is_none_or(|live| wanted != existing || live.attributes.description != description);
    let attributes = PersonalizationAttributes {
        audience_id: Some(ps.to_owned()),
        name: live.map_or(&plan.name, |live| &live.attributes.name).clone(),
        description,
        sections: wanted,
        extra: Default::default(),
    };
    let request = PersonalizationRequest { attributes, relationships: None };
    Ok(Prepared { request, live: live.cloned(), sections, changed })
}

impl Prepared {
    /// The personalization as it will be; one that is not there yet has a made-up id.
    pub fn outlook(&self) -> Personalization {
        let attributes = self.request.attributes.clone();
        match &self.live {
            Some(live) => Personalization { attributes, ..live.clone() },
            None => Personalization {
                id: format!("new:personalization:{}", attributes.name),
                kind: PERSONALIZATION_TYPE.to_owned(),
                attributes,
                relationships: Extra::new(),
            },
        }
    }
}

/// A section as the platform takes it: it may show empty arrays, but takes only none.
fn without_blanks(section: &Section) -> Section {
    let mut section = section.clone();
    for node in section.payload.iter_mut().flat_map(|nodes| nodes.values_mut()) {
        let definition = &mut node.definition;
        definition.attribute_payload.take_if(|items| items.is_empty());
        definition.string_builder.take_if(|items| items.is_empty());
        definition.segment_payload.take_if(|payload| payload.batch_segments.is_empty());
        let none = |payload: &mut CatalogPayload| *payload == CatalogPayload::Lookups(Vec::new());
        definition.catalog_payload.take_if(none);
    }
    section
}

/// Sections are tried in order, so order is configuration too: the plan's sections stand in the
/// plan's order, and a section that the plan does not name stays behind the one it stood behind;
/// one that takes everyone goes behind new ones, or nobody would reach them.
fn arrange(wanted: Vec<Section>, existing: &[Section]) -> Vec<Section> {
    let added = wanted.iter().any(|section| existing.iter().all(|there| there.name != section.name));
    let mut arranged = wanted;
    let mut previous: Option<&str> = None;
    for section in existing {
        if !arranged.iter().any(|there| there.name == section.name) {
            let behind = previous.and_then(|name| arranged.iter().position(|there| there.name == name));
            let last = added && takes_everyone(section);
            let place = if last { arranged.len() } else { behind.map_or(0, |index| index + 1) };
            arranged.insert(place, section.clone());
        }
        previous = Some(&section.name);
    }
    arranged
}

fn takes_everyone(section: &Section) -> bool {
    section
        .entry_criteria
        .as_ref()
        .is_some_and(|entry| entry.profile_criteria.as_ref().is_none_or(|rule| rule.is_everything()))
}

/// Picks the folder for a new personalization: the named one, else the first.
pub fn folder<'a>(folders: &'a [Folder], wanted: Option<&str>) -> Result<&'a Folder, Error> {
    let names = || folders.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = |wanted: &str| {
        folders.iter().find(|f| f.id == wanted).or_else(|| named(folders, wanted, |folder| &folder.name))
    };
    match wanted {
        None => folders.first().ok_or_else(|| {
            Error::new(Code::NotFound, "the parent segment has no folder for the personalization")
                .hint("make one in the console")
        }),
        Some(wanted) => found(wanted).ok_or_else(|| {
            Error::new(Code::NotFound, format!("the parent segment has no folder '{wanted}'"))
                .hint(format!("it has: {}", names()))
        }),
    }
}

/// How [`apply`] ended.
#[derive(Debug)]
pub enum Done {
    /// The personalization is as wanted.
    Applied(AppliedPersonalization),
    /// Somebody else made this one of the same name meanwhile; it is to be compared first.
    Overtaken(Box<Personalization>),
}

/// Creates or writes the personalization, or leaves it alone.
pub async fn apply(client: &Client, ps: &str, prepared: Prepared, folder: &Folder) -> Result<Done, Error> {
    let Prepared { mut request, live, sections, changed } = prepared;
    let name = request.attributes.name.clone();
    let Some(live) = live else {
        request.relationships = Some(FolderRelationship {
            parent_folder: Data { data: ResourceId { id: folder.id.clone(), kind: FOLDER_TYPE.to_owned() } },
        });
        // The published contract takes no ids in a create.
        for section in &mut request.attributes.sections {
            section.id = None;
        }
        let find = || async {
            Ok(client.personalizations(ps).await?.into_iter().find(|there| there.attributes.name == name))
        };
        return Ok(match settle(client.create_personalization(&request).await, find).await? {
            Settled::Made(made) => {
                Done::Applied(AppliedPersonalization { id: made.id, name, action: Action::Created, sections })
            }
            Settled::Found(found) => Done::Overtaken(Box::new(found)),
        });
    };
    if !changed {
        let action = Action::Unchanged;
        return Ok(Done::Applied(AppliedPersonalization { id: live.id, name, action, sections }));
    }
    for section in &mut request.attributes.sections {
        // Part of the published PATCH, unlike POST; a new section gets the platform's default.
        section.include_sensitive.get_or_insert(false);
    }
    client.write_personalization(&live.id, &request).await?;
    Ok(Done::Applied(AppliedPersonalization { id: live.id, name, action: Action::Updated, sections }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(name: &str) -> Section {
        Section {
            id: None,
            name: name.into(),
            entry_criteria: None,
            payload: None,
            include_sensitive: None,
            extra: Extra::new(),
        }
    }

    fn names(sections: &[Section]) -> Vec<&str> {
        sections.iter().map(|section| section.name.as_str()).collect()
    }

    #[test]
    fn sections_of_others_keep_their_place() {
        let existing = [section("first"), section("vip"), section("between"), section("default")];
        let wanted = vec![section("vip"), section("new"), section("default")];
        let arranged = arrange(wanted, &existing);
        assert_eq!(names(&arranged), ["first", "vip", "between", "new", "default"]);
        let again = arrange(vec![section("vip"), section("new"), section("default")], &arranged);
        assert_eq!(names(&again), names(&arranged), "a second run changes nothing");
    }

    #[test]
    fn catalog_rows_that_the_plan_does_not_name_stay() {
        let with = |names: &[&str]| {
            let rows: Vec<_> = names.iter().map(|name| serde_json::json!({"outputName": name})).collect();
            let definition = serde_json::json!({"catalogPayload": rows, "stringBuilder": [{"outputName": "s",
                "values": [{"type": "String", "value": "x"}]}]});
            let node = serde_json::json!({"type": "ResponseNode", "definition": definition});
            Section {
                payload: serde_json::from_value(serde_json::json!({"n": node})).unwrap(),
                ..section("a")
            }
        };
        let mut after = with(&["new"]);
        assert_eq!(keep_outputs(&with(&["old", "new"]), &mut after, &|_| true), ["old"]);
        assert_eq!(after, with(&["new", "old"]));
        let mut pruned = with(&["new"]);
        assert!(keep_outputs(&with(&["old"]), &mut pruned, &|_| false).is_empty());
        assert_eq!(pruned, with(&["new"]));
    }

    use proptest::prelude::*;

    fn some_names() -> impl Strategy<Value = Vec<String>> {
        proptest::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..=5)
            .prop_shuffle()
            .prop_map(|names| names.into_iter().map(str::to_owned).collect())
    }

    proptest! {
        #[test]
        fn every_section_stays_in_the_plans_order(existing in some_names(), wanted in some_names()) {
            let sections = |names: &[String]| names.iter().map(|name| section(name)).collect::<Vec<_>>();
            let arranged = arrange(sections(&wanted), &sections(&existing));
            let places: Vec<_> =
                wanted.iter().map(|name| names(&arranged).iter().position(|there| there == name)).collect();
            prop_assert!(places.iter().all(Option::is_some) && places.is_sorted());
            prop_assert!(existing.iter().all(|name| names(&arranged).contains(&name.as_str())));
            prop_assert_eq!(arranged.len(), existing.iter().chain(&wanted).collect::<std::collections::HashSet<_>>().len());
            let again = arrange(sections(&wanted), &arranged);
            prop_assert_eq!(names(&again), names(&arranged));
        }
    }
}
