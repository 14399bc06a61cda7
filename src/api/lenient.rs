//! Reading answers as leniently as is safe: what an answer has in another type is brought into the one
//! of the published contract, `null` counts as absent, and what is not used is not looked at.
//!
//! The wire types themselves stay strict, because the sandbox refuses with them what the platform
//! refuses. What would be written back, such as lists of a setting, is never guessed: where it cannot
//! be read, the error names the operation and the item.

use super::{ApiError, Failure};
use crate::platform::fields;
use crate::secrets::Secrets;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// A request whose answer is read, and what no message about it may show.
pub(super) struct Operation {
    /// Method and path.
    pub(super) name: String,
    /// The credentials in use.
    pub(super) secrets: Arc<Secrets>,
}

/// How a field is read.
#[derive(Clone, Copy)]
enum Kind {
    /// A string: numbers and booleans as they are spelled.
    Text,
    /// A string for people, or JSON in a string: anything as it is spelled.
    Note,
    /// A list of strings.
    Texts,
    /// A whole number, also as a string; absent when it is none.
    Count,
    /// True or false, also as a string or number; absent when it is neither.
    Flag,
    /// A list or an object; only `null` is taken as absent.
    Part,
    /// An object; absent when it is none.
    Aside,
}

/// Parts that are kept word for word, that are never read, or whose form is open.
const OPAQUE: [&str; 12] = [
    "filterRule",
    "keyEventFilters",
    "profileCriteria",
    "increment",
    "catalogPayload",
    "statusDetailed",
    "relationships",
    "behaviors",
    "referencingRealtimeAttributes",
    "createdBy",
    "updatedBy",
    "schema",
];

/// Parts that are rules.
const RULES: [&str; 3] = ["filterRule", "keyEventFilters", "profileCriteria"];

/// Fields that only answers have, or that are read in another way than they are checked when they are sent.
const ANSWERED: [(Kind, &[&str]); 5] = [
    (
        Kind::Text,
        &[
            "value",
            "profileKey",
            "profileKeyColumn",
            "status",
            "nextPage",
            "workflowSessionId",
            "workflowAttemptId",
            "createdAt",
            "finishedAt",
        ],
    ),
    (
        Kind::Note,
        &[
            "type",
            "audienceId",
            "description",
            "matrixColumnDescription",
            "groupingName",
            "created_at",
            "updated_at",
            "exportJson",
            "exportAdvancedJson",
            "parentDatabaseName",
            "parentTableName",
            "parentColumn",
            "parentKey",
            "foreignKey",
        ],
    ),
    (Kind::Count, &["count", "population"]),
    (Kind::Flag, &["includeSensitive", "paused"]),
    (
        Kind::Part,
        &[
            "data",
            "pagination",
            "databases",
            "tables",
            "attributes",
            "keyColumns",
            "eventTables",
            "batchAttributes",
            "aggregations",
            "actions",
            "subDurations",
            "lookupCatalogColumns",
            "lookupKeys",
            "sections",
            "tokens",
            "steps",
            "exitCriterias",
            "connector",
            "definition",
            "batchSegments",
        ],
    ),
];

/// How each field is read: as [`ANSWERED`] says, else as what is sent is checked ([`fields`]).
static KINDS: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| {
    let sent = fields::every().into_iter().filter_map(|field| {
        let kind = match field.kind {
            fields::FieldKind::Text | fields::FieldKind::Name | fields::FieldKind::Word(_) => Kind::Text,
            fields::FieldKind::Count | fields::FieldKind::Index => Kind::Count,
            fields::FieldKind::Flag => Kind::Flag,
            fields::FieldKind::List(fields::FieldKind::Text | fields::FieldKind::Name) => Kind::Texts,
            _ => return None,
        };
        Some((field.key, kind))
    });
    let answered = ANSWERED.into_iter().flat_map(|(kind, names)| names.iter().map(move |name| (*name, kind)));
    sent.chain(answered).chain([("relationships", Kind::Aside)]).collect()
});

