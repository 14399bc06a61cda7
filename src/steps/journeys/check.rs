//! What is checked before a journey is written.

use super::{JourneyNames, is_launched};
use crate::error::{Code, Error};
use crate::plan::{CompiledJourney, Journey, LiveJourney, nearest};
use crate::platform::rule::{Operand, Rule};
use crate::platform::template::{EVENT_PLACEHOLDERS, SECRET};
use crate::platform::wire::{EventTable, RealtimeJourneyState};
use crate::steps::schema::Schemas;

/// Everything that is wrong.
pub(super) fn check(
    plan: &Journey,
    compiled: &CompiledJourney,
    names: &JourneyNames<'_>,
    existing: Option<&LiveJourney<'_>>,
    schemas: &Schemas,
) -> Result<(), Error> {
    columns(plan, names, schemas)?;
    placeholders(plan, names, schemas)?;
    let launched = existing.is_some_and(is_launched);
    if launched && plan.state == Some(RealtimeJourneyState::Draft) {
        let message = format!("journey '{}' is launched and can't be a draft again", plan.name);
        return Err(Error::new(Code::Conflict, message)
            .hint("pause it with 'paused: true', or delete it: tdx-rt journey-create delete NAME"));
    }
    if plan.paused == Some(true) && !launched && plan.state != Some(RealtimeJourneyState::Launched) {
        let message = format!("journey '{}' is a draft; only a launched one can be paused", plan.name);
        return Err(Error::new(Code::InvalidPlan, message).hint("add state: launched"));
    }
    match existing.filter(|_| launched) {
        Some(live) => unchanged_flow(compiled, live),
        None => Ok(()),
    }
}

/// The platform fixes what runs at the launch (our choice of the sandbox; the vendor's console offers a
/// new version instead).
fn unchanged_flow(compiled: &CompiledJourney, live: &LiveJourney<'_>) -> Result<(), Error> {
    let (new, old) = (&compiled.attributes, &live.resource.attributes);
    let mut changed = Vec::new();
    if new.realtime_journey_stages != old.realtime_journey_stages {
        changed.push("its stages");
    }
    if new.goal != old.goal {
        changed.push("its goal");
    }
    if new.reentry_mode != old.reentry_mode {
        changed.push("its re-entry mode");
    }
    if changed.is_empty() {
        return Ok(());
    }
    let message = format!(
        "journey '{}' is launched, and {} can't be changed any more",
        old.name,
        changed.join(" and ")
    );
    Err(Error::new(Code::Conflict, message).hint(
        "give the new version another name and delete the old one (tdx-rt journey-create delete NAME); what its activations send can be changed",
    ))
}

/// The table of a key event.
fn table(names: &JourneyNames<'_>, event: &str) -> Option<EventTable> {
    let event = names.names.events.iter().find(|there| there.name == event)?;
    Some(EventTable { database: event.database_name.clone(), table: event.table_name.clone() })
}

/// The columns of filters are columns of their events' tables.
fn columns(plan: &Journey, names: &JourneyNames<'_>, schemas: &Schemas) -> Result<(), Error> {
    for entry in plan.entries() {
        let Some((event, filter)) = entry.event.as_deref().zip(entry.filter.as_ref()) else { continue };
        let Some(table) = table(names, event).filter(|table| schemas.has(table)) else { continue };
        for column in columns_of(filter) {
            schemas.column(&table, column, &format!("journey '{}'", plan.name))?;
        }
    }
    Ok(())
}

fn columns_of(rule: &Rule) -> Vec<&str> {
    let columns = rule.operands().into_iter().filter_map(|operand| match operand {
        Operand::Column(column) => Some(column),
        Operand::Attribute { .. } => None,
    });
    columns.collect()
}

/// Placeholders name attributes, stitching keys, columns of the events that lead into a stage, or what
/// every event has.
fn placeholders(plan: &Journey, names: &JourneyNames<'_>, schemas: &Schemas) -> Result<(), Error> {
    let events = plan.stages.iter().filter_map(|stage| stage.entry.as_ref()?.event.as_deref());
    let tables: Vec<EventTable> = events.filter_map(|event| table(names, event)).collect();
    // Where nobody knows the columns, any name may be one.
    if tables.is_empty() || tables.iter().any(|table| !schemas.has(table)) {
        return Ok(());
    }
    let columns = tables.iter().flat_map(|table| schemas.columns(table)).map(|column| column.name.as_str());
    let attributes = names.names.attributes.iter().map(|attribute| attribute.name.as_str());
    let keys = names.keys.iter().map(|key| key.name.as_str());
    let planned = names.names.planned.iter().map(|attribute| attribute.name.as_str());
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
