//! What a plan needs of the account that it is applied in.

use super::columns::{Evidence, Left, each};
use crate::plan::criteria::{Expr, RuleOperand};
use crate::plan::model::section::replace_names;
use crate::plan::model::{Activation, Attribute, AttributeKind, Condition, Journey, Plan, Section};
use crate::plan::nearest::{named, same_name};
use crate::platform::limits::is_table_name;
use crate::platform::rule::Rule;
use crate::platform::template::{EVENT_PLACEHOLDERS, SECRET};
use crate::platform::wire::{AggregationType, DataType, EventTable, Increment, WEBHOOK};
use indexmap::IndexMap;
use serde_json::Value;

/// The database of tables that are made up, for key events that the plan names and does not have.
pub(super) const MADE_UP: &str = "sandbox_events";
/// The column that every table has.
const TIME: &str = "time";

/// What a plan needs.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Event tables with the columns that are read.
    pub(super) tables: IndexMap<EventTable, IndexMap<String, Evidence>>,
    /// Key events that the plan names and does not have, with their tables.
    pub(super) events: IndexMap<String, EventTable>,
    /// Batch attributes.
    pub(super) batch: IndexMap<String, Evidence>,
    /// Those of them that stand for attributes that the plan names and does not have.
    pub(super) imported: Vec<String>,
    /// Batch segments, by name or id.
    pub(super) segments: Vec<String>,
    /// Connections by name or id: their type, and what URLs start with.
    pub(super) connections: IndexMap<String, (String, Option<String>)>,
    /// Tables of lookup catalogs, as the plan writes them, with their columns.
    pub(super) catalogs: IndexMap<String, IndexMap<String, Evidence>>,
    /// Lookup catalogs that the plan names and does not have: the columns that they are looked up by.
    pub(super) unknown_catalogs: IndexMap<String, Vec<String>>,
    /// The criteria of sections and journeys, with names in the place of ids.
    pub(super) rules: Vec<Rule>,
    /// What cannot be had of a seed, as sentences without a full stop.
    pub(super) notes: Vec<String>,
}

impl Needs {
    /// What a plan needs.
    pub(super) fn of(plan: &Plan) -> Needs {
        let mut needs = Needs::default();
        for event in &plan.events {
            needs.rule(plan, &event.event_table(), &event.filter);
        }
        for table in &plan.event_tables {
            needs.tables.entry(table.clone()).or_default();
        }
        plan.attributes.iter().for_each(|attribute| needs.attribute(plan, attribute));
        for service in &plan.personalizations {
            service.trigger_event.iter().for_each(|event| drop(needs.table_of(plan, event)));
            service.sections.iter().for_each(|section| needs.section(plan, section));
        }
        plan.journeys.iter().for_each(|journey| needs.journey(plan, journey));
        let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
        if keys.count() > 0 && needs.tables.is_empty() {
            // Keys are columns of event tables, and the plan names none.
            needs.tables.entry(EventTable::new(MADE_UP, "events")).or_default();
        }
        needs
    }

    /// The table of a key event, which is made up where the plan does not have the event.
    fn table_of(&mut self, plan: &Plan, event: &str) -> EventTable {
        let table = match named(&plan.events, event, |event| &event.name) {
            Some(event) => event.event_table(),
            None => {
                let known = self.events.iter().find(|(name, _)| same_name(name, event));
                let number = self.events.len().saturating_add(1);
                let made = || EventTable::new(MADE_UP, format!("event_{number}"));
                let table = known.map_or_else(made, |(_, table)| table.clone());
                if known.is_none() {
                    self.events.insert(event.to_owned(), table.clone());
                }
                table
            }
        };
        self.tables.entry(table.clone()).or_default();
        table
    }

    fn column(&mut self, table: &EventTable, column: &str, evidence: Evidence) {
        let columns = self.tables.entry(table.clone()).or_default();
        if column != TIME {
            let known = columns.entry(column.to_owned()).or_default();
            *known = evidence.max(*known);
        }
    }

    /// The columns of a filter.
    fn rule(&mut self, plan: &Plan, table: &EventTable, rule: &Rule) {
        self.tables.entry(table.clone()).or_default();
        each(rule, &mut |left, evidence| match left {
            Left::Column(column) => self.column(table, column, evidence),
            Left::Attribute(name) => self.compared(plan, name, evidence),
        });
    }

    fn batch(&mut self, name: &str, evidence: Evidence) {
        let known = self.batch.entry(name.to_owned()).or_default();
        *known = evidence.max(*known);
    }

