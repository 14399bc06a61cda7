//! The refusals that a plan or a command can bring about.

use serde_json::{Value, json};

/// What says it to the command line.
pub enum Said {
    /// A part of a plan.
    Plan(Value),
    /// A command.
    Command(&'static [&'static str]),
}

/// One refusal.
pub struct Case {
    /// Its id.
    pub id: &'static str,
    /// Requests that make it possible; they are carried out before both.
    pub before: Vec<Request>,
    /// The request that the sandbox refuses so.
    pub request: Request,
    /// What says the same to the command line.
    pub said: Said,
}

/// Method, path and body, with `$names` in the place of ids.
pub type Request = (&'static str, String, Value);

fn case(id: &'static str, request: Request, part: Value) -> Case {
    Case { id, before: Vec::new(), request, said: Said::Plan(part) }
}

fn after(before: Vec<Request>, case: Case) -> Case {
    Case { before, ..case }
}

fn command(id: &'static str, request: Request, arguments: &'static [&'static str]) -> Case {
    Case { id, before: Vec::new(), request, said: Said::Command(arguments) }
}

fn with(mut value: Value, more: &Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

const PS: &str = "/audiences/394649";

fn new_attribute(more: Value) -> Request {
    let base = json!({"name": "bad", "identifier": "bad", "type": "single", "realtimeKeyEventId": "$event",
        "valueColumn": "product_id", "dataType": "string"});
    ("POST", format!("{PS}/realtime_attributes"), with(base, &more))
}

fn new_list(more: Value) -> Request {
    let base = json!({"name": "bad", "identifier": "bad", "type": "list", "realtimeKeyEventId": "$event",
        "idColumn": "product_id"});
    ("POST", format!("{PS}/realtime_attributes"), with(base, &more))
}

fn new_counter(more: Value) -> Request {
    let base = json!({"name": "bad", "identifier": "bad", "type": "counter", "realtimeKeyEventId": "$event",
        "counterType": "total", "increment": {"type": "const", "value": 1}});
    ("POST", format!("{PS}/realtime_attributes"), with(base, &more))
}

fn setting(more: Value) -> Request {
    let base = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [{"column": "loyalty_tier"}],
        "extLookupKey": "customer_id", "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    ("PATCH", format!("{PS}/realtime_setting"), with(base, &more))
}

fn new_event(more: Value) -> Request {
    let base = json!({"name": "bad", "databaseName": "web_events", "tableName": "pageviews",
        "filterRule": {"type": "And", "conditions": []}});
    ("POST", format!("{PS}/realtime_key_events"), with(base, &more))
}

fn new_entity(section: Value) -> Request {
    let base = json!({"name": "s", "entryCriteria": {"name": "s", "keyEventCriteria": null, "profileCriteria": null},
        "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "p", "definition": {
            "attributePayload": [{"realtimeAttributeId": "$last", "outputName": "o"}], "stringBuilder": null}}}});
    let attributes = json!({"audienceId": "394649", "name": "bad", "description": null, "sections": [with(base, &section)]});
    ("POST", "/entities/realtime_personalizations".to_owned(), json!({"attributes": attributes}))
}

