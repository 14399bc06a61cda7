//! `tdx-rt journey-monitor`: do the deliveries of live journeys arrive?

mod document;
mod limits;
mod log;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::query::{Asked, BegunDocument, Query, QueryArgs, parse_since, platform_now};
use crate::input::{DocumentArgs, Step, parse_duration, pick};
use crate::outcome::Outcome;
use crate::platform::wire::RealtimeJourneyResource;
use crate::queries::{Marker, Window};
use crate::schema::Output;
use crate::steps::live::{Parts, lists};
use crate::steps::parent_segment::find;
use clap::Args;
use document::{Counting, LogTable, MonitorDocument, SHOWN};
use limits::LimitArgs;
use log::LogRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

const COMMAND: &str = "journey-monitor";
/// The shortest pause of `--watch`: each round is a query.
const SHORTEST_ROUND: Duration = Duration::from_secs(30);

/// Watch whether what live journeys send arrives
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt journey-monitor --ps 394649
  tdx-rt journey-monitor welcome --ps 394649 --since 24h --max-error-rate 10% --min-sample 20
  tdx-rt journey-monitor --ps 394649 --max-silence 1h || echo silent
  tdx-rt journey-monitor --ps 394649 --jq '.journeys[] | select(.failed > 0) | .name, .top_errors'
  tdx-rt journey-monitor --ps 394649 --watch 1m",
    after_help = "Reads the platform's own log of activations, with a query that its engine runs. Attempts arrive there within
about 3 minutes. An event that an activation sends counts once, whatever number of attempts it takes: the last
one decides. A limit is judged for each journey; drafts and paused ones are never silent. Silence is looked
for over the longer of --since and --max-silence.

Exit codes: 0 ok · 1 a limit is broken: `breaches` · 3 no such journey or parent segment · 5 the key may not
query · 8 the query took too long · 9 the query failed"
)]
pub struct JourneyMonitorArgs {
    /// Journeys, by name or id [default: all]
    #[arg(value_name = "JOURNEY")]
    journeys: Vec<String>,
    #[command(flatten)]
    document: DocumentArgs,
    /// How far back to count, such as 90m, 24h or 7d
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_since)]
    since: Duration,
    #[command(flatten)]
    limits: LimitArgs,
    /// Look again and again, with this pause: 30s or more
    #[arg(long, value_name = "DURATION", value_parser = round, conflicts_with_all = ["sql", "no_wait", "job"])]
    watch: Option<Duration>,
    #[command(flatten)]
    pub(crate) query: QueryArgs,
}

/// Reads the pause of `--watch`.
fn round(text: &str) -> Result<Duration, String> {
    match parse_duration(text)? {
        pause if pause < SHORTEST_ROUND => {
            Err(format!("'{text}' is too short: each round is a query; 30s is the least"))
        }
        pause => Ok(pause),
    }
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::either::<MonitorDocument, BegunDocument>(
    COMMAND,
    "Monitored journeys",
    "What journeys have sent in a window of time, and what became of it; with --no-wait the job of the query",
)
.rows("journeys")
.shown(SHOWN)];

/// What is asked, as the query itself says it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Question {
    /// Parent segment.
    ps: String,
    /// What is counted.
    window: Window,
    /// Since when silence is looked for, in seconds since the epoch.
    read_from: i64,
}

/// One look: a document, or what is printed in place of it.
enum Look {
    Seen(Box<MonitorDocument>),
    Instead(Box<Outcome>),
}

