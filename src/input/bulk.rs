//! Many items in one process: `-` in place of an item reads them from stdin, one a line, and answers
//! each with a line, in their order.

use crate::api::Client;
use crate::context::Context;
use crate::error::{Code, Error, ErrorBody};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::platform::wire::ParentSegmentResource;
use crate::schema::Output;
use crate::steps::parent_segment::{ParentSegment, by_name, find, is_id};
use clap::Args;
use futures_util::stream::{self, Stream, StreamExt as _};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::future::ready;
use std::io::{self, BufRead as _, Read as _};
use tokio::sync::{OnceCell, mpsc};

/// The word in place of an item.
pub(crate) const STDIN: &str = "-";

/// Bytes of a line: an item is an id or an event, no file.
const LINE: u64 = 1_000_000;

/// How many items at once.
#[derive(Debug, Clone, Args)]
pub struct BulkArgs {
    /// How many items of stdin are under way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
}

/// One line of stdin.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// What it says: JSON, or the line as a string.
    pub(crate) value: Value,
}

/// Answers each line of stdin with a line: `{input, ok, exit_code, result, error}`. One item's failure
/// is that item's; the command then exits 1.
pub(crate) async fn run(
    ctx: &Context,
    args: &BulkArgs,
    writes: bool,
    each: impl AsyncFn(Item) -> anyhow::Result<Value>,
) -> anyhow::Result<Outcome> {
    let silent = writes && ctx.requests.dry_run || ctx.requests.curl;
    if ctx.ui.writes_yaml() {
        let error =
            Error::new(Code::Usage, "many items are answered with many lines of JSON: --yaml does not fit");
        return Err(error.into());
    }
    let (done, failed, late) = (Cell::new(0_usize), Cell::new(0_usize), OnceCell::new());
    // The lines themselves show how it goes where they are seen.
    let progress = match ctx.ui.is_to_terminal() {
        true => ctx.ui.no_progress(),
        false => ctx.ui.progress("0 done"),
    };
    let answers = lines()
        .take_while(|_| ready(!late.initialized()))
        .map(|line| async {
            let (input, result) = match line {
                Ok(item) => (item.value.clone(), each(item).await),
                Err(Unread { input, error }) => (input, Err((*error).into())),
            };
            let result = result.map_err(|error| Error::from_anyhow(&error));
            if let Err(error) = &result
                && error.code == Code::Deadline
            {
                // The items after it would end the same.
                let _ = late.set(error.clone());
            }
            answer(&input, result)
        })
        .buffered(usize::from(args.concurrency));
    let mut answers = std::pin::pin!(answers);
    while let Some(answer) = answers.next().await {
        done.update(|done| done.saturating_add(1));
        if answer.get("ok") != Some(&Value::Bool(true)) {
            failed.update(|failed| failed.saturating_add(1));
        }
        // A dry run of what writes has no answers: its requests are printed at the end.
        if silent {
            continue;
        }
        // Written at once, so that `tail -f` or `jq --unbuffered` sees it now.
        let kept = answer.clone();
        if !ctx.ui.line(answer).map_err(|error| ctx.output_lost(error, kept))? {
            break;
        }
        progress.message(&format!("{} done, {} failed", done.get(), failed.get()));
    }
    drop(progress);
    let truthy =
        ctx.ui.end_lines().map_err(|error| ctx.output_lost(error, ctx.ui.unwritten_lines().into()))?;
    let (done, failed) = (done.get(), failed.get());
    let mut outcome =
        Outcome::read(Value::Null).summary(counted(done, "item") + &format!(", {failed} failed"));
    outcome.printed = Some(truthy);
    if silent {
        outcome = Outcome { reads: !writes, printed: None, ..outcome };
    }
    if failed > 0 {
        let error = late.get().cloned().unwrap_or_else(|| {
            Error::new(Code::CheckFailed, format!("{failed} of {} failed", counted(done, "item")))
                .hint("each line with \"ok\": false has its own error")
        });
        outcome.ends_with = Some(error.details(json!({"items": done, "failed": failed})));
    }
    Ok(outcome)
}

/// A line for each item of stdin.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Line {
    /// What was read
    input: Value,
    /// Whether it succeeded
    ok: bool,
    /// What the command alone would exit with
    #[schemars(range(max = 143))]
    exit_code: u8,
    /// The document; null when it failed
    result: Value,
    error: Option<ErrorBody>,
}