fn payload(definition: Value) -> Value {
    json!({"payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "p", "definition": definition}}})
}

fn new_journey(more: Value) -> Request {
    let base = json!({"audienceId": "394649", "segmentFolderId": "3001", "name": "bad", "description": null,
        "goal": null, "reentryMode": "no_reentry", "realtimeJourneyStages": [{"name": "First"}]});
    ("POST", "/entities/realtime_journeys".to_owned(), json!({"attributes": with(base, &more)}))
}

const A: &str = "58ab9022-b48d-430a-a879-2e13d08cd2c1";

fn staged(stage: Value) -> Request {
    new_journey(json!({"realtimeJourneyStages": [with(json!({"name": "First"}), &stage)]}))
}

fn stepped(step: Value) -> Request {
    staged(json!({"rootStep": A, "steps": {A: step}}))
}

fn activation(more: Value, export: Value) -> Request {
    let whole = with(
        json!({"method": "post", "url": "https://hooks.example.com/in", "headers": null, "body": null}),
        &export,
    );
    let base = json!({"name": "Send", "stepUuid": A, "connectionId": "8501", "connectorType": "td_webhook_out",
        "connector": {"exportJson": whole.to_string(), "exportAdvancedJson": "{}"}});
    (
        "POST",
        "/entities/realtime_journeys/$sleeping/activations".to_owned(),
        json!({"attributes": with(base, &more)}),
    )
}

fn patch_journey(name: &str, attributes: Value) -> Request {
    ("PATCH", format!("/entities/realtime_journeys/{name}"), json!({ "attributes": attributes }))
}

fn attribute(more: Value) -> Value {
    let base =
        json!({"name": "bad", "type": "single", "source_event": "page_view", "source_field": "product_id"});
    json!({"attributes": [with(base, &more)]})
}

fn section(more: Value) -> Value {
    let base = json!({"name": "s", "attributes": ["last"]});
    json!({"personalization_service": {"name": "bad", "trigger_event": "page_view", "sections": [with(base, &more)]}})
}

fn journey(more: Value) -> Value {
    let base = json!({"name": "bad", "trigger_event": "page_view", "steps": [{"wait": "1h"}]});
    json!({"journeys": [with(base, &more)]})
}

fn webhook(more: Value) -> Value {
    let base =
        json!({"activate": "webhook", "url": "https://hooks.example.com/in", "connection": "demo_webhook"});
    journey(json!({"steps": [with(base, &more)]}))
}

/// All cases.
pub fn all() -> Vec<Case> {
    [attributes(), settings(), personalizations(), journeys(), activations(), commands()]
        .into_iter()
        .flatten()
        .collect()
}

fn attributes() -> Vec<Case> {
    let regexp = json!({"type": "And", "conditions": [{"type": "Column", "column": "td_path",
        "operator": {"type": "Regexp", "rightValue": "(", "not": false}}]});
    let over = json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": "$last",
        "operator": {"type": "Equal", "rightValue": "x", "not": false}}]});
    vec![
        case(
            "attribute-key-event-missing",
            new_attribute(json!({"realtimeKeyEventId": "999"})),
            attribute(json!({"source_event": "nope"})),
        ),
        case(
            "attribute-name-taken",
            new_attribute(json!({"name": "last"})),
            json!({"attributes": [{"name": "twice", "type": "single", "source_event": "page_view", "source_field": "price"},
                {"name": "twice", "type": "counter", "source_event": "page_view"}]}),
        ),
        case(
            "attribute-identifier-taken",
            new_attribute(json!({"identifier": "last"})),
            attribute(json!({"identifier": "last"})),
        ),
        case(
            "attribute-type-unknown",
            new_attribute(json!({"type": "sngle"})),
            attribute(json!({"type": "sngle"})),
        ),
        case(
            "attribute-backfill-column-missing",
            new_attribute(
                json!({"backfill": {"attributeIdentifier": "nope", "timestampIdentifier": "nope"}}),
            ),
            attribute(json!({"backfill": {"attribute": "nope", "timestamp": "nope"}})),
        ),
        case(
            "list-max-items-too-small",
            new_list(json!({"maxItems": 0})),
            attribute(json!({"type": "list", "max_items": 0})),
        ),
        case(
            "counter-increment-too-small",
            new_counter(json!({"increment": {"type": "const", "value": 0}})),
            json!({"attributes": [{"name": "bad", "type": "counter", "source_event": "page_view", "increment": 0}]}),
        ),
        case(
            "attribute-duration-too-small",
            new_attribute(json!({"duration": {"value": 0, "unit": "hour"}})),
            attribute(json!({"expiry": "0h"})),
        ),
        case(
            "attribute-part-identifier-taken",
            new_list(json!({"fields": ["product_id", "price"], "aggregations": [
                {"name": "a", "identifier": "a", "column": "price", "aggregationType": "sum"},
                {"name": "b", "identifier": "a", "column": "price", "aggregationType": "max"}]})),
            attribute(
                json!({"type": "list", "source_field": null, "id_field": "product_id", "fields": ["price"], "aggregations": [
                {"name": "a", "identifier": "a", "column": "price", "aggregation": "sum"},
                {"name": "b", "identifier": "a", "column": "price", "aggregation": "max"}]}),
            ),
        ),
        case("field-blank", new_attribute(json!({"name": ""})), attribute(json!({"name": ""}))),
        case(
            "event-rule-invalid",
            new_event(json!({"filterRule": regexp})),
            json!({"events": [
            {"name": "bad", "table": "web_events.pageviews", "filter": {"field": "td_path", "pattern": "("}}]}),
        ),
        case(
            "event-rule-over-attribute",
            new_event(json!({"filterRule": over})),
            json!({"events": [
            {"name": "bad", "table": "web_events.pageviews", "filter": {"realtimeAttribute": "last", "type": "Equal", "value": "x"}}]}),
        ),
        case(
            "key-event-name-taken",
            new_event(json!({"name": "page_view"})),
            json!({"events": [
            {"name": "twice", "table": "web_events.pageviews"}, {"name": "twice", "table": "web_events.logins"}]}),
        ),
        case(
            "key-event-filters-too-long",
            new_event(
                json!({"filterRule": {"type": "And", "conditions": [{"type": "Column", "column": "td_path",
                "operator": {"type": "Equal", "rightValue": "x".repeat(1_200), "not": false}}]}}),
            ),
            json!({"events": [{"name": "bad", "table": "web_events.pageviews", "where": format!("td_path = '{}'", "x".repeat(1_200))}]}),
        ),
    ]
}

