//! What will be: the configuration that a plan leads to, over what is live.
//!
//! Everything that can be checked before the first write is checked here, so that a wrong plan changes
//! nothing. What does not exist yet has a made-up id that begins with `new:`.

pub mod attributes;
pub mod events;
pub mod journeys;
mod own;
pub mod personalization;
pub mod prune;
pub mod service;
pub mod setting;

use super::live::{Live, own_tables};
use crate::api::NewAuthentication;
use crate::error::{Code, Error};
use crate::plan::nearest::{did_you_mean, named};
use crate::plan::rename::renamed;
use crate::plan::{
    Attribute, Configuration, Document, Finding, JourneyLookup, Lookup, PersonalizationService, Plan,
    import_of, planned_sub, uses,
};
use crate::platform::wire::{KeyEvent, RealtimeAttribute, RealtimeJourneyResource};
pub use own::Own;
use std::collections::BTreeMap;

/// How a plan is carried out, beside what it says.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct PlanOptions {
    /// Folder for new personalizations and journeys, by id or name; else the parent segment's first.
    pub folder: Option<String>,
    /// Make a new token even if the service has one.
    pub new_token: bool,
}

/// A plan, and how it is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The document that it was read from.
    pub document: &'a Document,
    /// What is carried out.
    pub plan: &'a Plan,
    /// The plan that it is a part of, whose attributes say which window or aggregation is meant, and what an
    /// import is called.
    pub whole: &'a Plan,
    /// How.
    pub options: &'a PlanOptions,
}

/// What will be.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The configuration.
    pub state: Configuration,
    /// Outputs that the plan does not name and that stay, by the path of their section.
    pub kept: BTreeMap<String, Vec<String>>,
    /// Connections that have to be made.
    pub connections: Vec<NewAuthentication>,
    /// Services, by name, whose token is wanted, and whether it must be a new one.
    pub tokens: Vec<(String, bool)>,
    /// Names of activations whose connections could not be checked.
    pub unchecked: Vec<String>,
    /// What the plan says by itself.
    pub own: Own,
    /// What its author may want to know: items that the platform can't rename, sections that never answer.
    pub warnings: Vec<Finding>,
}

impl Desired {
    /// What is live, to be changed by hand.
    pub fn of(state: Configuration) -> Self {
        Desired { state, ..Desired::default() }
    }

    /// What a plan leads to.
    ///
    /// # Errors
    /// Names that do not exist, contradictions that the platform can't resolve, limits.
    pub fn of_plan(asked: Asked<'_>, live: &Live, pruning: &prune::Pruning) -> Result<Self, Error> {
        let desired = Desired::of_plan_even_used(asked, live, pruning)?;
        check_unused(&live.state, &desired.state, &live.ps)?;
        Ok(desired)
    }

    /// The same, also where something that goes is used.
    pub fn of_plan_even_used(asked: Asked<'_>, live: &Live, pruning: &prune::Pruning) -> Result<Self, Error> {
        let Asked { document, plan, whole, options } = asked;
        let (state, not_renamed) = renamed(plan, &live.state);
        let before = &live.state;
        let live = &Live { state, ..live.clone() };
        let mut planner = Planner { whole, before, ..Planner::new(document, plan, live, options, pruning) };
        planner.desired.warnings.extend(not_renamed.into_iter().map(|item| item.finding(&live.ps)));
        planner.events()?;
        planner.setting()?;
        planner.attributes()?;
        for service in &plan.personalizations {
            planner.personalization(service)?;
        }
        planner.journeys()?;
        let mut desired = planner.desired;
        desired.own = Own::of(document, [plan, whole], live, options, &desired.state);
        pruning.apply(&mut desired.state, &desired.own.state);
        Ok(desired)
    }
}

