//! Key events.

use super::pages::read_made;
use super::{ApiError, Call, Client, Path};
use crate::platform::wire::KeyEvent;
use serde_json::{Value, json};

impl Client {
    /// All key events of a parent segment.
    pub async fn key_events(&self, ps: &str) -> Result<Vec<KeyEvent>, ApiError> {
        self.all(Path::of(&["audiences", ps, "realtime_key_events"])).await
    }

    /// Creates a key event.
    pub async fn create_key_event(&self, ps: &str, event: &KeyEvent) -> Result<KeyEvent, ApiError> {
        let call = Call::create(Path::of(&["audiences", ps, "realtime_key_events"]), json!(event));
        let operation = self.operation(&call);
        let made = |id| KeyEvent { id: Some(id), ..event.clone() };
        let made_up = || json!(made(format!("new:event:{}", event.name)));
        read_made(&operation, self.write(call, made_up).await?, made)
    }

    /// Writes an existing key event. What is not sent stays, so a description that goes is sent as `null`.
    #[expect(clippy::indexing_slicing, reason = "an object, made here")]
    pub async fn write_key_event(&self, ps: &str, live: &KeyEvent, event: &KeyEvent) -> Result<(), ApiError> {
        let mut body = json!(KeyEvent { id: None, ..event.clone() });
        if event.description.is_none() && live.description.is_some() {
            body["description"] = Value::Null;
        }
        let id = live.id.as_deref().unwrap_or_default();
        let call = Call::patch(Path::of(&["audiences", ps, "realtime_key_events", id]), body);
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Deletes a key event.
    pub async fn delete_key_event(&self, ps: &str, id: &str) -> Result<(), ApiError> {
        let call = Call::delete(Path::of(&["audiences", ps, "realtime_key_events", id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }
}
