//! The rules of the store over the demo data.

use super::Store;
use super::body::Object;
use super::record::RowChange;
use crate::sandbox::refusal::{Refusal, RefusalKind};
use crate::sandbox::seed::Seed;
use crate::sandbox::store::rollout::Settle;
use serde_json::{Value, json};

const PS: &str = "394649";

fn store() -> Store {
    Seed::Demo.store("1", 0, Settle::AfterReads(1), 0).unwrap()
}

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// The setting with `pageviews` added and the profile key set.
fn setting(store: &Store) -> Object {
    let mut setting = object(serde_json::to_value(&store.realtime(PS).unwrap().setting).unwrap());
    let tables = setting.get_mut("eventTables").unwrap().as_array_mut().unwrap();
    tables.push(json!({"database": "web_events", "table": "pageviews"}));
    setting.insert("extLookupKey".into(), json!("customer_id"));
    setting
}

fn event(name: &str, filter: Value) -> Object {
    object(json!({
        "name": name, "databaseName": "web_events", "tableName": "pageviews", "filterRule": filter
    }))
}

fn list(event: &str) -> Object {
    object(json!({
        "name": "browsed", "identifier": "browsed", "type": "list", "realtimeKeyEventId": event,
        "idColumn": "product_id",
        "aggregations": [{"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "product_id"}]
    }))
}

fn personalization(name: &str, event: &str, attribute: &str) -> Object {
    object(json!({"attributes": {
        "audienceId": PS, "name": name, "description": null,
        "sections": [{
            "name": "S",
            "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}},
            "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": {
                "attributePayload": [{"realtimeAttributeId": attribute, "subAttributeIdentifier": "i", "outputName": "o"}],
                "segmentPayload": null, "stringBuilder": null}}}
        }]
    }}))
}

/// A configured store with the ids of a key event, a list attribute and a personalization.
fn configured() -> (Store, String, String, String) {
    let mut store = store();
    let setting = setting(&store);
    store.edit(PS, 0).unwrap().update_setting(&setting).unwrap();
    let event = store.edit(PS, 0).unwrap().create_key_event(&event("view", json!({}))).unwrap();
    let attribute = store.edit(PS, 0).unwrap().create_attribute(&list(&event)).unwrap();
    let id = store.create_personalization(&personalization("web", &event, &attribute), 0).unwrap();
    (store, event, attribute, id)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Refusal>, kind: RefusalKind, part: &str) {
    let refusal = answer.unwrap_err();
    assert!(refusal.kind == kind && refusal.message().contains(part), "{refusal:?}");
}

#[test]
fn a_setting_needs_all_fields_and_its_lists_replace() {
    let mut store = store();
    let mut edit = store.edit(PS, 0).unwrap();
    refused(edit.update_setting(&object(json!({"eventTables": []}))), RefusalKind::Invalid, "keyColumns");
    let empty = object(json!({
        "keyColumns": [], "eventTables": [], "batchAttributes": [], "extLookupKey": null
    }));
    edit.update_setting(&empty).unwrap();
    let realtime = store.realtime(PS).unwrap();
    assert!(realtime.setting.key_columns.is_empty() && realtime.setting.event_tables.is_empty());
    assert!(realtime.attributes.is_empty(), "imported attributes go with batchAttributes");
}

#[test]
fn the_lookup_key_is_the_profile_key_and_stays() {
    let mut store = store();
    let mut body = setting(&store);
    let mut set = |key: Value| {
        body.insert("extLookupKey".into(), key);
        store.edit(PS, 0).unwrap().update_setting(&body)
    };
    refused(set(json!("email")), RefusalKind::Invalid, "'customer_id'");
    set(Value::Null).unwrap();
    set(json!("customer_id")).unwrap();
    refused(set(Value::Null), RefusalKind::Invalid, "can't be changed");
}

#[test]
fn tables_must_exist_and_key_events_hold_theirs() {
    let (mut store, ..) = configured();
    let mut body = setting(&store);
    body.insert("eventTables".into(), json!([{"database": "web_events", "table": "nope"}]));
    refused(store.edit(PS, 0).unwrap().update_setting(&body), RefusalKind::Invalid, "does not exist");
    body.insert("eventTables".into(), json!([]));
    refused(store.edit(PS, 0).unwrap().update_setting(&body), RefusalKind::Invalid, "'view' uses it");
    body.insert("eventTables".into(), json!([{"database": "web_events", "table": "pageviews"}]));
    // A key that no table has is accepted, as the platform accepts it.
    body.insert("keyColumns".into(), json!([{"name": "nobody_has_this"}]));
    store.edit(PS, 0).unwrap().update_setting(&body).unwrap();
    body.insert("keyColumns".into(), json!([{"name": "a", "validRegexp": "("}]));
    refused(store.edit(PS, 0).unwrap().update_setting(&body), RefusalKind::Invalid, "regexp");
}

