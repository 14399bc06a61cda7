//! The records of tables: events, and what the engine did with them, in the tables that the platform fills.

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};
use std::path::Path;
use tdx_rt::sandbox::{Options, Settle};

const LOGS: &str = "cdp_audience_394649_rt";
const GRAPH: &str = "cdp_audience_394649";

/// A sandbox whose parent segment stitches page views.
fn world(state: Option<&Path>) -> Platform {
    let state = state.map(Path::to_owned);
    let platform = Platform::with(Options { settle: Settle::Immediately, state, ..Options::default() });
    let setting = json!({"batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "keyColumns": [{"name": "td_client_id"},
            {"name": "email", "validRegexp": "@", "invalidTexts": ["no@one", "null"]}]});
    let (status, answer) = platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting));
    assert_eq!(status, 200, "{answer}");
    platform
}

#[track_caller]
fn view(platform: &Platform, event: Value) {
    let body = json!({"events": [event]});
    let (status, answer) = platform.request_as("POST", "/web_events/pageviews", Some(body), VENDOR, &[]);
    assert_eq!(status, 200, "{answer}");
}

/// Some columns of all records of a table.
fn cells<const N: usize>(platform: &Platform, table: &str, columns: [&str; N]) -> Vec<[Value; N]> {
    let records = platform.records(LOGS, table);
    records.iter().map(|record| columns.map(|column| record[column].clone())).collect()
}

/// `[change, rid, merged rids]` of all records of `id_changes`, rids as numbers in the order of their first sight.
fn changes(platform: &Platform) -> Vec<(String, usize, Option<Vec<usize>>)> {
    let mut seen: Vec<String> = Vec::new();
    let mut number = |rid: &str| match seen.iter().position(|known| known == rid) {
        Some(place) => place,
        None => {
            seen.push(rid.to_owned());
            seen.len() - 1
        }
    };
    let records = cells(platform, "id_changes", ["profile_change_type", "current_rid", "merged_rids"]);
    let change = |[kind, rid, merged]: [Value; 3]| {
        let merged: Option<Vec<String>> = merged.as_str().map(|text| serde_json::from_str(text).unwrap());
        let rid = number(rid.as_str().unwrap());
        let merged = merged.map(|rids| rids.iter().map(|rid| number(rid)).collect());
        (kind.as_str().unwrap().to_owned(), rid, merged)
    };
    records.into_iter().map(change).collect()
}

