//! The real-time setting.

use super::{ApiError, Call, Client, Host, Path};
use crate::platform::wire::{RealtimeSetting, RealtimeSettingAttributes, RealtimeStatus};

impl Client {
    /// The setting; `None` when real-time is not enabled (404, or `not_initialized`).
    pub async fn setting(&self, ps: &str) -> Result<Option<RealtimeSetting>, ApiError> {
        match self.send::<RealtimeSetting>(Call::get(Host::Cdp, path(ps))).await {
            Ok(setting) if setting.status == RealtimeStatus::NotInitialized => Ok(None),
            Ok(setting) => Ok(Some(setting)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes all four fields; each list replaces what was there.
    pub async fn write_setting(
        &self,
        ps: &str,
        attributes: &RealtimeSettingAttributes,
    ) -> Result<RealtimeSetting, ApiError> {
        let body = serde_json::json!({
            "keyColumns": attributes.key_columns,
            "eventTables": attributes.event_tables,
            "batchAttributes": attributes.batch_attributes,
            "extLookupKey": attributes.ext_lookup_key,
        });
        self.write(Call::patch(path(ps), body), || RealtimeSetting {
            id: None,
            attributes: attributes.clone(),
            status: RealtimeStatus::Updating,
            status_detailed: None,
            extra: Default::default(),
        })
        .await
    }
}

fn path(ps: &str) -> Path {
    Path::of(&["audiences", ps, "realtime_setting"])
}
