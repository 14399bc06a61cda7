//! A plan as the data that it needs: the seed file of a sandbox in which the plan makes sense.
//!
//! What is known of a real account (its tables, batch attributes and segments) is taken as it is; the rest
//! follows from what the plan does with it. Customers and their values are made up. Pure: no I/O.

mod columns;
mod customers;
mod form;
mod needs;
mod tables;

pub use form::{
    SeedAttribute, SeedCatalog, SeedConnection, SeedDatabase, SeedFile, SeedMaster, SeedParentSegment,
    SeedRealtime, SeedSegment, SeedTable,
};

use super::model::{IdStitching, Plan};
use crate::platform::keys::KeyFilter;
use crate::platform::wire::{AudienceAttribute, Column, EventTable};
use columns::Evidence;
use customers::{Customer, fulfilling};
use needs::{Needs, catalog_table, column_of};
use serde_json::{Map, Value, json};
use serde_saphyr::FlowMap;
use std::collections::HashMap;
use tables::Tables;

/// The name of a parent segment that the plan does not name.
pub const PARENT_SEGMENT: &str = "Sandbox";
/// The profile key where nothing says it.
const PROFILE_KEY: &str = "customer_id";

/// What is known of a real account; nothing, for a plan alone.
#[derive(Debug, Clone, Default)]
pub struct KnownAccount {
    /// The parent segment's id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its master table, and the profile key.
    pub master: Option<SeedMaster>,
    /// Columns of tables.
    pub tables: HashMap<EventTable, Vec<Column>>,
    /// Tables that the key may not see.
    pub hidden: Vec<EventTable>,
    /// Batch attributes.
    pub batch: Vec<AudienceAttribute>,
    /// Ids and names of batch segments.
    pub segments: Vec<(String, String)>,
    /// Connections.
    pub connections: Vec<SeedConnection>,
    /// Whether the key may not see the connections that are named.
    pub connections_hidden: bool,
}

/// The seed of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Seeded {
    /// The seed file.
    pub file: SeedFile,
    /// What the plan needs and a seed cannot have, as sentences without a full stop.
    pub notes: Vec<String>,
}

/// The seed file of a sandbox in which the plan can be applied.
pub fn seed(plan: &Plan, known: &KnownAccount) -> Seeded {
    let needs = Needs::of(plan);
    let mut tables = Tables::new(&known.tables);
    let master = known.master.clone().unwrap_or_else(|| made_up_master(plan, &needs));
    let home = EventTable::new(&*master.database, &*master.table);
    tables.need(&home, &master.profile_key, Evidence::None);
    for (table, columns) in &needs.tables {
        tables.add(table);
        columns.iter().for_each(|(column, evidence)| tables.need(table, column, *evidence));
    }
    need_keys(plan, &needs, &master, &mut tables);
    for (number, (name, columns)) in (1..).zip(&needs.catalogs) {
        let table = catalog_table(name, &master.database, number);
        columns.iter().for_each(|(column, evidence)| tables.need(&table, column, *evidence));
        tables.sample_row(&table);
    }
    let catalogs = unknown_catalogs(&needs, &master, &mut tables);
    let attributes = batch_attributes(known, &needs, &home, &mut tables);
    let keys = profile_keys(plan, &master.profile_key);
    let members = fill(plan, &needs, &attributes, &master, &keys, &mut tables);
    let realtime = RealtimeParts { needs: &needs, catalogs }.realtime();
    let segment = SeedParentSegment {
        id: known.id.clone().or_else(|| plan.parent_segment_id.clone()),
        name: name_of(plan, known),
        segments: segments(known, &needs, members),
        master,
        attributes: attributes.into_iter().map(FlowMap).collect(),
        realtime,
    };
    let file = SeedFile {
        connections: connections(known, &needs),
        databases: tables.databases(),
        parent_segments: vec![segment],
    };
    Seeded { file, notes: needs.notes }
}

fn name_of(plan: &Plan, known: &KnownAccount) -> String {
    let named =
        known.name.clone().filter(|name| !name.is_empty()).or_else(|| plan.parent_segment_name.clone());
    let id = known.id.as_ref().or(plan.parent_segment_id.as_ref());
    named.unwrap_or_else(|| id.map_or(PARENT_SEGMENT.to_owned(), |id| format!("Parent segment {id}")))
}

fn made_up_master(plan: &Plan, needs: &Needs) -> SeedMaster {
    let wanted = plan.id_stitching.as_ref().and_then(|stitching| stitching.ext_lookup_key.clone());
    let is_taken = |database: &str| needs.tables.contains_key(&EventTable::new(database, "customers"));
    let database = if is_taken("crm") { "sandbox_crm" } else { "crm" };
    SeedMaster {
        database: database.to_owned(),
        table: "customers".to_owned(),
        profile_key: wanted.unwrap_or_else(|| PROFILE_KEY.to_owned()),
    }
}

