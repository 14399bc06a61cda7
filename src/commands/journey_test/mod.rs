//! `tdx-rt journey-test`: an event, and what a journey does with it.

mod observe;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::event_clock::{EventClock, find_sandbox};
use crate::input::remote::Remote;
use crate::input::{DocumentArgs, Step, WaitArgs, event_columns, parse_pair, pick, signed_seconds, wait};
use crate::outcome::Outcome;
use crate::plan::Configuration;
use crate::platform::controls::{PathEntry, SentActivation};
use crate::platform::wire::{EventTable, RealtimeJourneyResource, RealtimeJourneyState, RealtimeStatus};
use crate::schema::Output;
use crate::steps::foresight::{Foresight, Preview, Scene, foresee};
use crate::steps::live::{Live, Parts, TableSchemas};
use crate::steps::verify::Check;
use crate::ui::Report;
use crate::ui::shown::PLAIN;
use clap::Args;
use serde_json::{Map, Value, json};

/// Really ingest a test event, and show what a journey does with it
///
/// Whether the journey starts, which steps run and what they send is foreseen: by a sandbox with all that it
/// knows of the profile, else from the configuration, the event and --attribute. A sandbox also says what
/// it has done, and what was delivered.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt journey-test welcome --ps 394649 --key td_client_id=u1 --jq .journey_test.starts
  tdx-rt journey-test welcome --ps 394649 --key td_client_id=u1 --dry-run  # sends nothing
  tdx-rt journey-test welcome --ps 394649 --key td_client_id=u1 --no-send --attribute tier=Gold
  tdx-rt journey-test welcome --ps 394649 --key td_client_id=u1 --advance 2h",
    after_help = "The event is really ingested: it counts. With --no-send nothing is, and the journey may be a draft.

Values in the preview of what is sent: columns of the event, single attributes that the event sets,
event_name, event_time and event_properties; of a sandbox every attribute and stitching key, at the time at
which the step runs; of the platform other attributes as --attribute says them. A placeholder without a value
stays, and `unknown` names it.

Exit codes: 0 ok · 1 the journey does not start or a delivery failed: the document says which"
)]
pub struct JourneyTestArgs {
    /// Journey, by name or id [default: the document's]
    #[arg(value_name = "JOURNEY")]
    journey: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Id of the visitor: a stitching key of the event
    #[arg(long = "key", value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    keys: Vec<(String, String)>,
    /// Another column of the event
    #[arg(long = "field", value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    fields: Vec<(String, String)>,
    /// The event, or more of its columns, as a JSON object
    #[arg(long, value_name = "JSON")]
    event_json: Option<String>,
    /// Value of an attribute, to foresee with: for another profile than the sandbox's, or one that the
    /// platform alone knows
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = parse_pair)]
    attributes: Vec<(String, String)>,
    /// Foresee only
    #[arg(long)]
    no_send: bool,
    /// Let a sandbox's clock go on so far afterwards, so that waits end: such as 90m or 7d
    #[arg(long, value_name = "DURATION", value_parser = ahead, conflicts_with = "no_send")]
    advance: Option<f64>,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// Seconds that the clock goes on.
fn ahead(text: &str) -> Result<f64, String> {
    match signed_seconds(text)? {
        seconds if seconds < 0.0 => Err(format!("'{text}' would move the clock back, and waits end ahead")),
        seconds => Ok(seconds),
    }
}

/// What the command prints.
pub const OUTPUTS: &[Output] =
    &[Output::file("journey-test", include_str!("../../schema/journey-test.json"))
        .with::<(SentActivation, PathEntry)>()
        .passes_on()];

