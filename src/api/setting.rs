//! The real-time setting.

use super::attributes::imports;
use super::pages::read_one;
use super::{ApiError, Call, Client, Host, Path, Planned};
use crate::platform::wire::{BatchAttribute, RealtimeSetting, RealtimeSettingAttributes, RealtimeStatus};
use serde_json::Value;

impl Client {
    /// The setting; `None` when real-time is not enabled (404, or `not_initialized`).
    pub async fn setting(&self, ps: &str) -> Result<Option<RealtimeSetting>, ApiError> {
        match self.fetch::<RealtimeSetting>(Call::get(Host::Cdp, path(ps))).await {
            Ok(setting) if setting.status == RealtimeStatus::NotInitialized => Ok(None),
            Ok(setting) => Ok(Some(self.foreseen(ps, setting))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The setting as the writes that a dry run collected so far leave it: a later write of the whole
    /// setting takes nothing of them back.
    fn foreseen(&self, ps: &str, mut setting: RealtimeSetting) -> RealtimeSetting {
        let own = self.url(&Call::get(Host::Cdp, path(ps)));
        let imports = self.url(&Call::get(Host::Cdp, imports(ps)));
        for Planned { url, body, .. } in self.collected().writes {
            let Some(body) = body else { continue };
            if url == own
                && let Ok(attributes) = serde_json::from_value(body.clone())
            {
                setting.attributes = attributes;
            } else if url == imports {
                let columns = body.get("columns").and_then(Value::as_array).into_iter().flatten();
                let there = std::mem::take(&mut setting.attributes.batch_attributes);
                let batch = |column: &str| match there.iter().find(|batch| batch.column == column) {
                    Some(batch) => batch.clone(),
                    None => BatchAttribute::new(column),
                };
                setting.attributes.batch_attributes = columns.filter_map(Value::as_str).map(batch).collect();
            }
        }
        setting
    }

    /// Writes all four fields, and those of later versions; each list replaces what was there. Once it is accepted the setting is
    /// as it was sent, whatever else the answer says.
    pub async fn write_setting(
        &self,
        ps: &str,
        attributes: &RealtimeSettingAttributes,
    ) -> Result<RealtimeSetting, ApiError> {
        let call = Call::patch(path(ps), serde_json::json!(attributes));
        let operation = self.operation(&call);
        let answer = self.write(call, || Value::Null).await;
        let answer = answer.map_err(|error| error.refusing(attributes.later()))?;
        let sent = || RealtimeSetting {
            id: None,
            attributes: attributes.clone(),
            status: RealtimeStatus::Updating,
            status_detailed: None,
        };
        Ok(read_one(&operation, answer).unwrap_or_else(|_| sent()))
    }
}

fn path(ps: &str) -> Path {
    Path::of(&["audiences", ps, "realtime_setting"])
}
