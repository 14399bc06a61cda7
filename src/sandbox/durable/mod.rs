//! The persistent state: the state file, its one writer, and snapshots.
//!
//! A request changes the state in memory, and its answer is sent once the writer has committed what
//! it changed. The writer takes everything since its last commit (group commit), so one
//! commit serves all requests that wait for it, and a profile that ten events moved is written once.

pub mod file;
pub mod kept;
pub mod snapshots;

use super::refusal::{Reason, Refusal, RefusalKind};
use file::{SaveBatch, StateFile};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Name of the state file in the folder of `--state`.
pub const FILE: &str = "state.sqlite3";

/// The journal is written with the next commit, or after this time without one. Its entries are added
/// when an answer is sent, so the last ones may be missing after a `kill -9`; nothing else is.
const JOURNAL_DELAY: Duration = Duration::from_millis(200);

/// A message to the writer.
#[derive(Debug)]
enum Order {
    /// Something has changed.
    Write,
    /// The journal has grown.
    Journal,
    /// Write the remaining changes and end.
    Stop,
}

/// The progress of the writer. States are counted by their owner, see [`Changes`].
#[derive(Debug, Clone, Default)]
struct Progress {
    /// Everything up to this state is safe.
    safe: u64,
    /// The latest failed attempt to write, and its error; the next one writes everything.
    failed: Option<(u64, Arc<str>)>,
}

/// The owner of the state, as the writer sees it.
pub trait Changes: Send + Sync + 'static {
    /// Counts the changes so far.
    fn state_number(&self) -> u64;

    /// What has changed since the last call, with the requests when `journal` says so.
    fn take(&self, journal: bool) -> std::io::Result<SaveBatch>;

    /// The write failed: the next call takes everything.
    fn is_not_written(&self);
}

/// The one writer of a state file.
#[derive(Debug)]
pub struct Durable {
    orders: Sender<Order>,
    /// Counts the attempts to write that have begun.
    begun: Arc<AtomicU64>,
    progress: watch::Receiver<Progress>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Durable {
    /// Starts the writer. It ends with [`Durable::stop`] or when the sandbox is gone.
    pub fn start(file: StateFile, state: Weak<impl Changes>) -> std::io::Result<Self> {
        let (orders, received) = channel();
        let (report, progress) = watch::channel(Progress::default());
        let begun = Arc::new(AtomicU64::new(0));
        let writer = Writer { file, state, begun: Arc::clone(&begun), report };
        let thread =
            std::thread::Builder::new().name("state file".to_owned()).spawn(move || writer.run(&received))?;
        Ok(Durable { orders, begun, progress, thread: Mutex::new(Some(thread)) })
    }

    /// Returns once everything up to a state is safe.
    pub async fn wait(&self, state: u64) -> Result<(), Refusal> {
        if self.progress.borrow().safe >= state {
            return Ok(());
        }
        // A failure counts only if its attempt began after this: an earlier one may be over
        // with, and did not try what is asked for here.
        let before = self.begun.load(Ordering::Acquire);
        // The writer receives for as long as it runs; when it does not, the wait below fails.
        let _ = self.orders.send(Order::Write);
        let mut progress = self.progress.clone();
        let over =
            |now: &Progress| now.safe >= state || now.failed.as_ref().is_some_and(|(at, _)| *at > before);
        let message = match progress.wait_for(over).await {
            Ok(now) if now.safe >= state => return Ok(()),
            Ok(now) => now.failed.as_ref().map_or_else(String::new, |(_, reason)| reason.to_string()),
            Err(_) => "the sandbox is stopping".to_owned(),
        };
        Err(Refusal::new(
            Reason::WriteUnsafe,
            RefusalKind::Internal,
            format!("the change is not safe: {message}"),
        ))
    }

    /// Notifies the writer that the journal has grown.
    pub fn journal_has_grown(&self) {
        let _ = self.orders.send(Order::Journal);
    }

    /// Writes the remaining changes and closes the file.
    pub fn stop(&self) {
        let _ = self.orders.send(Order::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the writer has been reported already.
            let _ = thread.join();
        }
    }
}

struct Writer<S> {
    file: StateFile,
    state: Weak<S>,
    begun: Arc<AtomicU64>,
    report: watch::Sender<Progress>,
}

impl<S: Changes> Writer<S> {
    fn run(mut self, orders: &Receiver<Order>) {
        let mut journal_since: Option<Instant> = None;
        loop {
            let order = match journal_since {
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(since) => orders.recv_timeout(JOURNAL_DELAY.saturating_sub(since.elapsed())),
            };
            match order {
                Ok(Order::Journal) => {
                    journal_since.get_or_insert_with(Instant::now);
                    continue;
                }
                Ok(Order::Stop) => {
                    self.write(true);
                    return;
                }
                Ok(Order::Write) => {}
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let journal = journal_since.is_some_and(|since| since.elapsed() >= JOURNAL_DELAY);
            if journal {
                journal_since = None;
            }
            if !self.write(journal) {
                return;
            }
        }
    }

    /// Writes what has changed; false when the sandbox is gone.
    fn write(&mut self, journal: bool) -> bool {
        let Some(owner) = self.state.upgrade() else { return false };
        let state = owner.state_number();
        if self.report.borrow().safe >= state && !journal {
            return true;
        }
        let attempt = self.begun.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        let batch = owner.take(journal).map_err(|error| self.file.unwritten(error));
        let written =
            batch.and_then(|batch| if batch.is_empty() { Ok(()) } else { self.file.commit(&batch) });
        match written {
            Ok(()) => {
                self.report.send_modify(|now| *now = Progress { safe: state, failed: None });
            }
            Err(error) => {
                // Nothing of it is written; the next time everything is.
                owner.is_not_written();
                let reason = Arc::from(error.to_string());
                self.report.send_modify(|now| now.failed = Some((attempt, reason)));
            }
        }
        true
    }
}