/// How a field is read, by its name and that of the field that holds its object.
fn kind(parent: &str, name: &str) -> Option<Kind> {
    match (parent, name) {
        ("duration" | "subDurations", "value") => Some(Kind::Count),
        _ => KINDS.get(name).copied(),
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(operation: &Operation, mut answer: Value) -> Result<T, ApiError> {
    settle("", &mut answer);
    serde_json::from_value(answer).map_err(|error| unreadable(operation, &error.to_string()))
}

/// Reads the items of a list; the error names the one that cannot be read.
pub(super) fn read_all<T: DeserializeOwned>(
    operation: &Operation,
    items: Vec<Value>,
) -> Result<Vec<T>, ApiError> {
    let read = |(number, mut item): (usize, Value)| {
        settle("", &mut item);
        let what = ["/name", "/attributes/name", "/id"];
        let what = what.iter().find_map(|at| item.pointer(at)?.as_str()).map(|name| format!(" ('{name}')"));
        serde_json::from_value(item).map_err(|error| {
            unreadable(operation, &format!("item {number}{}: {error}", what.unwrap_or_default()))
        })
    };
    (1..).zip(items).map(read).collect()
}

/// The same for a listing of things that are named by their ids elsewhere.
pub(super) fn read_named<T: DeserializeOwned>(
    operation: &Operation,
    items: Vec<Value>,
) -> Result<Vec<T>, ApiError> {
    match items.iter().position(|item| item.get("id").and_then(id_text).is_none()) {
        Some(index) => Err(unreadable(operation, &format!("item {} has no id", index.saturating_add(1)))),
        None => read_all(operation, items),
    }
}

/// The items of a listing: a plain array, or one in `data`, as `GET /entities/parent_segments` has
/// been seen in both forms.
pub(super) fn items(operation: &Operation, answer: Value) -> Result<Vec<Value>, ApiError> {
    match answer {
        Value::Array(items) => Ok(items),
        Value::Object(mut map) => match map.remove("data") {
            Some(Value::Array(items)) => Ok(items),
            Some(one @ Value::Object(_)) => Ok(vec![one]),
            _ => Err(unreadable(operation, "it is no list")),
        },
        _ => Err(unreadable(operation, "it is no list")),
    }
}

/// An answer that is not what the contract says.
pub(super) fn unreadable(operation: &Operation, why: &str) -> ApiError {
    let message = format!("{}: the answer is not what the contract says: {why}", operation.name);
    ApiError::local(Failure::Unreadable, operation.secrets.hide(&message))
}

/// Brings the fields of an answer into the types of the contract. `parent` is the field that holds it.
fn settle(parent: &str, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| settle(parent, item)),
        Value::Object(map) => settle_fields(parent, map),
        _ => {}
    }
}

fn settle_fields(parent: &str, map: &mut Map<String, Value>) {
    map.retain(|name, value| kind(parent, name).is_none_or(|kind| fits(kind, value)));
    for (name, value) in map.iter_mut().filter(|(name, _)| !OPAQUE.contains(&name.as_str())) {
        match (name.as_str(), value) {
            // By their UUIDs; one of a form that this version does not know is kept word for word.
            ("steps", Value::Object(steps)) => {
                steps.values_mut().filter(|step| is_known_step(step)).for_each(|step| settle("step", step));
            }
            (name, value) => settle(name, value),
        }
    }
    map.iter_mut().filter(|(name, _)| RULES.contains(&name.as_str())).for_each(|(_, rule)| settle_rule(rule));
}

/// Rules are kept word for word but for the ids of attributes, which are numbers in some answers.
fn settle_rule(rule: &mut Value) {
    match rule {
        Value::Array(rules) => rules.iter_mut().for_each(settle_rule),
        Value::Object(map) => {
            if let Some(id) = map.get_mut("realtimeAttributeId").filter(|id| id.is_u64()) {
                *id = id.to_string().into();
            }
            map.get_mut("conditions").into_iter().for_each(settle_rule);
        }
        _ => {}
    }
}

