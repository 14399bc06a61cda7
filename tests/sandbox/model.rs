//! Random sequences of creates, changes and deletes against a plain in-memory model that predicts
//! every status and every listing. A failing sequence is shrunk to a short one.

mod journeys;
mod listings;
mod plain;

use super::{PS, VENDOR};
use crate::common::Platform;
use listings::{PARTS, changes};
use plain::{Attribute, KIND, Model, Personalization, TABLES};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One request. Resources are picked by their place, counted around; [`NO_PLACE`] is none.
#[derive(Debug, Clone)]
enum Step {
    Folder { name: usize },
    RenameFolder { pick: usize, name: usize },
    DeleteFolder { pick: usize },
    KeyEvent { name: usize, table: usize },
    ChangeKeyEvent { pick: usize, name: usize, table: usize },
    DeleteKeyEvent { pick: usize },
    Attribute { kind: usize, name: usize, identifier: usize, event: usize },
    RenameAttribute { pick: usize, name: usize },
    DeleteAttribute { pick: usize },
    Service { name: usize },
    RenameService { pick: usize, name: usize },
    DeleteService { pick: usize },
    Token { pick: usize, name: usize },
    DeleteToken { pick: usize, token: usize },
    Personalization { name: usize, event: usize, attribute: Option<usize> },
    ChangePersonalization { pick: usize, name: usize, event: usize, attribute: Option<usize> },
    DeletePersonalization { pick: usize },
    Setting { tables: u8, keys: u8, imported: u8 },
    Import { columns: u8 },
    Journey(journeys::Step),
}

/// Names that collide often; the first is blank. The last are names of columns as well.
const NAMES: [&str; 6] = ["", "ann", "bob", "cid", "city", "country"];
const KEYS: [&str; 3] = ["td_client_id", "email", "canonical_id"];
const COLUMNS: [&str; 3] = ["city", "country", "loyalty_tier"];
const NOBODY: &str = "999999";
const NO_PLACE: usize = 6;

fn pick() -> std::ops::RangeInclusive<usize> {
    0..=NO_PLACE
}

fn step() -> impl Strategy<Value = Step> {
    let name = || 0..NAMES.len();
    prop_oneof![
        2 => name().prop_map(|name| Step::Folder { name }),
        1 => (pick(), name()).prop_map(|(pick, name)| Step::RenameFolder { pick, name }),
        1 => pick().prop_map(|pick| Step::DeleteFolder { pick }),
        4 => (name(), 0..TABLES.len()).prop_map(|(name, table)| Step::KeyEvent { name, table }),
        2 => (pick(), name(), 0..TABLES.len())
            .prop_map(|(pick, name, table)| Step::ChangeKeyEvent { pick, name, table }),
        2 => pick().prop_map(|pick| Step::DeleteKeyEvent { pick }),
        4 => (0..KIND.len(), name(), name(), pick())
            .prop_map(|(kind, name, identifier, event)| Step::Attribute { kind, name, identifier, event }),
        2 => (pick(), name()).prop_map(|(pick, name)| Step::RenameAttribute { pick, name }),
        2 => pick().prop_map(|pick| Step::DeleteAttribute { pick }),
        2 => name().prop_map(|name| Step::Service { name }),
        1 => (pick(), name()).prop_map(|(pick, name)| Step::RenameService { pick, name }),
        1 => pick().prop_map(|pick| Step::DeleteService { pick }),
        2 => (pick(), name()).prop_map(|(pick, name)| Step::Token { pick, name }),
        1 => (pick(), pick()).prop_map(|(pick, token)| Step::DeleteToken { pick, token }),
        4 => (name(), pick(), proptest::option::of(pick()))
            .prop_map(|(name, event, attribute)| Step::Personalization { name, event, attribute }),
        2 => (pick(), name(), pick(), proptest::option::of(pick())).prop_map(|(pick, name, event, attribute)| {
            Step::ChangePersonalization { pick, name, event, attribute }
        }),
        1 => pick().prop_map(|pick| Step::DeletePersonalization { pick }),
        3 => (0..8_u8, 0..8_u8, 0..8_u8).prop_map(|(tables, keys, imported)| Step::Setting { tables, keys, imported }),
        2 => (0..8_u8).prop_map(|columns| Step::Import { columns }),
        16 => journeys::step().prop_map(Step::Journey),
    ]
}

/// The items whose bit is set.
fn some<'a>(items: &[&'a str], bits: u8) -> BTreeSet<&'a str> {
    items.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0).map(|(_, item)| *item).collect()
}

/// The id at a place.
fn at<T>(items: &BTreeMap<u64, T>, place: usize) -> String {
    let found = items.keys().nth(place % items.len().max(1)).filter(|_| place != NO_PLACE);
    found.map_or_else(|| NOBODY.to_owned(), u64::to_string)
}

struct Run<'a> {
    platform: &'a Platform,
    model: Model,
}

type Outcome = Result<(), TestCaseError>;

