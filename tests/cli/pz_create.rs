//! `pz-create`: service, token and entity.

use super::{PS, Written, configured, listing, names, said};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct Document {
    personalization_service: Plan,
    service: Service,
    personalization: Personalization,
}

#[derive(Debug, Deserialize)]
struct Plan {
    sections: Vec<Section>,
}

#[derive(Debug, Deserialize)]
struct Section {
    name: String,
    action: String,
    #[serde(default)]
    kept: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Service {
    id: String,
    name: String,
    action: String,
    token_id: String,
    token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Personalization {
    id: String,
    name: String,
    action: String,
    endpoint: String,
    event_endpoint: String,
    console_url: String,
    trigger: Trigger,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Trigger {
    event: String,
    database: String,
    table: String,
}

const VIP: &str = "
parent_segment_id: '394649'
personalization_service:
  name: web
  description: For the shop
  trigger_event: page_view
  sections:
    - name: VIP
      criteria: \"loyalty_tier = 'VIP' AND (views >= 3 OR last IS NOT NULL)\"
      attributes: [last, {name: seen, as: browsed}, {name: views, as: views_today, sub: window_24h}]
      strings: {welcome: Welcome back}
      batch_segments: [Newsletter, '9001']
    - {name: Default, criteria: '', attributes: [last]}
";

fn flags(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["pz-create", "--ps", PS];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn create(platform: &Platform, document: &str, arguments: &[&str]) -> Output {
    let mut all = vec!["pz-create"];
    all.extend_from_slice(arguments);
    platform.tdx(&all).stdin(document).run()
}

/// The one personalization that is deployed.
fn entity(platform: &Platform) -> Value {
    let all = listing(platform, "realtime_personalizations");
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

fn node(section: &Value) -> (&str, &Value) {
    let nodes = section["payload"].as_object().unwrap();
    assert_eq!(nodes.len(), 1);
    let (id, node) = nodes.iter().next().unwrap();
    (id, &node["definition"])
}

fn id(platform: &Platform, what: &str, name: &str) -> Value {
    listing(platform, what).iter().find(|item| item["name"] == name).unwrap_or_else(|| panic!("no {name}"))["id"].clone()
}

fn sections(document: &Document) -> Vec<(&str, &str)> {
    document.personalization_service.sections.iter().map(|s| (s.name.as_str(), s.action.as_str())).collect()
}

#[test]
fn a_document_becomes_service_token_and_entity() {
    let platform = configured();
    let file = Written::new("plan.yaml", VIP);
    let made: Document = platform.tdx(&["pz-create", "-f", file.path()]).run().decode();
    assert_eq!((made.service.name.as_str(), made.service.action.as_str()), ("web", "created"));
    assert_eq!(
        (made.personalization.name.as_str(), made.personalization.action.as_str()),
        ("web", "created")
    );
    assert_eq!(sections(&made), [("VIP", "created"), ("Default", "created")]);
    let token = made.service.token.as_deref().unwrap();
    let parts: Vec<_> = token.split('/').collect();
    assert!(
        parts.len() == 3 && parts[0] == "1" && parts[2].len() == 32,
        "<account>/<instance>/<32 hex>: {token}"
    );
    let Personalization { id: pz, endpoint, event_endpoint, console_url, trigger, .. } =
        &made.personalization;
    assert_eq!(*endpoint, format!("{}/audiences/{PS}/personalizations/{pz}", platform.url));
    assert_eq!(*event_endpoint, format!("{}/web_events/pageviews", platform.url));
    assert_eq!(*console_url, format!("https://console-next.us01.treasuredata.com/app/ps/{PS}/e/{pz}/p/de"));
    let table = |text: &str| text.to_owned();
    assert_eq!(
        *trigger,
        Trigger { event: table("page_view"), database: table("web_events"), table: table("pageviews") }
    );

    let services = listing(&platform, "realtime_personalization_services");
    assert_eq!((names(&services), &services[0]["description"]), (vec!["web"], &json!("For the shop")));
    assert_eq!(services[0]["id"], made.service.id.as_str());
    assert_eq!(services[0]["tokens"][0]["id"], made.service.token_id.as_str());
    let live = entity(&platform);
    assert_eq!((&live["id"], &live["attributes"]["description"]), (&json!(pz), &json!("For the shop")));
    let attribute = |name: &str| id(&platform, "realtime_attributes", name);
    let vip = &live["attributes"]["sections"][0];
    let (node_id, definition) = node(vip);
    assert!(
        node_id.len() == 32 && node_id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
        "{node_id}"
    );
    let payload = definition["attributePayload"].as_array().unwrap();
    let subs: Vec<_> = payload
        .iter()
        .map(|item| (item["outputName"].as_str().unwrap(), item["subAttributeIdentifier"].as_str()))
        .collect();
    assert_eq!(subs, [("last", None), ("browsed", Some("items")), ("views_today", Some("window_24h"))]);
    assert_eq!(payload[1]["realtimeAttributeId"], attribute("seen"));
    assert_eq!(
        definition["stringBuilder"],
        json!([{"outputName": "welcome", "values": [{"type": "String", "value": "Welcome back"}]}])
    );
    assert_eq!(
        definition["segmentPayload"],
        json!({"batchSegments": [{"id": "9002"}, {"id": "9001"}]}),
        "by name or id"
    );
    let criteria = &vip["entryCriteria"];
    assert_eq!(criteria["keyEventCriteria"]["keyEventId"], id(&platform, "realtime_key_events", "page_view"));
    let rule = &criteria["profileCriteria"];
    assert_eq!((&rule["type"], rule["conditions"].as_array().unwrap().len()), (&json!("And"), 2));
    assert_eq!(rule["conditions"][0]["realtimeAttributeId"], attribute("loyalty_tier"));
    let default = &live["attributes"]["sections"][1];
    assert_eq!(default["entryCriteria"]["profileCriteria"], Value::Null, "everyone");
    let (other, definition) = node(default);
    assert_ne!(other, node_id);
    assert_eq!(
        (&definition["stringBuilder"], &definition["segmentPayload"]),
        (&Value::Null, &Value::Null),
        "never an empty list"
    );
}

#[test]
fn the_request_has_no_empty_lists() {
    let platform = configured();
    flags(&platform, &["--name", "web", "--trigger", "page_view", "--attribute", "last"]).document();
    let journal = platform.get("/_sandbox/requests?method=POST&path=/entities/realtime_personalizations");
    let sent = &journal["requests"][0];
    assert_eq!(sent["content_type"], "application/vnd.treasuredata.v1+json");
    let section = &sent["body"]["attributes"]["sections"][0];
    let (_, definition) = node(section);
    for key in ["stringBuilder", "segmentPayload", "catalogPayload"] {
        assert!(definition.get(key).is_none_or(Value::is_null), "{key}: {definition}");
    }
    assert_eq!(sent["body"]["relationships"]["parentFolder"]["data"]["id"], "3001");
}

#[test]
fn the_second_time_nothing_is_written_and_changes_are_brought_up_to_date() {
    let platform = configured();
    let state = tempfile::tempdir().unwrap();
    let run = |document: &str| {
        let tdx = platform.tdx(&["pz-create"]).env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
        tdx.stdin(document).run().decode::<Document>()
    };
    let first = run(VIP);
    let before = entity(&platform);
    platform.forget_requests();
    let second = run(VIP);
    assert_eq!(
        (second.service.action.as_str(), second.personalization.action.as_str()),
        ("unchanged", "unchanged")
    );
    assert_eq!(sections(&second), [("VIP", "unchanged"), ("Default", "unchanged")]);
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(second.service.token, first.service.token, "kept where it was made");

    let third = run(&VIP.replace("Welcome back", "Hello").replace("For the shop", "Another"));
    assert_eq!(
        (third.service.action.as_str(), third.personalization.action.as_str()),
        ("updated", "updated")
    );
    assert_eq!(sections(&third), [("VIP", "updated"), ("Default", "unchanged")]);
    assert_eq!(third.personalization.id, first.personalization.id);
    let after = entity(&platform);
    let sections = |entity: &Value| entity["attributes"]["sections"].clone();
    assert_eq!(node(&sections(&after)[0]).0, node(&sections(&before)[0]).0, "the node keeps its id");
    assert_eq!(sections(&after)[1], sections(&before)[1]);
    assert_eq!(node(&sections(&after)[0]).1["stringBuilder"][0]["values"][0]["value"], "Hello");
    assert_eq!(
        listing(&platform, "realtime_personalization_services")[0]["tokens"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn what_others_added_stays_unless_pruned() {
    let platform = configured();
    create(&platform, VIP, &[]).document();
    // In the console: one more section in front, one more output in a section of the plan.
    let live = entity(&platform);
    let mut attributes = json!({"audienceId": PS, "name": "web", "description": live["attributes"]["description"], "sections": live["attributes"]["sections"]});
    let sections = attributes["sections"].as_array_mut().unwrap();
    let mut theirs = sections[1].clone();
    theirs["name"] = "Theirs".into();
    theirs.as_object_mut().unwrap().shift_remove("id");
    let (_, definition) = theirs["payload"].as_object_mut().unwrap().iter_mut().next().unwrap();
    let definition = definition.clone();
    theirs["payload"] = json!({"0123456789abcdef0123456789abcdef": definition});
    let (_, vip) = sections[0]["payload"].as_object_mut().unwrap().iter_mut().next().unwrap();
    let extra = json!({"realtimeAttributeId": id(&platform, "realtime_attributes", "loyalty_tier"), "outputName": "their_tier"});
    vip["definition"]["attributePayload"].as_array_mut().unwrap().push(extra);
    sections.insert(0, theirs);
    for section in attributes["sections"].as_array_mut().unwrap() {
        section["includeSensitive"] = false.into();
    }
    let path = format!("/entities/realtime_personalizations/{}", live["id"].as_str().unwrap());
    let (status, body) = platform.request_as(
        "PATCH",
        &path,
        Some(json!({"attributes": attributes})),
        "application/vnd.treasuredata.v1+json",
        &[],
    );
    assert_eq!(status, 200, "{body}");
    let before = entity(&platform);
    platform.forget_requests();

    let same: Document = create(&platform, VIP, &[]).decode();
    assert_eq!(
        (same.personalization.action.as_str(), sections_kept(&same)),
        ("unchanged", vec!["their_tier"])
    );
    assert_eq!(platform.writes(), Vec::<String>::new());

    let changed: Document = create(&platform, &VIP.replace("Welcome back", "Hi"), &[]).decode();
    assert_eq!(changed.personalization.action, "updated");
    let after = entity(&platform);
    let names_of = |entity: &Value| {
        names(entity["attributes"]["sections"].as_array().unwrap())
            .iter()
            .map(|n| (*n).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names_of(&after), ["Theirs", "VIP", "Default"]);
    assert_eq!(after["attributes"]["sections"][0], before["attributes"]["sections"][0]);
    let outputs = |entity: &Value, index: usize| {
        let payload = node(&entity["attributes"]["sections"][index]).1["attributePayload"].clone();
        payload
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["outputName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(outputs(&after, 1), ["last", "browsed", "views_today", "their_tier"]);

    // Another prune than that of `apply` there is not: what others have made stays.
    create(&platform, VIP, &["--prune"]).error(2, "usage");
    let pruned: Document = create(&platform, VIP, &["--prune", "--plan-name", "web", "-y"]).decode();
    assert_eq!(sections_kept(&pruned), vec!["their_tier"]);
    let after = entity(&platform);
    assert_eq!(names_of(&after), ["Theirs", "VIP", "Default"]);
    assert_eq!(outputs(&after, 1), ["last", "browsed", "views_today", "their_tier"]);
}

fn sections_kept(document: &Document) -> Vec<&str> {
    document.personalization_service.sections.iter().flat_map(|s| s.kept.iter().map(String::as_str)).collect()
}

#[test]
fn flags_make_one_section() {
    let platform = configured();
    let made: Document = flags(
        &platform,
        &[
            "--name",
            "one",
            "--trigger",
            "page_view",
            "--section",
            "Fans",
            "--criteria",
            "loyalty_tier IN ('VIP', 'Gold')",
            "--attribute",
            "last=product",
            "--attribute",
            "seen",
            "--string",
            "hello=a=b",
        ],
    )
    .decode();
    assert_eq!(sections(&made), [("Fans", "created")]);
    let live = entity(&platform);
    let (_, definition) = node(&live["attributes"]["sections"][0]);
    assert_eq!(definition["attributePayload"][0]["outputName"], "product");
    assert_eq!(definition["stringBuilder"][0]["values"][0]["value"], "a=b");
    let again: Document =
        flags(&platform, &["--name", "two", "--trigger", "page_view", "--string", "a=b", "--folder", "Root"])
            .decode();
    assert_eq!(sections(&again), [("Default", "created")]);
    assert_eq!(listing(&platform, "realtime_personalizations").len(), 2);
}

#[test]
fn tokens_are_shown_once_and_made_anew_when_asked_for() {
    let platform = configured();
    let simple = ["--name", "web", "--trigger", "page_view", "--attribute", "last"];
    let first: Document = flags(&platform, &simple).decode();
    // Another home does not know the token, and the platform masks it.
    let second: Document = flags(&platform, &simple).decode();
    assert_eq!((second.service.token, second.service.token_id), (None, first.service.token_id.clone()));
    let third: Document = flags(&platform, &[&simple[..], &["--new-token"]].concat()).decode();
    assert!(third.service.token.is_some() && third.service.token != first.service.token);
    assert_ne!(third.service.token_id, first.service.token_id);
    assert_eq!(
        listing(&platform, "realtime_personalization_services")[0]["tokens"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn everything_is_checked_before_anything_is_sent() {
    let platform = configured();
    let section = |section: &str| {
        format!(
            "parent_segment_id: '394649'\npersonalization_service:\n  name: web\n  trigger_event: page_view\n  sections:\n    - {section}\n"
        )
    };
    let long = "x".repeat(257);
    for (text, parts) in [
        (
            "{name: A, attributes: [lsat]}",
            &["section 'A': there is no attribute 'lsat'; did you mean 'last'?"][..],
        ),
        (
            "{name: A, attributes: [last], batch_segments: [Newsleter]}",
            &["there is no batch segment 'Newsleter'; did you mean 'Newsletter'?"],
        ),
        ("{name: A, attributes: [last], batch_segments: [Newsletter, '9002']}", &["(id 9002) occurs twice"]),
        (
            "{name: A, attributes: [{name: seen, sub: nope}]}",
            &["'nope' is no aggregation of 'seen'; it has items"],
        ),
        (
            "{name: A, attributes: [{name: last, sub: items}]}",
            &["the single attribute 'last' can't have a subAttributeIdentifier"],
        ),
        (
            "{name: A, attributes: [last, {name: seen, as: last}]}",
            &[":6:", "the output name 'last' occurs twice in this section"],
        ),
        (
            "{name: A, attributes: [last], strings: {last: x}}",
            &["the output name 'last' occurs twice in this section"],
        ),
        ("{name: A, strings: {a: 'Hi {{name}}'}}", &["a string must not contain {{ or }}"]),
        (
            "{name: A, attributes: [], strings: {}, batch_segments: [Newsletter]}",
            &["a section needs at least one attribute or string"],
        ),
        (
            "{name: A, attributes: [{name: last, as: LONG}]}",
            &["the output name has 257 characters; the limit is 256"],
        ),
        (
            "{name: A, attributes: [last], criteria: \"views > 'many' AND\"}",
            &[":6:66: personalization_service.sections[0].criteria: "],
        ),
        (
            "{name: A, attributes: [last], criteria: \"veiws > 3\"}",
            &["section 'A': criteria: there is no attribute 'veiws'", "did you mean 'views'?"],
        ),
        (
            "{name: A, attributes: [last], criteria: \"seen.nope = 3\"}",
            &["'nope' is no aggregation of 'seen'"],
        ),
        ("[]", &["a section is a mapping of keys"]),
        (
            "{name: A, attributes: [last]}\n    - {name: A, attributes: [seen]}",
            &["the section name 'A' occurs twice"],
        ),
        ("{name: A, attributes: ['<attribute_name>']}", &["placeholder"]),
    ] {
        let file = Written::new("plan.yaml", &section(text).replace("LONG", &long));
        let error = platform.tdx(&["pz-create", "-f", file.path()]).run().error(2, "invalid-plan");
        for part in parts {
            assert!(said(&error, "message").contains(part), "{text}: {part}\n{error}");
        }
    }
    let error = create(
        &platform,
        &section("{name: A, attributes: [last, city], criteria: \"country = 'JP' AND age_group = 'x'\"}"),
        &[],
    )
    .error(2, "invalid-plan");
    assert_eq!(
        said(&error, "hint"),
        "'city', 'age_group' are only in the batch layer; import first: tdx-rt rt-attrs --ps 394649 --import city --import age_group (in a plan: type: imported_batch)"
    );
    let error =
        create(&platform, &section("{name: A, attributes: [last]}").replace("page_view", "pag_view"), &[])
            .error(3, "not-found");
    assert_eq!(said(&error, "message"), "personalization 'web': there is no key event 'pag_view'");
    assert_eq!(said(&error, "hint"), "did you mean 'page_view'?");
    let error = flags(
        &platform,
        &["--name", "web", "--trigger", "page_view", "--attribute", "last", "--folder", "Rot"],
    )
    .error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("the parent segment has no folder 'Rot'", "it has: Root")
    );
    for (arguments, code, part) in [
        (&["--attribute", "last"][..], "usage", "--name"),
        (&["--name", "web", "--attribute", "last"], "invalid-plan", "needs 'trigger_event'"),
        (&["--name", "web", "--trigger", "page_view"], "invalid-plan", "at least one attribute or string"),
        (&[][..], "usage", "there is no personalization to create"),
    ] {
        let error = flags(&platform, arguments).error(2, code);
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn list_and_delete() {
    let platform = configured();
    for name in ["web", "app"] {
        flags(&platform, &["--name", name, "--trigger", "page_view", "--attribute", "last"]).document();
    }
    let listed = platform.tdx(&["pz-create", "list", "--ps", PS]).run().document();
    assert_eq!(names(listed.as_array().unwrap()), ["web", "app"]);
    assert_eq!(listed[0]["sections"], json!(["Default"]));
    assert!(listed[0]["endpoint"].as_str().unwrap().ends_with(listed[0]["id"].as_str().unwrap()));
    let error = platform.tdx(&["pz-create", "delete", "wep", "--ps", PS]).run().error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("there is no personalization 'wep'", "did you mean 'web'?")
    );
    let service = id(&platform, "realtime_personalization_services", "web");
    let gone = platform.tdx(&["pz-create", "delete", "web", "--service", "--ps", PS]).run().document();
    assert_eq!(
        gone,
        json!({"kind": "personalization", "name": "web", "id": listed[0]["id"], "action": "deleted", "lost": [
            "the tokens of the service 'web' (1): they stop working",
            "the endpoint of the personalization 'web': made again, it has another URL",
        ], "service_id": service})
    );
    assert_eq!(names(&listing(&platform, "realtime_personalization_services")), ["app"]);
    assert_eq!(entity(&platform)["attributes"]["name"], "app");
    // Tokens of the service may be in use elsewhere: it stays unless it is named.
    let gone = platform.tdx(&["pz-create", "delete", "app", "--ps", PS]).run().document();
    assert_eq!((&gone["name"], &gone["service_id"]), (&json!("app"), &Value::Null));
    assert_eq!(names(&listing(&platform, "realtime_personalization_services")), ["app"]);
    assert_eq!(listing(&platform, "realtime_personalizations"), Vec::<Value>::new());
}

#[test]
fn the_token_limit_is_known() {
    let platform = configured();
    let simple = ["--name", "web", "--trigger", "page_view", "--attribute", "last"];
    let first: Document = flags(&platform, &simple).decode();
    let path = format!("/audiences/{PS}/realtime_personalization_services/{}/tokens", first.service.id);
    for index in 0..49 {
        let (status, body) =
            platform.request("POST", &path, Some(json!({"name": format!("t{index}"), "allowedIps": []})));
        assert_eq!(status, 200, "{body}");
    }
    platform.forget_requests();
    let error = flags(&platform, &[&simple[..], &["--new-token"]].concat()).error(6, "conflict");
    assert!(said(&error, "message").contains("has 50 tokens already, the platform's limit"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn tokens_made_at_the_same_time_are_all_kept() {
    let platform = configured();
    let state = tempfile::tempdir().unwrap();
    let state = state.path().to_str().unwrap();
    let names = ["a", "b", "c", "d", "e", "f"];
    let runs = names.map(|name| {
        let create =
            ["pz-create", "--ps", PS, "--name", name, "--trigger", "page_view", "--attribute", "last"];
        let tdx = platform.tdx(&create).env("TDX_RT_STATE_DIR", state);
        std::thread::spawn(move || tdx.run())
    });
    for run in runs {
        run.join().unwrap().document();
    }
    for name in names {
        let test = [
            "pz-test",
            "--ps",
            PS,
            "--interval",
            "5ms",
            "--personalization",
            name,
            "--trigger",
            "page_view",
            "--key",
            "td_client_id=u1",
        ];
        let tested = platform.tdx(&test).env("TDX_RT_STATE_DIR", state).run();
        assert_eq!((tested.code, tested.stderr.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn names_that_are_not_there_hint_at_their_own_kind() {
    let platform = configured();
    let one = |section: Value| {
        let plan = json!({"parent_segment_id": PS, "personalization_service": {"name": "web",
            "trigger_event": "page_view", "sections": [section]}});
        let error = create(&platform, &plan.to_string(), &[]).error(2, "invalid-plan");
        said(&error, "hint").to_owned()
    };
    let segment = one(json!({"name": "a", "strings": {"x": "y"}, "batch_segments": ["Nobody at all"]}));
    assert!(segment.contains("has the batch segments: ") && segment.contains("Newsletter"), "{segment}");
    assert!(!segment.contains("rt-attrs"), "{segment}");
    let attribute = one(json!({"name": "a", "attributes": ["nothing_like_it"]}));
    assert_eq!(attribute, "`tdx-rt rt-attrs list --ps 394649` lists the attributes");
}
