//! Parent segments that are made, changed and deleted through the API.
//!
//! The form of a body and what a change replaces are the contract's (`Audience`); that tables and
//! columns must exist, names are unique, and what prevents a deletion is our choice.

use super::batch::{AttributeTable, BatchColumn, BatchData, LookupTables, Master, join, set_name};
use super::body::{Object, label, needs, only, optional_text, text};
use super::catalog::{StoredTable, cdp_type};
use super::segment::{Behavior, ParentSegment, SegmentChanges, StoredFolder};
use super::segments::find_members;
use super::{IdCounter, Store, no_record};
use crate::platform::wire::Column;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Settings that are stored and shown and change nothing here.
const SETTINGS: [&str; 13] = [
    "scheduleType",
    "scheduleOption",
    "timezone",
    "workflowHiveOnly",
    "hiveEngineVersion",
    "hivePoolName",
    "prestoPoolName",
    "allowActivationBehavior",
    "maxActivationBehaviorRow",
    "llmEnabled",
    "enrichmentWordTaggingEnabled",
    "enrichmentIpEnabled",
    "enrichmentTdJsSdkEnabled",
];
/// Other fields that a body may have.
const PARTS: [&str; 7] =
    ["name", "description", "master", "attributes", "behaviors", "customerGroup", "audienceFilters"];
/// Fields of answers that a body may send back; not read.
const READ_ONLY: [&str; 8] =
    ["id", "matrixUpdatedAt", "population", "llmState", "createdAt", "updatedAt", "createdBy", "updatedBy"];
const SCHEDULES: [&str; 7] = ["cron", "daily", "hourly", "minutes_interval", "monthly", "none", "weekly"];
const COLUMN_TYPES: [&str; 7] =
    ["string", "number", "timestamp", "date", "string_array", "number_array", "boolean"];
/// The required fields of an attribute, and of a behavior except `schema`.
const SOURCE: [&str; 4] = ["parentDatabaseName", "parentTableName", "parentKey", "foreignKey"];

/// What the parts of a body may have: the fields of the contract's bodies and those of its answers,
/// which are sent back.
const MASTER: [&str; 3] = ["parentDatabaseName", "parentTableName", "profileKey"];
const ATTRIBUTE: [&str; 14] = [
    "audienceId",
    "id",
    "name",
    "type",
    "parentDatabaseName",
    "parentTableName",
    "parentColumn",
    "parentKey",
    "foreignKey",
    "groupingName",
    "matrixColumnName",
    "matrixColumnDescription",
    "usedBySegmentInsight",
    "visibility",
];
const BEHAVIOR: [&str; 11] = [
    "id",
    "name",
    "parentDatabaseName",
    "parentTableName",
    "parentKey",
    "foreignKey",
    "schema",
    "scheduleType",
    "scheduleOption",
    "defaultTimeFilterEnabled",
    "isRealtime",
];
const COLUMN: [&str; 6] =
    ["name", "type", "parentColumn", "matrixColumnName", "matrixColumnDescription", "visibility"];

/// The tables of a parent segment.
struct Tables {
    master: Master,
    columns: Vec<BatchColumn>,
    behaviors: Vec<Behavior>,
}

impl Store {
    /// Creates a parent segment and returns its id. Real-time is not enabled on it: on the platform
    /// its support does that.
    pub fn create_audience(&mut self, body: &Object, now: i64) -> Result<String, Refusal> {
        let (name, settings) = self.read_head(body, None)?;
        let description = optional_text(body, "description")?.unwrap_or_default().to_owned();
        let mut tables = self.read_tables(body, None)?;
        let batch = self.batch_of(&tables.master, &tables.columns, None)?;
        let ids = self.ids();
        number(&mut tables, ids);
        let id = ids.fresh();
        let folder = StoredFolder {
            id: ids.fresh(),
            name: "Root".into(),
            description: None,
            created: now,
            updated: now,
        };
        self.add_segment(ParentSegment {
            id: id.clone(),
            name,
            description,
            created: now,
            updated: now,
            settings,
            master: tables.master,
            columns: tables.columns,
            behaviors: tables.behaviors,
            folders: vec![folder],
            batch,
            runs: Vec::new(),
            realtime: None,
            changed: SegmentChanges::default(),
        });
        Ok(id)
    }