#[test]
fn who_is_who_is_logged_as_it_changes() {
    let platform = world(None);
    view(&platform, json!({"td_client_id": "a", "email": "a@b.org", "td_rt_tracking_id": "t-1"}));
    view(&platform, json!({"td_client_id": "a"}));
    platform.advance(60);
    view(&platform, json!({"td_client_id": "b"}));
    view(&platform, json!({"email": "c:1@d.org"}));
    platform.advance(60);
    // A younger one comes first, and two of them are merged at once.
    view(&platform, json!({"td_client_id": "b", "email": "c:1@d.org"}));
    view(&platform, json!({"td_client_id": "b", "email": "a@b.org"}));
    view(&platform, json!({"td_client_id": "c", "email": "a@b.org"}));
    let (added, updated, deleted) =
        ("profile_added", "profile_updated_by_stitching", "profile_deleted_by_stitching");
    let wanted = [
        (added, 0, None),
        (added, 1, None),
        (added, 2, None),
        (deleted, 2, None),
        (updated, 1, Some(vec![2])),
        (deleted, 1, None),
        (updated, 0, Some(vec![1])),
        (updated, 0, Some(vec![])),
    ];
    assert_eq!(changes(&platform), wanted.map(|(kind, rid, merged)| (kind.to_owned(), rid, merged)));
    let names =
        ["time", "current_id_attributes", "td_rt_tracking_id", "event_type", "key_values", "evicted_ids"];
    let records = cells(&platform, "id_changes", names);
    assert_eq!(
        records[0],
        [
            json!(NOW),
            json!(r#"["td_client_id:a","email:a@b.org"]"#),
            json!("t-1"),
            json!("id"),
            Value::Null,
            Value::Null
        ]
    );
    assert_eq!(records[2][..3], [json!(NOW + 60), json!(r#"["email:c:1@d.org"]"#), Value::Null]);
    assert!(records[3..].iter().all(|record| record[0] == json!(NOW + 120) && record[1].is_null()));
    // Rids sort as the profiles were made.
    let rids = cells(&platform, "id_changes", ["current_rid"]);
    assert!(rids[..3].is_sorted_by(|[a], [b]| a.as_str() < b.as_str()), "{rids:?}");
    let sets: Vec<Value> = platform.records(GRAPH, "ids_updated");
    assert_eq!(sets.len(), 6);
    let set =
        json!(["td_client_id:a", "email:a@b.org", "td_client_id:b", "email:c:1@d.org", "td_client_id:c"]);
    assert_eq!(sets[5], json!({"time": NOW + 120, "canonical_id": rids[0][0], "id_set": set}));
    assert_eq!(sets[3]["canonical_id"], rids[1][0]);
    // A run of the parent segment writes all sets again.
    let (status, answer) = platform.request("POST", &format!("{PS}/run"), Some(json!({})));
    assert_eq!(status, 200, "{answer}");
    platform.advance(3_600);
    let again = platform.records(GRAPH, "ids_updated");
    assert_eq!(again[6..].iter().map(|set| &set["id_set"]).collect::<Vec<_>>(), [&set]);
}

#[test]
fn ids_beyond_200_are_logged() {
    let platform = world(None);
    view(&platform, json!({"td_client_id": "me", "email": "old@b.org", "time": NOW - 900}));
    for number in 0..199 {
        view(
            &platform,
            json!({"td_client_id": "me", "email": format!("{number}@b.org"), "time": NOW - 800 + number}),
        );
    }
    let columns = ["profile_change_type", "current_rid", "merged_rids", "evicted_ids"];
    let records = cells(&platform, "id_changes", columns);
    assert_eq!(records.len(), 201);
    let rid = &records[0][1];
    assert_eq!(records[199], [json!("profile_updated_by_stitching"), rid.clone(), json!("[]"), Value::Null]);
    let evicted = json!(r#"["email:old@b.org"]"#);
    assert_eq!(records[200], [json!("profile_ids_evicted"), rid.clone(), Value::Null, evicted]);
    let last = platform.records(GRAPH, "ids_updated").pop().unwrap();
    assert_eq!(last["id_set"].as_array().unwrap().len(), 200);
}

#[test]
fn dropped_keys_are_logged_with_their_reasons() {
    let platform = world(None);
    view(&platform, json!({"td_client_id": "u"}));
    assert_eq!(platform.records(LOGS, "validation_failures"), Vec::<Value>::new());
    let tables = platform.get(&format!("/v3/table/list/{LOGS}"));
    assert_eq!(tables["tables"].as_array().unwrap().len(), 1, "it exists from its first record on: {tables}");
    view(&platform, json!({"td_client_id": 5, "email": "null", "td_rt_tracking_id": "t-2"}));
    view(&platform, json!({"td_client_id": "", "email": "nobody"}));
    view(&platform, json!({"td_client_id": null, "Email": "a@b.org"}));
    view(&platform, json!({"td_client_id": "u", "email": ["a@b.org"]}));
    let pair = |key: &str, value: &str, reason: &str| json!({"key": key, "value": value, "reason": reason});
    let wanted = [
        vec![
            pair("td_client_id", "5", "Value is not a string."),
            pair("email", "null", "Value is included in invalid_texts for this key."),
        ],
        vec![
            pair("td_client_id", "", "Value is empty."),
            pair("email", "nobody", "Value does not meet the valid_regexp for this key."),
        ],
        vec![
            pair("td_client_id", "", "Value is empty."),
            pair("Email", "a@b.org", "Key name case does not match a configured key."),
        ],
        vec![pair("email", r#"["a@b.org"]"#, "Value is not a string.")],
    ];
    let records = platform.records(LOGS, "validation_failures");
    assert_eq!(records.len(), wanted.len());
    for (record, wanted) in records.iter().zip(&wanted) {
        let pairs: Vec<Value> = record["invalid_keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| serde_json::from_str(pair.as_str().unwrap()).unwrap())
            .collect();
        assert_eq!(pairs, *wanted);
    }
    assert_eq!(records[0]["td_rt_tracking_id"], "t-2");
    // The events are there all the same, those without an id too.
    assert_eq!(platform.get("/_sandbox/profiles?ps=394649"), json!({"profiles": 1}));
    let events = platform.records("web_events", "pageviews");
    let count = platform.get("/v3/table/show/web_events/pageviews")["count"].as_u64().unwrap();
    assert_eq!(events[events.len() - 5]["td_client_id"], "u");
    assert_eq!(events[events.len() - 4]["td_client_id"], "5", "a string, as its column is one");
    assert!(count >= events.len() as u64);
}

#[test]
fn logs_are_kept_over_restarts_snapshots_and_resets() {
    let folder = tempfile::tempdir().unwrap();
    let platform = world(Some(folder.path()));
    view(&platform, json!({"td_client_id": "a", "email": 5}));
    let all = |platform: &Platform| {
        [(LOGS, "id_changes"), (LOGS, "validation_failures"), (GRAPH, "ids_updated")]
            .map(|(database, table)| platform.records(database, table))
    };
    let before = all(&platform);
    assert_eq!(before.each_ref().map(Vec::len), [1, 1, 1]);
    let tables = |platform: &Platform| platform.get(&format!("/v3/table/list/{LOGS}"));
    let listed = tables(&platform);
    platform.stop();
    let platform = Platform::with(Options { state: Some(folder.path().to_owned()), ..Options::default() });
    assert_eq!((all(&platform), tables(&platform)), (before.clone(), listed.clone()));
    // The profile has the same rid after a restart.
    view(&platform, json!({"td_client_id": "a", "email": "a@b.org"}));
    let rids = cells(&platform, "id_changes", ["current_rid"]);
    assert_eq!((rids.len(), &rids[0]), (2, &rids[1]));
    platform.control("snapshots", json!({"name": "two"}));
    platform.control("reset", json!({}));
    assert_eq!(all(&platform).each_ref().map(Vec::len), [0, 0, 0]);
    platform.control("snapshots/two/restore", json!({}));
    assert_eq!(all(&platform).each_ref().map(Vec::len), [2, 1, 2]);
}

/// The lines of a query's result.
#[track_caller]
fn query(platform: &Platform, sql: &str) -> Vec<Value> {
    let (status, job) =
        platform.request("POST", &format!("/v3/job/issue/trino/{LOGS}"), Some(json!({"query": sql})));
    assert_eq!(status, 200, "{job}");
    let id = job["job_id"].as_str().unwrap();
    let status = || platform.get(&format!("/v3/job/status/{id}"))["status"].as_str().unwrap().to_owned();
    while ["queued", "running"].contains(&status().as_str()) {}
    assert_eq!(status(), "success", "{}", platform.get(&format!("/v3/job/show/{id}")));
    let path = format!("/v3/job/result/{id}?format=json");
    let key = format!("TD1 {}", platform.api_key);
    let (_, _, body) = platform.raw("GET", &path, &[("authorization", &key)], Vec::new());
    let body = String::from_utf8(body).unwrap();
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn published_queries_run_over_the_logs() {
    let platform = world(None);
    view(&platform, json!({"td_client_id": "a", "email": "null", "price": 3, "tags": ["x", "y"]}));
    view(&platform, json!({"td_client_id": "b", "email": "b:1@d.org", "price": 4.5}));
    view(&platform, json!({"td_client_id": "a", "email": "b:1@d.org"}));
    // `now` itself is beyond the interval.
    platform.advance(1);
    let rid = |change: &str| {
        let sql = format!(
            "SELECT current_rid FROM id_changes WHERE profile_change_type = '{change}' ORDER BY time, current_rid"
        );
        query(&platform, &sql)
    };
    let made = rid("profile_added");
    assert_eq!((made.len(), &rid("profile_deleted_by_stitching")[0]), (2, &made[1]));
    assert_eq!(rid("profile_updated_by_stitching"), made[..1]);
    let keys = "SELECT transform(CAST(json_parse(current_id_attributes) AS ARRAY(VARCHAR)), x -> split_part(x, ':', 1)) \
                FROM id_changes WHERE current_id_attributes IS NOT NULL AND TD_INTERVAL(time, '-1d/now') ORDER BY current_rid";
    assert_eq!(query(&platform, keys), [json!([["td_client_id"]]), json!([["td_client_id", "email"]])]);
    let faults = "SELECT json_extract_scalar(pair, '$.key'), json_extract_scalar(pair, '$.value'), \
                  json_extract_scalar(pair, '$.reason') FROM validation_failures \
                  CROSS JOIN UNNEST(invalid_keys) AS t(pair)";
    let reason = "Value is included in invalid_texts for this key.";
    assert_eq!(query(&platform, faults), [json!(["email", "null", reason])]);
    let shared = format!(
        "SELECT id, count(DISTINCT canonical_id) FROM {GRAPH}.ids_updated CROSS JOIN UNNEST(id_set) AS t(id) \
         GROUP BY id HAVING count(DISTINCT canonical_id) > 1 ORDER BY id"
    );
    assert_eq!(query(&platform, &shared), [json!(["email:b:1@d.org", 2]), json!(["td_client_id:b", 2])]);
    let events = format!(
        "SELECT td_client_id, email, price, tags FROM web_events.pageviews WHERE time >= {NOW} ORDER BY td_client_id, price"
    );
    let wanted = [
        json!(["a", "null", 3.0, ["x", "y"]]),
        json!(["a", "b:1@d.org", null, null]),
        json!(["b", "b:1@d.org", 4.5, null]),
    ];
    assert_eq!(query(&platform, &events), wanted);
}
