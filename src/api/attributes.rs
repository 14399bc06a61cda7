//! Real-time attributes, imported ones included.

use super::pages::read_made;
use super::{ApiError, Call, Client, Path};
use crate::platform::wire::RealtimeAttribute;
use serde_json::{Map, Value, json};

impl Client {
    /// All real-time attributes of a parent segment.
    pub async fn attributes(&self, ps: &str) -> Result<Vec<RealtimeAttribute>, ApiError> {
        self.all(Path::of(&["audiences", ps, "realtime_attributes"])).await
    }

    /// Creates a single, list, counter or lookup catalog attribute.
    pub async fn create_attribute(
        &self,
        ps: &str,
        attribute: &RealtimeAttribute,
    ) -> Result<RealtimeAttribute, ApiError> {
        let call = Call::create(Path::of(&["audiences", ps, "realtime_attributes"]), json!(attribute));
        let operation = self.operation(&call);
        let made = |id| RealtimeAttribute { id: Some(id), ..attribute.clone() };
        let made_up = || json!(made(format!("new:{}", attribute.name)));
        read_made(&operation, self.write(call, made_up).await?, made)
    }

    /// Changes the given fields of an attribute, to which they belong in `whole`.
    pub async fn patch_attribute(
        &self,
        ps: &str,
        id: &str,
        fields: Map<String, Value>,
        whole: &RealtimeAttribute,
    ) -> Result<(), ApiError> {
        let call =
            Call::patch(Path::of(&["audiences", ps, "realtime_attributes", id]), Value::Object(fields));
        let answer = self.write::<Value>(call, || Value::Null).await;
        answer.map(drop).map_err(|error| error.refusing(whole.spec.later()))
    }

    /// Deletes an attribute.
    pub async fn delete_attribute(&self, ps: &str, id: &str) -> Result<(), ApiError> {
        let call = Call::delete(Path::of(&["audiences", ps, "realtime_attributes", id]));
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }

    /// Sets which batch attributes are imported: exactly these, so pass those that are already
    /// imported too.
    pub async fn import_attributes(&self, ps: &str, columns: &[String]) -> Result<(), ApiError> {
        // A whole state, so a repeat is the same as one: sent like a PATCH although it is a POST.
        let call = Call { repeatable: true, ..Call::create(imports(ps), json!({ "columns": columns })) };
        self.write::<Value>(call, || Value::Null).await.map(drop)
    }
}

/// The path of the list of imported batch attributes.
pub(super) fn imports(ps: &str) -> Path {
    Path::of(&["audiences", ps, "realtime_imported_attributes", "bulk_update"])
}
