//! Items that a plan gives a new name, and that another plan names by the old one.

use super::Ownership;
use crate::error::Error;
use crate::plan::difference::join;
use crate::plan::rename::renamed;
use crate::plan::{Configuration, Finding, Plan, Severity};
use crate::steps::items::{Items, items, section_path};

/// An item that the plan says had another name.
struct Renamed<'p> {
    what: &'static str,
    from: &'p str,
    to: &'p str,
    at: &'p str,
    /// Its old and its new paths; see [`items`].
    paths: Vec<[String; 2]>,
}

/// A warning for each item that gets a new name, as far as another plan names it in the same parent segment:
/// the next `apply` of that plan makes another one of the old name, or is refused.
pub fn renamed_elsewhere(
    plan: &Plan,
    live: &Configuration,
    ownership: &Ownership,
) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    let all = all(plan, live);
    if all.is_empty() {
        return Ok(found);
    }
    let (before, after) = (items(live), items(&renamed(plan, live).0));
    let has = |items: &Items, path: &String| items.contains_key(path);
    for Renamed { what, from, to, at, paths } in all {
        let gets_it = |[old, new]: &&[String; 2]| {
            has(&before, old) && !has(&after, old) && has(&after, new) && !has(&before, new)
        };
        let old: Vec<&String> = paths.iter().filter(gets_it).map(|[old, _]| old).collect();
        let plans = ownership.others_that_name(&old)?;
        if plans.is_empty() {
            continue;
        }
        let plans: Vec<String> = plans.iter().map(|plan| format!("'{plan}'")).collect();
        let message = format!(
            "the {what} '{from}' gets the name '{to}', and is '{from}' in other plans: {}; their next apply makes another '{from}', or is refused",
            plans.join(", ")
        );
        let fix = format!(
            "change the name there as well, with renamed_from: {}, before they are applied",
            join("", from)
        );
        let finding =
            Finding::new("renamed-elsewhere", Severity::Warning, &format!("{at}/renamed_from"), message);
        found.push(finding.with_fix(Some(fix)));
    }
    Ok(found)
}

fn all<'p>(plan: &'p Plan, live: &Configuration) -> Vec<Renamed<'p>> {
    let mut all = Vec::new();
    let mut add = |what,
                   (from, to, at): (&'p Option<String>, &'p str, &'p str),
                   path: &dyn Fn(&str, bool) -> Vec<String>| {
        let Some(from) = from.as_deref() else { return };
        let paths = path(from, false).into_iter().zip(path(to, true)).map(|(old, new)| [old, new]);
        all.push(Renamed { what, from, to, at, paths: paths.collect() });
    };
    let one = |list: &'static str| move |name: &str, _| vec![join(list, name)];
    for it in &plan.events {
        add("event", (&it.renamed_from, &it.name, &it.at), &one("events"));
    }
    for it in &plan.attributes {
        add("attribute", (&it.renamed_from, &it.name, &it.at), &one("attributes"));
    }
    for it in &plan.journeys {
        add("journey", (&it.renamed_from, &it.name, &it.at), &one("journeys"));
    }
    for it in &plan.personalizations {
        let paths = |name: &str, _| vec![join("personalizations", name), join("services", name)];
        add("personalization", (&it.renamed_from, &it.name, &it.at), &paths);
        // Its sections are noted under the name that it has until now.
        let is_live = |name: &str| live.personalizations.iter().any(|there| there.attributes.name == name);
        let whole = it.renamed_from.as_deref().filter(|old| is_live(old) && !is_live(&it.name));
        for section in &it.sections {
            let path = |name: &str, new: bool| {
                let of = if new { &it.name } else { whole.unwrap_or(&it.name) };
                vec![section_path(of, name)]
            };
            add("section", (&section.renamed_from, &section.name, &section.at), &path);
        }
    }
    all
}