/// Brings a plan over what is live, part by part; also what its parts may name.
pub(super) struct Planner<'a> {
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub whole: &'a Plan,
    pub live: &'a Live,
    /// What is live under the names that it has now, where `live` has those of the plan.
    pub before: &'a Configuration,
    pub options: &'a PlanOptions,
    pub pruning: &'a prune::Pruning,
    pub desired: Desired,
    /// New journeys with bare stages, for the jumps that lead to them.
    pub drafts: Vec<RealtimeJourneyResource>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        document: &'a Document,
        plan: &'a Plan,
        live: &'a Live,
        options: &'a PlanOptions,
        pruning: &'a prune::Pruning,
    ) -> Self {
        let desired = Desired::of(live.state.clone());
        let drafts = Vec::new();
        Planner { document, plan, whole: plan, live, before: &live.state, options, pruning, desired, drafts }
    }

    /// Key events.
    fn events(&mut self) -> Result<(), Error> {
        own_tables(self.plan).iter().try_for_each(|table| self.live.schemas.exists(table))?;
        let wanted = events::wanted(self.document, self.plan);
        events::check(&wanted, &self.live.state.events, &self.live.schemas)?;
        self.desired.state.events = events::outlook(&wanted, &self.live.state.events);
        Ok(())
    }

    /// Event tables, stitching keys and the external lookup key.
    fn setting(&mut self) -> Result<(), Error> {
        let live = &self.live.state.setting;
        let mut wanted = setting::WantedSetting { event_tables: own_tables(self.plan), ..Default::default() };
        if let Some(stitching) = &self.plan.id_stitching {
            wanted.keys = setting::wanted_keys(self.document, stitching);
            setting::check(&wanted.keys, live, &self.live.schemas)?;
            let (asked, fixed) = (stitching.ext_lookup_key.as_deref(), live.ext_lookup_key.as_deref());
            let profile = self.live.audience.as_ref().and_then(setting::profile_key);
            wanted.lookup_key_given = asked.is_some();
            wanted.ext_lookup_key = setting::lookup_key(asked, fixed, profile.as_deref())?;
        }
        self.desired.state.setting = setting::merge(live, &wanted)?;
        Ok(())
    }

    /// Attributes, imported ones included.
    fn attributes(&mut self) -> Result<(), Error> {
        let events = &self.desired.state.events;
        let wanted = attributes::wanted(self.document, self.plan, events, &self.live.schemas)?;
        let named = attributes::Named { before: self.before, ps: &self.live.ps };
        attributes::bring(&wanted, &mut self.desired.state, &self.live.batch, named)
    }

    /// A service and its personalization, as far as the plan wants them.
    fn personalization(&mut self, plan: &PersonalizationService) -> Result<(), Error> {
        if plan.wants_service() {
            let services = &self.live.state.services;
            service::check(plan, self.options.new_token, services)?;
            replace(&mut self.desired.state.services, service::outlook(plan, services), |one| &one.name);
            self.desired.tokens.push((plan.name.clone(), self.options.new_token));
        }
        if plan.wants_entity() {
            let (entity, kept) = personalization::outlook(self, plan)?;
            let behind = personalization::never_reached(self, plan, &entity);
            self.desired.warnings.extend(behind);
            self.desired.kept.extend(kept);
            replace(&mut self.desired.state.personalizations, entity, |one| &one.attributes.name);
        }
        Ok(())
    }

    /// The key event of a name, or an error that says what wants it.
    fn known_event(&self, name: &str, wanted_by: &str) -> Result<&KeyEvent, Error> {
        known_event(&self.desired.state.events, name, wanted_by)
    }

    fn planned(&self, name: &str) -> Option<&Attribute> {
        named(&self.whole.attributes, name, |attribute| &attribute.name)
    }
}

/// What goes although something that stays needs it.
pub fn still_used(before: &Configuration, after: &Configuration) -> Vec<uses::Conflict> {
    let mut conflicts = uses::conflicts(before, after);
    for conflict in &mut conflicts {
        let led_to = |id: &Option<String>| match (&conflict.used, id) {
            (uses::Used::Journey(own), Some(id)) => {
                let users = uses::users(before, &uses::Used::Journey(id.clone()));
                users.iter().any(|user| user.id.as_ref() == Some(own))
            }
            _ => false,
        };
        // Of journeys that lead to each other one has to go first.
        conflict.users.retain(|user| !led_to(&user.id));
    }
    // What stays valid without it, such as a personalization without its service, is no reason to refuse.
    conflicts.retain(uses::Conflict::is_required);
    conflicts
}

