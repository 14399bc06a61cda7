//! `/v3/job`: jobs of the TD API.

use super::call::RouteCall;
use super::parameters::{Parameters, invalid};
use super::part;
use super::render::{Answer, aside, json};
use super::{GET, POST, Route};
use crate::sandbox::clock::{parse_time, v3};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::results::{ResultFormat, ResultShape, UnknownFormat};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::jobs::{Job, JobRequest, JobStatus};
use axum::http::{HeaderValue, header};
use serde_json::{Map, Value, json as object};
use std::io;

pub const ROUTES: &[Route] = &[
    (POST, "/v3/job/issue/{job_type}/{database_name}", issue),
    (GET, "/v3/job/list", list),
    (GET, "/v3/job/show/{job_id}", show),
    (GET, "/v3/job/status/{job_id}", status),
    (GET, "/v3/job/status_by_domain_key/{domain_key}", status_by_domain_key),
    (POST, "/v3/job/kill/{job_id}", kill),
    (GET, "/v3/job/result/{job_id}", result),
];

/// The kinds of jobs; one of `hive` ends in an error that says what to use.
const KINDS: [&str; 3] = ["trino", "presto", "hive"];
/// How many jobs a listing has when it is not told.
const LISTED: i64 = 20;
/// The most characters of a domain key (our choice).
const KEY: usize = 255;

fn issue(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let kind = call.path("job_type");
    if !KINDS.contains(&kind) {
        let message = format!("the sandbox has no jobs of the type '{kind}', only trino and presto");
        return Err(Refusal::invalid(Reason::JobTypeUnknown, message));
    }
    let parameters = Parameters::read(call)?;
    let database = call.path("database_name");
    let request = request(kind, database, &parameters)?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    store.database(database)?;
    // A key that is taken costs no id.
    let taken = request.domain_key.as_deref().and_then(|key| store.jobs.with_key(key));
    let id = match taken {
        Some(other) => Err(other),
        None => {
            let id = store.ids().fresh();
            let fails =
                call.fails.clone().map(|fails| fails.0.unwrap_or_else(|| "Internal error".to_owned()));
            store.jobs.issue(&id, request, store.paces.jobs, fails, now).map(|()| id)
        }
    };
    drop(store);
    match id {
        Ok(id) => json(&object!({"job": id, "job_id": id, "database": database})),
        Err(other) => Err(Refusal::new(
            Reason::DomainKeyTaken,
            RefusalKind::ConflictsWith(other.parse().unwrap_or_default()),
            format!("Domain key has already been taken by the job {other}"),
        )),
    }
}

fn request(kind: &str, database: &str, parameters: &Parameters) -> Result<JobRequest, Refusal> {
    let missing = || invalid("query", "is required but missing");
    let query = parameters.text("query")?.ok_or_else(missing)?;
    let priority = parameters.integer("priority", -2..=2)?.unwrap_or_default();
    let retry_limit = parameters.integer("retry_limit", 0..=32)?.unwrap_or_default();
    let domain_key = parameters.text("domain_key")?;
    if domain_key.is_some_and(|key| key.chars().count() > KEY) {
        return Err(invalid("domain_key", &format!("can't be longer than {KEY} characters")));
    }
    let scheduled = parameters.word("scheduled_time")?;
    let scheduled =
        scheduled.map(|time| parse_time(&time).map_err(|error| invalid("scheduled_time", &error)));
    // A connection is another way to say where the result goes.
    let connection = parameters.word("result_connection_id")?.map(|id| format!("connection {id}"));
    let result = parameters.text("result")?.map(without_password).or(connection);
    Ok(JobRequest {
        kind: kind.to_owned(),
        database: database.to_owned(),
        query: query.to_owned(),
        priority,
        retry_limit,
        result: result.unwrap_or_default(),
        domain_key: domain_key.map(str::to_owned),
        scheduled_ms: scheduled.transpose()?,
    })
}

