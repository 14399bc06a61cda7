//! The steps of a stage as the wire has them, a graph, seen as the nested lists that a plan has.

use crate::platform::wire::{RealtimeJourneyStage, RealtimeJourneyStep};
use std::collections::BTreeSet;

/// How deep branchings may be nested; a graph that goes in circles has no form in a plan.
const DEPTH: usize = 50;

/// The merge step after which the list of a branching step continues. Branches come together at the first
/// merge that all of them reach; the others must end explicitly (`End`, `Jump`). Where all but one end, the
/// list continues at the first merge of that one which is not its own.
/// `None` when nothing follows the branches.
pub fn join<'s>(stage: &'s RealtimeJourneyStage, branches: &[Option<&'s str>]) -> Option<&'s str> {
    join_at(stage, branches, 0)
}

fn join_at<'s>(
    stage: &'s RealtimeJourneyStage,
    branches: &[Option<&'s str>],
    depth: usize,
) -> Option<&'s str> {
    if depth > DEPTH {
        return None;
    }
    let reached: Vec<BTreeSet<&str>> = branches.iter().map(|first| merges(stage, *first)).collect();
    let shares = |index: usize, own: &BTreeSet<&str>| {
        reached.iter().enumerate().any(|(other, merges)| other != index && !own.is_disjoint(merges))
    };
    let (together, alone): (Vec<usize>, Vec<usize>) =
        (0..branches.len()).partition(|index| reached.get(*index).is_some_and(|own| shares(*index, own)));
    let first_of = |index: &usize| branches.get(*index).copied().flatten();
    let ends = |index: &usize| first_of(index).is_some_and(|first| ends_at(stage, first, None));
    let Some(one) = together.first() else {
        let mut on = alone.iter().filter_map(|index| Some((index, outer(stage, first_of(index)?, depth)?)));
        let (goes_on, merge) = on.next()?;
        let others = alone.iter().filter(|index| *index != goes_on);
        return (on.next().is_none() && others.into_iter().all(ends)).then_some(merge);
    };
    if !alone.iter().all(ends) {
        return None;
    }
    let fits = |merge: &&str| {
        together.iter().all(|index| {
            let comes = reached.get(*index).is_some_and(|merges| merges.contains(merge));
            comes && first_of(index).is_some_and(|first| ends_at(stage, first, Some(merge)))
        })
    };
    let fitting: Vec<&str> = reached.get(*one)?.iter().copied().filter(fits).collect();
    fitting.iter().copied().find(|first| {
        let after = merges(stage, Some(first));
        fitting.iter().all(|other| after.contains(other))
    })
}

/// The first merge on the path from a step at which no branching of this path comes together.
fn outer<'s>(stage: &'s RealtimeJourneyStage, first: &'s str, depth: usize) -> Option<&'s str> {
    let mut key = first;
    for _ in 0..=stage.steps.len() {
        let branches: Vec<Option<&str>> = match stage.steps.get(key)? {
            RealtimeJourneyStep::WaitStep(step) => {
                key = step.next.as_deref()?;
                continue;
            }
            RealtimeJourneyStep::TriggeredActivation(step) => {
                key = step.next.as_deref()?;
                continue;
            }
            RealtimeJourneyStep::Merge(_) => return Some(key),
            RealtimeJourneyStep::DecisionPoint(step) => {
                step.branches.iter().map(|branch| branch.next.as_deref()).collect()
            }
            RealtimeJourneyStep::Variant(step) => {
                step.branches.iter().map(|variant| variant.next.as_deref()).collect()
            }
            _ => return None,
        };
        match stage.steps.get(join_at(stage, &branches, depth.saturating_add(1))?)? {
            RealtimeJourneyStep::Merge(merge) => key = merge.next.as_deref()?,
            _ => return None,
        }
    }
    None
}

