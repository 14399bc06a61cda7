//! Every request that the client can send: what it plans in a dry run, and what it really sends.

use super::exchange::Exchange;
use super::openapi::Contract;
use crate::common::Platform;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tempfile::TempDir;

/// The operations of the files that the client uses. An operation that is added to the client is
/// added here, and with it a request below that sends it.
const USED: [&str; 41] = [
    "GET /audiences/{audienceId}",
    "GET /audiences/{audienceId}/attributes",
    "GET /audiences/{audienceId}/folders",
    "GET /audiences/{audienceId}/realtime_attributes",
    "POST /audiences/{audienceId}/realtime_attributes",
    "PATCH /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}",
    "DELETE /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}",
    "POST /audiences/{audienceId}/realtime_imported_attributes/bulk_update",
    "GET /audiences/{audienceId}/realtime_key_events",
    "POST /audiences/{audienceId}/realtime_key_events",
    "PATCH /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}",
    "DELETE /audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}",
    "GET /audiences/{audienceId}/realtime_personalization_services",
    "POST /audiences/{audienceId}/realtime_personalization_services",
    "PATCH /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}",
    "DELETE /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}",
    "POST /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens",
    "DELETE /audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens/{tokenId}",
    "GET /audiences/{audienceId}/realtime_setting",
    "PATCH /audiences/{audienceId}/realtime_setting",
    "GET /audiences/{audienceId}/segments",
    "GET /entities/parent_segments",
    "GET /entities/parent_segments/{id}",
    "GET /entities/parent_segments/{parentSegmentId}/realtime_personalizations",
    "POST /entities/realtime_personalizations",
    "PATCH /entities/realtime_personalizations/{realtimePersonalizationId}",
    "DELETE /entities/realtime_personalizations/{realtimePersonalizationId}",
    "GET /entities/parent_segments/{parentSegmentId}/realtime_activations",
    "POST /entities/realtime_journeys/{realtimeJourneyId}/activations",
    "PATCH /entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}",
    "GET /entities/parent_segments/{parentSegmentId}/realtime_journeys",
    "POST /entities/realtime_journeys",
    "PATCH /entities/realtime_journeys/{realtimeJourneyId}",
    "DELETE /entities/realtime_journeys/{realtimeJourneyId}",
    "PATCH /entities/realtime_journeys/{realtimeJourneyId}/pause",
    "PATCH /entities/realtime_journeys/{realtimeJourneyId}/resume",
    "GET /v3/connections/lookup",
    "GET /v3/database/list",
    "GET /v3/table/list/{database_name}",
    "GET /v3/table/show/{database_name}/{table_name}",
    "POST /{database}/{table}",
];

/// A client with a memory for tokens, its sandbox, and the requests it made.
struct Shell {
    platform: Platform,
    state: TempDir,
    exchanges: Vec<Exchange>,
}

impl Shell {
    fn new() -> Self {
        let state = tempfile::tempdir().expect("a folder");
        Shell { platform: Platform::start(), state, exchanges: Vec::new() }
    }

    fn call(&self, arguments: &[&str], stdin: Option<&Value>) -> Value {
        let state = self.state.path().to_str().expect("a path in UTF-8");
        let mut command = self.platform.tdx(arguments).env("TDX_RT_STATE_DIR", state);
        if let Some(document) = stdin {
            command = command.stdin(document.to_string());
        }
        command.run().document()
    }

    /// Plans and then does; the document.
    fn run(&mut self, arguments: &[&str], stdin: Option<&Value>) -> Value {
        self.plan(arguments, stdin);
        self.call(arguments, stdin)
    }

    /// Collects the requests of a dry run; how many there are.
    fn plan(&mut self, arguments: &[&str], stdin: Option<&Value>) -> usize {
        let mut dry: Vec<&str> = arguments.to_vec();
        dry.push("--dry-run");
        let planned = self.call(&dry, stdin);
        assert_eq!(planned["dry_run"], true, "{arguments:?}");
        let requests = planned["requests"].as_array().expect("a list of requests");
        for request in requests {
            let text = |key: &str| request[key].as_str().unwrap_or_default();
            let body = Some(request["body"].clone()).filter(|body| !body.is_null()).map(real_ids);
            // The ingest of events has no description among the files.
            if body.as_ref().is_some_and(|body| body.get("events").is_some_and(Value::is_array)) {
                continue;
            }
            let media = body.as_ref().map(|_| text("content_type"));
            let url = text("url").strip_prefix(&self.platform.url).expect("a URL of this sandbox");
            // Ids of what a dry run did not make.
            let url: Vec<&str> =
                url.split('/').map(|part| if part.starts_with("new%3A") { "1" } else { part }).collect();
            let sender = format!("{} --dry-run", arguments.join(" "));
            self.exchanges.push(Exchange::new(&sender, text("method"), &url.join("/"), media, body));
        }
        requests.len()
    }

