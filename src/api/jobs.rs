//! Queries as jobs (TD API v3): begun, looked at, ended, and their results read row by row.
//!
//! Sources: the published contract, and the vendor's own clients for what it lacks (td-client-python `job_api.py`,
//! td-client-ruby, td-client-java): `domain_key`, `status_by_domain_key`, `format` of a result, upper-case words.

use super::client::Lines;
use super::lenient::{id_text, unreadable};
use super::{ApiError, Call, Client, Failure, Host, Path};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// The engine that runs the queries.
const ENGINE: &str = "trino";
/// How often a query whose answer was lost is sent, when the platform does not know it.
const SENDS: u32 = 3;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Not finished: `queued`, `booting`, `running`, and any other word.
    Unfinished,
    /// Its result can be read.
    Success,
    /// The engine says why.
    Error,
    /// Stopped.
    Killed,
}

impl JobState {
    /// Of the platform's word, which some answers have in capitals.
    fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "success" => JobState::Success,
            "error" => JobState::Error,
            "killed" => JobState::Killed,
            _ => JobState::Unfinished,
        }
    }
}

/// A job as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus {
    /// How far it is.
    pub state: JobState,
    /// The platform's word for it, in small letters.
    pub word: String,
}

/// A job with what belongs to it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: JobStatus,
    /// The SQL.
    pub query: Option<String>,
    /// Names of the result's columns, where they are known.
    pub columns: Option<Vec<String>>,
    /// How many rows the result has, where it is known.
    pub records: Option<u64>,
    /// What the engine has said; of an error, why.
    pub output: String,
}

/// How many rows of a result were read, and whether it has more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsRead {
    /// Rows.
    pub rows: u64,
    /// Whether the limit ended it.
    pub cut: bool,
}

impl Client {
    /// Begins a query and answers the id of its job; `None` in a dry run, which collects it.
    ///
    /// Where the answer is lost, the job is looked up by its key, so that nothing runs twice: a key is taken once.
    pub async fn issue_query(
        &self,
        database: &str,
        sql: &str,
        key: &str,
    ) -> Result<Option<String>, ApiError> {
        let path = Path::of(&["v3", "job", "issue", ENGINE, database]);
        let body = json!({"query": sql, "domain_key": key, "retry_limit": 0, "priority": 0});
        let call = Call { host: Host::Td, ..Call::create(path, body) };
        if self.collects(&call) {
            return Ok(None);
        }
        let mut sent = 1;
        loop {
            let lost = match self.send::<Value>(call.clone()).await {
                Ok(answer) => match answer.get("job_id").or_else(|| answer.get("job")).and_then(id_text) {
                    Some(id) => return Ok(Some(id)),
                    None => unreadable(&self.operation(&call), "it has no job_id"),
                },
                Err(error) if error.is_ambiguous() || error.is_taken() => error,
                Err(error) => return Err(error),
            };
            match self.job_of_key(key).await {
                Ok(Some(id)) => return Ok(Some(id)),
                // What the platform does not know was not begun; the key keeps it from running twice.
                Ok(None) if lost.is_ambiguous() && sent < SENDS => {
                    tokio::time::sleep(Duration::from_millis(100).saturating_mul(sent)).await;
                    sent = sent.saturating_add(1);
                }
                Ok(None) => return Err(lost),
                Err(error) => {
                    let message = format!("{lost}; whether the query runs is not known: {error}");
                    return Err(ApiError::local(lost.failure, message));
                }
            }
        }
    }

