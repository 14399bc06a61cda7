//! The error about names that do not exist, with where to look for them.

use crate::error::{Code, Error};
use crate::plan::{Lookup, PersonalizationService, shell_word};
use crate::steps::desired::Planner;
use std::collections::HashSet;

pub(super) fn wrong_names(errors: &[String], plan: &PersonalizationService, names: &Planner<'_>) -> Error {
    let batch = &names.live.batch;
    let error = Error::new(Code::InvalidPlan, errors.join("\n"));
    let named = plan.sections.iter().flat_map(|section| {
        section
            .attributes
            .iter()
            .map(|o| o.attribute.clone())
            .chain(section.criteria.names().into_iter().map(|name| name.text.clone()))
    });
    let mut seen = HashSet::new();
    let importable: Vec<String> = named
        .filter(|name| names.attribute(name).is_none() && batch.iter().any(|b| b.name == *name))
        .filter(|name| seen.insert(name.clone()))
        .collect();
    if importable.is_empty() {
        return error.hint(hint_of(errors, names));
    }
    let flags: Vec<_> = importable.iter().map(|name| format!("--import {}", shell_word(name))).collect();
    let ps = shell_word(&names.live.ps);
    error.hint(format!(
        "{} only in the batch layer; import first: tdx-rt rt-attrs --ps {ps} {} (in a plan: type: imported_batch)",
        if importable.len() == 1 {
            format!("'{}' is", importable.join(""))
        } else {
            format!("'{}' are", importable.join("', '"))
        },
        flags.join(" ")
    ))
}

/// Where to look for what does not exist.
fn hint_of(errors: &[String], names: &Planner<'_>) -> String {
    let about = |what: &str| errors.iter().any(|error| error.contains(&format!("there is no {what} '")));
    let (mut hints, ps) = (Vec::new(), shell_word(&names.live.ps));
    if about("batch segment") {
        hints.push(match names.live.state.segments.as_slice() {
            [] => "the parent segment has no batch segments; make them in the console".to_owned(),
            segments => {
                let names: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
                format!("the parent segment has the batch segments: {}", names.join(", "))
            }
        });
    }
    if about("key event") {
        hints.push(format!("`tdx-rt rt-events list --ps {ps}` lists the key events"));
    }
    if about("attribute") || hints.is_empty() {
        hints.push(format!("`tdx-rt rt-attrs list --ps {ps}` lists the attributes"));
    }
    hints.join("\n")
}
