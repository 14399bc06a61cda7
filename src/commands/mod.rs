//! One file a command: its arguments, its run function, its output.

pub mod apply;
pub mod completions;
pub mod config;
pub mod diff;
pub mod discover;
pub mod explain;
pub mod export;
pub mod graph;
pub mod install_links;
pub mod journey_create;
pub mod journey_test;
pub mod man;
pub mod ps_check;
pub mod pz_create;
pub mod pz_test;
pub mod rt_attrs;
pub mod rt_events;
pub mod rt_keys;
pub mod sandbox;
pub mod schema;
mod set;
pub mod shell_init;
pub mod undo;
pub mod validate;

pub(crate) mod bulk;
mod event_clock;
pub(crate) mod input;
mod reconcile;

use crate::api::Collected;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::nearest::{meant, named, nearest};
use crate::platform::wire::RealtimeStatus;
use crate::steps::wait::{WaitOptions, until_ok};
use clap::Args;
use serde_json::{Value, json};
use std::time::Duration;

/// What a command has to say.
#[derive(Debug)]
pub struct Outcome {
    /// The document for stdout.
    pub document: Value,
    /// For people, on stderr of a terminal.
    pub summary: Option<String>,
    /// Whether the command only reads: a dry run prints its document all the same.
    pub reads: bool,
    /// What a dry run collected, where it was not the context's client.
    pub collected: Option<Collected>,
    /// The document for people, in place of it where stdout is a terminal.
    pub text: Option<Text>,
    /// The exit code after the document is printed.
    pub exit_code: u8,
    /// The error that the command ends with after the document is printed: the document is the
    /// answer, and the answer is no.
    pub ends_with: Option<Error>,
    /// Whether everything is printed already, and then whether `--exit-status` is content with it.
    pub printed: Option<bool>,
}

/// A document for people.
#[derive(Debug)]
pub struct Text {
    /// What is printed.
    pub text: String,
    /// Whether it is asked for wherever stdout leads.
    pub always: bool,
}

impl Outcome {
    /// A document without a summary.
    pub fn new(document: Value) -> Self {
        Outcome {
            document,
            summary: None,
            reads: false,
            collected: None,
            text: None,
            exit_code: 0,
            ends_with: None,
            printed: None,
        }
    }

    /// The document of a command that only reads.
    pub fn read(document: Value) -> Self {
        Outcome { reads: true, ..Outcome::new(document) }
    }

    /// With a summary.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }
}

/// Where a command finds its parent segment and its items.
#[derive(Debug, Clone, Default, Args)]
pub struct DocumentArgs {
    /// Plan or document to read (YAML or JSON; `-` for stdin)
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<String>,
    /// Parent segment, by id or name
    #[arg(long, value_name = "PS")]
    pub ps: Option<String>,
}

/// Only a parent segment: for `list`.
#[derive(Debug, Clone, Default, Args)]
pub struct PsArgs {
    /// Parent segment, by id or name (else from the document on stdin)
    #[arg(long, value_name = "PS")]
    pub ps: Option<String>,
}

/// Where to delete, and whether to wait.
#[derive(Debug, Clone, Args)]
pub struct DeleteArgs {
    /// Where.
    #[command(flatten)]
    pub ps: PsArgs,
    /// Whether to wait.
    #[command(flatten)]
    pub wait: WaitArgs<false>,
}

