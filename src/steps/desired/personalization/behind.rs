//! Sections that will never answer, because of those that stand before them where it is applied.

use crate::plan::difference::join;
use crate::plan::nearest::named;
use crate::plan::{
    Finding, HiddenSection, PersonalizationService, Reach, Section, Severity, Why, hidden, hidden_in_plan,
    shell_word,
};
use crate::platform::wire::{Personalization, Section as WireSection};
use crate::steps::desired::Planner;
use crate::steps::desired::prune::shown_section;

/// A warning for each section of the plan behind a live one that stays, and for each live one behind one of
/// the plan that answered before. `entity` has all of them in the order that will be. What the plan's
/// sections do to each other is found offline.
pub(in crate::steps) fn never_reached(
    planner: &Planner<'_>,
    plan: &PersonalizationService,
    entity: &Personalization,
) -> Vec<Finding> {
    let there = &planner.live.state.personalizations;
    let live = named(there, &plan.name, |there| &there.attributes.name);
    let live: &[WireSection] = live.map_or(&[], |live| &live.attributes.sections);
    let name = |sections: &[WireSection], place: usize| sections.get(place).map(|it| it.name.clone());
    let before: Vec<_> = found(live).iter().filter_map(|hidden| name(live, hidden.section)).collect();
    let offline = hidden_in_plan(&planner.whole.attributes, &plan.sections);
    let offline: Vec<&str> =
        offline.iter().filter_map(|it| Some(plan.sections.get(it.section)?.name.as_str())).collect();
    let sections = &entity.attributes.sections;
    let warning = |hidden: HiddenSection| {
        let (section, by) = (name(sections, hidden.section)?, name(sections, hidden.by)?);
        let planned = |wanted: &str| named(&plan.sections, wanted, |planned| &planned.name);
        let is_new = named(live, &section, |there| &there.name).is_none();
        let path = |section: &str| shell_word(&shown_section(&entity.attributes.name, section));
        let (at, more, fix) = match (planned(&section), planned(&by)) {
            (Some(own), _) if offline.contains(&own.name.as_str()) => return None,
            (Some(own), None) => (own, ", is live and stays", fix_own(hidden.why, is_new, &by, &path(&by))),
            (Some(own), Some(_)) => (own, "", "change the criteria of one of them".to_owned()),
            (None, Some(by)) if !before.contains(&section) => {
                (by, "; it is live and not in the plan", fix_live(hidden.why, by, &section, &path(&section)))
            }
            (None, _) => return None,
        };
        let (code, message) = hidden.warning(&section, &by);
        let has_criteria = planner.document.gives(&at.at, &["criteria"]);
        let pointer = if has_criteria { format!("{}/criteria", at.at) } else { at.at.clone() };
        Some(Finding::new(code, Severity::Warning, &pointer, message + more).with_fix(Some(fix)))
    };
    found(sections).into_iter().filter_map(warning).collect()
}

fn found(sections: &[WireSection]) -> Vec<HiddenSection> {
    hidden(&sections.iter().map(Reach::of).collect::<Vec<_>>())
}

/// What to do about a section of the plan behind a live one that the plan does not name.
fn fix_own(why: Why, is_new: bool, by: &str, path: &str) -> String {
    let delete = format!("or delete '{by}': --prune-item {path}");
    match why {
        Why::TakesEveryone => format!("name '{by}' in the plan behind it, {delete}"),
        Why::SameCriteria if is_new => {
            format!(
                "add renamed_from: {} if it is that section; else change its criteria, {delete}",
                join("", by)
            )
        }
        Why::SameCriteria => format!("change its criteria, {delete}"),
    }
}

/// What to do about a live section behind one of the plan.
fn fix_live(why: Why, by: &Section, section: &str, path: &str) -> String {
    let delete = format!("or delete it: --prune-item {path}");
    match why {
        Why::TakesEveryone => format!("name '{section}' in the plan before '{}', {delete}", by.name),
        Why::SameCriteria => format!("change the criteria of '{}', {delete}", by.name),
    }
}
