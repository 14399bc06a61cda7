//! What the platform can and the sandbox cannot: answered 501 with the operation's name.

use super::render::Family;
use super::serve::EVENT;
use crate::sandbox::refusal::{Kind, Refusal};
use crate::sandbox::state::Sandbox;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::routing::{MethodFilter, on};
use std::sync::Arc;

/// Operations of the published contract (`cdp-realtime.yaml`, `td-v3.yaml`) that are missing here,
/// and those of the triggers workflow that no contract lists.
const KNOWN: &[(MethodFilter, &str)] = &[
    (MethodFilter::POST, "/audiences"),
    (MethodFilter::PUT, "/audiences/{audienceId}"),
    (MethodFilter::DELETE, "/audiences/{audienceId}"),
    (MethodFilter::PATCH, "/audiences/{audienceId}/folders/{folderId}"),
    (MethodFilter::DELETE, "/audiences/{audienceId}/folders/{folderId}"),
    (MethodFilter::POST, "/audiences/{audienceId}/segments"),
    (MethodFilter::POST, "/entities/realtime_journeys"),
    (MethodFilter::GET, "/entities/realtime_journeys/{realtimeJourneyId}"),
    (MethodFilter::PATCH, "/entities/realtime_journeys/{realtimeJourneyId}"),
    (MethodFilter::DELETE, "/entities/realtime_journeys/{realtimeJourneyId}"),
    (MethodFilter::POST, "/entities/realtime_journeys/{realtimeJourneyId}/detail"),
    (MethodFilter::GET, "/entities/realtime_journeys/{realtimeJourneyId}/activations"),
    (MethodFilter::POST, "/entities/realtime_journeys/{realtimeJourneyId}/activations"),
    (
        MethodFilter::GET,
        "/entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}",
    ),
    (
        MethodFilter::PATCH,
        "/entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}",
    ),
    (MethodFilter::PATCH, "/entities/realtime_journeys/{realtimeJourneyId}/pause"),
    (MethodFilter::PATCH, "/entities/realtime_journeys/{realtimeJourneyId}/resume"),
    (MethodFilter::POST, "/entities/realtime_journeys/duplicate"),
    (MethodFilter::GET, "/entities/realtime_journeys/abtest_variants"),
    (MethodFilter::GET, "/entities/parent_segments/{parentSegmentId}/realtime_journeys"),
    (MethodFilter::GET, "/entities/parent_segments/{parentSegmentId}/realtime_activations"),
    (MethodFilter::GET, "/v3/connections/lookup"),
    (MethodFilter::GET, "/v4/streaming_task_auths"),
    (MethodFilter::POST, "/v4/streaming_task_auths"),
];

/// Adds the known operations, and an answer for everything else.
pub fn add(mut router: Router<Arc<Sandbox>>) -> Router<Arc<Sandbox>> {
    for (method, path) in KNOWN {
        router = router.route(path, on(*method, known));
    }
    router.fallback(unknown)
}

async fn known(path: MatchedPath, request: Request) -> Refusal {
    let operation = format!("{} {}", request.method(), path.as_str());
    Refusal::new(
        Kind::NotImplemented,
        format!("{operation} is an operation of the platform that the sandbox does not have"),
    )
}

async fn unknown(request: Request) -> Refusal {
    refuse(&request)
}

/// What is answered to an operation that nobody lists here; its family is not that of events.
pub fn refuse(request: &Request) -> Refusal {
    let operation = format!("{} {}", request.method(), request.uri().path());
    match Family::of(request.uri().path()) {
        Family::Control => Refusal::not_found(format!("{operation} is no control of the sandbox")),
        _ => {
            Refusal::new(Kind::NotImplemented, format!("{operation} is no operation that the sandbox knows"))
        }
    }
}

/// Whether the router took a request for an event only because its path has two segments:
/// `POST /v3/foo` is an operation of the TD API that is missing here, not an event of a table `foo`.
pub fn is_stray(request: &Request) -> bool {
    Family::of(request.uri().path()) != Family::Personalization
        && request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == EVENT)
}
