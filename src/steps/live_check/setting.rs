//! Stitching keys and the external lookup key.

use super::Checker;
use crate::error::Code;
use crate::plan::{Event, IdStitching};
use crate::steps::desired::setting::{WantedKey, WantedSetting, lookup_key, merge, profile_key};

pub(super) fn check(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let Some(stitching) = &plan.id_stitching else { return };
    keys(checker, stitching);
    let live = checker.live;
    let fixed = live.state.setting.ext_lookup_key.as_deref();
    let profile = live.audience.as_ref().and_then(profile_key);
    if let Err(error) = lookup_key(stitching.ext_lookup_key.as_deref(), fixed, profile.as_deref()) {
        let pointer = format!("{}/ext_lookup_key", stitching.at);
        let code = if error.code == Code::Conflict { "live-conflict" } else { "not-profile-key" };
        checker.error(code, &pointer, &error);
    }
    let key = |column| WantedKey { column, ..WantedKey::default() };
    let wanted = WantedSetting {
        keys: stitching.key_columns().into_iter().map(key).collect(),
        ..WantedSetting::default()
    };
    if !wanted.keys.is_empty()
        && let Err(error) = merge(&live.state.setting, &wanted)
    {
        let pointer = checker.at(&stitching.at, &["stitching_keys"]);
        checker.error("limit-exceeded", &pointer, &error);
    }
}

/// Keys that no event table has would do nothing; those that are configured already are not
/// refused.
fn keys(checker: &mut Checker<'_>, stitching: &IdStitching) {
    let (plan, live) = (checker.plan, checker.live);
    // A table whose name is misspelt may have them all.
    let mut tables = plan.events.iter().map(Event::event_table).chain(plan.event_tables.iter().cloned());
    let unsure = tables.any(|table| live.schemas.missing(&table).is_some());
    for key in stitching.stitching_keys.iter().filter(|_| !unsure) {
        if live.state.setting.key_columns.iter().any(|there| there.name == key.name) {
            continue;
        }
        if let Err(error) = live.schemas.anywhere(&key.name, &format!("stitching key '{}'", key.name)) {
            let pointer = checker.at(&key.at, &["name"]);
            checker.error("unknown-column", &pointer, &error);
        }
    }
}
