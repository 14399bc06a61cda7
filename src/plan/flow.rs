//! The steps of a stage as the wire has them, a graph, seen as the nested lists that a plan has.

use crate::platform::wire::{RealtimeJourneyStage, RealtimeJourneyStep};
use std::collections::BTreeSet;

/// The merge step behind which the list goes on that a branching step stands in: every way from its
/// branches comes to it, or ends in so many words (`End`, `Jump`). Of several the first. `None` when
/// nothing stands behind the branches.
pub fn join<'s>(stage: &'s RealtimeJourneyStage, branches: &[Option<&'s str>]) -> Option<&'s str> {
    let mut merges = BTreeSet::new();
    for first in branches.iter().flatten() {
        let mut seen = BTreeSet::new();
        follow(stage, first, None, &mut seen);
        let is_merge = |key: &&str| matches!(stage.steps.get(*key), Some(RealtimeJourneyStep::Merge(_)));
        merges.extend(seen.into_iter().filter(is_merge));
    }
    let fits = |merge: &&str| {
        branches.iter().all(|first| {
            let mut seen = BTreeSet::new();
            first.is_some_and(|first| follow(stage, first, Some(merge), &mut seen))
        })
    };
    let merges: Vec<&str> = merges.into_iter().filter(fits).collect();
    merges.iter().copied().find(|first| {
        let mut after = BTreeSet::new();
        follow(stage, first, None, &mut after);
        merges.iter().all(|other| after.contains(other))
    })
}

/// Gathers the steps from one on, without those behind `stop`; whether every way comes to `stop` or
/// ends in so many words.
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
            "m": merge(Some("o")), "o": merge(None), "e": {"type": "End"}
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
            // One branch ends in so many words, the other goes on.
            (vec![Some("a"), Some("e")], Some("m")),
            // One just ends: nothing can stand behind both.
            (vec![Some("a"), None], None),
            (vec![Some("m"), Some("a")], Some("m")),
            (vec![Some("e")], None),
        ] {
            assert_eq!(join(&stage, &branches), expected, "{branches:?}");
        }
    }
}
