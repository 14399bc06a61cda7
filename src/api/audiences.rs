//! Parent segments, their batch attributes, folders and batch segments.

use super::lenient::{items, read_all};
use super::pages::unwrap_data;
use super::{ApiError, Call, Client, Host, Path};
use crate::platform::wire::{Audience, AudienceAttribute, BatchSegment, Folder, ParentSegmentResource};

impl Client {
    /// All parent segments, cheaply: names only. The published schema is an array of `{data: …}`;
    /// one object with `data: […]` has been seen too.
    pub async fn parent_segments(&self) -> Result<Vec<ParentSegmentResource>, ApiError> {
        let call = Call::get(Host::Cdp, Path::of(&["entities", "parent_segments"]));
        let operation = self.operation(&call);
        let items = items(&operation, self.send(call).await?)?;
        read_all(&operation, items.into_iter().map(unwrap_data).collect())
    }

    /// One parent segment's name.
    pub async fn parent_segment(&self, id: &str) -> Result<ParentSegmentResource, ApiError> {
        let call = Call::get(Host::Cdp, Path::of(&["entities", "parent_segments", id]));
        self.fetch(call).await
    }

    /// One parent segment with its master table.
    pub async fn audience(&self, id: &str) -> Result<Audience, ApiError> {
        self.fetch(Call::get(Host::Cdp, Path::of(&["audiences", id]))).await
    }

    /// Batch attributes, those of the master table included.
    pub async fn batch_attributes(&self, id: &str) -> Result<Vec<AudienceAttribute>, ApiError> {
        self.list(Call::get(Host::Cdp, Path::of(&["audiences", id, "attributes"]))).await
    }

    /// Segment folders; the first is the parent segment's own.
    pub async fn folders(&self, id: &str) -> Result<Vec<Folder>, ApiError> {
        self.list(Call::get(Host::Cdp, Path::of(&["audiences", id, "folders"]))).await
    }

    /// Batch segments.
    pub async fn batch_segments(&self, id: &str) -> Result<Vec<BatchSegment>, ApiError> {
        self.list(Call::get(Host::Cdp, Path::of(&["audiences", id, "segments"]))).await
    }
}