    fn attribute(&mut self, plan: &Plan, attribute: &Attribute) {
        match &attribute.kind {
            AttributeKind::Imported(imported) => self.batch(&imported.column, Evidence::None),
            AttributeKind::LookupCatalog(spec) => {
                let columns = spec.lookup_catalog_columns.iter().map(|one| (&one.name, &one.data_type));
                let columns = columns.chain(spec.lookup_keys.iter().map(|key| (&key.id, &key.kind)));
                let table = self.catalogs.entry(spec.lookup_catalog_table_name.clone()).or_default();
                table.extend(columns.map(|(name, kind)| (name.clone(), Evidence::of_word(kind))));
            }
            AttributeKind::Single(_) | AttributeKind::List(_) | AttributeKind::Counter(_) => {}
        }
        let Some(source) = attribute.source() else { return };
        let table = self.table_of(plan, &source.event);
        self.rule(plan, &table, &source.filter);
        for column in attribute.columns() {
            self.column(&table, column, Evidence::None);
        }
        match &attribute.kind {
            AttributeKind::Single(single) => {
                let evidence = match single.data_type {
                    Some(DataType::Number) => Evidence::Arithmetic,
                    Some(DataType::String) => Evidence::Text,
                    None => Evidence::None,
                };
                self.column(&table, &single.field, evidence);
                if let Some(backfill) = &single.backfill {
                    self.batch(&backfill.attribute_identifier, evidence);
                    self.batch(&backfill.timestamp_identifier, Evidence::Type("long"));
                }
            }
            AttributeKind::List(list) => {
                for one in &list.aggregations {
                    use AggregationType::{Max, Min, Sum};
                    let counts = matches!(one.aggregation_type, Sum | Min | Max);
                    let evidence = if counts { Evidence::Arithmetic } else { Evidence::None };
                    self.column(&table, &one.column, evidence);
                }
            }
            AttributeKind::Counter(counter) => {
                if let Increment::Field(field) = &counter.increment {
                    self.column(&table, field, Evidence::Arithmetic);
                }
                if let Some(backfill) = &counter.backfill {
                    self.batch(&backfill.attribute_identifier, Evidence::Arithmetic);
                    self.batch(&backfill.timestamp_identifier, Evidence::Type("long"));
                }
            }
            AttributeKind::Imported(_) | AttributeKind::LookupCatalog(_) => {}
        }
        for action in attribute.actions() {
            let table = self.table_of(plan, &action.event);
            self.rule(plan, &table, &action.filter);
        }
    }

    /// An attribute that a condition compares with something.
    fn compared(&mut self, plan: &Plan, name: &str, evidence: Evidence) {
        let Some(attribute) = planned(plan, name) else { return self.unknown(name, None, evidence) };
        match &attribute.kind {
            AttributeKind::Imported(imported) => self.batch(&imported.column, evidence),
            AttributeKind::Single(single) => {
                let table = self.table_of(plan, &single.source.event);
                self.column(&table, &single.field, evidence);
            }
            _ => {}
        }
    }

