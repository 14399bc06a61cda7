//! Waiting until a change is rolled out: the flags, and the wait itself.

use super::parse_duration;
use crate::context::Context;
use crate::error::Error;
use crate::platform::wire::RealtimeStatus;
use crate::steps::wait::{WaitOptions, until_ok};
use clap::Args;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// How long a configuration is waited for by default.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(300);

/// Whether and how to wait until a change is rolled out. `WAITS` is what the command does by itself.
#[derive(Debug, Clone, Args)]
pub struct WaitArgs<const WAITS: bool> {
    /// Wait until the change is rolled out, at most this long
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true, value_parser = parse_duration,
        overrides_with = "no_wait", help = wait_help(WAITS, "Wait until status is ok, at most this long"))]
    wait: Option<Option<Duration>>,
    /// Do not wait
    #[arg(long, overrides_with = "wait", help = wait_help(!WAITS, "Do not wait"))]
    no_wait: bool,
    /// How long to wait, such as 90s or 5m; implies --wait, and 0 looks once [default: 5m]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    timeout: Option<Duration>,
    /// Longest pause between two looks
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    interval: Duration,
}

fn wait_help(default: bool, text: &str) -> String {
    if default { format!("{text} (the default)") } else { text.to_owned() }
}

impl<const WAITS: bool> WaitArgs<WAITS> {
    /// What the flags say.
    pub fn waiting(&self) -> Waiting {
        let asked = !self.no_wait && (self.wait.is_some() || self.timeout.is_some());
        let timeout = self.wait.flatten().or(self.timeout).unwrap_or(WAIT_TIMEOUT);
        let options = WaitOptions { timeout, interval: self.interval };
        Waiting { options, waits: !self.no_wait && (WAITS || asked) }
    }
}

/// Whether and how to wait.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    options: WaitOptions,
    waits: bool,
}

impl Waiting {
    /// How to wait; `None` where nothing is waited for.
    pub fn options(self) -> Option<WaitOptions> {
        self.waits.then_some(self.options)
    }

    /// The status after a step that read `before`: `None` where it may differ from it and is not waited for.
    pub(crate) async fn settle(
        self,
        ctx: &Context,
        ps: &str,
        before: RealtimeStatus,
        changed: bool,
    ) -> Result<Option<RealtimeStatus>, Error> {
        let settled = !changed && matches!(before, RealtimeStatus::Ok | RealtimeStatus::Initialized);
        match (settled, self.options()) {
            (true, _) => Ok(Some(before)),
            (false, Some(options)) => {
                let waited = wait(ctx, ps, options).await.map(Some);
                if changed { waited.map_err(|error| written(error, ps)) } else { waited }
            }
            (false, None) => Ok((!changed).then_some(before)),
        }
    }
}

/// An error of waiting says that the change itself was made.
fn written(error: Error, ps: &str) -> Error {
    let next = format!("what was written stays; `tdx-rt ps-check {ps} --wait` looks at it again");
    let hint = error.hint.as_ref().map_or_else(|| next.clone(), |hint| format!("{hint}\n{next}"));
    error.hint(hint)
}

/// Waits for status ok, with a spinner on a terminal; returns the status.
pub(crate) async fn wait(ctx: &Context, ps: &str, options: WaitOptions) -> Result<RealtimeStatus, Error> {
    let client = ctx.client()?;
    // A dry run has changed nothing that could settle.
    if client.is_dry_run() {
        return Ok(RealtimeStatus::Ok);
    }
    let started = Instant::now();
    let waited = Cell::new(false);
    let progress = ctx.ui.progress("RT configuration is updating. Waiting for status \"ok\"...");
    let setting = until_ok(client, ps, options, &|status| {
        waited.set(true);
        progress.message(&format!(
            "RT configuration is {status}. Waiting for status \"ok\"... (typically 30-90 seconds, at most {:?})",
            options.timeout
        ));
    })
    .await?;
    drop(progress);
    if waited.get() {
        let seconds = started.elapsed().as_secs();
        ctx.ui.status(format!("  RT configuration is {} after {seconds}s", setting.status));
    }
    Ok(setting.status)
}
