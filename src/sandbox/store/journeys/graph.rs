//! The steps of a stage as a graph: their targets, cycles and unreachable steps.

use crate::platform::wire::RealtimeJourneyStage;
use crate::sandbox::refusal::{Problem, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// The root and every `next` is a step of the same stage, and there are no cycles.
pub fn check(problems: &mut Vec<Problem>, at: &str, stage: &RealtimeJourneyStage) {
    let before = problems.len();
    if let Some(root) = stage.root_step.as_deref().filter(|root| !stage.steps.contains_key(*root)) {
        let message = format!("Root step '{root}' is no step of this stage");
        problems.push(Problem::at(Reason::StageRootStepMissing, format!("{at}/rootStep"), message));
    }
    for (key, step) in &stage.steps {
        for next in step.next().into_iter().filter(|next| !stage.steps.contains_key(*next)) {
            let message = format!("'{next}', which comes next, is no step of this stage");
            problems.push(Problem::at(Reason::StepNextMissing, format!("{at}/steps/{key}"), message));
        }
    }
    if problems.len() == before
        && let Some(key) = on_cycle(stage)
    {
        let message = "Steps must not lead back to themselves";
        problems.push(Problem::at(Reason::StepsCycle, format!("{at}/steps/{key}"), message));
    }
}

/// A step on a cycle. Removes steps that nothing leads to until only cycles and what comes after
/// them are left, then goes back until it is on one.
fn on_cycle(stage: &RealtimeJourneyStage) -> Option<&str> {
    let leads: Vec<(&str, &str)> = stage
        .steps
        .iter()
        .flat_map(|(key, step)| step.next().into_iter().map(move |next| (key.as_str(), next)))
        .collect();
    let mut waiting: BTreeMap<&str, usize> = stage.steps.keys().map(|key| (key.as_str(), 0)).collect();
    for (_, next) in &leads {
        let count = waiting.entry(next).or_default();
        *count = count.saturating_add(1);
    }
    let mut free: Vec<&str> = waiting.iter().filter(|(_, count)| **count == 0).map(|(key, _)| *key).collect();
    while let Some(key) = free.pop() {
        waiting.remove(key);
        for next in stage.steps.get(key).into_iter().flat_map(|step| step.next()) {
            if let Some(count) = waiting.get_mut(next) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    free.push(next);
                }
            }
        }
    }
    // Every step that is left has one before it that is left.
    let before: BTreeMap<&str, &str> = leads
        .into_iter()
        .filter(|(key, _)| waiting.contains_key(key))
        .map(|(key, next)| (next, key))
        .collect();
    let last = *waiting.keys().next()?;
    Some((0..waiting.len()).fold(last, |key, _| before.get(key).copied().unwrap_or(key)))
}

/// Keys of the unreachable steps.
pub fn unreachable(stage: &RealtimeJourneyStage) -> Vec<&str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = stage.root_step.as_deref().into_iter().collect();
    while let Some(key) = open.pop() {
        if seen.insert(key) {
            open.extend(stage.steps.get(key).into_iter().flat_map(|step| step.next()));
        }
    }
    stage.steps.keys().map(String::as_str).filter(|key| !seen.contains(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stage(leads: &[(&str, &str)]) -> RealtimeJourneyStage {
        let wait =
            |next: &str| json!({"type": "WaitStep", "waitStep": 1, "waitStepUnit": "day", "next": next});
        let mut steps: serde_json::Map<_, _> =
            leads.iter().map(|(key, next)| ((*key).to_owned(), wait(next))).collect();
        for (_, next) in leads {
            steps.entry(*next).or_insert_with(|| json!({"type": "End"}));
        }
        let root = leads.first().map(|(key, _)| *key);
        serde_json::from_value(json!({"name": "x", "steps": steps, "rootStep": root})).unwrap()
    }

    #[test]
    fn a_cycle_is_found_where_it_is() {
        let check = |leads: &[(&str, &str)]| {
            let mut problems = Vec::new();
            super::check(&mut problems, "", &stage(leads));
            problems.into_iter().filter_map(|problem| problem.pointer).collect::<Vec<_>>()
        };
        assert!(check(&[("a", "b"), ("b", "c")]).is_empty());
        // Only steps on a cycle are reported.
        for (leads, around) in [
            (vec![("r", "x"), ("x", "y"), ("y", "x")], ["/steps/x", "/steps/y"]),
            (vec![("x", "x")], ["/steps/x", "/steps/x"]),
        ] {
            let found = check(&leads);
            assert!(found.len() == 1 && around.contains(&found[0].as_str()), "{leads:?}: {found:?}");
        }
    }

    #[test]
    fn steps_that_nothing_leads_to_are_reported() {
        assert_eq!(unreachable(&stage(&[("a", "b"), ("c", "b")])), ["c"]);
    }
}
