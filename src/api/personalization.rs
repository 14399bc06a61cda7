//! The personalization API: sending an event and getting offers.

use super::{ApiError, Call, Client, Host, Media, Path};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};

/// An answer with how long it took.
#[derive(Debug, Clone)]
pub struct EventAnswer {
    /// The answer's JSON.
    pub body: Value,
    /// From the first byte sent to the last received.
    pub elapsed: Duration,
}

impl Client {
    /// Ingests an event and returns the offers. It is not repeated: an event counts.
    pub async fn send_event(
        &self,
        database: &str,
        table: &str,
        event: Map<String, Value>,
        token: SecretString,
    ) -> Result<EventAnswer, ApiError> {
        let call = Call {
            host: Host::Personalization,
            token: Some(token),
            ..Call::create(Path::of(&[database, table]), Value::Object(event)).media(Media::Vendor)
        };
        let started = Instant::now();
        let body = self.write(call, || Value::Null).await?;
        Ok(EventAnswer { body, elapsed: started.elapsed() })
    }

    /// Asks for a personalization without sending an event: the form of the published workflow.
    pub async fn personalization(
        &self,
        ps: &str,
        id: &str,
        query: &[(String, String)],
    ) -> Result<EventAnswer, ApiError> {
        let path = Path::of(&["audiences", ps, "personalizations", id]);
        let call = Call { query: query.to_vec(), ..Call::get(Host::Personalization, path) };
        let started = Instant::now();
        let body = self.send(call).await?;
        Ok(EventAnswer { body, elapsed: started.elapsed() })
    }

    /// Address of a personalization in the workflow's form.
    pub fn personalization_url(&self, ps: &str, id: &str) -> String {
        let path = Path::of(&["audiences", ps, "personalizations", id]);
        format!("{}{path}", self.base(Host::Personalization))
    }

    /// Address that takes a table's events.
    pub fn event_url(&self, database: &str, table: &str) -> String {
        format!("{}{}", self.base(Host::Personalization), Path::of(&[database, table]))
    }
}
