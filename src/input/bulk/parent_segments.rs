//! The parent segments that items name.

use super::csv::{Header, Taken};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::platform::wire::ParentSegmentResource;
use crate::steps::parent_segment::{ParentSegment, by_name, find, is_id};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

/// What an item calls its parent segment, the first that it has.
const NAMES: [&str; 6] = ["parent_segment_id", "id", "parent_segment_name", "parent_segment", "name", "ps"];

/// The account's parent segments, asked for once.
pub(crate) struct ParentSegments<'a> {
    client: &'a Client,
    listing: OnceCell<Vec<ParentSegmentResource>>,
}

impl<'a> ParentSegments<'a> {
    /// Nothing is asked yet.
    pub(crate) fn new(client: &'a Client) -> Self {
        ParentSegments { client, listing: OnceCell::new() }
    }

    async fn all(&self) -> Result<&[ParentSegmentResource], Error> {
        self.listing
            .get_or_try_init(async || Ok(self.client.parent_segments().await?))
            .await
            .map(Vec::as_slice)
    }

    /// The one that an item names by its id, its name, or in an object.
    pub(crate) async fn find(&self, item: &Value) -> Result<ParentSegment, Error> {
        let wanted = named(item)?;
        let listing = self.all().await?;
        match listing.iter().find(|ps| ps.id == wanted) {
            Some(ps) => Ok(ParentSegment { id: ps.id.clone(), name: ps.attributes.name.clone() }),
            // A folder's user may see one that is in no listing.
            None if is_id(&wanted) => find(self.client, &wanted).await,
            None => by_name(listing, &wanted),
        }
    }
}

/// The id or name in an item: the string itself, or what `ps-check`, a step or a plan calls it.
fn named(item: &Value) -> Result<String, Error> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let of_map = |map: &Map<String, Value>| NAMES.iter().find_map(|key| map.get(*key).and_then(text));
    let found = item.as_object().map_or_else(|| text(item), of_map);
    found.ok_or_else(|| {
        Error::new(Code::InvalidPlan, "the line names no parent segment")
            .hint("give an id, a name, or an object with `id`, `name`, `parent_segment_id` or `parent_segment_name`")
    })
}

/// What an item is called in CSV: the id or name of its parent segment.
pub(crate) fn label(item: &Value) -> Value {
    named(item).map_or_else(|_| item.clone(), Value::String)
}

/// The column of a file that names parent segments: one of these names, or the only one.
///
/// # Errors
/// When there is none.
pub(crate) fn column(header: &Header) -> Result<Taken, Error> {
    if let Some(at) = NAMES.iter().find_map(|name| header.position(name)) {
        return Ok(Taken::Column(at));
    }
    match header.names() {
        // A file without a header would lose its first parent segment.
        [only] if is_id(only) => Err(header.wrong(&format!("'{only}' looks like an id, and not like the name of a column")).hint(
            "write the name of the column into the first line, such as: id; without --csv, each line is one",
        )),
        [_] => Ok(Taken::Column(0)),
        _ => Err(header.missing("id", "the parent segment: its id, or `name` with its name")),
    }
}