    /// Changes a parent segment: with `master`, attributes and behaviors are replaced as well;
    /// without it they stay, whatever is sent (contract).
    pub fn update_audience(&mut self, id: &str, body: &Object, now: i64) -> Result<(), Refusal> {
        let old = self.segment(id)?;
        let (name, settings) = self.read_head(body, Some(id))?;
        let description = optional_text(body, "description")?.map(str::to_owned);
        let replaced = if body.get("master").is_some_and(|master| !master.is_null()) {
            let tables = self.read_tables(body, Some(old))?;
            old.check_columns_kept(&tables.master, &tables.columns)?;
            let batch = self.batch_of(&tables.master, &tables.columns, Some(old))?;
            Some((tables, batch))
        } else {
            None
        };
        let settle = self.settle;
        let (segment, ids) = self.segment_mut(id)?;
        segment.name = name;
        segment.description = description.unwrap_or_else(|| std::mem::take(&mut segment.description));
        segment.settings.extend(settings);
        segment.updated = now;
        if let Some((mut tables, batch)) = replaced {
            number(&mut tables, ids);
            (segment.master, segment.columns, segment.behaviors) =
                (tables.master, tables.columns, tables.behaviors);
            segment.batch = batch;
            if let Some(realtime) = &mut segment.realtime {
                realtime.changed("update_parent_segment");
                if realtime.rollout.is_initialized() {
                    realtime.rollout.begin(settle, now);
                }
            }
        }
        Ok(())
    }

    /// Deletes a parent segment with all that belongs to it, unless it still has personalizations or
    /// journeys.
    pub fn delete_audience(&mut self, id: &str) -> Result<(), Refusal> {
        let segment = self.segment(id)?;
        if let Some(realtime) = &segment.realtime {
            let personalization = realtime.personalizations.first().map(|item| &item.attributes.name);
            let user = personalization.map(|name| format!("the personalization '{name}'"));
            let journey = || realtime.journeys.first().map(|item| format!("the journey '{}'", item.name()));
            if let Some(user) = user.or_else(journey) {
                let message = format!("Parent segment '{}' can't be deleted: {user} uses it", segment.name);
                return Err(Refusal::conflict(Reason::ParentSegmentInUse, message));
            }
        }
        self.remove_segment(id).map(drop)
    }

    /// Name and settings.
    fn read_head(&self, body: &Object, own: Option<&str>) -> Result<(String, Map<String, Value>), Refusal> {
        only(body, &[&SETTINGS[..], &PARTS, &READ_ONLY].concat())?;
        let name = text(body, "name")?;
        if self.segments().any(|other| Some(other.id.as_str()) != own && other.name == name) {
            return Err(Refusal::invalid(Reason::ParentSegmentNameTaken, "Name has already been taken"));
        }
        for key in ["customerGroup", "audienceFilters"] {
            let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if body.get(key).is_some_and(|value| !empty(value)) {
                let message = format!("'{key}' of a parent segment is nothing that the sandbox has");
                return Err(Refusal::new(
                    Reason::ParentSegmentSettingUnsupported,
                    RefusalKind::NotImplemented,
                    message,
                ));
            }
        }
        let settings: Map<String, Value> =
            SETTINGS.iter().filter_map(|key| Some(((*key).to_owned(), body.get(*key)?.clone()))).collect();
        for (key, value) in &settings {
            check_setting(key, value)?;
        }
        Ok((name.to_owned(), settings))
    }

    /// Master, attributes and behaviors; new ones have no id yet.
    fn read_tables(&self, body: &Object, old: Option<&ParentSegment>) -> Result<Tables, Refusal> {
        let Some(Value::Object(master)) = body.get("master") else {
            return Err(Refusal::invalid(Reason::ParentSegmentMasterBlank, "Master can't be blank"));
        };
        only(master, &MASTER).map_err(|refusal| {
            Refusal::invalid(refusal.reason(), format!("Master: {}", refusal.message()))
        })?;
        let (database, table) = (text(master, "parentDatabaseName")?, text(master, "parentTableName")?);
        let found = self.known_table(database, table)?;
        let attributes = items(body, "attributes")?;
        let behaviors = items(body, "behaviors")?;
        let key = profile_key(master, found, attributes.iter().chain(&behaviors).copied())?;
        let master = Master { database: database.to_owned(), table: table.to_owned(), profile_key: key };
        let mut columns: Vec<BatchColumn> = Vec::new();
        for attribute in attributes {
            let column = self.read_attribute(attribute, found, old)?;
            if columns.iter().any(|known| known.name == column.name) {
                return Err(Refusal::invalid(
                    Reason::ParentSegmentAttributeNameTaken,
                    format!("Attribute '{}': Name has already been taken", column.name),
                ));
            }
            columns.push(column);
        }
        let own = found.columns.iter().filter(|column| column.name != "time");
        let own: Vec<BatchColumn> = own
            .filter(|column| !columns.iter().any(|known| known.name == column.name))
            .map(|column| BatchColumn {
                id: old_id(old, &column.name, true),
                name: column.name.clone(),
                column: column.name.clone(),
                kind: cdp_type(column).to_owned(),
                description: column.description.clone(),
                table: None,
            })
            .collect();
        columns.splice(0..0, own);
        let mut read: Vec<Behavior> = Vec::new();
        for behavior in behaviors {
            let behavior = self.read_behavior(behavior, found, old)?;
            if read.iter().any(|known| known.name == behavior.name) {
                let message = format!("Behavior '{}': Name has already been taken", behavior.name);
                return Err(Refusal::invalid(Reason::ParentSegmentBehaviorNameTaken, message));
            }
            read.push(behavior);
        }
        Ok(Tables { master, columns, behaviors: read })
    }

