//! `tdx-rt pz-test`: the verification checklist, then real calls.

mod call;
mod checks;
mod many;
mod token;
mod why;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::bulk::csv::Header;
use crate::input::bulk::{self, Bulk, BulkArgs, Item};
use crate::input::event_clock::{EventClock, find_sandbox};
use crate::input::{DocumentArgs, Step, WaitArgs, event_columns, parse_pair, wait};
use crate::jq::Filter;
use crate::outcome::Outcome;
use crate::plan::nearest;
use crate::platform::wire::{KeyColumn, RealtimeStatus};
use crate::schema::Output;
use crate::steps::parent_segment::{enabled_setting, report_of};
use crate::steps::verify::{Check, configuration};
use crate::ui::Report;
use crate::ui::shown::{DIM, PLAIN};
use call::{Calls, answers, target};
use checks::{compile, describe, expectation, failed, latency};
use clap::Args;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::path::PathBuf;
use why::Scene;

/// Check the setup, then really ingest a test event and show its offers (step 10)
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt pz-create -f plan.yaml | tdx-rt pz-test --key td_client_id=u1 --field product_id=p42
  tdx-rt pz-test -f plan.yaml --key td_client_id=u1 --expect '.offers | has(\"Default\")'
  tdx-rt pz-test --ps 394649 --personalization web --trigger page_view --get --key td_client_id=u1
  tdx-rt pz-test - -f plan.yaml --key td_client_id < ids.txt | jq 'select(.ok | not)'
  tdx-rt pz-test - -f plan.yaml --csv < visitors.csv > offers.csv
  tdx-rt pz-test - -f plan.yaml --csv --summary < visitors.csv",
    after_help = "The event is really ingested: it counts. With --get nothing is ingested."
)]
pub struct PzTestArgs {
    /// `-` reads many events from stdin, one a line: JSON objects with columns, or ids for --key COLUMN
    #[arg(value_name = "-", value_parser = ["-"], hide_possible_values = true)]
    items: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    bulk: BulkArgs,
    /// Print one document for all items: how many were offered each section, and how many failed
    #[arg(long, requires = "items", conflicts_with = "get")]
    summary: bool,
    /// Id of the visitor: a stitching key of the event (without a value: that of each line of stdin)
    #[arg(long = "key", value_name = "COLUMN=VALUE", value_parser = parse_key)]
    keys: Vec<(String, Option<String>)>,
    /// Another column of the event
    #[arg(long = "field", value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    fields: Vec<(String, String)>,
    /// The event, or more of its columns, as a JSON object
    #[arg(long, value_name = "JSON", conflicts_with = "get")]
    event_json: Option<String>,
    /// Ask in the form of the published workflow instead of sending an event
    #[arg(long)]
    get: bool,
    /// jq expression on the response that must be true
    #[arg(long, value_name = "JQ", allow_hyphen_values = true)]
    expect: Vec<String>,
    /// Call this often and report the latency
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeat: u32,
    /// Personalization, by id or name
    #[arg(long, value_name = "NAME")]
    personalization: Option<String>,
    /// Key event whose table takes the event
    #[arg(long, value_name = "EVENT")]
    trigger: Option<String>,
    /// Token of the service (better: TDX_RT_TOKEN, which no process list shows)
    #[arg(long, value_name = "TOKEN")]
    token: Option<SecretString>,
    /// File of --token-file of pz-create or apply, to find the token in
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[Output::file("pz-test", include_str!("../../schema/pz-test.json")).passes_on()];

/// Runs the command.
pub async fn run(args: &PzTestArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let expectations = compile(&args.expect)?;
    args.check()?;
    ctx.keep_tokens_in(args.token_file.as_deref());
    let mut step = Step::load(ctx, &args.document, |_| Ok(false)).await?;
    let client = ctx.client()?;
    let ps = step.ps.id.clone();
    let mut setting = enabled_setting(client, &ps).await?;
    if let (RealtimeStatus::Updating, Some(options)) = (setting.status, args.wait.waiting().options()) {
        setting.status = wait(ctx, &ps, options).await?;
    }
    let wanted = target(args, &step);
    let verified = configuration(client, &ps, &setting, wanted.personalization.as_deref()).await?;
    step.note_live(&report_of(&step.ps, Some(&setting), &verified.events, &verified.attributes));
    let mut checks = verified.checks;
    let Some(personalization) = verified.personalization else {
        checks.push(Check::new("api", false, "not called: there is no personalization"));
        return finish(args, ctx, step, Value::Null, Answered::only(checks));
    };
    if checks.iter().any(|check| !check.ok) {
        // An event counts, so none is sent on a setup that is known to be wrong.
        checks.push(Check::new("api", false, "not called: a check before it failed"));
        return finish(args, ctx, step, Value::Null, Answered::only(checks));
    }
    let calls = Calls::prepare(args, ctx, &step, &wanted, &personalization.id).await?;
    stitching_keys(args, &setting.attributes.key_columns)?;
    let scene = Scene {
        ps: &ps,
        personalization: &personalization,
        events: &verified.events,
        attributes: &verified.attributes,
        keys: &setting.attributes.key_columns,
    };
    let clock = match args.get {
        true => None,
        false => Some(EventClock::read(ctx, find_sandbox(ctx).await?.as_ref()).await?),
    };
    let test = Test { args, ctx, ps: &ps, expectations: &expectations, scene, clock };
    if args.items.is_some() {
        let taken = |header: &Header| many::check(args, &calls, &setting.attributes.key_columns, header);
        let bulk = Bulk {
            writes: !args.get,
            taken: &taken,
            columns: &many::COLUMNS.map(str::to_owned),
            shown: &many::SHOWN,
            flat: many::flat,
            label: Value::clone,
            is_answer: |_| false,
            counts: args.summary.then_some(many::sections),
            each: async |item: Item| test.item(&calls, &item).await,
        };
        return bulk::run(ctx, &args.bulk, bulk).await;
    }
    let mut call = calls.plain();
    let Some(answered) = test.call(&mut call, checks).await? else {
        return Ok(Outcome::new(Value::Null));
    };
    finish(args, ctx, step, call.to_json(client, &ps), answered)
}

fn finish(
    args: &PzTestArgs,
    ctx: &Context,
    mut step: Step,
    request: Value,
    answered: Answered,
) -> anyhow::Result<Outcome> {
    let failure = answered.failure();
    let Answered { response, latency, checks, no_offer, .. } = answered;
    let ok = checks.iter().filter(|check| check.ok).count();
    let mut summary = match failure {
        Some(_) => format!("{ok} of {} checks ok", checks.len()),
        None => format!("{ok} checks ok; {}", describe(&response)),
    };
    for line in no_offer.iter().flat_map(|sections| why::lines(sections)) {
        summary.push_str(&format!("\n{line}"));
    }
    step.document.root.insert("checks".into(), json!(checks));
    step.document.root.insert("request".into(), request);
    step.document.root.insert("response".into(), response);
    step.document.root.insert("latency_ms".into(), latency);
    step.document.root.shift_remove("no_offer");
    step.document.root.extend(no_offer.map(|sections| ("no_offer".to_owned(), json!(sections))));
    let document = step.finish(ctx)?;
    let report = report(ctx, &document, &summary);
    let outcome = if args.get { Outcome::read(document) } else { Outcome::new(document) };
    Ok(outcome.summary(summary).report(report).judged(failure))
}

/// The checks, then the offers, for people.
fn report(ctx: &Context, document: &Value, summary: &str) -> Report {
    let report = Report::new(ctx.ui.page()).rows(document.get("checks"), &["name", "ok", "detail"]);
    let response = document.get("response").unwrap_or(&Value::Null);
    let offers = response.get("offers").unwrap_or(response).as_object().into_iter().flatten();
    let report = offers.fold(report, |report, (section, offer)| {
        let parts = ["attributes", "batch_segments"].into_iter().filter_map(|part| offer.get(part));
        parts.fold(report.title(section), Report::document)
    });
    let token = document.get("request").and_then(|request| request.get("token"));
    let text = |key| token.and_then(|token| token.get(key)).and_then(Value::as_str);
    let used = text("from").map(|from| match text("id") {
        Some(id) => format!("called with the token {id}"),
        None => format!("called with the token from {from}"),
    });
    let report = used.into_iter().fold(report.blank(), |report, used| report.line(DIM, &used));
    report.line(PLAIN, summary)
}

/// What every call of a run shares.
struct Test<'a> {
    args: &'a PzTestArgs,
    ctx: &'a Context,
    ps: &'a str,
    expectations: &'a [Filter],
    scene: Scene<'a>,
    /// What events without a time get; `None` where none is sent.
    clock: Option<EventClock>,
}

