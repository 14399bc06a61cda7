//! The personalization as a plan wants it: sections with criteria and payload.

mod behind;
mod keep;
mod wrong;

use super::Planner;
use crate::error::{Code, Error};
use crate::plan::PersonalizationService;
use crate::plan::difference::join;
use crate::plan::nearest::named;
use crate::platform::payload;
use crate::platform::wire::{
    CatalogPayload, FOLDER_TYPE, Folder, PERSONALIZATION_TYPE, Personalization, PersonalizationAttributes,
    Section,
};
use crate::steps::items::section_path;
pub(in crate::steps) use behind::never_reached;
use keep::keep_outputs;
use serde_json::json;
use std::collections::BTreeMap;
use wrong::wrong_names;

/// The outputs that the plan does not name and that stay, by the path of their section.
type Kept = BTreeMap<String, Vec<String>>;

/// Compiles the plan's sections and checks every rule of the payload.
///
/// Live sections and outputs that the plan does not name stay, but for those that are taken
/// away; see [`crate::steps::items`].
pub(in crate::steps) fn outlook(
    planner: &Planner<'_>,
    plan: &PersonalizationService,
) -> Result<(Personalization, Kept), Error> {
    if let Some(trigger) = &plan.trigger_event {
        planner.known_event(trigger, &format!("personalization '{}'", plan.name))?;
    }
    let there = &planner.live.state.personalizations;
    let live = named(there, &plan.name, |there| &there.attributes.name);
    let (sections, kept) = sections(planner, plan, live)?;
    let before = live.map(|live| &live.attributes);
    let attributes = PersonalizationAttributes {
        audience_id: Some(planner.live.ps.clone()),
        name: before.map_or(&plan.name, |before| &before.name).clone(),
        description: plan.description.clone().or_else(|| before?.description.clone()),
        sections,
        extra: Default::default(),
    };
    let folder = match (live, planner.options.folder.as_deref()) {
        (Some(_), None) => None,
        (_, wanted) => Some(folder(&planner.live.folders, wanted)?),
    };
    let entity = match live {
        Some(live) => Personalization { attributes, ..live.clone() },
        None => Personalization {
            id: format!("new:personalization:{}", plan.name),
            kind: PERSONALIZATION_TYPE.to_owned(),
            attributes,
            relationships: folder.map(|folder| in_folder(&folder.id)).unwrap_or_default(),
        },
    };
    Ok((entity, kept))
}

fn sections(
    planner: &Planner<'_>,
    plan: &PersonalizationService,
    live: Option<&Personalization>,
) -> Result<(Vec<Section>, Kept), Error> {
    let gone = &planner.pruning.paths;
    let existing: Vec<Section> =
        live.map_or_else(Vec::new, |live| live.attributes.sections.iter().map(without_blanks).collect());
    let (mut errors, mut wanted, mut all_kept) = (Vec::new(), Vec::new(), Kept::new());
    for section in &plan.sections {
        let before = named(&existing, &section.name, |there| &there.name);
        match section.to_wire(planner, before) {
            Err(messages) => errors.extend(messages),
            Ok(mut after) => {
                let path = section_path(&plan.name, &section.name);
                let keeps = |output: &str| !gone.contains(&join(&path, output));
                let kept = before.map_or_else(Vec::new, |before| keep_outputs(before, &mut after, &keeps));
                all_kept.insert(path, kept);
                wanted.push(after);
            }
        }
    }
    if !errors.is_empty() {
        return Err(wrong_names(&errors, plan, planner));
    }
    // A rule that a live section breaks already is no reason to refuse the plan.
    let attributes = planner.desired.state.attributes.as_slice();
    let before: Vec<_> = payload::check(&existing, attributes);
    let mut violations = payload::check(&wanted, attributes);
    violations.retain(|new| !before.iter().any(|old| old.message == new.message));
    if !violations.is_empty() {
        let lines: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.pointer, v.message)).collect();
        let message =
            format!("the personalization '{}' breaks the platform's rules: {}", plan.name, lines.join("; "));
        return Err(Error::new(Code::InvalidPlan, message));
    }
    let planned = |section: &Section| named(&plan.sections, &section.name, |planned| &planned.name).is_some();
    let stays =
        |section: &Section| planned(section) || !gone.contains(&section_path(&plan.name, &section.name));
    let others: Vec<Section> = existing.into_iter().filter(stays).collect();
    Ok((arrange(wanted, &others), all_kept))
}

/// `relationships` of something new in a folder.
pub fn in_folder(id: &str) -> serde_json::Map<String, serde_json::Value> {
    let folder = json!({"data": {"id": id, "type": FOLDER_TYPE}});
    [("parentFolder".to_owned(), folder)].into_iter().collect()
}

/// A section as the platform takes it: it may show empty arrays, but takes only none.
pub fn without_blanks(section: &Section) -> Section {
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
/// one that takes everyone goes behind new ones, or no profile would reach them.
fn arrange(wanted: Vec<Section>, existing: &[Section]) -> Vec<Section> {
    let added = wanted.iter().any(|section| existing.iter().all(|there| there.name != section.name));
    let mut arranged = wanted;
    let mut previous: Option<&str> = None;
    for section in existing {
        if !arranged.iter().any(|there| there.name == section.name) {
            let behind = previous.and_then(|name| arranged.iter().position(|there| there.name == name));
            let last = added && takes_everyone(section);
            let place = if last { arranged.len() } else { behind.map_or(0, |index| index.saturating_add(1)) };
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn section(name: &str) -> Section {
        serde_json::from_value(json!({"name": name})).unwrap()
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
            let rows: Vec<_> = names.iter().map(|name| json!({"outputName": name})).collect();
            let definition = json!({"catalogPayload": rows, "stringBuilder": [{"outputName": "s",
                "values": [{"type": "String", "value": "x"}]}]});
            let node = json!({"type": "ResponseNode", "definition": definition});
            Section { payload: serde_json::from_value(json!({"n": node})).unwrap(), ..section("a") }
        };
        let mut after = with(&["new"]);
        assert_eq!(keep_outputs(&with(&["old", "new"]), &mut after, &|_| true), ["old"]);
        assert_eq!(after, with(&["old", "new"]), "what both have stays where it was");
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
