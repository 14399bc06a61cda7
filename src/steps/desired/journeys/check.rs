//! What is checked before a journey is written.

use crate::error::{Code, Error};
use crate::plan::nearest::{named, nearest};
use crate::plan::{CompiledJourney, Journey, LiveJourney, Sends, item_command};
use crate::platform::rule::Operand;
use crate::platform::template::{EVENT_PLACEHOLDERS, SECRET};
use crate::platform::wire::{
    EventTable, KeyEvent, RealtimeJourneyExitCriteria, RealtimeJourneyState, RealtimeJourneyStep, WEBHOOK,
};
use crate::steps::desired::Planner;

/// Everything that is wrong.
pub(super) fn check(
    plan: &Journey,
    compiled: &CompiledJourney,
    planner: &Planner<'_>,
    existing: Option<&LiveJourney<'_>>,
) -> Result<(), Error> {
    columns(plan, planner)?;
    placeholders(plan, planner)?;
    exits(plan, compiled)?;
    raw_webhooks(plan)?;
    let launched = existing.is_some_and(|live| live.resource.is_launched());
    if !launched && plan.state == Some(RealtimeJourneyState::Launched) {
        launchable(plan, compiled)?;
    }
    let now = existing.map_or(&*plan.name, |live| name_now(live, planner));
    let delete = item_command("journey-create delete", now, &planner.live.ps);
    if launched && plan.state == Some(RealtimeJourneyState::Draft) {
        let message = format!("journey '{now}' is launched and can't be a draft again");
        return Err(Error::new(Code::Conflict, message)
            .hint(format!("pause it with 'paused: true', or delete it: {delete}")));
    }
    if plan.paused == Some(true) && !launched && plan.state != Some(RealtimeJourneyState::Launched) {
        let message = format!("journey '{}' is a draft; only a launched one can be paused", plan.name);
        return Err(Error::new(Code::InvalidPlan, message).hint("add state: launched"));
    }
    match existing.filter(|_| launched) {
        Some(live) => unchanged_flow(compiled, live, now, &delete),
        None => Ok(()),
    }
}

/// An exit looks at an event, at attributes, or at both.
fn exits(plan: &Journey, compiled: &CompiledJourney) -> Result<(), Error> {
    let stages = &compiled.attributes.realtime_journey_stages;
    let empty = stages.iter().flat_map(|stage| &stage.exit_criterias).any(|exit| match exit {
        RealtimeJourneyExitCriteria::Custom(exit) => {
            exit.key_event_criteria.is_none() && exit.profile_criteria.is_everything()
        }
        _ => false,
    });
    if !empty {
        return Ok(());
    }
    let message = format!("journey '{}': an exit has neither an event nor criteria", plan.name);
    Err(Error::new(Code::InvalidPlan, message).hint("add event or criteria to it, or say after: DURATION"))
}

/// The parameters of a webhook that is written as a connection are those of a webhook (public examples).
fn raw_webhooks(plan: &Journey) -> Result<(), Error> {
    for activation in plan.activations() {
        let Sends::Raw { connector_type, export: Some(export), .. } = &activation.sends else { continue };
        let known = ["method", "url", "headers", "body"];
        let unknown = export.keys().find(|key| !known.contains(&key.as_str()));
        if let (WEBHOOK, Some(unknown)) = (connector_type.as_str(), unknown) {
            let message = format!(
                "journey '{}': the activation '{}' is a webhook, and webhooks have no parameter '{unknown}'",
                plan.name, activation.name
            );
            return Err(
                Error::new(Code::InvalidPlan, message).hint(format!("webhooks have {}", known.join(", ")))
            );
        }
    }
    Ok(())
}

/// A journey is launched with steps in every stage, jumps that lead somewhere and what each activation
/// sends.
fn launchable(plan: &Journey, compiled: &CompiledJourney) -> Result<(), Error> {
    let lacks = |message: String| {
        Err(Error::new(Code::Conflict, format!("journey '{}' can't be launched: {message}", plan.name))
            .hint("add what is missing to the plan, or leave it a draft"))
    };
    for stage in &compiled.attributes.realtime_journey_stages {
        if stage.steps.is_empty() {
            return lacks(format!("the stage '{}' has no steps", stage.name));
        }
        let nowhere = |step: &RealtimeJourneyStep| matches!(step, RealtimeJourneyStep::Jump(jump) if jump.target.is_none());
        if stage.steps.values().any(nowhere) {
            return lacks(format!("a jump of the stage '{}' leads nowhere yet", stage.name));
        }
    }
    for activation in plan.activations() {
        if let Sends::Raw { export: None, .. } = &activation.sends {
            return lacks(format!("the activation '{}' has no parameters yet", activation.name));
        }
    }
    Ok(())
}

