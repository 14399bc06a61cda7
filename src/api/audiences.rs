//! Parent segments, their batch attributes, folders and batch segments.

use super::pages::read;
use super::{ApiError, Call, Client, Failure, Host, Path};
use crate::platform::wire::{Audience, AudienceAttribute, BatchSegment, Folder, ParentSegmentResource};
use serde_json::Value;

fn unlike_contract(operation: &str) -> ApiError {
    ApiError::local(Failure::Unreadable, format!("{operation}: the answer is no list of parent segments"))
}

impl Client {
    /// All parent segments, cheaply: names only. The published schema is an array of `{data: …}`;
    /// one object with `data: […]` has been seen too.
    pub async fn parent_segments(&self) -> Result<Vec<ParentSegmentResource>, ApiError> {
        let call = Call::get(Host::Cdp, Path::of(&["entities", "parent_segments"]));
        let operation = call.operation();
        let items = match self.send(call).await? {
            Value::Array(items) => items,
            Value::Object(mut map) => match map.remove("data") {
                Some(Value::Array(items)) => items,
                Some(one) => vec![one],
                None => return Err(unlike_contract(&operation)),
            },
            _ => return Err(unlike_contract(&operation)),
        };
        items.into_iter().map(|item| read(&operation, item)).collect()
    }

    /// One parent segment's name.
    pub async fn parent_segment(&self, id: &str) -> Result<ParentSegmentResource, ApiError> {
        let call = Call::get(Host::Cdp, Path::of(&["entities", "parent_segments", id]));
        let operation = call.operation();
        read(&operation, self.send(call).await?)
    }

    /// One parent segment with its master table.
    pub async fn audience(&self, id: &str) -> Result<Audience, ApiError> {
        self.send(Call::get(Host::Cdp, Path::of(&["audiences", id]))).await
    }

    /// Batch attributes, those of the master table included.
    pub async fn batch_attributes(&self, id: &str) -> Result<Vec<AudienceAttribute>, ApiError> {
        self.send(Call::get(Host::Cdp, Path::of(&["audiences", id, "attributes"]))).await
    }

    /// Segment folders; the first is the parent segment's own.
    pub async fn folders(&self, id: &str) -> Result<Vec<Folder>, ApiError> {
        self.send(Call::get(Host::Cdp, Path::of(&["audiences", id, "folders"]))).await
    }

    /// Batch segments.
    pub async fn batch_segments(&self, id: &str) -> Result<Vec<BatchSegment>, ApiError> {
        self.send(Call::get(Host::Cdp, Path::of(&["audiences", id, "segments"]))).await
    }
}
