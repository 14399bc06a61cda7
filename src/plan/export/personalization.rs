//! Services and entities, paired by name.

use super::{Exporter, put};
use crate::platform::wire::{Personalization, PersonalizationAttributes, Section, Service};
use serde_json::{Map, Value};

impl Exporter<'_> {
    pub(super) fn personalizations(&mut self) -> Vec<Value> {
        let live = self.live;
        let mut items = Vec::new();
        for entity in &live.personalizations {
            let service = live.services.iter().find(|service| service.name == entity.attributes.name);
            items.extend(self.personalization(entity, service));
        }
        let has_entity = |service: &Service| {
            live.personalizations.iter().any(|entity| entity.attributes.name == service.name)
        };
        items.extend(live.services.iter().filter(|service| !has_entity(service)).map(service_alone));
        items
    }

    fn personalization(&mut self, entity: &Personalization, service: Option<&Service>) -> Option<Value> {
        // Fields that this version does not know stay where they are live.
        let PersonalizationAttributes { audience_id: _, name, description, sections, extra: _ } =
            &entity.attributes;
        let trigger = self.common_trigger(sections);
        let mut items = Vec::new();
        for section in sections {
            let what = format!("section '{}' of '{name}'", section.name);
            let item = self.section(section, trigger.as_deref(), &what);
            items.extend(self.or_warn(&what, item));
        }
        let Some(trigger) = trigger.filter(|_| !items.is_empty()) else {
            self.warn(format!(
                "personalization '{name}' is left out: it has no section that a plan can hold"
            ));
            return service.map(service_alone);
        };
        let mut map = Map::new();
        map.insert("name".into(), name.as_str().into());
        put(&mut map, "description", description.clone());
        if let Some(service) = service {
            put(&mut map, "service_description", service_description(entity, service));
        }
        map.insert("trigger_event".into(), trigger.into());
        put(&mut map, "public", service.map(|service| service.public).filter(|public| *public));
        put(&mut map, "only", service.is_none().then_some("entity"));
        map.insert("sections".into(), items.into());
        Some(Value::Object(map))
    }

    /// The key event that most sections have; of several the first.
    fn common_trigger(&self, sections: &[Section]) -> Option<String> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for section in sections {
            let entry = section.entry_criteria.as_ref().and_then(|entry| entry.key_event_criteria.as_ref());
            let Some(name) = entry.and_then(|entry| self.event_name(&entry.key_event_id).ok()) else {
                continue;
            };
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((name, 1)),
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max()?;
        counts.iter().find(|(_, count)| *count == most).map(|(name, _)| (*name).to_owned())
    }
}

/// The service's description where it differs from the entity's; an empty one says that the
/// entity's is not for the service.
fn service_description(entity: &Personalization, service: &Service) -> Option<String> {
    let (entity, service) = (&entity.attributes.description, &service.description);
    let own = service.clone().unwrap_or_default();
    if entity == service || (entity.is_none() && own.is_empty()) { None } else { Some(own) }
}

fn service_alone(service: &Service) -> Value {
    let Service { id: _, name, description, public, tokens: _ } = service;
    let mut map = Map::new();
    map.insert("name".into(), name.as_str().into());
    put(&mut map, "description", description.clone());
    put(&mut map, "public", Some(*public).filter(|public| *public));
    map.insert("only".into(), "service".into());
    Value::Object(map)
}
