//! `journey-create list|delete|pause|resume|launch`.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{ListArgs, PsArgs, WaitArgs, parent_segment_only, pick};
use crate::outcome::Outcome;
use crate::plan::export::rows::Rows;
use crate::plan::{Configuration, counted, item_command};
use crate::platform::sites::Site;
use crate::platform::wire::{RealtimeJourneyResource, RealtimeJourneyState, RealtimeStatus};
use crate::steps::Action;
use crate::steps::desired::Desired;
use crate::steps::journal::Ids;
use crate::steps::kind::ItemKind;
use crate::steps::live::{Live, Parts};
use crate::steps::parent_segment::ParentSegment;
use crate::writing::{self, Change, DeleteArgs, Removal, carry_out, report, target};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

/// One journey.
#[derive(Debug, Clone, Args)]
pub struct OneArgs {
    /// Journey
    #[arg(value_name = "JOURNEY")]
    name: String,
    #[command(flatten)]
    ps: PsArgs,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// A journey that was launched, paused or resumed.
#[derive(Serialize, JsonSchema)]
pub(super) struct JourneyDocument {
    kind: ItemKind,
    name: String,
    id: String,
    action: Action,
    state: RealtimeJourneyState,
    paused: bool,
    /// The settled status; null where the command did not wait for one
    rt_status: Option<RealtimeStatus>,
    /// URL of its page in the console
    console_url: String,
}

/// A journey.
#[derive(Serialize, JsonSchema)]
pub(super) struct JourneyRow {
    id: String,
    name: String,
    description: Option<String>,
    state: RealtimeJourneyState,
    paused: bool,
    /// Key event that starts it
    trigger_event: Option<String>,
    /// When a profile may enter it again
    #[schemars(extend("enum" = ["never", "until_goal", "always"]))]
    reentry: &'static str,
    /// Names
    stages: Vec<String>,
    activations: Vec<ActivationRow>,
    /// URL of its page in the console
    console_url: String,
}

/// An activation of a journey.
#[derive(Serialize, JsonSchema)]
struct ActivationRow {
    id: String,
    name: Option<String>,
    connector_type: String,
    connection_id: String,
}

/// The journeys of a parent segment.
pub async fn list(args: &ListArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let raw = |live: &Configuration| json!(live.journeys);
    let rows = |live: &Configuration, ps: &str| -> anyhow::Result<Rows<JourneyRow>> {
        let site = ctx.settings()?.site.value;
        Ok(Rows::of(live.journeys.iter().map(|journey| row(live, journey, site, ps)).collect()))
    };
    let summary = |live: &Configuration| counted(live.journeys.len(), "journey");
    args.run(ctx, "journey-create list", Parts::EVENTS | Parts::JOURNEYS, raw, rows, summary).await
}

fn row(live: &Configuration, journey: &RealtimeJourneyResource, site: Site, ps: &str) -> JourneyRow {
    let attributes = &journey.attributes;
    let entry = attributes.realtime_journey_stages.first();
    let entry = entry.and_then(|stage| stage.entry_criteria.as_ref()?.key_event_criteria.as_ref());
    let trigger = entry
        .and_then(|entry| live.events.iter().find(|event| event.id.as_ref() == Some(&entry.key_event_id)));
    let activations = live.activations_of(&journey.id).map(|activation| ActivationRow {
        id: activation.id.clone(),
        name: activation.attributes.name.clone(),
        connector_type: activation.attributes.connector_type.clone(),
        connection_id: activation.attributes.connection_id.clone(),
    });
    JourneyRow {
        id: journey.id.clone(),
        name: attributes.name.clone(),
        description: attributes.description.clone(),
        state: journey.state(),
        paused: journey.is_paused(),
        trigger_event: trigger.map(|event| event.name.clone()),
        reentry: crate::plan::reentry_word(attributes.reentry_mode),
        stages: attributes.realtime_journey_stages.iter().map(|stage| stage.name.clone()).collect(),
        activations: activations.collect(),
        console_url: site.journey_console_url(ps, &journey.id),
    }
}

/// Deletes a journey.
pub async fn delete(ctx: &Context, name: &str, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let removal = |state: &Configuration| {
        let found = find(&state.journeys, name)?;
        let (name, id) = (found.attributes.name.clone(), Some(found.id.clone()));
        Ok(vec![Removal { kind: ItemKind::Journey, name, id }])
    };
    writing::delete(ctx, "journey-create delete", to, removal).await
}

fn find<'a>(
    journeys: &'a [RealtimeJourneyResource],
    name: &str,
) -> Result<&'a RealtimeJourneyResource, Error> {
    pick(journeys, name, "journey", |journey| &journey.attributes.name, |journey| Some(&journey.id))
}

