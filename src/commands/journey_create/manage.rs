//! `journey-create list|delete|pause|resume|launch`.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{DeleteArgs, PsArgs, WaitArgs, deleted, parent_segment_only, pick, wait};
use crate::outcome::Outcome;
use crate::platform::wire::{RealtimeJourneyResource, RealtimeJourneyState, RealtimeStatus};
use crate::steps::journeys::{Live, is_paused, pause_once, state};
use crate::steps::parent_segment::{ParentSegment, enabled, enabled_setting};
use clap::Args;
use serde_json::{Map, Value, json};

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

/// The journeys of a parent segment.
pub async fn list(ctx: &Context, ps: &PsArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id, .. } = parent_segment_only(ctx, ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    let (journeys, activations, events) =
        tokio::join!(client.journeys(&id), client.activations(&id), client.key_events(&id));
    let journeys = enabled(client, &id, journeys).await?;
    let live = Live { journeys, activations: activations.map_err(Error::from)? };
    let events = events.map_err(Error::from)?;
    let site = ctx.settings()?.site.value;
    let items: Vec<Value> = live
        .journeys
        .iter()
        .map(|journey| {
            let attributes = &journey.attributes;
            let entry = attributes.realtime_journey_stages.first();
            let entry = entry.and_then(|stage| stage.entry_criteria.as_ref()?.key_event_criteria.as_ref());
            let trigger = entry.and_then(|entry| {
                events.iter().find(|event| event.id.as_ref() == Some(&entry.key_event_id))
            });
            let activations: Vec<_> = live
                .activations_of(&journey.id)
                .into_iter()
                .map(|activation| {
                    json!({"id": activation.id, "name": activation.attributes.name,
                        "connector_type": activation.attributes.connector_type,
                        "connection_id": activation.attributes.connection_id})
                })
                .collect();
            json!({
                "id": journey.id, "name": attributes.name, "description": attributes.description,
                "state": state(journey), "paused": is_paused(journey),
                "trigger_event": trigger.map(|event| event.name.as_str()),
                "reentry": crate::plan::reentry_word(attributes.reentry_mode),
                "stages": attributes.realtime_journey_stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(),
                "activations": activations,
                "console_url": site.journey_console_url(&id, &journey.id),
            })
        })
        .collect();
    Ok(Outcome::read(json!(items)).summary(format!("{} journeys", items.len())))
}

/// Deletes a journey.
pub async fn delete(ctx: &Context, name: &str, to: &DeleteArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, to.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let journeys = enabled(client, &ps, client.journeys(&ps).await).await?;
    let found = find(&journeys, name)?;
    client.delete_journey(&found.id).await.map_err(Error::from)?;
    Ok(deleted(ctx, &to.wait, &ps, ("journey", &found.attributes.name, Some(&found.id))).await?)
}

fn find<'a>(
    journeys: &'a [RealtimeJourneyResource],
    name: &str,
) -> Result<&'a RealtimeJourneyResource, Error> {
    pick(journeys, name, "journey", |journey| &journey.attributes.name, |journey| Some(&journey.id))
}

/// Pauses a journey, or lets it go on.
pub async fn pause(ctx: &Context, args: &OneArgs, pause: bool) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, args.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (setting, journeys) = tokio::join!(enabled_setting(client, &ps), client.journeys(&ps));
    let (setting, journeys) = (setting?, enabled(client, &ps, journeys).await?);
    let found = find(&journeys, &args.name)?;
    if state(found) == RealtimeJourneyState::Draft {
        let message =
            format!("journey '{}' is a draft; only a launched one can be paused", found.attributes.name);
        return Err(Error::new(Code::Conflict, message)
            .hint("`tdx-rt journey-create launch` launches it")
            .into());
    }
    let changes = is_paused(found) != pause;
    if changes {
        pause_once(client, found, pause).await?;
    }
    let status = args.wait.settle(ctx, &ps, setting.status, changes).await?;
    let action = if changes { "updated" } else { "unchanged" };
    shown(ctx, &ps, found, (action, RealtimeJourneyState::Launched, pause), status)
}

/// Launches a draft.
pub async fn launch(ctx: &Context, args: &OneArgs) -> anyhow::Result<Outcome> {
    let ParentSegment { id: ps, .. } = parent_segment_only(ctx, args.ps.ps.as_ref()).await?;
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (setting, live) = tokio::join!(enabled_setting(client, &ps), Live::load(client, &ps));
    let (setting, live) = (setting?, live?);
    let found = find(&live.journeys, &args.name)?;
    let launched = state(found) == RealtimeJourneyState::Launched;
    if !launched {
        complete(found, &live)?;
        if args.wait.waits() {
            wait(ctx, &ps, args.wait.options()).await?;
        } else if setting.status != RealtimeStatus::Ok && !client.is_dry_run() {
            let message = format!(
                "journey '{}' is not launched: the RT status is '{}', and must be 'ok'",
                found.attributes.name, setting.status
            );
            return Err(Error::new(Code::NotReady, message)
                .hint("leave out --no-wait, and it is waited for")
                .retryable()
                .into());
        }
        let mut fields = Map::new();
        fields.insert("state".into(), "launched".into());
        // The state alone launches nothing (public examples).
        let stages = json!(found.attributes.realtime_journey_stages);
        fields.insert("realtimeJourneyStages".into(), stages);
        client.write_journey(found, fields).await.map_err(Error::from)?;
    }
    let status = args.wait.settle(ctx, &ps, setting.status, !launched).await?;
    let action = if launched { "unchanged" } else { "updated" };
    let paused = launched && is_paused(found);
    shown(ctx, &ps, found, (action, RealtimeJourneyState::Launched, paused), status)
}

/// Every step of a journey has its activation.
fn complete(journey: &RealtimeJourneyResource, live: &Live) -> Result<(), Error> {
    use crate::platform::wire::RealtimeJourneyStep::TriggeredActivation;
    let activations = live.activations_of(&journey.id);
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

fn shown(
    ctx: &Context,
    ps: &str,
    journey: &RealtimeJourneyResource,
    (action, state, paused): (&str, RealtimeJourneyState, bool),
    status: Option<RealtimeStatus>,
) -> anyhow::Result<Outcome> {
    let site = ctx.settings()?.site.value;
    let name = &journey.attributes.name;
    let document = json!({
        "kind": "journey", "name": name, "id": journey.id, "action": action, "state": state,
        "paused": paused, "rt_status": status, "console_url": site.journey_console_url(ps, &journey.id),
    });
    let word = if paused { "paused" } else { "launched" };
    Ok(Outcome::new(document).summary(format!("journey '{name}' is {word}")))
}
