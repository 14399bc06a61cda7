//! Which journeys lead to which.

use crate::platform::wire::{
    RealtimeJourneyExitCriteria, RealtimeJourneyJumpTarget, RealtimeJourneyStage, RealtimeJourneyStep,
};
use crate::sandbox::store::journey::StoredJourney;

/// An exit of a journey into another (or the same).
#[derive(Debug, Clone, Copy)]
pub struct Jump<'a> {
    /// The stage that it leaves; `None` for the goal, which belongs to all of them.
    pub from: Option<&'a RealtimeJourneyStage>,
    /// `goal`, `exit_criteria` or `jump_step` (contract).
    pub kind: &'static str,
    /// Its display name.
    pub name: Option<&'a str>,
    /// Where it leads.
    pub target: &'a RealtimeJourneyJumpTarget,
}

impl StoredJourney {
    /// All its exits.
    pub fn jumps(&self) -> Vec<Jump<'_>> {
        let mut found = Vec::new();
        if let Some((goal, target)) =
            self.attributes.goal.as_ref().and_then(|g| Some((g, g.target.as_ref()?)))
        {
            found.push(Jump { from: None, kind: "goal", name: Some(&goal.criteria.name), target });
        }
        for stage in self.stages() {
            for exit in &stage.exit_criterias {
                if let RealtimeJourneyExitCriteria::Custom(exit) = exit
                    && let Some(target) = &exit.target
                {
                    let name = exit.name.as_deref();
                    found.push(Jump { from: Some(stage), kind: "exit_criteria", name, target });
                }
            }
            for step in stage.steps.values() {
                if let RealtimeJourneyStep::Jump(step) = step
                    && let Some(target) = &step.target
                {
                    let name = step.name.as_deref();
                    found.push(Jump { from: Some(stage), kind: "jump_step", name, target });
                }
            }
        }
        found
    }

    /// All jump targets, to change.
    pub(super) fn targets_mut(&mut self) -> Vec<&mut RealtimeJourneyJumpTarget> {
        let attributes = &mut self.attributes;
        let mut found: Vec<_> = attributes.goal.iter_mut().filter_map(|goal| goal.target.as_mut()).collect();
        for stage in &mut attributes.realtime_journey_stages {
            found.extend(stage.exit_criterias.iter_mut().filter_map(|exit| match exit {
                RealtimeJourneyExitCriteria::Custom(exit) => exit.target.as_mut(),
                RealtimeJourneyExitCriteria::Stale(_) => None,
            }));
            found.extend(stage.steps.values_mut().filter_map(|step| match step {
                RealtimeJourneyStep::Jump(step) => step.target.as_mut(),
                _ => None,
            }));
        }
        found
    }
}
