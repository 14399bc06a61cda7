//! A walk over every operation of the files: what the sandbox answers must be what they describe.

mod audiences;
mod jobs;
mod journeys;

use super::exchange::Exchange;
use super::openapi::Contract;
use super::refusals;
use crate::common::Platform;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The parent segment of the walk, in the demo data.
pub const PS: &str = "/audiences/394649";
/// Its other address.
const ENTITY: &str = "/entities/parent_segments/394649";
const VENDOR: &str = "application/vnd.treasuredata.v1+json";

/// A fresh sandbox and the requests sent to it.
pub struct Walk {
    pub platform: Platform,
    pub exchanges: Vec<Exchange>,
}

impl Walk {
    /// A request that must be carried out; its answer.
    #[track_caller]
    pub fn ok(&mut self, method: &str, target: &str, body: Option<Value>) -> Value {
        let (status, body) = self.say(method, target, body, &[]);
        assert_eq!(status, 200, "{method} {target}: {body}");
        body
    }

    /// A request, with the content type that its operation wants.
    pub fn say(
        &mut self,
        method: &str,
        target: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let json = target.starts_with("/audiences") || target.starts_with("/v3") || target.starts_with("/v4");
        let media = body.as_ref().map(|_| if json { "application/json" } else { VENDOR });
        let exchange =
            Exchange::new("the walk", method, target, media, body).send(&self.platform, target, headers);
        let said = exchange.answer.as_ref().map(|answer| (answer.status, answer.body.clone()));
        self.exchanges.push(exchange);
        said.expect("it was sent")
    }

    /// Creates something; its id.
    #[track_caller]
    pub fn make(&mut self, target: &str, body: Value) -> String {
        let made = self.ok("POST", target, Some(body));
        let id = made.get("id").or_else(|| made.pointer("/data/id")).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("POST {target}: no id in {made}")).to_owned()
    }

    /// All pages of a listing, one item a page.
    fn leaf_through(&mut self, target: &str) -> usize {
        let separator = if target.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{target}{separator}page[size]=1"));
        let mut count = 0;
        while let Some(target) = next {
            let page = self.ok("GET", &target, None);
            count += page["data"].as_array().map_or(0, Vec::len);
            next = page["pagination"]["nextPage"].as_str().map(str::to_owned);
        }
        count
    }
}

/// All requests of the walk, which runs once.
pub static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(walk);

fn walk() -> Vec<Exchange> {
    let mut walk = Walk { platform: Platform::start(), exchanges: Vec::new() };
    tables(&mut walk);
    jobs::jobs(&mut walk);
    audiences::audience(&mut walk);
    audiences::folders_and_segments(&mut walk);
    parent_segments(&mut walk);
    setting(&mut walk);
    let event = key_events(&mut walk);
    let attributes = attributes(&mut walk, &event);
    let token = service(&mut walk);
    personalization(&mut walk, &event, &attributes);
    let connection = journeys::connections(&mut walk);
    journeys::journeys(&mut walk, &event, &attributes[0], &connection);
    refusals::all(&mut walk, &token);
    delete(&mut walk, &event, &attributes);
    walk.exchanges
}

fn tables(walk: &mut Walk) {
    walk.ok("GET", "/v3/database/list", None);
    walk.ok("GET", "/v3/database/show/web_events", None);
    for query in ["", "?include_descriptions=true"] {
        walk.ok("GET", &format!("/v3/table/list/web_events{query}"), None);
        walk.ok("GET", &format!("/v3/table/show/crm/customers{query}"), None);
    }
}

fn parent_segments(walk: &mut Walk) {
    walk.ok("GET", "/audiences", None);
    for id in ["394649", "394650", "394651"] {
        walk.ok("GET", &format!("/entities/parent_segments/{id}"), None);
        for part in ["", "/attributes", "/behaviors", "/behaviors?realtime=true", "/folders", "/segments"] {
            walk.ok("GET", &format!("/audiences/{id}{part}"), None);
        }
    }
    walk.ok("GET", "/entities/parent_segments", None);
}

