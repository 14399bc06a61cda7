//! What makes a sandbox stop: signals, and the end of the process that started it.

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// SIGINT.
    Interrupt,
    /// SIGTERM, or SIGHUP: the terminal has gone away.
    Terminate,
    /// The process that started this one has gone away.
    Orphaned,
}

#[cfg(unix)]
pub use unix::Stop;

#[cfg(unix)]
mod unix {
    use super::Reason;
    use anyhow::Context as _;
    use rustix::process::{Pid, getppid};
    use std::time::Duration;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// How often to look whether the parent is still there.
    const LOOK: Duration = Duration::from_millis(250);

    /// Waits for a reason to stop.
    pub struct Stop {
        interrupt: Signal,
        terminate: Signal,
        hangup: Option<Signal>,
        /// The parent, as long as its end is a reason.
        parent: Option<Option<Pid>>,
    }

    impl Stop {
        /// `detached`: the parent's end is no reason. Neither is it, nor SIGHUP, under `nohup`.
        pub fn new(detached: bool) -> anyhow::Result<Self> {
            let on = |kind| signal(kind).context("cannot listen for signals");
            let nohup = ignores_hangup();
            Ok(Stop {
                parent: (!detached && !nohup).then(getppid),
                interrupt: on(SignalKind::interrupt())?,
                terminate: on(SignalKind::terminate())?,
                hangup: if nohup { None } else { Some(on(SignalKind::hangup())?) },
            })
        }

        /// The next reason; each end of a parent is reported once.
        pub async fn wait(&mut self) -> Reason {
            let hangup = async {
                match &mut self.hangup {
                    Some(hangup) => drop(hangup.recv().await),
                    None => std::future::pending().await,
                }
            };
            let reason = tokio::select! {
                _ = self.interrupt.recv() => Reason::Interrupt,
                _ = self.terminate.recv() => Reason::Terminate,
                () = hangup => Reason::Terminate,
                () = gone(self.parent) => Reason::Orphaned,
            };
            if reason == Reason::Orphaned {
                self.parent = None;
            }
            reason
        }
    }

    /// Returns when the parent is no longer `parent`: an orphan is given another one.
    async fn gone(parent: Option<Option<Pid>>) {
        let Some(parent) = parent else { return std::future::pending().await };
        while getppid() == parent {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether the process was started with SIGHUP ignored, as `nohup` does.
    fn ignores_hangup() -> bool {
        const HANGUP: u64 = 1;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask & HANGUP != 0)
    }
}

#[cfg(not(unix))]
pub struct Stop;

#[cfg(not(unix))]
impl Stop {
    pub fn new(_: bool) -> anyhow::Result<Self> {
        Ok(Stop)
    }

    pub async fn wait(&mut self) -> Reason {
        // Without a handler the process just ends, which is what is wanted.
        let _ = tokio::signal::ctrl_c().await;
        Reason::Interrupt
    }
}
