//! What does not come back although the configuration does.

use crate::plan::Configuration;

/// Sentences about what is lost when a configuration becomes another one.
pub fn lost(before: &Configuration, after: &Configuration) -> Vec<String> {
    let mut lost = Vec::new();
    for attribute in &before.attributes {
        if !after.attributes.iter().any(|there| there.id == attribute.id) {
            lost.push(format!("the values of the attribute '{}'", attribute.name));
        }
    }
    for service in &before.services {
        let tokens = service.tokens.len();
        if tokens > 0 && !after.services.iter().any(|there| there.id == service.id) {
            lost.push(format!("the tokens of the service '{}' ({tokens}): they stop working", service.name));
        }
    }
    for journey in &before.journeys {
        if journey.is_launched() && !after.journeys.iter().any(|there| there.id == journey.id) {
            lost.push(format!("those who are in the journey '{}'", journey.attributes.name));
        }
    }
    lost
}