/// Stitching keys are columns of every table that is made up, and of one at least; the profile key is one of
/// those that are made up, so that an event can name a customer.
fn need_keys(plan: &Plan, needs: &Needs, master: &SeedMaster, tables: &mut Tables<'_>) {
    let Some(IdStitching { stitching_keys, .. }) = &plan.id_stitching else { return };
    let (real, made_up): (Vec<_>, Vec<_>) = needs.tables.keys().partition(|table| tables.is_known(table));
    for key in stitching_keys.iter().map(|key| key.name.as_str()).chain([master.profile_key.as_str()]) {
        made_up.iter().for_each(|table| tables.need(table, key, Evidence::None));
    }
    for key in stitching_keys.iter().filter(|_| made_up.is_empty()) {
        let nowhere = !real.iter().any(|table| tables.has(table, &key.name));
        real.iter()
            .take(1)
            .filter(|_| nowhere)
            .for_each(|table| tables.need(table, &key.name, Evidence::None));
    }
}

fn unknown_catalogs(needs: &Needs, master: &SeedMaster, tables: &mut Tables<'_>) -> Vec<SeedCatalog> {
    let first = needs.catalogs.len().saturating_add(1);
    let made = (first..).zip(&needs.unknown_catalogs).map(|(number, (name, keys))| {
        let table = catalog_table(name, &master.database, number);
        keys.iter().for_each(|key| tables.need(&table, key, Evidence::None));
        tables.need(&table, "value", Evidence::None);
        tables.sample_row(&table);
        SeedCatalog { name: name.clone(), table: table.to_string(), keys: keys.clone() }
    });
    made.collect()
}

/// Those of the account, and those that the plan needs beside them: columns of the master table.
fn batch_attributes(
    known: &KnownAccount,
    needs: &Needs,
    home: &EventTable,
    tables: &mut Tables<'_>,
) -> Vec<SeedAttribute> {
    let mut attributes: Vec<SeedAttribute> = Vec::new();
    for there in &known.batch {
        if attributes.iter().any(|attribute| attribute.name == there.name) {
            continue;
        }
        let column = there.parent_column.clone().unwrap_or_else(|| there.name.clone());
        let table = there.parent_database_name.as_ref().zip(there.parent_table_name.as_ref());
        let table = table.map(|(database, table)| EventTable::new(&**database, &**table));
        let joined = table.filter(|table| table != home);
        tables.need(joined.as_ref().unwrap_or(home), &column, Evidence::of_word(&there.kind));
        if let Some(table) = &joined {
            there.parent_key.iter().for_each(|key| tables.need(table, key, Evidence::None));
            there.foreign_key.iter().for_each(|key| tables.need(home, key, Evidence::None));
        }
        attributes.push(SeedAttribute {
            name: there.name.clone(),
            column: Some(column).filter(|column| *column != there.name),
            key: there.parent_key.clone().filter(|_| joined.is_some()),
            master_key: there.foreign_key.clone().filter(|_| joined.is_some()),
            database: joined.as_ref().map(|table| table.database.clone()),
            table: joined.map(|table| table.table),
        });
    }
    for (name, evidence) in &needs.batch {
        if !attributes.iter().any(|attribute| attribute.name == *name) {
            tables.need(home, name, *evidence);
            attributes.push(SeedAttribute { name: name.clone(), ..SeedAttribute::default() });
        }
    }
    attributes
}

/// Values of the profile key in the form that the plan takes as an id.
fn profile_keys(plan: &Plan, profile_key: &str) -> Box<dyn Fn(usize) -> String> {
    let stitching = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let filter =
        stitching.filter(|key| key.name == profile_key).find_map(|key| KeyFilter::new(&key.to_wire()).ok());
    let forms: [fn(usize) -> String; 5] = [
        |number| format!("c{number}"),
        |number| format!("{number}"),
        |number| format!("{}", number.saturating_add(100_000)),
        |number| format!("customer{number}@example.com"),
        |number| format!("00000000-0000-4000-8000-{number:012}"),
    ];
    let fits = |form: &fn(usize) -> String| filter.as_ref().is_none_or(|filter| filter.accepts(&form(1)));
    let [first, ..] = forms;
    Box::new(forms.into_iter().find(fits).unwrap_or(first))
}

