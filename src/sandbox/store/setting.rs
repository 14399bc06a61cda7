//! `PATCH realtime_setting` and `realtime_imported_attributes/bulk_update`.

use super::Edit;
use super::body::{Object, needs, only, only_or_later, typed};
use super::collection::Resource as _;
use crate::platform::fields::{IMPORTS, SETTING, inside, keys, needed};
use crate::platform::keys::KeyFilter;
use crate::platform::limits::{COMBINED_ITEMS, EVENT_TABLES, STITCHING_KEYS};
use crate::platform::wire::{
    AttributeSpec, BatchAttribute, EventTable, ImportedSpec, KeyColumn, RealtimeAttribute,
    RealtimeSettingAttributes,
};
use crate::sandbox::refusal::{Reason, Refusal};
use serde_json::Value;
use std::collections::HashSet;

impl Edit<'_> {
    /// Replaces the setting. All four fields are needed and each list replaces what was there
    /// (`RealtimeSettingAttributes` of the contract).
    pub fn update_setting(&mut self, body: &Object) -> Result<(), Refusal> {
        needs(body, &needed(&SETTING))?;
        only_or_later(body, &keys(&SETTING))?;
        for list in &SETTING {
            if let Some(fields) = inside(list) {
                check_items(body, list.key, &keys(fields))?;
            }
        }
        let new: RealtimeSettingAttributes = typed(Value::Object(body.clone()))?;
        self.check_keys(&new.key_columns)?;
        self.check_tables(&new.event_tables)?;
        self.check_lookup_key(new.ext_lookup_key.as_deref())?;
        self.check_imported(&new.batch_attributes)?;
        let RealtimeSettingAttributes { key_columns, event_tables, batch_attributes, ext_lookup_key, later } =
            new;
        self.import(batch_attributes);
        let setting = &mut self.realtime.setting;
        setting.key_columns = key_columns;
        setting.event_tables = event_tables;
        setting.ext_lookup_key = ext_lookup_key;
        setting.later = later;
        self.changed("update_realtime_setting");
        Ok(())
    }

    /// Imports exactly these batch attributes.
    pub fn bulk_update_imported(&mut self, body: &Object) -> Result<(), Refusal> {
        needs(body, &needed(&IMPORTS))?;
        only(body, &keys(&IMPORTS))?;
        let columns: Vec<String> = typed(body.get("columns").cloned().unwrap_or_default())?;
        let batch = |column: String| {
            let known = self.realtime.batch_attributes().iter().find(|known| known.column == column);
            known.cloned().unwrap_or_else(|| BatchAttribute::new(column))
        };
        let attributes: Vec<BatchAttribute> = columns.into_iter().map(batch).collect();
        self.check_imported(&attributes)?;
        self.import(attributes);
        self.changed("update_realtime_imported_attributes");
        Ok(())
    }

    /// Keys that no event table has are accepted, as by the platform (and do nothing).
    fn check_keys(&self, keys: &[KeyColumn]) -> Result<(), Refusal> {
        if keys.len() > STITCHING_KEYS {
            return Err(Refusal::invalid(
                Reason::KeysTooMany,
                format!("Key columns can't be more than {STITCHING_KEYS}"),
            ));
        }
        let others = self.realtime.combined_items().saturating_sub(self.realtime.setting.key_columns.len());
        if others.saturating_add(keys.len()) > COMBINED_ITEMS {
            return Err(too_many_items());
        }
        let mut names = HashSet::new();
        for key in keys {
            if key.name.trim().is_empty() {
                return Err(Refusal::invalid(Reason::KeyNameBlank, "Key column name can't be blank"));
            }
            if !names.insert(key.name.as_str()) {
                return Err(Refusal::invalid(
                    Reason::KeyTwice,
                    format!("Key column '{}' occurs twice", key.name),
                ));
            }
            KeyFilter::new(key).map_err(|error| {
                Refusal::invalid(Reason::KeyRegexpInvalid, format!("Valid regexp is invalid: {error}"))
            })?;
        }
        Ok(())
    }

    /// Tables must exist (our choice: the platform documents nothing), and those of key events stay.
    fn check_tables(&self, tables: &[EventTable]) -> Result<(), Refusal> {
        if tables.len() > EVENT_TABLES {
            return Err(Refusal::invalid(
                Reason::EventTablesTooMany,
                format!("Event tables can't be more than {EVENT_TABLES}"),
            ));
        }
        let mut seen = HashSet::new();
        for table in tables {
            if !self.catalog.has(&table.database, &table.table) {
                return Err(Refusal::invalid(
                    Reason::EventTableMissing,
                    format!("Event table {table} does not exist"),
                ));
            }
            if !seen.insert(table) {
                return Err(Refusal::invalid(
                    Reason::EventTableTwice,
                    format!("Event table {table} occurs twice"),
                ));
            }
        }
        for event in &self.realtime.key_events {
            let table = event.event_table();
            if !seen.contains(&table) {
                let message =
                    format!("Event table {table} can't be removed: the key event '{}' uses it", event.name);
                return Err(Refusal::invalid(Reason::EventTableInUse, message));
            }
        }
        Ok(())
    }

    fn check_lookup_key(&self, new: Option<&str>) -> Result<(), Refusal> {
        match (self.realtime.setting.ext_lookup_key.as_deref(), new) {
            (old, new) if old == new => Ok(()),
            (Some(old), _) => Err(Refusal::invalid(
                Reason::LookupKeyFixed,
                format!("Ext lookup key can't be changed once it is set; it is '{old}'"),
            )),
            (None, Some(key)) if key == self.master.profile_key => Ok(()),
            (None, _) => Err(Refusal::invalid(
                Reason::LookupKeyNotProfileKey,
                format!(
                    "Ext lookup key must be the profile key of the master table, '{}'",
                    self.master.profile_key
                ),
            )),
        }
    }

    fn check_imported(&self, attributes: &[BatchAttribute]) -> Result<(), Refusal> {
        let mut seen = HashSet::new();
        for attribute in attributes {
            let column = attribute.column.as_str();
            if !self.columns.iter().any(|known| known.name == column) {
                let message = format!("'{column}' is not an attribute of this parent segment");
                return Err(Refusal::invalid(Reason::ImportedColumnMissing, message));
            }
            if !seen.insert(column) {
                return Err(Refusal::invalid(Reason::ImportedTwice, format!("'{column}' occurs twice")));
            }
        }
        self.check_imported_names(attributes)?;
        let gone = self.realtime.attributes.iter().filter(|attribute| {
            matches!(attribute.spec, AttributeSpec::Imported(_))
                && !seen.contains(attribute.identifier.as_str())
        });
        for attribute in gone {
            self.check_unused(attribute)?;
        }
        Ok(())
    }

    /// Imported attributes share names and identifiers with all others. Their identifiers are
    /// columns, which are unique among themselves already.
    fn check_imported_names(&self, attributes: &[BatchAttribute]) -> Result<(), Refusal> {
        let made = self.realtime.attributes.iter();
        let made = made.filter(|attribute| !matches!(attribute.spec, AttributeSpec::Imported(_)));
        let mut names: HashSet<&str> = made.clone().map(|attribute| attribute.name.as_str()).collect();
        let identifiers: HashSet<&str> = made.map(|attribute| attribute.identifier.as_str()).collect();
        for attribute in attributes {
            if !names.insert(attribute.name.as_deref().unwrap_or(&attribute.column)) {
                return Err(Refusal::invalid(Reason::ImportedNameTaken, "Name has already been taken"));
            }
            if identifiers.contains(attribute.column.as_str()) {
                return Err(Refusal::invalid(
                    Reason::ImportedIdentifierTaken,
                    "Identifier has already been taken",
                ));
            }
        }
        Ok(())
    }

    /// Makes the imported attributes agree with `columns`. Ids stay with their columns.
    fn import(&mut self, columns: Vec<BatchAttribute>) {
        let wanted = |attribute: &RealtimeAttribute| match &attribute.spec {
            AttributeSpec::Imported(_) => columns.iter().any(|new| new.column == attribute.identifier),
            _ => true,
        };
        self.realtime.attributes.retain(wanted);
        for new in &columns {
            let name = new.name.clone().unwrap_or_else(|| new.column.clone());
            let present = self.realtime.attributes.iter().find(|attribute| {
                matches!(attribute.spec, AttributeSpec::Imported(_)) && attribute.identifier == new.column
            });
            if let Some(present) = present {
                if present.name != name {
                    let id = present.id().to_owned();
                    if let Some(present) = self.realtime.attributes.find_mut(&id) {
                        present.name = name;
                    }
                }
                continue;
            }
            let id = self.realtime.imported_ids.entry(new.column.clone()).or_insert_with(|| self.ids.fresh());
            let id = id.clone();
            let column = self.columns.iter().find(|column| column.name == new.column);
            let spec = ImportedSpec {
                column: Some(new.column.clone()),
                data_type: column.map(|column| column.kind.clone()),
                sensitive: None,
            };
            // One that comes back starts anew, whatever it was before.
            self.realtime.stamps.remove(&id);
            self.realtime.touch(&id, self.now);
            self.realtime.attributes.push(RealtimeAttribute {
                id: Some(id),
                name,
                identifier: new.column.clone(),
                description: column.and_then(|column| column.description.clone()),
                spec: AttributeSpec::Imported(spec),
            });
        }
        self.realtime.setting.batch_attributes = columns;
    }
}

/// The combined limit is reached.
pub(super) fn too_many_items() -> Refusal {
    Refusal::invalid(
        Reason::ItemsTooMany,
        format!("Attributes and key columns together can't be more than {COMBINED_ITEMS}"),
    )
}

fn check_items(body: &Object, list: &str, fields: &[&str]) -> Result<(), Refusal> {
    let Some(Value::Array(items)) = body.get(list) else {
        return Err(Refusal::invalid(Reason::SettingListInvalid, format!("{list} must be a list")));
    };
    for item in items {
        match item {
            Value::Object(item) => only_or_later(item, fields)?,
            _ => {
                return Err(Refusal::invalid(
                    Reason::SettingItemInvalid,
                    format!("{list} must be a list of objects"),
                ));
            }
        }
    }
    Ok(())
}