fn setting(walk: &mut Walk) {
    let address = format!("{PS}/realtime_setting");
    walk.ok("GET", &format!("{PS}/realtime_configuration_versions/current"), None);
    for status in ["not_initialized", "initialized", "updating", "inconsistent", "ok"] {
        walk.platform.control("settle", json!({"ps": "394649", "status": status}));
        let setting = walk.ok("GET", &address, None);
        assert_eq!(setting["status"], status);
    }
    let mut wanted = walk.ok("GET", &address, None);
    let fields = wanted.as_object_mut().expect("a setting is an object");
    fields.retain(|key, _| {
        ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"].contains(&key.as_str())
    });
    let list = |value: &mut Value, item: Value| value.as_array_mut().expect("a list").push(item);
    list(&mut wanted["eventTables"], json!({"database": "web_events", "table": "pageviews"}));
    list(
        &mut wanted["keyColumns"],
        json!({"name": "td_client_id", "invalidTexts": ["null"], "validRegexp": "^[a-z]"}),
    );
    list(&mut wanted["keyColumns"], json!({"name": "email"}));
    wanted["extLookupKey"] = "customer_id".into();
    walk.ok("PATCH", &address, Some(wanted));
    walk.ok("GET", &format!("{PS}/realtime_configuration_versions/current"), None);
    let columns =
        json!({"columns": ["country", "loyalty_tier", "vip_discount_percentage", "last_purchase_at"]});
    walk.ok("POST", &format!("{PS}/realtime_imported_attributes/bulk_update"), Some(columns));
    walk.ok("GET", &address, None);
    walk.ok("GET", &format!("{PS}/realtime_configuration_versions/current"), None);
}

/// The id of a key event.
fn key_events(walk: &mut Walk) -> String {
    let address = format!("{PS}/realtime_key_events");
    let everything = json!({"type": "And", "conditions": []});
    let bare = json!({"name": "page_view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": everything});
    let id = walk.make(&address, bare.clone());
    let filter = json!({"type": "And", "conditions": [
        {"type": "Column", "column": "price", "operator": {"type": "GreaterThan", "rightValue": 100, "not": false}}]});
    let mut described = bare.clone();
    described["name"] = "expensive_view".into();
    described["description"] = "A product above 100 was looked at".into();
    described["filterRule"] = filter;
    let other = walk.make(&address, described.clone());
    described["description"] = "Above 100".into();
    walk.ok("PATCH", &format!("{address}/{other}"), Some(described));
    for part in ["", "/columns"] {
        walk.ok("GET", &format!("{address}/{id}{part}"), None);
    }
    walk.ok("GET", &format!("{address}/{other}"), None);
    assert_eq!(walk.leaf_through(&address), 2);
    assert_eq!(walk.leaf_through(&format!("{address}?name_include=expensive&sorted_by=name:desc")), 1);
    walk.ok("GET", &format!("{PS}/realtime_event_tables/web_events/pageviews/columns"), None);
    walk.ok("DELETE", &format!("{address}/{other}"), None);
    id
}

