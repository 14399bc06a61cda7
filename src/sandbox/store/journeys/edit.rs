//! Creating, changing, launching, pausing, copying and deleting journeys.

use super::check::{Around, check};
use super::{launch, read};
use crate::platform::fields::{NEW_JOURNEY, keys, needed};
use crate::platform::limits::COMBINED_ITEMS;
use crate::platform::wire::{RealtimeJourneyAttributes, RealtimeJourneyState, RealtimeJourneyStep};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::store::body::{Object, needs, only, optional_text, text, typed};
use crate::sandbox::store::journey::StoredJourney;
use crate::sandbox::store::personalizations::{attributes, folder_id, under_attributes};
use crate::sandbox::store::segment::ParentSegment;
use crate::sandbox::store::setting::too_many_items;
use crate::sandbox::store::{Edit, Store, no_record};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const STATE: &str = "/attributes/state";

impl Store {
    /// The parent segment of a journey, or 404.
    pub fn journey_owner(&self, id: &str) -> Result<&ParentSegment, Refusal> {
        let owns = |segment: &&ParentSegment| {
            segment.realtime.as_ref().is_some_and(|realtime| realtime.journey(id).is_ok())
        };
        self.segments().find(owns).ok_or_else(no_record)
    }

    /// Creates a journey, a draft, and returns its id. `relationships`, which the contract requires
    /// and does not describe, may be missing: the public examples do not send it.
    pub fn create_journey(&mut self, body: &Object, now: i64) -> Result<String, Refusal> {
        only(body, &["attributes", "relationships"])?;
        let given = attributes(body)?;
        only(given, &keys(&NEW_JOURNEY)).map_err(|refusal| refusal.at("/attributes"))?;
        needs(given, &needed(&NEW_JOURNEY)).map_err(|refusal| refusal.at("/attributes"))?;
        if given.get("state").is_some_and(|state| state != "draft") {
            return Err(Refusal::invalid(Reason::JourneyNewNotDraft, "A new journey is a draft").at(STATE));
        }
        let audience = text(given, "audienceId").map_err(under_attributes)?.to_owned();
        let segment = self.segment(&audience).map_err(|r| r.at("/attributes/audienceId"))?;
        segment.realtime()?;
        folder(segment, given)?;
        let related = folder_id(body)?;
        if related.is_some_and(|id| given.get("segmentFolderId").is_none_or(|given| given != id)) {
            let message = "The parent folder and the segment folder must be the same";
            return Err(Refusal::invalid(Reason::JourneyFolderDiffers, message)
                .at("/relationships/parentFolder/data/id"));
        }
        self.edit(&audience, now)?.create_journey(given)
    }

    /// Changes the fields that are sent, and launches the journey with `state: launched`.
    pub fn update_journey(&mut self, id: &str, body: &Object, now: i64) -> Result<(), Refusal> {
        let owner = self.journey_owner(id)?;
        only(body, &["attributes", "relationships", "id", "type"])?;
        let given = attributes(body)?;
        only(given, &keys(&NEW_JOURNEY)).map_err(|refusal| refusal.at("/attributes"))?;
        if given.get("audienceId").is_some_and(|audience| *audience != owner.id.as_str()) {
            return Err(Refusal::invalid(Reason::JourneyAudienceChanged, "Audience can't be changed")
                .at("/attributes/audienceId"));
        }
        if given.contains_key("segmentFolderId") {
            folder(owner, given)?;
        }
        let owner = owner.id.clone();
        self.edit(&owner, now)?.update_journey(id, given)
    }

