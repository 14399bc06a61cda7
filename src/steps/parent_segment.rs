//! Finding a parent segment and saying where its real-time configuration stands.

use super::all;
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::{did_you_mean, same_name};
use crate::platform::wire::{
    KeyEvent, ParentSegmentResource, RealtimeAttribute, RealtimeSetting, RealtimeStatus,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// A parent segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentSegment {
    /// Id, a string of digits.
    pub id: String,
    /// Its name; empty where only the id was asked for.
    pub name: String,
}

/// A parent segment and the state of its real-time configuration.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// Id, a string of digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `ok` is ready, `not_initialized` is not enabled, `unknown` is one that this version does not know.
    pub rt_status: RealtimeStatus,
    /// `DATABASE.TABLE` of each event table.
    pub event_tables: Vec<String>,
    /// Name of each key event.
    pub key_events: Vec<String>,
    /// Name of each real-time attribute.
    pub attributes: Vec<String>,
    /// Name of each stitching key.
    pub key_columns: Vec<String>,
    /// Whether `rt_status` is `ok`.
    pub ready: bool,
}

/// Whether a string is an id rather than a name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Finds a parent segment: by id without a listing, by name with one.
pub async fn find(client: &Client, id_or_name: &str) -> Result<ParentSegment, Error> {
    if is_id(id_or_name) {
        let found = client.parent_segment(id_or_name).await.map_err(|error| match error.is_not_found() {
            true => Error {
                message: format!("there is no parent segment with the id {id_or_name}"),
                ..error.into()
            },
            false => error.into(),
        })?;
        return Ok(ParentSegment { id: found.id, name: found.attributes.name });
    }
    let listing = client.parent_segments().await?;
    by_name(&listing, id_or_name)
}

/// Finds a parent segment by name in a listing. Names are not unique on the platform.
pub fn by_name(listing: &[ParentSegmentResource], name: &str) -> Result<ParentSegment, Error> {
    let mut fitting: Vec<_> = listing.iter().filter(|ps| ps.attributes.name == name).collect();
    if fitting.is_empty() {
        fitting = listing.iter().filter(|ps| same_name(&ps.attributes.name, name)).collect();
    }
    match fitting.as_slice() {
        [one] => Ok(ParentSegment { id: one.id.clone(), name: one.attributes.name.clone() }),
        [] => {
            let error = Error::new(Code::NotFound, format!("there is no parent segment named '{name}'"));
            let near = did_you_mean(name, listing.iter().map(|ps| ps.attributes.name.as_str()));
            let advice = "`tdx-rt ps-check` lists the parent segments; check --site too";
            Err(error.hint(near.as_deref().unwrap_or(advice)))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|ps| ps.id.as_str()).collect();
            let message = format!("{} parent segments are named '{name}': {}", several.len(), ids.join(", "));
            let candidates: Vec<_> =
                several.iter().map(|ps| json!({"id": ps.id, "name": ps.attributes.name})).collect();
            Err(Error::new(Code::AmbiguousName, message)
                .hint("name it by its id")
                .details(json!({ "candidates": candidates })))
        }
    }
}

/// The setting of a parent segment that must have real-time enabled. The platform answers 404 both
/// where it is not enabled and where the parent segment does not exist; a second read says which.
pub async fn enabled_setting(client: &Client, id: &str) -> Result<RealtimeSetting, Error> {
    match client.setting(id).await? {
        Some(setting) => Ok(setting),
        None => {
            find(client, id).await?;
            Err(not_enabled(None))
        }
    }
}

/// Reads everything that a report says.
pub async fn report(client: &Client, ps: &ParentSegment) -> Result<Report, Error> {
    let (setting, events, attributes) =
        tokio::join!(client.setting(&ps.id), client.key_events(&ps.id), client.attributes(&ps.id));
    match setting? {
        // Where real-time is not enabled the other listings may fail; they would be empty.
        None => Ok(report_of(ps, None, &[], &[])),
        Some(setting) => Ok(report_of(ps, Some(&setting), &events?, &attributes?)),
    }
}

/// Reports on every parent segment of the account. The listings of events and attributes are read
/// only where real-time is enabled.
pub async fn report_all(client: &Client) -> Result<Vec<Report>, Error> {
    let listing = client.parent_segments().await?;
    all(listing.into_iter().map(|found| async move {
        let ps = ParentSegment { id: found.id, name: found.attributes.name };
        let Some(setting) = client.setting(&ps.id).await? else { return Ok(report_of(&ps, None, &[], &[])) };
        let (events, attributes) = tokio::join!(client.key_events(&ps.id), client.attributes(&ps.id));
        Ok(report_of(&ps, Some(&setting), &events?, &attributes?))
    }))
    .await
}

/// What a report says, of what was read.
pub fn report_of(
    ps: &ParentSegment,
    setting: Option<&RealtimeSetting>,
    events: &[KeyEvent],
    attributes: &[RealtimeAttribute],
) -> Report {
    let status = setting.map_or(RealtimeStatus::NotInitialized, |setting| setting.status);
    let settings = setting.map(|setting| &setting.attributes);
    Report {
        id: ps.id.clone(),
        name: ps.name.clone(),
        rt_status: status,
        event_tables: settings.iter().flat_map(|s| s.event_tables.iter().map(ToString::to_string)).collect(),
        key_events: events.iter().map(|event| event.name.clone()).collect(),
        attributes: attributes.iter().map(|attribute| attribute.name.clone()).collect(),
        key_columns: settings.iter().flat_map(|s| s.key_columns.iter().map(|key| key.name.clone())).collect(),
        ready: status == RealtimeStatus::Ok,
    }
}

/// The workflow's message where real-time is not enabled.
pub fn not_enabled(report: Option<&Report>) -> Error {
    let error = Error::new(Code::RtNotEnabled, "RT 2.0 is not enabled for this parent segment.")
        .hint("Contact your CSM to enable RT 2.0.");
    with_report(error, report)
}

/// The workflow's message where no parent segment has real-time enabled.
pub fn none_enabled() -> Error {
    Error::new(Code::NoRtParentSegments, "No RT-enabled parent segments found in your account.")
        .hint("Contact your CSM to enable RT 2.0 for a parent segment.")
}

/// The workflow's message while a change is rolled out.
pub fn updating(report: Option<&Report>) -> Error {
    let error = Error::new(Code::RtUpdating, "RT configuration is updating. Its status is not \"ok\" yet.")
        .hint("This typically takes 30-90 seconds; --wait waits for it.")
        .retryable();
    with_report(error, report)
}

/// A roll-out failed.
pub fn inconsistent(detail: Option<&serde_json::Value>, report: Option<&Report>) -> Error {
    let message = match detail.filter(|detail| !detail.is_null()) {
        None => "RT configuration is inconsistent: a roll-out failed.".to_owned(),
        Some(detail) => format!("RT configuration is inconsistent: a roll-out failed ({detail})."),
    };
    let error = Error::new(Code::RtInconsistent, message)
        .hint("Waiting does not repair it; look at the parent segment in the console or contact your CSM.");
    with_report(error, report)
}

fn with_report(error: Error, report: Option<&Report>) -> Error {
    match report {
        None => error,
        Some(report) => error.details(json!({ "parent_segment": report })),
    }
}
