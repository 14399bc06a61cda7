//! `/v3`: databases and tables of the TD API.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::{GET, Route};
use crate::platform::wire;
use crate::sandbox::clock::{iso, v3};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::Store;
use crate::sandbox::store::catalog::{StoredDatabase, StoredTable};
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/v3/database/list", databases),
    (GET, "/v3/database/show/{database_name}", database),
    (GET, "/v3/table/list/{database_name}", tables),
    (GET, "/v3/table/show/{database_name}/{table_name}", table),
];

fn databases(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    check_permissions(call)?;
    let store = sandbox.read();
    let databases: Vec<Value> = store.databases().iter().map(|database| shown(&store, database)).collect();
    json(&object!({"databases": databases}))
}

fn database(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    check_permissions(call)?;
    let store = sandbox.read();
    json(&shown(&store, &*store.database(call.path("database_name"))?))
}

fn tables(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let database = store.database(call.path("database_name"))?;
    let described = call.flag("include_descriptions")?;
    let shown = |table| shown_table(&store, &database, table, described);
    let tables: Vec<Value> = database.tables.iter().map(shown).collect();
    json(&object!({"database": database.name, "tables": tables}))
}

fn table(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let database = store.database(call.path("database_name"))?;
    let table = database.table(call.path("table_name"))?;
    let described = call.flag("include_descriptions")?;
    json(&shown_table(&store, &database, table, described))
}

/// The one user of a sandbox may do everything, so all are listed.
fn check_permissions(call: &RouteCall) -> Result<(), Refusal> {
    match call.query("require_permissions") {
        None | Some("true") => Ok(()),
        Some(other) => Err(Refusal::bad_request(
            Reason::PermissionsInvalid,
            format!("require_permissions must be true, not '{other}'"),
        )),
    }
}

fn shown(store: &Store, database: &StoredDatabase) -> Value {
    let rows =
        |table: &StoredTable| table.rows.saturating_add(store.arrivals.of(&database.name, &table.name).rows);
    object!({
        "name": database.name,
        "count": database.tables.iter().map(rows).fold(0, u64::saturating_add),
        "created_at": v3(database.created),
        "updated_at": v3(database.created),
        "organization": null,
        "permission": "administrator",
        "delete_protected": false,
    })
}

/// Times are strings, as real clients read them; the OpenAPI file has an integer for `last_log_timestamp`,
/// on which td-client-python fails.
fn shown_table(store: &Store, database: &StoredDatabase, table: &StoredTable, described: bool) -> Value {
    let arrived = store.arrivals.of(&database.name, &table.name);
    let (rows, last_record) =
        (table.rows.saturating_add(arrived.rows), table.last_record.max(arrived.last_record));
    let column = |column: &wire::Column| {
        let alias = column.alias.as_deref().unwrap_or_default();
        let description = column.description.as_deref().unwrap_or_default();
        match (described, alias) {
            (true, _) => object!([column.name, column.kind, alias, description]),
            (false, "") => object!([column.name, column.kind]),
            (false, _) => object!([column.name, column.kind, alias]),
        }
    };
    let schema: Value = table.columns.iter().chain(&arrived.columns).map(column).collect();
    let updated = last_record.map_or(database.created, |seconds| seconds.saturating_mul(1_000));
    object!({
        "id": table.id,
        "name": table.name,
        "count": rows,
        "counter_updated_at": iso_seconds(updated),
        "last_log_timestamp": last_record.map(|seconds| iso_seconds(seconds.saturating_mul(1_000))),
        "created_at": v3(database.created),
        "updated_at": v3(updated),
        "delete_protected": false,
        // A plausible size: compressed records are about 80 bytes.
        "estimated_storage_size": rows.saturating_mul(80),
        "expire_days": null,
        "include_v": false,
        "schema": schema.to_string(),
        "type": "log",
        "description": table.description,
    })
}

/// `DateTimeISO8601` of the contract has no fraction of a second.
fn iso_seconds(ms: i64) -> String {
    iso(ms).replace(".000Z", "Z")
}