/// Makes the customers up; returns the profile key of the first one.
fn fill(
    plan: &Plan,
    needs: &Needs,
    attributes: &[SeedAttribute],
    master: &SeedMaster,
    keys: &dyn Fn(usize) -> String,
    tables: &mut Tables<'_>,
) -> Vec<Value> {
    let home = EventTable::new(&*master.database, &*master.table);
    let customers = fulfilling(&needs.rules, &|name| column_of(plan, needs, name));
    let mut first = Vec::new();
    for (number, customer) in (1..).zip(customers.into_iter().map(Some).chain([None])) {
        let key = keys(number);
        let mut rows: Vec<(EventTable, Customer)> = Vec::new();
        let row = Customer::from_iter([(master.profile_key.clone(), json!(key))]);
        rows.push((home.clone(), row));
        for attribute in attributes {
            let column = attribute.column.as_ref().unwrap_or(&attribute.name);
            let database = attribute.database.as_ref().unwrap_or(&master.database);
            let table =
                attribute.table.as_ref().map_or(home.clone(), |table| EventTable::new(&**database, &**table));
            if attribute.table.is_some() {
                let of_master = attribute.master_key.as_ref().unwrap_or(&master.profile_key);
                put(&mut rows, &home, of_master, json!(key));
                put(&mut rows, &table, attribute.key.as_ref().unwrap_or(&master.profile_key), json!(key));
            }
            let given = customer.as_ref().map(|customer| customer.get(&attribute.name));
            let value = match given {
                // Of the last one, nothing is known.
                None => Value::Null,
                Some(Some(value)) => value.clone(),
                Some(None) => tables.sample(&table, column, number),
            };
            put(&mut rows, &table, column, value);
        }
        let made = rows.into_iter().map(|(table, row)| tables.push(&table, row));
        // The master table's row comes first, and its key is as the column takes it.
        let made: Vec<Customer> = made.collect();
        let key = made.first().and_then(|row| row.get(&master.profile_key));
        if first.is_empty() {
            first.extend(key.cloned());
        }
    }
    first
}

/// Sets a value that the row of a table does not have yet.
fn put(rows: &mut Vec<(EventTable, Customer)>, table: &EventTable, column: &str, value: Value) {
    let index = rows.iter().position(|(known, _)| known == table);
    let row = match index.and_then(|index| rows.get_mut(index)) {
        Some((_, row)) => row,
        None => {
            rows.push((table.clone(), Customer::new()));
            let Some((_, row)) = rows.last_mut() else { return };
            row
        }
    };
    row.entry(column.to_owned()).or_insert(value);
}

/// Those of the account, and those that the plan names beside them.
fn segments(known: &KnownAccount, needs: &Needs, members: Vec<Value>) -> Vec<SeedSegment> {
    let of = |id: Option<String>, name: String| SeedSegment { id, name, members: members.clone() };
    let mut segments: Vec<SeedSegment> =
        known.segments.iter().map(|(id, name)| of(Some(id.clone()), name.clone())).collect();
    for wanted in &needs.segments {
        let is_it = |there: &SeedSegment| {
            there.id.as_ref() == Some(wanted) || super::nearest::same_name(&there.name, wanted)
        };
        if segments.iter().any(is_it) {
            continue;
        }
        let is_id = !wanted.is_empty() && wanted.bytes().all(|byte| byte.is_ascii_digit());
        segments.push(match is_id {
            true => of(Some(wanted.clone()), format!("Segment {wanted}")),
            false => of(None, wanted.clone()),
        });
    }
    segments
}

fn connections(known: &KnownAccount, needs: &Needs) -> Vec<SeedConnection> {
    let mut connections = known.connections.clone();
    for (wanted, (kind, url_prefix)) in &needs.connections {
        let is_it = |there: &&mut SeedConnection| there.name == *wanted || there.id.as_ref() == Some(wanted);
        if let Some(there) = connections.iter_mut().find(is_it) {
            there.url_prefix = there.url_prefix.take().or_else(|| url_prefix.clone());
            continue;
        }
        let is_id = wanted.bytes().all(|byte| byte.is_ascii_digit());
        connections.push(SeedConnection {
            id: is_id.then(|| wanted.clone()),
            name: if is_id { format!("connection_{wanted}") } else { wanted.clone() },
            kind: kind.clone(),
            url_prefix: url_prefix.clone(),
        });
    }
    connections
}

/// What the real-time configuration has before the plan is applied.
struct RealtimeParts<'a> {
    needs: &'a Needs,
    catalogs: Vec<SeedCatalog>,
}

impl RealtimeParts<'_> {
    fn realtime(self) -> SeedRealtime {
        let Needs { tables, events, imported, .. } = self.needs;
        let of = |table: &EventTable| json!({"database": table.database, "table": table.table});
        // Keys without any event have a table of their own.
        let no_event = tables.keys().filter(|table| events.is_empty() && table.database == needs::MADE_UP);
        let event_tables: Vec<Value> = events.values().chain(no_event).map(of).collect();
        let columns: Vec<Value> = imported.iter().map(|name| json!({"column": name})).collect();
        let mut setting = Map::new();
        if !event_tables.is_empty() {
            setting.insert("eventTables".into(), event_tables.into());
        }
        if !columns.is_empty() {
            setting.insert("batchAttributes".into(), columns.into());
        }
        let key_event = |(name, table): (&String, &EventTable)| {
            Map::from_iter([
                ("name".to_owned(), json!(name)),
                ("databaseName".to_owned(), json!(table.database)),
                ("tableName".to_owned(), json!(table.table)),
            ])
        };
        SeedRealtime {
            setting: (!setting.is_empty()).then_some(setting),
            key_events: events.iter().map(key_event).collect(),
            catalogs: self.catalogs,
        }
    }
}