/// The checks, and what a call was answered.
struct Answered {
    response: Value,
    latency: Value,
    checks: Vec<Check>,
    /// Why each section gave none, where there is no offer.
    no_offer: Option<Vec<Value>>,
    /// Status of the answer that refused the call.
    refused: Option<u16>,
}

impl Answered {
    /// Checks without an answer.
    fn only(checks: Vec<Check>) -> Self {
        Answered { response: Value::Null, latency: Value::Null, checks, no_offer: None, refused: None }
    }

    /// What the command ends with where a check failed.
    fn failure(&self) -> Option<Error> {
        failed(&self.checks).map(|error| Error { http_status: self.refused, ..error })
    }
}

impl Test<'_> {
    /// Calls and checks; `None` in a dry run, which only notes what would be sent.
    async fn call(&self, call: &mut call::Call, mut checks: Vec<Check>) -> anyhow::Result<Option<Answered>> {
        let answers = answers(self.ctx, self.ps, call, self.args.repeat, self.clock).await?;
        if self.ctx.client()?.is_dry_run() && !self.args.get {
            return Ok(None);
        }
        let (response, latencies) = match answers {
            Ok(found) => found,
            Err(error) => {
                checks.push(Check::new("api", false, error.to_string()));
                return Ok(Some(Answered { refused: error.status, ..Answered::only(checks) }));
            }
        };
        checks.push(Check::new("api", true, describe(&response)));
        for (text, filter) in self.args.expect.iter().zip(self.expectations) {
            checks.push(expectation(text, filter, &response)?);
        }
        let no_offer = match why::is_empty(&response) {
            true => Some(self.scene.sections(self.ctx, call).await),
            false => None,
        };
        Ok(Some(Answered { response, latency: latency(&latencies), checks, no_offer, refused: None }))
    }

    /// One line of stdin.
    async fn item(&self, calls: &Calls, item: &Item) -> anyhow::Result<Value> {
        let mut call = many::call(self.args, calls, self.scene.keys, item)?;
        let Some(answered) = self.call(&mut call, Vec::new()).await? else { return Ok(Value::Null) };
        let failure = answered.failure();
        let Answered { response, latency, checks, no_offer, .. } = answered;
        let request = call.to_json(self.ctx.client()?, self.ps);
        let mut answer =
            json!({"request": request, "response": response, "latency_ms": latency, "checks": checks});
        if let (Some(sections), Some(map)) = (no_offer, answer.as_object_mut()) {
            map.insert("no_offer".into(), json!(sections));
        }
        match failure {
            Some(failure) => Err(failure.details(answer).into()),
            None => Ok(answer),
        }
    }
}

