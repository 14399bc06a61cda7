//! Items by the paths under which it is noted who made them.

use crate::plan::difference::join;
use crate::plan::nearest::same_name;
use crate::plan::rename::{NamedThing, things};
use crate::plan::{Configuration, Plan, import_of};
use crate::platform::wire::Section;
use std::collections::{BTreeMap, BTreeSet};

/// In front of a batch segment's id.
pub const SEGMENT: &str = "batch segment ";
/// In front of a fixed string, which has no id.
pub const TEXT: &str = "text:";

/// Items by their path, such as `attributes.page_views_24h`, with the platform's id where there is
/// one.
pub type Items = BTreeMap<String, Option<String>>;

/// Everything that is configured, by path. Keys that the platform set belong to no plan.
pub fn items(configuration: &Configuration) -> Items {
    let mut items = Items::new();
    let setting = &configuration.setting;
    for table in &setting.event_tables {
        items.insert(join("event_tables", &table.to_string()), None);
    }
    for key in setting.key_columns.iter().filter(|key| !key.internal) {
        items.insert(join("id_stitching", &key.name), None);
    }
    items.extend(configuration.events.iter().map(|event| (join("events", &event.name), event.id.clone())));
    let attributes = configuration.attributes.iter();
    items.extend(attributes.map(|attribute| (join("attributes", &attribute.name), attribute.id.clone())));
    for service in &configuration.services {
        items.insert(join("services", &service.name), service.id.clone());
    }
    for entity in &configuration.personalizations {
        let path = join("personalizations", &entity.attributes.name);
        for section in &entity.attributes.sections {
            let path = section_path(&entity.attributes.name, &section.name);
            items.extend(outputs(section).map(|(_, output)| (join(&path, &output), None)));
            items.insert(path, None);
        }
        items.insert(path, Some(entity.id.clone()));
    }
    for journey in &configuration.journeys {
        items.insert(join("journeys", &journey.attributes.name), Some(journey.id.clone()));
    }
    items
}

/// The same, with the values of fixed strings in the place of an id: one with another value since is not the
/// plan's.
pub fn marked(configuration: &Configuration) -> Items {
    let mut items = items(configuration);
    let entities = configuration.personalizations.iter().map(|entity| &entity.attributes);
    for (name, section) in entities.flat_map(|it| it.sections.iter().map(|section| (&it.name, section))) {
        let path = section_path(name, &section.name);
        let nodes = section.payload.iter().flat_map(|nodes| nodes.values());
        items.extend(nodes.flat_map(|node| node.definition.string_builder.iter().flatten()).map(|text| {
            let says: String = text.values.iter().map(|part| part.value.as_str()).collect();
            (join(&path, &text.output_name), Some(format!("{TEXT}{says}")))
        }));
    }
    items
}

/// Items that are noted under old names, under the new ones: of a configuration whose things have others.
pub fn renamed_items(noted: Items, before: &Configuration, after: &Configuration) -> Items {
    let both = things(before).into_iter().zip(things(after));
    let mut paths: Vec<(String, String)> = both.map(|(old, new)| (path(&old), path(&new))).collect();
    paths.retain(|(old, new)| old != new);
    // A section's path begins with that of its personalization, and is the longer one.
    paths.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    let renamed = |path: String| {
        let new = paths.iter().find_map(|(old, new)| {
            let rest = path.strip_prefix(old.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{new}{rest}"))
        });
        new.unwrap_or(path)
    };
    noted.into_iter().map(|(path, id)| (renamed(path), id)).collect()
}

/// Where a thing is noted.
fn path(thing: &NamedThing<'_>) -> String {
    match (thing.kind, thing.personalization) {
        ("section", Some(personalization)) => section_path(personalization, thing.name),
        (kind, _) => join(&format!("{kind}s"), thing.name),
    }
}

/// The path of a section.
pub fn section_path(personalization: &str, section: &str) -> String {
    join(&join("personalizations", personalization), section)
}

/// The output name of a batch segment's membership, which has none of its own.
pub fn segment_output(id: &str) -> String {
    format!("{SEGMENT}{id}")
}

/// The output names of a section's attributes, fixed strings, catalog rows and batch segments, each with the
/// list of a plan that has it.
pub fn outputs(section: &Section) -> impl Iterator<Item = (&'static str, String)> {
    let definitions = section.payload.iter().flat_map(|nodes| nodes.values()).map(|node| &node.definition);
    definitions.flat_map(|definition| {
        let attributes = definition.attribute_payload.iter().flatten().map(|item| item.output_name.clone());
        let texts = definition.string_builder.iter().flatten().map(|item| item.output_name.clone());
        let segments = definition.segment_payload.iter().flat_map(|payload| &payload.batch_segments);
        let catalogs = definition.catalog_payload.iter().flat_map(|payload| payload.lookups());
        let rows = catalogs.filter_map(|lookup| lookup.output_name.clone());
        let segments = segments.map(|segment| segment_output(&segment.id));
        let attributes = attributes.map(|name| ("attributes", name));
        let attributes = attributes.chain(texts.map(|name| ("strings", name)));
        let attributes = attributes.chain(rows.map(|name| ("catalogs", name)));
        attributes.chain(segments.map(|name| ("batch_segments", name)))
    })
}

/// Everything that a plan names, by path. An import goes by the name that it has where it is live.
pub fn named(plan: &Plan, live: &Configuration) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for event in &plan.events {
        named.insert(join("events", &event.name));
        named.insert(join("event_tables", &event.event_table().to_string()));
    }
    named.extend(plan.event_tables.iter().map(|table| join("event_tables", &table.to_string())));
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    named.extend(keys.map(|key| join("id_stitching", &key.name)));
    named.extend(plan.attributes.iter().map(|attribute| join("attributes", &attribute.name)));
    let imports = plan.attributes.iter().filter_map(|attribute| attribute.imported_column());
    let imports =
        imports.filter_map(|column| import_of(column, &live.attributes, &live.setting.batch_attributes));
    named.extend(imports.map(|attribute| join("attributes", &attribute.name)));
    named.extend(plan.journeys.iter().map(|journey| join("journeys", &journey.name)));
    for personalization in &plan.personalizations {
        if personalization.wants_service() {
            named.insert(join("services", &personalization.name));
        }
        if personalization.wants_entity() {
            named.insert(join("personalizations", &personalization.name));
        }
        for section in &personalization.sections {
            let path = section_path(&personalization.name, &section.name);
            named.extend(section.attributes.iter().map(|output| join(&path, &output.output_name)));
            named.extend(section.catalogs.iter().flatten().map(|catalog| join(&path, &catalog.output_name)));
            named.extend(section.strings.iter().map(|(output, _)| join(&path, output)));
            let segments = section.batch_segments.iter().filter_map(|name| {
                live.segments.iter().find(|segment| segment.id == *name || same_name(&segment.name, name))
            });
            named.extend(segments.map(|segment| join(&path, &segment_output(&segment.id))));
            named.insert(path);
        }
    }
    named
}
