//! A query from its beginning to its end.

use super::failure::{FailureKind, QueryFailure};
use crate::api::{Client, Job, JobState, RunningQueries};
use crate::error::{Code, Error};
use crate::steps::wait::{Pauses, WaitOptions};
use serde_json::json;
use std::time::Instant;

/// How a query began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// As the job with this id; the key is the one in the list of what is running.
    Job {
        /// The job's id.
        id: String,
        /// Its domain key.
        key: String,
    },
    /// Not at all: what it reads does not exist.
    Missing(QueryFailure),
    /// Not at all: this is a dry run.
    Planned,
}

/// Begins a query under a key of its own, and notes it as running until it is said to have ended.
///
/// # Errors
/// Those of the request. The query stays noted where it may have been begun all the same.
pub async fn begin(
    client: &Client,
    running: &RunningQueries,
    authorization: &str,
    database: &str,
    sql: &str,
) -> Result<Begun, Error> {
    let key = format!("tdx-rt-{}", uuid::Uuid::new_v4());
    running.begin(&key);
    match client.issue_query(database, sql, &key).await {
        Ok(Some(id)) => {
            running.issued(&key, &id, client.kill_command(&id, authorization));
            Ok(Begun::Job { id, key })
        }
        Ok(None) => {
            running.end(&key);
            Ok(Begun::Planned)
        }
        Err(error) if error.is_not_found() => {
            running.end(&key);
            let kind = FailureKind::Table;
            Ok(Begun::Missing(QueryFailure { kind, sentence: error.message, job: None }))
        }
        Err(error) => {
            if !error.is_ambiguous() {
                running.end(&key);
            }
            Err(error.into())
        }
    }
}

/// Looks until a job has ended; `report` gets the platform's word for where it stands.
///
/// # Errors
/// [`Code::NotReady`] when time is up; the job runs on then.
pub async fn finished(
    client: &Client,
    id: &str,
    options: WaitOptions,
    report: &dyn Fn(&str),
) -> Result<Job, Error> {
    let started = Instant::now();
    let mut pauses = Pauses::up_to(options.interval);
    loop {
        let status = client.job_status(id).await.map_err(|error| unknown_job(error.into(), id))?;
        if status.state != JobState::Unfinished {
            return Ok(client.job(id).await?);
        }
        report(&status.word);
        let left = options.timeout.saturating_sub(started.elapsed());
        if left.is_zero() {
            let message =
                format!("the query (job {id}) is still '{}' after {:?}", status.word, options.timeout);
            return Err(Error::new(Code::NotReady, message)
                .hint("wait longer with --timeout, or begin it with --no-wait and go on with --job ID")
                .details(json!({"job": {"id": id, "status": status.word}}))
                .retryable());
        }
        tokio::time::sleep(pauses.pause().min(left)).await;
    }
}

fn unknown_job(error: Error, id: &str) -> Error {
    match error.code {
        Code::NotFound => error.hint(format!(
            "there is no job {id} here; check the id, and the site: `tdx-rt config` shows the site in use"
        )),
        _ => error,
    }
}
