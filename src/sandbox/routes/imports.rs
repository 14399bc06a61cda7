//! `/v3/table`, `/v3/database`: what the vendor's clients do with databases, tables and their records.

use super::call::RouteCall;
use super::parameters::{Parameters, invalid};
use super::render::{Answer, Reply, aside, json};
use super::{GET, POST, PUT, Route};
use crate::platform::limits::is_table_name;
use crate::platform::wire::EventTable;
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::results::cell::{pack, unpack};
use crate::sandbox::state::Sandbox;
use flate2::bufread::MultiGzDecoder;
use rmpv::Value as Packed;
use serde_json::{Map, Value, json as object};
use std::io::{self, BufRead, BufReader};

pub const ROUTES: &[Route] = &[
    (POST, "/v3/database/create/{database_name}", create_database),
    (POST, "/v3/database/delete/{database_name}", delete_database),
    (POST, "/v3/table/create/{database_name}/{table_name}/{type}", create_table),
    (POST, "/v3/table/delete/{database_name}/{table_name}", delete_table),
    (PUT, "/v3/table/import/{database_name}/{table_name}/{format}", import),
    (PUT, "/v3/table/import_with_id/{database_name}/{table_name}/{unique_id}/{format}", import),
    (GET, "/v3/table/tail/{database_name}/{table_name}", tail),
    (GET, "/v3/system/server_status", server_status),
];

/// Formats of what is imported: records as maps one after the other, or as objects one a line.
const FORMATS: [&str; 4] = ["msgpack.gz", "msgpack", "json.gz", "json"];
/// How many records are imported in one step.
const STEP: usize = 10_000;
/// How many records of a table are shown when it is not told.
const SHOWN: i64 = 30;
/// How many are shown at most (our choice).
const MOST_SHOWN: i64 = 10_000;

fn create_database(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let name = call.path("database_name");
    check_name("database", name)?;
    sandbox.write().create_database(name, sandbox.clock().now_ms())?;
    json(&object!({"database": name}))
}

fn delete_database(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let name = call.path("database_name");
    let tables: Vec<String> =
        sandbox.read().database(name)?.tables.iter().map(|table| table.name.clone()).collect();
    sandbox.read().check_unused(name, None)?;
    for table in &tables {
        sandbox.warehouse().delete_table(name, table)?;
    }
    sandbox.write().delete_database(name)?;
    json(&object!({"database": name}))
}

fn create_table(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let (database, table) = place(call);
    if call.path("type") != "log" {
        return Err(invalid("type", "must be log: there are no tables of another type"));
    }
    check_name("table", table)?;
    sandbox.warehouse().create_table(database, table)?;
    json(&object!({"database": database, "table": table, "type": "log"}))
}

fn delete_table(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let (database, table) = place(call);
    sandbox.read().database(database)?.table(table)?;
    sandbox.read().check_unused(database, Some(table))?;
    sandbox.warehouse().delete_table(database, table)?;
    sandbox.read().imported.forget(&EventTable::new(database, table));
    json(&object!({"database": database, "table": table, "type": "log"}))
}

fn place(call: &RouteCall) -> (&str, &str) {
    (call.path("database_name"), call.path("table_name"))
}

fn check_name(what: &str, name: &str) -> Result<(), Refusal> {
    if is_table_name(name) {
        return Ok(());
    }
    let message = format!("'{name}' is no name of a {what}: it must be 3 to 128 of a-z, 0-9 and _");
    Err(Refusal::invalid(Reason::TableNameInvalid, message))
}

/// Unpacking takes a while.
fn import(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let (database, table) = place(call);
    sandbox.read().database(database)?.table(table)?;
    let format = call.path("format");
    if !FORMATS.contains(&format) {
        return Err(invalid("format", &format!("must be one of: {}", FORMATS.join(", "))));
    }
    aside(take)
}

/// Everything is read before the first record is imported. An import with the id of an earlier one changes nothing, so
/// that a client may repeat one whose answer was lost.
fn take(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let (database, table) = place(call);
    let (format, id) = (call.path("format"), call.path("unique_id"));
    records(format, &call.body, |_| Ok(()))?;
    let place = EventTable::new(database, table);
    let begun = sandbox.clock().now_ms();
    if id.is_empty() || sandbox.read().imported.begin(&place, id) {
        let mut waiting = Vec::new();
        let send = |waiting: &mut Vec<_>| {
            sandbox.warehouse().import(database, table, std::mem::take(waiting)).map(|_| ())
        };
        let taken = records(format, &call.body, |record| {
            waiting.push(record);
            if waiting.len() < STEP { Ok(()) } else { send(&mut waiting) }
        });
        taken.and_then(|()| send(&mut waiting)).inspect_err(|_| sandbox.read().imported.undo(&place, id))?;
    }
    let elapsed = sandbox.clock().now_ms().saturating_sub(begun).max(0) as f64 / 1_000.0;
    json(&object!({
        "unique_id": if id.is_empty() { Value::Null } else { id.into() },
        "database": database,
        "table": table,
        "elapsed_time": elapsed,
    }))
}

/// Reads the records of an import, one after the other.
fn records(
    format: &str,
    body: &[u8],
    mut each: impl FnMut(Map<String, Value>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut number = 0_u64;
    let mut give = |value: io::Result<Value>| {
        number = number.saturating_add(1);
        let wrong = |why: String| {
            Refusal::invalid(Reason::ImportInvalid, format!("the record {number} of the import: {why}"))
        };
        match value.map_err(|error| wrong(error.to_string()))? {
            Value::Object(record) => each(record),
            other => Err(wrong(format!("{} is no record", kind(&other)))),
        }
    };
    let packed = format.ends_with(".gz");
    let mut input: Box<dyn BufRead + '_> =
        if packed { Box::new(BufReader::new(MultiGzDecoder::new(body))) } else { Box::new(body) };
    if format.starts_with("json") {
        for line in input.lines() {
            match line {
                Ok(line) if line.trim().is_empty() => {}
                line => give(line.and_then(|line| serde_json::from_str(&line).map_err(io::Error::from)))?,
            }
        }
        return Ok(());
    }
    loop {
        match input.fill_buf().map(<[u8]>::is_empty) {
            Ok(true) => return Ok(()),
            Ok(false) => give(rmpv::decode::read_value(&mut input).map(unpack).map_err(io::Error::from))?,
            Err(error) => give(Err(error))?,
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The last records, the last one first (td-client-python).
fn tail(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let parameters = Parameters::read(call)?;
    let count = parameters.integer("count", 0..=MOST_SHOWN)?.unwrap_or(SHOWN);
    if let Some(other) = parameters.text("format")?.filter(|format| *format != "msgpack") {
        return Err(invalid("format", &format!("must be msgpack, not '{other}'")));
    }
    let (database, table) = place(call);
    let rows = sandbox.warehouse().tail(database, table, count.unsigned_abs())?;
    let mut body = Vec::new();
    for row in rows.into_iter().rev() {
        let row: Packed = pack(Value::Object(row));
        // Into memory: nothing can fail.
        let _ = rmpv::encode::write_value(&mut body, &row);
    }
    Ok(Reply { media_type: "application/x-msgpack", ..Reply::of(body.into()) })
}

fn server_status(_: &Sandbox, _: &RouteCall) -> Answer {
    json(&object!({"status": "ok"}))
}