fn settings() -> Vec<Case> {
    let many = |count: usize| (0..count).map(|index| json!(format!("k{index}"))).collect::<Vec<_>>();
    let tables =
        |count: usize| (0..count).map(|index| json!(format!("web_events.t{index}"))).collect::<Vec<_>>();
    let keys = |keys: Value| json!({"id_stitching": {"stitching_keys": keys}});
    vec![
        case(
            "keys-too-many",
            setting(
                json!({"keyColumns": many(101).iter().map(|name| json!({"name": name})).collect::<Vec<_>>()}),
            ),
            keys(json!(many(101))),
        ),
        case("key-name-blank", setting(json!({"keyColumns": [{"name": ""}]})), keys(json!([""]))),
        case(
            "key-twice",
            setting(json!({"keyColumns": [{"name": "email"}, {"name": "email"}]})),
            keys(json!(["email", {"name": "email"}])),
        ),
        case(
            "key-regexp-invalid",
            setting(json!({"keyColumns": [{"name": "td_client_id", "validRegexp": "("}]})),
            keys(json!([{"name": "email", "valid_regex": "("}])),
        ),
        case(
            "event-tables-too-many",
            setting(
                json!({"eventTables": (0..101).map(|index| json!({"database": "web_events", "table": format!("t{index}")})).collect::<Vec<_>>()}),
            ),
            json!({"event_tables": tables(101)}),
        ),
        case(
            "event-table-missing",
            setting(
                json!({"eventTables": [{"database": "web_events", "table": "pageviews"}, {"database": "web_events", "table": "nope"}]}),
            ),
            json!({"event_tables": ["web_events.nope"]}),
        ),
        case(
            "lookup-key-fixed",
            setting(json!({"extLookupKey": "email"})),
            json!({"id_stitching": {"ext_lookup_key": "email"}}),
        ),
        case(
            "imported-column-missing",
            setting(json!({"batchAttributes": [{"column": "nope"}]})),
            json!({"attributes": [{"name": "nope", "type": "imported_batch"}]}),
        ),
        case(
            "imported-twice",
            setting(json!({"batchAttributes": [{"column": "city"}, {"column": "city"}]})),
            json!({"attributes": [{"name": "city", "type": "imported_batch"}, {"name": "city", "type": "imported_batch"}]}),
        ),
        after(
            vec![new_attribute(json!({"name": "city", "identifier": "x"}))],
            case(
                "imported-name-taken",
                setting(json!({"batchAttributes": [{"column": "loyalty_tier"}, {"column": "city"}]})),
                json!({"attributes": [{"name": "city", "type": "imported_batch"}]}),
            ),
        ),
        after(
            vec![new_attribute(json!({"name": "x", "identifier": "city"}))],
            case(
                "imported-identifier-taken",
                setting(json!({"batchAttributes": [{"column": "loyalty_tier"}, {"column": "city"}]})),
                json!({"attributes": [{"name": "city", "type": "imported_batch"}]}),
            ),
        ),
        after(
            vec![("POST", "/_sandbox/settle".to_owned(), json!({"ps": "394651", "status": "ok"}))],
            case(
                "lookup-key-not-profile-key",
                (
                    "PATCH",
                    "/audiences/394651/realtime_setting".to_owned(),
                    json!({"keyColumns": [], "batchAttributes": [], "eventTables": [], "extLookupKey": "email"}),
                ),
                json!({"parent_segment_id": "394651", "id_stitching": {"ext_lookup_key": "email"}}),
            ),
        ),
        case(
            "real-time-not-enabled",
            ("POST", "/audiences/394651/realtime_key_events".to_owned(), json!({"name": "a"})),
            json!({"parent_segment_id": "394651", "events": [{"name": "a", "table": "web_events.pageviews"}]}),
        ),
        case(
            "record-missing",
            ("POST", "/audiences/999999/realtime_key_events".to_owned(), json!({"name": "a"})),
            json!({"parent_segment_id": "999999"}),
        ),
    ]
}

