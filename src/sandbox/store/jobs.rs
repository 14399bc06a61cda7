//! Jobs: what was asked, how far each one is, and what came of it. Their results are files (`sandbox::results`).

use super::pace::{Pace, Progress};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many finished jobs are kept; the oldest are dropped first, with their results.
const KEPT: usize = 1_000;
/// How many queries run at once; the others are queued.
const AT_ONCE: usize = 4;
/// What is said of a job that was running when the sandbox stopped.
pub const STOPPED: &str = "the sandbox was stopped while the job was running; issue it again";

/// What was asked of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRequest {
    /// `trino`, `presto` or `hive`, as it was asked for.
    pub kind: String,
    /// The database of names without one.
    pub database: String,
    /// The SQL.
    pub query: String,
    /// From -2 to 2.
    pub priority: i64,
    /// From 0 to 32. Nothing is repeated here: no query fails by chance.
    pub retry_limit: i64,
    /// Where the result was to be written, without its password; empty for nowhere.
    pub result: String,
    /// At most one job has it.
    pub domain_key: Option<String>,
    /// `td_scheduled_time()` in milliseconds since the epoch, if it was given.
    pub scheduled_ms: Option<i64>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Digits.
    pub id: String,
    /// What was asked.
    pub request: JobRequest,
    /// When it was issued, in milliseconds since the epoch.
    pub created: i64,
    /// When its query began.
    pub started: Option<i64>,
    /// The words with which it is to end in an error, whatever its query says.
    pub fails: Option<String>,
    /// Time that it takes besides that of its query.
    progress: Progress,
    /// When its query ended, and how.
    done: Option<(i64, JobEnd)>,
    /// When it was killed.
    killed: Option<i64>,
}

/// What came of a job's query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobEnd {
    /// A result.
    Success(JobResult),
    /// The engine's words.
    Error(String),
}

/// The result of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobResult {
    /// The file.
    pub file: String,
    /// Names and types of the columns.
    pub columns: Vec<(String, String)>,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

/// The state of a job (`status` of the contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// Its query has not begun.
    Queued,
    /// Under way.
    Running,
    /// There is a result.
    Success,
    /// There is none.
    Error,
    /// It was stopped.
    Killed,
}

impl JobStatus {
    /// Whether it stays so.
    pub fn is_final(self) -> bool {
        matches!(self, JobStatus::Success | JobStatus::Error | JobStatus::Killed)
    }
}

impl Job {
    /// Its state at a time in milliseconds since the epoch.
    pub fn status(&self, now: i64) -> JobStatus {
        match (&self.done, self.started) {
            _ if self.killed.is_some() => JobStatus::Killed,
            (Some((_, end)), _) if self.progress.is_over(now) => match end {
                JobEnd::Success(_) => JobStatus::Success,
                JobEnd::Error(_) => JobStatus::Error,
            },
            (None, None) => JobStatus::Queued,
            _ => JobStatus::Running,
        }
    }

    /// When it ended; `None` while it has not.
    pub fn ended(&self, now: i64) -> Option<i64> {
        let done = || {
            let at = self.done.as_ref().map(|(at, _)| *at)?;
            Some(self.progress.due().map_or(at, |due| due.max(at)))
        };
        self.killed.or_else(|| done().filter(|_| self.status(now).is_final()))
    }

    /// Its result, once there is one.
    pub fn result(&self, now: i64) -> Option<&JobResult> {
        match &self.done {
            Some((_, JobEnd::Success(result))) if self.status(now) == JobStatus::Success => Some(result),
            _ => None,
        }
    }

    /// The engine's words about an error, once it has ended in one.
    pub fn error(&self, now: i64) -> Option<&str> {
        match &self.done {
            Some((_, JobEnd::Error(words))) if self.status(now) == JobStatus::Error => Some(words),
            _ => None,
        }
    }

    fn file(&self) -> Option<&str> {
        match &self.done {
            Some((_, JobEnd::Success(result))) => Some(&result.file),
            _ => None,
        }
    }
}

/// A query to run: the job, and what is set to stop it.
pub type JobTask = (Job, Arc<AtomicBool>);

/// All jobs. Queries run outside of the store, and come back to these jobs also when a reset has put others in
/// their place.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// By number, in order of creation.
    all: BTreeMap<u64, Job>,
    /// Those whose query has not begun.
    queued: BTreeSet<u64>,
    /// Those whose query is running: set to stop it.
    running: HashMap<u64, Arc<AtomicBool>>,
    by_key: HashMap<String, u64>,
    /// Those that have changed since they were last saved.
    changed: BTreeSet<u64>,
    /// Files of results that nothing needs any more.
    dropped: Vec<String>,
    closed: bool,
}

impl Jobs {
    /// Adds a job; `Err` is the id of the job that has its domain key. `fails`: the words with which it is to end in an
    /// error.
    pub fn issue(
        &self,
        id: &str,
        request: JobRequest,
        pace: Pace,
        fails: Option<String>,
        now: i64,
    ) -> Result<(), String> {
        let mut inner = self.inner();
        let number = id.parse().unwrap_or_default();
        if let Some(key) = &request.domain_key {
            if let Some(other) = inner.by_key.get(key) {
                return Err(other.to_string());
            }
            inner.by_key.insert(key.clone(), number);
        }
        let job = Job {
            id: id.to_owned(),
            request,
            created: now,
            started: None,
            fails,
            progress: pace.begin(now),
            done: None,
            killed: None,
        };
        inner.all.insert(number, job);
        inner.queued.insert(number);
        inner.changed.insert(number);
        inner.make_room(now);
        Ok(())
    }