/// How long a configuration is waited for where nobody says otherwise.
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
    /// Whether waiting is asked for in so many words.
    pub fn asked(&self) -> bool {
        !self.no_wait && (self.wait.is_some() || self.timeout.is_some())
    }

    /// Whether to wait.
    pub fn waits(&self) -> bool {
        !self.no_wait && (WAITS || self.asked())
    }

    /// As the step takes it.
    pub fn options(&self) -> WaitOptions {
        let timeout = self.wait.flatten().or(self.timeout).unwrap_or(WAIT_TIMEOUT);
        WaitOptions { timeout, interval: self.interval }
    }

    /// The status after a step that read `before`: `None` where it may differ from it and nobody waits.
    pub(crate) async fn settle(
        &self,
        ctx: &Context,
        ps: &str,
        before: RealtimeStatus,
        changed: bool,
    ) -> Result<Option<RealtimeStatus>, Error> {
        let settled = !changed && matches!(before, RealtimeStatus::Ok | RealtimeStatus::Initialized);
        match (settled, self.waits()) {
            (true, _) => Ok(Some(before)),
            (false, true) => {
                let waited = wait(ctx, ps, self.options()).await.map(Some);
                if changed { waited.map_err(|error| written(error, ps)) } else { waited }
            }
            (false, false) => Ok((!changed).then_some(before)),
        }
    }
}

/// Reads `90s`, `5m`, `1h30m`, `250ms`; a bare number is seconds.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is not a duration; write it like 90s, 5m or 1h30m");
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let duration: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(duration).map_err(|_| wrong())
}

/// Splits `name=value`; for flags such as `--event NAME=DB.TABLE`.
pub fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' is not of the form NAME=VALUE")),
    }
}

/// An error of waiting says that the change itself was made.
pub(crate) fn written(error: Error, ps: &str) -> Error {
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
    let progress = ctx.ui.progress("RT configuration is updating. Waiting for status \"ok\"...");
    let setting = until_ok(client, ps, options, &|status| {
        progress.message(&format!(
            "RT configuration is {status}. Waiting for status \"ok\"... (typically 30-90 seconds)"
        ));
    })
    .await?;
    Ok(setting.status)
}

/// Finds an item by name or id for `delete`; the error names the nearest.
pub(crate) fn pick<'a, T>(
    items: &'a [T],
    wanted: &str,
    what: &str,
    name: impl Fn(&T) -> &str,
    id: impl Fn(&T) -> Option<&str>,
) -> Result<&'a T, Error> {
    let by_name = named(items, wanted, &name);
    // A name that looks like another one's id is still a name.
    if let Some(item) = by_name.or_else(|| items.iter().find(|item| id(item) == Some(wanted))) {
        return Ok(item);
    }
    let error = Error::new(Code::NotFound, format!("there is no {what} '{wanted}'"));
    let names: Vec<&str> = items.iter().map(&name).collect();
    Err(match nearest(wanted, names.iter().copied()) {
        Some(near) => error.hint(meant(wanted, near)),
        None if names.is_empty() => error.hint(format!("there is no {what} at all")),
        None => error.hint(format!("there are: {}", names.join(", "))),
    })
}

/// What `list` prints: what the wire leaves out stands there as `null`.
pub(crate) fn listed<T: serde::Serialize>(
    items: &[T],
    optional: impl Fn(&T) -> &'static [&'static str],
) -> Outcome {
    let with_nulls = |item: &T| {
        let mut value = json!(item);
        if let Some(map) = value.as_object_mut() {
            for key in optional(item) {
                map.entry(*key).or_insert(Value::Null);
            }
        }
        value
    };
    Outcome::read(items.iter().map(with_nulls).collect())
}

/// What `delete` prints; with `rt_status` where it is waited for.
pub(crate) async fn deleted(
    ctx: &Context,
    wait_args: &WaitArgs<false>,
    ps: &str,
    (kind, name, id): (&str, &str, Option<&str>),
) -> Result<Outcome, Error> {
    let mut document = json!({"kind": kind, "name": name, "id": id, "action": "deleted"});
    if wait_args.waits()
        && let Some(map) = document.as_object_mut()
    {
        let status = wait(ctx, ps, wait_args.options()).await.map_err(|error| written(error, ps))?;
        map.insert("rt_status".into(), json!(status));
    }
    Ok(Outcome::new(document).summary(format!("deleted {kind} '{name}'")))
}
