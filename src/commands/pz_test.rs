//! `tdx-rt pz-test`: the verification checklist, then real calls.

use super::input::Step;
use super::rt_attrs::key_event;
use super::{DocumentArgs, Outcome, WaitArgs, parse_pair, wait};
use crate::api::{ApiError, EventAnswer};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::jq::Filter;
use crate::platform::wire::{Column, EventTable, RealtimeStatus};
use crate::steps::parent_segment::enabled_setting;
use crate::steps::schema::Schemas;
use crate::steps::verify::{Check, configuration};
use clap::Args;
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Verify the setup and call the personalization (step 10)
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  … | tdx-rt pz-create | tdx-rt pz-test --key td_client_id=u1 --field product_id=p42
  tdx-rt pz-test -f plan.yaml --key td_client_id=u1 --expect '.offers | has(\"Default\")'
  tdx-rt pz-test --ps 394649 --personalization web --trigger page_view --get --key td_client_id=u1

The event is really ingested: it counts. With --get nothing is ingested.")]
pub struct PzTestArgs {
    #[command(flatten)]
    document: DocumentArgs,
    /// Id of the visitor: a stitching key of the event
    #[arg(long = "key", value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    keys: Vec<(String, String)>,
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
    #[arg(long, value_name = "JQ")]
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
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// Runs the command.
pub async fn run(args: &PzTestArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let expectations = compile(&args.expect)?;
    let extra = extra_columns(args)?;
    let mut step = Step::load(ctx, &args.document, |_| Ok(false)).await?;
    let client = ctx.client()?;
    let ps = step.ps.id.clone();
    let mut setting = enabled_setting(client, &ps).await?;
    if setting.status == RealtimeStatus::Updating && args.wait.waits() {
        setting.status = wait(ctx, &ps, args.wait.options()).await?;
    }
    let wanted = target(args, &step);
    let verified = configuration(client, &ps, &setting, wanted.personalization.as_deref()).await?;
    let mut checks = verified.checks;
    let Some(personalization) = verified.personalization else {
        checks.push(Check::new("api", false, "not called: there is no personalization"));
        return Err(failed(&checks, &Value::Null, None));
    };
    if checks.iter().any(|check| !check.ok) {
        // An event counts, so none is sent on a setup that is known to be wrong.
        checks.push(Check::new("api", false, "not called: a check before it failed"));
        return Err(failed(&checks, &Value::Null, None));
    }
    let mut call = match args.get {
        true => Call::Get { id: personalization.id.clone(), query: query(args, &wanted) },
        false => event_call(args, ctx, &step, &wanted, extra).await?,
    };
    let answers = answers(ctx, &ps, &mut call, args.repeat).await?;
    if client.is_dry_run() && !args.get {
        return Ok(Outcome::new(Value::Null));
    }
    let (response, latencies) = match answers {
        Ok(found) => found,
        Err(error) => {
            checks.push(Check::new("api", false, error.to_string()));
            return Err(failed(&checks, &Value::Null, Some(&error)));
        }
    };
    checks.push(Check::new("api", true, describe(&response)));
    for (text, filter) in args.expect.iter().zip(&expectations) {
        checks.push(expectation(text, filter, &response)?);
    }
    if checks.iter().any(|check| !check.ok) {
        return Err(failed(&checks, &response, None));
    }
    step.note_setting(&setting);
    let summary = format!("{} checks ok; {}", checks.len(), describe(&response));
    step.document.root.insert("checks".into(), json!(checks));
    step.document.root.insert("request".into(), call.to_json(client, &ps));
    step.document.root.insert("response".into(), response);
    step.document.root.insert("latency_ms".into(), latency(&latencies));
    let document = step.finish(ctx)?;
    let outcome = if args.get { Outcome::read(document) } else { Outcome::new(document) };
    Ok(outcome.summary(summary))
}

/// What the flags or the document say to test.
struct Target {
    personalization: Option<String>,
    trigger: Option<String>,
    table: Option<EventTable>,
    service: Option<String>,
    token: Option<SecretString>,
}

fn target(args: &PzTestArgs, step: &Step) -> Target {
    let root = &step.document.root;
    let text = |pointer: &str| {
        let mut parts = pointer.split('/');
        let mut value = root.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        value.as_str().map(str::to_owned)
    };
    // Of several, the one that is asked for.
    let plans = &step.plan.personalizations;
    let named = args.personalization.as_ref();
    let plan = plans.iter().find(|plan| named.is_none_or(|name| plan.name == *name));
    let table = text("personalization/trigger/database").zip(text("personalization/trigger/table"));
    Target {
        personalization: args
            .personalization
            .clone()
            .or_else(|| text("personalization/id"))
            .or_else(|| plan.map(|plan| plan.name.clone())),
        trigger: args
            .trigger
            .clone()
            .or_else(|| text("personalization/trigger/event"))
            .or_else(|| plan.and_then(|plan| plan.trigger_event.clone())),
        table: table
            .filter(|_| args.trigger.is_none())
            .map(|(database, table)| EventTable { database, table }),
        service: text("service/id"),
        token: text("service/token").map(SecretString::from),
    }
}

enum Call {
    Event { table: EventTable, event: Map<String, Value>, token: SecretString },
    Get { id: String, query: Vec<(String, String)> },
}

impl Call {
    fn to_json(&self, client: &crate::api::Client, ps: &str) -> Value {
        match self {
            Call::Event { table, event, .. } => {
                json!({"method": "POST", "url": client.event_url(&table.database, &table.table), "event": event})
            }
            Call::Get { id, query } => json!({
                "method": "GET", "url": client.personalization_url(ps, id),
                "query": query.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect::<Map<_, _>>(),
            }),
        }
    }
}

fn query(args: &PzTestArgs, target: &Target) -> Vec<(String, String)> {
    let mut query: Vec<_> = args.keys.iter().chain(&args.fields).cloned().collect();
    query.extend(target.trigger.iter().map(|name| ("event_name".to_owned(), name.clone())));
    query
}

/// Builds the event from the trigger event's table: only columns that it has, in their types.
async fn event_call(
    args: &PzTestArgs,
    ctx: &Context,
    step: &Step,
    target: &Target,
    extra: Map<String, Value>,
) -> Result<Call, Error> {
    let client = ctx.client()?;
    let ps = &step.ps.id;
    if args.keys.is_empty() && extra.is_empty() {
        return Err(Error::new(Code::Usage, "an event needs the visitor's id")
            .hint("pass --key COLUMN=VALUE, for example --key td_client_id=u1"));
    }
    let table = match &target.table {
        Some(table) => table.clone(),
        None => {
            let Some(trigger) = &target.trigger else {
                return Err(Error::new(Code::Usage, "no trigger event is named")
                    .hint("pass --trigger EVENT, a plan with -f, or use --get"));
            };
            let events = client.key_events(ps).await?;
            let event = key_event(&events, trigger, "the test")?;
            EventTable { database: event.database_name.clone(), table: event.table_name.clone() }
        }
    };
    let schemas = Schemas::load(client, [&table]).await?;
    for name in extra.keys().filter(|name| !STAMPS.contains(&name.as_str())) {
        schemas.column(&table, name, "the event")?;
    }
    let mut event = extra;
    for (name, value) in args.keys.iter().chain(&args.fields) {
        let column = schemas.column(&table, name, "the event")?;
        event.insert(name.clone(), typed(column, value)?);
    }
    let token = token(args, ctx, step, target).await?;
    Ok(Call::Event { table, event, token })
}

fn typed(column: &Column, text: &str) -> Result<Value, Error> {
    if !column.is_number() {
        return Ok(text.into());
    }
    let number: Option<serde_json::Number> = serde_json::from_str(text).ok();
    number.map(Value::Number).ok_or_else(|| {
        Error::new(
            Code::Usage,
            format!("the column '{}' is a {}, and '{text}' is no number", column.name, column.kind),
        )
    })
}

/// From the flag, the document, the environment, or where `pz-create` kept it.
async fn token(
    args: &PzTestArgs,
    ctx: &Context,
    step: &Step,
    target: &Target,
) -> Result<SecretString, Error> {
    let settings = ctx.settings()?;
    // A document's token belongs to its service; the environment's may belong to any.
    let exported = || settings.token.as_ref().map(|token| token.value.clone());
    if let Some(token) = args.token.clone().or_else(|| target.token.clone()).or_else(exported) {
        return Ok(token);
    }
    let client = ctx.client()?;
    let ps = &step.ps.id;
    let services = match &target.service {
        Some(_) => Vec::new(),
        None => client.services(ps).await?,
    };
    let named =
        target.personalization.as_deref().or(step.plan.personalizations.first().map(|p| p.name.as_str()));
    let service = target.service.clone().or_else(|| {
        let fitting = services.iter().find(|service| Some(service.name.as_str()) == named);
        let only = if services.len() == 1 { services.first() } else { None };
        fitting.or(only).and_then(|service| service.id.clone())
    });
    let store = ctx.tokens()?;
    let host = client.base(crate::api::Host::Personalization);
    service.and_then(|service| store.find(host, ps, &service)).map(|kept| kept.value).ok_or_else(|| {
        Error::new(Code::Token, "there is no token for the personalization API")
            .hint("set TDX_RT_TOKEN (or pass --token); the platform shows a token only once, so `tdx-rt pz-create --new-token` makes another one; --get needs none")
    })
}

fn extra_columns(args: &PzTestArgs) -> Result<Map<String, Value>, Error> {
    let Some(text) = &args.event_json else { return Ok(Map::new()) };
    serde_json::from_str(text)
        .map_err(|error| Error::new(Code::Usage, format!("--event-json is not a JSON object: {error}")))
}

type Answers = Result<(Value, Vec<Duration>), ApiError>;

/// Calls; the last answer counts. Failures of key, token or network are errors of their own; any
/// other answer is a failed check.
async fn answers(ctx: &Context, ps: &str, call: &mut Call, repeat: u32) -> Result<Answers, Error> {
    let client = ctx.client()?;
    let mut latencies = Vec::new();
    let mut last = Value::Null;
    // The first event may bring its own time and uuid; a repeat needs others.
    let given = match call {
        Call::Event { event, .. } => event.clone(),
        Call::Get { .. } => Map::new(),
    };
    for index in 0..repeat {
        let answer: Result<EventAnswer, ApiError> = match call {
            Call::Get { id, query } => client.personalization(ps, id, query).await,
            Call::Event { table, event, token } => {
                *event = stamped(given.clone(), index);
                client.send_event(&table.database, &table.table, event.clone(), token.clone()).await
            }
        };
        match answer {
            Ok(answer) => {
                latencies.push(answer.elapsed);
                last = answer.body;
            }
            Err(error) => {
                let as_error = Error::from(error.clone());
                return match as_error.code {
                    Code::NotFound | Code::Rejected => Ok(Err(error)),
                    _ => Err(as_error),
                };
            }
        }
    }
    Ok(Ok((last, latencies)))
}

/// What every event has, whatever its table lists.
const STAMPS: [&str; 2] = ["time", "uuid"];

/// Every event needs `time` (seconds) and a `uuid` of its own.
fn stamped(mut event: Map<String, Value>, index: u32) -> Map<String, Value> {
    if index > 0 {
        event.shift_remove("uuid");
    }
    event.entry("time").or_insert_with(|| jiff::Timestamp::now().as_second().into());
    event.entry("uuid").or_insert_with(|| uuid::Uuid::new_v4().to_string().into());
    event
}

fn compile(texts: &[String]) -> Result<Vec<Filter>, Error> {
    texts
        .iter()
        .map(|text| {
            Filter::compile(text, &[]).map_err(|error| {
                Error::new(Code::Jq, format!("the --expect filter '{text}' is not valid: {error}"))
            })
        })
        .collect()
}

fn expectation(text: &str, filter: &Filter, response: &Value) -> Result<Check, Error> {
    let mut outputs = Vec::new();
    let ran = filter.run(response.clone(), &mut |value| outputs.push(value));
    let holds = !outputs.is_empty() && outputs.iter().all(|v| !matches!(v, Value::Null | Value::Bool(false)));
    let detail = match (ran, holds) {
        (Err(error), _) => return Ok(Check::new("expect", false, format!("{text}: {error}"))),
        (Ok(()), true) => format!("{text} holds"),
        (Ok(()), false) => {
            let found: Vec<_> = outputs.iter().map(ToString::to_string).collect();
            format!("{text} gave {}", if found.is_empty() { "nothing".to_owned() } else { found.join(", ") })
        }
    };
    Ok(Check::new("expect", holds, detail))
}

fn describe(response: &Value) -> String {
    match response.get("offers").and_then(Value::as_object) {
        Some(offers) if offers.is_empty() => "the API responds; no section matched".to_owned(),
        Some(offers) => {
            format!("the API responds with offers: {}", offers.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        None => "the API responds".to_owned(),
    }
}

/// Milliseconds with three decimals.
fn latency(latencies: &[Duration]) -> Value {
    let mut sorted: Vec<f64> = latencies.iter().map(|d| (d.as_secs_f64() * 1e6).round() / 1e3).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
        sorted.get(index).copied()
    };
    json!({"count": sorted.len(), "min": at(0.0), "p50": at(0.5), "p95": at(0.95), "max": at(1.0)})
}

fn failed(checks: &[Check], response: &Value, cause: Option<&ApiError>) -> anyhow::Error {
    let lines: Vec<_> =
        checks.iter().filter(|check| !check.ok).map(|c| format!("{}: {}", c.name, c.detail)).collect();
    let mut error = Error::new(Code::CheckFailed, format!("verification failed: {}", lines.join("; ")))
        .hint("review the setup step of the failed check; `tdx-rt apply -f plan.yaml` does all of them")
        .details(json!({"checks": checks, "response": response}));
    error.http_status = cause.and_then(|cause| cause.status);
    error.into()
}
