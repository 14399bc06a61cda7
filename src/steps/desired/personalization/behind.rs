//! New sections that never answer, because they will stand behind a live one with the same criteria.

use crate::plan::nearest::named;
use crate::plan::{Finding, PersonalizationService, Reach, Section, Severity};
use crate::platform::wire::{Personalization, Section as WireSection};
use crate::steps::desired::Planner;
use crate::steps::ownership::section_path;

/// A warning for each new section of the plan behind one that the plan does not name. Among those of the
/// plan that is found offline.
pub(in crate::steps) fn behind_live(
    planner: &Planner<'_>,
    plan: &PersonalizationService,
    entity: &Personalization,
) -> Vec<Finding> {
    let there = &planner.live.state.personalizations;
    let Some(existing) = named(there, &plan.name, |there| &there.attributes.name) else { return Vec::new() };
    let is_new = |section: &&Section| {
        named(&existing.attributes.sections, &section.name, |there| &there.name).is_none()
    };
    let sections = &entity.attributes.sections;
    let found = plan.sections.iter().filter(is_new).filter_map(|section| {
        let place = sections.iter().position(|there| there.name == section.name)?;
        let reach = Reach::of(sections.get(place)?)?;
        let stays = |there: &&WireSection| {
            named(&plan.sections, &there.name, |planned| &planned.name).is_none()
                && Reach::of(there).is_some_and(|earlier| earlier.covers(&reach))
        };
        let earlier = sections.iter().take(place).find(stays)?;
        let message = format!(
            "the section '{}' never answers: '{}' before it has the same criteria, is live and stays",
            section.name, earlier.name
        );
        let fix = format!(
            "add renamed_from: {} if it is that section; else change its criteria, or delete the other one: --prune-item {}",
            earlier.name,
            section_path(&plan.name, &earlier.name)
        );
        let said = planner.document.says(&section.at, &["criteria"]);
        let pointer = if said { format!("{}/criteria", section.at) } else { section.at.clone() };
        Some(Finding::new("same-criteria", Severity::Warning, &pointer, message).with_fix(Some(fix)))
    });
    found.collect()
}