/// The schema of a line.
pub(crate) const LINE_OUTPUT: Output =
    Output::of::<Line>("bulk", "Bulk result", "A line for each item of stdin, with `-`");

fn answer(input: &Value, result: Result<Value, Error>) -> Value {
    let (result, error) = match result {
        Ok(result) => (result, None),
        Err(error) => (Value::Null, Some(error)),
    };
    json!(Line {
        input: input.clone(),
        ok: error.is_none(),
        exit_code: error.as_ref().map_or(0, |error| error.code.exit_code()),
        result,
        error: error.as_ref().map(Error::body),
    })
}

/// A line that says nothing.
struct Unread {
    input: Value,
    error: Box<Error>,
}

/// The lines of stdin as they come, without blank ones. They are read on a thread of their own, and no
/// further ahead than a few.
fn lines() -> impl Stream<Item = Result<Item, Unread>> {
    let (sender, receiver) = mpsc::channel(64);
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = stdin.by_ref().take(LINE + 1).read_until(b'\n', &mut line);
            let (item, last) = match read {
                Ok(0) => return,
                Ok(_) if line.len() as u64 > LINE => {
                    let error =
                        Error::new(Code::InvalidPlan, format!("a line of stdin is longer than {LINE} bytes"));
                    (
                        Err(Unread {
                            input: Value::Null,
                            error: Box::new(error.hint("give one item a line")),
                        }),
                        true,
                    )
                }
                Ok(_) if line.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(_) => (item(&line), false),
                Err(error) => {
                    let error = Error::new(Code::Io, format!("cannot read stdin: {error}"));
                    (Err(Unread { input: Value::Null, error: Box::new(error) }), true)
                }
            };
            if sender.blocking_send(item).is_err() || last {
                return;
            }
        }
    });
    stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|item| (item, receiver)) })
}

fn item(line: &[u8]) -> Result<Item, Unread> {
    let Ok(text) = std::str::from_utf8(line) else {
        let input = String::from_utf8_lossy(line).trim().into();
        return Err(Unread {
            input,
            error: Box::new(Error::new(Code::InvalidPlan, "the line is not UTF-8 text")),
        });
    };
    let text = text.trim().trim_start_matches('\u{feff}');
    if !text.starts_with(['{', '[', '"']) {
        return Ok(Item { value: text.into() });
    }
    match serde_json::from_str(text) {
        Ok(value) => Ok(Item { value }),
        Err(error) => {
            let message = format!("the line is not JSON: {error}");
            Err(Unread { input: text.into(), error: Box::new(Error::new(Code::InvalidPlan, message)) })
        }
    }
}

/// The account's parent segments, asked for once.
pub(crate) struct ParentSegments<'a> {
    client: &'a Client,
    listing: OnceCell<Vec<ParentSegmentResource>>,
}

impl<'a> ParentSegments<'a> {
    /// Nothing is asked yet.
    pub(crate) fn new(client: &'a Client) -> Self {
        ParentSegments { client, listing: OnceCell::new() }
    }

    async fn all(&self) -> Result<&[ParentSegmentResource], Error> {
        self.listing
            .get_or_try_init(async || Ok(self.client.parent_segments().await?))
            .await
            .map(Vec::as_slice)
    }

    /// The one that an item names by its id, its name, or in an object.
    pub(crate) async fn find(&self, item: &Value) -> Result<ParentSegment, Error> {
        let wanted = named(item)?;
        let listing = self.all().await?;
        match listing.iter().find(|ps| ps.id == wanted) {
            Some(ps) => Ok(ParentSegment { id: ps.id.clone(), name: ps.attributes.name.clone() }),
            // A folder's user may see one that is in no listing.
            None if is_id(&wanted) => find(self.client, &wanted).await,
            None => by_name(listing, &wanted),
        }
    }
}

/// The id or name in an item: the string itself, or what `ps-check`, a step or a plan calls it.
fn named(item: &Value) -> Result<String, Error> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let keys = ["parent_segment_id", "id", "parent_segment_name", "name"];
    let of_map = |map: &Map<String, Value>| keys.iter().find_map(|key| map.get(*key).and_then(text));
    let found = item.as_object().map_or_else(|| text(item), of_map);
    found.ok_or_else(|| {
        Error::new(Code::InvalidPlan, "the line names no parent segment")
            .hint("give an id, a name, or an object with `id`, `name`, `parent_segment_id` or `parent_segment_name`")
    })
}