/// `mysql://user:***@host/…`, as the platform shows it.
pub fn without_password(result: &str) -> String {
    let parts = result.split_once("://").and_then(|(scheme, rest)| {
        let (login, place) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    });
    parts.unwrap_or_else(|| result.to_owned())
}

/// `?from=&to=&status=`: places in the list, the latest job has 0, `to` included (recorded by td-client-python).
fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let parameters = Parameters::read(call)?;
    let from = parameters.integer("from", 0..=i64::MAX)?;
    let to = parameters.integer("to", 0..=i64::MAX)?;
    let wanted = parameters.text("status")?;
    let known = ["queued", "booting", "running", "success", "error", "killed"];
    if wanted.is_some_and(|status| !known.contains(&status)) {
        return Err(invalid("status", &format!("must be one of: {}", known.join(", "))));
    }
    let now = sandbox.clock().now_ms();
    let first = from.unwrap_or_default();
    let last = to.unwrap_or_else(|| first.saturating_add(LISTED).saturating_sub(1));
    let count = last.saturating_sub(first).saturating_add(1);
    let [first, count] = [first, count].map(|number| usize::try_from(number).unwrap_or_default());
    let fits = |job: &Job| wanted.is_none_or(|status| word(job.status(now)) == status);
    let jobs = sandbox.jobs().latest().into_iter().filter(fits).skip(first).take(count);
    let jobs: Vec<Value> = jobs.map(|job| Value::Object(shown(sandbox, &job, now))).collect();
    json(&object!({"count": jobs.len(), "from": from, "to": to, "jobs": jobs}))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let now = sandbox.clock().now_ms();
    let job = sandbox.jobs().look(call.path("job_id"), now).ok_or_else(|| missing(call.path("job_id")))?;
    let mut shown = shown(sandbox, &job, now);
    shown.insert("debug".to_owned(), object!({"cmdout": printed(&job, now), "stderr": job.error(now)}));
    json(&shown)
}

fn status(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    status_of(sandbox, call.path("job_id"))
}

fn status_by_domain_key(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let key = call.path("domain_key");
    let id = sandbox.jobs().with_key(key).ok_or_else(|| {
        Refusal::not_found(Reason::JobMissing, format!("Couldn't find Job with domain_key = {key}"))
    })?;
    status_of(sandbox, &id)
}

fn status_of(sandbox: &Sandbox, id: &str) -> Answer {
    let now = sandbox.clock().now_ms();
    let job = sandbox.jobs().look(id, now).ok_or_else(|| missing(id))?;
    json(&progress(&job, now))
}

fn kill(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let (id, jobs) = (call.path("job_id"), sandbox.jobs());
    let former = jobs.kill(id, sandbox.clock().now_ms()).ok_or_else(|| missing(id))?;
    sandbox.results().remove(&jobs.take_dropped());
    json(&object!({"job_id": id, "former_status": former}))
}

/// `?format=&header=&nullify_special=`, also in parts.
fn result(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    shape(call)?;
    ready(sandbox, call.path("job_id"))?;
    aside(send)
}

