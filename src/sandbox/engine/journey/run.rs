//! Moving a profile through journeys.

use super::Happening;
use super::send::{Activated, activated, kept};
use super::share::percent;
use crate::platform::wire::RealtimeJourneyReentryMode;
use crate::sandbox::clock::iso;
use crate::sandbox::engine::profile::stay::{Passed, Position, State, Stay, StayEvent, Waits};
use crate::sandbox::engine::program::EntryRule;
use crate::sandbox::engine::program::journey::{
    JumpPlace, ProgramBranch, ProgramExit, ProgramJourney, ProgramStage, ProgramStep, ProgramStepKind,
    ProgramVariant,
};
use crate::sandbox::engine::view::View;

/// Steps of one pass: more than these are a loop.
const STEPS: usize = 1_000;
/// Jumps of one pass, each of which needs a piece of the stack.
const JUMPS: usize = 50;

/// Why a profile leaves that would loop for ever.
const CIRCLE: &str = "its jumps lead in a circle without a wait";

/// Moves one profile at one time.
pub struct Runner<'a> {
    pub view: &'a View<'a>,
    pub stays: &'a mut Vec<Stay>,
    /// The activations to be sent.
    pub sent: Vec<Activated>,
    /// The steps that are left of the pass.
    steps: usize,
    /// The jumps that are left of the pass.
    jumps: usize,
}

/// Where a profile goes on.
enum Way<'a> {
    /// With this step.
    Step(&'a str),
    /// The stage has no next step.
    Ended,
}

impl<'a> Runner<'a> {
    pub fn new(view: &'a View<'a>, stays: &'a mut Vec<Stay>) -> Self {
        Runner { view, stays, sent: Vec::new(), steps: STEPS, jumps: JUMPS }
    }