/// The name that a journey has now.
fn name_now<'p>(live: &'p LiveJourney<'_>, planner: &'p Planner<'_>) -> &'p str {
    let there = planner.before.journeys.iter().find(|there| there.id == live.resource.id);
    there.map_or(&live.resource.attributes.name, |there| &there.attributes.name)
}

/// The platform fixes what runs at the launch (our choice of the sandbox; the vendor's console offers a
/// new version instead).
fn unchanged_flow(
    compiled: &CompiledJourney,
    live: &LiveJourney<'_>,
    now: &str,
    delete: &str,
) -> Result<(), Error> {
    let (new, old) = (&compiled.attributes, &live.resource.attributes);
    let changed = [
        (new.realtime_journey_stages != old.realtime_journey_stages, "its stages"),
        (new.goal != old.goal, "its goal"),
        (new.reentry_mode != old.reentry_mode, "its re-entry mode"),
    ];
    let changed: Vec<&str> = changed.into_iter().filter_map(|(is, what)| is.then_some(what)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let message =
        format!("journey '{now}' is launched, and {} can't be changed any more", changed.join(" and "));
    let new_version = match old.name == now {
        true => "give the new version another name".to_owned(),
        false => format!("remove renamed_from, so that '{}' is a new version beside it,", old.name),
    };
    Err(Error::new(Code::Conflict, message).hint(format!(
        "{new_version} and delete the old one ({delete}); what its activations send can be changed"
    )))
}

/// The table of a key event.
fn table(planner: &Planner<'_>, event: &str) -> Option<EventTable> {
    named(&planner.desired.state.events, event, |there| &there.name).map(KeyEvent::event_table)
}

/// The columns of filters are columns of their events' tables.
fn columns(plan: &Journey, planner: &Planner<'_>) -> Result<(), Error> {
    let schemas = &planner.live.schemas;
    for entry in plan.entries() {
        let Some((event, filter)) = entry.event.as_deref().zip(entry.filter.as_ref()) else { continue };
        let Some(table) = table(planner, event).filter(|table| schemas.has(table)) else { continue };
        for operand in filter.operands() {
            if let Operand::Column(column) = operand {
                schemas.column(&table, column, &format!("journey '{}'", plan.name))?;
            }
        }
    }
    Ok(())
}

/// Placeholders name attributes, stitching keys, columns of the events that lead into a stage, or what
/// every event has.
fn placeholders(plan: &Journey, planner: &Planner<'_>) -> Result<(), Error> {
    let (schemas, state) = (&planner.live.schemas, &planner.desired.state);
    let events = plan.stages.iter().filter_map(|stage| stage.entry.as_ref()?.event.as_deref());
    let tables: Vec<EventTable> = events.filter_map(|event| table(planner, event)).collect();
    // Where the columns are not known, any name may be one.
    if tables.is_empty() || tables.iter().any(|table| !schemas.has(table)) {
        return Ok(());
    }
    let columns = tables.iter().flat_map(|table| schemas.columns(table)).map(|column| column.name.as_str());
    let attributes = state.attributes.iter().map(|attribute| attribute.name.as_str());
    let keys = state.setting.key_columns.iter().map(|key| key.name.as_str());
    let planned = planner.whole.attributes.iter().map(|attribute| attribute.name.as_str());
    let known: Vec<&str> =
        attributes.chain(planned).chain(keys).chain(columns).chain(EVENT_PLACEHOLDERS).collect();
    for activation in plan.activations() {
        for (name, _, _) in activation.placeholders() {
            if known.contains(&name.as_str()) || name.starts_with(SECRET) {
                continue;
            }
            let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
            let message = format!(
                "journey '{}': '{{{{{name}}}}}' of the activation '{}' is no attribute, no stitching key and no column of {}",
                plan.name,
                activation.name,
                tables.join(" or ")
            );
            let error = Error::new(Code::InvalidPlan, message);
            return Err(match nearest(&name, known.iter().copied()) {
                Some(near) => error.hint(format!("did you mean '{{{{{near}}}}}'?")),
                None => error.hint("`tdx-rt discover columns DB.TABLE` shows the columns"),
            });
        }
    }
    Ok(())
}
