//! HTTP on one side, the store and the engine on the other; thin.

mod activations;
mod attributes;
mod audiences;
pub mod call;
mod connections;
mod control;
pub mod cors;
mod faults;
mod file_body;
mod folders;
mod imports;
mod inbox;
mod ingest;
mod jobs;
mod journeys;
mod key_events;
mod page;
pub mod parameters;
mod parent_segments;
mod part;
mod personalizations;
mod preview;
pub mod render;
mod run;
mod runs;
mod segments;
mod serve;
mod services;
mod setting;
mod snapshots;
mod tables;
pub mod unsupported;
mod view;

use super::state::Sandbox;
use axum::Router;
pub use faults::check as check_fault;
use render::Handler;
use run::operation;
use std::sync::Arc;

const DELETE: axum::routing::MethodFilter = axum::routing::MethodFilter::DELETE;
const GET: axum::routing::MethodFilter = axum::routing::MethodFilter::GET;
const OPTIONS: axum::routing::MethodFilter = axum::routing::MethodFilter::OPTIONS;
const PATCH: axum::routing::MethodFilter = axum::routing::MethodFilter::PATCH;
const POST: axum::routing::MethodFilter = axum::routing::MethodFilter::POST;
const PUT: axum::routing::MethodFilter = axum::routing::MethodFilter::PUT;

/// One operation: method, path template and what runs.
type Route = (axum::routing::MethodFilter, &'static str, Handler);

/// All operations: the platform's, and the sandbox's own controls.
const TABLES: [&[Route]; 21] = [
    audiences::ROUTES,
    runs::ROUTES,
    folders::ROUTES,
    segments::ROUTES,
    parent_segments::ROUTES,
    setting::ROUTES,
    key_events::ROUTES,
    attributes::ROUTES,
    services::ROUTES,
    personalizations::ROUTES,
    journeys::ROUTES,
    connections::ROUTES,
    tables::ROUTES,
    imports::ROUTES,
    jobs::ROUTES,
    serve::ROUTES,
    control::ROUTES,
    faults::ROUTES,
    snapshots::ROUTES,
    inbox::ROUTES,
    activations::ROUTES,
];

/// Method and path template of all operations.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.into_iter().flatten().map(|(method, path, _)| (faults::name(*method), *path))
}

/// All routes over a sandbox's state.
pub fn router(sandbox: &Arc<Sandbox>) -> Router {
    let mut router = Router::new();
    for (method, path, run) in TABLES.into_iter().flatten() {
        router = router.route(path, operation(*method, *run));
    }
    unsupported::add(router).with_state(Arc::clone(sandbox))
}