/// What is done to a live journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// No profile enters, and waits are held.
    Pause,
    /// It goes on.
    Resume,
    /// A draft is launched.
    Launch,
}

impl Run {
    fn command(self) -> &'static str {
        match self {
            Run::Pause => "journey-create pause",
            Run::Resume => "journey-create resume",
            Run::Launch => "journey-create launch",
        }
    }
}

/// Pauses a journey, lets it go on, or launches a draft.
pub async fn run(ctx: &Context, args: &OneArgs, run: Run) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, args.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.show_target()?;
    let parts = Parts::JOURNEYS;
    let live = Live::read(client, &ps, parts).await?;
    let desired = |live: &Live, _: &Ids| -> Result<Desired, Error> {
        let mut state = live.state.clone();
        let found = find(&state.journeys, &args.name)?.clone();
        let journey = match run {
            Run::Launch if found.is_launched() => found,
            Run::Launch => {
                complete(&found, &live.state)?;
                found.running(true, false)
            }
            Run::Pause | Run::Resume if !found.is_launched() => return Err(only_a_draft(&found, &live.ps)),
            Run::Pause | Run::Resume => found.running(true, run == Run::Pause),
        };
        let place = state.journeys.iter_mut().find(|there| there.id == journey.id);
        place.into_iter().for_each(|there| *there = journey.clone());
        Ok(Desired::of(state))
    };
    let wanted = desired(&live, &Ids::default())?;
    let target = target(ctx, &ps)?;
    let change = Change::new(run.command(), &target, parts, &desired, args.wait.waiting());
    let written = carry_out(ctx, &change, live, wanted).await?;
    let journey = find(&written.after.journeys, &args.name)?;
    let site = ctx.settings()?.site.value;
    let (name, paused) = (&journey.attributes.name, journey.is_paused());
    let document = JourneyDocument {
        kind: ItemKind::Journey,
        name: name.clone(),
        id: journey.id.clone(),
        action: if written.changed { Action::Updated } else { Action::Unchanged },
        state: journey.state(),
        paused,
        rt_status: written.settled,
        console_url: site.journey_console_url(&ps, &journey.id),
    };
    let word = if paused { "paused" } else { "launched" };
    let summary = match written.changed {
        true => format!("journey '{name}' is {word}"),
        false => format!("journey '{name}' is {word} already: nothing was changed"),
    };
    let report = report(ctx, &written.executed.done, &summary);
    Ok(Outcome::new(json!(document)).summary(summary).report(report))
}

fn only_a_draft(journey: &RealtimeJourneyResource, ps: &str) -> Error {
    let message =
        format!("journey '{}' is a draft; only a launched one can be paused", journey.attributes.name);
    let launch = item_command("journey-create launch", &journey.attributes.name, ps);
    Error::new(Code::Conflict, message).hint(format!("launch it: {launch}"))
}

/// Every step of a journey has its activation.
fn complete(journey: &RealtimeJourneyResource, live: &Configuration) -> Result<(), Error> {
    use crate::platform::wire::RealtimeJourneyStep::TriggeredActivation;
    let activations: Vec<_> = live.activations_of(&journey.id).collect();
    let name = &journey.attributes.name;
    let refuse = |why: String| {
        Err(Error::new(Code::Conflict, format!("journey '{name}' can't be launched: {why}"))
            .hint("complete it with `tdx-rt journey-create`, from a plan or with flags"))
    };
    for stage in &journey.attributes.realtime_journey_stages {
        if stage.root_step.is_none() {
            return refuse(format!("the stage '{}' has no steps", stage.name));
        }
        for (key, step) in &stage.steps {
            let TriggeredActivation(step) = step else { continue };
            let found = activations.iter().find(|there| there.id == step.journey_activation_step_id);
            if found.is_none_or(|there| there.attributes.connector.export_json.is_none()) {
                return refuse(format!("the step {key} of '{}' lacks its activation", stage.name));
            }
        }
    }
    let entry = journey.attributes.realtime_journey_stages.first().and_then(|s| s.entry_criteria.as_ref());
    match entry.and_then(|entry| entry.key_event_criteria.as_ref()) {
        None => refuse("no key event starts it".to_owned()),
        Some(_) => Ok(()),
    }
}