    /// Whether a query waits to be begun.
    pub fn has_queued(&self) -> bool {
        let inner = self.inner();
        !inner.queued.is_empty() && inner.running.len() < AT_ONCE && !inner.closed
    }

    /// Begins the next query.
    pub fn begin(&self, now: i64) -> Option<JobTask> {
        let mut inner = self.inner();
        if inner.running.len() >= AT_ONCE || inner.closed {
            return None;
        }
        let number = inner.queued.pop_first()?;
        let stop = Arc::new(AtomicBool::new(false));
        inner.running.insert(number, Arc::clone(&stop));
        inner.changed.insert(number);
        let job = inner.all.get_mut(&number)?;
        job.started = Some(now);
        Some((job.clone(), stop))
    }

    /// A query has ended. The result of a job that was killed meanwhile is not kept.
    pub fn finish(&self, id: &str, end: JobEnd, now: i64) {
        let mut inner = self.inner();
        let number = id.parse().unwrap_or_default();
        inner.running.remove(&number);
        let Inner { all, dropped, changed, .. } = &mut *inner;
        match (all.get_mut(&number).filter(|job| job.killed.is_none()), end) {
            (Some(job), end) => {
                job.done = Some((now, end));
                changed.insert(number);
            }
            (None, JobEnd::Success(result)) => dropped.push(result.file),
            (None, JobEnd::Error(_)) => {}
        }
    }

    /// Stops a job; the state that it had. One that has ended stays as it is.
    pub fn kill(&self, id: &str, now: i64) -> Option<JobStatus> {
        let mut inner = self.inner();
        let number = id.parse().ok()?;
        let job = inner.all.get_mut(&number).filter(|job| job.id == id)?;
        let former = job.status(now);
        if !former.is_final() {
            job.killed = Some(now);
            let unneeded = job.file().map(str::to_owned);
            inner.dropped.extend(unneeded);
            inner.queued.remove(&number);
            inner.changed.insert(number);
            if let Some(stop) = inner.running.get(&number) {
                stop.store(true, Ordering::Release);
            }
        }
        Some(former)
    }

    /// A job.
    pub fn get(&self, id: &str) -> Option<Job> {
        let number = id.parse::<u64>().ok()?;
        self.inner().all.get(&number).filter(|job| job.id == id).cloned()
    }

    /// A job as somebody sees it who asks how far it is, which can move it on ([`Pace`]).
    pub fn look(&self, id: &str, now: i64) -> Option<Job> {
        let seen = self.get(id)?;
        let mut inner = self.inner();
        let number = id.parse::<u64>().ok()?;
        let job = inner.all.get_mut(&number)?;
        if job.started.is_some() && !job.progress.is_over(now) {
            job.progress.read(now);
            inner.changed.insert(number);
        }
        Some(seen)
    }

    /// The id of the job with this domain key.
    pub fn with_key(&self, key: &str) -> Option<String> {
        self.inner().by_key.get(key).map(u64::to_string)
    }

    /// All of them, latest first.
    pub fn latest(&self) -> Vec<Job> {
        self.inner().all.values().rev().cloned().collect()
    }

    /// Stops all queries; none begins any more.
    pub fn close(&self) {
        self.inner().stop();
    }

    /// Whether a query is still running.
    pub fn is_busy(&self) -> bool {
        !self.inner().running.is_empty()
    }

    /// The files of results that nothing needs any more, since the last call.
    pub fn take_dropped(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().dropped)
    }

    /// The files of all results.
    pub fn files(&self) -> BTreeSet<String> {
        self.inner().all.values().filter_map(Job::file).map(str::to_owned).collect()
    }

    /// What has changed since the last call, by number; `None` for one that is gone.
    pub fn take_changes(&self) -> Vec<(u64, Option<Job>)> {
        let mut inner = self.inner();
        let changed = std::mem::take(&mut inner.changed);
        changed.into_iter().map(|number| (number, inner.all.get(&number).cloned())).collect()
    }

    /// All of them.
    pub fn placed(&self) -> Vec<(u64, Job)> {
        self.inner().all.iter().map(|(number, job)| (*number, job.clone())).collect()
    }

    /// Adds a saved job. One whose query had not ended has no result any more.
    pub fn load(&self, number: u64, mut job: Job) {
        let mut inner = self.inner();
        if job.done.is_none() && job.killed.is_none() {
            job.done = Some((job.started.unwrap_or(job.created), JobEnd::Error(STOPPED.to_owned())));
            job.progress = Progress::over();
        }
        if let Some(key) = &job.request.domain_key {
            inner.by_key.insert(key.clone(), number);
        }
        inner.all.insert(number, job);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn stop(&mut self) {
        self.closed = true;
        for stop in self.running.values() {
            stop.store(true, Ordering::Release);
        }
    }

    /// Drops the oldest finished jobs.
    fn make_room(&mut self, now: i64) {
        while self.all.len() > KEPT {
            let finished = |(_, job): &(&u64, &Job)| job.status(now).is_final();
            let Some(number) = self.all.iter().find(finished).map(|(number, _)| *number) else { return };
            let Some(job) = self.all.remove(&number) else { return };
            self.by_key.retain(|_, other| *other != number);
            self.dropped.extend(job.file().map(str::to_owned));
            self.changed.insert(number);
        }
    }
}