    fn known_table(&self, database: &str, table: &str) -> Result<&StoredTable, Refusal> {
        let missing = |_| {
            Refusal::invalid(
                Reason::ParentSegmentTableMissing,
                format!("there is no table {database}.{table}"),
            )
        };
        self.catalog.table(database, table).map_err(missing)
    }

    /// The table of an attribute or behavior, whose join keys exist on both sides.
    fn source(&self, item: &Object, master: &StoredTable) -> Result<(&StoredTable, AttributeTable), Refusal> {
        let [database, table, parent_key, foreign_key] =
            [text(item, SOURCE[0])?, text(item, SOURCE[1])?, text(item, SOURCE[2])?, text(item, SOURCE[3])?];
        let found = self.known_table(database, table)?;
        column(found, parent_key)?;
        column(master, foreign_key)?;
        let [database, table, parent_key, foreign_key] =
            [database, table, parent_key, foreign_key].map(str::to_owned);
        Ok((found, AttributeTable { database, table, parent_key, foreign_key }))
    }

    fn read_attribute(
        &self,
        item: &Object,
        master: &StoredTable,
        old: Option<&ParentSegment>,
    ) -> Result<BatchColumn, Refusal> {
        let name = text(item, "name")?;
        let wrong = |refusal: Refusal| {
            Refusal::invalid(refusal.reason(), format!("Attribute '{name}': {}", refusal.message()))
        };
        only(item, &ATTRIBUTE).map_err(wrong)?;
        optional_text(item, "groupingName").map_err(wrong)?;
        let (table, source) = self.source(item, master).map_err(wrong)?;
        let kind = text(item, "type").map_err(wrong)?;
        if !COLUMN_TYPES.contains(&kind) {
            return Err(wrong(Refusal::invalid(
                Reason::ParentSegmentAttributeTypeUnknown,
                format!("Type '{kind}' is not included in the list"),
            )));
        }
        let found = column(table, text(item, "parentColumn").map_err(wrong)?).map_err(wrong)?;
        let other = |id: &Value| old.is_none_or(|old| *id != old.id.as_str());
        if item.get("audienceId").is_some_and(|id| !id.is_null() && old.is_some() && other(id)) {
            return Err(wrong(Refusal::invalid(
                Reason::ParentSegmentAttributeAudienceForeign,
                "Audience is another one",
            )));
        }
        let description = optional_text(item, "matrixColumnDescription").map_err(wrong)?;
        Ok(BatchColumn {
            id: old_id(old, name, false),
            name: name.to_owned(),
            column: found.name.clone(),
            kind: kind.to_owned(),
            description: description.map(str::to_owned).or_else(|| found.description.clone()),
            table: Some(source),
        })
    }

    fn read_behavior(
        &self,
        item: &Object,
        master: &StoredTable,
        old: Option<&ParentSegment>,
    ) -> Result<Behavior, Refusal> {
        let name = text(item, "name")?;
        let wrong = |refusal: Refusal| {
            Refusal::invalid(refusal.reason(), format!("Behavior '{name}': {}", refusal.message()))
        };
        only(item, &BEHAVIOR).map_err(wrong)?;
        let (table, source) = self.source(item, master).map_err(wrong)?;
        needs(item, &["schema"]).map_err(wrong)?;
        let mut columns = Vec::new();
        for part in items(item, "schema").map_err(wrong)? {
            only(part, &COLUMN).map_err(wrong)?;
            text(part, "type").map_err(wrong)?;
            let shown = text(part, "name").map_err(wrong)?;
            let found = column(table, text(part, "parentColumn").map_err(wrong)?).map_err(wrong)?;
            // A name of its own is kept as the column's alias.
            let alias = (shown != found.name).then(|| shown.to_owned());
            columns.push(Column { alias, ..found.clone() });
        }
        let AttributeTable { database, table, parent_key, foreign_key } = source;
        let known = old.and_then(|old| old.behaviors.iter().find(|behavior| behavior.name == name));
        let id = known.map(|behavior| behavior.id.clone()).unwrap_or_default();
        Ok(Behavior { id, name: name.to_owned(), database, table, parent_key, foreign_key, columns })
    }

