//! The listings, compared with the model.

use super::{COLUMNS, Outcome, PS, Run, Step, journeys, plain};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

impl Run<'_> {
    /// The ids of imported attributes are nowhere else to be seen.
    pub fn learn_ids(&mut self) -> Outcome {
        let page = self.platform.get(&format!("{PS}/realtime_attributes?types=imported"));
        for item in page["data"].as_array().into_iter().flatten() {
            let column = COLUMNS.into_iter().find(|column| item["identifier"] == *column).unwrap_or_default();
            let id = item["id"].as_str().map_or(0, plain::number);
            prop_assert_eq!(*self.model.column_ids.entry(column).or_insert(id), id, "{}", column);
        }
        Ok(())
    }

    /// These listings are those of the model.
    pub fn check(&self, parts: impl IntoIterator<Item = usize>) -> Outcome {
        let model = &self.model;
        let (pages, entities) = (format!("{PS}/realtime_"), "/entities/parent_segments/394649/realtime_");
        for part in parts {
            let (path, fields, expected) = match part {
                0 => (format!("{PS}/folders"), &["/id", "/name"][..], model.folder_rows()),
                1 => (
                    format!("{pages}key_events"),
                    &["/id", "/name", "/tableName"][..],
                    model.key_event_rows(),
                ),
                2 => (
                    format!("{pages}attributes"),
                    &["/name", "/identifier", "/type"][..],
                    model.attribute_rows(),
                ),
                3 => (
                    format!("{pages}personalization_services"),
                    &["/id", "/name", "/tokens"][..],
                    model.service_rows(),
                ),
                4 => (
                    format!("{entities}personalizations"),
                    &["/id", "/attributes/name"][..],
                    model.personalization_rows(),
                ),
                5 => (format!("{entities}journeys"), &journeys::SHOWN[..], model.journey_rows()),
                6 => (format!("{entities}activations"), &journeys::SENDS[..], model.activation_rows()),
                _ => {
                    self.check_setting()?;
                    continue;
                }
            };
            prop_assert_eq!(rows(&self.platform.get(&path), fields), expected, "{}", path);
        }
        Ok(())
    }

    fn check_setting(&self) -> Outcome {
        let setting = self.platform.get(&format!("{PS}/realtime_setting"));
        let names = |list: &str, field: &str| -> BTreeSet<String> {
            let items = setting[list].as_array().into_iter().flatten();
            items.filter_map(|item| item[field].as_str()).map(str::to_owned).collect()
        };
        let owned = |items: &BTreeSet<&str>| items.iter().map(|item| (*item).to_owned()).collect();
        prop_assert_eq!(names("eventTables", "table"), owned(&self.model.tables));
        prop_assert_eq!(names("keyColumns", "name"), owned(&self.model.keys));
        prop_assert_eq!(names("batchAttributes", "column"), owned(&self.model.imported()));
        Ok(())
    }
}

/// Number of listings.
pub const PARTS: usize = 8;

/// The listings that a step can change.
pub fn changes(step: &Step) -> &'static [usize] {
    match step {
        Step::Folder { .. } | Step::RenameFolder { .. } | Step::DeleteFolder { .. } => &[0],
        Step::KeyEvent { .. } | Step::ChangeKeyEvent { .. } | Step::DeleteKeyEvent { .. } => &[1],
        Step::Attribute { .. } | Step::RenameAttribute { .. } => &[2],
        Step::DeleteAttribute { .. } | Step::Setting { .. } | Step::Import { .. } => &[2, 7],
        Step::Service { .. }
        | Step::RenameService { .. }
        | Step::DeleteService { .. }
        | Step::Token { .. }
        | Step::DeleteToken { .. } => &[3],
        Step::Personalization { .. }
        | Step::ChangePersonalization { .. }
        | Step::DeletePersonalization { .. } => &[4],
        Step::Journey(_) => &[5, 6],
    }
}

/// What a listing shows of each item. A token shows more than its name; its value is hidden.
fn rows(page: &Value, fields: &[&str]) -> BTreeSet<String> {
    let items = page["data"].as_array().or_else(|| page.as_array()).into_iter().flatten();
    let field = |item: &Value, pointer: &str| match item.pointer(pointer) {
        Some(Value::Array(tokens)) => tokens.iter().map(|token| token["name"].clone()).collect(),
        found => found.cloned().unwrap_or_default(),
    };
    let row = |item: &Value| fields.iter().map(|pointer| field(item, pointer)).collect::<Value>().to_string();
    items.map(row).collect()
}
