//! What was done, written to the document that a step passes on.

use super::part::Part;
use super::run::Written;
use crate::context::Context;
use crate::error::Error;
use crate::input::{Step, array};
use crate::plan::nearest::named;
use crate::plan::{IdStitching, Journey, PersonalizationService, import_of};
use crate::platform::wire::{RealtimeJourneyState, Section};
use crate::steps::Action;
use crate::steps::desired::known_event;
use crate::steps::desired::personalization::without_blanks;
use crate::steps::items::section_path;
use crate::steps::kind::ItemKind;
use serde_json::{Map, Value, json};

/// Writes what a step did, and what is known of the parent segment now.
pub fn write(ctx: &Context, step: &mut Step, part: Part, written: &Written) -> Result<(), Error> {
    step.note_setting(&written.after.setting, written.status);
    match part {
        Part::Events => events(step, written),
        Part::Keys => keys(step, written),
        Part::Attributes => attributes(step, written),
        Part::Personalizations => personalizations(ctx, step, written)?,
        Part::Journeys => journeys(ctx, step, written)?,
    }
    Ok(())
}

/// Writes what was done of a whole plan.
pub fn write_all(ctx: &Context, step: &mut Step, written: &Written) -> Result<(), Error> {
    for part in [Part::Events, Part::Keys, Part::Attributes, Part::Personalizations, Part::Journeys] {
        write(ctx, step, part, written)?;
    }
    Ok(())
}

fn events(step: &mut Step, written: &Written) {
    for event in step.plan.events.clone() {
        if let Some(there) = named(&written.after.events, &event.name, |there| &there.name) {
            let id = there.id.as_deref().unwrap_or_default();
            step.note_applied(&event.at, id, written.executed.action(ItemKind::Event, id));
        }
    }
    step.note_names("key_events", written.after.events.iter().map(|event| event.name.as_str()).collect());
}

fn keys(step: &mut Step, written: &Written) {
    let Some(stitching) = step.plan.id_stitching.clone() else { return };
    let IdStitching { stitching_keys, at, .. } = stitching;
    let (before, after) = (&written.live.state.setting, &written.after.setting);
    let action = |name: &str| {
        let find =
            |keys: &'_ [crate::platform::wire::KeyColumn]| keys.iter().find(|key| key.name == name).cloned();
        match (find(&before.key_columns), find(&after.key_columns)) {
            (None, _) => Action::Created,
            (there, now) if there == now => Action::Unchanged,
            _ => Action::Updated,
        }
    };
    let same = before.ext_lookup_key == after.ext_lookup_key
        && stitching_keys.iter().all(|key| action(&key.name) == Action::Unchanged);
    if let Some(item) = step.item(&at) {
        item.insert("action".into(), json!(if same { Action::Unchanged } else { Action::Updated }));
        item.insert("ext_lookup_key".into(), json!(after.ext_lookup_key));
    }
    let mut primary = None;
    for key in &stitching_keys {
        match key.at.ends_with("/primary_key") {
            true => primary = Some(json!({"name": key.name, "action": action(&key.name)})),
            false => step.note_action(&key.at, action(&key.name)),
        }
    }
    // `primary_key` stays the string that the next step reads: the key is noted where it was added.
    if let (Some(primary), Some(item)) = (primary, step.item(&at))
        && let Ok(keys) = array(item, "stitching_keys")
    {
        keys.insert(0, primary);
    }
}

fn attributes(step: &mut Step, written: &Written) {
    let after = &written.after;
    for attribute in step.plan.attributes.clone() {
        let import = attribute.imported_column();
        let import =
            import.and_then(|column| import_of(column, &after.attributes, &after.setting.batch_attributes));
        let found = import.or_else(|| named(&after.attributes, &attribute.name, |there| &there.name));
        if let Some(there) = found {
            let id = there.id.as_deref().unwrap_or_default();
            step.note_applied(&attribute.at, id, written.executed.action(ItemKind::Attribute, id));
        }
    }
    step.note_names("attributes", after.attributes.iter().map(|there| there.name.as_str()).collect());
}

/// Writes services and personalizations to the document: to its root where it has one, else to each item of
/// `personalization_services`.
fn personalizations(ctx: &Context, step: &mut Step, written: &Written) -> Result<(), Error> {
    let plans = step.plan.personalizations.clone();
    for plan in &plans {
        let service = written.executed.services.get(&plan.name);
        if let Some(service) = service
            && service.token.is_none()
            && !ctx.client()?.is_dry_run()
        {
            ctx.ui.status(format!(
                "the token of service '{}' is masked and not known here; --new-token makes another one",
                service.name
            ));
        }
        let service = service.map(|service| service.to_json());
        let entity = match plan.wants_entity() {
            true => Some(personalization(ctx, step, plan, written)?),
            false => None,
        };
        let place = match plans.len() {
            1 => Some(&mut step.document.root),
            _ => step.item(&plan.at),
        };
        if let Some(place) = place {
            place.extend(service.map(|service| ("service".to_owned(), service)));
            place.extend(entity.map(|entity| ("personalization".to_owned(), entity)));
        }
    }
    Ok(())
}

