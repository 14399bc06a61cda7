//! `tdx-rt validate`: plans and request bodies, checked without a key and without a network; with
//! `--live`, plans against the account too.

mod format;
mod placed;
mod sarif;
mod shown;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::write_atomically;
use crate::input::{read_file, read_stdin_bytes, stdin_is_piped};
use crate::outcome::{Outcome, Text};
use crate::plan::fix::{FixChange, fix};
use crate::plan::{Document, Finding, MAX_BYTES, MAX_FINDINGS, Plan, Report, Severity, counted, validate};
use crate::schema::Output;
use crate::steps::live_check::{Looked, SETTLED, check as check_live, look};
use crate::ui::shown::{PLAIN, Shown};
use crate::writing::OwnArgs;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum as _};
use format::{Format, written};
use placed::Root;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use shown::lines;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Check plans offline, or with --live against the account
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt validate plan.yaml
  tdx-rt validate --live plan.yaml             # against the account as well
  tdx-rt validate --fix entity.json
  tdx-rt validate --strict plan.yaml
  tdx-rt validate --format github plans/*.yaml     # at the lines of a pull request
  tdx-rt validate plans/*.yaml --jq '.findings[] | \"\\(.file):\\(.line): \\(.code): \\(.message)\"'
  tdx-rt discover --use-case web --database web_events --ps 394649 | tdx-rt validate",
    after_help = "It reads plans, streams of several YAML documents, the older service templates, and the JSON bodies of
personalization entities, attributes, key events and the real-time setting. Without --live it needs no key
and no network. With it, plans are also checked against their parent segment: tables, columns, stitching
keys, attributes, batch attributes and segments, limits, and what the platform cannot change. It only reads.
The document is {valid, errors, warnings, findings: [{code, severity, path, pointer, file, line, column,
message, fix}]}; it is printed also when there are errors. In the other formats, files are named from the
root of the repository (the nearest folder with .git), and a finding's fingerprint stays the same when its
line moves.

Exit codes: 0 no errors · 2 errors, or with --strict warnings"
)]
pub struct ValidateArgs {
    /// What to check (YAML or JSON; `-` for stdin, which is also read when it is a pipe)
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// The same, as other commands have it
    #[arg(short, long = "file", value_name = "FILE")]
    file: Vec<String>,
    /// Warnings are errors
    #[arg(long)]
    strict: bool,
    /// Rewrite the files: correct what needs no decision, and leave the rest byte for byte
    #[arg(long)]
    fix: bool,
    /// Check plans against what is live too; needs a key and a network, and only reads
    #[arg(long)]
    live: bool,
    /// Parent segment for --live, by id or name [default: the plan's, else the setting's]
    #[arg(long, value_name = "PS", requires = "live")]
    ps: Option<String>,
    /// What to write
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_default_value = true)]
    format: Format,
    /// How many findings are listed; all are counted
    #[arg(long, value_name = "N", default_value_t = MAX_FINDINGS)]
    max_findings: usize,
}

impl ValidateArgs {
    /// The format that is asked for, when it is not the document.
    pub fn text_format(&self) -> Option<PossibleValue> {
        Some(self.format).filter(|format| *format != Format::Json)?.to_possible_value()
    }
}

/// Origin of what comes through stdin.
const STDIN: &str = "stdin";
/// How stdin is named among files.
const STDIN_FILE: &str = "-";

/// A file's content before and after.
struct Checked {
    file: String,
    text: String,
    report: Report,
    changes: Vec<FixChange>,
}

/// What is wrong with plans, or may be.
#[derive(Serialize, JsonSchema)]
struct Findings {
    /// Whether there are no errors
    valid: bool,
    /// How many
    errors: usize,
    /// How many
    warnings: usize,
    findings: Vec<ListedFinding>,
    /// How many findings are not listed; only where there are more than --max-findings
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    not_shown: Option<usize>,
    /// What was mended; only with --fix
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<Vec<FixedFinding>>,
    /// Only with --fix and --dry-run: nothing was written
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("const" = true))]
    dry_run: Option<bool>,
}

/// A finding.
#[derive(Serialize, JsonSchema)]
struct ListedFinding {
    /// Stable name of the check, such as unknown-column
    code: &'static str,
    severity: Severity,
    /// Where it stands, for people, such as attributes[1].type; null for input that cannot be read
    path: Option<String>,
    /// The same as a JSON pointer, such as /attributes/1/type
    pointer: Option<String>,
    /// File, or stdin
    file: String,
    /// Line, from 1
    #[schemars(range(min = 1))]
    line: Option<usize>,
    /// Column in characters, from 1
    #[schemars(range(min = 1))]
    column: Option<usize>,
    /// What is wrong
    message: String,
    /// What to do about it
    fix: Option<String>,
}

/// A finding that --fix corrected.
#[derive(Serialize, JsonSchema)]
struct FixedFinding {
    file: String,
    /// Stable name of the check
    code: &'static str,
    /// Where, for people
    path: String,
    /// Line, from 1
    #[schemars(range(min = 1))]
    line: Option<usize>,
    /// What was written
    change: String,
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[Output::of::<Findings>("validate", "Findings", "What is wrong with plans, or may be").rows("findings")];

/// Runs the command.
pub async fn run(args: &ValidateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let sources = sources(args)?;
    // All are read before any is changed.
    let mut texts = Vec::with_capacity(sources.len());
    for file in sources {
        let bytes = if file == STDIN_FILE { read_stdin_bytes().await? } else { read_file(&file)? };
        texts.push((if file == STDIN_FILE { STDIN.to_owned() } else { file }, bytes));
    }
    let mut all: Vec<Checked> = texts.into_iter().map(|(file, bytes)| check(file, bytes, args.fix)).collect();
    for Checked { report, .. } in &mut all {
        let findings = report.document.as_ref().map(|document| ctx.guard(document)).unwrap_or_default();
        report.add_placed(findings);
    }
    if args.live {
        // Before any file is changed, so that a lost connection leaves them as they are.
        for checked in &mut all {
            add_live(ctx, &mut checked.report, args.ps.as_deref()).await?;
        }
    }
    if !ctx.requests.dry_run {
        for checked in all.iter().filter(|checked| !checked.changes.is_empty()) {
            write_atomically(Path::new(&checked.file), checked.text.as_bytes())?;
            ctx.changes().fetch_add(1, Ordering::Relaxed);
        }
    }
    for finding in all.iter_mut().flat_map(|checked| &mut checked.report.findings) {
        *finding = finding.clone().reworded(|text| ctx.ui.hidden(text));
        if args.strict {
            finding.severity = Severity::Error;
        }
    }
    let outcome = outcome(&all, args, ctx);
    if let Some(text) =
        written(args.format, &all, args.max_findings, &Root::of(ctx.env.current_dir.as_deref()))
    {
        return Ok(Outcome { text: Some(Text::new(text.as_str(), true)), ..outcome });
    }
    if ctx.ui.is_for_people() {
        let colours = ctx.ui.colours_stdout();
        let lines = lines(&all, args.max_findings, colours).into_iter();
        return Ok(outcome.text(lines.fold(Shown::new(colours), |all, line| all.and(line).with(PLAIN, "\n"))));
    }
    if ctx.ui.is_watched() {
        lines(&all, args.max_findings, ctx.ui.colours_stderr())
            .into_iter()
            .for_each(|line| ctx.ui.status(line));
    }
    Ok(outcome)
}

fn sources(args: &ValidateArgs) -> Result<Vec<String>, Error> {
    if let (true, Some(format)) = (args.fix, args.text_format()) {
        let message = format!("--format {} has no place for what --fix changes", format.get_name());
        return Err(Error::new(Code::Usage, message).hint("run `tdx-rt validate --fix` by itself first"));
    }
    let mut files: Vec<String> = args.files.iter().chain(&args.file).cloned().collect();
    if files.is_empty() {
        if !stdin_is_piped() {
            return Err(Error::new(Code::Usage, "there is nothing to check")
                .hint("name files, or pipe a plan into this command: tdx-rt validate plan.yaml"));
        }
        files.push(STDIN_FILE.to_owned());
    }
    let stdin = files.iter().filter(|file| *file == STDIN_FILE).count();
    if stdin > 1 {
        return Err(Error::new(Code::Usage, "stdin can be read once only"));
    }
    if args.fix && stdin > 0 {
        let message = "--fix rewrites files, and stdin is none; stdout has the findings";
        return Err(
            Error::new(Code::Usage, message).hint("save it to a file first: tdx-rt validate --fix FILE")
        );
    }
    if args.fix
        && let Some(other) = files.iter().find(|file| Path::new(file).exists() && !Path::new(file).is_file())
    {
        return Err(Error::new(Code::Usage, format!("--fix rewrites files, and {other} is none")));
    }
    Ok(files)
}

fn check(file: String, bytes: Vec<u8>, corrects: bool) -> Checked {
    let too_large = bytes.len() > MAX_BYTES;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // What is cut off at the limit may end within a character.
        Err(error) if too_large => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        Err(error) => return no_text(file, error.as_bytes(), error.utf8_error().valid_up_to()),
    };
    if corrects {
        let fixed = fix(&text, &file);
        return Checked { file, text: fixed.text, report: fixed.report, changes: fixed.changes };
    }
    let report = validate(&text, &file);
    Checked { file, text, report, changes: Vec::new() }
}

/// Bytes that are not UTF-8.
fn no_text(file: String, bytes: &[u8], good: usize) -> Checked {
    let before = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default()).into_owned();
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    let finding = Finding::new("bad-syntax", Severity::Error, "", "this is not UTF-8 text")
        .with_position(Some((line, column)))
        .with_fix(Some("save the file as UTF-8".into()));
    let report = Report { document: None, plan: None, findings: vec![finding] };
    Checked { file, text: before, report, changes: Vec::new() }
}

/// Adds what is wrong with a plan in this account. What is no plan is checked offline only.
async fn add_live(ctx: &Context, report: &mut Report, ps: Option<&str>) -> Result<(), Error> {
    let (Some(document), Some(plan)) = (&report.document, &report.plan) else { return Ok(()) };
    let Some((wanted, at)) = parent_segment(ctx, document, plan, ps)? else { return Ok(()) };
    match look(ctx.client()?, plan, &wanted, at).await? {
        Looked::Wrong(finding) => report.add(vec![finding]),
        Looked::Live(live) => {
            let mut findings = check_live(document, plan, &live);
            let own = OwnArgs::default();
            findings.extend(own.renamed_elsewhere(ctx, &document.origin, plan, &live)?);
            report.settle(&SETTLED);
            report.add(findings);
        }
    }
    Ok(())
}

/// The parent segment of a plan, and where the document names it. `None` where it names one that
/// could not be read: that is an offline finding.
fn parent_segment(
    ctx: &Context,
    document: &Document,
    plan: &Plan,
    ps: Option<&str>,
) -> Result<Option<(String, Option<&'static str>)>, Error> {
    if let Some(ps) = ps {
        return Ok(Some((ps.to_owned(), None)));
    }
    let has = |pointer: &str| document.value(pointer).is_some_and(|value| !value.is_null());
    let at = ["/parent_segment_id", "/parent_segment_name", "/parent_segment"].into_iter().find(|at| has(at));
    if let Some(wanted) = plan.parent_segment_id.as_ref().or(plan.parent_segment_name.as_ref()) {
        // What is read may not be the first of them.
        let named = if plan.parent_segment_id.is_none() { Some("/parent_segment_name") } else { at };
        return Ok(Some((wanted.clone(), named)));
    }
    if at.is_some_and(|at| at != "/parent_segment") {
        return Ok(None);
    }
    match &ctx.settings()?.parent_segment {
        Some(setting) => Ok(Some((setting.value.clone(), None))),
        None => Err(Error::new(Code::Usage, "no parent segment is named")
            .hint("pass --ps ID or NAME, or say parent_segment_id in the plan")),
    }
}

fn outcome(all: &[Checked], args: &ValidateArgs, ctx: &Context) -> Outcome {
    let dry_run = ctx.requests.dry_run;
    let findings: Vec<ListedFinding> = all
        .iter()
        .flat_map(|checked| checked.report.findings.iter().map(|finding| listed(finding, &checked.file)))
        .take(args.max_findings)
        .collect();
    let errors: usize = all.iter().map(|checked| count(checked, Severity::Error)).sum();
    let warnings: usize = all.iter().map(|checked| count(checked, Severity::Warning)).sum();
    let not_shown = errors.saturating_add(warnings).saturating_sub(findings.len());
    let fixed = args.fix.then(|| {
        let one = |(file, change): (&String, &FixChange)| FixedFinding {
            file: file.clone(),
            code: change.code,
            path: change.path.clone(),
            line: change.line,
            change: change.change.clone(),
        };
        let all = all.iter().flat_map(|checked| checked.changes.iter().map(|change| (&checked.file, change)));
        all.map(one).collect()
    });
    let document = Findings {
        valid: errors == 0,
        errors,
        warnings,
        findings,
        not_shown: (not_shown > 0).then_some(not_shown),
        fixed,
        dry_run: (args.fix && dry_run).then_some(true),
    };
    let tallies: Vec<String> = all.iter().filter(|one| !one.report.findings.is_empty()).map(tally).collect();
    let mut message = tallies.join("; ");
    if not_shown > 0 {
        message.push_str(&format!("; {not_shown} of them are not listed: --max-findings lists more"));
    }
    let outcome = Outcome::read(json!(document));
    if errors > 0 {
        let place = ctx.ui.output_file().map(|file| file.display().to_string());
        let place = place.unwrap_or_else(|| "the document that was printed".to_owned());
        let error = Error::new(Code::InvalidPlan, message).hint(format!("the findings are in {place}"));
        return outcome.judged(Some(error));
    }
    outcome.summary(if message.is_empty() { "nothing is wrong".to_owned() } else { message })
}

fn count(checked: &Checked, severity: Severity) -> usize {
    checked.report.findings.iter().filter(|finding| finding.severity == severity).count()
}

/// `plan.yaml: 2 errors, 1 warning`
fn tally(checked: &Checked) -> String {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")];
    let counts = counts.map(|(severity, what)| (count(checked, severity), what));
    let found = counts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = found.map(|(count, what)| counted(count, what)).collect();
    format!("{}: {}", checked.file, parts.join(", "))
}

/// A finding as programs read it: every key, always. The excerpt is for people alone.
fn listed(finding: &Finding, file: &str) -> ListedFinding {
    // A document that cannot be read has no tree to point into.
    let has_tree = !matches!(finding.code, "bad-syntax" | "duplicate-key" | "too-large");
    let place = |text: &str| has_tree.then(|| text.to_owned());
    ListedFinding {
        code: finding.code,
        severity: finding.severity,
        path: place(&finding.path),
        pointer: place(&finding.pointer),
        file: file.to_owned(),
        line: finding.line,
        column: finding.column,
        message: first_line(&finding.message).to_owned(),
        fix: finding.fix.clone(),
    }
}

/// A message without the excerpt behind it.
fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
