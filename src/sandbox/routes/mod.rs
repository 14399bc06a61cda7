//! HTTP on one side, the store and the engine on the other; thin.

mod attributes;
mod audiences;
mod call;
mod control;
mod key_events;
mod parent_segments;
mod personalizations;
pub mod render;
mod serve;
mod services;
mod setting;
mod tables;
pub mod unsupported;
mod view;

use super::gate;
use super::state::Sandbox;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use call::{Operation, operation};
use std::sync::Arc;

const DELETE: axum::routing::MethodFilter = axum::routing::MethodFilter::DELETE;
const GET: axum::routing::MethodFilter = axum::routing::MethodFilter::GET;
const OPTIONS: axum::routing::MethodFilter = axum::routing::MethodFilter::OPTIONS;
const PATCH: axum::routing::MethodFilter = axum::routing::MethodFilter::PATCH;
const POST: axum::routing::MethodFilter = axum::routing::MethodFilter::POST;

/// One operation: method, path template and what runs.
type Route = (axum::routing::MethodFilter, &'static str, Operation);

/// All routes over a sandbox's state.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    let tables: [&[Route]; 10] = [
        audiences::ROUTES,
        parent_segments::ROUTES,
        setting::ROUTES,
        key_events::ROUTES,
        attributes::ROUTES,
        services::ROUTES,
        personalizations::ROUTES,
        tables::ROUTES,
        serve::ROUTES,
        control::ROUTES,
    ];
    let mut router = Router::new();
    for (method, path, run) in tables.into_iter().flatten() {
        router = router.route(path, operation(*method, *run));
    }
    unsupported::add(router)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(&sandbox), gate::gate))
        .with_state(sandbox)
}