#[test]
fn imported_attributes_are_one_set_with_stable_ids() {
    let (mut store, ..) = configured();
    let mut import = |columns: Value| {
        store.edit(PS, 0).unwrap().bulk_update_imported(&object(json!({"columns": columns})))?;
        let realtime = store.realtime(PS)?;
        let found = realtime.attributes.iter().find(|a| a.identifier == "country").and_then(|a| a.id.clone());
        Ok::<_, Refusal>((found, realtime.setting.batch_attributes.len()))
    };
    let (first, _) = import(json!(["country", "city"])).unwrap();
    assert_eq!(import(json!(["city"])).unwrap(), (None, 1));
    assert_eq!(import(json!(["country"])).unwrap(), (first, 1), "the id comes back");
    refused(import(json!(["shoe_size"])), RefusalKind::Invalid, "shoe_size");
}

#[test]
fn names_are_unique_and_filters_limited() {
    let (mut store, key_event, ..) = configured();
    let mut edit = store.edit(PS, 0).unwrap();
    refused(
        edit.create_key_event(&event("view", json!({}))),
        RefusalKind::Invalid,
        "Name has already been taken",
    );
    let long = json!({"type": "Column", "column": "x", "operator": {"type": "Equal", "rightValue": "y".repeat(996)}});
    refused(edit.create_key_event(&event("long", long)), RefusalKind::Invalid, "the limit is 1000");
    refused(edit.create_attribute(&list(&key_event)), RefusalKind::Invalid, "Name has already been taken");
    let service = object(json!({"name": "web"}));
    edit.create_service(&service).unwrap();
    refused(edit.create_service(&service), RefusalKind::Invalid, "Name has already been taken");
}

#[test]
fn what_is_in_use_stays() {
    let (mut store, event, attribute, personalization) = configured();
    refused(store.edit(PS, 0).unwrap().delete_key_event(&event), RefusalKind::Conflict, "'browsed'");
    refused(store.edit(PS, 0).unwrap().delete_attribute(&attribute), RefusalKind::Conflict, "'web'");
    let nothing = object(json!({"aggregations": []}));
    refused(store.edit(PS, 0).unwrap().update_attribute(&attribute, &nothing), RefusalKind::Conflict, "'i'");
    store.delete_personalization(&personalization, 0).unwrap();
    store.edit(PS, 0).unwrap().delete_attribute(&attribute).unwrap();
    store.edit(PS, 0).unwrap().delete_key_event(&event).unwrap();
}

#[test]
fn a_personalization_is_checked_as_a_whole() {
    let (mut store, event, attribute, id) = configured();
    let again = personalization("web", &event, &attribute);
    refused(store.create_personalization(&again, 0), RefusalKind::Invalid, "Name has already been taken");
    let refusal = store.create_personalization(&personalization("b", "77", "78"), 0).unwrap_err();
    let pointers: Vec<_> = refusal.problems.iter().filter_map(|p| p.pointer.as_deref()).collect();
    assert_eq!(pointers.len(), 2, "{refusal:?}");
    assert!(pointers.contains(&"/attributes/sections/0/entryCriteria/keyEventCriteria/keyEventId"));
    let mut elsewhere = again.clone();
    elsewhere.insert(
        "relationships".into(),
        json!({"parentFolder": {"data": {"id": "1", "type": "folder-segment"}}}),
    );
    refused(store.create_personalization(&elsewhere, 0), RefusalKind::NotFound, "Record not found");
    store.update_personalization(&id, &again, 0).unwrap();
}

#[test]
fn tokens_are_limited_and_go_with_their_service() {
    let (mut store, ..) = configured();
    let mut edit = store.edit(PS, 0).unwrap();
    let service = edit.create_service(&object(json!({"name": "web"}))).unwrap();
    let token = edit.create_token(&service, &object(json!({"name": "t"}))).unwrap().value.unwrap();
    for _ in 0..49 {
        edit.create_token(&service, &object(json!({"name": "t"}))).unwrap();
    }
    refused(edit.create_token(&service, &object(json!({"name": "t"}))), RefusalKind::Invalid, "50");
    assert!(store.token_owner(&token).is_some());
    store.edit(PS, 0).unwrap().delete_service(&service).unwrap();
    assert!(store.token_owner(&token).is_none());
}

/// The work of each create is the same however many there are: three rows of the same size, the
/// attribute's own among them, and nothing is compiled until an event needs it.
#[test]
fn setting_up_many_attributes_is_linear() {
    let (mut store, event, ..) = configured();
    store.take_changes().unwrap();
    let before = store.realtime(PS).unwrap().attributes.len();
    let mut bytes = Vec::new();
    for n in 0..590 {
        let mut body = list(&event);
        body.insert("name".into(), json!(format!("list {n:03}")));
        body.insert("identifier".into(), json!(format!("list_{n:03}")));
        store.edit(PS, 0).unwrap().create_attribute(&body).unwrap();
        let rows = store.take_changes().unwrap();
        let row = |change: &RowChange| match change {
            RowChange::Put(row) => row.body.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(rows.len(), 3, "{rows:?}");
        bytes.push(rows.iter().map(row).sum::<usize>());
        assert!(!store.realtime(PS).unwrap().is_compiled());
    }
    // Numbers that count up get longer, nothing else.
    assert!(bytes[589] <= bytes[0] + 8, "{bytes:?}");
    assert_eq!(store.realtime(PS).unwrap().attributes.len(), before + 590);
    store.realtime(PS).unwrap().program().unwrap();
    assert!(store.realtime(PS).unwrap().is_compiled());
}
