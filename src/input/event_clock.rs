//! The clock that test events go by: the platform's, or the sandbox's.

use super::remote::Remote;
use crate::context::Context;
use crate::error::Error;
use serde_json::{Map, Value};
use std::time::Instant;

/// A difference between two clocks of up to so many seconds is the network's: `Date` has whole seconds.
const TOLERATED: i64 = 5;

/// A clock, read once.
#[derive(Debug, Clone, Copy)]
pub struct EventClock {
    /// Seconds since the epoch when it was read.
    read: i64,
    /// When that was; `None` for a clock that stands still.
    since: Option<Instant>,
}

impl EventClock {
    /// Reads the clock of the sandbox, by which its windows end; against the platform that of this
    /// machine, corrected by the `Date` of the platform's answers where the two are apart, with a
    /// warning.
    pub async fn read(ctx: &Context, sandbox: Option<&Remote>) -> Result<Self, Error> {
        Self::read_for(ctx, sandbox, "events get the platform's time").await
    }

    /// The same; the warning says what the platform's clock is taken for.
    pub async fn read_for(ctx: &Context, sandbox: Option<&Remote>, what: &str) -> Result<Self, Error> {
        if let Some(sandbox) = sandbox {
            let clock = sandbox.get(&["clock"], &[]).await?;
            let still = clock.get("stands_still").and_then(Value::as_bool).unwrap_or(false);
            if let Some(ms) = clock.get("now_ms").and_then(Value::as_i64) {
                let read = ms.div_euclid(1_000);
                return Ok(EventClock { read, since: (!still).then(Instant::now) });
            }
        }
        let now = ctx.env.now().as_second();
        let ahead = ctx.client()?.seconds_ahead().filter(|ahead| ahead.abs() > TOLERATED);
        if let Some(ahead) = ahead {
            let direction = if ahead > 0 { "behind" } else { "ahead of" };
            ctx.ui.warn(&format!(
                "this machine's clock is {} seconds {direction} the platform's; {what}",
                ahead.abs()
            ));
        }
        Ok(EventClock { read: now.saturating_add(ahead.unwrap_or_default()), since: Some(Instant::now()) })
    }

    /// Now, in seconds since the epoch.
    pub fn now(&self) -> i64 {
        let gone = self.since.map_or(0, |since| since.elapsed().as_secs());
        self.read.saturating_add(i64::try_from(gone).unwrap_or(i64::MAX))
    }

    /// Gives an event what every one needs and it may lack: the time, and an id of its own.
    pub fn stamp(&self, event: &mut Map<String, Value>) {
        event.entry("time").or_insert_with(|| self.now().into());
        event.entry("uuid").or_insert_with(|| uuid::Uuid::new_v4().to_string().into());
    }
}

/// The sandbox at the endpoint; `None` where no endpoint is set, or something else is at it.
pub async fn find_sandbox(ctx: &Context) -> Result<Option<Remote>, Error> {
    match ctx.settings()?.endpoint {
        Some(_) => Ok(Remote::find(ctx).await.ok()),
        None => Ok(None),
    }
}
