//! Why the engine did not answer: its sentences and names of errors, and what they are here. The one table of them.
//!
//! Sources: Trino's `StandardErrorCode` and the messages of its analyzer; td-client's tests for where they stand.

use crate::api::Job;
use crate::error::{Code, Error};

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The table or its database does not exist.
    Table,
    /// The table has no such column.
    Column,
    /// The key may not read it.
    Right,
    /// It took longer than the engine allows.
    Time,
    /// The SQL, which is ours, is wrong.
    Sql,
    /// It was stopped by someone else.
    Killed,
    /// Anything else.
    Other,
}

/// Words of the engine, in small letters, and what they mean; the first that fits counts. Texts with two parts need
/// both.
const WORDS: &[(FailureKind, &[(&str, &str)])] = &[
    (
        FailureKind::Time,
        &[
            ("exceeded_time_limit", ""),
            ("query exceeded", "time"),
            ("query has been running", "exceed"),
            ("timed out", ""),
        ],
    ),
    (
        FailureKind::Right,
        &[
            ("access denied", ""),
            ("permission_denied", ""),
            ("permission denied", ""),
            ("not authorized", ""),
            ("does not have", "permission"),
        ],
    ),
    (
        FailureKind::Table,
        &[
            ("table_not_found", ""),
            ("schema_not_found", ""),
            ("table ", "does not exist"),
            ("schema ", "does not exist"),
            ("database ", "does not exist"),
            ("catalog ", "does not exist"),
        ],
    ),
    (FailureKind::Column, &[("column_not_found", ""), ("column ", "cannot be resolved")]),
    (
        FailureKind::Sql,
        &[
            ("syntax_error", ""),
            ("mismatched input", ""),
            ("extraneous input", ""),
            ("no viable alternative", ""),
            ("missing_", ""),
            ("type_mismatch", ""),
            ("function_not_found", ""),
            ("expression_not_aggregate", ""),
            ("cannot be applied to", ""),
            ("not registered", ""),
            ("must be an aggregate expression", ""),
            ("unexpected parameters", ""),
            ("cannot apply operator", ""),
        ],
    ),
];

/// Why a query has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFailure {
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// The engine's sentence; empty where it has said nothing.
    pub sentence: String,
    /// The id of the job; `None` where the query did not become one.
    pub job: Option<String>,
}

impl QueryFailure {
    /// Of a job that has ended without success.
    pub fn of(job: &Job) -> Self {
        let sentence = sentence(&job.output);
        let kind = match job.status.word.as_str() {
            "killed" => FailureKind::Killed,
            _ => kind(&sentence),
        };
        QueryFailure { kind, sentence, job: Some(job.id.clone()) }
    }

    /// Whether the table or its database does not exist.
    pub fn is_missing_table(&self) -> bool {
        self.kind == FailureKind::Table
    }
}

impl From<QueryFailure> for Error {
    fn from(failure: QueryFailure) -> Self {
        let QueryFailure { kind, sentence, job } = failure;
        let (code, what, hint) = match kind {
            FailureKind::Table => (
                Code::NotFound,
                "a table that the query reads does not exist",
                "check the parent segment and the site; `tdx-rt discover databases` lists what the key may see",
            ),
            FailureKind::Column => (
                Code::NotFound,
                "a column that the query reads does not exist",
                "`tdx-rt discover columns DB.TABLE` lists a table's columns; --sql prints the query",
            ),
            FailureKind::Right => {
                (Code::Forbidden, "the key may not run the query", "use a key that may query this database")
            }
            FailureKind::Time => (
                Code::NotReady,
                "the query took longer than the platform allows",
                "ask for less time, such as --since 1h",
            ),
            FailureKind::Sql => (
                Code::Bug,
                "the platform does not accept the query that this command made",
                "please report it with the query, which --sql prints",
            ),
            FailureKind::Killed => {
                (Code::QueryFailed, "the query was stopped before it had ended", "run the command again")
            }
            FailureKind::Other => (
                Code::QueryFailed,
                "the query failed",
                "try again; --sql prints the query, and the console shows the job",
            ),
        };
        let job = job.map(|id| format!(" (job {id})")).unwrap_or_default();
        let sentence = if sentence.is_empty() { sentence } else { format!(": {sentence}") };
        let error = Error::new(code, format!("{what}{job}{sentence}")).hint(hint);
        match kind {
            FailureKind::Other | FailureKind::Killed => error.retryable(),
            _ => error,
        }
    }
}

fn kind(sentence: &str) -> FailureKind {
    let sentence = sentence.to_lowercase();
    let fits = |(first, then): &(&str, &str)| {
        sentence.find(first).is_some_and(|at| sentence.get(at..).is_some_and(|rest| rest.contains(then)))
    };
    let found = WORDS.iter().find(|(_, words)| words.iter().any(fits));
    found.map_or(FailureKind::Other, |(kind, _)| *kind)
}

/// The sentence with the reason: what stands behind `Query … failed:`, else the last line. The lines before it may repeat
/// the query, whose words say nothing.
fn sentence(output: &str) -> String {
    let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
    let failed = lines().rev().find_map(|line| line.split_once("failed: ").map(|(_, reason)| reason));
    failed.or_else(|| lines().next_back()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_sentences_have_our_codes() {
        for (output, code, exit_code) in [
            (
                "Query 20261201_033212_00001_abcde failed: line 3:8: Table 'td-presto.cdp_audience_1_rt.activations' does not exist",
                Code::NotFound,
                3,
            ),
            (
                "Query 2026_1 failed: line 1:15: Schema 'cdp_audience_1_rt' does not exist\n",
                Code::NotFound,
                3,
            ),
            ("Query 2026_1 failed: line 1:8: Column 'statuss' cannot be resolved", Code::NotFound, 3),
            ("COLUMN_NOT_FOUND", Code::NotFound, 3),
            ("Query 2026_1 failed: Access Denied: Cannot select from table a.b", Code::Forbidden, 5),
            ("Query 2026_1 failed: Query exceeded the maximum run time of 6.00h", Code::NotReady, 8),
            ("Query 2026_1 failed: Query exceeded maximum time limit of 60.00m", Code::NotReady, 8),
            ("Query 2026_1 failed: line 1:1: mismatched input 'SELCT'. Expecting: 'SELECT'", Code::Bug, 70),
            ("Query 2026_1 failed: line 1:8: '=' cannot be applied to bigint, varchar(1)", Code::Bug, 70),
            ("Query 2026_1 failed: line 1:8: Function 'foo' not registered", Code::Bug, 70),
            ("Query 2026_1 failed: Query exceeded per-node memory limit of 10GB", Code::QueryFailed, 9),
            ("Query 2026_1 failed: No nodes available to run query", Code::QueryFailed, 9),
            ("", Code::QueryFailed, 9),
            (
                "started at 2026-12-01T00:00:00Z\nexecuting query: SELECT 'Table does not exist'\nQuery 2026_1 failed: Division by zero",
                Code::QueryFailed,
                9,
            ),
        ] {
            let sentence = sentence(output);
            let failure = QueryFailure { kind: kind(&sentence), sentence, job: Some("12345".into()) };
            let error = Error::from(failure);
            assert_eq!((error.code, error.code.exit_code()), (code, exit_code), "{output}");
            assert!(error.message.contains("(job 12345)"), "{}", error.message);
        }
    }
}
