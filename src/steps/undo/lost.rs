//! What does not come back although the configuration does.

use crate::plan::Configuration;
use crate::platform::wire::AttributeSpec;

/// Sentences about what is lost when a configuration becomes what it was before.
pub fn lost(before: &Configuration, after: &Configuration) -> Vec<String> {
    let mut lost = values(after, before, "that were in the");
    let again = after.personalizations.iter();
    let again = again.filter(|one| !before.personalizations.iter().any(|there| there.id == one.id));
    lost.extend(again.map(|one| {
        format!("the id and the endpoint of the personalization '{}': it gets new ones", one.attributes.name)
    }));
    lost.extend(gone(before, after));
    lost
}

/// The values of attributes that only one of two configurations has. An imported one is filled by its import.
fn values(from: &Configuration, other: &Configuration, what: &str) -> Vec<String> {
    let own = from.attributes.iter().filter(|one| !matches!(one.spec, AttributeSpec::Imported(_)));
    let gone = own.filter(|one| !other.attributes.iter().any(|there| there.id == one.id));
    gone.map(|one| format!("the values {what} attribute '{}'", one.name)).collect()
}

/// Sentences about what goes for good with what a configuration has no longer.
pub fn gone(before: &Configuration, after: &Configuration) -> Vec<String> {
    let mut lost = values(before, after, "of the");
    for service in &before.services {
        let tokens = service.tokens.len();
        if tokens > 0 && !after.services.iter().any(|there| there.id == service.id) {
            lost.push(format!("the tokens of the service '{}' ({tokens}): they stop working", service.name));
        }
    }
    for (service, now) in before.services.iter().filter_map(|service| {
        let now = after.services.iter().find(|there| there.id == service.id)?;
        Some((service, now))
    }) {
        for token in service.tokens.iter().filter(|token| now.tokens.iter().all(|kept| kept.id != token.id)) {
            let id = token.id.as_deref().unwrap_or_default();
            lost.push(format!("the token {id} of the service '{}': it stops working", service.name));
        }
    }
    for entity in &before.personalizations {
        if !after.personalizations.iter().any(|there| there.id == entity.id) {
            let name = &entity.attributes.name;
            lost.push(format!(
                "the endpoint of the personalization '{name}': made again, it has another URL"
            ));
        }
    }
    for journey in &before.journeys {
        if journey.is_launched() && !after.journeys.iter().any(|there| there.id == journey.id) {
            lost.push(format!("those who are in the journey '{}'", journey.attributes.name));
        }
    }
    lost
}