/// The document's `personalization`; what was done to the sections goes to them.
fn personalization(
    ctx: &Context,
    step: &mut Step,
    plan: &PersonalizationService,
    written: &Written,
) -> Result<Value, Error> {
    let client = ctx.client()?;
    let site = ctx.settings()?.site.value;
    let trigger = plan.trigger_event.as_deref().unwrap_or_default();
    let trigger = known_event(&written.after.events, trigger, "the personalization")?;
    let find = |state: &crate::plan::Configuration| {
        named(&state.personalizations, &plan.name, |there| &there.attributes.name).cloned()
    };
    let (before, after) = (find(&written.live.state), find(&written.desired.state));
    let sections = |entity: &Option<crate::platform::wire::Personalization>| -> Vec<Section> {
        entity.iter().flat_map(|entity| entity.attributes.sections.iter().map(without_blanks)).collect()
    };
    let (before, wanted) = (sections(&before), sections(&after));
    for section in &plan.sections {
        let find = |all: &'_ [Section]| named(all, &section.name, |there| &there.name).cloned();
        let action = match (find(&before), find(&wanted)) {
            (None, _) => Action::Created,
            (there, now) if there == now => Action::Unchanged,
            _ => Action::Updated,
        };
        let kept = written.desired.kept.get(&section_path(&plan.name, &section.name));
        if let Some(item) = step.item(&section.at) {
            item.insert("action".into(), json!(action));
            if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
                item.insert("kept".into(), json!(kept));
            }
        }
    }
    let there = find(&written.after);
    let (id, name) = there.map(|there| (there.id, there.attributes.name)).unwrap_or_default();
    let ps = &step.ps.id;
    Ok(json!({
        "id": id,
        "name": name,
        "action": written.executed.action(ItemKind::Personalization, &id),
        "endpoint": client.personalization_url(ps, &id),
        "event_endpoint": client.event_url(&trigger.database_name, &trigger.table_name),
        "console_url": site.personalization_console_url(ps, &id),
        "trigger": {"event": trigger.name, "database": trigger.database_name, "table": trigger.table_name},
    }))
}

fn journeys(ctx: &Context, step: &mut Step, written: &Written) -> Result<(), Error> {
    let ps = step.ps.id.clone();
    for plan in step.plan.journeys.clone() {
        let shown = journey(ctx, &ps, &plan, written)?;
        if let Some(item) = step.item(&plan.at) {
            item.extend(shown);
        }
    }
    Ok(())
}

/// What the document says of a journey.
fn journey(ctx: &Context, ps: &str, plan: &Journey, written: &Written) -> Result<Map<String, Value>, Error> {
    let site = ctx.settings()?.site.value;
    let mut map = Map::new();
    let Some(there) = written.after.journey(&plan.name) else { return Ok(map) };
    let activations: Vec<Value> = plan
        .activations()
        .into_iter()
        .filter_map(|planned| {
            let is_it = |one: &&_| {
                let one: &crate::platform::wire::RealtimeJourneyActivationStepResource = one;
                one.attributes.name.as_ref() == Some(&planned.name)
            };
            let one = there.activations.iter().copied().find(is_it)?;
            let action = written.executed.action(ItemKind::Activation, &one.id);
            let connection = &one.attributes.connection_id;
            Some(json!({"name": planned.name, "id": one.id, "connection_id": connection, "action": action}))
        })
        .collect();
    let resource = there.resource;
    map.insert("id".into(), resource.id.as_str().into());
    map.insert("action".into(), json!(journey_action(written, &resource.id)));
    map.insert("state".into(), json!(resource.state()));
    map.insert("paused".into(), resource.is_paused().into());
    map.insert("activations".into(), activations.into());
    map.insert("console_url".into(), site.journey_console_url(ps, &resource.id).into());
    Ok(map)
}

/// A journey whose activations were written was written.
fn journey_action(written: &Written, id: &str) -> Action {
    let own = written.executed.action(ItemKind::Journey, id);
    let mut activations = written.after.activations_of(id);
    let touched =
        activations.any(|one| written.executed.action(ItemKind::Activation, &one.id) != Action::Unchanged);
    if own == Action::Unchanged && touched { Action::Updated } else { own }
}

/// A line for people about each journey of a plan.
pub fn journey_lines(plans: &[Journey], written: &Written) -> String {
    let line = |plan: &Journey| {
        let journey = written.after.journey(&plan.name)?.resource;
        let state = match journey.state() {
            RealtimeJourneyState::Draft => "draft",
            RealtimeJourneyState::Launched if journey.is_paused() => "launched, paused",
            RealtimeJourneyState::Launched => "launched",
        };
        let action = journey_action(written, &journey.id);
        Some(format!("journey '{}' ({}) {action}: {state}", journey.attributes.name, journey.id))
    };
    plans.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// `key events: 1 created, 0 updated, 2 unchanged`, over the items of the plan.
pub fn counts(what: &str, kind: ItemKind, total: usize, written: &Written) -> String {
    let count = |action| {
        written.executed.done.iter().filter(|done| done.kind == kind && done.action == action).count()
    };
    let (created, updated) = (count(Action::Created), count(Action::Updated));
    let unchanged = total.saturating_sub(created).saturating_sub(updated);
    format!("{what}: {created} created, {updated} updated, {unchanged} unchanged")
}
