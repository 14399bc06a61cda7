//! Records of tables through the life of a sandbox: restarts, snapshots, resets.

use super::super::options::Options;
use super::super::state::Sandbox;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;

const DATABASE: &str = "web_events";
const TABLE: &str = "logins";

fn open(folder: Option<&Path>) -> Arc<Sandbox> {
    Sandbox::open(&Options { state: folder.map(Path::to_owned), ..Options::default() }).unwrap()
}

fn record(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A column of the last records of a table, oldest first.
fn column(sandbox: &Sandbox, table: &str, name: &str, count: u64) -> Vec<Value> {
    let records = sandbox.warehouse().tail(DATABASE, table, count).unwrap();
    records.iter().map(|record| record.get(name).cloned().unwrap_or_default()).collect()
}

#[test]
fn tables_have_the_records_of_the_seed_and_what_arrives() {
    let sandbox = open(None);
    let warehouse = sandbox.warehouse();
    let seeded = sandbox.read().catalog.table("crm", "customers").unwrap().data.clone();
    let customers = warehouse.tail("crm", "customers", u64::MAX).unwrap();
    assert_eq!(customers.len(), seeded.len());
    for (stored, seeded) in customers.iter().zip(seeded.iter()) {
        for (name, value) in seeded {
            let stored = stored.get(name).unwrap();
            let same = stored == value || stored.as_f64().is_some() && stored.as_f64() == value.as_f64();
            assert!(same, "{name}: {stored} {value}");
        }
    }
    let count = || sandbox.read().arrivals.of(DATABASE, TABLE).rows;
    let before = column(&sandbox, TABLE, "time", u64::MAX).len();
    warehouse.append(
        DATABASE,
        TABLE,
        &record(json!({"time": 7, "new": "a", "tags": ["x", 1], "deep": {"a": [1]}})),
    );
    warehouse.append(DATABASE, TABLE, &record(json!({"new": 5, "Other": 1.5})));
    assert_eq!(column(&sandbox, TABLE, "new", 2), [json!("a"), json!("5")]);
    let imported = (0..3).map(|number| record(json!({"time": number, "n": number}))).collect();
    assert_eq!(warehouse.import(DATABASE, TABLE, imported), Ok(3));
    assert_eq!(column(&sandbox, TABLE, "n", 4), [Value::Null, json!(0), json!(1), json!(2)]);
    assert_eq!(column(&sandbox, TABLE, "tags", 5)[0], json!(["x", "1"]));
    assert_eq!(column(&sandbox, TABLE, "deep", 5)[0], json!(r#"{"a":[1]}"#));
    assert_eq!((column(&sandbox, TABLE, "time", u64::MAX).len(), count()), (before + 5, 5));
    warehouse.append(DATABASE, "nowhere", &record(json!({})));
    assert!(warehouse.tail(DATABASE, "nowhere", 1).is_err());
    assert!(warehouse.import("nowhere", TABLE, Vec::new()).is_err());
}

#[test]
fn a_deleted_table_comes_back_empty() {
    let sandbox = open(None);
    let warehouse = sandbox.warehouse();
    assert!(
        warehouse.create_table("nowhere", "mine").is_err()
            && warehouse.create_table(DATABASE, TABLE).is_err()
    );
    warehouse.create_table(DATABASE, "mine").unwrap();
    warehouse.append(DATABASE, "mine", &record(json!({"a": "x"})));
    assert_eq!(column(&sandbox, "mine", "a", 9), ["x"]);
    // One that is not in the database yet.
    warehouse.append(DATABASE, "mine", &record(json!({"a": "y"})));
    warehouse.delete_table(DATABASE, "mine").unwrap();
    assert!(
        warehouse.delete_table(DATABASE, "mine").is_err() && warehouse.tail(DATABASE, "mine", 1).is_err()
    );
    warehouse.create_table(DATABASE, "mine").unwrap();
    assert_eq!(column(&sandbox, "mine", "a", 9), Vec::<Value>::new());
    warehouse.append(DATABASE, "mine", &record(json!({"a": 5})));
    assert_eq!(column(&sandbox, "mine", "a", 9), [json!(5)]);
}

#[tokio::test]
async fn records_survive_as_the_rest_of_the_state_does() {
    let folder = tempfile::tempdir().unwrap();
    let append = |sandbox: &Sandbox, value: &str| {
        sandbox.warehouse().append(DATABASE, TABLE, &record(json!({"time": 1, "word": value})));
        sandbox.changed();
    };
    let words = |sandbox: &Sandbox| column(sandbox, TABLE, "word", u64::MAX);
    let is = |sandbox: &Sandbox, wanted: &[&str]| {
        let found = words(sandbox);
        let found: Vec<&str> = found.iter().filter_map(Value::as_str).collect();
        assert_eq!(found, wanted);
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(!files.iter().any(|name| name.to_string_lossy().ends_with(".jsonl")), "{files:?}");
    };
    let sandbox = open(Some(folder.path()));
    append(&sandbox, "a");
    sandbox.safe().await.unwrap();
    sandbox.close();
    drop(sandbox);
    // What was not in the database yet is read again, and goes on after it.
    let sandbox = open(Some(folder.path()));
    append(&sandbox, "b");
    sandbox.safe().await.unwrap();
    is(&sandbox, &["a", "b"]);
    sandbox.warehouse().create_table(DATABASE, "mine").unwrap();
    append(&sandbox, "c");
    sandbox.safe().await.unwrap();
    sandbox.close();
    drop(sandbox);
    let sandbox = open(Some(folder.path()));
    is(&sandbox, &["a", "b", "c"]);
    assert!(sandbox.warehouse().tail(DATABASE, "mine", 1).is_ok());
    sandbox.save_snapshot("three").unwrap();
    append(&sandbox, "d");
    sandbox.reset().unwrap();
    is(&sandbox, &[]);
    assert!(sandbox.warehouse().tail(DATABASE, "mine", 1).is_err());
    append(&sandbox, "e");
    is(&sandbox, &["e"]);
    sandbox.restore_snapshot("three").unwrap();
    append(&sandbox, "f");
    is(&sandbox, &["a", "b", "c", "f"]);
    sandbox.changed();
    sandbox.safe().await.unwrap();
    sandbox.close();
    drop(sandbox);
    let sandbox = open(Some(folder.path()));
    is(&sandbox, &["a", "b", "c", "f"]);
    let old = |name: &str| name.starts_with("rows-") && !name.starts_with("rows-2.");
    let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
    assert_eq!(files.filter(|name| old(&name.to_string_lossy())).count(), 0);
    // Another folder, without the state, begins anew.
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("rows-2.sqlite3"), other.path().join("rows-0.sqlite3")).unwrap();
    let sandbox = open(Some(other.path()));
    assert_eq!(words(&sandbox).iter().filter(|word| word.is_string()).count(), 0);
}

#[test]
fn a_snapshot_without_a_state_folder_has_the_records_too() {
    let sandbox = open(None);
    let append = |value: &str| {
        sandbox.warehouse().append(DATABASE, TABLE, &record(json!({"time": 1, "word": value})));
    };
    append("a");
    sandbox.save_snapshot("one").unwrap();
    append("b");
    sandbox.restore_snapshot("one").unwrap();
    append("c");
    assert_eq!(column(&sandbox, TABLE, "word", 2), ["a", "c"]);
    sandbox.save_snapshot("two").unwrap();
    sandbox.reset().unwrap();
    sandbox.restore_snapshot("two").unwrap();
    assert_eq!(column(&sandbox, TABLE, "word", 2), ["a", "c"]);
}