/// Ids of attributes: single, list, sliding counter, total counter, lookup catalog.
fn attributes(walk: &mut Walk, event: &str) -> [String; 5] {
    let address = format!("{PS}/realtime_attributes");
    let everything = json!({"type": "And", "conditions": []});
    let day = json!({"value": 1, "unit": "day"});
    let single = json!({
        "name": "Last product", "identifier": "last_product", "type": "single", "description": "what was seen last",
        "realtimeKeyEventId": event, "filterRule": everything, "valueColumn": "product_id", "dataType": "string",
        "duration": day, "backfill": {"attributeIdentifier": "loyalty_tier", "timestampIdentifier": "last_purchase_at"}});
    let list = json!({
        "name": "Products", "identifier": "products", "type": "list", "realtimeKeyEventId": event,
        "filterRule": everything, "idColumn": "product_id", "fields": ["product_id", "price"], "maxItems": 10,
        "duration": {"value": 90, "unit": "day"},
        "aggregations": [{"name": "Prices", "identifier": "prices", "aggregationType": "sum", "column": "price"}],
        "actions": [{"action": "clear", "realtimeKeyEventId": event, "filterRule": {"type": "And", "conditions": [
            {"type": "Column", "column": "event_name", "operator": {"type": "Equal", "rightValue": "logout", "not": false}}]}}]});
    let sliding = json!({
        "name": "Views", "identifier": "views", "type": "counter", "realtimeKeyEventId": event,
        "filterRule": everything, "counterType": "sliding", "increment": {"type": "const", "value": 1},
        "duration": {"value": 7, "unit": "day"},
        "subDurations": [{"name": "A day", "identifier": "views_1d", "value": 24, "unit": "hour"}]});
    let total = json!({
        "name": "Turnover", "identifier": "turnover", "type": "counter", "realtimeKeyEventId": event,
        "filterRule": everything, "counterType": "total", "increment": {"type": "field", "value": "price"}});
    let catalog = json!({
        "name": "Offers", "identifier": "offers", "type": "lookupCatalog", "lookupCatalogTableName": "offers",
        "lookupCatalogColumns": [{"name": "discount", "dataType": "number"}],
        "lookupKeys": [{"id": "product_id", "type": "string"}]});
    let made = [single, list, sliding, total, catalog].map(|body| walk.make(&address, body));
    let [single, list, sliding, ..] = &made;
    let changes = [
        (
            single,
            json!({"name": "Last product seen", "description": null, "duration": {"value": 30, "unit": "minute"}}),
        ),
        (
            list,
            json!({"fields": ["product_id", "price", "product_name"], "maxItems": 20, "duration": day, "actions": [],
            "aggregations": [
                {"name": "Prices", "identifier": "prices", "aggregationType": "sum", "column": "price"},
                {"name": "Names", "identifier": "names", "aggregationType": "distinct_list", "column": "product_name"}]}),
        ),
        (
            sliding,
            json!({"subDurations": [
            {"name": "A day", "identifier": "views_1d", "value": 24, "unit": "hour"},
            {"name": "An hour", "identifier": "views_1h", "value": 60, "unit": "minute"}]}),
        ),
    ];
    for (id, change) in changes {
        walk.ok("PATCH", &format!("{address}/{id}"), Some(change));
    }
    for id in &made {
        walk.ok("GET", &format!("{address}/{id}"), None);
    }
    // Five, and four imported ones.
    assert_eq!(walk.leaf_through(&address), 9);
    assert_eq!(walk.leaf_through(&format!("{address}?types=single,imported")), 5);
    assert_eq!(walk.leaf_through(&format!("{ENTITY}/realtime_attributes")), 9);
    assert_eq!(walk.leaf_through(&format!("{ENTITY}/realtime_attributes?q=views_1h&types=counter")), 0);
    made
}

/// A token.
fn service(walk: &mut Walk) -> String {
    let address = format!("{PS}/realtime_personalization_services");
    walk.make(&address, json!({"name": "bare"}));
    let id = walk.make(&address, json!({"name": "web", "description": "the shop", "public": true}));
    let one = format!("{address}/{id}");
    let made = walk.ok("POST", &format!("{one}/tokens"), Some(json!({"name": "shop"})));
    let ips = json!({"name": "office", "allowedIps": ["10.0.0.0/8"], "description": null});
    let other = walk.make(&format!("{one}/tokens"), ips);
    walk.ok("GET", &one, None);
    walk.ok("PATCH", &one, Some(json!({"name": "web", "description": null})));
    assert_eq!(walk.leaf_through(&address), 2);
    walk.ok("DELETE", &format!("{one}/tokens/{other}"), None);
    made["value"].as_str().expect("a new token shows its value").to_owned()
}

