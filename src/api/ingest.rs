//! Streaming ingest: events go into their tables, and no offer comes back.
//!
//! Sources: docs.treasuredata.com, *Importing Table Records Using the Data Ingestion API*, and
//! td-js-sdk `STREAMING_INGESTION.md`.

use super::{ApiError, Call, Client, Host, Media, Path};
use serde_json::{Map, Value, json};

impl Client {
    /// Ingests an event and returns the platform's receipt. It is not repeated: an event counts.
    pub async fn ingest_event(
        &self,
        database: &str,
        table: &str,
        event: &Map<String, Value>,
    ) -> Result<Value, ApiError> {
        let call = Call {
            host: Host::Records,
            ..Call::create(Path::of(&[database, table]), json!({"events": [event]})).media(Media::Vendor)
        };
        self.write(call, || Value::Null).await
    }

    /// Address that takes a table's events.
    pub fn ingest_url(&self, database: &str, table: &str) -> String {
        format!("{}{}", self.base(Host::Records), Path::of(&[database, table]))
    }
}