    /// Checks the body of `/detail` (contract: "validate"); changes nothing.
    pub fn check_journey_detail(&self, id: &str, body: &Object) -> Result<(), Refusal> {
        let realtime = self.journey_owner(id)?.realtime()?;
        let journey = realtime.journey(id)?;
        only(body, &["attributes"])?;
        let given = attributes(body)?;
        only(given, &["name", "description", "realtimeJourneyStages"]).map_err(|r| r.at("/attributes"))?;
        optional_text(given, "description").map_err(under_attributes)?;
        if given.contains_key("name") {
            name(given, Some(id), &realtime.journeys)?;
        }
        let Some(stages) = given.get("realtimeJourneyStages") else { return Ok(()) };
        for (index, stage) in stages.as_array().into_iter().flatten().enumerate() {
            let at = format!("{}/{index}", read::STAGES);
            let Value::Object(stage) = stage else {
                return Err(Refusal::invalid(Reason::StageInvalid, "A stage must be an object").at(&at));
            };
            only(stage, &["id", "name"]).map_err(|refusal| refusal.at(&at))?;
        }
        read::stages(given, Some(journey)).map(drop)
    }

    /// Deletes a journey with its activations, whatever its state (our choice).
    pub fn delete_journey(&mut self, id: &str, now: i64) -> Result<(), Refusal> {
        let owner = self.journey_owner(id)?.id.clone();
        let mut edit = self.edit(&owner, now)?;
        edit.realtime.journeys.remove(id);
        edit.changed("delete_realtime_journey");
        Ok(())
    }

    /// Pauses a launched journey, or lets it go on.
    pub fn pause_journey(&mut self, id: &str, pause: bool, now: i64) -> Result<(), Refusal> {
        let owner = self.journey_owner(id)?.id.clone();
        let mut edit = self.edit(&owner, now)?;
        let journey = edit.realtime.journey(id)?;
        let wrong = match (journey.state, journey.paused, pause) {
            (RealtimeJourneyState::Draft, ..) => {
                Some("The journey is a draft; only a launched one can be paused")
            }
            (_, Some(_), true) => Some("The journey is paused already"),
            (_, None, false) => Some("The journey is not paused"),
            _ => None,
        };
        if let Some(message) = wrong {
            return Err(Refusal::invalid(Reason::JourneyPauseInvalid, message));
        }
        if let Some(journey) = edit.realtime.journeys.find_mut(id) {
            journey.paused = pause.then_some(now);
        }
        edit.touch(id);
        edit.changed(if pause { "pause_realtime_journey" } else { "resume_realtime_journey" });
        Ok(())
    }

    /// Copies a journey with its activations as a draft and returns the copy's id. Without a folder
    /// it goes beside the original.
    pub fn duplicate_journey(&mut self, body: &Object, now: i64) -> Result<String, Refusal> {
        only(body, &["id", "type", "attributes", "relationships"])?;
        needs(body, &["id", "type", "attributes", "relationships"])?;
        let source = text(body, "id")?.to_owned();
        if text(body, "type")? != "journey" {
            return Err(Refusal::invalid(Reason::JourneyTypeInvalid, "Type must be journey").at("/type"));
        }
        let given = attributes(body)?;
        only(given, &["name"]).map_err(|refusal| refusal.at("/attributes"))?;
        let owner = self.journey_owner(&source).map_err(|refusal| refusal.at("/id"))?;
        let folder = folder_id(body)?.map(|id| owner.folder(id).map(|folder| folder.id.clone()));
        let folder = folder.transpose().map_err(|r| r.at("/relationships/parentFolder/data/id"))?;
        let owner = owner.id.clone();
        self.edit(&owner, now)?.duplicate_journey(&source, given, folder)
    }
}

/// The folder is one of the parent segment.
fn folder(segment: &ParentSegment, given: &Object) -> Result<(), Refusal> {
    let id = text(given, "segmentFolderId").map_err(under_attributes)?;
    segment.folder(id).map(drop).map_err(|refusal| refusal.at("/attributes/segmentFolderId"))
}

