//! Many items in one process: `-` in place of an item reads them from stdin, one a line, and answers
//! each with a line, in their order.

mod bounded;
pub(crate) mod csv;
mod lines;
mod parent_segments;
mod people;

pub(crate) use parent_segments::{
    ParentSegments, column as parent_segment_column, label as parent_segment_label,
};

use crate::context::Context;
use crate::error::{Code, Error, ErrorBody};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::schema::Output;
use clap::Args;
use csv::{Header, Table, Taken};
use futures_util::stream::{self, Stream, StreamExt as _};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use tokio::sync::{OnceCell, mpsc, oneshot};

/// The word in place of an item.
pub(crate) const STDIN: &str = "-";

/// How items are read, and how many at once.
#[derive(Debug, Clone, Args)]
pub struct BulkArgs {
    /// How many items of stdin are under way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
    /// Read stdin as CSV with a header, and write CSV, but with --jq, --jsonl and --table
    #[arg(long)]
    pub csv: bool,
}

/// An item of stdin.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// What it says: JSON, the line as a string, or the cells of a row.
    pub(crate) value: Value,
    /// The line of a row of CSV, from 1; its cells are text, whatever they are for.
    pub(crate) line: Option<u64>,
}

/// What was read.
struct Incoming {
    input: Value,
    item: Result<Item, Box<Error>>,
}

impl Incoming {
    fn of(item: Item) -> Self {
        Incoming { input: item.value.clone(), item: Ok(item) }
    }

    fn wrong(input: Value, error: Error) -> Self {
        Incoming { input, item: Err(Box::new(error)) }
    }
}

/// What a command does with many items.
pub(crate) struct Bulk<'a, F> {
    /// Whether it writes.
    pub(crate) writes: bool,
    /// What of a row is an item. An error about the header comes before the first item.
    pub(crate) taken: &'a dyn Fn(&Header) -> Result<Taken, Error>,
    /// What an item that is JSON is called in CSV.
    pub(crate) label: fn(&Value) -> Value,
    /// Whether an error only says that there is no answer: the item has not failed.
    pub(crate) is_answer: fn(&Error) -> bool,
    /// The columns of an answer in CSV.
    pub(crate) columns: &'a [String],
    /// Those that people see; all that it has where there are none.
    pub(crate) shown: &'a [&'a str],
    /// An answer with these columns, or a list of such.
    pub(crate) flat: fn(&Value) -> Value,
    /// What an answer counts as, where only a summary is printed.
    pub(crate) counts: Option<fn(&Value) -> Vec<String>>,
    /// Answers an item.
    pub(crate) each: F,
}

/// Answers each item of stdin with a line: `{input, ok, exit_code, result, error}`, or with rows. One item's
/// failure is that item's; the command then exits 1.
pub(crate) async fn run<F>(ctx: &Context, args: &BulkArgs, bulk: Bulk<'_, F>) -> anyhow::Result<Outcome>
where
    F: AsyncFn(Item) -> anyhow::Result<Value>,
{
    let silent = bulk.writes && ctx.requests.dry_run || ctx.requests.curl;
    if ctx.ui.writes_yaml() {
        let error =
            Error::new(Code::Usage, "many items are answered with many lines of JSON: --yaml does not fit");
        return Err(error.into());
    }
    let (header, items) = open(args.csv).await?;
    let taken = header.as_ref().map(bulk.taken).transpose()?;
    let table = (args.csv && bulk.counts.is_none() && !ctx.ui.has_form_of_lines())
        .then(|| Table::new(header.as_ref(), bulk.label, bulk.columns));
    let (done, failed, late) = (Cell::new(0_usize), Cell::new(0_usize), OnceCell::new());
    let summary = RefCell::new(Summary::default());
    // The lines themselves show how it goes where they are seen.
    let progress = match ctx.ui.is_to_terminal() && bulk.counts.is_none() {
        true => ctx.ui.no_progress(),
        false => ctx.ui.progress("0 done"),
    };
    if let Some(table) = table.as_ref().filter(|_| !silent) {
        ctx.ui.row(&table.header())?;
    }
    let answers = items
        .take_while(|_| ready(!late.initialized()))
        .map(|Incoming { input, item }| async {
            let result = match item {
                Ok(item) => (bulk.each)(chosen(item, taken)).await,
                Err(error) => Err((*error).into()),
            };
            let result = result.map_err(|error| Error::from_anyhow(&error));
            if let Err(error) = &result
                && error.code == Code::Deadline
            {
                // The items after it would end the same.
                let _ = late.set(error.clone());
            }
            (input, result)
        })
        .buffered(usize::from(args.concurrency));
    let mut answers = std::pin::pin!(answers);
    while let Some((input, result)) = answers.next().await {
        done.update(|done| done.saturating_add(1));
        let note = result.as_ref().err().filter(|error| (bulk.is_answer)(error)).map(|e| e.message.clone());
        let result = if note.is_some() { Ok(Value::Null) } else { result };
        if result.is_err() {
            failed.update(|failed| failed.saturating_add(1));
        }
        progress.message(&format!("{} done, {} failed", done.get(), failed.get()));
        if let Some(counts) = bulk.counts {
            summary.borrow_mut().add(&result, counts);
            continue;
        }
        // A dry run of what writes has no answers: its requests are printed at the end.
        if silent {
            continue;
        }
        let kept = answer(&input, &result, note.as_deref());
        // Written at once, so that `tail -f` or `jq --unbuffered` sees it now.
        let written = match &table {
            None if ctx.ui.is_for_people() => {
                ctx.ui.report_line(kept.clone(), |answer, report| people::answer(answer, &bulk, report))
            }
            None => ctx.ui.line(kept.clone()),
            Some(table) => {
                let error = result.as_ref().err().map(|error| error.message.as_str());
                let result = result.as_ref().map_or(Value::Null, bulk.flat);
                ctx.ui.row(&table.rows(&input, &result, note.as_deref(), error))
            }
        };
        if !written.map_err(|error| ctx.output_lost(error, kept))? {
            break;
        }
    }
    drop(progress);
    let truthy =
        ctx.ui.end_lines().map_err(|error| ctx.output_lost(error, ctx.ui.unwritten_lines().into()))?;
    let (done, failed) = (done.get(), failed.get());
    let counted_items = counted(done, "item") + &format!(", {failed} failed");
    let mut outcome = Outcome::read(json!(summary.into_inner().sorted())).summary(counted_items);
    outcome.printed = bulk.counts.is_none().then_some(truthy);
    if silent {
        outcome = Outcome { reads: !bulk.writes, printed: None, ..outcome };
    }
    if failed > 0 {
        let error = late.get().cloned().unwrap_or_else(|| {
            let error =
                Error::new(Code::CheckFailed, format!("{failed} of {} failed", counted(done, "item")));
            error.hint(match (&table, bulk.counts) {
                (_, Some(_)) => {
                    "`errors` counts them by their codes; without --summary each line has its own error"
                }
                (Some(_), _) => "the column `error` says why",
                (None, None) if ctx.ui.is_for_people() => "each line that begins with `failed` says why",
                (None, None) => "each line with \"ok\": false has its own error",
            })
        });
        outcome.ends_with = Some(error.details(json!({"items": done, "failed": failed})));
    }
    Ok(outcome)
}

/// What of an item the command gets.
fn chosen(item: Item, taken: Option<Taken>) -> Item {
    let Some(Taken::Column(at)) = taken else { return item };
    let value = item.value.as_object().and_then(|row| row.values().nth(at)).cloned().unwrap_or_default();
    Item { value, ..item }
}

/// The answers to all items of stdin in one document.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Summary {
    /// How many items there were
    items: usize,
    /// How many succeeded
    ok: usize,
    /// How many failed
    failed: usize,
    /// How many were offered each section, the most frequent one first
    #[schemars(with = "BTreeMap<String, usize>")]
    offers: IndexMap<String, usize>,
    /// How many succeeded without an offer
    no_offer: usize,
    /// How many failed with each code
    #[schemars(with = "BTreeMap<String, usize>")]
    errors: IndexMap<String, usize>,
}

