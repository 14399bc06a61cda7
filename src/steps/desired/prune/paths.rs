//! Paths as they are shown, and as people write them.

use crate::error::{Code, Error};
use crate::plan::Configuration;
use crate::plan::difference::join;
use crate::plan::nearest::{meant, nearest};
use crate::steps::items::{Items, outputs, section_path, segment_output};
use std::collections::{BTreeMap, BTreeSet};

/// How paths of items are shown: as the changes of `diff` spell them, which is how a plan has its parts. A
/// service by itself, which is no part of a plan, is `services.NAME`.
#[derive(Debug)]
pub struct Spelling(BTreeMap<String, String>);

impl Spelling {
    /// Of what a configuration has.
    pub fn of(live: &Configuration) -> Self {
        let mut shown = BTreeMap::new();
        for key in &live.setting.key_columns {
            let path = join("id_stitching.stitching_keys", &key.name);
            shown.insert(join("id_stitching", &key.name), path);
        }
        for entity in &live.personalizations {
            let name = &entity.attributes.name;
            shown.insert(join("personalizations", name), join("personalization_services", name));
            for section in &entity.attributes.sections {
                let (path, section_shown) =
                    (section_path(name, &section.name), shown_section(name, &section.name));
                for (list, output) in outputs(section) {
                    let segment = live.segments.iter().find(|segment| segment_output(&segment.id) == output);
                    let output_shown = segment.map_or(&output, |segment| &segment.name);
                    shown.insert(join(&path, &output), join(&join(&section_shown, list), output_shown));
                }
                shown.insert(path, section_shown);
            }
        }
        Spelling(shown)
    }

    /// How a path is shown.
    pub fn shown(&self, path: &str) -> String {
        self.0.get(path).map_or(path, String::as_str).to_owned()
    }
}

impl Spelling {
    /// A path that `--prune-item` takes for this item and no other: a personalization as it is shown is the
    /// one with its service.
    pub fn exact(&self, path: &str) -> String {
        match path.starts_with("personalizations.") && !self.shown(path).contains(".sections.") {
            true => path.to_owned(),
            false => self.shown(path),
        }
    }
}

/// How the path of a section is shown.
pub fn shown_section(personalization: &str, section: &str) -> String {
    join(&join(&join("personalization_services", personalization), "sections"), section)
}

/// The items that a path of the command line names: as it is shown, or as earlier versions showed it.
pub(super) fn find(
    wanted: &str,
    live: &Configuration,
    there: &Items,
    named: &BTreeSet<String>,
) -> Result<Vec<String>, Error> {
    let spelling = Spelling::of(live);
    let fits = |path: &&String| {
        *path == wanted || spelling.shown(path) == wanted || also(path).as_deref() == Some(wanted)
    };
    let found: Vec<String> = there.keys().filter(fits).cloned().collect();
    if let Some(path) = found.iter().find(|path| named.contains(*path)) {
        let shown = spelling.shown(path);
        return Err(Error::new(Code::Usage, format!("'{shown}' can't be deleted: the plan names it")));
    }
    if found.is_empty() {
        let error = Error::new(Code::NotFound, format!("there is no '{wanted}' to delete"));
        let known: Vec<String> = there.keys().flat_map(|path| [spelling.shown(path), path.clone()]).collect();
        return Err(match nearest(wanted, known.iter().map(String::as_str)) {
            Some(near) => error.hint(meant(wanted, near)),
            None => error.hint("`tdx-rt export` shows what there is; items are named like attributes.NAME"),
        });
    }
    Ok(found)
}

/// What else stands for a path: a table without quotes, and the item of a plan that a service is a part of.
fn also(path: &str) -> Option<String> {
    let (kind, rest) = path.split_once('.')?;
    match kind {
        "event_tables" => Some(format!("event_tables.{}", rest.trim_matches('"'))),
        "services" => Some(format!("personalization_services.{rest}")),
        _ => None,
    }
}
