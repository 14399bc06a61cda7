//! `/audiences/{id}/run` and `/executions`: the workflow that makes a parent segment's batch data.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::{GET, POST, Route};
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::no_record;
use crate::sandbox::store::run::Run;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] =
    &[(POST, "/audiences/{audienceId}/run", run), (GET, "/audiences/{audienceId}/executions", executions)];

/// Begins a run; its body is not read, because the contract has none.
fn run(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let id = call.path("audienceId");
    sandbox.finish_runs();
    sandbox.write().run_audience(id, call.fails.is_some(), sandbox.clock().now_ms())?;
    // One that takes no time is over at once; another one is waited for.
    sandbox.finish_runs();
    sandbox.wake().notify_one();
    let store = sandbox.read();
    json(&execution(id, store.segment(id)?.runs.last().ok_or_else(no_record)?))
}

/// Latest first (our choice: the contract names no order).
fn executions(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let id = call.path("audienceId");
    sandbox.finish_runs();
    let runs = sandbox.write().read_runs(id, sandbox.clock().now_ms())?;
    json(&runs.iter().map(|run| execution(id, run)).collect::<Vec<_>>())
}

/// The workflow of a parent segment has its number (our choice).
fn execution(id: &str, run: &Run) -> Value {
    object!({
        "audienceId": id,
        "workflowId": id,
        "workflowSessionId": run.session,
        "workflowAttemptId": run.attempt,
        "createdAt": iso(run.created),
        "finishedAt": run.ended.map(iso),
        "status": run.status(),
    })
}
