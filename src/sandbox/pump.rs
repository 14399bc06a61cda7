//! Timed work: ends the waits of journeys, and sends what journeys send.

use super::delivery::deliver_due;
use super::refusal::Refusal;
use super::state::Sandbox;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// The longest sleep: a clock that was moved by other means is noticed then.
const NAP: Duration = Duration::from_secs(60);

/// Runs until the sandbox is gone: at each due time, and whenever there is something new to send. With
/// a clock that stands still nothing comes due by itself.
pub async fn run(sandbox: Weak<Sandbox>, wake: Arc<Notify>) {
    loop {
        let Some(strong) = sandbox.upgrade() else { return };
        // A failure to write is reported to the requests that wait for it.
        let failed = settle(&strong).await.is_err();
        let now = strong.clock().now_ms();
        let next = next_due(&strong).filter(|_| !strong.clock().stands_still());
        drop(strong);
        let pause = next.map_or(NAP, |next| {
            Duration::from_millis(u64::try_from(next.saturating_sub(now)).unwrap_or(0)).min(NAP)
        });
        // No busy loop, whatever is due.
        let least = if failed { Duration::from_secs(1) } else { Duration::from_millis(1) };
        let pause = pause.max(least);
        let _ = tokio::time::timeout(pause, wake.notified()).await;
    }
}

/// When something is due next, in milliseconds since the epoch.
fn next_due(sandbox: &Sandbox) -> Option<i64> {
    let store = sandbox.read();
    let next = [store.next_timer(), store.deliveries.next_due(), store.next_run_end()];
    next.into_iter().flatten().min()
}

/// Does due work until there is none.
pub async fn settle(sandbox: &Sandbox) -> Result<(), Refusal> {
    let _alone = sandbox.pumping().lock().await;
    loop {
        let now = sandbox.clock().now_ms();
        if next_due(sandbox).is_none_or(|due| due > now) {
            return Ok(());
        }
        moment(sandbox, now).await?;
    }
}

/// Moves to a later time in steps: each wait ends and each attempt is made at its own time.
pub async fn walk(sandbox: &Sandbox, to: i64) -> Result<(), Refusal> {
    let _alone = sandbox.pumping().lock().await;
    loop {
        let now = sandbox.clock().now_ms();
        match next_due(sandbox).filter(|due| *due <= to) {
            Some(due) => {
                if due > now {
                    sandbox.clock().set(due);
                }
                moment(sandbox, due.max(now)).await?;
            }
            None => {
                if to > now {
                    sandbox.clock().set(to);
                }
                return Ok(());
            }
        }
    }
}

/// Does what is due at one time. The batch data come first, because steps read them; then the steps that waited,
/// because they send.
async fn moment(sandbox: &Sandbox, now: i64) -> Result<(), Refusal> {
    sandbox.finish_runs();
    sandbox.read().run_timers(now)?;
    deliver_due(sandbox).await?;
    // Other tasks get their turn, however much there is to do.
    tokio::task::yield_now().await;
    Ok(())
}
