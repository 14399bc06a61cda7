//! `renamed_from`: an old name is that of one item, and of none that the plan has.

use super::Plan;
use crate::plan::nearest::same_name;
use crate::plan::read::Reader;

/// An item's name, the one that it had, and where it stands.
type Item<'p> = (&'p String, &'p Option<String>, &'p String);

/// Checks every list of items that can have another name.
pub(super) fn check(reader: &mut Reader<'_>, plan: &Plan) {
    let Plan { events, attributes, personalizations, journeys, .. } = plan;
    check_items(reader, "event", events.iter().map(|item| (&item.name, &item.renamed_from, &item.at)));
    check_items(
        reader,
        "attribute",
        attributes.iter().map(|item| (&item.name, &item.renamed_from, &item.at)),
    );
    let services = personalizations.iter().map(|item| (&item.name, &item.renamed_from, &item.at));
    check_items(reader, "personalization", services);
    check_items(reader, "journey", journeys.iter().map(|item| (&item.name, &item.renamed_from, &item.at)));
    for service in personalizations {
        let sections = service.sections.iter().map(|item| (&item.name, &item.renamed_from, &item.at));
        check_items(reader, "section", sections);
    }
}

impl Plan {
    /// What to write in the place of a name that an event of the plan had.
    pub fn event_now(&self, name: &str) -> Option<String> {
        let had = |old: &Option<String>| old.as_deref() == Some(name);
        self.events.iter().find(|event| had(&event.renamed_from)).map(|event| now(&event.name))
    }

    /// The same for an attribute, or a part of one: `name.sub`.
    pub fn attribute_now(&self, name: &str) -> Option<String> {
        let head = name.rsplit_once('.').map_or(name, |(head, _)| head);
        let had = |old: &Option<String>| old.as_deref().is_some_and(|old| old == name || old == head);
        let found = self.attributes.iter().find(|attribute| had(&attribute.renamed_from));
        found.map(|attribute| now(&attribute.name))
    }

    /// The same for a journey.
    pub fn journey_now(&self, name: &str) -> Option<String> {
        let had = |old: &Option<String>| old.as_deref() == Some(name);
        self.journeys.iter().find(|journey| had(&journey.renamed_from)).map(|journey| now(&journey.name))
    }
}

fn now(name: &str) -> String {
    format!("it is '{name}' now: write that name")
}

fn check_items<'p>(reader: &mut Reader<'_>, what: &str, items: impl Iterator<Item = Item<'p>>) {
    let items: Vec<Item<'_>> = items.collect();
    for (index, &(name, old, at)) in items.iter().enumerate() {
        let Some(old) = old else { continue };
        let is_old = |other: &str| same_name(other, old);
        let earlier = items.iter().take(index).find(|(_, other, _)| other.as_deref().is_some_and(is_old));
        let (message, fix) = if is_old(name) {
            (format!("the {what} '{name}' has this name already"), "take renamed_from out".to_owned())
        } else if items.iter().any(|(other, ..)| is_old(other)) {
            (
                format!(
                    "the plan has another {what} '{old}', so '{name}' cannot be what is live under that name"
                ),
                format!("take renamed_from out, or '{old}' if it is the same {what}"),
            )
        } else if let Some((earlier, ..)) = earlier {
            (
                format!("'{earlier}' is renamed from '{old}' already; only one {what} keeps the live one"),
                "take renamed_from out of one of them".to_owned(),
            )
        } else {
            continue;
        };
        reader.error_fix("bad-rename", &format!("{at}/renamed_from"), message, Some(fix));
    }
}
