//! Event tables, and the columns of key events' filters.

use super::Checker;
use crate::plan::Event;
use crate::plan::nearest::named;
use crate::platform::rule::Operand;
use crate::platform::wire::EventTable;
use crate::steps::desired::events::check_characters;
use crate::steps::desired::setting::{WantedSetting, merge};
use serde_json::Value;

pub(super) fn check(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    for event in &plan.events {
        let table = event.event_table();
        if !missing(checker, &table, &event.at) && checker.live.schemas.has(&table) {
            filter(checker, event, &table);
        }
    }
    for (table, at) in tables(checker) {
        missing(checker, &table, &at);
    }
    limit(checker);
}

/// Whether a table is missing; then a finding says so.
fn missing(checker: &mut Checker<'_>, table: &EventTable, at: &str) -> bool {
    let live = checker.live;
    let Some(missing) = live.schemas.missing(table) else { return false };
    let keys: &[&str] = if missing.database { &["database", "table"] } else { &["table"] };
    let pointer = checker.at(at, keys);
    checker.error("unknown-table", &pointer, &missing.error);
    true
}

/// A filter that the plan leaves out stays, and must fit the table too.
fn filter(checker: &mut Checker<'_>, event: &Event, table: &EventTable) {
    let by = format!("key event '{}'", event.name);
    if checker.gives(&event.at, &["filter", "where"]) {
        let places = checker.filter_places(&event.at, &["filter", "where"]);
        for column in event.columns() {
            checker.column(table, column, &by, &places, &event.at);
        }
        return;
    }
    let live = checker.live;
    let Some(kept) = named(&live.state.events, &event.name, |there| &there.name) else { return };
    let pointer = checker.at(&event.at, &["table"]);
    for operand in kept.filter_rule.operands() {
        if let Operand::Column(column) = operand {
            checker.column(table, column, &format!("the live filter of {by}"), &[], &pointer);
        }
    }
}

/// The plan's `event_tables` with their places.
fn tables(checker: &Checker<'_>) -> Vec<(EventTable, String)> {
    let items = checker.value("/event_tables").and_then(Value::as_array);
    let mut found = Vec::new();
    for (index, item) in items.into_iter().flatten().enumerate() {
        let part = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        let written = match (item.as_str(), part("database")) {
            (Some(text), _) => text.to_owned(),
            (None, "") => part("table").to_owned(),
            (None, _) if part("table").contains('.') => part("table").to_owned(),
            (None, database) => format!("{database}.{}", part("table")),
        };
        let table = checker.plan.event_tables.iter().find(|table| table.to_string() == written);
        found.extend(table.map(|table| (table.clone(), format!("/event_tables/{index}"))));
    }
    found
}

/// Limits with what is live counted in.
fn limit(checker: &mut Checker<'_>) {
    let (plan, live) = (checker.plan, checker.live);
    let event_tables: Vec<EventTable> =
        plan.events.iter().map(Event::event_table).chain(plan.event_tables.iter().cloned()).collect();
    if !event_tables.is_empty()
        && let Err(error) =
            merge(&live.state.setting, &WantedSetting { event_tables, ..WantedSetting::default() })
    {
        let pointer = checker.at("", &["events", "event_tables"]);
        checker.error("limit-exceeded", &pointer, &error);
    }
    if !plan.events.is_empty()
        && let Err(error) = check_characters(&checker.events)
    {
        checker.error("limit-exceeded", "/events", &error);
    }
}
