//! `/_sandbox/`: the sandbox's own controls. No key, but only from this machine.

use super::call::Call;
use super::render::{Answer, json};
use super::serve::parent_segment;
use super::{DELETE, GET, POST, Route};
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::faults::FaultRule;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::live::Keys;
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::rollout::{Rollout, Settle};
use crate::sandbox::store::segment::not_enabled;
use serde::Deserialize;
use serde_json::json as object;

pub const ROUTES: &[Route] = &[
    (GET, "/_sandbox/health", health),
    (GET, "/_sandbox/requests", requests),
    (DELETE, "/_sandbox/requests", forget_requests),
    (GET, "/_sandbox/clock", clock),
    (POST, "/_sandbox/clock", set_clock),
    (POST, "/_sandbox/settle", settle),
    (POST, "/_sandbox/reset", reset),
    (GET, "/_sandbox/profiles", profiles),
    (GET, "/_sandbox/faults", faults),
    (POST, "/_sandbox/faults", add_fault),
    (DELETE, "/_sandbox/faults", clear_faults),
];

fn health(sandbox: &Sandbox, _: &Call) -> Answer {
    json(&object!({
        "ok": true,
        "name": "tdx-rt sandbox",
        "version": env!("CARGO_PKG_VERSION"),
        "url": sandbox.url(),
        "api_key": sandbox.key().as_str(),
        "account": sandbox.key().account(),
        "now": sandbox.clock().now(),
        "parent_segments": sandbox.read().segments().count(),
        "last_request_id": sandbox.journal().last_id(),
    }))
}

/// `?since_id=`, `?method=POST,PATCH`, `?path=/audiences` (a beginning).
fn requests(sandbox: &Sandbox, call: &Call) -> Answer {
    let since = match call.query("since_id") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Refusal::bad_request("since_id must be a number"))?,
    };
    let methods: Vec<String> =
        call.query("method").map(|m| m.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let mut entries = sandbox.journal().entries(since, &methods);
    if let Some(prefix) = call.query("path") {
        entries.retain(|entry| entry.path.starts_with(prefix));
    }
    json(&object!({"requests": entries, "last_id": sandbox.journal().last_id()}))
}

fn forget_requests(sandbox: &Sandbox, _: &Call) -> Answer {
    sandbox.journal().clear();
    json(&object!({"last_id": sandbox.journal().last_id()}))
}

fn clock(sandbox: &Sandbox, _: &Call) -> Answer {
    json(&object!({"now": sandbox.clock().now(), "now_ms": sandbox.clock().now_ms()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<f64>,
    set: Option<i64>,
}

/// How far the clock moves at once.
const HUNDRED_YEARS: f64 = 100.0 * 366.0 * 86_400.0;
/// 9999-12-31 23:59:59 UTC, the latest time of an event.
const LAST_SECOND: i64 = 253_402_300_799;

fn set_clock(sandbox: &Sandbox, call: &Call) -> Answer {
    match call.control()? {
        ClockChange { advance_seconds: Some(seconds), set: None } => {
            if seconds.is_nan() || seconds.abs() > HUNDRED_YEARS {
                return Err(Refusal::bad_request("advance_seconds must be a number of at most 100 years"));
            }
            // In range: checked above.
            let ms = (seconds * 1_000.0) as i64;
            if !(0..=LAST_SECOND).contains(&sandbox.clock().now_ms().saturating_add(ms).div_euclid(1_000)) {
                return Err(Refusal::bad_request("the clock goes from 1970 to the end of 9999"));
            }
            sandbox.clock().advance(ms);
        }
        ClockChange { advance_seconds: None, set: Some(seconds) } => {
            if !(0..=LAST_SECOND).contains(&seconds) {
                return Err(Refusal::bad_request(
                    "set must be a time from 1970 to 9999, in seconds since 1970",
                ));
            }
            sandbox.clock().set(seconds.saturating_mul(1_000));
        }
        _ => return Err(Refusal::bad_request("give either advance_seconds or set")),
    }
    clock(sandbox, call)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettleChange {
    /// How later changes settle.
    settle: Option<Settle>,
    /// Which parent segment the rest is about; all of them without it.
    ps: Option<String>,
    /// The status from now on; without it and without `settle`, roll-outs under way end.
    status: Option<RealtimeStatus>,
}

fn settle(sandbox: &Sandbox, call: &Call) -> Answer {
    let change: SettleChange = call.control()?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let finish = change.settle.is_none();
    let ids: Vec<String> = match change.ps {
        Some(id) => vec![id],
        None => store.segments().filter(|s| s.realtime.is_some()).map(|s| s.id.clone()).collect(),
    };
    // Everything is checked before anything is changed.
    for id in &ids {
        if store.segment(id)?.realtime.is_none() && change.status.is_none() {
            return Err(not_enabled());
        }
    }
    if let Some(settle) = change.settle {
        store.settle = settle;
    }
    let mut statuses = serde_json::Map::new();
    for id in ids {
        let (segment, ids) = store.segment_mut(&id)?;
        // A status enables real-time where it is not, as the vendor's support would.
        let realtime = match (&mut segment.realtime, change.status) {
            (Some(realtime), _) => realtime,
            (none, Some(status)) => none.insert(Realtime::new(ids.fresh(), Rollout::at(status))),
            (None, None) => return Err(not_enabled()),
        };
        match change.status {
            Some(status) => realtime.rollout = Rollout::at(status),
            None if finish => realtime.rollout.finish(),
            None => {}
        }
        statuses.insert(id, realtime.rollout.status(now).as_str().into());
    }
    json(&object!({"settle": store.settle, "statuses": statuses}))
}

fn reset(sandbox: &Sandbox, call: &Call) -> Answer {
    sandbox.reset().map_err(|error| Refusal::invalid(error.to_string()))?;
    health(sandbox, call)
}

/// `?ps=…&td_client_id=…`: everything about the profile that these keys find.
fn profiles(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = parent_segment(&store, call)?;
    let keys: Keys = call.queries().iter().filter(|(name, _)| name != "ps").cloned().collect();
    if keys.is_empty() {
        return json(&object!({"profiles": segment.profiles()?.len()}));
    }
    match segment.inspect(&keys, sandbox.clock().now())? {
        Some(profile) => json(&profile),
        None => Err(Refusal::not_found("no profile has these keys")),
    }
}

fn faults(sandbox: &Sandbox, _: &Call) -> Answer {
    json(&object!({"faults": sandbox.fault_rules()}))
}

fn add_fault(sandbox: &Sandbox, call: &Call) -> Answer {
    let rule: FaultRule = call.control()?;
    if rule.status.is_some_and(|status| !(200..=599).contains(&status)) {
        return Err(Refusal::bad_request("status must be a number from 200 to 599"));
    }
    json(&object!({"id": sandbox.add_fault(rule)}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClearFaults {
    #[serde(default = "default_seed")]
    seed: u64,
}

fn default_seed() -> u64 {
    42
}

fn clear_faults(sandbox: &Sandbox, call: &Call) -> Answer {
    let ClearFaults { seed } = call.control()?;
    sandbox.clear_faults(seed);
    json(&object!({"faults": []}))
}