fn personalizations() -> Vec<Case> {
    let attribute_rule = json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": "999",
        "operator": {"type": "Equal", "rightValue": "x", "not": false}}]});
    vec![
        case("section-name-blank", new_entity(json!({"name": ""})), section(json!({"name": ""}))),
        case(
            "section-payload-invalid",
            new_entity(payload(
                json!({"attributePayload": null, "stringBuilder": [{"outputName": "x", "values": [{"type": "String", "value": "{{a}}"}]}]}),
            )),
            section(json!({"strings": {"x": "{{a}}"}})),
        ),
        case(
            "section-batch-segment-missing",
            new_entity(payload(
                json!({"attributePayload": [{"realtimeAttributeId": "$last", "outputName": "o"}],
                "segmentPayload": {"outputName": "segments", "batchSegments": [{"id": "999"}]}}),
            )),
            section(json!({"batch_segments": ["999"]})),
        ),
        case(
            "criteria-key-event-missing",
            new_entity(
                json!({"entryCriteria": {"name": "s", "keyEventCriteria": {"keyEventId": "999", "keyEventFilters": null}}}),
            ),
            section(json!({"trigger_event": "nope"})),
        ),
        case(
            "criteria-invalid",
            new_entity(
                json!({"entryCriteria": {"name": "s", "keyEventCriteria": null, "profileCriteria": attribute_rule}}),
            ),
            section(json!({"criteria": "nope = 'x'"})),
        ),
        case(
            "personalization-name-taken",
            {
                let (method, path, mut body) = new_entity(json!({}));
                body["attributes"]["name"] = "home".into();
                (method, path, body)
            },
            json!({"personalization_services": [
                {"name": "twice", "trigger_event": "page_view", "sections": [{"name": "s", "attributes": ["last"]}]},
                {"name": "twice", "trigger_event": "page_view", "sections": [{"name": "s", "attributes": ["last"]}]}]}),
        ),
    ]
}