/// Runs the command.
pub async fn run(args: &JourneyMonitorArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let before = args.query.asked_before::<Question>(ctx, COMMAND).await?;
    let ps = match &before {
        Some(before) if args.document.ps.is_none() && args.document.file.is_none() => {
            find(ctx.client()?, &before.ps).await?.id
        }
        _ => Step::load(ctx, &args.document, |_| Ok(false)).await?.ps.id,
    };
    if let Some(before) = before.as_ref().filter(|before| before.ps != ps) {
        let message = format!("the job's query is about parent segment {}, and not {ps}", before.ps);
        return Err(Error::new(Code::Usage, message).hint("leave --ps out").into());
    }
    if let Some(pause) = args.watch {
        return watch(args, ctx, &ps, pause).await;
    }
    let document = match look(args, ctx, &ps, before).await? {
        Look::Seen(document) => document,
        Look::Instead(outcome) => return Ok(*outcome),
    };
    let outcome =
        Outcome::read(json!(document)).summary(document.summary()).report(document.report(ctx.ui.page()));
    Ok(outcome.judged(broken(&document)))
}

/// The error of broken limits; the document is the answer.
fn broken(document: &MonitorDocument) -> Option<Error> {
    let sentences: Vec<String> = document.breaches.iter().map(|breach| breach.sentence()).collect();
    (!sentences.is_empty()).then(|| {
        Error::new(Code::CheckFailed, sentences.join("\n"))
            .hint("`breaches` in the document has the values and limits")
    })
}

/// Looks again and again until it is ended, or nothing reads it any more.
async fn watch(
    args: &JourneyMonitorArgs,
    ctx: &Context,
    ps: &str,
    pause: Duration,
) -> anyhow::Result<Outcome> {
    loop {
        let seen = match look(args, ctx, ps, None).await {
            Ok(Look::Seen(document)) => Some(document),
            Ok(Look::Instead(outcome)) => return Ok(*outcome),
            // The next round may succeed.
            Err(error) if error.retryable => {
                ctx.ui.warn(&format!("{error}; looking again in {pause:?}"));
                None
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(document) = seen {
            let goes_on = match ctx.ui.is_for_people() {
                true => ctx.ui.refresh(document.report(ctx.ui.page()))?,
                false => ctx.ui.line(json!(document))?,
            };
            if !goes_on {
                return Ok(Outcome::printed());
            }
        }
        tokio::time::sleep(pause).await;
    }
}

async fn look(
    args: &JourneyMonitorArgs,
    ctx: &Context,
    ps: &str,
    before: Option<Question>,
) -> Result<Look, Error> {
    let live = lists(ctx.client()?, ps, Parts::JOURNEYS).await?;
    let wanted = wanted(&live.journeys, &args.journeys)?;
    let asked = match before {
        Some(before) => before,
        None => {
            let now = platform_now(ctx).await?;
            let window = Window::before(now, args.since);
            let longest = args.limits.max_silence.map_or(args.since, |silence| silence.max(args.since));
            Question { ps: ps.to_owned(), window, read_from: Window::before(now, longest).from }
        }
    };
    let read = Window { from: asked.read_from, to: asked.window.to };
    let known: Vec<&str> = live.activations.iter().map(|activation| activation.id.as_str()).collect();
    let database = log::database(ps);
    let query = Query {
        marker: Marker::new(COMMAND, &asked),
        database: database.clone(),
        sql: log::sql(asked.window, read, &known)?,
    };
    let mut counting = Counting::new(&live.journeys, |journey| live.activations_of(journey).collect());
    let mut row = |row| LogRow::read(row).map(|row| counting.add(&row));
    let (exists, job_id) = match args.query.ask(ctx, &query, &mut row).await? {
        Asked::Answered { job } => (true, Some(job)),
        Asked::Missing(failure) => (false, failure.job),
        Asked::Instead(outcome) => return Ok(Look::Instead(outcome)),
    };
    let log = LogTable { database, table: log::TABLE, exists, job_id };
    let document = counting.document((asked.window, ps, log), &wanted, &args.limits);
    Ok(Look::Seen(Box::new(document)))
}

/// The ids of the journeys that are named.
fn wanted(journeys: &[RealtimeJourneyResource], names: &[String]) -> Result<Vec<String>, Error> {
    let find = |name: &String| {
        let found =
            pick(journeys, name, "journey", |journey| &journey.attributes.name, |journey| Some(&journey.id));
        found.map(|journey| journey.id.clone())
    };
    names.iter().map(find).collect()
}