    fn journey(&self, id: &str) -> Option<&'a ProgramJourney> {
        self.view.program.journeys.iter().find(|journey| journey.id == id)
    }

    /// Applies an event: first to the existing stays, then to what it starts.
    pub fn event(&mut self, happening: Happening<'_>, starts: &[usize]) {
        let stays: Vec<String> = self
            .stays
            .iter()
            .filter(|stay| stay.position.is_some())
            .map(|stay| stay.journey.clone())
            .collect();
        for id in &stays {
            if let Some(journey) = self.journey(id).filter(|journey| !journey.paused) {
                self.looked_at(journey, happening);
            }
        }
        for place in starts {
            let Some(journey) = self.view.program.journeys.get(*place) else { continue };
            // A journey that the profile was in when the event came is not entered again with this event.
            if !stays.contains(&journey.id) {
                self.start(journey, happening);
            }
        }
    }

    /// Enters a journey, if its entry criteria and its re-entry mode admit the profile.
    fn start(&mut self, journey: &'a ProgramJourney, happening: Happening<'_>) {
        let Some(stage) = journey.stages.first() else { return };
        let lets_in = stage.entry.as_ref().is_some_and(|entry| self.met(entry, Some(happening)));
        if journey.paused || !lets_in {
            return;
        }
        let may = match (self.stays.iter().find(|stay| stay.journey == journey.id), journey.reentry) {
            (None, _) => true,
            (Some(stay), _) if stay.position.is_some() => false,
            (Some(stay), RealtimeJourneyReentryMode::NoReentry) => stay.entries == 0,
            (Some(stay), RealtimeJourneyReentryMode::ReentryUnlessGoalAchieved) => !stay.goal,
            (Some(_), RealtimeJourneyReentryMode::ReentryAlways) => true,
        };
        if may {
            let event = kept(journey, happening, self.view);
            self.enter(journey, 0, event);
        }
    }

    /// Enters a journey at a stage, whatever its entry criteria are.
    fn enter(&mut self, journey: &'a ProgramJourney, stage: usize, event: StayEvent) {
        let now = self.view.now;
        let stay = self.stay(&journey.id);
        stay.entries = stay.entries.saturating_add(1);
        stay.entered = now;
        stay.event_id.clone_from(&event.id);
        stay.state = State::Active;
        stay.left = None;
        stay.path.clear();
        let outcome = match event.name.as_str() {
            "" => "came in".to_owned(),
            name => format!("came in with {name}"),
        };
        self.note(journey, None, None, "Journey", outcome);
        self.come(journey, stage, event);
    }

    /// The profile's stay in a journey.
    #[expect(clippy::indexing_slicing, reason = "it was found there, or just put there")]
    fn stay(&mut self, id: &str) -> &mut Stay {
        let there = self.stays.iter().position(|stay| stay.journey == id);
        let place = there.unwrap_or(self.stays.len());
        if there.is_none() {
            self.stays.push(Stay::new(id));
        }
        &mut self.stays[place]
    }

    fn note(
        &mut self,
        journey: &ProgramJourney,
        stage: Option<&ProgramStage>,
        step: Option<(&str, &ProgramStep)>,
        kind: &str,
        outcome: String,
    ) {
        let passed = Passed {
            at: self.view.now,
            stage: stage.map(|stage| stage.name.clone()).unwrap_or_default(),
            step: step.map(|(key, _)| key.to_owned()),
            kind: step.map_or(kind, |(_, step)| step.word()).to_owned(),
            name: step.and_then(|(_, step)| step.name.clone()),
            outcome,
        };
        self.stay(&journey.id).note(passed);
    }

    /// Enters a stage and runs its steps.
    fn come(&mut self, journey: &'a ProgramJourney, place: usize, event: StayEvent) {
        let Some(stage) = journey.stages.get(place) else {
            return self.leave(journey, State::Completed, "went through all of it".to_owned());
        };
        let now = self.view.now;
        let position = Position {
            stage: stage.id.clone(),
            waits: Waits::Entry,
            stale: stage.stale.map(|after| now.saturating_add(after)),
            event,
        };
        self.stay(&journey.id).position = Some(position);
        let way = stage.root.as_deref().map_or(Way::Ended, Way::Step);
        self.walk(journey, place, way);
    }

    /// Goes on in a stage until something must be waited for, or the profile leaves.
    fn walk(&mut self, journey: &'a ProgramJourney, place: usize, mut way: Way<'a>) {
        let Some(stage) = journey.stages.get(place) else { return };
        loop {
            let Way::Step(key) = way else { return self.ended(journey, place) };
            let Some(step) = stage.steps.get(key) else { return self.ended(journey, place) };
            if self.steps == 0 {
                return self.leave(journey, State::Exited, CIRCLE.to_owned());
            }
            self.steps = self.steps.saturating_sub(1);
            let next = match &step.kind {
                ProgramStepKind::Wait { seconds, length, .. } => {
                    let due = self.view.now.saturating_add(*seconds);
                    let until = iso(due.saturating_mul(1_000));
                    self.note(
                        journey,
                        Some(stage),
                        Some((key, step)),
                        "",
                        format!("waits {length}, until {until}"),
                    );
                    self.wait(journey, Waits::Step { key: key.to_owned(), due });
                    return;
                }
                ProgramStepKind::Activate { activation, next } => {
                    self.send(journey, stage, key, step, activation);
                    next
                }
                ProgramStepKind::Decide(branches) => {
                    let taken = self.decide(branches);
                    let outcome =
                        taken.map_or("no branch takes it".to_owned(), |b| format!("takes '{}'", b.name));
                    self.note(journey, Some(stage), Some((key, step)), "", outcome);
                    taken.map_or(&None, |branch| &branch.next)
                }
                ProgramStepKind::Test(variants) => {
                    let taken = self.variant(journey, key, variants);
                    let outcome = taken.map_or("no variant".to_owned(), |v| format!("takes '{}'", v.name));
                    self.note(journey, Some(stage), Some((key, step)), "", outcome);
                    taken.map_or(&None, |variant| &variant.next)
                }
                ProgramStepKind::Merge(next) => next,
                ProgramStepKind::Jump(target) => {
                    self.note(journey, Some(stage), Some((key, step)), "", "jumps".to_owned());
                    return self.jump(journey, target.as_ref(), State::Exited, "jumped");
                }
                ProgramStepKind::End | ProgramStepKind::Unknown => &None,
            };
            way = next.as_deref().map_or(Way::Ended, Way::Step);
        }
    }

    fn wait(&mut self, journey: &ProgramJourney, waits: Waits) {
        if let Some(position) = &mut self.stay(&journey.id).position {
            position.waits = waits;
        }
    }

    fn send(
        &mut self,
        journey: &ProgramJourney,
        stage: &ProgramStage,
        key: &str,
        step: &ProgramStep,
        activation: &crate::sandbox::engine::program::journey::ProgramActivation,
    ) {
        let event = self.stay(&journey.id).position.as_ref().map(|position| position.event.clone());
        let sent = activated(self.view, journey, stage, key, activation, &event.unwrap_or_default());
        self.note(journey, Some(stage), Some((key, step)), "", format!("sends '{}'", activation.name));
        self.sent.push(sent);
    }

    /// The first branch that matches the profile, else the excluded path.
    fn decide(&self, branches: &'a [ProgramBranch]) -> Option<&'a ProgramBranch> {
        let takes = |branch: &&ProgramBranch| {
            !branch.excluded && branch.rule.as_ref().is_none_or(|rule| self.view.holds(rule, None))
        };
        branches.iter().find(takes).or_else(|| branches.iter().find(|branch| branch.excluded))
    }

    /// The variant that this profile always gets (our choice: by a hash of journey, step and the first
    /// id that it still has).
    fn variant(
        &self,
        journey: &ProgramJourney,
        key: &str,
        variants: &'a [ProgramVariant],
    ) -> Option<&'a ProgramVariant> {
        let id = self.view.profile.ids.first();
        let id = id.map_or("", |id| id.value.as_str());
        let point = percent(&[&journey.id, key, id]);
        let mut sum = 0.0;
        let found = variants.iter().find(|variant| {
            sum += variant.share;
            point < sum
        });
        // The shares sum to 100 but for what floating point leaves.
        found.or_else(|| variants.iter().rev().find(|variant| variant.share > 0.0))
    }

    /// The steps of a stage have ended.
    fn ended(&mut self, journey: &'a ProgramJourney, place: usize) {
        let Some(stage) = journey.stages.get(place) else { return };
        if stage.milestone.is_some() {
            self.note(journey, Some(stage), None, "Stage", "waits for the milestone".to_owned());
            return self.wait(journey, Waits::Milestone);
        }
        self.onward(journey, place.saturating_add(1), None);
    }

    /// Goes to a following stage, or waits to enter it. `happening` is the cause.
    fn onward(&mut self, journey: &'a ProgramJourney, place: usize, happening: Option<Happening<'_>>) {
        let event = self.stay(&journey.id).position.as_ref().map(|position| position.event.clone());
        let event =
            happening.map(|happening| kept(journey, happening, self.view)).or(event).unwrap_or_default();
        let Some(stage) = journey.stages.get(place) else {
            return self.leave(journey, State::Completed, "went through all of it".to_owned());
        };
        let entry = stage.entry.as_ref();
        if entry.is_none_or(|entry| entry.trigger.is_none() && self.met(entry, happening)) {
            self.note(journey, Some(stage), None, "Stage", "came into the stage".to_owned());
            return self.come(journey, place, event);
        }
        self.note(journey, Some(stage), None, "Stage", "waits for the entry criteria".to_owned());
        let position = Position { stage: stage.id.clone(), waits: Waits::Entry, stale: None, event };
        self.stay(&journey.id).position = Some(position);
    }

    /// Applies an event to a profile that is in a journey.
    fn looked_at(&mut self, journey: &'a ProgramJourney, happening: Happening<'_>) {
        if let Some((goal, target)) = &journey.goal
            && self.met(goal, Some(happening))
        {
            self.stay(&journey.id).goal = true;
            return self.jump(journey, target.as_ref(), State::GoalAchieved, "reached the goal");
        }
        let Some(position) = self.stay(&journey.id).position.clone() else { return };
        let Some(place) = journey.stage(&position.stage) else { return };
        let Some(stage) = journey.stages.get(place) else { return };
        if position.waits == Waits::Entry {
            if stage.entry.as_ref().is_none_or(|entry| self.met(entry, Some(happening))) {
                self.note(journey, Some(stage), None, "Stage", "came into the stage".to_owned());
                let event = kept(journey, happening, self.view);
                self.come(journey, place, event);
            }
            return;
        }
        let left = |exit: &&ProgramExit| self.met(&exit.entry, Some(happening));
        if let Some(exit) = stage.exits.iter().find(left) {
            let why = format!("fulfilled the exit criteria '{}'", exit.name);
            return self.jump(journey, exit.target.as_ref(), State::Exited, &why);
        }
        if stage.milestone.as_ref().is_some_and(|milestone| self.met(milestone, Some(happening))) {
            self.note(journey, Some(stage), None, "Stage", "reached the milestone".to_owned());
            self.onward(journey, place.saturating_add(1), Some(happening));
        }
    }

    /// Leaves, and goes on at the target where there is one.
    fn jump(&mut self, journey: &'a ProgramJourney, target: Option<&JumpPlace>, state: State, why: &str) {
        let event = self.stay(&journey.id).position.as_ref().map(|position| position.event.clone());
        let found = target.and_then(|target| {
            let journey = self.journey(&target.journey)?;
            Some((journey, journey.stage(&target.stage)?))
        });
        if target.is_some() && self.jumps == 0 {
            return self.leave(journey, State::Exited, CIRCLE.to_owned());
        }
        self.jumps = self.jumps.saturating_sub(1);
        match (target, found) {
            (Some(_), Some((other, stage))) if other.id == journey.id && state != State::GoalAchieved => {
                self.note(journey, journey.stages.get(stage), None, "Stage", format!("{why}, goes on here"));
                self.come(journey, stage, event.unwrap_or_default());
            }
            (Some(_), Some((other, stage))) => {
                self.leave(journey, state, format!("{why}, goes on in '{}'", other.name));
                let inside =
                    self.stays.iter().any(|stay| stay.journey == other.id && stay.position.is_some());
                if !inside && !other.paused {
                    self.enter(other, stage, event.unwrap_or_default());
                }
            }
            (Some(_), None) => self.leave(journey, state, format!("{why}; where it leads is not launched")),
            (None, _) => self.leave(journey, state, why.to_owned()),
        }
    }

    fn leave(&mut self, journey: &ProgramJourney, state: State, why: String) {
        self.note(journey, None, None, "Journey", why);
        let now = self.view.now;
        let stay = self.stay(&journey.id);
        stay.state = state;
        stay.left = Some(now);
        stay.position = None;
    }

    /// Whether criteria are fulfilled by an event, or without one. Without a key event and profile
    /// criteria they never are, except those of an entry.
    fn met(&self, entry: &EntryRule, happening: Option<Happening<'_>>) -> bool {
        let triggered = match (&entry.trigger, happening) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(trigger), Some(happening)) => {
                trigger.key_event.is_some_and(|place| happening.matched.contains(&place))
                    && trigger.filter.as_ref().is_none_or(|rule| self.view.holds(rule, Some(happening.event)))
            }
        };
        triggered
            && (entry.accepts_unknown || self.view.row().is_some())
            && entry.profile.as_ref().is_none_or(|rule| self.view.holds(rule, None))
    }

    /// Runs what is due now; returns whether something is held because its journey is paused.
    pub fn due(&mut self) -> bool {
        let now = self.view.now;
        let mut held = false;
        let due = |stay: &&Stay| stay.due().is_some_and(|due| due <= now);
        for id in self.stays.iter().filter(due).map(|stay| stay.journey.clone()).collect::<Vec<_>>() {
            let Some(journey) = self.journey(&id) else {
                // The journey is deleted, and all stays in it end.
                self.stays.retain(|stay| stay.journey != id);
                continue;
            };
            if journey.paused {
                held = true;
                continue;
            }
            let Some(position) = self.stay(&id).position.clone() else { continue };
            let step = match &position.waits {
                Waits::Step { key, due } => Some((key, *due)),
                Waits::Milestone | Waits::Entry => None,
            };
            let stale = position.stale.filter(|stale| step.is_none_or(|(_, due)| *stale < due));
            if stale.is_some_and(|stale| stale <= now) {
                self.leave(journey, State::Exited, "was in the stage for too long".to_owned());
                continue;
            }
            let Some((key, place)) = step.map(|(key, _)| key).zip(journey.stage(&position.stage)) else {
                continue;
            };
            let next = journey.stages.get(place).and_then(|stage| match &stage.steps.get(key)?.kind {
                ProgramStepKind::Wait { next, .. } => next.as_deref(),
                _ => None,
            });
            self.walk(journey, place, next.map_or(Way::Ended, Way::Step));
        }
        held
    }
}
