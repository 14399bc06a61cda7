//! Whom a section answers, to find one that never does: sections of a personalization are tried in order,
//! and the first that fits answers.

use super::section::replace_names;
use super::{Attribute, Section, default_sub};
use crate::plan::criteria::{Expr, RuleOperand};
use crate::platform::rule::Rule;
use crate::platform::wire;
use std::collections::HashMap;

/// The events and profiles that a section answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The key event: its id, or its name in a plan.
    event: String,
    filter: Rule,
    /// Whether profiles that the batch layer does not know take part; they do by default.
    unknown: bool,
    criteria: Rule,
}

impl Reach {
    /// Of a live section. `None` where no event triggers it.
    pub fn of(section: &wire::Section) -> Option<Self> {
        let entry = section.entry_criteria.as_ref()?;
        let trigger = entry.key_event_criteria.as_ref()?;
        Some(Reach {
            event: trigger.key_event_id.clone(),
            filter: trigger.key_event_filters.clone(),
            unknown: entry.accept_unknown_profiles != Some(false),
            criteria: entry.profile_criteria.clone().unwrap_or_default(),
        })
    }

    /// Why this one leaves nothing for a later one: at least its events and profiles, and no criteria, or
    /// the same ones by what they mean. `None` where something is left.
    fn hides(&self, other: &Reach) -> Option<Why> {
        let same_or_more = self.event == other.event
            && (self.filter.is_everything() || self.filter.same(&other.filter))
            && (self.unknown || !other.unknown);
        match same_or_more {
            true if self.criteria.is_everything() => Some(Why::TakesEveryone),
            true if self.criteria.same(&other.criteria) => Some(Why::SameCriteria),
            _ => None,
        }
    }
}

/// A section that never answers, by its place among those that are tried in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenSection {
    /// The section.
    pub section: usize,
    /// The one before it that answers in its place.
    pub by: usize,
    /// Why.
    pub why: Why,
}

/// Why a section never answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The one before it takes everyone.
    TakesEveryone,
    /// The one before it has the same criteria.
    SameCriteria,
}

impl HiddenSection {
    /// The warning: its code, and the message about the names of both.
    pub fn warning(&self, section: &str, by: &str) -> (&'static str, String) {
        match self.why {
            Why::TakesEveryone => (
                "unreachable-section",
                format!("no visitor reaches the section '{section}': '{by}' before it takes everyone"),
            ),
            Why::SameCriteria => (
                "same-criteria",
                format!("the section '{section}' never answers: '{by}' before it has the same criteria"),
            ),
        }
    }
}

/// The sections that never answer. `None` stands for one of which it is not known whom it answers.
pub fn hidden(sections: &[Option<Reach>]) -> Vec<HiddenSection> {
    let of = |section: usize| {
        let reach = sections.get(section)?.as_ref()?;
        let earlier = sections.iter().take(section).enumerate();
        let hides = earlier
            .filter_map(|(by, it)| Some(HiddenSection { section, by, why: it.as_ref()?.hides(reach)? }));
        // One that takes everyone is the first to be named.
        hides.min_by_key(|hidden| (hidden.why != Why::TakesEveryone, hidden.by))
    };
    (0..sections.len()).filter_map(of).collect()
}

/// The sections of a plan that never answer because of others of the plan.
pub fn hidden_in_plan(attributes: &[Attribute], sections: &[Section]) -> Vec<HiddenSection> {
    let parts = Parts::of(attributes);
    hidden(&sections.iter().map(|section| parts.reach(section)).collect::<Vec<_>>())
}

/// The parts of attributes that criteria mean by a name alone.
struct Parts<'p>(HashMap<&'p str, Option<String>>);

impl<'p> Parts<'p> {
    /// Of the attributes of a plan.
    fn of(attributes: &'p [Attribute]) -> Self {
        let part = |attribute: &Attribute| {
            let wire = attribute.to_wire(&|event| Some(event.to_owned()), None).ok()?;
            default_sub(&wire).map(str::to_owned)
        };
        Parts(attributes.iter().map(|attribute| (attribute.name.as_str(), part(attribute))).collect())
    }

    /// The reach of a section of the plan; ids in it are names. `None` where its criteria have an error.
    fn reach(&self, section: &Section) -> Option<Reach> {
        let criteria = match &section.criteria_rule {
            Some(rule) => Rule::from_json(&replace_names(rule, &mut |name| Some(name.to_owned()))),
            // What stands for criteria that cannot be read.
            None if matches!(&section.criteria, Expr::Or(rules) if rules.is_empty()) => return None,
            None => section.criteria.to_rule(&mut |name| Ok(self.operand(name))).ok()?,
        };
        Some(Reach {
            event: section.trigger_event.clone(),
            filter: section.trigger_filter.clone().unwrap_or_default(),
            unknown: section.accept_unknown_profiles != Some(false),
            criteria,
        })
    }

    fn operand(&self, name: &str) -> RuleOperand {
        let (head, sub) = match name.rsplit_once('.') {
            Some((head, sub)) if !self.0.contains_key(name) && self.0.contains_key(head) => {
                (head, Some(sub.to_owned()))
            }
            _ => (name, self.0.get(name).cloned().flatten()),
        };
        RuleOperand::Attribute { id: head.to_owned(), sub }
    }
}
