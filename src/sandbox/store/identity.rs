//! The tables about who is who, as far as parent segments fill them.

use super::Store;
use super::logs::LogTable;
use super::segment::ParentSegment;
use crate::sandbox::engine::{IdentityChange, ProfileNumber, RejectedKey};
use serde_json::{Map, Value};
use uuid::Builder;

/// What stands for the part of the platform that writes a record.
const INSTANCE: &str = "sandbox";
/// The field of an event that all records about it have.
const TRACKING: &str = "td_rt_tracking_id";

/// The id of a profile in the logs: a UUID of version 7, as the platform's. It follows from when the profile was
/// made, its number and the setting's id alone, so that it never changes and sorts as profiles were made.
fn rid(setting: &str, profile: ProfileNumber) -> String {
    let ms = u64::try_from(profile.since.saturating_mul(1_000)).unwrap_or_default();
    // Version and variant take the first 4 bits of the first part and the first 2 of the second one.
    let high = (profile.number >> 30) & 0xfff;
    let low = profile.number & 0x3fff_ffff;
    // FNV-1a of 32 bits: two settings make profiles in the same second.
    let salt = setting
        .bytes()
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let bytes = (u128::from(high) << 64 | u128::from(low) << 32 | u128::from(salt)).to_be_bytes();
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().zip(bytes.iter().skip(6)) {
        *to = *from;
    }
    Builder::from_unix_timestamp_millis(ms, &random).into_uuid().to_string()
}

/// Strings as a JSON array in a string.
fn array(items: &[String]) -> Value {
    Value::from(items).to_string().into()
}

fn tracking(event: &Map<String, Value>) -> Value {
    event.get(TRACKING).filter(|value| value.is_string()).cloned().unwrap_or_default()
}

impl Store {
    /// The id of a profile of a parent segment in the logs; `None` where real-time is not enabled any more.
    pub fn rid(&self, segment: u64, profile: ProfileNumber) -> Option<String> {
        let segment = self.segments.get(&segment)?;
        Some(rid(&segment.realtime.as_ref()?.id, profile))
    }

    /// Records in `id_changes` what an event has changed, and in `ids_updated` the ids of the profile: one record
    /// for each profile that was merged into it, then one for itself, then one for what it had to drop.
    ///
    /// The released form is followed: only a new profile has its ids in `current_id_attributes`, and
    /// `key_values` is null. `evicted_ids` and `td_rt_tracking_id` are of the newer form.
    pub(super) fn log_identity(
        &self,
        segment: &ParentSegment,
        change: &IdentityChange,
        event: &Map<String, Value>,
        now: i64,
    ) {
        let rid = |profile: ProfileNumber| self.rid(segment.number(), profile).unwrap_or_default();
        let log = |kind: &str, profile: &str, ids: Value, merged: Value, evicted: Value| {
            let cells = [
                now.into(),
                "id".into(),
                Value::Null,
                INSTANCE.into(),
                kind.into(),
                ids,
                profile.into(),
                merged,
                evicted,
                tracking(event),
            ];
            self.log(segment.number(), LogTable::IdChanges, cells);
        };
        let own = rid(change.profile);
        let merged: Vec<String> = change.merged.iter().map(|profile| rid(*profile)).collect();
        for gone in &merged {
            log("profile_deleted_by_stitching", gone, Value::Null, Value::Null, Value::Null);
        }
        if change.made {
            log("profile_added", &own, array(&change.added), Value::Null, Value::Null);
        } else {
            log("profile_updated_by_stitching", &own, Value::Null, array(&merged), Value::Null);
        }
        if !change.evicted.is_empty() {
            log("profile_ids_evicted", &own, Value::Null, Value::Null, array(&change.evicted));
        }
        self.log_ids_of(segment.number(), &own, &change.ids, now);
    }

    /// Records in `validation_failures` which values of stitching keys an event has that are no ids, each as JSON.
    pub(super) fn log_rejected(
        &self,
        segment: &ParentSegment,
        rejected: &[RejectedKey],
        event: &Map<String, Value>,
        now: i64,
    ) {
        let pairs: Vec<String> = rejected.iter().filter_map(|key| serde_json::to_string(key).ok()).collect();
        let cells = [now.into(), "validation".into(), INSTANCE.into(), pairs.into(), tracking(event)];
        self.log(segment.number(), LogTable::ValidationFailures, cells);
    }

    /// Records in `ids_updated` the ids of all profiles of a parent segment, as its run does. `now`:
    /// milliseconds since the epoch.
    pub(super) fn log_ids(&self, id: &str, now: i64) {
        let Ok(segment) = self.segment(id) else { return };
        let identities = segment.profiles().map(|profiles| profiles.identities()).unwrap_or_default();
        for (profile, ids) in identities {
            let rid = self.rid(segment.number(), profile).unwrap_or_default();
            self.log_ids_of(segment.number(), &rid, &ids, now.div_euclid(1_000));
        }
    }

    fn log_ids_of(&self, segment: u64, rid: &str, ids: &[String], now: i64) {
        self.log(segment, LogTable::IdsUpdated, [now.into(), rid.into(), ids.into()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_rid_is_a_uuid_of_version_7_that_sorts_by_age() {
        let rids: Vec<String> = [(0, 0), (5, 0), (5, 1), (5, 1 << 29), (5, 1 << 30), (5, 1 << 40), (6, 2)]
            .map(|(since, number)| rid("500001", ProfileNumber { number, since: 1_761_955_200 + since }))
            .into();
        for rid in &rids {
            let uuid: Uuid = rid.parse().unwrap();
            assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122), "{rid}");
        }
        assert!(rids.is_sorted_by(|a, b| a < b), "{rids:#?}");
        assert!(rids[0].starts_with("019a3cb6-bc00-7000-8000-0000"), "{}", rids[0]);
        let profile = ProfileNumber { number: 7, since: 1_761_955_200 };
        assert_eq!(rid("500001", profile), rid("500001", profile));
        assert_ne!(rid("500001", profile), rid("500002", profile));
    }
}