/// Runs the command.
pub async fn run(args: &JourneyTestArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    if args.keys.is_empty() && args.event_json.is_none() {
        return Err(Error::new(Code::Usage, "an event needs the visitor's id")
            .hint("pass --key COLUMN=VALUE, for example --key td_client_id=u1")
            .into());
    }
    let mut step = Step::load(ctx, &args.document, |_| Ok(false)).await?;
    let client = ctx.client()?;
    let ps = step.ps.id.clone();
    let parts = Parts::EVENTS | Parts::ATTRIBUTES | Parts::JOURNEYS;
    let Live { mut status, state: live, .. } = Live::read(client, &ps, parts).await?;
    let waits = args.wait.waiting().options().filter(|_| !args.no_send);
    if let (RealtimeStatus::Updating, Some(options)) = (status, waits) {
        status = wait(ctx, &ps, options).await?;
    }
    let journey = find(args, &step, &live)?;
    let activations: Vec<_> = live.activations_of(&journey.id).cloned().collect();
    let given: Map<String, Value> =
        args.attributes.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    let empty = Map::new();
    let scene = |event, known| Scene {
        journey: &journey.attributes,
        activations: &activations,
        events: &live.events,
        attributes: &live.attributes,
        keys: &live.setting.key_columns,
        event,
        given: &given,
        known,
    };
    let site = ctx.settings()?.site.value;
    let named = json!({
        "id": journey.id, "name": journey.attributes.name, "state": journey.state(),
        "paused": journey.is_paused(), "console_url": site.journey_console_url(&ps, &journey.id),
    });
    let Some(trigger) = scene(&empty, &empty).trigger() else {
        let detail =
            format!("no key event starts '{}' yet; give it a trigger_event", journey.attributes.name);
        let checks = [Check::new("trigger", false, detail)];
        let test = json!({
            "journey": named, "starts": false, "checks": checks,
            "foreseen": [], "request": null, "observed": null,
        });
        step.note_setting(&live.setting, status);
        return finish(args, ctx, step, test, Some(false), &checks);
    };
    let table = trigger.event_table();
    let remote = sandbox(args, ctx).await?;
    let clock = EventClock::read(ctx, remote.as_ref()).await?;
    let event = event(args, ctx, &table, clock).await?;
    let preview = match &remote {
        Some(remote) => observe::preview(remote, &journey.id, &table, &event).await?,
        None => None,
    };
    let known = preview.as_ref().map(Preview::values).unwrap_or_default();
    let mut foresight = foresee(&scene(&event, &known));
    // The values of --attribute describe another profile than the sandbox's.
    if let Some(preview) = preview.filter(|_| given.is_empty()) {
        preview.settle(&mut foresight);
    }
    let Foresight { checks: foreseen, mut starts, steps } = foresight;
    let mut checks = standing(journey, status, args.no_send);
    let ready = checks.iter().all(|check| check.ok);
    checks.extend(foreseen);
    if !ready {
        starts = Some(false);
    }
    step.note_setting(&live.setting, status);
    let mut observed = Value::Null;
    // A profile's attributes may be known to the sandbox alone: it may start although it seems not to.
    if !args.no_send && ready {
        client.ingest_event(&table.database, &table.table, &event).await.map_err(Error::from)?;
        if let Some(remote) = remote.filter(|_| !client.is_dry_run()) {
            let seen = observe::observe(&remote, args, &ps, journey, &event, &mut checks).await?;
            starts = Some(seen.started);
            observed = seen.document;
        }
    }
    let test = json!({
        "journey": named,
        "starts": starts,
        "checks": checks,
        "foreseen": steps,
        "request": {"method": "POST", "url": client.ingest_url(&table.database, &table.table), "event": event},
        "observed": observed,
    });
    finish(args, ctx, step, test, starts, &checks)
}

fn finish(
    args: &JourneyTestArgs,
    ctx: &Context,
    mut step: Step,
    test: Value,
    starts: Option<bool>,
    checks: &[Check],
) -> anyhow::Result<Outcome> {
    let failed = Check::failures(checks);
    let error = (!failed.is_empty() && !ctx.client()?.is_dry_run()).then(|| {
        Error::new(Code::CheckFailed, format!("the test failed: {failed}"))
            .hint("the document that was printed has all checks, and what would have run")
    });
    let summary = match starts {
        Some(true) => "the journey starts",
        Some(false) => "the journey does not start",
        None => "whether the journey starts depends on what is not known here",
    };
    let report = report(ctx, &test, summary);
    step.document.root.insert("journey_test".into(), test);
    let document = step.finish(ctx)?;
    let outcome = if args.no_send { Outcome::read(document) } else { Outcome::new(document) };
    Ok(outcome.summary(summary).report(report).judged(error))
}

