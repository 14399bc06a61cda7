//! The workflow's verification checklist.

use crate::api::Client;
use crate::error::Error;
use crate::plan::counted;
use crate::plan::nearest::named;
use crate::platform::wire::{KeyEvent, Personalization, RealtimeAttribute, RealtimeSetting};
use serde::Serialize;

/// A line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable name.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

impl Check {
    /// A line.
    pub fn new(name: &'static str, ok: bool, detail: impl Into<String>) -> Self {
        Check { name, ok, detail: detail.into() }
    }

    /// Those that do not hold, in words; nothing where all do.
    pub fn failures(checks: &[Check]) -> String {
        let failed = checks.iter().filter(|check| !check.ok);
        failed.map(|check| format!("{}: {}", check.name, check.detail)).collect::<Vec<_>>().join("; ")
    }
}

/// What the checklist found.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The first four lines; the fifth is the call itself.
    pub checks: Vec<Check>,
    /// The personalization, when it exists.
    pub personalization: Option<Personalization>,
    /// The key events.
    pub events: Vec<KeyEvent>,
    /// The real-time attributes.
    pub attributes: Vec<RealtimeAttribute>,
}

/// Looks at status, key events, attributes and the personalization named `personalization` (id or
/// name).
pub async fn configuration(
    client: &Client,
    ps: &str,
    setting: &RealtimeSetting,
    personalization: Option<&str>,
) -> Result<Verified, Error> {
    let (events, attributes, personalizations) =
        tokio::join!(client.key_events(ps), client.attributes(ps), client.personalizations(ps));
    let (events, attributes, personalizations) = (events?, attributes?, personalizations?);
    let found = match personalization {
        Some(wanted) => personalizations
            .iter()
            .find(|found| found.id == wanted)
            .or_else(|| named(&personalizations, wanted, |found| &found.attributes.name)),
        None => personalizations.first(),
    };
    let deployed = match (found, personalization) {
        (Some(found), _) => format!("'{}' ({}) is deployed", found.attributes.name, found.id),
        (None, Some(wanted)) if personalizations.is_empty() => {
            format!("'{wanted}' does not exist: no personalization is deployed")
        }
        (None, Some(wanted)) => {
            let names: Vec<_> = personalizations.iter().map(|p| p.attributes.name.as_str()).collect();
            format!("'{wanted}' is not among the {} deployed: {}", names.len(), names.join(", "))
        }
        (None, None) => "no personalization is deployed".to_owned(),
    };
    let checks = vec![
        Check::new("rt_status", setting.status.as_str() == "ok", format!("status is '{}'", setting.status)),
        Check::new("key_events", !events.is_empty(), counted(events.len(), "key event")),
        Check::new("attributes", !attributes.is_empty(), counted(attributes.len(), "real-time attribute")),
        Check::new("personalization", found.is_some(), deployed),
    ];
    Ok(Verified { checks, personalization: found.cloned(), events, attributes })
}