impl PzTestArgs {
    /// What can be wrong before the first request.
    fn check(&self) -> Result<(), Error> {
        let columns = event_columns(self.event_json.as_ref())?;
        if self.items.is_some() {
            if self.document.ps.is_none()
                && self.document.file.as_deref().is_none_or(|file| file == bulk::STDIN)
            {
                return Err(Error::new(
                    Code::Usage,
                    "stdin has the items, so the document must come from elsewhere",
                )
                .hint("pass --ps, or -f FILE"));
            }
            return Ok(());
        }
        if let Some(column) = self.key_of_items() {
            return Err(Error::new(Code::Usage, format!("--key {column} has no value")).hint(format!(
                "write --key {column}=VALUE; without one, `pz-test -` takes it from each line of stdin"
            )));
        }
        if !self.get && self.keys.is_empty() && columns.is_empty() {
            return Err(Error::new(Code::Usage, "an event needs the visitor's id")
                .hint("pass --key COLUMN=VALUE, for example --key td_client_id=u1"));
        }
        Ok(())
    }

    /// The keys that have a value.
    fn values(&self) -> impl Iterator<Item = (String, String)> {
        self.keys.iter().filter_map(|(column, value)| Some((column.clone(), value.clone()?)))
    }

    /// The column that each line of stdin is the value of.
    fn key_of_items(&self) -> Option<&str> {
        self.keys.iter().find(|(_, value)| value.is_none()).map(|(column, _)| column.as_str())
    }
}

/// An error for a `--key` that is no stitching key: it would find no profile, and the event would count for
/// a visitor that does not exist.
fn stitching_keys(args: &PzTestArgs, keys: &[KeyColumn]) -> Result<(), Error> {
    let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
    let Some((wrong, _)) = args.keys.iter().find(|(column, _)| !names.contains(&column.as_str())) else {
        return Ok(());
    };
    let error = Error::new(
        Code::Usage,
        format!("--key {wrong}: '{wrong}' is no stitching key of the parent segment"),
    );
    Err(match (nearest(wrong, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => {
            error.hint(format!("did you mean '{near}'? Any other column is given with --field"))
        }
        (None, true) => error.hint("it has none; `tdx-rt rt-keys` configures them"),
        (None, false) => {
            error.hint(format!("there are: {}; any other column is given with --field", names.join(", ")))
        }
    })
}

/// `COLUMN=VALUE`, or `COLUMN` alone.
fn parse_key(text: &str) -> Result<(String, Option<String>), String> {
    match text.contains('=') {
        true => parse_pair(text).map(|(column, value)| (column, Some(value))),
        false if text.trim().is_empty() => Err("it names no column".to_owned()),
        false => Ok((text.trim().to_owned(), None)),
    }
}