impl Summary {
    fn add(&mut self, result: &Result<Value, Error>, counts: fn(&Value) -> Vec<String>) {
        let more = |count: &mut usize| *count = count.saturating_add(1);
        more(&mut self.items);
        let result = match result {
            Ok(result) => result,
            Err(error) => {
                more(&mut self.failed);
                return more(self.errors.entry(error.code.as_str().to_owned()).or_default());
            }
        };
        more(&mut self.ok);
        let found = counts(result);
        if found.is_empty() {
            more(&mut self.no_offer);
        }
        found.into_iter().for_each(|section| more(self.offers.entry(section).or_default()));
    }

    fn sorted(mut self) -> Self {
        let by_count =
            |a: &String, many: &usize, b: &String, other: &usize| other.cmp(many).then_with(|| a.cmp(b));
        self.offers.sort_by(by_count);
        self.errors.sort_by(by_count);
        self
    }
}

/// The schema of a summary.
pub(crate) const SUMMARY_OUTPUT: Output = Output::of::<Summary>(
    "bulk-summary",
    "Summary of many items",
    "One document in place of a line for each item of stdin: `pz-test - --summary`",
);

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
    /// The document; null when it failed, and where `note` says why there is none
    result: Value,
    /// Why there is no document although nothing failed; null otherwise
    note: Option<String>,
    error: Option<ErrorBody>,
}

/// The schema of a line.
pub(crate) const LINE_OUTPUT: Output =
    Output::of::<Line>("bulk", "Bulk result", "A line for each item of stdin, with `-`");

fn answer(input: &Value, result: &Result<Value, Error>, note: Option<&str>) -> Value {
    let error = result.as_ref().err();
    json!(Line {
        input: input.clone(),
        ok: error.is_none(),
        exit_code: error.map_or(0, |error| error.code.exit_code()),
        result: result.as_ref().cloned().unwrap_or_default(),
        note: note.map(str::to_owned),
        error: error.map(Error::body),
    })
}

/// The items of stdin as they come, and the header of a CSV file. They are read on a thread of their own, and
/// no further ahead than a few.
async fn open(csv: bool) -> Result<(Option<Header>, impl Stream<Item = Incoming>), Error> {
    let (sender, receiver) = mpsc::channel(64);
    let (found, header) = oneshot::channel();
    std::thread::spawn(move || {
        let send = |incoming| sender.blocking_send(incoming).is_ok();
        match csv {
            true => csv::read(io::stdin().lock(), |header| found.send(header).is_ok(), send),
            false if found.send(Ok(None)).is_ok() => lines::read(io::stdin().lock(), send),
            false => {}
        }
    });
    // The thread sends one, whatever it finds.
    let header = header.await.unwrap_or(Ok(None))?;
    let items =
        stream::unfold(
            receiver,
            |mut receiver| async move { receiver.recv().await.map(|item| (item, receiver)) },
        );
    Ok((header, items))
}