/// The merges that can be reached from a step on, with itself.
fn merges<'s>(stage: &'s RealtimeJourneyStage, first: Option<&'s str>) -> BTreeSet<&'s str> {
    let mut seen = BTreeSet::new();
    if let Some(first) = first {
        follow(stage, first, None, &mut seen);
    }
    seen.retain(|key| matches!(stage.steps.get(*key), Some(RealtimeJourneyStep::Merge(_))));
    seen
}

/// Whether every path from a step reaches `stop` or ends explicitly.
fn ends_at(stage: &RealtimeJourneyStage, first: &str, stop: Option<&str>) -> bool {
    let Some((first, _)) = stage.steps.get_key_value(first) else { return false };
    follow(stage, first, stop, &mut BTreeSet::new())
}

/// Gathers the steps from one on, without those behind `stop`; whether every path reaches `stop` or
/// ends explicitly.
fn follow<'s>(
    stage: &'s RealtimeJourneyStage,
    key: &'s str,
    stop: Option<&str>,
    seen: &mut BTreeSet<&'s str>,
) -> bool {
    if Some(key) == stop || !seen.insert(key) {
        return true;
    }
    let all = |nexts: Vec<Option<&'s str>>, seen: &mut BTreeSet<&'s str>| {
        let mut whole = true;
        for next in nexts {
            whole &= next.is_some_and(|next| follow(stage, next, stop, seen));
        }
        whole
    };
    match stage.steps.get(key) {
        Some(RealtimeJourneyStep::WaitStep(step)) => all(vec![step.next.as_deref()], seen),
        Some(RealtimeJourneyStep::TriggeredActivation(step)) => all(vec![step.next.as_deref()], seen),
        Some(RealtimeJourneyStep::Merge(step)) => all(vec![step.next.as_deref()], seen),
        Some(RealtimeJourneyStep::DecisionPoint(step)) => {
            all(step.branches.iter().map(|branch| branch.next.as_deref()).collect(), seen)
        }
        Some(RealtimeJourneyStep::Variant(step)) => {
            all(step.branches.iter().map(|variant| variant.next.as_deref()).collect(), seen)
        }
        Some(RealtimeJourneyStep::Jump(_) | RealtimeJourneyStep::End(_)) => true,
        Some(RealtimeJourneyStep::Other(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stage() -> RealtimeJourneyStage {
        let wait =
            |next: &str| json!({"type": "WaitStep", "waitStep": 1, "waitStepUnit": "day", "next": next});
        let merge = |next: Option<&str>| json!({"type": "Merge", "next": next});
        serde_json::from_value(json!({"name": "x", "steps": {
            "a": wait("m"), "b": wait("n"), "c": wait("n"), "n": merge(Some("d")), "d": wait("m"),
            "m": merge(Some("o")), "o": merge(None), "e": {"type": "End"},
            "x": {"type": "DecisionPoint", "branches": [
                {"id": "1", "next": "b", "excludedPath": false}, {"id": "2", "next": "n", "excludedPath": true}]},
            "y": {"type": "DecisionPoint", "branches": [
                {"id": "1", "next": "z", "excludedPath": false}, {"id": "2", "next": "z", "excludedPath": true}]},
            "z": merge(Some("e"))
        }}))
        .unwrap()
    }

    #[test]
    fn branches_come_together_at_the_first_merge_that_they_share() {
        let stage = stage();
        for (branches, expected) in [
            (vec![Some("a"), Some("b")], Some("m")),
            (vec![Some("b"), Some("c")], Some("n")),
            (vec![Some("b"), Some("c"), Some("a")], Some("m")),
            // One branch ends explicitly, the other goes on.
            (vec![Some("a"), Some("e")], Some("m")),
            // One just ends: nothing can follow both.
            (vec![Some("a"), None], None),
            (vec![Some("m"), Some("a")], Some("m")),
            (vec![Some("e")], None),
            // What comes together within one branch is its own.
            (vec![Some("e"), Some("x")], Some("m")),
            (vec![Some("y"), Some("x")], Some("m")),
        ] {
            assert_eq!(join(&stage, &branches), expected, "{branches:?}");
        }
    }
}
