//! Whom a section answers, to find one that never does: sections of a personalization are tried in order,
//! and the first that fits answers.

use super::criteria::{Expr, RuleOperand};
use super::model::section::replace_names;
use super::model::{Attribute, Section, default_sub};
use crate::platform::rule::Rule;
use crate::platform::wire;
use std::collections::HashMap;

/// The events and profiles that a section answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The key event: its id, or its name in a plan.
    event: String,
    filter: Rule,
    /// Whether profiles that the batch layer does not know take part; they do unless it is said.
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

    /// Whether nothing is left of the other one behind it: the same criteria, by what they mean, and at
    /// least its events.
    pub fn covers(&self, other: &Reach) -> bool {
        self.event == other.event
            && (self.filter.is_everything() || self.filter.same(&other.filter))
            && (self.unknown || !other.unknown)
            && self.criteria.same(&other.criteria)
    }
}

/// The parts of attributes that criteria mean by a name alone.
pub(super) struct Parts<'p>(HashMap<&'p str, Option<String>>);

impl<'p> Parts<'p> {
    /// Of the attributes of a plan.
    pub(super) fn of(attributes: &'p [Attribute]) -> Self {
        let part = |attribute: &Attribute| {
            let wire = attribute.to_wire(&|event| Some(event.to_owned()), None).ok()?;
            default_sub(&wire).map(str::to_owned)
        };
        Parts(attributes.iter().map(|attribute| (attribute.name.as_str(), part(attribute))).collect())
    }

    /// The reach of a section of the plan; ids in it are names. `None` where its criteria have an error.
    pub(super) fn reach(&self, section: &Section) -> Option<Reach> {
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