    /// The customers in the tables, with the existing batch segments: those with a rule get the
    /// members that it matches now.
    fn batch_of(
        &self,
        master: &Master,
        columns: &[BatchColumn],
        old: Option<&ParentSegment>,
    ) -> Result<BatchData, Refusal> {
        let set = set_name(master, columns);
        let known = self.segments().find(|segment| segment.batch.set == set);
        let customers = match known {
            Some(segment) => Arc::clone(&segment.batch.customers),
            None => Arc::new(join(&|database, table| self.catalog.rows(database, table), master, columns)?),
        };
        let tables = LookupTables::of(&self.catalog, &master.database);
        let mut segments = old.map(|segment| segment.batch.segments.clone()).unwrap_or_default();
        for segment in &mut segments {
            find_members(segment, columns, &customers)?;
        }
        Ok(BatchData { set, customers, tables, segments })
    }
}

fn check_setting(key: &str, value: &Value) -> Result<(), Refusal> {
    let flag = key.starts_with("allow") || key.ends_with("Enabled") || key == "workflowHiveOnly";
    let fits = match key {
        "scheduleType" => value.as_str().is_some_and(|schedule| SCHEDULES.contains(&schedule)),
        "hiveEngineVersion" => matches!(value.as_str(), Some("0.13" | "cdpaudience")),
        "maxActivationBehaviorRow" => value.is_null() || value.is_u64(),
        "allowActivationBehavior" | "llmEnabled" => value.is_null() || value.is_boolean(),
        _ if flag => value.is_boolean(),
        "timezone" => value.is_string(),
        _ => value.is_null() || value.is_string(),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid(Reason::ParentSegmentSettingInvalid, format!("{} can't be {value}", label(key))))
    }
}

fn items<'a>(body: &'a Object, key: &str) -> Result<Vec<&'a Object>, Refusal> {
    let wrong = || {
        Refusal::invalid(
            Reason::ParentSegmentListInvalid,
            format!("{} must be a list of objects", label(key)),
        )
    };
    match body.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_object().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}

fn column<'a>(table: &'a StoredTable, name: &str) -> Result<&'a Column, Refusal> {
    let missing = || {
        Refusal::invalid(
            Reason::ParentSegmentColumnMissing,
            format!("the table '{}' has no column '{name}'", table.name),
        )
    };
    table.columns.iter().find(|column| column.name == name).ok_or_else(missing)
}

/// The contract names no field for it: `profileKey`, which answers have, else the foreign key of the
/// first attribute or behavior, else the first column but `time` (our choice).
fn profile_key<'a>(
    master: &Object,
    table: &StoredTable,
    mut sources: impl Iterator<Item = &'a Object>,
) -> Result<String, Refusal> {
    let given = optional_text(master, "profileKey")?;
    let joined = || sources.find_map(|item| item.get("foreignKey")?.as_str());
    let first = || table.columns.iter().map(|column| column.name.as_str()).find(|name| *name != "time");
    let key = given.or_else(joined).or_else(first).ok_or_else(no_record)?;
    column(table, key).map(|column| column.name.clone())
}

/// The id of an attribute that stays; empty for a new one.
fn old_id(old: Option<&ParentSegment>, name: &str, of_master: bool) -> String {
    let mut known = old.iter().flat_map(|segment| &segment.columns);
    let same = known.find(|column| column.name == name && column.table.is_none() == of_master);
    same.map(|column| column.id.clone()).unwrap_or_default()
}

fn number(tables: &mut Tables, ids: &mut IdCounter) {
    let columns = tables.columns.iter_mut().map(|column| &mut column.id);
    for id in columns.chain(tables.behaviors.iter_mut().map(|behavior| &mut behavior.id)) {
        if id.is_empty() {
            *id = ids.fresh();
        }
    }
}
