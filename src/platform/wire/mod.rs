//! The JSON that the platform's APIs speak, one file per resource.
//!
//! Field names and optionality follow the published OpenAPI descriptions. Fields that we do not
//! know are kept where an object is read, merged and written back, so that nothing is lost.

mod attribute;
mod audience;
mod journey;
mod journey_step;
mod key_event;
mod personalization;
mod run;
mod service;
mod setting;
mod table;
mod webhook;

pub use attribute::*;
pub use audience::*;
pub use journey::*;
pub use journey_step::*;
pub use key_event::*;
pub use personalization::*;
pub use run::*;
pub use service::*;
pub use setting::*;
pub use table::*;
pub use webhook::*;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// Fields of an object that this version does not know; they are written back unchanged.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Fields that this version does not know, of what is compared: they are written back unchanged, and say nothing
/// about whether two things are the same.
#[derive(Debug, Clone, Default, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Later(pub Box<Extra>);

impl PartialEq for Later {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Hash for Later {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Ord for Later {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl PartialOrd for Later {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads a part that is of no use where it has another form.
fn or_default<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// The `pagination` part of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// The path and query of the next page; `None` on the last.
    #[serde(default)]
    pub next_page: Option<String>,
}

/// A length of time in the platform's units (`RealtimeAttributeDurationSetting`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DurationSetting {
    /// How many units; at least 1.
    pub value: u64,
    /// The unit.
    pub unit: DurationUnit,
}

impl DurationSetting {
    /// The length in seconds.
    pub fn seconds(self) -> u64 {
        self.value.saturating_mul(match self.unit {
            DurationUnit::Minute => 60,
            DurationUnit::Hour => 3_600,
            DurationUnit::Day => 86_400,
        })
    }
}

/// Units of a [`DurationSetting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DurationUnit {
    /// 60 seconds.
    Minute,
    /// 3,600 seconds.
    Hour,
    /// 86,400 seconds.
    Day,
}
