//! `tdx-rt journey-create`: journeys with their activations, and the launch.

mod manage;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::set::{SetArgs, Target};
use crate::input::{DocumentArgs, ListArgs, WaitArgs, given, parse_pair, unreadable};
use crate::outcome::Outcome;
use crate::plan::{Document, Plan};
use crate::schema::Output;
use crate::steps::desired::PlanOptions;
use crate::writing::{DeleteArgs, Deleted, Part, StepArgs, journey_lines};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

/// Create and launch real-time journeys (triggers)
///
/// A journey begins when a key event happens, and its steps call what is outside: webhooks and other
/// connections.
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt journey-create [OPTIONS]\n       tdx-rt journey-create <COMMAND>",
    before_help = "Examples:
  tdx-rt journey-create -f journeys.yaml --jq '.journeys[] | [.name, .state]'
  tdx-rt journey-create --ps 394649 --name hello --trigger page_view --webhook http://127.0.0.1:9/
  tdx-rt journey-create list --ps 394649
  tdx-rt journey-create pause welcome --ps 394649
  tdx-rt journey-create delete welcome --ps 394649",
    after_help = "A launch waits until the RT status is ok. What runs is fixed from then on; what activations send
can still change."
)]
pub struct JourneyCreateArgs {
    #[command(subcommand)]
    action: Option<ItemCommand>,
    #[command(flatten)]
    document: DocumentArgs,
    /// Name of the one journey that the flags describe
    #[arg(long, value_name = "JOURNEY")]
    name: Option<String>,
    /// Key event that starts it
    #[arg(long, value_name = "EVENT", requires = "name")]
    trigger: Option<String>,
    /// Which of its events count, as SQL-like text on columns
    #[arg(long = "where", value_name = "CRITERIA", requires = "trigger")]
    filter: Option<String>,
    /// Which profiles enter, as SQL-like text on attributes
    #[arg(long, value_name = "CRITERIA", requires = "trigger")]
    criteria: Option<String>,
    /// Whether a profile can enter again: never, until_goal or always
    #[arg(long, value_name = "WHEN", requires = "name", value_parser = ["never", "until_goal", "always"])]
    reentry: Option<String>,
    /// Key event that ends it as a success
    #[arg(long, value_name = "EVENT", requires = "name")]
    goal: Option<String>,
    /// Wait so long before the webhook is sent, such as 1h
    #[arg(long, value_name = "DURATION", requires = "webhook")]
    after: Option<String>,
    /// Send a request there
    #[arg(long, value_name = "URL", requires = "name")]
    webhook: Option<String>,
    /// Method of the webhook
    #[arg(long, value_name = "METHOD", requires = "webhook")]
    method: Option<String>,
    /// Header of the webhook
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = parse_pair, requires = "webhook")]
    headers: Vec<(String, String)>,
    /// Body of the webhook: JSON with {{placeholders}}, or @FILE
    #[arg(long, value_name = "JSON", requires = "webhook")]
    body: Option<String>,
    /// How often the webhook is tried again
    #[arg(long, value_name = "N", requires = "webhook")]
    webhook_retries: Option<u64>,
    /// Connection of the webhook, by id or name [default: one for its host]
    #[arg(long, value_name = "CONNECTION", requires = "webhook")]
    connection: Option<String>,
    /// Launch it
    #[arg(long, requires = "name")]
    launch: bool,
    /// Folder for new journeys, by id or name [default: the parent segment's first]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

#[derive(Debug, Clone, Subcommand)]
enum ItemCommand {
    /// List the journeys
    #[command(before_help = "Examples:
  tdx-rt journey-create list --ps 394649
  tdx-rt journey-create list --ps 394649 --jq '.[] | select(.state == \"launched\").name'")]
    List(ListArgs),
    /// Delete a journey with its activations, by name or id; all profiles in it leave
    #[command(before_help = "Examples:
  tdx-rt journey-create delete welcome --ps 394649")]
    Delete {
        /// Journey
        #[arg(value_name = "JOURNEY")]
        name: String,
        #[command(flatten)]
        to: DeleteArgs,
    },
    /// Pause a launched journey: no profile enters, and waits are held
    #[command(before_help = "Examples:
  tdx-rt journey-create pause welcome --ps 394649")]
    Pause(manage::OneArgs),
    /// Let a paused journey go on
    #[command(before_help = "Examples:
  tdx-rt journey-create resume onboarding --ps 394649")]
    Resume(manage::OneArgs),
    /// Launch a draft, by name or id, once the RT status is ok
    #[command(before_help = "Examples:
  tdx-rt journey-create launch draft --ps 394649 --jq .state")]
    Launch(manage::OneArgs),
}