    /// All of it, with what was really sent.
    fn finish(mut self) -> Vec<Exchange> {
        let journal = self.platform.get("/_sandbox/requests");
        for entry in journal["requests"].as_array().expect("the journal is a list") {
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            let body = Some(entry["body"].clone()).filter(|body| !body.is_null());
            // Bodies of events are not kept, and are in the dry run.
            if text("path").starts_with("/web_events/") {
                continue;
            }
            self.exchanges.push(Exchange::new(
                "the client",
                text("method"),
                text("path"),
                entry["content_type"].as_str(),
                body,
            ));
        }
        self.exchanges
    }
}

/// A dry run names what it did not make `new:NAME`.
fn real_ids(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("new:") => "1".into(),
        Value::Array(items) => items.into_iter().map(real_ids).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, real_ids(value))).collect(),
        other => other,
    }
}

/// All that the client sends, sent once.
pub static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(exchanges);

fn exchanges() -> Vec<Exchange> {
    let use_cases = ["web", "cart", "profile", "content"].map(use_case);
    use_cases
        .into_iter()
        .flatten()
        .chain(plan_file())
        .chain(plans())
        .chain(journeys())
        .chain(deletes_and_reads())
        .chain(later_fields())
        .collect()
}

const PS: [&str; 2] = ["--ps", "394649"];
const WAIT: [&str; 2] = ["--interval", "10ms"];

fn use_case(name: &str) -> Vec<Exchange> {
    let mut shell = Shell::new();
    let checked = shell.call(&["ps-check", "Customer 360"], None);
    let mut document = shell
        .call(&["discover", "--use-case", name, "--database", "web_events", "--private"], Some(&checked));
    assert!(shell.plan(&["apply"], Some(&document)) > 5, "{name}: everything is new");
    for step in [&["rt-events"][..], &["rt-keys"], &["rt-attrs", WAIT[0], WAIT[1]], &["pz-create"]] {
        document = shell.run(step, Some(&document));
    }
    // A dry run cannot wait for the roll-out.
    shell.platform.control("settle", json!({}));
    shell.run(&["pz-test", WAIT[0], WAIT[1], "--key", "td_client_id=u1"], Some(&document));
    shell.call(&["pz-test", "--get", "--key", "td_client_id=u1"], Some(&document));
    assert_eq!(shell.plan(&["apply"], Some(&document)), 0, "{name}: nothing is left to do");
    shell.finish()
}

/// The example, then everything about it that can change.
fn plan_file() -> Vec<Exchange> {
    let mut shell = Shell::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    shell.run(&["apply", "-f", path, WAIT[0], WAIT[1]], None);
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut plan: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let push = |list: &mut Value, item: Value| list.as_array_mut().expect("a list").push(item);

    plan["events"][0]["description"] = "Any page".into();
    plan["events"][0]["where"] = "td_path LIKE '/product%' AND NOT price > 10".into();
    push(
        &mut plan["events"],
        json!({"name": "purchase", "table": "web_events.purchases", "description": "Paid"}),
    );
    push(&mut plan["id_stitching"]["stitching_keys"], json!({"name": "session_id"}));
    let attributes = &mut plan["attributes"];
    attributes[0]["description"] = "Changed".into();
    attributes[0]["expiry_days"] = 3.into();
    attributes[1]["max_items"] = 50.into();
    attributes[1]["expiry_days"] = 30.into();
    attributes[2]["window_duration"] = "7d".into();
    push(
        attributes,
        json!({"name": "spent", "type": "counter", "source_event": "purchase", "source_field": "purchase_amount", "aggregation": "sum"}),
    );
    push(
        attributes,
        json!({"name": "first_seen", "type": "single", "source_event": "page_view", "source_field": "td_url", "aggregation": "first"}),
    );
    push(attributes, json!({"name": "city", "type": "imported_batch"}));
    let service = &mut plan["personalization_service"];
    service["description"] = "changed".into();
    push(&mut service["sections"][0]["attributes"], json!("city"));
    service["sections"][0]["strings"] = json!({"welcome_message": "Welcome back"});
    push(
        &mut service["sections"],
        json!({
        "name": "Newcomers", "criteria": "(page_views_24h <= 3 OR loyalty_tier IS NULL) AND NOT city IN ('Oslo', 'Rome')",
        "attributes": ["spent"], "batch_segments": ["High Value"], "include_sensitive": true}),
    );
    shell.plan(&["apply", "--new-token"], Some(&plan));
    shell.plan(&["apply", "--plan-name", "web", "--prune"], Some(&plan));
    plan["personalization_service"]["name"] = "another".into();
    shell.plan(&["apply"], Some(&plan));

    let list = |extra: &[&'static str]| {
        [&["rt-attrs"][..], &PS, &["--list", "browsed_products_list=page_view.product_id"], extra].concat()
    };
    assert_eq!(
        shell.plan(&list(&["--max-items", "7", "--expiry-days", "1"]), None),
        1,
        "maxItems and duration"
    );
    let other = json!({"parent_segment_id": "394649", "attributes": [
        {"name": "browsed_products_list", "type": "list", "source_event": "page_view", "id_field": "product_id",
         "source_field": "price", "aggregation": "max"}]});
    shell.plan(&["rt-attrs"], Some(&other));
    shell.finish()
}