fn is_known_step(step: &Value) -> bool {
    let known = ["WaitStep", "TriggeredActivation", "DecisionPoint", "Merge", "Jump", "End", "Variant"];
    step.get("type").and_then(Value::as_str).is_some_and(|kind| known.contains(&kind))
}

/// Changes a value into its kind; whether it is one now, or is to be reported by the reader.
fn fits(kind: Kind, value: &mut Value) -> bool {
    let whole = |number: &Number| {
        let float = number.as_f64().filter(|float| *float >= 0.0)?;
        number.as_u64().or((float.fract() == 0.0 && float < 2_f64.powi(53)).then_some(float as u64))
    };
    match (kind, &mut *value) {
        (_, Value::Null) => return false,
        (Kind::Text | Kind::Note, Value::Number(_) | Value::Bool(_))
        | (Kind::Note, Value::Array(_) | Value::Object(_)) => *value = value.to_string().into(),
        (Kind::Texts, Value::Array(items)) => items.retain_mut(|item| fits(Kind::Text, item)),
        (Kind::Count, Value::Number(number)) => match whole(number) {
            Some(count) => *value = count.into(),
            None => return false,
        },
        (Kind::Count, Value::String(text)) => match text.trim().parse::<u64>() {
            Ok(count) => *value = count.into(),
            Err(_) => return false,
        },
        (Kind::Count, _) => return false,
        (Kind::Flag, Value::Bool(_)) => {}
        (Kind::Flag, Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => *value = true.into(),
            "false" | "0" => *value = false.into(),
            _ => return false,
        },
        (Kind::Flag, Value::Number(number)) => match number.as_u64() {
            Some(flag @ (0 | 1)) => *value = (flag == 1).into(),
            _ => return false,
        },
        (Kind::Flag, _) => return false,
        (Kind::Aside, other) => return other.is_object(),
        _ => {}
    }
    true
}

/// Ids are numbers in some answers and strings in others.
pub(crate) fn id_text(id: &Value) -> Option<String> {
    id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get() -> Operation {
        Operation { name: "GET /x".to_owned(), secrets: Arc::default() }
    }
    use crate::platform::wire::{KeyEvent, RealtimeAttribute, RealtimeSetting};
    use serde_json::json;

    #[test]
    fn other_types_are_brought_into_those_of_the_contract() {
        let attribute: RealtimeAttribute = read(
            &get(),
            json!({"id": 7, "name": 1.10, "identifier": true, "type": "list", "realtimeKeyEventId": 5,
                "idColumn": "a", "fields": [1, null, "b"], "aggregations": null, "actions": null,
                "duration": {"value": "30", "unit": "day"}, "maxItems": 5.0, "description": {"a": 1}}),
        )
        .unwrap();
        let shown = json!(attribute);
        assert_eq!(
            [
                &shown["id"],
                &shown["name"],
                &shown["identifier"],
                &shown["fields"],
                &shown["duration"]["value"]
            ],
            [&json!("7"), &json!("1.1"), &json!("true"), &json!(["1", "b"]), &json!(30)]
        );
        assert_eq!((&shown["maxItems"], &shown["description"]), (&json!(5), &json!(r#"{"a":1}"#)));
    }

    #[test]
    fn what_would_be_written_back_is_not_guessed() {
        for lists in [json!({}), json!({"keyColumns": null}), json!({"keyColumns": "a"})] {
            let mut setting = json!({"status": "ok", "eventTables": [], "batchAttributes": []});
            setting.as_object_mut().unwrap().extend(lists.as_object().unwrap().clone());
            let error = read::<RealtimeSetting>(&get(), setting).unwrap_err();
            assert!(error.message.starts_with("GET /x: "), "{error}");
        }
    }

    #[test]
    fn an_item_that_cannot_be_read_is_named() {
        let items = vec![
            json!({"id": 1, "name": "a", "databaseName": "d", "tableName": "t", "filterRule": null}),
            json!({"id": 2, "name": "b", "databaseName": "d"}),
        ];
        let error = read_all::<KeyEvent>(&get(), items).unwrap_err();
        assert!(error.message.contains("item 2 ('b'): missing field `tableName`"), "{error}");
    }
}
