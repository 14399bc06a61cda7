//! Journeys: events, columns, attributes and placeholders, where they lead, and what is fixed.

use super::sections::{Known, criteria};
use super::{Checker, unknown};
use crate::plan::{Activation, Finding, Journey, Severity, shell_word};
use crate::platform::template::{EVENT_PLACEHOLDERS, SECRET};
use crate::platform::wire::{EventTable, KeyColumn};
use crate::steps::live::{Checked, There, UNCHECKED};

pub(super) fn check(checker: &mut Checker<'_>, known: &Known<'_>) {
    let (plan, live) = (checker.plan, checker.live);
    let planned = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let planned = planned.map(|key| KeyColumn { name: key.name.clone(), ..KeyColumn::default() });
    let keys: Vec<KeyColumn> = live.state.setting.key_columns.iter().cloned().chain(planned).collect();
    for journey in &plan.journeys {
        let before = checker.findings.len();
        entries(checker, journey);
        for condition in journey.conditions() {
            criteria(checker, &condition.expr, condition.rule.as_ref(), &condition.at, known);
        }
        placeholders(checker, journey, known, &keys);
        jumps(checker, journey);
        // What is left speaks of the whole; what is wrong already would be reported again.
        if checker.findings.len() == before
            && known.unsure.is_empty()
            && let Err(error) = known.planner.journey_of(journey)
        {
            checker.error("live-conflict", &journey.at, &error);
        }
        connections(checker, journey);
    }
}

/// Key events, and the columns of their filters.
fn entries(checker: &mut Checker<'_>, journey: &Journey) {
    for entry in journey.entries() {
        let Some(event) = &entry.event else { continue };
        let pointer = checker.at(&entry.at, &["trigger_event", "event"]);
        checker.event(&pointer, event);
        checker.filter(event, &entry.at, &["filter", "where"], &format!("journey '{}'", journey.name));
    }
}

/// Placeholders that are nothing that is known here.
fn placeholders(checker: &mut Checker<'_>, journey: &Journey, known: &Known<'_>, keys: &[KeyColumn]) {
    let live = checker.live;
    let events = journey.stages.iter().filter_map(|stage| stage.entry.as_ref()?.event.as_deref());
    let tables: Vec<EventTable> = events.filter_map(|event| checker.table_of(event)).collect();
    // Where the columns are not known, any name may be one.
    if tables.is_empty() || tables.iter().any(|table| !live.schemas.has(table)) {
        return;
    }
    let columns = tables.iter().flat_map(|table| live.schemas.columns(table)).map(|one| one.name.as_str());
    let mut names: Vec<&str> =
        known.planner.desired.state.attributes.iter().map(|one| one.name.as_str()).collect();
    names.extend(checker.attribute_names.iter().map(String::as_str));
    names.extend(keys.iter().map(|key| key.name.as_str()).chain(columns).chain(EVENT_PLACEHOLDERS));
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    for (name, pointer, offset) in journey.activations().into_iter().flat_map(Activation::placeholders) {
        if names.contains(&name) || name.starts_with(SECRET) {
            continue;
        }
        let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
        let message = format!(
            "'{{{{{name}}}}}' is no attribute, no stitching key and no column of {}",
            tables.join(" or ")
        );
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let (advice, now) =
            ("`tdx-rt discover columns DB.TABLE` shows the columns", checker.plan.attribute_now(&name));
        let error = unknown(message, &name, &all, advice, now);
        checker.error_at("unknown-placeholder", &pointer, Some(offset), &error);
    }
}

/// Connections that do not exist, of another type, or for other URLs.
fn connections(checker: &mut Checker<'_>, journey: &Journey) {
    let live = checker.live;
    let existing = live.state.journey(&journey.name);
    for activation in journey.activations() {
        let there = There::named(existing.as_ref(), &activation.name);
        match live.connections.check(activation, there.as_ref()) {
            Ok(Checked::Fits) => {}
            Ok(Checked::Unknown) => {
                let message =
                    format!("the connection of the activation '{}' could not be checked", activation.name);
                let pointer = checker.at(&activation.at, &["connection", "url"]);
                let finding = Finding::new("connection-unchecked", Severity::Warning, &pointer, message);
                checker.findings.push(finding.with_fix(Some(UNCHECKED.to_owned())));
            }
            Err(flaw) => {
                let pointer = checker.at(&activation.at, flaw.keys);
                checker.error(flaw.code, &pointer, &flaw.error);
            }
        }
    }
}

/// Jumps to journeys that neither the plan nor the parent segment has.
fn jumps(checker: &mut Checker<'_>, journey: &Journey) {
    let (plan, live) = (checker.plan, checker.live);
    let there = live.state.journeys.iter().map(|journey| journey.attributes.name.as_str());
    let known: Vec<&str> = plan.journeys.iter().map(|journey| journey.name.as_str()).chain(there).collect();
    for target in journey.targets() {
        let Some(name) = target.journey.as_deref().filter(|name| !known.contains(name)) else { continue };
        let message = format!("there is no journey '{name}' in the plan or the parent segment");
        let advice = format!("`tdx-rt journey-create list --ps {}` lists them", shell_word(&live.ps));
        let error = unknown(message, name, &known, &advice, plan.journey_now(name));
        checker.error("unknown-journey", &target.at, &error);
    }
}