/// Exports, prunes and undoes.
fn plans() -> Vec<Exchange> {
    let mut shell = Shell::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    let apply = ["apply", "-", "--plan-name", "web", "--yes", WAIT[0], WAIT[1]];
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut plan: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    shell.run(&apply, Some(&plan));
    shell.call(&["export", "394649"], None);
    plan["events"][0]["description"] = "Any page".into();
    plan["attributes"][1]["max_items"] = 50.into();
    plan["attributes"].as_array_mut().expect("a list").pop();
    let sections = plan["personalization_service"]["sections"].as_array_mut().expect("a list");
    sections[0]["attributes"].as_array_mut().expect("a list").pop();
    sections[0]["criteria"] = "loyalty_tier = 'Gold'".into();
    shell.call(&["diff", "-", "--plan-name", "web", "--prune"], Some(&plan));
    shell.run(&[&apply[..], &["--prune", "--new-token"]].concat(), Some(&plan));
    shell.run(&[&["undo", "-y"][..], &PS, &WAIT].concat(), None);
    plan.as_object_mut()
        .expect("a mapping")
        .retain(|key, _| key.starts_with("parent_segment") || key == "id_stitching");
    shell.run(&[&apply[..], &["--prune"]].concat(), Some(&plan));
    shell.run(&[&["undo", "-y"][..], &PS, &WAIT].concat(), None);
    shell.finish()
}

const JOURNEYS: &str = "
parent_segment_id: '394649'
events:
  - {name: view, table: web_events.pageviews}
  - {name: purchase, table: web_events.purchases}
id_stitching: {stitching_keys: [td_client_id]}
attributes:
  - {name: loyalty_tier, type: imported_batch}
journeys:
  - name: one
    description: All kinds of steps
    reentry: until_goal
    goal: {event: purchase, where: quantity > 1}
    stages:
      - name: first
        trigger_event: view
        where: td_path LIKE '/p%'
        criteria: loyalty_tier = 'Gold'
        exit: [purchase, {after: 30d}]
        milestone: view
        steps:
          - wait: 1h
          - decide:
              - name: gold
                when: loyalty_tier = 'Gold'
                steps:
                  - {activate: webhook, name: call, url: 'https://hooks.example.com/{{loyalty_tier}}', method: put,
                     headers: {X-A: b}, body: {who: '{{td_client_id}}'}, retries: 2, timeout: 5s}
              - {name: others, otherwise: true, steps: [end]}
          - ab_test:
              - {name: a, share: 60, steps: [{jump: {stage: second}}]}
              - {name: b, share: 40, control: true}
      - name: second
        trigger_event: purchase
        steps:
          - {activate: connection, name: mail, connection: 'MAIL', connector_type: braze_out, parameters: {a: 1}}
          - {jump: two}
  - {name: two, trigger_event: purchase, steps: [{wait: 1d}]}
";

