//! `tdx-rt sandbox`: the offline platform; a command run against a fresh one; and the controls of
//! one that is running.

mod activations;
mod bound;
mod child;
mod control;
mod expectation;
mod faults;
mod inbox;
mod requests;
mod seeded;
mod serve;
mod shell;
mod snapshots;
mod stop;

use crate::context::Context;
use crate::error::Error;
use crate::input::remote::Remote;
use crate::outcome::Outcome;
use crate::sandbox::answers::{
    Activations, ArmedFault, Arrived, Cleared, FaultRules, Health, InboxAnswers, PaceSettings, Profiles,
    Requests, SavedSnapshots, Statuses, Time, Waiting,
};
use crate::sandbox::durable::snapshots::Snapshot;
use crate::schema::Output;
use crate::ui::Report;
use crate::ui::shown::PLAIN;
use activations::ActivationsArgs;
use clap::{Args, Subcommand};
use control::{ClockArgs, HealthArgs, PaceArgs, ProfileArgs, SettleArgs, StatusArgs};
use faults::FaultsArgs;
use inbox::InboxArgs;
use requests::RequestsArgs;
use serde_json::{Map, Value};
use serve::{Ready, ServeArgs};
use snapshots::{ResetArgs, SnapshotArgs};

pub use bound::run as run_bound;

/// Run the offline sandbox of the platform, or a command against a fresh one
///
/// The subcommands control a sandbox that is running: the one of --endpoint or TDX_RT_ENDPOINT, which
/// is set for every command behind --. They send no API key.
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "tdx-rt sandbox [OPTIONS] [-- CMD...]\n       tdx-rt sandbox <COMMAND>",
    before_help = "Examples:
  tdx-rt sandbox -- bash                       # a shell with everything set
  tdx-rt sandbox -- sh examples/quickstart.sh
  tdx-rt sandbox                               # serve until Ctrl-C; prints url and api_key
  tdx-rt sandbox --seed-from plan.yaml -- tdx-rt apply plan.yaml
  tdx-rt sandbox --clock 2026-01-02T03:04:05Z --seed 7 -- sh test.sh
  tdx-rt sandbox --fault '{\"kind\":\"status\",\"status\":429,\"count\":2}' -- sh test.sh
  tdx-rt sandbox clock advance 24h
  tdx-rt sandbox requests --method POST,PATCH --expect 0",
    after_help = "The command finds TDX_RT_ENDPOINT and TDX_API_KEY set, and this program first on its PATH.
At a terminal the prompt of bash, zsh and fish begins with (sandbox); exit or Ctrl-D ends both.
When the process that started the sandbox goes away, the sandbox goes too, and its command with it;
--detached lets it stay.

Exit codes: that of the command · 0 when the server was stopped · 3 the command cannot be run"
)]
pub struct SandboxArgs {
    #[command(flatten)]
    serve: ServeArgs,
    #[command(subcommand)]
    control: Option<Control>,
}

/// The controls of a running sandbox.
#[derive(Debug, Clone, Subcommand)]
enum Control {
    Health(HealthArgs),
    Clock(ClockArgs),
    Settle(SettleArgs),
    Status(StatusArgs),
    Pace(PaceArgs),
    Faults(FaultsArgs),
    Requests(RequestsArgs),
    Inbox(InboxArgs),
    Activations(ActivationsArgs),
    Profile(ProfileArgs),
    Snapshot(SnapshotArgs),
    Reset(ResetArgs),
}

/// What the command ended with.
#[derive(Debug)]
pub enum Ended {
    /// The server was stopped.
    Served,
    /// The command's own exit code.
    Command(u8),
}

impl SandboxArgs {
    /// Whether a sandbox is to be started, rather than a running one controlled.
    pub fn starts(&self) -> bool {
        self.control.is_none()
    }
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::of::<Ready>(
        "sandbox",
        "Sandbox",
        "What a sandbox prints when it is ready; with a command, the command's own output stands in its place",
    ),
    health("sandbox health"),
    clock("sandbox clock"),
    clock("sandbox clock set"),
    clock("sandbox clock advance"),
    statuses("sandbox settle"),
    statuses("sandbox status"),
    Output::of::<PaceSettings>("sandbox pace", "Paces", "How long runs of parent segments and jobs take"),
    fault_rules("sandbox faults"),
    fault_rule("sandbox faults add"),
    fault_rule("sandbox faults remove"),
    fault_rules("sandbox faults clear"),
    Output::of::<Requests>("sandbox requests", "Requests", "The requests that the sandbox was sent")
        .rows("requests")
        .shown(&["id", "method", "path", "status", "fault", "refusals"]),
    cleared("sandbox requests clear"),
    Output::of::<Arrived>(
        "sandbox inbox",
        "Inbox",
        "The webhooks that arrived in the sandbox's own receiver",
    )
    .rows("received")
    .shown(&["id", "inbox", "method", "status", "body"]),
    Output::of::<InboxAnswers>(
        "sandbox inbox answer",
        "Answers of an inbox",
        "How the next webhooks are answered",
    ),
    cleared("sandbox inbox clear"),
    Output::of::<Activations>("sandbox activations", "Activations", "What journeys have sent and will send")
        .rows("activations")
        .shown(&["at", "journey_name", "activation_name", "profile", "state", "reason"]),
    Output::of::<Waiting>(
        "sandbox activations clear",
        "Cleared",
        "The finished activations were removed from the list",
    ),
    Output::of::<Profiles>(
        "sandbox profile",
        "Profile",
        "A profile with its ids, values and journeys; without keys, the number of profiles",
    )
    .shown(&["column", "value", "last_seen", "name", "type"]),
    snapshots("sandbox snapshot"),
    snapshots("sandbox snapshot list"),
    Output::of::<Snapshot>("sandbox snapshot save", "Snapshot", "The snapshot that was saved"),
    health("sandbox snapshot restore"),
    snapshots("sandbox snapshot delete"),
    health("sandbox reset"),
];

