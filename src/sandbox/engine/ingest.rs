//! The path of an event: key events → profile → attributes → offers.

use super::attribute::Arrival;
use super::datum::id_text;
use super::identity::{IdentityChange, RejectedKey, all_ids, change};
use super::inspect::{Inspection, inspect};
use super::journey::{Activated, Happening, Runner, Timers};
use super::names::{Names, ProfileLayout};
use super::offer::{answer, offers};
use super::profile::{Profile, ProfileNumber};
use super::program::Program;
use super::stitch::{EventIds, Population};
use super::view::{View, event_holds};
use super::{Batch, time};
use crate::platform::keys::KeyFault;
use crate::platform::wire::EventTable;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The profiles of one parent segment. [`Profiles::everything`] saves them, [`Profiles::load`] reads them.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    pub(super) names: Names,
    pub(super) population: Population,
    /// The layout for the last program; rebuilt for another one.
    layout: ProfileLayout,
    /// What is due in journeys.
    pub(super) timers: Timers,
    /// How many names were saved ([`Profiles::take_changes`]).
    pub(super) written_names: usize,
}

/// What an event did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Ingested {
    /// Ids of the key events that it matched, also when it had no valid id.
    pub key_events: Vec<String>,
    /// By section name: `{"attributes": {outputName: value…}, "batch_segments": [name…]}`.
    pub offers: Map<String, Value>,
    /// What journeys send.
    #[serde(skip)]
    pub sent: Vec<Activated>,
    /// What it changed about who is who.
    #[serde(skip)]
    pub identity: Option<IdentityChange>,
    /// The values of stitching keys that are no ids.
    #[serde(skip)]
    pub rejected: Vec<RejectedKey>,
}

impl Profiles {
    /// Takes an event. `now` is in seconds since the epoch.
    ///
    /// An event of a table that is not one of the setting's event tables does nothing. One without
    /// a valid id updates nothing and gets no offers: there is no profile to update. Every other
    /// event stitches, whether or not it matches a key event (our choice).
    pub fn ingest(
        &mut self,
        program: &Program,
        batch: &dyn Batch,
        table: &EventTable,
        event: &Map<String, Value>,
        now: i64,
    ) -> Ingested {
        let Some(table) = program.tables.get(table) else { return Ingested::default() };
        if !self.layout.is_of(&program.names) {
            self.layout = ProfileLayout::bind(&program.names, &mut self.names);
        }
        let layout = &self.layout;
        let matches = |place: &usize| {
            program.key_events.get(*place).is_some_and(|known| event_holds(known.filter.as_ref(), event))
        };
        let matched: Vec<usize> = table.key_events.iter().copied().filter(matches).collect();
        let key_events = matched.iter().filter_map(|place| program.key_events.get(*place));
        let mut ingested = Ingested {
            key_events: key_events.clone().map(|known| known.id.clone()).collect(),
            ..Ingested::default()
        };

        let time = time::of_event(event, now);
        let (ids, customer) = identify(program, layout, event, &mut ingested.rejected);
        let Some((profile, stitched)) = self.population.resolve(&ids, time, now) else { return ingested };
        ingested.identity = change(&stitched, profile, &ids, &self.names);
        if let Some(customer) = customer {
            profile.link(&customer, time);
        }
        let arrival = Arrival { event, time, now, layout };
        let starts: Vec<usize> =
            key_events.clone().flat_map(|known| known.journeys.iter().copied()).collect();
        let updates = key_events.clone().flat_map(|known| &known.feeds);
        for feed in updates.chain(key_events.flat_map(|known| &known.actions)) {
            let Some(attribute) = program.attributes.get(feed.attribute) else { continue };
            let number = layout.number(attribute.local);
            if profile.has_room(number) && event_holds(feed.filter.as_ref(), event) {
                attribute.apply(feed.change, profile.state_mut(number), arrival);
            }
        }
        let mut stays = std::mem::take(&mut profile.stays);
        let view = View::new(program, profile, layout, batch, now);
        ingested.offers = offers(&view, &table.personalizations, &matched, event);
        if !stays.is_empty() || !starts.is_empty() {
            let mut runner = Runner::new(&view, &mut stays);
            runner.event(Happening { event, matched: &matched, time }, &starts);
            ingested.sent = runner.sent;
            let number = profile.created;
            if stays.iter().any(|stay| stay.position.is_some()) {
                let place = self.population.place_of(&ids).unwrap_or_default();
                self.timers.note(number, place, &stays);
            }
            self.population.keep_stays(&ids, stays);
        }
        ingested
    }

