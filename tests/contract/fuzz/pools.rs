//! A sandbox in which there is one of everything, and the ids that requests can name.

use super::super::generate::Pools;
use super::super::openapi::Operation;
use super::VENDOR;
use crate::common::Platform;
use serde_json::{Value, json};

const PS: &str = "/audiences/394649";
const STEP: &str = "428ca341-3c3e-4d38-8d88-a035ce83a1ff";
/// Steps that no activation was made for.
const WAIT: &str = "58ab9022-b48d-430a-a879-2e13d08cd2c1";
const END: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a05";
const JOURNEYS: &str = "/entities/realtime_journeys";

/// What a webhook sends.
const EXPORT: &str = r#"{"method":"post","url":"https://hooks.example.com/in","headers":null,"body":null}"#;

struct Setup {
    platform: Platform,
    pools: Pools,
}

/// A sandbox for an operation's requests, the pools of its ids, and a token.
pub fn configured(operation: &Operation) -> (Platform, Pools, String) {
    let mut setup = Setup { platform: Platform::start(), pools: Pools::new() };
    setup.tables();
    setup.job();
    let event = setup.realtime();
    let token = setup.personalization();
    let journey = setup.journeys(&event);
    let id = match operation.template.as_str() {
        "/entities/realtime_journeys/duplicate" => journey.clone(),
        _ => json!("394649"),
    };
    setup.put(&["id"], &[id]);
    match operation.to_string().as_str() {
        // The other one is in use.
        "DELETE /audiences/{audienceId}" => drop(setup.pools.insert("audienceId", vec![json!("394651")])),
        "POST /entities/realtime_journeys/{realtimeJourneyId}/activations" => {
            setup.pools.insert("stepUuid", vec![json!(WAIT)]);
        }
        // Steps that chance makes hardly ever are a graph.
        super::CREATE_JOURNEY => setup.graph(&event),
        super::CHANGE_JOURNEY => {
            setup.graph(&event);
            setup.put(&["realtimeJourneyId"], &[journey.clone(), journey]);
        }
        // Only the draft's activation is known.
        template if template.ends_with("/{realtimeJourneyActivationStepId}") => {
            drop(setup.pools.insert("realtimeJourneyId", vec![journey]));
        }
        _ => {}
    }
    (setup.platform, setup.pools, token)
}