fn personalization(walk: &mut Walk, event: &str, attributes: &[String; 5]) {
    let [single, list, sliding, total, _] = attributes;
    let section = |name: &str, criteria: Value, payload: Value| {
        let mut entry = json!({
            "name": name, "description": "who gets it",
            "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {"type": "And", "conditions": []}}});
        if !criteria.is_null() {
            entry["profileCriteria"] = criteria;
        }
        json!({"name": name, "payload": {"428ca3414e3d4d388d88a035ce83a1ff": payload}, "entryCriteria": entry})
    };
    let payload = json!({"type": "ResponseNode", "name": "Response", "definition": {
        "attributePayload": [
            {"realtimeAttributeId": single, "outputName": "last"},
            {"realtimeAttributeId": list, "subAttributeIdentifier": "names", "outputName": "names"},
            {"realtimeAttributeId": sliding, "subAttributeIdentifier": "views_1d", "outputName": "views"},
            {"realtimeAttributeId": total, "outputName": "turnover"}],
        "segmentPayload": {"batchSegments": [{"id": "9001"}]},
        "stringBuilder": [{"outputName": "hello", "values": [{"type": "String", "value": "Welcome"}]}]}});
    let text = json!({"type": "ResponseNode", "name": "Response", "definition": {
        "attributePayload": null, "segmentPayload": null,
        "stringBuilder": [{"outputName": "hello", "values": [{"type": "String", "value": "Hello"}]}]}});
    let rule = json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": single,
        "operator": {"type": "Equal", "rightValue": "p1", "not": false}}]});
    let body = json!({
        "attributes": {"audienceId": "394649", "name": "shop", "description": null,
            "sections": [section("Fans", rule, payload)]},
        "relationships": {"parentFolder": {"data": {"id": "3001", "type": "folder-segment"}}}});
    let id = walk.make("/entities/realtime_personalizations", body);
    let bare = json!({"attributes": {"audienceId": "394649", "name": "empty", "description": "nothing yet"}});
    walk.make("/entities/realtime_personalizations", bare);
    let one = format!("/entities/realtime_personalizations/{id}");
    let mut sections = walk.ok("GET", &one, None)["data"]["attributes"]["sections"].take();
    let mut more = section("Default", Value::Null, text);
    more["includeSensitive"] = true.into();
    sections.as_array_mut().expect("sections are a list").push(more);
    let change = json!({"attributes": {"audienceId": "394649", "name": "shop", "description": "of 2025", "sections": sections}});
    walk.ok("PATCH", &one, Some(change));
    walk.ok("GET", &one, None);
    assert_eq!(walk.leaf_through(&format!("{ENTITY}/realtime_personalizations?permissions=edit")), 2);
}

fn delete(walk: &mut Walk, event: &str, attributes: &[String; 5]) {
    let list = |walk: &mut Walk, address: &str| -> Vec<String> {
        let page = walk.ok("GET", address, None);
        let ids = page["data"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str());
        ids.map(str::to_owned).collect()
    };
    for id in list(walk, &format!("{ENTITY}/realtime_personalizations")) {
        walk.ok("DELETE", &format!("/entities/realtime_personalizations/{id}"), None);
    }
    for id in list(walk, &format!("{PS}/realtime_personalization_services")) {
        walk.ok("DELETE", &format!("{PS}/realtime_personalization_services/{id}"), None);
    }
    for id in attributes {
        walk.ok("DELETE", &format!("{PS}/realtime_attributes/{id}"), None);
    }
    walk.ok("DELETE", &format!("{PS}/realtime_key_events/{event}"), None);
}

#[test]
fn every_answer_is_as_described() {
    let contract = &Contract::load();
    let problems: Vec<String> =
        EXCHANGES.iter().flat_map(|exchange| exchange.problems(contract, None)).collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n\n"));
}

/// Every operation that was carried out, as `METHOD /template`.
pub fn carried_out(contract: &Contract) -> BTreeSet<String> {
    let carried_out = EXCHANGES.iter().filter(|e| e.answer.as_ref().is_some_and(|a| a.status < 300));
    carried_out.filter_map(|exchange| Some(exchange.operation(contract)?.to_string())).collect()
}

#[test]
fn every_operation_of_the_files_is_exercised() {
    let contract = &Contract::load();
    let exercised = carried_out(contract);
    let all: BTreeSet<String> = contract.operations.iter().map(ToString::to_string).collect();
    let astray: Vec<_> = exercised.symmetric_difference(&all).collect();
    assert!(astray.is_empty(), "not exercised, or not in the files: {astray:#?}");
    println!("{} operations, all exercised", all.len());
}