const fn health(name: &'static str) -> Output {
    Output::of::<Health>(name, "Health", "What the sandbox is")
}

const fn clock(name: &'static str) -> Output {
    Output::of::<Time>(name, "Clock", "The sandbox's clock")
}

const fn statuses(name: &'static str) -> Output {
    Output::of::<Statuses>(name, "Statuses", "How changes settle, and the status of parent segments")
}

const fn fault_rules(name: &'static str) -> Output {
    Output::of::<FaultRules>(name, "Fault rules", "The rules that can still hit").rows("faults")
}

const fn fault_rule(name: &'static str) -> Output {
    Output::of::<ArmedFault>(name, "Fault rule", "The rule that was added or removed")
}

const fn cleared(name: &'static str) -> Output {
    Output::of::<Cleared>(name, "Cleared", "The list is empty")
}

const fn snapshots(name: &'static str) -> Output {
    Output::of::<SavedSnapshots>(name, "Snapshots", "The existing snapshots").rows("snapshots")
}

/// Starts a sandbox; with a command, runs it and returns what it ended with.
pub async fn start(args: &SandboxArgs, ctx: &Context) -> anyhow::Result<Ended> {
    serve::run(&args.serve, ctx).await
}

/// Controls a running sandbox.
pub async fn run(args: &SandboxArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    // Waits for a sandbox, so there need not be one yet.
    if let Some(Control::Health(args)) = &args.control {
        return control::health(args, ctx).await;
    }
    let remote = Remote::find(ctx).await?;
    let (document, error) = match &args.control {
        Some(Control::Requests(args)) => requests::run(args, &remote).await?,
        Some(Control::Activations(args)) => activations::run(args, &remote).await?,
        Some(Control::Inbox(args)) => inbox::run(args, &remote).await?,
        control => (answer(control.as_ref(), &remote).await?, None),
    };
    let nothing = nothing(&document);
    let outcome = remote.outcome(document).judged(error);
    Ok(match nothing {
        Some(nothing) => outcome.report(Report::new(ctx.ui.page()).line(PLAIN, nothing)),
        None => outcome,
    })
}

/// What the controls answer that judge nothing.
async fn answer(control: Option<&Control>, remote: &Remote) -> Result<Value, Error> {
    match control {
        None
        | Some(Control::Health(_) | Control::Requests(_) | Control::Activations(_) | Control::Inbox(_)) => {
            Ok(remote.health.clone())
        }
        Some(Control::Clock(args)) => control::clock(args, remote).await,
        Some(Control::Settle(args)) => control::settle(args, remote).await,
        Some(Control::Status(args)) => control::status(args, remote).await,
        Some(Control::Pace(args)) => control::pace(args, remote).await,
        Some(Control::Faults(args)) => faults::run(args, remote).await,
        Some(Control::Profile(args)) => control::profile(args, remote).await,
        Some(Control::Snapshot(args)) => snapshots::run(args, remote).await,
        Some(Control::Reset(args)) => snapshots::reset(args, remote).await,
    }
}

/// The lists of a sandbox, and what people read where one is empty.
const LISTS: [(&str, &str); 5] = [
    ("requests", "no requests"),
    ("received", "no webhooks"),
    ("activations", "no activations"),
    ("faults", "no fault rules"),
    ("snapshots", "no snapshots"),
];

/// That a document has nothing to say but that its list is empty; `None` where older things were dropped, or inboxes
/// have their answers set.
fn nothing(document: &Value) -> Option<&'static str> {
    let is_empty = |list: &str| document.get(list).and_then(Value::as_array).is_some_and(Vec::is_empty);
    let (_, nothing) = LISTS.into_iter().find(|(list, _)| is_empty(list))?;
    let is_set = |map: &Map<String, Value>| !map.is_empty();
    let says_more = document.get("complete") == Some(&Value::Bool(false))
        || document.get("answers").and_then(Value::as_object).is_some_and(is_set);
    (!says_more).then_some(nothing)
}
