//! How a command ends early: by Ctrl-C, by SIGTERM, or because its time is over.
//!
//! A thread waits for these. What the command awaits is dropped then; where it is in something that awaits
//! nothing (a filter, a lock, a full pipe), the thread itself reports the error and ends the process.

use super::left_running::HURRIED;
use crate::api::{RunningQueries, Writes};
use crate::error::{Code, Error};
use crate::ui::{Ui, UiOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// How long a command may take to end by itself.
const GRACE: Duration = Duration::from_millis(400);
/// How long writing an error may take: the reader of stderr may have stopped.
const REPORT: Duration = Duration::from_millis(200);
/// Between two looks whether the writes that are under way have ended.
const LOOK: Duration = Duration::from_millis(20);

/// Why a command is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Interrupt,
    Terminate,
    /// `--deadline`.
    Deadline(Duration),
}

impl Cause {
    fn error(self, writes: &Writes) -> Error {
        let error = match self {
            Cause::Interrupt => Error::new(Code::Interrupted, "interrupted"),
            Cause::Terminate => Error::new(Code::Terminated, "terminated"),
            Cause::Deadline(time) => {
                let message =
                    format!("the time of --deadline ({time:?}) is over, and the command has not ended");
                Error::new(Code::Deadline, message).retryable()
            }
        };
        error.hint(match writes.all().is_empty() {
            true => "nothing was written",
            false => {
                "what was sent before stays; run the command again to finish: it changes only what is missing, and with --dry-run shows it"
            }
        })
    }
}

/// What can end a command early.
pub(super) struct Ending(Arc<Shared>);

/// How an error is written here: as the command would, without its credentials.
type Voice = (UiOptions, Box<dyn Fn(&Ui) + Send + Sync>);

struct Shared {
    voice: Voice,
    writes: Arc<Writes>,
    /// Queries that are stopped before the process ends.
    running: Arc<RunningQueries>,
    cause: watch::Sender<Option<Cause>>,
    /// What the command waits for without awaiting it is to stop when this is true.
    stop: watch::Sender<bool>,
    /// Whether the error is reported already, or is being reported.
    reported: AtomicBool,
}

impl Ending {
    /// Begins to wait for what ends a command. Where that is not possible, a signal just ends the process.
    pub(super) fn watch(
        voice: Voice,
        (writes, running): (Arc<Writes>, Arc<RunningQueries>),
        stop: watch::Sender<bool>,
        deadline: Option<Duration>,
    ) -> Self {
        let (cause, reported) = (watch::Sender::new(None), AtomicBool::new(false));
        let shared = Shared { voice, writes, running, cause, stop, reported };
        let shared = Arc::new(shared);
        let (watching, (ready, begun)) = (Arc::clone(&shared), std::sync::mpsc::channel());
        let watch = move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(watching.run(deadline, ready));
            }
        };
        if std::thread::Builder::new().name("ending".into()).spawn(watch).is_ok() {
            // A signal that comes from now on is heard.
            let _ = begun.recv();
        }
        Ending(shared)
    }

    /// Runs a command until it ends or is to end. When its time is over, writes that are under way are waited
    /// for.
    pub(super) async fn unless_it_comes<T>(
        &self,
        command: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let Shared { writes, cause, .. } = &*self.0;
        let mut cause = cause.subscribe();
        let mut command = std::pin::pin!(command);
        let cause = tokio::select! {
            biased;
            // The sender lives as long as this.
            Ok(cause) = cause.wait_for(Option::is_some) => *cause,
            outcome = &mut command => return outcome,
        };
        if let Some(Cause::Deadline(_)) = cause {
            tokio::select! {
                biased;
                outcome = command => return outcome,
                () = writes.idle() => {}
            }
        }
        Err(cause.unwrap_or(Cause::Interrupt).error(writes).into())
    }

    /// Whether the caller is to report the error; where the other thread does, this does not return.
    pub(super) fn take_turn(&self) {
        while self.0.reported.swap(true, Ordering::AcqRel) {
            std::thread::park();
        }
    }
}

impl Shared {
    async fn run(self: Arc<Self>, deadline: Option<Duration>, ready: std::sync::mpsc::Sender<()>) {
        let Some(mut signals) = Signals::new() else { return };
        drop(ready);
        let over = async {
            match deadline {
                Some(time) => {
                    tokio::time::sleep(time).await;
                    Cause::Deadline(time)
                }
                None => std::future::pending().await,
            }
        };
        let mut cause = tokio::select! { cause = signals.next() => cause, cause = over => cause };
        if matches!(cause, Cause::Deadline(_)) {
            self.writes.close();
        }
        self.cause.send_replace(Some(cause));
        self.stop.send_replace(true);
        let ended = async {
            if matches!(cause, Cause::Deadline(_)) {
                while !self.writes.is_idle() {
                    tokio::time::sleep(LOOK).await;
                }
            }
            tokio::time::sleep(if self.running.is_empty() { GRACE } else { HURRIED }).await;
            // Until the command has said what became of them.
            tokio::time::sleep(GRACE.checked_div(4).unwrap_or_default()).await;
        };
        tokio::select! {
            // Once more: at once.
            again = signals.next() => {
                if let Cause::Deadline(_) = cause {
                    cause = again;
                    self.report(cause).await;
                }
            }
            () = ended => self.report(cause).await,
        }
        std::process::exit(i32::from(cause.error(&self.writes).code.exit_code()));
    }

    /// Reports the error, unless the command does.
    async fn report(self: &Arc<Self>, cause: Cause) {
        let shared = Arc::clone(self);
        let report = tokio::task::spawn_blocking(move || {
            if !shared.reported.swap(true, Ordering::AcqRel) {
                let left = shared.running.all();
                let error =
                    left.iter().fold(cause.error(&shared.writes), |e, query| e.and_hint(&query.advice()));
                let error = shared.writes.add_to(error);
                let (options, hide) = &shared.voice;
                let ui = Ui::new(options.clone());
                hide(&ui);
                ui.error(&error);
            }
        });
        // Without a reader of stderr the error is lost.
        let _ = tokio::time::timeout(REPORT, report).await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
        Some(Signals { interrupt: interrupt.ok()?, terminate: terminate.ok()? })
    }

    async fn next(&mut self) -> Cause {
        tokio::select! {
            _ = self.interrupt.recv() => Cause::Interrupt,
            _ = self.terminate.recv() => Cause::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Option<Self> {
        Some(Signals)
    }

    async fn next(&mut self) -> Cause {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Cause::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
