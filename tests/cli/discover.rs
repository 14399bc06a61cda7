//! `discover`: what the account has, and plans proposed from it.

use super::{PS, said};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tdx_rt::sandbox::{Options, Seed};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Database {
    name: String,
    rows: u64,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    database: String,
    name: String,
    table: String,
    event_like: bool,
    rows: u64,
    last_event_at: Option<String>,
    columns: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    alias: Option<String>,
    description: Option<String>,
    id_like: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    column: String,
    tables: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchAttribute {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    description: Option<String>,
    table: Option<String>,
    group: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Plan {
    parent_segment_id: String,
    parent_segment_name: String,
    events: Vec<Event>,
    id_stitching: Stitching,
    attributes: Vec<Attribute>,
    personalization_service: Service,
}

#[derive(Debug, Deserialize)]
struct Event {
    name: String,
    database: String,
    table: String,
}

#[derive(Debug, Deserialize)]
struct Stitching {
    primary_key: String,
    stitching_keys: Vec<Named>,
    ext_lookup_key: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    source_event: Option<String>,
    source_field: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Service {
    trigger_event: String,
    sections: Vec<Section>,
}

#[derive(Debug, Deserialize)]
struct Section {
    attributes: Vec<String>,
}

fn discover(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["discover"];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn tables(platform: &Platform, pattern: &str) -> Vec<Table> {
    discover(platform, &["tables", pattern]).decode()
}

fn columns(platform: &Platform, table: &str) -> Vec<Column> {
    discover(platform, &["columns", table]).decode()
}

fn propose(platform: &Platform, use_case: &str) -> Plan {
    discover(platform, &["--use-case", use_case, "--database", "web_events", "--private", "--ps", PS])
        .decode()
}

/// A platform with these tables in the database `shop`, each with its columns, and one parent
/// segment whose profile key is `pid`.
fn shop(tables: &str) -> Platform {
    let seed = format!(
        "databases:\n  - name: crm\n    tables: [{{id: 1, name: people, columns: [[time, long], [pid, string]]}}]\n  - name: shop\n    tables: [{tables}]\n\
         parent_segments: [{{id: '7', name: Shop, master: {{database: crm, table: people, profile_key: pid}}, realtime: {{id: '8', status: ok}}}}]\n"
    );
    Platform::with(Options { seed: Seed::parse(&seed).unwrap(), ..Options::default() })
}

#[test]
fn databases_are_listed() {
    let platform = Platform::start();
    let found: Vec<Database> = discover(&platform, &["databases"]).decode();
    let names: Vec<_> = found.iter().map(|database| database.name.as_str()).collect();
    assert_eq!(names, ["crm", "sample_datasets", "web_events"]);
    assert_eq!(found[0].rows, 64);
    let made = "2025-11-01T00:00:00Z";
    assert!(found.iter().all(|database| database.created_at == made && database.updated_at == made));
}

#[test]
fn tables_that_look_like_events_come_first() {
    let platform = Platform::start();
    let found = tables(&platform, "web_events.*");
    assert_eq!(found.len(), 11);
    let (first, last) = (&found[0], &found[10]);
    assert_eq!(
        (first.table.as_str(), first.event_like, first.rows, first.columns),
        ("web_events.pageviews", true, 125_000, 16)
    );
    assert_eq!(first.last_event_at.as_deref(), Some("2025-10-31T23:59:59Z"));
    assert_eq!((first.database.as_str(), first.name.as_str()), ("web_events", "pageviews"));
    assert_eq!((last.name.as_str(), last.event_like, &last.last_event_at), ("page_templates", false, &None));
    let likes: Vec<_> = found.iter().map(|table| table.event_like).collect();
    assert!(likes.is_sorted_by(|a, b| a >= b), "{likes:?}");
}

#[test]
fn more_rows_than_a_number_holds_are_as_many_as_it_holds() {
    let table =
        |id: u8| format!("{{id: {id}, name: table_{id}, row_count: {}, columns: [[time, long]]}}", u64::MAX);
    let platform = shop(&[table(11), table(12)].join(", "));
    let found: Vec<Database> = discover(&platform, &["databases"]).decode();
    assert_eq!(found.iter().map(|database| database.rows).max(), Some(u64::MAX));
}

#[test]
fn ranking_is_by_name_then_rows_then_freshness() {
    let table = |id: u8, name: &str, rows: u32, last: u32| {
        format!(
            "{{id: {id}, name: {name}, row_count: {rows}, last_record: {last}, columns: [[time, long], [email, string]]}}"
        )
    };
    let platform = shop(
        &[
            table(11, "a_click_old", 5, 1_700_000_000),
            table(12, "b_click_new", 5, 1_760_000_000),
            table(13, "c_click_full", 9, 1_600_000_000),
            table(14, "logins", 900, 1_760_000_000),
            table(15, "people_daily", 9_000, 1_760_000_000),
        ]
        .join(", "),
    );
    let names: Vec<_> = tables(&platform, "shop").into_iter().map(|table| table.name).collect();
    assert_eq!(names, ["c_click_full", "b_click_new", "a_click_old", "logins", "people_daily"]);
}

#[test]
fn patterns_choose_databases_and_tables() {
    let platform = Platform::start();
    let names =
        |pattern: &str| tables(&platform, pattern).into_iter().map(|t| t.table).collect::<BTreeSet<_>>();
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names("web_events.cart*"), texts(&["web_events.cart_view"]));
    assert_eq!(names("*.*_c*"), texts(&["web_events.add_to_cart", "web_events.legacy_clicks"]));
    assert_eq!(names("crm.pageviews*"), texts(&[]), "a pattern may fit nothing");
    assert_eq!(names("web_events.?ogins"), texts(&["web_events.logins"]));
    assert_eq!(names("web_events.log.ns*"), texts(&[]), "a dot is a dot");
    assert_eq!(names("crm"), names("crm.*"));
    assert_eq!(names("web_events.logins"), texts(&["web_events.logins"]));
}

#[test]
fn what_is_not_there_has_a_nearest_name() {
    let platform = Platform::start();
    for (arguments, message, hint) in [
        (&["tables", "web_event"][..], "there is no database 'web_event'", "did you mean 'web_events'?"),
        (&["keys", "web_evnts.*"][..], "there is no database 'web_evnts'", "did you mean 'web_events'?"),
        (
            &["tables", "web_events.pagevews"][..],
            "there is no table web_events.pagevews",
            "did you mean web_events.pageviews?",
        ),
        (
            &["columns", "web_events.pagevews"][..],
            "there is no table web_events.pagevews",
            "did you mean web_events.pageviews?",
        ),
        (
            &["columns", "web_event.pageviews"][..],
            "there is no table web_event.pageviews",
            "there is no database 'web_event'; did you mean 'web_events'?",
        ),
        (
            &["--use-case", "web", "--database", "web_event", "--ps", PS][..],
            "there is no database 'web_event'",
            "did you mean 'web_events'?",
        ),
    ] {
        let error = discover(&platform, arguments).error(3, "not-found");
        assert_eq!((said(&error, "message"), said(&error, "hint")), (message, hint), "{arguments:?}");
    }
    for wrong in ["pageviews", "web_events.", ".pageviews", "."] {
        let error = discover(&platform, &["columns", wrong]).error(2, "usage");
        assert!(said(&error, "message").contains("DATABASE.TABLE"), "{wrong}: {error}");
    }
}

#[test]
fn columns_say_what_they_are() {
    let platform = Platform::start();
    let found = columns(&platform, "web_events.pageviews");
    let column = |name: &str| found.iter().find(|column| column.name == name).unwrap();
    let client = column("td_client_id");
    assert_eq!((client.kind.as_str(), client.id_like), ("string", true));
    assert_eq!((client.description.as_deref(), &client.alias), (Some("Cookie of the browser"), &None));
    assert_eq!((column("price").kind.as_str(), column("price").id_like), ("double", false));
    assert!(!column("product_id").id_like, "products are shared by people");
}

#[test]
fn keys_tell_the_tables_that_have_them() {
    let platform = Platform::start();
    let keys: Vec<Key> = discover(&platform, &["keys", "web_events.*"]).decode();
    let counts: Vec<_> = keys.iter().map(|key| (key.column.as_str(), key.tables.len())).collect();
    assert_eq!(
        counts,
        [("td_client_id", 9), ("canonical_id", 8), ("customer_id", 5), ("email", 5), ("user_id", 4)]
    );
    assert!(keys[0].tables.contains(&"web_events.legacy_clicks".to_owned()));
    assert!(!keys.iter().any(|key| key.column == "product_id" || key.column == "session_id"));
}

#[test]
fn batch_attributes_are_listed_with_their_table() {
    let platform = Platform::start();
    for wanted in [PS, "Customer 360"] {
        let found: Vec<BatchAttribute> = discover(&platform, &["attributes", "--ps", wanted]).decode();
        let tier = found.iter().find(|attribute| attribute.name == "loyalty_tier").unwrap();
        assert_eq!((tier.kind.as_str(), tier.table.as_deref()), ("string", Some("crm.customer_attributes")));
        assert_eq!(tier.description.as_deref(), Some("VIP, Gold, Silver or Bronze"));
        assert!(found.iter().any(|attribute| attribute.name == "email" && attribute.group.is_none()));
    }
    discover(&platform, &["attributes", "--ps", "Customer 36"]).error(3, "not-found");
    let piped =
        platform.tdx(&["discover", "attributes"]).stdin(json!({"parent_segment_id": PS}).to_string()).run();
    assert!(!piped.decode::<Vec<BatchAttribute>>().is_empty(), "the parent segment may come through a pipe");
}

#[test]
fn a_plan_uses_only_what_is_there() {
    let platform = Platform::start();
    let batch: Vec<BatchAttribute> = discover(&platform, &["attributes", "--ps", PS]).decode();
    for use_case in ["web", "cart", "profile", "content"] {
        let plan = propose(&platform, use_case);
        assert_eq!(
            (plan.parent_segment_id.as_str(), plan.parent_segment_name.as_str()),
            (PS, "Customer 360")
        );
        let has = |event: &str, column: &str| {
            let event = plan
                .events
                .iter()
                .find(|e| e.name == event)
                .unwrap_or_else(|| panic!("{use_case}: no event {event}"));
            column == "time"
                || columns(&platform, &format!("{}.{}", event.database, event.table))
                    .iter()
                    .any(|c| c.name == column)
        };
        for attribute in &plan.attributes {
            match (&attribute.source_event, &attribute.source_field) {
                (Some(event), Some(field)) => assert!(has(event, field), "{use_case}: {attribute:?}"),
                (Some(event), None) => assert!(has(event, "time"), "{use_case}: {attribute:?}"),
                (None, _) => {
                    assert_eq!(attribute.kind, "imported_batch");
                    assert!(batch.iter().any(|b| b.name == attribute.name), "{use_case}: {attribute:?}");
                }
            }
        }
        for key in &plan.id_stitching.stitching_keys {
            assert!(plan.events.iter().any(|event| has(&event.name, &key.name)), "{use_case}: {key:?}");
        }
        assert_eq!(plan.id_stitching.primary_key, "canonical_id", "{use_case}");
        assert_eq!(plan.id_stitching.ext_lookup_key, "customer_id", "of the master table, {use_case}");
        let service = &plan.personalization_service;
        assert!(plan.events.iter().any(|event| event.name == service.trigger_event), "{use_case}");
        let known: Vec<_> = plan.attributes.iter().map(|attribute| &attribute.name).collect();
        assert!(
            !service.sections.is_empty()
                && service.sections.iter().flat_map(|s| &s.attributes).all(|a| known.contains(&a))
        );
    }
    assert_eq!(platform.writes(), Vec::<String>::new(), "nothing was written");
}

#[test]
fn the_primary_key_is_the_most_complete_where_there_is_no_canonical_id() {
    let platform = shop(
        "{id: 11, name: pageviews, row_count: 9, columns: [[time, long], [user_id, string], [td_client_id, string], [product_id, string]]}, \
         {id: 12, name: add_to_cart, row_count: 5, columns: [[time, long], [user_id, string], [product_id, string]]}",
    );
    let plan: Plan =
        discover(&platform, &["--use-case", "cart", "--database", "shop", "--private", "--ps", "7"]).decode();
    assert_eq!(plan.id_stitching.ext_lookup_key, "pid");
    let keys: Vec<_> = plan.id_stitching.stitching_keys.iter().map(|key| key.name.as_str()).collect();
    let tables: Vec<_> = plan.events.iter().map(|event| event.table.as_str()).collect();
    assert_eq!(plan.id_stitching.primary_key, "user_id", "{keys:?} of {tables:?}");
    assert!(
        plan.attributes.iter().all(|attribute| attribute.kind != "imported_batch"),
        "there are no batch attributes"
    );
}

#[test]
fn no_event_table_is_the_workflows_message() {
    let platform = Platform::start();
    for use_case in ["web", "cart", "profile", "content"] {
        let error = discover(&platform, &["--use-case", use_case, "--database", "crm", "--ps", PS])
            .error(1, "no-event-tables");
        assert_eq!(said(&error, "message"), "No streaming event tables found in database \"crm\".");
        assert_eq!(said(&error, "hint"), "Verify database name or check if events are being ingested.");
    }
}

#[test]
fn what_is_missing_on_the_command_line_is_said() {
    let platform = Platform::start();
    for (arguments, part) in [
        (&[][..], "say what to discover"),
        (&["--use-case", "web", "--ps", PS][..], "needs the database"),
        (&["tables"][..], "no database is named"),
        (&["attributes"][..], "no parent segment is named"),
        (&["--use-case", "wep", "--database", "web_events"][..], "invalid value 'wep'"),
    ] {
        let error = discover(&platform, arguments).error(2, "usage");
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn unknown_keys_of_the_document_pass_through() {
    let platform = Platform::start();
    let document = json!({"parent_segment_id": PS, "x-note": {"kept": [1, null]}, "owner": "me"});
    let propose = ["discover", "--use-case", "web", "--database", "web_events", "--private"];
    let output = platform.tdx(&propose).stdin(document.to_string()).run();
    let plan: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((output.code, &plan["warnings"][0]["path"]), (0, &json!("owner")));
    assert!(output.stderr.contains("unknown key 'owner'"), "{}", output.stderr);
    assert_eq!((&plan["x-note"], &plan["owner"]), (&json!({"kept": [1, null]}), &json!("me")));
}

/// Whether a page may call the service is fixed when it is made: so it is said, or warned of.
#[test]
fn whether_pages_may_call_the_service_is_chosen_knowingly() {
    let platform = Platform::start();
    for (use_case, for_pages) in [("web", true), ("cart", true), ("content", true), ("profile", false)] {
        let propose = |flags: &[&str]| {
            let all = [&["--use-case", use_case, "--database", "web_events", "--ps", PS][..], flags].concat();
            let output = discover(&platform, &all);
            let warned = output.stderr.contains("a web page cannot call the proposed service");
            assert_eq!(output.stderr.lines().count(), usize::from(warned), "{}", output.stderr);
            assert_eq!(output.code, 0, "{output:?}");
            let plan: Value = serde_json::from_str(&output.stdout).unwrap();
            (plan["personalization_service"]["public"].clone(), warned)
        };
        assert_eq!(propose(&[]), (Value::Null, for_pages), "{use_case}");
        assert_eq!(propose(&["--public"]), (json!(true), false), "{use_case}");
        assert_eq!(propose(&["--private"]), (json!(false), false), "{use_case}");
    }
    for wrong in [
        &["--use-case", "web", "--database", "web_events", "--ps", PS, "--public", "--private"][..],
        &["--public", "--ps", PS],
    ] {
        discover(&platform, wrong).error(2, "usage");
    }
}

#[test]
fn a_page_with_a_private_services_token_learns_what_is_wrong() {
    let platform = Platform::start();
    for (choice, status, code) in [("--private", 400, json!(3006)), ("--public", 200, Value::Null)] {
        let propose = ["--use-case", "web", "--database", "web_events", "--ps", PS, choice];
        let mut plan = discover(&platform, &propose).document();
        plan["personalization_service"]["name"] = format!("web {choice}").into();
        let made = platform.tdx(&["apply", "-"]).stdin(plan.to_string()).run().document();
        let token = made["service"]["token"].as_str().expect("a new service's token").to_owned();
        let headers = [("wp13n-token", token.as_str()), ("origin", "http://localhost:8000")];
        let media = "application/vnd.treasuredata.v1+json";
        let event = json!({"td_client_id": "a"});
        let (said, answer) =
            platform.request_as("POST", "/public/web_events/pageviews", Some(event), media, &headers);
        assert_eq!((said, &answer["code"]), (status, &code), "{choice}: {answer}");
        if status == 400 {
            let message = answer["message"].as_str().unwrap();
            assert!(message.starts_with("Invalid token type") && message.contains("private"), "{message}");
        }
    }
}
