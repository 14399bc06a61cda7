//! From the nested steps of a plan to the wire's steps by UUID.

use super::journey::{Branch, JourneyStep, Stage, StepKind, Variant};
use super::journey_compiler::{Compiler, StepKeys};
use crate::plan::flow::join;
use crate::platform::new_id::new_activation;
use crate::platform::wire::{
    EndStep, Extra, JumpStep, MergeStep, RealtimeABTest, RealtimeABTestVariant, RealtimeDecisionPointBranch,
    RealtimeDecisionPointStep, RealtimeJourneyActivationStep, RealtimeJourneyStage, RealtimeJourneyStep,
    RealtimeJourneyWaitStep,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The namespace of the UUIDs that plans give to steps, so that a second run gives the same ones.
const NAMESPACE: Uuid = Uuid::from_u128(0x7464_782d_7274_4a6f_8572_6e65_7973_7470);

/// Lays out the steps of one stage.
pub(super) struct Flow<'c, 'a> {
    compiler: &'c mut Compiler<'a>,
    stage: &'c Stage,
    old: Option<&'c RealtimeJourneyStage>,
    /// Whether steps are found by the keys that this plan has given them; else by their place.
    own: bool,
    keys: &'c mut StepKeys,
    /// Keys that are given already.
    taken: BTreeSet<String>,
    /// The steps so far.
    pub steps: BTreeMap<String, RealtimeJourneyStep>,
}

impl<'c, 'a> Flow<'c, 'a> {
    pub fn new(
        compiler: &'c mut Compiler<'a>,
        stage: &'c Stage,
        old: Option<&'c RealtimeJourneyStage>,
        own: bool,
        keys: &'c mut StepKeys,
    ) -> Self {
        Flow { compiler, stage, old, own, keys, taken: BTreeSet::new(), steps: BTreeMap::new() }
    }

    /// A UUID that is the same in every run.
    fn stable(&self, path: &str) -> String {
        let name = format!(
            "{}/{}/{}/{path}",
            self.compiler.lookup.parent_segment_id(),
            self.compiler.journey.name,
            self.stage.name
        );
        Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
    }

    /// The key of the step that stands at a place now: the one that this plan gives to the place, or the
    /// one that was found there.
    fn there(&self, path: &str, found: Option<&'c str>) -> Option<&'c str> {
        match self.own {
            true => Some(self.old?.steps.get_key_value(&self.stable(path))?.0.as_str()),
            false => found,
        }
    }

    fn live(&self, key: Option<&'c str>) -> Option<&'c RealtimeJourneyStep> {
        self.old?.steps.get(key?)
    }

    /// The key of the step that stands at this place, where it does the same, else a new one.
    fn key(&mut self, kind: &RealtimeJourneyStep, live: Option<&'c str>, path: &str) -> String {
        let same = |key: &&str| {
            let there = self.live(Some(key));
            there.is_some_and(|there| std::mem::discriminant(there) == std::mem::discriminant(kind))
                && !self.taken.contains(*key)
        };
        // A step can have the key that this place would get, from a plan that had it elsewhere.
        let key = live.filter(same).map(str::to_owned).unwrap_or_else(|| {
            (0..)
                .map(|again| {
                    self.stable(&if again == 0 { path.to_owned() } else { format!("{path}#{again}") })
                })
                .find(|key| !self.taken.contains(key))
                .unwrap_or_default()
        });
        self.taken.insert(key.clone());
        key
    }

    /// Lays out a list; returns the key of its first step, `then` for an empty one. `live` is the key
    /// of the step that stands there now.
    pub fn list(
        &mut self,
        steps: &'c [JourneyStep],
        path: &str,
        live: Option<&'c str>,
        then: Option<String>,
    ) -> Option<String> {
        let Some((step, rest)) = steps.split_first() else { return then };
        self.step(step, rest, path, live, then)
    }

    fn step(
        &mut self,
        step: &'c JourneyStep,
        rest: &'c [JourneyStep],
        path: &str,
        live: Option<&'c str>,
        then: Option<String>,
    ) -> Option<String> {
        let next_path = next_of(path);
        let live = self.there(path, live);
        match &step.kind {
            StepKind::Wait(wait) => {
                let old = match self.live(live) {
                    Some(RealtimeJourneyStep::WaitStep(old)) => Some(old),
                    _ => None,
                };
                let mut made = RealtimeJourneyWaitStep {
                    name: step.name.clone().or_else(|| old?.name.clone()),
                    wait_step: wait.value,
                    wait_step_unit: wait.unit,
                    next: None,
                    extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
                };
                let key = self.key(&RealtimeJourneyStep::WaitStep(made.clone()), live, path);
                made.next = self.list(rest, &next_path, old.and_then(|old| old.next.as_deref()), then);
                self.steps.insert(key.clone(), RealtimeJourneyStep::WaitStep(made));
                Some(key)
            }
            StepKind::Activate(activation) => {
                let activation_step = |step: Option<&'c RealtimeJourneyStep>| match step {
                    Some(RealtimeJourneyStep::TriggeredActivation(step)) => Some(step),
                    _ => None,
                };
                let there = activation_step(self.live(live));
                let (key, id) = self.activation_key(&activation.name);
                let next = self.list(rest, &next_path, there.and_then(|old| old.next.as_deref()), then);
                let own = activation_step(self.old.and_then(|old| old.steps.get(&key)));
                let own = own.filter(|old| old.journey_activation_step_id == id);
                let made = RealtimeJourneyActivationStep {
                    name: own.and_then(|own| own.name.clone()),
                    journey_activation_step_id: id,
                    next,
                    extra: own.map(|own| own.extra.clone()).unwrap_or_default(),
                };
                self.steps.insert(key.clone(), RealtimeJourneyStep::TriggeredActivation(made));
                Some(key)
            }
            StepKind::Decide(branches) => Some(self.decide(branches, rest, path, live, then)),
            StepKind::AbTest(variants) => Some(self.ab_test(variants, rest, path, live, then)),
            StepKind::Jump { description, target } => {
                let old = match self.live(live) {
                    Some(RealtimeJourneyStep::Jump(old)) => Some(old),
                    _ => None,
                };
                let target = target.as_ref();
                let target = target
                    .map(|target| self.compiler.target(target, old.and_then(|old| old.target.as_ref())));
                let made = RealtimeJourneyStep::Jump(JumpStep {
                    name: step.name.clone().or_else(|| old?.name.clone()),
                    description: description.clone().or_else(|| old?.description.clone()),
                    target,
                    extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
                });
                let key = self.key(&made, live, path);
                self.steps.insert(key.clone(), made);
                Some(key)
            }
            StepKind::End => {
                let old = match self.live(live) {
                    Some(RealtimeJourneyStep::End(old)) => Some(old.clone()),
                    _ => None,
                };
                let made = RealtimeJourneyStep::End(old.unwrap_or_else(EndStep::default));
                let key = self.key(&made, live, path);
                self.steps.insert(key.clone(), made);
                Some(key)
            }
        }
    }

    /// The key of an activation's step and the id of the activation: those of the live activation,
    /// else new ones.
    fn activation_key(&mut self, name: &str) -> (String, String) {
        let live = self.compiler.live_activation(name);
        let in_use = live.and_then(|live| {
            let mut steps = self.old?.steps.iter();
            let (key, _) = steps.find(|(_, step)| {
                matches!(step, RealtimeJourneyStep::TriggeredActivation(step)
                    if step.journey_activation_step_id == live.id)
            })?;
            Some(key.clone())
        });
        let key = in_use
            .or_else(|| live?.attributes.step_uuid.clone())
            .unwrap_or_else(|| self.stable(&format!("activation/{name}")));
        self.taken.insert(key.clone());
        self.keys.insert(name.to_owned(), key.clone());
        let id = live.map_or_else(|| new_activation(&key), |live| live.id.clone());
        (key, id)
    }

    /// Where the branches of a step come together: the key of a merge step when something follows
    /// them, else `then`.
    fn behind(
        &mut self,
        rest: &'c [JourneyStep],
        path: &str,
        joined: Option<&'c str>,
        then: Option<String>,
    ) -> Option<String> {
        if rest.is_empty() {
            return then;
        }
        let joined = self.there(&format!("{path}/merge"), joined);
        let old = match self.live(joined) {
            Some(RealtimeJourneyStep::Merge(old)) => Some(old),
            _ => None,
        };
        let mut made = MergeStep { next: None, extra: old.map(|old| old.extra.clone()).unwrap_or_default() };
        let key = self.key(&RealtimeJourneyStep::Merge(made.clone()), joined, &format!("{path}/merge"));
        made.next = self.list(rest, &next_of(path), old.and_then(|old| old.next.as_deref()), then);
        self.steps.insert(key.clone(), RealtimeJourneyStep::Merge(made));
        Some(key)
    }

    fn decide(
        &mut self,
        branches: &'c [Branch],
        rest: &'c [JourneyStep],
        path: &str,
        live: Option<&'c str>,
        then: Option<String>,
    ) -> String {
        let old = match self.live(live) {
            Some(RealtimeJourneyStep::DecisionPoint(old)) => Some(old),
            _ => None,
        };
        let empty = RealtimeDecisionPointStep { branches: Vec::new(), extra: Extra::new() };
        let key = self.key(&RealtimeJourneyStep::DecisionPoint(empty), live, path);
        let nexts: Vec<Option<&str>> =
            old.iter().flat_map(|old| old.branches.iter().map(|branch| branch.next.as_deref())).collect();
        let joined = self.old.and_then(|stage| join(stage, &nexts));
        let behind = self.behind(rest, path, joined, then);
        let mut made = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let path = format!("{path}/{index}");
            let there = old.and_then(|old| {
                old.branches.iter().find(|there| there.name.as_deref() == Some(branch.name.as_str()))
            });
            let rule = branch.when.as_ref().map(|condition| self.compiler.rule(condition));
            let kept = there
                .and_then(|there| there.profile_criteria.as_ref())
                .filter(|there| rule.as_ref().is_some_and(|rule| rule.same(there)));
            made.push(RealtimeDecisionPointBranch {
                id: there.map_or_else(|| self.stable(&format!("{path}/branch")), |there| there.id.clone()),
                name: Some(branch.name.clone()),
                description: branch.description.clone().or_else(|| there?.description.clone()),
                profile_criteria: kept.cloned().or(rule),
                excluded_path: branch.when.is_none(),
                next: self.list(
                    &branch.steps,
                    &format!("{path}/0"),
                    there.and_then(|there| there.next.as_deref()),
                    behind.clone(),
                ),
                extra: there.map(|there| there.extra.clone()).unwrap_or_default(),
            });
        }
        let extra = old.map(|old| old.extra.clone()).unwrap_or_default();
        let step = RealtimeDecisionPointStep { branches: made, extra };
        self.steps.insert(key.clone(), RealtimeJourneyStep::DecisionPoint(step));
        key
    }

    fn ab_test(
        &mut self,
        variants: &'c [Variant],
        rest: &'c [JourneyStep],
        path: &str,
        live: Option<&'c str>,
        then: Option<String>,
    ) -> String {
        let old = match self.live(live) {
            Some(RealtimeJourneyStep::Variant(old)) => Some(old),
            _ => None,
        };
        let equal =
            variants.windows(2).all(|pair| matches!(pair, [a, b] if (a.share - b.share).abs() < 1e-6));
        let mut step = RealtimeABTest {
            branches: Vec::new(),
            control_variant: Some(variants.iter().any(|variant| variant.control)),
            customized_split: old.and_then(|old| old.customized_split).or(Some(!equal)),
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        };
        let key = self.key(&RealtimeJourneyStep::Variant(step.clone()), live, path);
        let nexts: Vec<Option<&str>> =
            old.iter().flat_map(|old| old.branches.iter().map(|variant| variant.next.as_deref())).collect();
        let joined = self.old.and_then(|stage| join(stage, &nexts));
        let behind = self.behind(rest, path, joined, then);
        for (index, variant) in variants.iter().enumerate() {
            let path = format!("{path}/{index}");
            let there = old.and_then(|old| {
                old.branches.iter().find(|there| there.name.as_deref() == Some(variant.name.as_str()))
            });
            step.branches.push(RealtimeABTestVariant {
                id: there.map_or_else(|| self.stable(&format!("{path}/variant")), |there| there.id.clone()),
                name: Some(variant.name.clone()),
                percentage: Some(variant.share),
                is_control_group: Some(variant.control),
                next: self.list(
                    &variant.steps,
                    &format!("{path}/0"),
                    there.and_then(|there| there.next.as_deref()),
                    behind.clone(),
                ),
                extra: there.map(|there| there.extra.clone()).unwrap_or_default(),
            });
        }
        self.steps.insert(key.clone(), RealtimeJourneyStep::Variant(step));
        key
    }
}

/// The path of the step behind one in the same list: its last number counts up.
fn next_of(path: &str) -> String {
    let next = |number: &str| number.parse::<usize>().unwrap_or(0).saturating_add(1);
    match path.rsplit_once('/') {
        Some((list, number)) => format!("{list}/{}", next(number)),
        None => next(path).to_string(),
    }
}
