//! `/_sandbox/`: the sandbox's own controls. No key, but only from this machine.

use super::call::RouteCall;
use super::faults::check_operation;
use super::render::{Answer, json, later};
use super::{DELETE, GET, POST, Route};
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::answers::{Cleared, Health, PaceSettings, Profiles, Requests, Statuses, Time};
use crate::sandbox::clock::{LAST_SECOND, iso, parse_time};
use crate::sandbox::faults::check_method;
use crate::sandbox::journal::{RequestQuery, UnknownStatus};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::live::ProfileKeys;
use crate::sandbox::store::pace::{Pace, Paces, UnknownPace};
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::rollout::{Rollout, Settle, UnknownSettle};
use crate::sandbox::store::segment::{ParentSegment, not_enabled};
use crate::sandbox::store::{Store, no_record};
use serde::Deserialize;

pub const ROUTES: &[Route] = &[
    (GET, "/_sandbox/health", health),
    (GET, "/_sandbox/requests", requests),
    (DELETE, "/_sandbox/requests", forget_requests),
    (GET, "/_sandbox/clock", clock),
    (POST, "/_sandbox/clock", set_clock),
    (GET, "/_sandbox/settle", statuses),
    (POST, "/_sandbox/settle", settle),
    (GET, "/_sandbox/pace", pace),
    (POST, "/_sandbox/pace", set_pace),
    (GET, "/_sandbox/profiles", profiles),
    (GET, "/_sandbox/journeys/{id}/preview", super::preview::preview),
];

pub fn health(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    json(&Health {
        ok: true,
        name: crate::platform::SANDBOX,
        version: env!("CARGO_PKG_VERSION"),
        url: sandbox.url(),
        api_key: sandbox.key().as_str(),
        account: sandbox.key().account(),
        now: iso(sandbox.clock().now_ms()),
        parent_segments: sandbox.read().segments().count(),
        last_request_id: sandbox.journal().last_id(),
    })
}

/// `?since_id=`, `?method=POST,PATCH`, `?path=/audiences` (a prefix), `?operation=`,
/// `?status=404,5xx,none`. A misspelt filter would match everything, so it is refused.
fn requests(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut wanted = RequestQuery::default();
    for (name, value) in call.queries() {
        match name.as_str() {
            "since_id" => {
                wanted.since_id = value.parse().map_err(|_| {
                    Refusal::bad_request(Reason::ControlQueryInvalid, "since_id must be a number")
                })?;
            }
            "method" => {
                wanted.methods = value.split(',').map(str::to_owned).collect();
                wanted
                    .methods
                    .iter()
                    .try_for_each(|method| check_method(method))
                    .map_err(|error| Refusal::bad_request(Reason::ControlQueryInvalid, error))?;
            }
            "path" if value.starts_with('/') => wanted.path = Some(value.clone()),
            "path" => {
                return Err(Refusal::bad_request(
                    Reason::ControlQueryInvalid,
                    format!("path '{value}' must start with a slash"),
                ));
            }
            "operation" => {
                check_operation(value)
                    .map_err(|error| Refusal::bad_request(Reason::ControlQueryInvalid, error))?;
                wanted.operation = Some(value.clone());
            }
            "status" => {
                let statuses: Result<_, UnknownStatus> = value.split(',').map(str::parse).collect();
                wanted.statuses = statuses
                    .map_err(|error| Refusal::bad_request(Reason::ControlQueryInvalid, error.to_string()))?;
            }
            other => {
                return Err(Refusal::bad_request(
                    Reason::ControlQueryInvalid,
                    format!("'{other}' is no filter; there are since_id, method, path, operation and status"),
                ));
            }
        }
    }
    let journal = sandbox.journal();
    if wanted.since_id > journal.last_id() {
        let message =
            format!("there is no request {} yet; the last one is {}", wanted.since_id, journal.last_id());
        return Err(Refusal::bad_request(Reason::ControlQueryInvalid, message));
    }
    let entries = journal.find(&wanted);
    json(&Requests {
        count: entries.len(),
        requests: Some(entries.into_iter().map(Into::into).collect()),
        last_id: journal.last_id(),
        complete: journal.is_complete_since(wanted.since_id),
    })
}