/// The checks, then what would run and what was seen, for people.
fn report(ctx: &Context, test: &Value, summary: &str) -> Report {
    let report = Report::new(ctx.ui.page()).rows(test.get("checks"), &["name", "ok", "detail"]);
    let parts = ["foreseen", "observed"].into_iter().filter_map(|part| Some((part, test.get(part)?)));
    let parts = parts.filter(|(_, value)| !value.is_null());
    let report = parts.fold(report, |report, (title, value)| report.title(title).document(value));
    report.blank().line(PLAIN, summary)
}

/// The journey that is named; else the document's only one, else the only one that there is.
fn find<'a>(
    args: &JourneyTestArgs,
    step: &Step,
    live: &'a Configuration,
) -> Result<&'a RealtimeJourneyResource, Error> {
    let planned = match step.plan.journeys.as_slice() {
        [one] => Some(one.name.clone()),
        _ => None,
    };
    match (args.journey.clone().or(planned), live.journeys.as_slice()) {
        (Some(name), journeys) => pick(journeys, &name, "journey", |j| &j.attributes.name, |j| Some(&j.id)),
        (None, [one]) => Ok(one),
        (None, journeys) => {
            let names: Vec<&str> = journeys.iter().map(|journey| journey.attributes.name.as_str()).collect();
            let error = Error::new(Code::Usage, "no journey is named");
            Err(match names.is_empty() {
                true => error.hint("there is no journey; `tdx-rt journey-create` makes one"),
                false => error.hint(format!("name one of: {}", names.join(", "))),
            })
        }
    }
}

/// Whether anything can start at all. What is only foreseen is foreseen as if it could.
fn standing(journey: &RealtimeJourneyResource, status: RealtimeStatus, no_send: bool) -> Vec<Check> {
    if no_send {
        let journey_says = match (journey.state(), journey.is_paused()) {
            (RealtimeJourneyState::Draft, _) => "it is a draft; foreseen as if it were launched",
            (RealtimeJourneyState::Launched, true) => "it is paused; foreseen as if it went on",
            (RealtimeJourneyState::Launched, false) => "it is launched",
        };
        let says = format!("status is '{status}'");
        return vec![Check::new("rt_status", true, says), Check::new("journey", true, journey_says)];
    }
    let state_check = match (journey.state(), journey.is_paused()) {
        (RealtimeJourneyState::Draft, _) => Check::new("journey", false, "it is a draft; launch it first"),
        (RealtimeJourneyState::Launched, true) => {
            Check::new("journey", false, "it is paused; resume it first")
        }
        (RealtimeJourneyState::Launched, false) => Check::new("journey", true, "it is launched"),
    };
    vec![Check::new("rt_status", status == RealtimeStatus::Ok, format!("status is '{status}'")), state_check]
}

/// A value as JSON where it is JSON, else as a string.
fn plain(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The event: columns that the table has, with time and uuid.
async fn event(
    args: &JourneyTestArgs,
    ctx: &Context,
    table: &EventTable,
    clock: EventClock,
) -> Result<Map<String, Value>, Error> {
    let schemas = TableSchemas::load(ctx.client()?, [table]).await?;
    let mut event = event_columns(args.event_json.as_ref())?;
    schemas.check_event(table, event.keys())?;
    for (name, text) in args.keys.iter().chain(&args.fields) {
        event.insert(name.clone(), schemas.value(table, name, text)?);
    }
    clock.stamp(&mut event);
    Ok(event)
}

/// The sandbox that the command line speaks to; `None` for the platform.
async fn sandbox(args: &JourneyTestArgs, ctx: &Context) -> Result<Option<Remote>, Error> {
    let found = find_sandbox(ctx).await?;
    if found.is_none() && args.advance.is_some() {
        return Err(Error::new(Code::Usage, "--advance moves the clock of a sandbox, and this is none")
            .hint("nothing was sent"));
    }
    Ok(found)
}
