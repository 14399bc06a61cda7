//! A profile in full, to show why an offer was made or not.

use super::attribute::{ListItem, ProgramAttribute};
use super::names::Names;
use super::profile::stay::{self, InspectedJourney};
use super::program::{ProgramPersonalization, ProgramSection};
use super::view::View;
use crate::platform::wire::AttributeSpec;
use crate::sandbox::clock::iso;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// A profile at one point in time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Inspection {
    /// Its ids, the last seen first.
    pub keys: Vec<InspectedKey>,
    /// The profile key value that links it to batch data.
    pub customer: Option<String>,
    /// Whether the batch layer knows that customer.
    pub known: bool,
    /// All attributes of the configuration.
    pub attributes: Vec<InspectedAttribute>,
    /// All personalizations.
    pub personalizations: Vec<InspectedPersonalization>,
    /// The journeys that it came into.
    pub journeys: Vec<InspectedJourney>,
}

/// An id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedKey {
    /// Key column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// Time of the latest event with it.
    #[schemars(extend("format" = "date-time"))]
    pub last_seen: String,
}

/// An attribute's values.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedAttribute {
    /// `realtimeAttributeId`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Identifier.
    pub identifier: String,
    /// The platform's word for its type.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = AttributeSpec::KINDS))]
    pub kind: &'static str,
    /// Whether it is left out of responses that do not ask for sensitive attributes.
    pub sensitive: bool,
    /// Null where there is none; the ids of a list's items, the main window of a sliding counter.
    pub value: Value,
    /// Values by `subAttributeIdentifier`.
    pub sub_attributes: Map<String, Value>,
    /// A list's items in full, newest first.
    pub items: Vec<InspectedItem>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedItem {
    /// Value of the column that items are told apart by.
    pub id: Value,
    /// Time of its event.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// The columns that it keeps.
    pub fields: Map<String, Value>,
}

/// A personalization's sections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedPersonalization {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// In order.
    pub sections: Vec<InspectedSection>,
}

/// Whether a section matches the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectedSection {
    /// Name.
    pub name: String,
    /// Id of the key event that triggers it; null when none does.
    pub key_event_id: Option<String>,
    /// Whether it is the one that answers, leaving its key event aside.
    pub matched: bool,
    /// Why it does not match.
    pub reason: Option<String>,
}

/// The whole view.
pub fn inspect(view: &View<'_>, names: &Names) -> Inspection {
    let mut ids: Vec<_> = view.profile.ids.iter().collect();
    ids.sort_by_key(|id| std::cmp::Reverse(id.seen));
    let keys = ids.into_iter().map(|id| InspectedKey {
        column: names.name(id.column).to_owned(),
        value: id.value.as_str().to_owned(),
        last_seen: iso(id.seen.saturating_mul(1_000)),
    });
    let attributes = view.program.attributes.iter().enumerate();
    Inspection {
        keys: keys.collect(),
        customer: view.customer().map(str::to_owned),
        known: view.row().is_some(),
        attributes: attributes
            .map(|(place, attribute)| inspect_attribute(view, names, place, attribute))
            .collect(),
        personalizations: view
            .program
            .personalizations
            .iter()
            .map(|p| inspect_personalization(view, p))
            .collect(),
        journeys: stay::inspect(&view.profile.stays, &view.program.journeys),
    }
}

fn inspect_attribute(
    view: &View<'_>,
    names: &Names,
    place: usize,
    attribute: &ProgramAttribute,
) -> InspectedAttribute {
    let subs = attribute.subs().into_iter().enumerate();
    let items = attribute.items(view.profile.state(view.layout.number(attribute.local)), view.now);
    InspectedAttribute {
        id: attribute.id.clone(),
        name: attribute.name.clone(),
        identifier: attribute.identifier.clone(),
        kind: attribute.kind,
        sensitive: attribute.sensitive,
        value: view.value(place, None).into_owned(),
        sub_attributes: subs
            .map(|(index, sub)| (sub.to_owned(), view.value(place, Some(index)).into_owned()))
            .collect(),
        items: items.into_iter().map(|item| inspect_item(item, names)).collect(),
    }
}

fn inspect_item(item: &ListItem, names: &Names) -> InspectedItem {
    let (id, time, fields) = item.parts();
    let fields =
        fields.iter().map(|(column, value)| (names.name(*column).to_owned(), value.value())).collect();
    InspectedItem { id: id.value(), time: iso(time.saturating_mul(1_000)), fields }
}

fn inspect_personalization(
    view: &View<'_>,
    personalization: &ProgramPersonalization,
) -> InspectedPersonalization {
    let mut taken = false;
    let sections = personalization.sections.iter().map(|section| {
        let reason = match section.admits(view, None) {
            _ if taken => Some("an earlier section answers".to_owned()),
            Ok(()) => None,
            Err(refusal) => Some(refusal.reason().to_owned()),
        };
        taken |= reason.is_none();
        inspect_section(section, reason)
    });
    InspectedPersonalization {
        id: personalization.id.clone(),
        name: personalization.name.clone(),
        sections: sections.collect(),
    }
}

fn inspect_section(section: &ProgramSection, reason: Option<String>) -> InspectedSection {
    let trigger = section.entry.as_ref().and_then(|entry| entry.trigger.as_ref());
    InspectedSection {
        name: section.name.clone(),
        key_event_id: trigger.map(|trigger| trigger.key_event_id.clone()),
        matched: reason.is_none(),
        reason,
    }
}