fn journeys() -> Vec<Case> {
    let jump = |journey: &str, stage: &str| {
        stepped(json!({"type": "Jump", "name": "j", "description": null,
        "target": {"realtimeJourneyId": journey, "realtimeJourneyStageId": stage, "confirmed": true}}))
    };
    let variants = |one: f64, other: f64| {
        let variant = |id: &str, share: f64| json!({"id": id, "name": id, "percentage": share, "isControlGroup": false, "next": null});
        stepped(
            json!({"type": "Variant", "controlVariant": false, "customizedSplit": true, "branches": [variant("a", one), variant("b", other)]}),
        )
    };
    let test = |one: f64, other: f64| {
        journey(json!({"steps": [{"ab_test": [{"name": "a", "share": one}, {"name": "b", "share": other}]}]}))
    };
    let branch = |id: &str, last: bool| json!({"id": id, "name": id, "profileCriteria": null, "excludedPath": last, "next": null});
    let decision = |branches: Value| stepped(json!({"type": "DecisionPoint", "branches": branches}));
    let last = |name: &str| json!({"name": name, "otherwise": true});
    vec![
        case("jump-journey-missing", jump("999", "1"), journey(json!({"steps": [{"jump": "nope"}]}))),
        case(
            "jump-stage-missing",
            jump("$running", "999"),
            journey(json!({"steps": [{"jump": {"journey": "running", "stage": "nope"}}]})),
        ),
        case("variant-percentage-invalid", variants(120.0, -20.0), test(120.0, -20.0)),
        case("variant-percentages-sum", variants(50.0, 40.0), test(50.0, 40.0)),
        case(
            "branch-id-twice",
            decision(json!([branch("a", false), branch("a", true)])),
            journey(json!({"steps": [{"decide": [
            {"name": "a", "when": "last = 'x'"}, {"name": "a", "otherwise": true}]}]})),
        ),
        case(
            "branch-excluded-twice",
            decision(json!([branch("a", true), branch("b", true)])),
            journey(json!({"steps": [{"decide": [last("a"), last("b")]}]})),
        ),
        case(
            "exit-criteria-empty",
            staged(
                json!({"exitCriterias": [{"name": "x", "keyEventCriteria": null, "profileCriteria": {"type": "And", "conditions": []}, "target": null}]}),
            ),
            journey(json!({"exit": [{"criteria": ""}]})),
        ),
        case(
            "journey-name-taken",
            new_journey(json!({"name": "running"})),
            json!({"journeys": [
            {"name": "twice", "trigger_event": "page_view", "steps": [{"wait": "1h"}]},
            {"name": "twice", "trigger_event": "page_view", "steps": [{"wait": "2h"}]}]}),
        ),
        case(
            "journey-reentry-mode-unknown",
            new_journey(json!({"reentryMode": "sometimes"})),
            journey(json!({"reentry": "sometimes"})),
        ),
        case(
            "journey-state-back",
            patch_journey("$running", json!({"state": "draft"})),
            json!({"journeys": [
            {"name": "running", "trigger_event": "page_view", "state": "draft", "steps": [{"wait": "1h"}]}]}),
        ),
        case(
            "journey-flow-fixed",
            patch_journey("$running", json!({"reentryMode": "reentry_always"})),
            json!({"journeys": [
            {"name": "running", "trigger_event": "page_view", "state": "launched", "reentry": "always", "steps": [{"wait": "1h"}]}]}),
        ),
        case(
            "journey-pause-invalid",
            ("PATCH", "/entities/realtime_journeys/$sleeping/pause".to_owned(), json!({})),
            journey(json!({"paused": true})),
        ),
        case(
            "stages-too-many",
            new_journey(
                json!({"realtimeJourneyStages": (0..9).map(|index| json!({"name": format!("s{index}")})).collect::<Vec<_>>()}),
            ),
            json!({"journeys": [{"name": "bad", "stages": (0..9).map(|index| json!({"name": format!("s{index}"), "trigger_event": "page_view", "steps": ["end"]})).collect::<Vec<_>>()}]}),
        ),
        case(
            "number-too-small",
            stepped(json!({"type": "WaitStep", "waitStep": 0, "waitStepUnit": "hour", "next": null})),
            journey(json!({"steps": [{"wait": "0h"}]})),
        ),
        case(
            "launch-entry-missing",
            patch_journey(
                "$sleeping",
                json!({"state": "launched", "realtimeJourneyStages": [
                {"name": "First", "rootStep": A, "steps": {A: {"type": "End"}}}]}),
            ),
            json!({"journeys": [{"name": "bad", "state": "launched", "steps": [{"wait": "1h"}]}]}),
        ),
        case(
            "launch-root-step-missing",
            patch_journey(
                "$sleeping",
                json!({"state": "launched", "realtimeJourneyStages": [{"name": "First"}]}),
            ),
            json!({"journeys": [{"name": "bad", "state": "launched", "trigger_event": "page_view", "steps": []}]}),
        ),
        case(
            "launch-step-unreachable",
            patch_journey(
                "$sleeping",
                json!({"state": "launched", "realtimeJourneyStages": [{"name": "First", "rootStep": A,
                "steps": {A: {"type": "End"}, "428ca341-3c3e-4d38-8d88-a035ce83a1ff": {"type": "End"}}}]}),
            ),
            journey(json!({"state": "launched", "steps": ["end", {"wait": "1h"}]})),
        ),
        case(
            "launch-jump-unconfirmed",
            patch_journey(
                "$sleeping",
                json!({"state": "launched", "realtimeJourneyStages": [{"name": "First", "rootStep": A,
                "steps": {A: {"type": "Jump", "name": "j", "description": null, "target": null}}}]}),
            ),
            journey(json!({"state": "launched", "steps": [{"jump": null}]})),
        ),
    ]
}