    /// An attribute that the plan does not have: an imported one takes its place.
    fn unknown(&mut self, name: &str, sub: Option<&str>, evidence: Evidence) {
        if let Some(sub) = sub {
            let note = format!("the plan names '{sub}' of the attribute '{name}', which it does not have");
            return self.note(note);
        }
        self.batch(name, evidence);
        if !self.imported.iter().any(|known| known == name) {
            self.imported.push(name.to_owned());
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Criteria, as text or as the platform's rule.
    fn criteria(&mut self, plan: &Plan, expr: &Expr, rule: Option<&Value>) {
        let by_name = |name: &str| RuleOperand::Attribute { id: name.to_owned(), sub: None };
        let rule = match rule {
            Some(rule) => Rule::from_json(&replace_ids(rule)),
            None => expr.to_rule(&mut |name| Ok(by_name(name))).unwrap_or_default(),
        };
        each(&rule, &mut |left, evidence| {
            if let Left::Attribute(name) = left {
                self.compared(plan, name, evidence);
            }
        });
        self.rules.push(rule);
    }

    fn section(&mut self, plan: &Plan, section: &Section) {
        let table = self.table_of(plan, &section.trigger_event);
        section.trigger_filter.iter().for_each(|filter| self.rule(plan, &table, filter));
        self.criteria(plan, &section.criteria, section.criteria_rule.as_ref());
        for output in &section.attributes {
            if planned(plan, &output.attribute).is_none() {
                self.unknown(&output.attribute, output.sub.as_deref(), Evidence::None);
            }
        }
        for item in section.catalogs.iter().flatten() {
            if planned(plan, &item.attribute).is_none() {
                let attribute = &item.attribute;
                self.note(format!("a catalog is looked up by '{attribute}', which the plan does not have"));
            }
            self.catalog(plan, &item.catalog, &item.column);
        }
        self.segments.extend(section.batch_segments.iter().cloned());
    }

    /// A lookup catalog that a section names.
    fn catalog(&mut self, plan: &Plan, catalog: &str, column: &str) {
        let is_it = |attribute: &&Attribute| match &attribute.kind {
            AttributeKind::LookupCatalog(spec) => {
                attribute.name == catalog || spec.lookup_catalog_table_name == catalog
            }
            _ => false,
        };
        if plan.attributes.iter().any(|attribute| is_it(&attribute)) {
            return;
        }
        let keys = self.unknown_catalogs.entry(catalog.to_owned()).or_default();
        if !keys.iter().any(|known| known == column) {
            keys.push(column.to_owned());
        }
    }

    fn journey(&mut self, plan: &Plan, journey: &Journey) {
        let mut tables = Vec::new();
        for entry in journey.entries() {
            let Some(event) = &entry.event else { continue };
            let table = self.table_of(plan, event);
            entry.filter.iter().for_each(|filter| self.rule(plan, &table, filter));
        }
        for stage in &journey.stages {
            let event = stage.entry.as_ref().and_then(|entry| entry.event.as_deref());
            tables.extend(event.map(|event| self.table_of(plan, event)));
        }
        for Condition { expr, rule, .. } in journey.conditions() {
            self.criteria(plan, expr, rule.as_ref());
        }
        for activation in journey.activations() {
            self.activation(plan, activation, &tables);
        }
        for target in journey.targets() {
            let Some(other) = &target.journey else { continue };
            if !plan.journeys.iter().any(|journey| journey.name == *other) {
                self.note(format!("the plan leads to the journey '{other}', which it does not have"));
            }
        }
    }

    /// The columns that placeholders stand for, and the connection.
    fn activation(&mut self, plan: &Plan, activation: &Activation, tables: &[EventTable]) {
        let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
        let keys: Vec<&str> = keys.map(|key| key.name.as_str()).collect();
        for (name, ..) in activation.placeholders() {
            let known = planned(plan, &name).is_some() || keys.contains(&name.as_str());
            if known || EVENT_PLACEHOLDERS.contains(&name.as_str()) || name.starts_with(SECRET) {
                continue;
            }
            tables.iter().for_each(|table| self.column(table, &name, Evidence::None));
        }
        let Some(connection) = &activation.connection else { return };
        let kind = activation.sends.connector_type();
        let prefix = activation.sends.url().and_then(origin);
        if kind == WEBHOOK && prefix.is_none() {
            return self.note(format!("the address of the activation '{}' has no host", activation.name));
        }
        self.connections.entry(connection.clone()).or_insert_with(|| (kind.to_owned(), prefix));
    }
}

/// The plan's attribute of this name, which may have a part behind a dot.
fn planned<'p>(plan: &'p Plan, name: &str) -> Option<&'p Attribute> {
    let of = |name: &str| named(&plan.attributes, name, |attribute| &attribute.name);
    of(name).or_else(|| of(name.rsplit_once('.')?.0))
}

/// The batch attribute that an attribute imports, or stands for.
pub(super) fn column_of(plan: &Plan, needs: &Needs, name: &str) -> Option<String> {
    match planned(plan, name) {
        Some(attribute) => attribute.imported_column().map(str::to_owned),
        None => needs.imported.iter().find(|known| *known == name).cloned(),
    }
}

/// A rule with names in the place of ids.
fn replace_ids(rule: &Value) -> Value {
    replace_names(rule, &mut |name| Some(name.to_owned()))
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty() && !host.contains("{{"))?;
    Some(format!("{scheme}://{host}/"))
}

/// The table of a lookup catalog: in the master table's database where the plan does not say.
pub(super) fn catalog_table(name: &str, master: &str, number: usize) -> EventTable {
    match name.split_once('.') {
        Some((database, table)) => EventTable::new(database, table),
        None if is_table_name(name) => EventTable::new(master, name),
        None => EventTable::new(master, format!("catalog_{number}")),
    }
}
