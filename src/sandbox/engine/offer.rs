//! Personalizations: which section answers, and with what.
//!
//! Sources: the published service guide says that a service's sections are evaluated in order and
//! the first that matches answers; the vendor's quickstart that the payloads of all personalizations
//! that match come back. Hence: at most one section of each personalization.

use super::program::{OfferOutput, Payload, ProgramPersonalization, ProgramSection};
use super::view::View;
use serde_json::{Map, Value};

/// Why a section does not match a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferRefusal {
    /// The profile has no batch data and the section does not accept that.
    Unknown,
    /// The profile criteria do not hold.
    Criteria,
}

impl OfferRefusal {
    /// As a sentence without a full stop.
    pub fn reason(self) -> &'static str {
        match self {
            OfferRefusal::Unknown => {
                "the profile is unknown to the batch layer and acceptUnknownProfiles is false"
            }
            OfferRefusal::Criteria => "the profile criteria do not hold",
        }
    }
}

impl ProgramSection {
    /// Whether an event that matched these key events triggers the section. Without entry
    /// criteria, or without a key event in them, no event does (our choice).
    fn triggered(&self, view: &View<'_>, matched: &[usize], event: &Map<String, Value>) -> bool {
        let Some(trigger) = self.entry.as_ref().and_then(|entry| entry.trigger.as_ref()) else {
            return false;
        };
        trigger.key_event.is_some_and(|key_event| matched.contains(&key_event))
            && trigger.filter.as_ref().is_none_or(|filter| view.holds(filter, Some(event)))
    }

    /// Whether the section matches the profile, whatever the event. Without entry criteria it matches
    /// everyone.
    pub fn admits(&self, view: &View<'_>, event: Option<&Map<String, Value>>) -> Result<(), OfferRefusal> {
        let Some(entry) = &self.entry else { return Ok(()) };
        if !entry.accepts_unknown && view.row().is_none() {
            return Err(OfferRefusal::Unknown);
        }
        match &entry.profile {
            Some(rule) if !view.holds(rule, event) => Err(OfferRefusal::Criteria),
            _ => Ok(()),
        }
    }
}

impl Payload {
    /// `{outputName: value}`: null where there is no value, so that a client sees the name.
    pub fn attributes(&self, view: &View<'_>) -> Map<String, Value> {
        let value = |output: &OfferOutput| match output {
            OfferOutput::Attribute { attribute, sub } => view.value(*attribute, *sub).into_owned(),
            OfferOutput::Text(text) => Value::from(text.as_str()),
            OfferOutput::Lookup { catalog, driver, column } => view.lookup(*catalog, column, *driver),
            OfferOutput::Null => Value::Null,
        };
        self.outputs.iter().map(|(name, output)| (name.clone(), value(output))).collect()
    }

    /// The names of those segments that the customer is in; the id of one without a name.
    fn batch_segments(&self, view: &View<'_>) -> Value {
        let Some(customer) = view.customer().filter(|_| !self.segments.is_empty()) else {
            return Value::Array(Vec::new());
        };
        let own = self.segments.iter().filter(|id| view.batch.in_segment(id, customer));
        own.map(|id| view.batch.segment_name(id).unwrap_or(id)).collect()
    }
}

/// The offers of an event that matched these key events, by section name:
/// `{"attributes": {outputName: value…}, "batch_segments": [name…]}`. Where two personalizations
/// answer with sections of one name, the later one's key is `<personalization>/<section>` (our
/// choice: the vendor's response has the section's name alone).
pub fn offers(
    view: &View<'_>,
    candidates: &[usize],
    matched: &[usize],
    event: &Map<String, Value>,
) -> Map<String, Value> {
    let mut offers = Map::new();
    for personalization in candidates.iter().filter_map(|place| view.program.personalizations.get(*place)) {
        let mut sections = personalization.sections.iter();
        let first = sections.find(|section| {
            section.triggered(view, matched, event) && section.admits(view, Some(event)).is_ok()
        });
        let Some(section) = first else { continue };
        let mut key = section.name.clone();
        if offers.contains_key(&key) {
            key = format!("{}/{}", personalization.name, section.name);
        }
        let payload = &section.payload;
        // Not with `json!`, which would copy the values.
        let mut offer = Map::with_capacity(2);
        offer.insert("attributes".into(), Value::Object(payload.attributes(view)));
        offer.insert("batch_segments".into(), payload.batch_segments(view));
        offers.insert(key, Value::Object(offer));
    }
    offers
}

/// What a personalization answers without an event: its first section that matches the profile.
pub fn answer(view: &View<'_>, personalization: &ProgramPersonalization) -> Option<Map<String, Value>> {
    let section = personalization.sections.iter().find(|section| section.admits(view, None).is_ok())?;
    Some(section.payload.attributes(view))
}
