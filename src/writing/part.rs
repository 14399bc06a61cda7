//! The parts of a plan.

use crate::plan::Plan;
use crate::steps::live::Parts;

/// The part of a plan that a step carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Event tables and key events.
    Events,
    /// Stitching keys and the external lookup key.
    Keys,
    /// Attributes.
    Attributes,
    /// Services and personalizations.
    Personalizations,
    /// Journeys.
    Journeys,
}

impl Part {
    /// The plan without its other parts.
    pub fn of(self, plan: &Plan) -> Plan {
        let Plan { parent_segment_id, parent_segment_name, .. } = plan.clone();
        let mut part = Plan { parent_segment_id, parent_segment_name, ..Plan::default() };
        match self {
            Part::Events => {
                part.events.clone_from(&plan.events);
                part.event_tables.clone_from(&plan.event_tables);
            }
            Part::Keys => part.id_stitching.clone_from(&plan.id_stitching),
            Part::Attributes => part.attributes.clone_from(&plan.attributes),
            Part::Personalizations => part.personalizations.clone_from(&plan.personalizations),
            Part::Journeys => part.journeys.clone_from(&plan.journeys),
        }
        part
    }

    /// Whether the plan has nothing of it.
    pub fn is_empty(self, plan: &Plan) -> bool {
        match self {
            Part::Events => plan.events.is_empty(),
            Part::Keys => plan.id_stitching.is_none(),
            Part::Attributes => plan.attributes.is_empty(),
            Part::Personalizations => plan.personalizations.is_empty(),
            Part::Journeys => plan.journeys.is_empty(),
        }
    }

    /// What is read for it.
    pub fn parts(self, plan: &Plan) -> Parts {
        match self {
            Part::Events => Parts::EVENTS,
            Part::Keys => Parts::AUDIENCE,
            Part::Attributes | Part::Personalizations | Part::Journeys => Parts::of(plan),
        }
    }

    /// The command that carries it out.
    pub fn command(self) -> &'static str {
        match self {
            Part::Events => "rt-events",
            Part::Keys => "rt-keys",
            Part::Attributes => "rt-attrs",
            Part::Personalizations => "pz-create",
            Part::Journeys => "journey-create",
        }
    }
}
