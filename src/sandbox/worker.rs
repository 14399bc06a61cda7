//! Runs the queries of jobs, on threads of their own.

use super::results::{ResultWriter, WrittenResult};
use super::state::Sandbox;
use super::store::jobs::{Job, JobEnd, JobResult, JobTask, Jobs, STOPPED};
use super::trino::{Bounds, QueryError, QueryErrorKind, QueryRequest};
use crate::platform::time::civil;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What a query may use: enough for everything that fits into a sandbox, and an end for what never ends.
const BOUNDS: Bounds =
    Bounds { time: Duration::from_secs(600), rows: 10_000_000, value_bytes: 64 * 1024 * 1024 };
/// The stack of a query's thread: a deeply nested query is read by recursion.
const STACK: usize = 16 * 1024 * 1024;

/// Begins the queries that wait, as far as there is room.
pub fn begin(sandbox: &Arc<Sandbox>) {
    let jobs = sandbox.jobs();
    while let Some((job, stop)) = jobs.begin(sandbox.clock().now_ms()) {
        let (shared, own, id) = (Arc::clone(sandbox), Arc::clone(&jobs), job.id.clone());
        let thread = std::thread::Builder::new().name("query".to_owned()).stack_size(STACK);
        if let Err(error) = thread.spawn(move || run(&shared, &own, (job, stop))) {
            let words = format!("a thread for the query cannot be made: {error}");
            jobs.finish(&id, JobEnd::Error(words), sandbox.clock().now_ms());
        }
    }
}

/// Runs a query, and those that waited for it to end.
fn run(sandbox: &Sandbox, jobs: &Jobs, first: JobTask) {
    let mut next = Some(first);
    while let Some((job, stop)) = next {
        let end = match outcome(sandbox, &job, &stop) {
            Ok(WrittenResult { file, columns, rows, bytes }) => {
                JobEnd::Success(JobResult { file, columns, rows, bytes })
            }
            Err(words) => JobEnd::Error(words),
        };
        jobs.finish(&job.id, end, sandbox.clock().now_ms());
        sandbox.results().remove(&jobs.take_dropped());
        // No request is under way that the writer of the state file would follow.
        sandbox.changed_aside();
        next = jobs.begin(sandbox.clock().now_ms());
    }
}

/// The result, or the engine's words.
fn outcome(sandbox: &Sandbox, job: &Job, stop: &Arc<AtomicBool>) -> Result<WrittenResult, String> {
    let name = query_id(job);
    if let Some(words) = &job.fails {
        return Err(format!("Query {name} failed: {words}"));
    }
    if job.request.kind == "hive" {
        return Err("FAILED: the sandbox has no Hive; issue the query as a job of the type trino".to_owned());
    }
    if !job.request.result.is_empty() {
        return Err("the sandbox writes results nowhere; issue the job without 'result'".to_owned());
    }
    let failed =
        |error: std::io::Error| format!("Query {name} failed: the result cannot be written: {error}");
    let mut writer = sandbox.results().writer().map_err(failed)?;
    query(sandbox, job, stop, &mut writer).map_err(|error| match error.kind {
        // The words of a job that was killed are shown nowhere.
        QueryErrorKind::Killed => STOPPED.to_owned(),
        QueryErrorKind::User | QueryErrorKind::Bounds | QueryErrorKind::Internal => {
            format!("Query {name} failed: {}", error.message)
        }
    })?;
    writer.finish().map_err(failed)
}

fn query(
    sandbox: &Sandbox,
    job: &Job,
    stop: &Arc<AtomicBool>,
    writer: &mut ResultWriter,
) -> Result<(), QueryError> {
    let now_ms = job.started.unwrap_or(job.created);
    let request = QueryRequest {
        sql: &job.request.query,
        database: &job.request.database,
        now_ms,
        scheduled_ms: job.request.scheduled_ms.unwrap_or(now_ms),
    };
    sandbox.warehouse().query(&request, &BOUNDS, stop, writer)
}

/// The engine's own name of a query, in Trino's form: when it began, a number, and who ran it.
fn query_id(job: &Job) -> String {
    let began = civil(job.started.unwrap_or(job.created));
    let began = began.map(|time| time.strftime("%Y%m%d_%H%M%S").to_string()).unwrap_or_default();
    let number = job.id.parse::<u64>().unwrap_or_default() % 100_000;
    format!("{began}_{number:05}_tdxrt")
}
