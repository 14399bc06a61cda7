//! Sandboxes with data of one's own: the example seed through the real binary, and what a seed's
//! tables mean over HTTP.

use super::VENDOR;
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::path::Path;
use tdx_rt::sandbox::{Options, Seed};

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seed.yaml")
}

fn sandbox(arguments: &[&str]) -> Output {
    let file = example();
    Tdx::new(&[&["sandbox", "--seed-file", file.to_str().unwrap()], arguments].concat()).run()
}

#[test]
fn the_example_seed_is_a_parent_segment_that_is_ready() {
    let output =
        sandbox(&["--", "tdx-rt", "ps-check", "42", "--jq", "[.name, .rt_status, .ready, .attributes]"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown, json!(["Web shop", "ok", true, ["tier", "Offers"]]));
}

#[test]
fn a_seed_that_does_not_fit_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(example()).unwrap();
    for (from, to, parts) in [
        ("members: [c1]", "membres: [c1]", ["did you mean 'members'?", "line "]),
        ("members: [c1]", "members: [c9]", ["'Web shop'", "no customer"]),
    ] {
        let file = folder.path().join("seed.yaml");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let output = Tdx::new(&["sandbox", "--seed-file", file.to_str().unwrap(), "--", "true"]).run();
        assert!(output.code != 0 && output.stdout.is_empty(), "{output:?}");
        assert!(parts.iter().all(|part| output.stderr.contains(part)), "{}", output.stderr);
    }
}

#[test]
fn the_same_seed_number_gives_the_same_ids() {
    let ids = |number: &str| {
        let filter = ".id, .key_columns, .event_tables";
        let output = sandbox(&["--seed", number, "--", "tdx-rt", "ps-check", "42", "--jq", filter]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let event = sandbox(&[
            "--seed",
            number,
            "--",
            "tdx-rt",
            "rt-events",
            "list",
            "--ps",
            "42",
            "--jq",
            "[..|objects|.id?]|map(values)",
        ]);
        assert_eq!(event.code, 0, "{}", event.stderr);
        event.stdout
    };
    assert_eq!(ids("7"), ids("7"));
    assert_ne!(ids("7"), ids("8"));
}

fn make(platform: &Platform, target: &str, body: Value) -> Value {
    let media = if target.starts_with("/entities") { VENDOR } else { "application/json" };
    let (status, answer) = platform.request_as("POST", target, Some(body), media, &[]);
    assert_eq!(status, 200, "{target}: {answer}");
    answer.get("data").cloned().unwrap_or(answer)
}

#[test]
fn rows_are_batch_data_and_catalogs_in_an_answer() {
    let seed = Seed::parse(&std::fs::read_to_string(example()).unwrap()).unwrap();
    let platform = Platform::with(Options { seed, ..Options::default() });
    let audience = "/audiences/42";
    let listed = platform.get(&format!("{audience}/realtime_attributes"));
    let id = |name: &str| {
        let items = listed["data"].as_array().unwrap();
        items.iter().find(|item| item["name"] == name).unwrap()["id"].clone()
    };
    let event = platform.get(&format!("{audience}/realtime_key_events"))["data"][0]["id"].clone();
    let driver = make(
        &platform,
        &format!("{audience}/realtime_attributes"),
        json!({"name": "Last product", "identifier": "product_id", "type": "single", "realtimeKeyEventId": event,
               "valueColumn": "product_id", "dataType": "string"}),
    );
    let segment = platform.get(&format!("{audience}/segments"))[0]["id"].clone();
    let definition = json!({
        "attributePayload": [{"realtimeAttributeId": id("tier"), "outputName": "tier"},
                             {"realtimeAttributeId": id("Offers"), "outputName": "rows"}],
        "catalogPayload": [{"catalogName": "Offers", "lookupAttributeId": driver["id"], "lookupColumn": "product_id",
                            "outputName": "looked_up"}],
        "segmentPayload": {"batchSegments": [{"id": segment}]}});
    let sections = json!([{
        "name": "All", "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}},
        "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": definition}}}]);
    let body =
        json!({"attributes": {"audienceId": "42", "name": "web", "description": null, "sections": sections}});
    make(&platform, "/entities/realtime_personalizations", body);
    let services = format!("{audience}/realtime_personalization_services");
    let service = make(&platform, &services, json!({"name": "web"}));
    let tokens = format!("{services}/{}/tokens", service["id"].as_str().unwrap());
    let token = make(&platform, &tokens, json!({"name": "t"}))["value"].clone();
    let event = json!({"time": super::NOW, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f", "td_client_id": "t1",
        "customer_id": "c1", "product_id": "p2"});
    let headers = [("wp13n-token", token.as_str().unwrap())];
    let (status, _, answer) = platform.send("POST", "/shop/pageviews", Some((VENDOR, event)), &headers);
    assert_eq!(status, 200, "{answer}");
    let rows = json!([{"product_id": "p2", "discount": 0.25}]);
    let expected = json!({"tier": "Gold", "rows": rows, "looked_up": rows});
    let offer = &answer["offers"]["All"];
    assert_eq!((&offer["attributes"], &offer["batch_segments"]), (&expected, &json!(["Gold members"])));
}
