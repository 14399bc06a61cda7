//! Queries that a command has begun and does not wait for any more: they are stopped.

use crate::api::{ApiError, Client, RunningQuery};
use crate::context::Context;
use crate::error::Error;
use std::time::Duration;

/// Time to stop them where the process is to end: within a second of Ctrl-C.
pub(super) const HURRIED: Duration = Duration::from_millis(700);
/// Time where a command has failed.
const CALM: Duration = Duration::from_secs(10);

/// Stops what the command that ends with this error has left running. What became of it is in the hint.
pub(super) async fn stop(ctx: &Context, error: anyhow::Error) -> anyhow::Error {
    let running = ctx.running();
    let (false, Some(client)) = (running.is_empty(), ctx.made_client()) else { return error };
    let time = if *ctx.stop().borrow() { HURRIED } else { CALM };
    let mut error = Error::from_anyhow(&error);
    for query in running.all() {
        let advice = match tokio::time::timeout(time, stop_one(client, &query)).await {
            Ok(Ok(Some(id))) => format!("job {id} was stopped"),
            Ok(Ok(None)) => "no query was begun".to_owned(),
            Ok(Err(_)) | Err(_) => query.advice(),
        };
        running.end(&query.key);
        error = error.and_hint(&advice);
    }
    error.into()
}

/// The id of the job that was stopped; `None` where there is none.
async fn stop_one(client: &Client, query: &RunningQuery) -> Result<Option<String>, ApiError> {
    let id = match &query.id {
        Some(id) => Some(id.clone()),
        None => client.job_of_key(&query.key).await?,
    };
    match id {
        Some(id) => client.kill_job(&id).await.map(|()| Some(id)),
        None => Ok(None),
    }
}