/// A plan with each kind of step, changed, launched and paused.
fn journeys() -> Vec<Exchange> {
    let mut shell = Shell::new();
    let connection = json!({"auth_name": "mail", "auth_type": "braze_out", "direction": "out", "user_id": "1",
        "account_id": "1", "auth": {"api_key": "k"}});
    let (_, connection) = shell.platform.request("POST", "/v4/streaming_task_auths", Some(connection));
    let connection = connection["id"].as_str().expect("an id").to_owned();
    let mut plan: Value = serde_saphyr::from_str(&JOURNEYS.replace("MAIL", &connection)).expect("a plan");
    shell.run(&["apply", "-", WAIT[0], WAIT[1]], Some(&plan));
    plan["journeys"][0]["description"] = "Other words".into();
    let call = "/journeys/0/stages/0/steps/1/decide/0/steps/0/body";
    *plan.pointer_mut(call).expect("a body") = json!([1]);
    shell.run(&["journey-create", "-f", "-", WAIT[0], WAIT[1]], Some(&plan));
    for verb in ["launch", "pause", "resume", "delete"] {
        shell.run(&["journey-create", verb, "one", PS[0], PS[1]], None);
    }
    shell.call(&["journey-create", "list", PS[0], PS[1]], None);
    let receiver = format!("{}/_sandbox/inbox/three", shell.platform.url);
    let one_off = ["--name", "three", "--trigger", "view", "--webhook", &receiver, "--launch"];
    shell.run(&[&["journey-create"][..], &PS, &one_off, &WAIT].concat(), None);
    shell.run(&[&["journey-test", "three", "--key", "td_client_id=u1"][..], &PS, &WAIT].concat(), None);
    shell.finish()
}

fn deletes_and_reads() -> Vec<Exchange> {
    let mut shell = Shell::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    shell.run(&["apply", "-f", path, WAIT[0], WAIT[1]], None);
    shell.run(&["pz-create", "-f", path, "--new-token"], None);
    for (step, name) in [
        ("pz-create", "web_personalization"),
        ("rt-attrs", "page_views_24h"),
        ("rt-attrs", "browsed_products_list"),
        ("rt-attrs", "last_product_viewed"),
        ("rt-attrs", "loyalty_tier"),
        ("rt-events", "page_view"),
        ("rt-events", "web_events.pageviews"),
        ("rt-keys", "email"),
    ] {
        let with: &[&str] = if step == "pz-create" { &["--service"] } else { &[] };
        shell.run(&[&[step, "delete", name][..], with, &PS].concat(), None);
    }
    for what in
        [&["databases"][..], &["tables", "web_events.*"], &["columns", "crm.customers"], &["keys", "crm"]]
    {
        shell.call(&[&["discover"], what].concat(), None);
    }
    shell.call(&[&["discover", "attributes"][..], &PS].concat(), None);
    shell.call(&["ps-check"], None);
    shell.call(&["ps-check", "394649"], None);
    shell.finish()
}

/// A platform that has more fields than the files: they are written back.
fn later_fields() -> Vec<Exchange> {
    let mut shell = Shell::new();
    let path = "/audiences/394649/realtime_setting";
    let body = json!({"keyColumns": [], "batchAttributes": [], "extLookupKey": null, "laterField": 1, "eventTables":
        [{"database": "web_events", "table": "pageviews", "laterField": 2}]});
    let (status, answer) = shell.platform.request("PATCH", path, Some(body));
    assert_eq!(status, 200, "{answer}");
    shell.run(&[&["rt-keys", "--key", "email"][..], &PS].concat(), None);
    shell.finish()
}

#[test]
fn every_request_is_as_described() {
    let contract = &Contract::load();
    let problems: BTreeSet<String> =
        EXCHANGES.iter().flat_map(|exchange| exchange.problems(contract, None)).collect();
    let list: Vec<_> = problems.iter().map(String::as_str).collect();
    assert!(list.is_empty(), "{} problems:\n{}", list.len(), list.join("\n\n"));
    println!("{} requests", EXCHANGES.len());
}

#[test]
fn every_operation_that_the_client_uses_is_sent() {
    let contract = &Contract::load();
    let sent: BTreeSet<String> =
        EXCHANGES.iter().filter_map(|exchange| Some(exchange.operation(contract)?.to_string())).collect();
    let used: BTreeSet<String> = USED.iter().map(|operation| (*operation).to_owned()).collect();
    let astray: Vec<_> = sent.symmetric_difference(&used).collect();
    assert!(astray.is_empty(), "sent and not listed, or listed and not sent: {astray:#?}");
}
#[test]
fn every_field_of_an_attribute_that_the_client_patches_is_patched() {
    let patches = EXCHANGES.iter().filter(|exchange| {
        exchange.method == "PATCH" && exchange.path.starts_with("/audiences/394649/realtime_attributes/")
    });
    let bodies = patches.filter_map(|exchange| exchange.body.as_ref()?.as_object());
    let fields: BTreeSet<&str> = bodies.flat_map(|body| body.keys().map(String::as_str)).collect();
    let wanted = ["aggregations", "description", "duration", "fields", "maxItems", "subDurations"];
    assert_eq!(fields, BTreeSet::from(wanted));
}