    /// What a personalization (by id) answers at `now` for the profile that these keys (column,
    /// value) find, without an event: flat `{outputName: value}` of the first section that takes
    /// the profile; key event conditions are skipped. `None`: no such personalization or profile,
    /// or no section takes it.
    pub fn personalize(
        &self,
        program: &Program,
        batch: &dyn Batch,
        personalization_id: &str,
        keys: &[(String, String)],
        now: i64,
    ) -> Option<Map<String, Value>> {
        let personalization = program.personalizations.iter().find(|p| p.id == personalization_id)?;
        let profile = self.find(program, keys)?;
        let layout = self.layout(program);
        answer(&View::new(program, profile, &layout, batch, now), personalization)
    }

    /// Everything about the profile that these keys (column, value) find, at `now`.
    pub fn inspect(
        &self,
        program: &Program,
        batch: &dyn Batch,
        keys: &[(String, String)],
        now: i64,
    ) -> Option<Inspection> {
        let profile = self.find(program, keys)?;
        let layout = self.layout(program);
        Some(inspect(&View::new(program, profile, &layout, batch, now), &self.names))
    }

    /// Ids of columns that are no stitching keys (any more) find no profile.
    fn find(&self, program: &Program, keys: &[(String, String)]) -> Option<&Profile> {
        let keys = keys.iter().filter(|(column, _)| program.has_key(column));
        self.population.find_any(keys, &self.names)
    }

    /// All profiles with their ids, as `column:value`, by their numbers.
    pub fn identities(&self) -> BTreeMap<ProfileNumber, Vec<String>> {
        self.population.iter().map(|profile| (profile.number(), all_ids(profile, &self.names))).collect()
    }

    /// Number of profiles.
    pub fn len(&self) -> usize {
        self.population.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the names of a program are bound.
    pub(super) fn layout_is_of(&self, program: &Program) -> bool {
        self.layout.is_of(&program.names)
    }

    /// Binds the names of a program.
    pub(super) fn bind(&mut self, program: &Program) {
        self.layout = ProfileLayout::bind(&program.names, &mut self.names);
    }

    /// The layout of the program that was bound last.
    pub(super) fn current_layout(&self) -> &ProfileLayout {
        &self.layout
    }

    fn layout(&self, program: &Program) -> Cow<'_, ProfileLayout> {
        if self.layout.is_of(&program.names) {
            Cow::Borrowed(&self.layout)
        } else {
            Cow::Owned(ProfileLayout::look(&program.names, &self.names))
        }
    }
}

/// The event's ids in the order of the setting's keys: strings only ("values must be strings": the
/// vendor's limits; that anything else is no id and no error is our choice). And the value of its `extLookupKey` column.
/// Where that column is a stitching key too, its filter holds for both.
fn identify<'e>(
    program: &Program,
    layout: &ProfileLayout,
    event: &'e Map<String, Value>,
    rejected: &mut Vec<RejectedKey>,
) -> (EventIds<'e>, Option<Cow<'e, str>>) {
    let mut ids = EventIds::with_capacity(program.keys.len());
    for key in &program.keys {
        let fault = match event.get(&key.column) {
            Some(Value::String(value)) => match key.filter.fault(value) {
                None => {
                    ids.push((layout.number(key.local), Cow::Borrowed(value.as_str())));
                    continue;
                }
                Some(fault) => (&key.column, value.clone(), fault),
            },
            Some(Value::Null) => (&key.column, String::new(), KeyFault::Empty),
            Some(other) => (&key.column, other.to_string(), KeyFault::NotAString),
            None => match event.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.column)) {
                Some((name, Value::String(value))) => (name, value.clone(), KeyFault::WrongCase),
                Some((name, other)) => (name, other.to_string(), KeyFault::WrongCase),
                None => continue,
            },
        };
        let (name, value, fault) = fault;
        rejected.push(RejectedKey { key: name.clone(), value, reason: fault.reason() });
    }
    let customer = program.lookup.as_ref().and_then(|lookup| {
        let value = event.get(&lookup.column)?;
        match lookup.key.and_then(|place| program.keys.get(place)) {
            Some(key) => value.as_str().filter(|value| key.filter.accepts(value)).map(Cow::Borrowed),
            None => id_text(value).filter(|value| !value.is_empty()),
        }
    });
    (ids, customer)
}