impl Setup {
    fn put(&mut self, names: &[&'static str], values: &[Value]) {
        for name in names {
            self.pools.entry(name).or_default().extend_from_slice(values);
        }
    }

    fn texts(&mut self, names: &[&'static str], values: &[&str]) {
        self.put(names, &values.iter().map(|value| json!(value)).collect::<Vec<_>>());
    }

    /// A request that must be carried out; the id in its answer, and the answer.
    #[track_caller]
    fn make(&self, method: &str, path: &str, body: Value) -> (Value, Value) {
        let media = if path.starts_with("/entities") { VENDOR } else { "application/json" };
        let (status, answer) = self.platform.request_as(method, path, Some(body), media, &[]);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        let id = answer.pointer("/data/id").or_else(|| answer.get("id")).cloned();
        (id.unwrap_or_default(), answer)
    }

    fn tables(&mut self) {
        self.texts(&["audienceId", "parentSegmentId"], &["394649"]);
        self.texts(&["databaseName", "database", "database_name"], &["web_events"]);
        self.texts(&["tableName", "table", "table_name"], &["pageviews"]);
        self.texts(&["parentDatabaseName"], &["crm"]);
        self.texts(&["parentTableName"], &["customers"]);
        self.texts(&["parentColumn"], &["email", "first_name"]);
        self.texts(&["parentKey", "foreignKey", "extLookupKey"], &["customer_id"]);
        self.texts(&["column"], &["loyalty_tier", "city", "country"]);
        self.texts(&["valueColumn", "idColumn"], &["product_id", "price"]);
        self.texts(&["validRegexp"], &["^[a-z]+$"]);
        self.texts(&["allowedIp"], &["127.0.0.1", "10.0.0.0/8"]);
        self.texts(&["attributeIdentifier", "timestampIdentifier"], &["last_purchase_at", "loyalty_tier"]);
        self.texts(&["stepUuid", "rootStep"], &[STEP]);
        self.texts(&["connectorType"], &["td_webhook_out"]);
        self.texts(&["exportJson"], &[EXPORT]);
        self.texts(&["exportAdvancedJson"], &["{}", r#"{"webhook_retry_count": 3}"#]);
    }

    /// A job that has a result.
    fn job(&mut self) {
        self.texts(&["job_type"], &["trino", "presto", "hive"]);
        let query = json!({"query": "SELECT 'x' AS x"});
        let id = self.make("POST", "/v3/job/issue/trino/web_events", query).1["job_id"].clone();
        let status = format!("/v3/job/status/{}", id.as_str().unwrap_or_default());
        while self.platform.get(&status)["status"] != "success" {}
        self.put(&["job_id"], &[id]);
    }

    /// Setting, key events and attributes; the id of the key event that they use.
    fn realtime(&mut self) -> Value {
        let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [{"column": "loyalty_tier"}],
            "extLookupKey": null, "eventTables": [{"database": "web_events", "table": "pageviews"}]});
        self.make("PATCH", &format!("{PS}/realtime_setting"), setting);
        let event = |name: &str| json!({"name": name, "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
        let all = format!("{PS}/realtime_key_events");
        let (used, spare) =
            (self.make("POST", &all, event("view")).0, self.make("POST", &all, event("spare")).0);
        self.put(&["keyEventId"], std::slice::from_ref(&used));
        self.put(&["realtimeKeyEventId"], &[used.clone(), spare]);
        let single = json!({"name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": used,
            "valueColumn": "product_id", "dataType": "string"});
        let list = json!({"name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": used,
            "idColumn": "product_id"});
        for attribute in [single, list] {
            let made = self.make("POST", &format!("{PS}/realtime_attributes"), attribute).0;
            self.put(&["realtimeAttributeId"], &[made]);
        }
        used
    }

    /// A service with a token, a folder and a personalization; the token.
    fn personalization(&mut self) -> String {
        let services = format!("{PS}/realtime_personalization_services");
        let service = self.make("POST", &services, json!({"name": "web"})).0;
        let tokens = format!("{services}/{}/tokens", service.as_str().unwrap_or_default());
        let (token, shown) = self.make("POST", &tokens, json!({"name": "t"}));
        self.put(&["realtimePersonalizationServiceId"], &[service]);
        self.put(&["realtimePersonalizationServiceTokenId", "tokenId"], &[token]);
        let folder = json!({"name": "Here", "description": "a folder"});
        let folder = self.make("POST", &format!("{PS}/folders"), folder).0;
        self.put(&["folderId", "segmentFolderId", "parentFolderId"], &[folder]);
        let web = json!({"attributes": {"audienceId": "394649", "name": "web", "description": null, "sections": []}});
        let web = self.make("POST", "/entities/realtime_personalizations", web).0;
        self.put(&["realtimePersonalizationId"], &[web]);
        shown["value"].as_str().expect("a new token shows its value").to_owned()
    }

    /// A journey of each state, the first with an activation; the id of the draft.
    fn journeys(&mut self, event: &Value) -> Value {
        let auth = json!({"account_id": "1", "user_id": "user_1", "auth_type": "td_webhook_out", "auth_name": "hook",
            "direction": "out", "auth": {"api_key": "1/secret", "url_prefix": "https://hooks.example.com/"}});
        let connection = self.make("POST", "/v4/streaming_task_auths", auth).0;
        self.put(&["connectionId"], std::slice::from_ref(&connection));
        let draft = |name: &str| {
            json!({"attributes": {"audienceId": "394649", "segmentFolderId": "3001", "name": name,
            "description": null, "goal": null, "reentryMode": "no_reentry", "realtimeJourneyStages": [{"name": "s"}]}})
        };
        let mut journeys = Vec::new();
        for name in ["draft", "launched", "paused"] {
            let (journey, answer) = self.make("POST", JOURNEYS, draft(name));
            let one = format!("{JOURNEYS}/{}", journey.as_str().unwrap_or_default());
            let activation = json!({"attributes": {"name": "Send", "stepUuid": STEP, "connectionId": connection,
                "connectorType": "td_webhook_out", "connector": {"exportJson": EXPORT, "exportAdvancedJson": "{}"}}});
            let activation = self.make("POST", &format!("{one}/activations"), activation).0;
            if name == "draft" {
                self.put(&["realtimeJourneyActivationStepId", "journeyActivationStepId"], &[activation]);
            } else {
                let stage = &answer["data"]["attributes"]["realtimeJourneyStages"][0]["id"];
                self.launch(&one, stage, &activation, event);
            }
            if name == "paused" {
                let (status, answer) = self.platform.request("PATCH", &format!("{one}/pause"), None);
                assert_eq!(status, 200, "{answer}");
            }
            journeys.push(journey);
        }
        self.put(&["realtimeJourneyId"], &journeys);
        journeys.remove(0)
    }

    fn launch(&self, journey: &str, stage: &Value, activation: &Value, event: &Value) {
        let steps = json!({STEP: {"type": "TriggeredActivation", "journeyActivationStepId": activation, "next": null}});
        let criteria = json!({"name": "In", "keyEventCriteria": {"keyEventId": event,
            "keyEventFilters": {"type": "And", "conditions": []}}});
        let stages =
            json!([{"id": stage, "name": "s", "rootStep": STEP, "steps": steps, "entryCriteria": criteria}]);
        self.platform.control("settle", json!({"ps": "394649", "status": "ok"}));
        self.make(
            "PATCH",
            journey,
            json!({"attributes": {"state": "launched", "realtimeJourneyStages": stages}}),
        );
    }

    /// Whole stages and goals of a journey.
    fn graph(&mut self, event: &Value) {
        let filters = json!({"type": "And", "conditions": []});
        let on = json!({"keyEventId": event, "keyEventFilters": filters});
        let entry = json!({"name": "In", "keyEventCriteria": on});
        let wait = json!({"type": "WaitStep", "waitStep": 1, "waitStepUnit": "day", "next": END});
        let steps = json!({WAIT: wait, END: {"type": "End"}});
        let full = json!({"name": "First", "rootStep": WAIT, "steps": steps, "entryCriteria": entry});
        self.put(&["realtimeJourneyStages"], &[json!([full]), json!([{"name": "Empty"}, full])]);
        self.put(&["goal"], &[json!({}), json!({"name": "Done", "keyEventCriteria": on})]);
    }
}