fn activations() -> Vec<Case> {
    let headers = |count: usize| {
        Value::Object(
            (0..count).map(|index| (format!("X-{index}"), json!("x"))).collect::<serde_json::Map<_, _>>(),
        )
    };
    let raw = |more: Value| {
        journey(json!({"steps": [with(json!({"activate": "connection", "connection": "demo_webhook",
            "connector_type": "td_webhook_out"}), &more)]}))
    };
    vec![
        case(
            "activation-connection-missing",
            activation(json!({"connectionId": "999"}), json!({})),
            webhook(json!({"connection": "999"})),
        ),
        case(
            "activation-connection-type-wrong",
            activation(json!({"connectorType": "braze_out"}), json!({})),
            raw(json!({"connector_type": "braze_out", "parameters": {}})),
        ),
        case(
            "activation-url-outside-prefix",
            activation(json!({}), json!({"url": "https://hooks.example.org/in"})),
            webhook(json!({"url": "https://hooks.example.org/in"})),
        ),
        case(
            "activation-url-invalid",
            activation(json!({}), json!({"url": "hooks"})),
            webhook(json!({"url": "hooks"})),
        ),
        case(
            "activation-method-unknown",
            activation(json!({}), json!({"method": "fetch"})),
            webhook(json!({"method": "fetch"})),
        ),
        case(
            "activation-headers-invalid",
            activation(json!({}), json!({"headers": "X: y"})),
            webhook(json!({"headers": "X: y"})),
        ),
        case(
            "activation-headers-too-many",
            activation(json!({}), json!({"headers": headers(33)})),
            webhook(json!({"headers": headers(33)})),
        ),
        case(
            "activation-body-too-long",
            activation(json!({}), json!({"body": "x".repeat(260_000)})),
            webhook(json!({"body": "x".repeat(260_000)})),
        ),
        case(
            "activation-export-field-unknown",
            activation(json!({}), json!({"colour": "red"})),
            raw(json!({"parameters":
            {"method": "post", "url": "https://hooks.example.com/in", "colour": "red"}})),
        ),
        case(
            "activation-advanced-invalid",
            activation(
                json!({"connector": {"exportJson": "{\"method\":\"post\",\"url\":\"https://hooks.example.com/in\"}",
                "exportAdvancedJson": "{\"webhook_retry_count\":-1}"}}),
                json!({}),
            ),
            webhook(json!({"retries": -1})),
        ),
        after(
            vec![(
                "PATCH",
                "/entities/realtime_journeys/$sleeping/activations/$activation".to_owned(),
                json!({"attributes": {"connectionId": "8501", "connectorType": "td_webhook_out",
                    "connector": {"exportJson": null, "exportAdvancedJson": null}}}),
            )],
            case(
                "launch-activation-without-export",
                patch_journey("$sleeping", json!({"state": "launched", "realtimeJourneyStages": "$stages"})),
                journey(
                    json!({"state": "launched", "steps": [{"activate": "connection", "connection": "demo_webhook",
                    "connector_type": "td_webhook_out"}]}),
                ),
            ),
        ),
    ]
}

/// What a command of one request asks for.
fn commands() -> Vec<Case> {
    vec![
        command(
            "key-event-in-use",
            ("DELETE", format!("{PS}/realtime_key_events/$event"), json!({})),
            &["rt-events", "delete", "page_view", "--ps", "394649"],
        ),
        command(
            "attribute-in-use",
            ("DELETE", format!("{PS}/realtime_attributes/$last"), json!({})),
            &["rt-attrs", "delete", "last", "--ps", "394649"],
        ),
        command(
            "tokens-too-many",
            ("POST", format!("{PS}/realtime_personalization_services/$service/tokens"), json!({"name": "t"})),
            &[
                "pz-create",
                "--ps",
                "394649",
                "--name",
                "home",
                "--trigger",
                "page_view",
                "--string",
                "a=b",
                "--new-token",
            ],
        ),
    ]
}