fn send(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let wanted = shape(call)?;
    let job = ready(sandbox, call.path("job_id"))?;
    let Some(result) = job.result(sandbox.clock().now_ms()) else { return Err(missing(&job.id)) };
    // MessagePack goes packed to whoever takes that, as from the platform: td-client-ruby takes it only so.
    let encoded = wanted.format == ResultFormat::Msgpack && takes_gzip(call);
    let format = if encoded { ResultFormat::MsgpackGz } else { wanted.format };
    let shape = ResultShape { format, ..wanted };
    let file = sandbox.results().open(&result.file, &result.columns, shape).map_err(|error| {
        let (reason, kind) = match error.kind() {
            io::ErrorKind::NotFound => (Reason::JobResultMissing, RefusalKind::NotFound),
            _ => (Reason::Internal, RefusalKind::Internal),
        };
        Refusal::new(reason, kind, format!("the result of the job {} cannot be read: {error}", job.id))
    })?;
    let mut reply = part::send(call, file, wanted.format.media_type(), &format!("{}.{shape}", result.file))?;
    if encoded {
        reply.headers.push((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    if wanted.format == ResultFormat::Msgpack {
        reply.headers.push((header::VARY, HeaderValue::from_static("accept-encoding")));
    }
    Ok(reply)
}

fn takes_gzip(call: &RouteCall) -> bool {
    let accepted = call.header("accept-encoding").unwrap_or_default();
    let takes = |coding: &str| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !quality.trim().starts_with("q=0")
    };
    accepted.split(',').any(takes)
}

fn shape(call: &RouteCall) -> Result<ResultShape, Refusal> {
    let format = call.query("format").unwrap_or("tsv");
    let format =
        format.parse().map_err(|error: UnknownFormat| invalid("format", &format!("is unknown: {error}")))?;
    Ok(ResultShape { format, header: flag(call, "header")?, nullify: flag(call, "nullify_special")? })
}

/// td-client-python writes `True` and `False`.
fn flag(call: &RouteCall, name: &str) -> Result<bool, Refusal> {
    match call.query(name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(invalid(name, &format!("must be true or false, not '{other}'"))),
    }
}

/// A job with a result.
fn ready(sandbox: &Sandbox, id: &str) -> Result<Job, Refusal> {
    let now = sandbox.clock().now_ms();
    let job = sandbox.jobs().get(id).ok_or_else(|| missing(id))?;
    if job.result(now).is_some() {
        return Ok(job);
    }
    let message = format!("the job {id} has no result: its status is {}", word(job.status(now)));
    Err(Refusal::not_found(Reason::JobResultMissing, message))
}

fn missing(id: &str) -> Refusal {
    Refusal::not_found(Reason::JobMissing, format!("Couldn't find Job with id = {id}"))
}

fn word(status: JobStatus) -> String {
    object!(status).as_str().unwrap_or_default().to_owned()
}

/// The fields of a job that every answer has.
fn progress(job: &Job, now: i64) -> Map<String, Value> {
    let ended = job.ended(now);
    let started = job.started.filter(|_| job.status(now) != JobStatus::Queued);
    let seconds = ended.zip(started).map(|(ended, started)| ended.saturating_sub(started).div_euclid(1_000));
    let result = job.result(now);
    let updated = ended.or(started).unwrap_or(job.created);
    let fields = object!({
        "job_id": job.id,
        "status": job.status(now),
        "created_at": v3(job.created),
        "start_at": started.map(v3).unwrap_or_default(),
        "end_at": ended.map(v3).unwrap_or_default(),
        "updated_at": v3(updated),
        "duration": seconds,
        "cpu_time": null,
        "num_records": result.map(|result| result.rows),
        "result_size": result.map(|result| result.bytes),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn shown(sandbox: &Sandbox, job: &Job, now: i64) -> Map<String, Value> {
    let schema = job.result(now).map(|result| object!(result.columns).to_string());
    let request = &job.request;
    let mut shown = progress(job, now);
    let rest = object!({
        "type": request.kind,
        "database": request.database,
        "query": request.query,
        "priority": request.priority,
        "retry_limit": request.retry_limit,
        "result": request.result,
        "hive_result_schema": schema,
        "url": format!("{}/v3/job/show/{}", sandbox.url(), job.id),
        "user_name": "Sandbox User",
        "organization": null,
        "linked_result_export_job_id": null,
        "result_export_target_job_id": null,
    });
    if let Value::Object(rest) = rest {
        shown.extend(rest);
    }
    shown
}

/// What the engine printed, as td-client-python has recorded it.
fn printed(job: &Job, now: i64) -> Option<String> {
    let started = job.started?;
    let mut printed = format!("started at {}\nexecuting query: {}\n", v3(started), job.request.query);
    if let Some(ended) = job.ended(now) {
        printed.push_str(&format!("finished at {}\n", v3(ended)));
    }
    if let Some(words) = job.error(now) {
        printed.push_str(&format!("{words}\n"));
    }
    Some(printed)
}
