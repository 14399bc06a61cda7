//! What all commands that query the platform's tables have in common: the flags, and the way from SQL to rows.

use super::event_clock::{EventClock, find_sandbox};
use super::{parse_duration, signed_seconds};
use crate::api::{ApiError, Failure, JobState};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::{Outcome, Text};
use crate::queries::{Begun, Marker, QueryFailure, begin, finished};
use crate::steps::wait::WaitOptions;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How a query is sent and waited for.
#[derive(Debug, Clone, Args)]
pub struct QueryArgs {
    /// Print the query in place of running it
    #[arg(long, conflicts_with_all = ["no_wait", "job"])]
    pub sql: bool,
    /// Begin the query, print the id of its job, and do not wait for it
    #[arg(long, conflicts_with = "job")]
    no_wait: bool,
    /// Go on with the query that --no-wait began
    #[arg(long, value_name = "ID")]
    job: Option<String>,
    /// How long to wait for the query; then it is stopped
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_duration)]
    timeout: Duration,
    /// Longest pause between two looks at it
    #[arg(long, hide_short_help = true, value_name = "DURATION", default_value = "5s", value_parser = parse_duration)]
    interval: Duration,
}

/// What `--no-wait` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BegunDocument {
    /// The query's job
    pub job: BegunJob,
}

/// A job that was begun.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BegunJob {
    /// Its id, for --job
    pub id: String,
    /// The database that it reads
    pub database: String,
    /// The command that shows its answer
    pub command: String,
}

/// A query of a command.
#[derive(Debug, Clone)]
pub struct Query {
    /// The command's words, and what it was asked.
    pub marker: Marker,
    /// The database that it runs in.
    pub database: String,
    /// The SQL.
    pub sql: String,
}

/// How a query went.
#[derive(Debug)]
pub enum Asked {
    /// Its rows were handed over.
    Answered {
        /// The id of its job.
        job: String,
    },
    /// What it reads does not exist.
    Missing(QueryFailure),
    /// There is no answer to wait for; this is printed.
    Instead(Box<Outcome>),
}

/// The most rows that a command reads.
const ROWS: u64 = 1_000_000;

impl QueryArgs {
    /// What the query of `--job` was asked, as it says itself; `None` without `--job`.
    ///
    /// # Errors
    /// When it was asked by another command, or by none.
    pub async fn asked_before<T: DeserializeOwned>(
        &self,
        ctx: &Context,
        command: &str,
    ) -> Result<Option<T>, Error> {
        let Some(id) = &self.job else { return Ok(None) };
        let job = ctx.client()?.job(id).await?;
        let marker = job.query.as_deref().and_then(Marker::of);
        let wrong = |what: String| {
            let error = Error::new(Code::Usage, format!("job {id} {what}"));
            Err(error.hint(format!("--job takes the id that `tdx-rt {command} --no-wait` has printed")))
        };
        match marker {
            Some(marker) if marker.command == command => match marker.read() {
                Some(asked) => Ok(Some(asked)),
                None => wrong("is a query of another version of this command".to_owned()),
            },
            Some(marker) => wrong(format!("is a query of `tdx-rt {}`", marker.command)),
            None => wrong("is no query of this command".to_owned()),
        }
    }

    /// Runs the query, or does what the flags say in place of that. Each row goes to `row` as it comes, by the names of
    /// its columns.
    pub async fn ask(
        &self,
        ctx: &Context,
        query: &Query,
        row: &mut (dyn FnMut(Map<String, Value>) -> Result<(), String> + Send),
    ) -> Result<Asked, Error> {
        let sql = query.marker.before(&query.sql);
        if self.sql {
            let outcome = Outcome::read(json!({"database": query.database, "sql": sql}));
            let text = Text::new(sql.trim_end().to_owned() + "\n", true);
            return Ok(Asked::Instead(Box::new(Outcome { text: Some(text), ..outcome })));
        }
        let (client, running) = (ctx.client()?, ctx.running());
        let (id, key) = match &self.job {
            Some(id) => (id.clone(), None),
            None => {
                let authorization = ctx.settings()?.shell_authorization();
                match begin(client, &running, &authorization, &query.database, &sql).await? {
                    Begun::Job { id, key } => (id, Some(key)),
                    Begun::Missing(failure) => return Ok(Asked::Missing(failure)),
                    Begun::Planned => return Ok(Asked::Instead(Box::new(Outcome::new(Value::Null)))),
                }
            }
        };
        let ended = || key.iter().for_each(|key| running.end(key));
        if self.no_wait {
            ended();
            return Ok(Asked::Instead(Box::new(begun(query, id))));
        }
        let progress = ctx.ui.progress(&format!("The query runs as job {id}..."));
        let options = WaitOptions { timeout: self.timeout, interval: self.interval };
        let report =
            |word: &str| progress.message(&format!("Job {id} is {word}... (at most {:?})", self.timeout));
        let job = finished(client, &id, options, &report).await;
        let job = job.map_err(|error| if key.is_some() { error } else { still_running(error, &id) })?;
        ended();
        if job.status.state != JobState::Success {
            let failure = QueryFailure::of(&job);
            return if failure.is_missing_table() {
                Ok(Asked::Missing(failure))
            } else {
                Err(failure.into())
            };
        }
        let columns = job.columns.clone().unwrap_or_default();
        let mut each = |cells: Vec<Value>| {
            let named = columns.iter().cloned().zip(cells).collect();
            row(named).map_err(|why| {
                ApiError::local(
                    Failure::Unreadable,
                    format!("the result of job {id} is not what was asked: {why}"),
                )
            })
        };
        let read = client.job_rows(&job, ROWS, &mut each).await;
        let read =
            read.map_err(|error| Error::from(error).and_hint(&format!("--job {id} reads it again")))?;
        if read.cut {
            let message = format!("the result of job {id} has more than {ROWS} rows, and is not read");
            return Err(Error::new(Code::QueryFailed, message).hint("ask for less time, such as --since 1h"));
        }
        Ok(Asked::Answered { job: id })
    }
}

/// A job that another run has begun is left as it is.
fn still_running(error: Error, id: &str) -> Error {
    match error.code {
        Code::NotReady => error.hint(format!("it runs on; --job {id} looks again")),
        _ => error,
    }
}

fn begun(query: &Query, id: String) -> Outcome {
    let command = format!("tdx-rt {} --job {id}", query.marker.command);
    let summary = format!("job {id} has begun; `{command}` shows its answer");
    let job = BegunJob { id, database: query.database.clone(), command };
    Outcome::read(json!(BegunDocument { job })).summary(summary)
}

/// The time now in seconds since the epoch, by the clock of the platform or sandbox that is asked.
pub async fn platform_now(ctx: &Context) -> Result<i64, Error> {
    let sandbox = find_sandbox(ctx).await?;
    Ok(EventClock::read_for(ctx, sandbox.as_ref(), "the window goes by the platform's").await?.now())
}

/// Reads how far a query looks back: `90s`, `24h`, `7d`; a bare number is seconds.
pub fn parse_since(text: &str) -> Result<Duration, String> {
    let seconds = signed_seconds(text)?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(length) if length >= Duration::from_secs(1) => Ok(length),
        _ => Err(format!("'{text}' is no time to look back over: it is shorter than a second")),
    }
}
