//! Key events.

use super::Edit;
use super::body::{Object, event_rule, needs, only, text, typed};
use crate::platform::fields::{KEY_EVENT, keys};
use crate::platform::limits::FILTER_CHARACTERS;
use crate::platform::wire::KeyEvent;
use crate::sandbox::refusal::{Reason, Refusal};
use serde_json::Value;

impl Edit<'_> {
    /// Creates a key event and returns its id.
    pub fn create_key_event(&mut self, body: &Object) -> Result<String, Refusal> {
        let mut event = self.read_key_event(body, None)?;
        let id = self.ids.fresh();
        event.id = Some(id.clone());
        self.realtime.key_events.push(event);
        self.touch(&id);
        self.changed("create_realtime_key_event");
        Ok(id)
    }

    /// Replaces a key event; the contract requires all of its fields.
    pub fn update_key_event(&mut self, id: &str, body: &Object) -> Result<(), Refusal> {
        self.realtime.key_event(id)?;
        let mut event = self.read_key_event(body, Some(id))?;
        event.id = Some(id.to_owned());
        if let Some(place) = self.realtime.key_events.find_mut(id) {
            if !body.contains_key("description") {
                event.description = place.description.take();
            }
            *place = event;
        }
        self.touch(id);
        self.changed("update_realtime_key_event");
        Ok(())
    }

    /// Deletes a key event that nothing uses and returns it.
    pub fn delete_key_event(&mut self, id: &str) -> Result<KeyEvent, Refusal> {
        let event = self.realtime.key_event(id)?;
        if let Some(user) = self.realtime.key_event_user(id) {
            return Err(Refusal::conflict(
                Reason::KeyEventInUse,
                format!("Key event '{}' can't be deleted: {user} uses it", event.name),
            ));
        }
        let event = event.clone();
        self.realtime.key_events.remove(id);
        self.changed("delete_realtime_key_event");
        Ok(event)
    }

    /// Reads and checks a key event; `own` is the id of the one that it replaces.
    fn read_key_event(&self, body: &Object, own: Option<&str>) -> Result<KeyEvent, Refusal> {
        only(body, &keys(&KEY_EVENT))?;
        for key in ["name", "databaseName", "tableName"] {
            text(body, key)?;
        }
        needs(body, &["filterRule"])?;
        if !body.get("filterRule").is_some_and(Value::is_object) {
            return Err(Refusal::invalid(Reason::KeyEventFilterInvalid, "Filter rule must be an object"));
        }
        let mut event: KeyEvent = typed(Value::Object(body.clone()))?;
        event.id = None;
        let others = || self.realtime.key_events.iter().filter(|other| other.id.as_deref() != own);
        if others().any(|other| other.name == event.name) {
            return Err(Refusal::invalid(Reason::KeyEventNameTaken, "Name has already been taken"));
        }
        let table = event.event_table();
        if !self.realtime.setting.event_tables.contains(&table) {
            let message = format!("{table} is not an event table of this parent segment's real-time setting");
            return Err(Refusal::invalid(Reason::KeyEventTableMissing, message));
        }
        event_rule(&event.filter_rule, "Filter rule")?;
        let characters: usize = others().map(|other| other.filter_rule.characters()).sum();
        let total = characters.saturating_add(event.filter_rule.characters());
        if total > FILTER_CHARACTERS {
            let message = format!(
                "Filter rules of all key events together have {total} characters; the limit is {FILTER_CHARACTERS}"
            );
            return Err(Refusal::invalid(Reason::KeyEventFiltersTooLong, message));
        }
        Ok(event)
    }
}
