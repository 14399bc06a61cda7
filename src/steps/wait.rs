//! Waiting until a real-time configuration is rolled out.

use super::parent_segment::{enabled_setting, inconsistent, not_enabled};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::platform::wire::{RealtimeSetting, RealtimeStatus};
use serde_json::json;
use std::time::{Duration, Instant};

/// A pause of nothing would flood the platform.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);

/// How to wait.
#[derive(Debug, Clone, Copy)]
pub struct WaitOptions {
    /// How long at the most.
    pub timeout: Duration,
    /// The longest pause between two looks. The first pauses are shorter.
    pub interval: Duration,
}

impl Default for WaitOptions {
    fn default() -> Self {
        WaitOptions { timeout: Duration::from_secs(300), interval: Duration::from_secs(10) }
    }
}

/// The pauses between looks: the first are short, each is half as long again, up to the longest.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    /// None is longer than this.
    pub fn up_to(longest: Duration) -> Self {
        let longest = longest.max(SHORTEST_PAUSE);
        Pauses { next: Duration::from_millis(100).min(longest), longest }
    }

    /// The next one.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = pause.saturating_mul(3).checked_div(2).unwrap_or(self.longest).min(self.longest);
        pause
    }
}

/// Looks at something until it is as it is waited for: the pauses between the looks, and when they are over.
#[derive(Debug)]
pub struct Looks {
    started: Instant,
    timeout: Duration,
    pauses: Pauses,
}

impl Looks {
    /// Begins to wait.
    pub fn begin(options: WaitOptions) -> Self {
        let WaitOptions { timeout, interval } = options;
        Looks { started: Instant::now(), timeout, pauses: Pauses::up_to(interval) }
    }

    /// Pauses before the next look; false when time is up.
    pub async fn again(&mut self) -> bool {
        let left = self.timeout.saturating_sub(self.started.elapsed());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(self.pauses.pause().min(left)).await;
        true
    }
}

/// Looks until the status is settled. `initialized` is settled: nothing is being rolled out. A
/// state that cannot become `ok` by waiting is an error at once; time running out is an error that
/// carries the last state.
pub async fn until_ok(
    client: &Client,
    ps: &str,
    options: WaitOptions,
    report: &dyn Fn(RealtimeStatus),
) -> Result<RealtimeSetting, Error> {
    // A change usually takes 30 to 90 s.
    let mut looks = Looks::begin(options);
    loop {
        // It also distinguishes a parent segment that is gone from one whose real-time is.
        let setting = enabled_setting(client, ps).await?;
        match setting.status {
            RealtimeStatus::Ok | RealtimeStatus::Initialized => return Ok(setting),
            RealtimeStatus::NotInitialized => return Err(not_enabled(None)),
            RealtimeStatus::Inconsistent => return Err(inconsistent(setting.status_detailed.as_ref(), None)),
            RealtimeStatus::Updating | RealtimeStatus::Unknown => report(setting.status),
        }
        if !looks.again().await {
            let status = setting.status;
            let message = match options.timeout.is_zero() {
                true => format!("RT configuration of parent segment {ps} is '{status}'"),
                false => format!(
                    "RT configuration of parent segment {ps} is still '{status}' after {:?}",
                    options.timeout
                ),
            };
            return Err(Error::new(Code::NotReady, message)
                .hint("This typically takes 30-90 seconds; wait longer, such as --wait=10m.")
                .details(json!({"parent_segment": {"id": ps, "rt_status": status}}))
                .retryable());
        }
    }
}