/// An error when something goes that something else still uses: by whom, and what frees it.
pub fn check_unused(before: &Configuration, after: &Configuration, ps: &str) -> Result<(), Error> {
    let conflicts = still_used(before, after);
    if conflicts.is_empty() {
        return Ok(());
    }
    let sentences: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
    let commands: Vec<String> =
        uses::to_free(before, &conflicts).iter().map(|user| user.free_with(ps)).collect();
    let users = conflicts.iter().flat_map(|conflict| &conflict.users);
    let users: Vec<serde_json::Value> = users.map(|user| user.to_json(ps)).collect();
    let message = format!("what is used can't be deleted: {}", sentences.join("; "));
    Err(Error::new(Code::Conflict, message)
        .hint(format!(
            "nothing was changed; delete what uses it first, in this order:\n{}\nor take them out of the plan that made them, and run `tdx-rt apply PLAN --prune`",
            commands.join("\n")
        ))
        .details(serde_json::json!({ "users": users })))
}

/// The key event of a name, or an error that names the nearest.
pub fn known_event<'e>(events: &'e [KeyEvent], name: &str, wanted_by: &str) -> Result<&'e KeyEvent, Error> {
    named(events, name, |event| &event.name).ok_or_else(|| {
        let error = Error::new(Code::NotFound, format!("{wanted_by}: there is no key event '{name}'"));
        let near = did_you_mean(name, events.iter().map(|event| event.name.as_str()));
        error.hint(near.as_deref().unwrap_or("make it first: tdx-rt rt-events --event NAME=DB.TABLE"))
    })
}

/// Puts an item in the place of the one with its name, or at the end.
fn replace<T>(items: &mut Vec<T>, item: T, name: impl Fn(&T) -> &String) {
    match items.iter_mut().find(|there| name(there) == name(&item)) {
        Some(there) => *there = item,
        None => items.push(item),
    }
}

impl Lookup for Planner<'_> {
    fn key_event(&self, name: &str) -> Option<String> {
        let event = named(&self.desired.state.events, name, |event| &event.name)?;
        Some(event.id.clone().unwrap_or_default())
    }

    fn event_names(&self) -> Vec<&str> {
        self.desired.state.events.iter().map(|event| event.name.as_str()).collect()
    }

    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute> {
        let Configuration { attributes, setting, .. } = &self.desired.state;
        let import = self.planned(name).and_then(Attribute::imported_column);
        let found = import.and_then(|column| import_of(column, attributes, &setting.batch_attributes));
        found.or_else(|| named(attributes, name, |attribute| &attribute.name))
    }

    fn planned_sub(&self, name: &str) -> Option<String> {
        let there = named(&self.desired.state.attributes, name, |attribute| &attribute.name)?;
        planned_sub(self.planned(name)?, there).map(str::to_owned)
    }

    fn attribute_now(&self, name: &str) -> Option<String> {
        self.whole.attribute_now(name)
    }

    fn segment(&self, name_or_id: &str) -> Option<String> {
        let segments = &self.live.state.segments;
        let by_id = segments.iter().find(|segment| segment.id == name_or_id);
        by_id.or_else(|| named(segments, name_or_id, |segment| &segment.name)).map(|found| found.id.clone())
    }

    fn attribute_names(&self) -> Vec<&str> {
        self.desired.state.attributes.iter().map(|attribute| attribute.name.as_str()).collect()
    }

    fn segment_names(&self) -> Vec<&str> {
        self.live.state.segments.iter().map(|segment| segment.name.as_str()).collect()
    }
}

impl JourneyLookup for Planner<'_> {
    fn parent_segment_id(&self) -> &str {
        &self.live.ps
    }

    fn journey(&self, name: &str) -> Option<&RealtimeJourneyResource> {
        named(&self.live.state.journeys, name, |journey| &journey.attributes.name)
            .or_else(|| named(&self.drafts, name, |journey| &journey.attributes.name))
    }
}
