//! `tdx-rt explain`: what a code means, why it occurs and what to do.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::explain::{Entry, Kind, entries};
use crate::outcome::Outcome;
use crate::plan::nearest;
use crate::schema::Output;
use crate::ui::Report;
use crate::ui::shown::{BOLD, PLAIN};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// Explain an error code, a finding or an exit code
///
/// Every error and every finding has a stable code. This says what it means, why it occurs, what to do
/// about it, and commands that help; of findings also a plan that has it and one that has not.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt explain not-found
  tdx-rt explain unreachable-section
  tdx-rt explain 6                             # the errors that end with exit code 6
  tdx-rt explain 8 auth                        # these errors, and one more, explained
  tdx-rt explain --jq '.[] | [.code, .meaning] | @tsv'",
    after_help = "A word that is both an error and a finding is the error, with the finding in `also`. Several codes are a list.
JSON in a pipe, text on a terminal.

Exit codes: 0 explained · 3 there is no such code"
)]
pub struct ExplainArgs {
    /// Codes of errors or findings, or an exit code; without one, all of them
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::of::<Explained>(
    "explain",
    "Explanation",
    "A code explained; of several codes a list; without a code, or for an exit code, a list of codes",
)
.shown(&["code", "exit_code", "meaning"])];

/// Runs the command.
pub async fn run(args: &ExplainArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let all = entries();
    let codes: Vec<&str> = args.codes.iter().map(|code| code.trim()).collect();
    if codes.is_empty() {
        return Ok(list(&all.iter().collect::<Vec<_>>()));
    }
    if let [code] = codes.as_slice()
        && let Ok(number) = code.parse::<u8>()
    {
        let ending: Vec<&Entry> = all.iter().filter(|entry| entry.exit_code == Some(number)).collect();
        return match ending.is_empty() {
            true => Err(no_exit_code(number).into()),
            false => Ok(list(&ending)),
        };
    }
    let (found, wrong): (Vec<_>, Vec<_>) =
        codes.iter().map(|code| explained(code, &all)).partition(Result::is_ok);
    together(wrong.into_iter().filter_map(Result::err).collect())?;
    let found: Vec<ExplainedOne<'_>> = found.into_iter().flatten().flatten().collect();
    let entries = found.iter().flat_map(|one| std::iter::once(one.entry).chain(one.also));
    let report = entries.fold(Report::new(ctx.ui.page()), |report, entry| readable(entry, report));
    let document = match found.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    Ok(Outcome::read(document).report(report))
}

/// The one of a word, or all errors that end with an exit code.
fn explained<'e>(code: &str, all: &'e [Entry]) -> Result<Vec<ExplainedOne<'e>>, Error> {
    let named = |code: &str| {
        let mut found = all.iter().filter(|entry| entry.code.eq_ignore_ascii_case(code));
        Some(ExplainedOne { entry: found.next()?, also: found.next() })
    };
    let Ok(number) = code.parse::<u8>() else {
        return Ok(vec![named(code).ok_or_else(|| unknown(code, all))?]);
    };
    let ending = all.iter().filter(|entry| entry.exit_code == Some(number));
    let ending: Vec<_> = ending.filter_map(|entry| named(entry.code)).collect();
    if ending.is_empty() { Err(no_exit_code(number)) } else { Ok(ending) }
}

/// All that is wrong at once.
fn together(wrong: Vec<Error>) -> Result<(), Error> {
    let Some(first) = wrong.first() else { return Ok(()) };
    let messages: Vec<&str> = wrong.iter().map(|error| error.message.as_str()).collect();
    let mut hints: Vec<&str> = wrong.iter().filter_map(|error| error.hint.as_deref()).collect();
    hints.dedup();
    Err(Error::new(first.code, messages.join("; ")).hint(hints.join("\n")))
}

/// A code explained.
#[derive(Serialize, JsonSchema)]
struct ExplainedOne<'e> {
    #[serde(flatten)]
    entry: &'e Entry,
    /// The finding of the same word, where this is an error; null where there is none
    also: Option<&'e Entry>,
}

/// A code in the list.
#[derive(Serialize, JsonSchema)]
struct ExplainedCode {
    /// The stable word
    code: &'static str,
    /// What carries it
    kind: Kind,
    /// Of an error; null for a finding
    exit_code: Option<u8>,
    meaning: &'static str,
}

/// A code explained; of several a list; without a code, or for an exit code, a list of codes.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the schema")]
enum Explained {
    One(ExplainedOne<'static>),
    Several(Vec<ExplainedOne<'static>>),
    Listed(Vec<ExplainedCode>),
}

fn list(entries: &[&Entry]) -> Outcome {
    let short = |entry: &&Entry| ExplainedCode {
        code: entry.code,
        kind: entry.kind,
        exit_code: entry.exit_code,
        meaning: entry.meaning,
    };
    let document = entries.iter().map(short).collect::<Vec<_>>();
    Outcome::read(json!(document))
}

fn readable(entry: &Entry, report: Report) -> Report {
    let kind = match entry.exit_code {
        Some(code) => format!("error, exit code {code}"),
        None => "finding".to_owned(),
    };
    let mut report = report
        .blank()
        .item((BOLD, entry.code), &format!("({kind}): {}", entry.meaning))
        .title("Why")
        .line(PLAIN, &format!("  {}", entry.cause))
        .title("What to do")
        .line(PLAIN, &format!("  {}", entry.what_to_do));
    if !entry.order.is_empty() {
        report = report.title("Looked for in this order").verbatim(entry.order.iter().copied());
    }
    if let Some(example) = entry.example {
        for (title, plan) in [("With it", example.bad), ("Without it", example.good)] {
            report = report.title(title).verbatim(plan.lines());
        }
    }
    report.title("Commands that help").verbatim(entry.commands.iter().copied())
}

fn unknown(code: &str, all: &[Entry]) -> Error {
    let error = Error::new(Code::NotFound, format!("there is no code '{code}'"));
    error.hint(match nearest(code, all.iter().map(|entry| entry.code)) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "`tdx-rt explain` lists all codes".to_owned(),
    })
}

/// Exit codes that no error has are explained here.
fn no_exit_code(number: u8) -> Error {
    let message = format!("no error ends with exit code {number}");
    Error::new(Code::NotFound, message).hint(match number {
        0 => "it says that all went well",
        10 => "`diff --exit-code` ends with it when there are changes",
        _ => "`tdx-rt man exit-codes` lists the exit codes; a command of `sandbox -- CMD` has its own",
    })
}