    /// The job that a query with this key became; `None` where there is none.
    pub async fn job_of_key(&self, key: &str) -> Result<Option<String>, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "job", "status_by_domain_key", key]));
        let operation = self.operation(&call);
        match self.send::<Value>(call).await {
            Ok(answer) => match answer.get("job_id").and_then(id_text) {
                Some(id) => Ok(Some(id)),
                None => Err(unreadable(&operation, "it has no job_id")),
            },
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How far a job is.
    pub async fn job_status(&self, id: &str) -> Result<JobStatus, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "job", "status", id]));
        let operation = self.operation(&call);
        let answer: Value = self.send(call).await?;
        status(&answer).ok_or_else(|| unreadable(&operation, "it has no status"))
    }

    /// A job with its query, its columns and what the engine has said.
    pub async fn job(&self, id: &str) -> Result<Job, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "job", "show", id]));
        let operation = self.operation(&call);
        let answer: Value = self.send(call).await?;
        let text = |at: &str| answer.pointer(at).and_then(Value::as_str).filter(|text| !text.is_empty());
        Ok(Job {
            id: id.to_owned(),
            status: status(&answer).ok_or_else(|| unreadable(&operation, "it has no status"))?,
            query: text("/query").map(str::to_owned),
            columns: text("/hive_result_schema").and_then(columns),
            records: answer.get("num_records").and_then(Value::as_u64),
            output: text("/debug/stderr").or_else(|| text("/debug/cmdout")).unwrap_or_default().to_owned(),
        })
    }

    /// Stops a job; one that has ended stays as it is.
    pub async fn kill_job(&self, id: &str) -> Result<(), ApiError> {
        self.send::<Value>(kill(id)).await.map(drop)
    }

    /// The command that stops a job; `authorization` is for double quotes, such as `TD1 $TDX_API_KEY`.
    pub fn kill_command(&self, id: &str, authorization: &str) -> String {
        format!("curl -fsS -X POST -H \"Authorization: {authorization}\" {}", self.url(&kill(id)))
    }

    /// Hands over each row of a result as it comes, as many as `limit` allows; none is kept.
    pub async fn job_rows(
        &self,
        job: &Job,
        limit: u64,
        each: &mut (dyn FnMut(Vec<Value>) -> Result<(), ApiError> + Send),
    ) -> Result<RowsRead, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "job", "result", &job.id])).query("format", "json");
        let operation = self.operation(&call);
        let width = job.columns.as_ref().map(Vec::len);
        let mut row = |line: &[u8]| {
            let cells = serde_json::from_slice::<Vec<Value>>(line)
                .map_err(|error| unreadable(&operation, &format!("a line is no row: {error}")))?;
            match width.is_none_or(|width| width == cells.len()) {
                true => each(cells),
                false => {
                    Err(unreadable(&operation, &format!("a row has {} cells of other columns", cells.len())))
                }
            }
        };
        let Lines { count, cut } = self.send_lines(&call, limit, &mut row).await?;
        // An answer without a length can end early and look whole.
        match job.records {
            Some(records) if count < records && !cut => {
                let what = format!("{}: the result ended after {count} of {records} rows", operation.name);
                Err(ApiError::local(Failure::Broken, what))
            }
            _ => Ok(RowsRead { rows: count, cut }),
        }
    }
}

fn kill(id: &str) -> Call {
    let call = Call::get(Host::Td, Path::of(&["v3", "job", "kill", id]));
    Call { method: Method::POST, ..call }
}

fn status(answer: &Value) -> Option<JobStatus> {
    let word = answer.get("status")?.as_str()?.to_ascii_lowercase();
    Some(JobStatus { state: JobState::of(&word), word })
}

/// The names in `[["name", "type"], …]`, which is text inside of the answer.
fn columns(schema: &str) -> Option<Vec<String>> {
    let pairs: Vec<Vec<Value>> = serde_json::from_str(schema).ok()?;
    pairs.iter().map(|pair| pair.first()?.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_not_known_are_not_the_end() {
        for (word, state) in [
            ("success", JobState::Success),
            ("SUCCESS", JobState::Success),
            ("error", JobState::Error),
            ("Killed", JobState::Killed),
            ("queued", JobState::Unfinished),
            ("BOOTING", JobState::Unfinished),
            ("RUNNING", JobState::Unfinished),
            ("resting", JobState::Unfinished),
        ] {
            assert_eq!(status(&json!({"status": word})).unwrap().state, state, "{word}");
        }
        assert_eq!(status(&json!({})), None);
    }

    #[test]
    fn columns_are_json_in_a_string() {
        let names = columns(r#"[["cnt", "bigint"], ["a b", "array(varchar)"]]"#);
        assert_eq!(names, Some(vec!["cnt".to_owned(), "a b".to_owned()]));
        assert_eq!([columns("[]"), columns("no")], [Some(vec![]), None]);
    }
}
