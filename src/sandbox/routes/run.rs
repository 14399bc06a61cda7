//! Running an operation: what is due first, then the answer, once its content is safe.

use super::call::RouteCall;
use super::render::{Answer, Handler, Reply, Then};
use crate::sandbox::pump;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::state::Sandbox;
use crate::sandbox::worker;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use std::sync::Arc;

/// The route of an operation.
pub fn operation(method: MethodFilter, run: Handler) -> MethodRouter<Arc<Sandbox>> {
    on(method, move |State(sandbox): State<Arc<Sandbox>>, request: Request| async move {
        match RouteCall::read(request).await {
            Ok(call) => {
                let answer = run(&sandbox, &call);
                let kept = keep(&sandbox, go_on(&sandbox, call, answer).await).await;
                worker::begin(&sandbox);
                respond(kept)
            }
            Err(refusal) => refusal.into_response(),
        }
    })
}

/// Moves to a time first where an answer needs that, and answers then.
async fn go_on(sandbox: &Arc<Sandbox>, call: RouteCall, answer: Answer) -> Answer {
    let Ok(Reply { then: Some(then), .. }) = answer else { return answer };
    let shared = Arc::clone(sandbox);
    let stopping = |_| Refusal::new(Reason::Stopping, RefusalKind::Internal, "the sandbox is stopping");
    let (to, answer) = match then {
        Then::Aside(answer) => {
            let aside = tokio::task::spawn_blocking(move || answer(&shared, &call));
            return aside.await.map_err(stopping)?;
        }
        Then::Due(to, answer) => (to, answer),
    };
    // In a task of its own: a client that disconnects must not interrupt a webhook.
    let done = tokio::spawn(async move {
        match to {
            Some(to) => pump::walk(&shared, to).await,
            None => pump::settle(&shared).await,
        }
    });
    done.await.map_err(stopping)??;
    answer(sandbox, &call)
}

/// Sends an answer once its content is safe: also that of a `GET`, which another request may have just
/// changed, or which the `GET` itself has changed.
async fn keep(sandbox: &Sandbox, answer: Answer) -> Answer {
    sandbox.changed();
    sandbox.safe().await.and(answer)
}

fn respond(answer: Answer) -> Response {
    match answer {
        Ok(reply) => reply.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