const fn journey_state(name: &'static str) -> Output {
    Output::of::<manage::JourneyDocument>(
        name,
        "A journey's state",
        "A journey that was launched, paused or resumed",
    )
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::file("journey-create", include_str!("../../schema/journey-create.json")).writes().passes_on(),
    Output::list::<manage::JourneyRow>("journey-create list", "Journeys", "The journeys that are live")
        .shown(&["name", "id", "state", "paused"]),
    Output::of::<Deleted>("journey-create delete", "Deleted", "A journey that was deleted"),
    journey_state("journey-create pause"),
    journey_state("journey-create resume"),
    journey_state("journey-create launch"),
];

/// Runs the command.
pub async fn run(args: &JourneyCreateArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match &args.action {
        Some(ItemCommand::List(args)) => manage::list(args, ctx).await,
        Some(ItemCommand::Delete { name, to }) => manage::delete(ctx, name, to).await,
        Some(ItemCommand::Pause(one)) => manage::run(ctx, one, manage::Run::Pause).await,
        Some(ItemCommand::Resume(one)) => manage::run(ctx, one, manage::Run::Resume).await,
        Some(ItemCommand::Launch(one)) => manage::run(ctx, one, manage::Run::Launch).await,
        None => {
            let hint = "describe it with --name, --trigger and --webhook, or pass a plan with `journeys`";
            let step = StepArgs {
                options: PlanOptions { folder: args.folder.clone(), new_token: false },
                ..StepArgs::new(&args.document, args.wait.waiting(), ("there is no journey to create", hint))
            };
            let summary = |plan: &Plan, written: &_| journey_lines(&plan.journeys, written);
            step.run(ctx, Part::Journeys, |root| add_flags(args, root), summary).await
        }
    }
}

fn add_flags(args: &JourneyCreateArgs, root: &mut Map<String, Value>) -> Result<bool, Error> {
    let Some(name) = &args.name else {
        args.set.put("--name", Vec::new())?;
        return Ok(false);
    };
    let mut steps = Vec::new();
    if let Some(after) = &args.after {
        steps.push(json!({ "wait": after }));
    }
    if let Some(url) = &args.webhook {
        steps.push(webhook(args, url)?);
    }
    let mut journey = given(json!({
        "name": name, "trigger_event": args.trigger, "where": args.filter, "criteria": args.criteria,
        "reentry": args.reentry, "goal": args.goal, "steps": (!steps.is_empty()).then_some(steps),
        "state": args.launch.then_some("launched"),
    }));
    args.set.put("--name", vec![Target { path: "journeys", prefix: "", items: vec![&mut journey] }])?;
    root.insert("journeys".into(), json!([journey]));
    Ok(true)
}

fn webhook(args: &JourneyCreateArgs, url: &str) -> Result<Value, Error> {
    let headers = args.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    let headers: Map<String, Value> = headers.collect();
    let headers = (!headers.is_empty()).then_some(headers);
    let mut step =
        given(json!({"activate": "webhook", "url": url, "method": args.method, "headers": headers}));
    if let Some(body) = &args.body {
        step.insert("body".into(), read_body(body)?);
    }
    step.extend(given(json!({"retries": args.webhook_retries, "connection": args.connection})));
    Ok(step.into())
}

/// JSON, or a file of it.
fn read_body(text: &str) -> Result<Value, Error> {
    let (text, origin) = match text.strip_prefix('@') {
        None => (text.to_owned(), "--body".to_owned()),
        Some(file) => {
            (std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?, file.to_owned())
        }
    };
    let body: Value = serde_json::from_str(&text).map_err(|error| {
        Error::new(Code::Usage, format!("{origin} is not JSON: {error}"))
            .hint("a string needs quotes of its own: --body '\"text\"'")
    })?;
    let written = Document::parse(&format!("{{\"body\": {text}}}"), &origin);
    match written.ok().and_then(|document| document.as_written("body")) {
        Some(other) if other != body => {
            Err(Error::new(Code::Usage, format!("{origin}: a number in it would arrive in other characters"))
                .hint("write it in quotes, or as JSON prints it, such as 9.9 for 9.90"))
        }
        _ => Ok(body),
    }
}