fn forget_requests(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    sandbox.journal().clear();
    json(&Cleared { last_id: sandbox.journal().last_id() })
}

fn clock(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let now = sandbox.clock().now_ms();
    json(&Time { time: iso(now), now_ms: now, stands_still: sandbox.clock().stands_still() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<f64>,
    set: Option<Moment>,
}

/// Seconds since the epoch, or a time as a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Seconds(i64),
    Text(String),
}

/// The most that the clock moves at once.
const HUNDRED_YEARS: f64 = 100.0 * 366.0 * 86_400.0;

fn set_clock(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    match call.control()? {
        ClockChange { advance_seconds: Some(seconds), set: None } => {
            if seconds.is_nan() || seconds.abs() > HUNDRED_YEARS {
                return Err(Refusal::bad_request(
                    Reason::ControlClockInvalid,
                    "advance_seconds must be a number of at most 100 years",
                ));
            }
            // In range: checked above.
            let ms = (seconds * 1_000.0) as i64;
            if !(0..=LAST_SECOND).contains(&sandbox.clock().now_ms().saturating_add(ms).div_euclid(1_000)) {
                return Err(Refusal::bad_request(
                    Reason::ControlClockInvalid,
                    "the clock goes from 1970 to the end of 9999",
                ));
            }
            move_to(sandbox, call, sandbox.clock().now_ms().saturating_add(ms))
        }
        ClockChange { advance_seconds: None, set: Some(time) } => {
            let text = match time {
                Moment::Seconds(seconds) => seconds.to_string(),
                Moment::Text(text) => text,
            };
            let ms = parse_time(&text).map_err(|reason| {
                Refusal::bad_request(Reason::ControlClockInvalid, format!("set: {reason}"))
            })?;
            move_to(sandbox, call, ms)
        }
        _ => Err(Refusal::bad_request(Reason::ControlClockInvalid, "give either advance_seconds or set")),
    }
}

/// Back at once; ahead in steps, so that what is due in between is done at its own time.
fn move_to(sandbox: &Sandbox, call: &RouteCall, to: i64) -> Answer {
    if to > sandbox.clock().now_ms() {
        return later(Some(to), clock);
    }
    sandbox.clock().set(to);
    clock(sandbox, call)
}

/// How a change settles, spelled as in the shell (`now`, `150ms`, `2reads`, …) or as in documents.
#[derive(Deserialize)]
#[serde(untagged)]
enum When {
    Text(String),
    Settle(Settle),
}

impl When {
    fn settle(self) -> Result<Settle, Refusal> {
        match self {
            When::Settle(settle) => Ok(settle),
            When::Text(text) if text == "immediately" => Ok(Settle::Immediately),
            When::Text(text) => text.parse().map_err(|error: UnknownSettle| {
                Refusal::bad_request(Reason::ControlRolloutInvalid, error.to_string())
            }),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettleChange {
    /// How later changes settle, of all parent segments.
    settle: Option<When>,
    /// Which parent segment the rest is about, by id or name; all of them without it.
    ps: Option<String>,
    /// The status from now on. Without it, `rollout` and `settle`, roll-outs under way end.
    status: Option<RealtimeStatus>,
    /// A roll-out that begins now and settles so.
    rollout: Option<When>,
}

fn settle(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let change: SettleChange = call.control()?;
    let later = change.settle.map(When::settle).transpose()?;
    let step = match (change.status, change.rollout.map(When::settle).transpose()?, later) {
        (Some(_), Some(_), _) => {
            return Err(Refusal::bad_request(Reason::ControlRolloutInvalid, "give either status or rollout"));
        }
        (Some(status), None, _) => Step::Stand(status),
        (None, Some(settle), _) => Step::Begin(settle),
        (None, None, Some(_)) => Step::Nothing,
        (None, None, None) => Step::Finish,
    };
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let ids: Vec<String> = match &change.ps {
        Some(ps) => vec![segment(&store, ps)?.id.clone()],
        None => store.segments().filter(|s| s.realtime.is_some()).map(|s| s.id.clone()).collect(),
    };
    // Everything is checked before anything is changed.
    for id in &ids {
        if store.segment(id)?.realtime.is_none() && !matches!(step, Step::Stand(_)) {
            return Err(not_enabled());
        }
    }
    if let Some(settle) = later {
        store.set_settle(settle);
    }
    if !matches!(step, Step::Nothing) {
        for id in &ids {
            let (segment, fresh) = store.segment_mut(id)?;
            // A status enables real-time where it is not, as the vendor's support would.
            let realtime = match (&mut segment.realtime, &step) {
                (Some(realtime), _) => realtime,
                (none, Step::Stand(status)) => {
                    none.insert(Realtime::new(fresh.fresh(), Rollout::at(*status)))
                }
                (None, _) => return Err(not_enabled()),
            };
            step.take(&mut realtime.rollout, now);
        }
    }
    status_list(&store, change.ps.is_some().then_some(ids.as_slice()), now)
}

/// What happens to a roll-out.
enum Step {
    Nothing,
    Finish,
    Stand(RealtimeStatus),
    Begin(Settle),
}

impl Step {
    fn take(&self, rollout: &mut Rollout, now: i64) {
        match self {
            Step::Nothing => {}
            Step::Finish => rollout.finish(),
            Step::Stand(status) => *rollout = Rollout::at(*status),
            Step::Begin(settle) => rollout.begin(*settle, now),
        }
    }
}

/// `?ps=…`: how later changes settle, and the statuses; looking does not count as a read.
fn statuses(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let one = match call.query("ps") {
        Some(ps) => Some(vec![segment(&store, ps)?.id.clone()]),
        None => None,
    };
    status_list(&store, one.as_deref(), sandbox.clock().now_ms())
}

/// The statuses of these parent segments (all without them); `null` where real-time is not enabled.
fn status_list(store: &Store, ids: Option<&[String]>, now: i64) -> Answer {
    let status = |segment: &ParentSegment| match &segment.realtime {
        Some(realtime) => realtime.rollout.status(now).as_str().into(),
        None => serde_json::Value::Null,
    };
    let statuses = store
        .segments()
        .filter(|segment| ids.is_none_or(|ids| ids.contains(&segment.id)))
        .map(|segment| (segment.id.clone(), status(segment)))
        .collect();
    json(&Statuses { settle: store.settle.to_string(), statuses })
}

fn pace(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let Paces { runs, jobs } = sandbox.read().paces;
    json(&PaceSettings { runs: runs.to_string(), jobs: jobs.to_string() })
}

/// How long later runs and jobs take, spelled as in the shell.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaceChange {
    runs: Option<String>,
    jobs: Option<String>,
}

fn set_pace(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let change: PaceChange = call.control()?;
    let read = |text: Option<String>, old: Pace| match text {
        None => Ok(old),
        Some(text) => text.parse().map_err(|error: UnknownPace| {
            Refusal::bad_request(Reason::ControlRolloutInvalid, error.to_string())
        }),
    };
    let mut store = sandbox.write();
    let old = store.paces;
    let paces = Paces { runs: read(change.runs, old.runs)?, jobs: read(change.jobs, old.jobs)? };
    store.set_paces(paces);
    drop(store);
    pace(sandbox, call)
}

/// A parent segment by id, else by name.
fn segment<'s>(store: &'s Store, wanted: &str) -> Result<&'s ParentSegment, Refusal> {
    let by_name = store.segments().find(|segment| segment.name == wanted);
    store.segment(wanted).or_else(|refusal| by_name.ok_or(refusal))
}

/// `?ps=…&td_client_id=…`: everything about the profile that these keys find.
fn profiles(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = segment(&store, call.query("ps").ok_or_else(no_record)?)?;
    let keys: ProfileKeys = call.queries().iter().filter(|(name, _)| name != "ps").cloned().collect();
    if keys.is_empty() {
        return json(&Profiles::Count { profiles: segment.profiles()?.len() });
    }
    match segment.inspect(&keys, sandbox.clock().now())? {
        Some(profile) => json(&Profiles::One(profile)),
        None => Err(Refusal::not_found(Reason::ControlProfileMissing, "no profile has these keys")),
    }
}