impl Run<'_> {
    /// Sends a request that must be answered `expected`; the id in the answer, 0 when there is none.
    fn send(
        &self,
        expected: u16,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<u64, TestCaseError> {
        let media = if path.starts_with("/entities") { VENDOR } else { "application/json" };
        let (status, answer) = self.platform.request_as(method, path, body.clone(), media, &[]);
        let sent = body.unwrap_or_default();
        prop_assert_eq!(status, expected, "{} {} {}: {}", method, path, sent, answer);
        let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
        Ok(id.and_then(|id| id.parse().ok()).unwrap_or(0))
    }

    fn step(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Folder { .. } | Step::RenameFolder { .. } | Step::DeleteFolder { .. } => self.folder(step),
            Step::Setting { .. } | Step::Import { .. } => self.setting(step),
            Step::Journey(step) => self.journey(step),
            Step::KeyEvent { .. } | Step::ChangeKeyEvent { .. } | Step::DeleteKeyEvent { .. } => {
                self.key_event(step)
            }
            Step::Attribute { .. } | Step::RenameAttribute { .. } | Step::DeleteAttribute { .. } => {
                self.attribute(step)
            }
            Step::Service { .. }
            | Step::RenameService { .. }
            | Step::DeleteService { .. }
            | Step::Token { .. }
            | Step::DeleteToken { .. } => self.service(step),
            Step::Personalization { .. }
            | Step::ChangePersonalization { .. }
            | Step::DeletePersonalization { .. } => self.personalization(step),
        }
    }

    fn folder(&mut self, step: &Step) -> Outcome {
        let all = format!("{PS}/folders");
        match *step {
            Step::Folder { name } => {
                let name = NAMES[name];
                let expected = self.model.folder(name);
                let body = json!({"name": name, "description": ""});
                let id = self.send(expected, "POST", &all, Some(body))?;
                if expected == 200 {
                    self.model.folders.insert(id, name);
                }
            }
            Step::RenameFolder { pick, name } => {
                let id = at(&self.model.folders, pick);
                let expected = self.model.rename_folder(&id, NAMES[name]);
                self.send(expected, "PATCH", &format!("{all}/{id}"), Some(json!({"name": NAMES[name]})))?;
            }
            Step::DeleteFolder { pick } => {
                let id = at(&self.model.folders, pick);
                let expected = self.model.delete_folder(&id);
                self.send(expected, "DELETE", &format!("{all}/{id}"), None)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn setting(&mut self, step: &Step) -> Outcome {
        match *step {
            Step::Setting { tables, keys, imported } => {
                let (tables, keys, imported) =
                    (some(&TABLES, tables), some(&KEYS, keys), some(&COLUMNS, imported));
                let body = json!({
                    "eventTables": tables.iter().map(|table| json!({"database": "web_events", "table": table})).collect::<Vec<_>>(),
                    "keyColumns": keys.iter().map(|key| json!({"name": key})).collect::<Vec<_>>(),
                    "batchAttributes": imported.iter().map(|column| json!({"column": column})).collect::<Vec<_>>(),
                    "extLookupKey": null});
                let expected = self.model.setting(&tables, &keys, &imported);
                self.send(expected, "PATCH", &format!("{PS}/realtime_setting"), Some(body))?;
            }
            Step::Import { columns } => {
                let columns = some(&COLUMNS, columns);
                let expected = self.model.import(&columns);
                let path = format!("{PS}/realtime_imported_attributes/bulk_update");
                self.send(expected, "POST", &path, Some(json!({ "columns": columns })))?;
            }
            _ => {}
        }
        self.learn_ids()
    }

    fn key_event(&mut self, step: &Step) -> Outcome {
        let all = format!("{PS}/realtime_key_events");
        let body = |name: usize, table: usize| {
            Some(
                json!({"name": NAMES[name], "databaseName": "web_events", "tableName": TABLES[table], "filterRule": {}}),
            )
        };
        match *step {
            Step::KeyEvent { name, table } => {
                let expected = self.model.key_event(None, NAMES[name], TABLES[table]);
                let id = self.send(expected, "POST", &all, body(name, table))?;
                if expected == 200 {
                    self.model.key_events.insert(id, (NAMES[name], TABLES[table]));
                }
            }
            Step::ChangeKeyEvent { pick, name, table } => {
                let id = at(&self.model.key_events, pick);
                let expected = self.model.key_event(Some(&id), NAMES[name], TABLES[table]);
                self.send(expected, "PATCH", &format!("{all}/{id}"), body(name, table))?;
            }
            Step::DeleteKeyEvent { pick } => {
                let id = at(&self.model.key_events, pick);
                let expected = self.model.delete_key_event(&id);
                self.send(expected, "DELETE", &format!("{all}/{id}"), None)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn attribute(&mut self, step: &Step) -> Outcome {
        let all = format!("{PS}/realtime_attributes");
        match *step {
            Step::Attribute { kind, name, identifier, event } => {
                let event = at(&self.model.key_events, event);
                let new = Attribute {
                    name: NAMES[name].to_owned(),
                    identifier: NAMES[identifier].to_owned(),
                    kind: KIND[kind],
                    event: event.parse().unwrap_or_default(),
                };
                let expected = self.model.attribute(&new);
                let id = self.send(expected, "POST", &all, Some(new.body(&event)))?;
                if expected == 200 {
                    self.model.attributes.insert(id, new);
                }
            }
            Step::RenameAttribute { pick, name } => {
                let id = at(&self.model.attribute_ids(), pick);
                let expected = self.model.rename_attribute(&id, NAMES[name]);
                self.send(expected, "PATCH", &format!("{all}/{id}"), Some(json!({"name": NAMES[name]})))?;
            }
            Step::DeleteAttribute { pick } => {
                let id = at(&self.model.attribute_ids(), pick);
                let expected = self.model.delete_attribute(&id);
                self.send(expected, "DELETE", &format!("{all}/{id}"), None)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn service(&mut self, step: &Step) -> Outcome {
        let all = format!("{PS}/realtime_personalization_services");
        match *step {
            Step::Service { name } => {
                let expected = self.model.service(None, NAMES[name]);
                let id = self.send(expected, "POST", &all, Some(json!({"name": NAMES[name]})))?;
                if expected == 200 {
                    self.model.services.insert(id, (NAMES[name], BTreeMap::new()));
                }
            }
            Step::RenameService { pick, name } => {
                let id = at(&self.model.services, pick);
                let expected = self.model.service(Some(&id), NAMES[name]);
                self.send(expected, "PATCH", &format!("{all}/{id}"), Some(json!({"name": NAMES[name]})))?;
            }
            Step::DeleteService { pick } => {
                let id = at(&self.model.services, pick);
                let expected =
                    if self.model.services.remove(&plain::number(&id)).is_some() { 200 } else { 404 };
                self.send(expected, "DELETE", &format!("{all}/{id}"), None)?;
            }
            Step::Token { pick, name } => {
                let id = at(&self.model.services, pick);
                let expected = self.model.token(&id, NAMES[name]);
                let path = format!("{all}/{id}/tokens");
                let token = self.send(expected, "POST", &path, Some(json!({"name": NAMES[name]})))?;
                if expected == 200
                    && let Some((_, tokens)) = self.model.services.get_mut(&plain::number(&id))
                {
                    tokens.insert(token, NAMES[name]);
                }
            }
            Step::DeleteToken { pick, token } => {
                let id = at(&self.model.services, pick);
                let none = BTreeMap::new();
                let tokens = self.model.services.get(&plain::number(&id)).map_or(&none, |(_, tokens)| tokens);
                let token = at(tokens, token);
                let expected = self.model.delete_token(&id, &token);
                self.send(expected, "DELETE", &format!("{all}/{id}/tokens/{token}"), None)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn personalization(&mut self, step: &Step) -> Outcome {
        let all = "/entities/realtime_personalizations";
        match *step {
            Step::Personalization { name, event, attribute } => {
                let new = self.wanted(name, event, attribute);
                let expected = self.model.personalization(None, &new);
                let id = self.send(expected, "POST", all, Some(new.body(&self.model)))?;
                if expected == 200 {
                    self.model.personalizations.insert(id, new);
                }
            }
            Step::ChangePersonalization { pick, name, event, attribute } => {
                let id = at(&self.model.personalizations, pick);
                let new = self.wanted(name, event, attribute);
                let body = new.body(&self.model);
                let expected = self.model.personalization(Some(&id), &new);
                self.send(expected, "PATCH", &format!("{all}/{id}"), Some(body))?;
            }
            Step::DeletePersonalization { pick } => {
                let id = at(&self.model.personalizations, pick);
                let gone = self.model.personalizations.remove(&plain::number(&id));
                let expected = if gone.is_some() { 200 } else { 404 };
                self.send(expected, "DELETE", &format!("{all}/{id}"), None)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn wanted(&self, name: usize, event: usize, attribute: Option<usize>) -> Personalization {
        Personalization {
            name: NAMES[name],
            event: plain::number(&at(&self.model.key_events, event)),
            attribute: attribute.map(|place| plain::number(&at(&self.model.attribute_ids(), place))),
        }
    }
}

/// What every sequence starts with.
fn start() -> [Step; 4] {
    [
        Step::Setting { tables: 0b011, keys: 0b001, imported: 0b100 },
        Step::KeyEvent { name: 1, table: 0 },
        Step::Attribute { kind: 1, name: 1, identifier: 1, event: 0 },
        Step::Journey(journeys::Step::Create { name: 1, folder: 0 }),
    ]
}

#[test]
fn the_sandbox_does_what_a_plain_model_says() {
    let platform = Platform::start();
    let config = ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() };
    let run = |steps: Vec<Step>| {
        platform.control("reset", json!({}));
        let mut run = Run { platform: &platform, model: Model::default() };
        // Else most sequences spend themselves on what is not there yet.
        for step in start() {
            run.step(&step)?;
        }
        for (number, step) in steps.iter().enumerate() {
            run.step(step)?;
            // In turn also what the step has nothing to do with.
            run.check(changes(step).iter().copied().chain([number % PARTS]))?;
        }
        run.check(0..PARTS)
    };
    let steps = proptest::collection::vec(step(), 1..80);
    if let Err(error) = TestRunner::new(config).run(&steps, run) {
        panic!("{error}");
    }
}