/// A name that no other journey of the parent segment has.
fn name(given: &Object, own: Option<&str>, journeys: &[StoredJourney]) -> Result<String, Refusal> {
    let name = text(given, "name").map_err(under_attributes)?;
    if journeys.iter().any(|other| Some(other.id.as_str()) != own && other.name() == name) {
        return Err(
            Refusal::invalid(Reason::JourneyNameTaken, "Name has already been taken").at("/attributes/name")
        );
    }
    Ok(name.to_owned())
}

impl Edit<'_> {
    fn create_journey(&mut self, given: &Object) -> Result<String, Refusal> {
        let attributes = self.read_journey(given, None)?;
        if self.realtime.combined_items() >= COMBINED_ITEMS {
            return Err(too_many_items());
        }
        let journey = StoredJourney {
            id: self.ids.fresh(),
            attributes,
            state: RealtimeJourneyState::Draft,
            launched: None,
            paused: None,
            activations: Vec::new(),
        };
        Ok(self.add_journey(journey, "create_realtime_journey"))
    }

    fn add_journey(&mut self, mut journey: StoredJourney, kind: &'static str) -> String {
        self.number_stages(&mut journey.attributes);
        let id = journey.id.clone();
        self.realtime.journeys.push(journey);
        self.touch(&id);
        self.changed(kind);
        id
    }

    fn number_stages(&mut self, attributes: &mut RealtimeJourneyAttributes) {
        for stage in &mut attributes.realtime_journey_stages {
            stage.id.get_or_insert_with(|| self.ids.fresh());
        }
    }

    /// Reads and checks a journey; what a change leaves out stays as it is.
    fn read_journey(
        &self,
        given: &Object,
        old: Option<&StoredJourney>,
    ) -> Result<RealtimeJourneyAttributes, Refusal> {
        let own = old.map(|journey| journey.id.as_str());
        if old.is_none() || given.contains_key("name") {
            name(given, own, &self.realtime.journeys)?;
        }
        optional_text(given, "description").map_err(|r| r.at("/attributes/description"))?;
        let given_or_new = |key: &str| old.is_none() || given.contains_key(key);
        let stages = given_or_new("realtimeJourneyStages").then(|| read::stages(given, old)).transpose()?;
        let goal = given_or_new("goal").then(|| read::goal(given)).transpose()?;
        if given_or_new("reentryMode") {
            reentry_mode(given)?;
        }
        let mut merged = match old.map(|journey| serde_json::to_value(&journey.attributes)) {
            Some(Ok(Value::Object(merged))) => merged,
            _ => Map::new(),
        };
        merged.extend(given.clone());
        merged.retain(|key, _| !matches!(key.as_str(), "state" | "goal" | "realtimeJourneyStages"));
        merged.insert("realtimeJourneyStages".into(), json!([]));
        let mut read: RealtimeJourneyAttributes =
            typed(Value::Object(merged)).map_err(|refusal| refusal.at("/attributes"))?;
        read.goal = goal.unwrap_or_else(|| old.and_then(|journey| journey.attributes.goal.clone()));
        read.realtime_journey_stages =
            stages.unwrap_or_else(|| old.map(|journey| journey.stages().to_vec()).unwrap_or_default());
        check(&read, &Around { realtime: self.realtime, old })?;
        Ok(read)
    }

    fn update_journey(&mut self, id: &str, given: &Object) -> Result<(), Refusal> {
        let old = self.realtime.journey(id)?;
        let mut new = StoredJourney { attributes: self.read_journey(given, Some(old))?, ..old.clone() };
        match (old.state, given.get("state").map(|state| state.as_str().unwrap_or_default())) {
            (_, None) | (RealtimeJourneyState::Draft, Some("draft")) => {}
            (RealtimeJourneyState::Launched, Some("launched")) => {}
            (RealtimeJourneyState::Draft, Some("launched")) => {
                if !given.contains_key("realtimeJourneyStages") {
                    // Public examples: the state alone does not launch a journey.
                    let message = "Realtime journey stages can't be blank when a journey is launched";
                    return Err(
                        Refusal::invalid(Reason::JourneyLaunchWithoutStages, message).at(read::STAGES)
                    );
                }
                launch::complete(&new)?;
                launch::ready(self.realtime.rollout.status(self.now))?;
                new.state = RealtimeJourneyState::Launched;
                new.launched = Some(self.now);
            }
            (RealtimeJourneyState::Launched, Some("draft")) => {
                return Err(Refusal::invalid(
                    Reason::JourneyStateBack,
                    "State can't go back from launched to draft",
                )
                .at(STATE));
            }
            (_, Some(other)) => {
                return Err(Refusal::invalid(
                    Reason::JourneyStateUnknown,
                    format!("State '{other}' is not included in the list"),
                )
                .at(STATE));
            }
        }
        if old.state == RealtimeJourneyState::Launched && !same_flow(&old.attributes, &new.attributes) {
            let message = "Stages, goal and reentry mode can't be changed after the launch; \
                duplicate the journey";
            return Err(Refusal::invalid(Reason::JourneyFlowFixed, message).at("/attributes"));
        }
        self.number_stages(&mut new.attributes);
        if let Some(place) = self.realtime.journeys.find_mut(id) {
            *place = new;
        }
        self.touch(id);
        self.changed("update_realtime_journey");
        Ok(())
    }

    fn duplicate_journey(
        &mut self,
        source: &str,
        given: &Object,
        folder: Option<String>,
    ) -> Result<String, Refusal> {
        let name = name(given, None, &self.realtime.journeys)?;
        if self.realtime.combined_items() >= COMBINED_ITEMS {
            return Err(too_many_items());
        }
        let mut copy = self.realtime.journey(source)?.clone();
        let mut renamed: HashMap<String, String> = HashMap::new();
        copy.id = self.ids.fresh();
        copy.state = RealtimeJourneyState::Draft;
        (copy.launched, copy.paused) = (None, None);
        copy.attributes.name = name;
        copy.attributes.segment_folder_id = folder.unwrap_or(copy.attributes.segment_folder_id);
        for activation in &mut copy.activations {
            let id = self.ids.fresh();
            renamed.insert(std::mem::replace(&mut activation.id, id.clone()), id.clone());
            self.realtime.touch(&id, self.now);
        }
        for stage in &mut copy.attributes.realtime_journey_stages {
            let id = self.ids.fresh();
            if let Some(old) = stage.id.replace(id.clone()) {
                renamed.insert(old, id);
            }
            for step in stage.steps.values_mut() {
                if let RealtimeJourneyStep::TriggeredActivation(step) = step
                    && let Some(id) = renamed.get(&step.journey_activation_step_id)
                {
                    step.journey_activation_step_id.clone_from(id);
                }
            }
        }
        // What led back into the original leads back into the copy.
        let id = copy.id.clone();
        for target in copy.targets_mut().into_iter().filter(|target| target.realtime_journey_id == source) {
            target.realtime_journey_id.clone_from(&id);
            if let Some(stage) = renamed.get(&target.realtime_journey_stage_id) {
                target.realtime_journey_stage_id.clone_from(stage);
            }
        }
        Ok(self.add_journey(copy, "create_realtime_journey"))
    }
}

/// Whether what runs is the same.
fn same_flow(a: &RealtimeJourneyAttributes, b: &RealtimeJourneyAttributes) -> bool {
    a.reentry_mode == b.reentry_mode
        && a.goal == b.goal
        && a.realtime_journey_stages == b.realtime_journey_stages
}

fn reentry_mode(given: &Object) -> Result<(), Refusal> {
    let mode = text(given, "reentryMode").map_err(under_attributes)?;
    if matches!(mode, "no_reentry" | "reentry_unless_goal_achieved" | "reentry_always") {
        return Ok(());
    }
    let message = format!("Reentry mode '{mode}' is not included in the list");
    Err(Refusal::invalid(Reason::JourneyReentryModeUnknown, message).at("/attributes/reentryMode"))
}
