//! Databases, tables and imports.

use super::{put, rows, table};
use crate::common::Platform;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use tdx_rt::sandbox::Options;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("into memory");
    packed.finish().expect("into memory")
}

fn post(platform: &Platform, path: &str) -> (u16, Value) {
    platform.request("POST", path, None)
}

#[test]
fn tables_and_databases_are_made_and_deleted() {
    let platform = Platform::start();
    let ok = |path: &str| {
        let (status, answer) = post(&platform, path);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    assert_eq!(ok("/v3/database/create/sales"), json!({"database": "sales"}));
    assert_eq!(post(&platform, "/v3/database/create/sales").0, 409);
    assert_eq!(
        ok("/v3/table/create/sales/orders/log"),
        json!({"database": "sales", "table": "orders", "type": "log"})
    );
    assert_eq!(post(&platform, "/v3/table/create/sales/orders/log").0, 409);
    assert_eq!(post(&platform, "/v3/table/create/sales/orders2/item").0, 422);
    assert_eq!(post(&platform, "/v3/table/create/sales/Or-ders/log").0, 422);
    assert_eq!(post(&platform, "/v3/table/create/nothing/orders/log").0, 404);
    assert_eq!(post(&platform, "/v3/database/create/x").0, 422);
    let shown = platform.get("/v3/table/show/sales/orders");
    assert_eq!((&shown["count"], &shown["name"]), (&json!(0), &json!("orders")));
    assert_eq!(ok("/v3/table/delete/sales/orders")["type"], "log");
    assert_eq!(post(&platform, "/v3/table/delete/sales/orders").0, 404);
    ok("/v3/table/create/sales/orders/log");
    ok("/v3/database/delete/sales");
    assert_eq!(post(&platform, "/v3/database/delete/sales").0, 404);
    assert_eq!(platform.request("GET", "/v3/table/list/sales", None).0, 404);
    // What a parent segment reads stays.
    for path in ["/v3/table/delete/crm/customers", "/v3/database/delete/crm"] {
        let (status, answer) = post(&platform, path);
        assert!(
            status == 409 && answer["error"].as_str().is_some_and(|e| e.contains("reads it")),
            "{answer}"
        );
    }
    assert_eq!(platform.get("/v3/system/server_status"), json!({"status": "ok"}));
}

#[test]
fn each_format_of_an_import() {
    let platform = Platform::start();
    table(&platform, "visits", &[]);
    let record = |n: i64| json!({"time": 1_761_955_000 + n, "n": n, "who": format!("v{n}")});
    let packed = |n: i64| {
        let fields = [
            ("time", rmpv::Value::from(1_761_955_000 + n)),
            ("n", n.into()),
            ("who", format!("v{n}").into()),
        ];
        let map = fields.map(|(name, value)| (rmpv::Value::from(name), value)).to_vec();
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &rmpv::Value::Map(map)).expect("into memory");
        bytes
    };
    for (format, body) in [
        ("json", format!("{}\n\n{}\n", record(1), record(2)).into_bytes()),
        ("json.gz", gz(record(3).to_string().as_bytes())),
        ("msgpack", [packed(4), packed(5)].concat()),
        ("msgpack.gz", [gz(&packed(6)), gz(&packed(7))].concat()),
    ] {
        let (status, answer) = put(&platform, &format!("/v3/table/import/web_events/visits/{format}"), body);
        assert!(status == 200 && answer["elapsed_time"].is_number(), "{format}: {status} {answer}");
    }
    let found = rows(&platform, "SELECT n, who, time FROM visits ORDER BY n");
    let wanted: Vec<Value> = (1..=7).map(|n| json!([n, format!("v{n}"), 1_761_955_000 + n])).collect();
    assert_eq!(found, wanted);
    assert_eq!(platform.get("/v3/table/show/web_events/visits")["count"], 7);
    for (format, body) in [
        ("json", b"{\"n\": 1}\n[2]".to_vec()),
        ("json", b"{\"n\": 1}\n{".to_vec()),
        ("msgpack", [packed(8), vec![0xc1]].concat()),
        ("msgpack", [packed(8), vec![7]].concat()),
        ("msgpack.gz", packed(8)),
        ("csv", b"n\n1\n".to_vec()),
    ] {
        let (status, answer) = put(&platform, &format!("/v3/table/import/web_events/visits/{format}"), body);
        assert!(status == 422 && answer["error"].is_string(), "{format}: {status} {answer}");
    }
    assert_eq!(
        rows(&platform, "SELECT count(*) FROM visits"),
        [json!([7])],
        "nothing of a wrong import is taken"
    );
    assert_eq!(put(&platform, "/v3/table/import/web_events/nothing/json", Vec::new()).0, 404);
}

#[test]
fn an_import_with_the_id_of_an_earlier_one_is_not_counted_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { state: Some(folder.path().to_owned()), ..Options::default() };
    let platform = Platform::with(options());
    table(&platform, "visits", &[]);
    let send = |platform: &Platform, id: &str| {
        let path = format!("/v3/table/import_with_id/web_events/visits/{id}/json");
        let (status, answer) = put(platform, &path, b"{\"n\": 1}".to_vec());
        assert_eq!((status, answer["unique_id"].as_str()), (200, Some(id)), "{answer}");
    };
    let count = |platform: &Platform| rows(platform, "SELECT count(*) FROM visits")[0][0].clone();
    platform.control("faults", json!({"kind": "status", "status": 503, "method": "PUT"}));
    let path = "/v3/table/import_with_id/web_events/visits/a/json";
    assert_eq!(put(&platform, path, b"{\"n\": 1}".to_vec()).0, 503);
    for id in ["a", "a", "b"] {
        send(&platform, id);
    }
    assert_eq!(count(&platform), 2);
    platform.stop();
    let platform = Platform::with(options());
    send(&platform, "a");
    send(&platform, "c");
    assert_eq!(count(&platform), 3);
    assert_eq!(put(&platform, &path.replace("/a/", "/d/"), b"{".to_vec()).0, 422);
    send(&platform, "d");
    assert_eq!(count(&platform), 4, "a wrong import may be repeated");
}

#[test]
fn the_tail_of_a_table() {
    let platform = Platform::start();
    let records: Vec<Value> =
        (0..5).map(|n| json!({"time": 1_761_955_000 + n, "n": n, "l": ["x"]})).collect();
    table(&platform, "visits", &records);
    let tail = |query: &str| {
        let key = format!("TD1 {}", platform.api_key);
        let path = format!("/v3/table/tail/web_events/visits{query}");
        let (status, headers, body) = platform.raw("GET", &path, &[("authorization", &key)], Vec::new());
        assert_eq!((status, headers["content-type"].to_str().ok()), (200, Some("application/x-msgpack")));
        let (mut bytes, mut rows) = (body.as_slice(), Vec::new());
        while !bytes.is_empty() {
            let row = rmpv::decode::read_value(&mut bytes).expect("MessagePack");
            rows.push(row["n"].as_i64().expect("a number"));
        }
        rows
    };
    assert_eq!(tail("?count=2&format=msgpack"), [4, 3], "the last one first");
    assert_eq!(tail(""), [4, 3, 2, 1, 0]);
    assert_eq!(platform.request("GET", "/v3/table/tail/web_events/visits?format=json", None).0, 422);
    assert_eq!(platform.request("GET", "/v3/table/tail/web_events/nothing", None).0, 404);
}
