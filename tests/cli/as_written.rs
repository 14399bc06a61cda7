//! A plan means what it says: numbers keep their characters, no key is overlooked, limits of lists are
//! named with their source, and names that only look alike are distinguished or found.

use super::{BASE, PS, Written, configured, listing, names, said};
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};

const TEXTS: &str = "
personalization_service:
  name: home
  trigger_event: page_view
  sections:
    - name: Default
      criteria: ''
      attributes: [last]
      strings: {tel: +15550100, price: 9.90, version: 1.10, power: 1e3, long: 12345678901234567890123, no: no}
";

/// The fixed strings of the one personalization that is live.
fn live_texts(platform: &Platform) -> Value {
    let entity = platform.tdx(&["export", "--ps", PS]).run().document();
    entity["personalization_service"]["sections"][0]["strings"].clone()
}

#[test]
fn numbers_in_texts_arrive_as_they_are_written() {
    let wanted = json!({"tel": "+15550100", "price": "9.90", "version": "1.10", "power": "1e3",
        "long": "12345678901234567890123", "no": "no"});
    let plan = format!("{BASE}{TEXTS}");
    let file = Written::new("plan.yaml", &plan);
    for from_file in [true, false] {
        let platform = Platform::start();
        let apply = match from_file {
            true => platform.tdx(&["apply", "--interval", "5ms", "-f", file.path()]),
            false => platform.tdx(&["apply", "--interval", "5ms"]).stdin(plan.as_str()),
        };
        assert_eq!(apply.run().code, 0);
        assert_eq!(live_texts(&platform), wanted);
        // What a step prints and what `export` writes say the same again.
        let yaml = platform.tdx(&["export", "--ps", PS, "--yaml"]).run();
        let again = platform.tdx(&["diff", "-"]).stdin(yaml.stdout).run().document();
        assert_eq!(again["changes"], json!([]));
    }
}

#[test]
fn numbers_of_json_and_of_flags_arrive_as_they_are_written() {
    let platform = configured();
    let flags =
        ["--name", "home", "--trigger", "page_view", "--section", "Default", "--string", "price=9.90"];
    let made = platform.tdx(&[&["pz-create", "--ps", PS, "--interval", "5ms"][..], &flags].concat()).run();
    assert_eq!((made.code, live_texts(&platform)), (0, json!({"price": "9.90"})), "{}", made.stderr);
    let event = r#"{"parent_segment_id": 394649, "events": [{"name": "a", "table": "web_events.pageviews",
        "description": 1.10}, {"name": "b", "table": "web_events.pageviews", "description": 1E3}]}"#;
    assert_eq!(platform.tdx(&["rt-events"]).stdin(event).run().code, 0);
    let live = listing(&platform, "realtime_key_events");
    let text = |name: &str| live.iter().find(|event| event["name"] == name).unwrap()["description"].clone();
    assert_eq!((text("a"), text("b")), (json!("1.10"), json!("1E3")));
}

#[test]
fn a_slip_in_a_key_stops_every_command_before_it_writes() {
    let base = "parent_segment_id: '394649'\nevents: [{name: e, table: web_events.pageviews}]\n";
    let section = |more: &str| {
        format!(
            "{base}personalization_service:\n  name: p\n  trigger_event: e\n  sections:\n    - name: VIP\n      strings: {{hi: Hi}}\n{more}"
        )
    };
    let slips = [
        section("      critera: \"loyalty_tier = 'VIP'\"\n"),
        section("  criteria: \"loyalty_tier = 'VIP'\"\n"),
        section("criteria: \"loyalty_tier = 'VIP'\"\n"),
        base.replace("pageviews}", "pageviews, wehre: \"price > 1\"}"),
        format!("{base}id_stitching: {{stitching_keys: [{{name: td_client_id, exclude_regx: '^t'}}]}}\n"),
        format!("{base}id_stitching: {{exclude_regex: '^t', stitching_keys: [{{name: td_client_id}}]}}\n"),
    ];
    let platform = Platform::start();
    for slip in &slips {
        let file = Written::new("plan.yaml", slip);
        for command in ["diff", "apply", "rt-events", "rt-keys", "pz-create", "validate", "graph"] {
            let by_file = platform.tdx(&[command, "-f", file.path()]).run();
            let by_pipe = platform.tdx(&[command]).stdin(slip.as_str()).run();
            for output in [by_file, by_pipe] {
                assert_eq!(output.code, 2, "{command}: {slip}\n{}", output.stderr);
                let all = format!("{}{}", output.stdout, output.stderr);
                assert!(all.contains("unknown-key"), "{command}: {all}");
            }
        }
    }
    assert_eq!(names(&listing(&platform, "realtime_key_events")), Vec::<&str>::new());
}

#[test]
fn a_distant_key_is_a_warning_in_the_document_and_one_line_on_stderr() {
    let plan = "parent_segment_id: '394649'\nx-owner: me\nevents:\n  - {name: e, table: web_events.pageviews, ticket: T-1}\n";
    let platform = Platform::start();
    for command in ["diff", "apply"] {
        let output = platform.tdx(&[command, "-", "-o", "/dev/stdout"]).stdin(plan).run();
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        let warnings = document["warnings"].as_array().unwrap();
        assert_eq!((output.code, warnings.len(), &warnings[0]["code"]), (0, 1, &json!("unknown-key")));
        let line: Value = serde_json::from_str(output.stderr.trim_end()).expect("one line");
        let message = said(&line["warning"], "message");
        assert!(message.starts_with("stdin:4:"), "{message}");
        assert!(message.contains("unknown key 'ticket', which is ignored"), "{message}");
        assert_eq!(output.stderr.lines().count(), 1);
    }
    // The next step does not repeat what the document says already.
    let made = platform.tdx(&["rt-events"]).stdin(plan).run();
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let next = platform.tdx(&["rt-keys", "--key", "td_client_id"]).stdin(made.to_string()).run();
    assert_eq!((next.code, next.stderr.as_str()), (0, ""));
    assert_eq!(next.document()["warnings"], made["warnings"]);
    let quiet = platform.tdx(&["-q", "diff", "-"]).stdin(plan).run();
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn lists_beyond_the_documented_limits_are_warned_of_with_the_source() {
    let list = |more: &str| {
        format!(
            "events: [{{name: e, table: web_events.pageviews}}]\nattributes: [{{name: l, type: list, source_event: e, source_field: f{more}}}]\n"
        )
    };
    let found = |more: &str| {
        let output = Tdx::new(&["validate"]).stdin(list(more)).run().document();
        let all = output["findings"].as_array().unwrap();
        assert!(
            all.iter().all(|one| said(one, "message").contains("the vendor's page on list attributes")),
            "{all:?}"
        );
        all.iter().map(|one| (said(one, "code").to_owned(), said(one, "path").to_owned())).collect::<Vec<_>>()
    };
    let warned = |key: &str| ("list-limits".to_owned(), format!("attributes[0].{key}"));
    for (more, wanted) in [
        ("", vec![]),
        (", max_items: 100, expiry_days: 60", vec![]),
        (", expiry: 1440h", vec![]),
        (", max_items: 101", vec![warned("max_items")]),
        (", expiry_days: 90", vec![warned("expiry_days")]),
        (", expiry: 61d", vec![warned("expiry")]),
        (", expiry: none", vec![warned("expiry")]),
        (", window_duration: 90d", vec![warned("window_duration")]),
        (", max_items: 500, expiry_days: 365", vec![warned("max_items"), warned("expiry_days")]),
    ] {
        assert_eq!(found(more), wanted, "{more}");
    }
}

#[test]
fn names_that_only_look_alike_show_what_differs() {
    let platform = configured();
    for (arguments, shown) in [
        (vec!["ps-check", "Customer\u{a0}360"], "It has U+0020 as character 9, not U+00A0"),
        (vec!["rt-events", "delete", "--ps", PS, "page_vie\u{2060}w"], "not U+2060"),
        (vec!["rt-attrs", "delete", "--ps", PS, "l\u{430}st"], "It has U+0061 as character 2, not U+0430"),
    ] {
        let output = platform.tdx(&arguments).run();
        assert!(output.code != 0 && output.stderr.contains(shown), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn a_name_is_found_however_its_characters_are_composed() {
    let platform = configured();
    let event = |name: &str| format!("{name}=web_events.pageviews");
    let (one, two) = ("Café", "Cafe\u{301}");
    assert_eq!(platform.tdx(&["rt-events", "--ps", PS, "--event", &event(one)]).run().code, 0);
    let again = platform.tdx(&["rt-events", "--ps", PS, "--event", &event(two)]).run();
    assert_eq!(again.document()["events"][0]["action"], "unchanged", "{}", again.stderr);
    let live = listing(&platform, "realtime_key_events");
    assert_eq!(names(&live).iter().filter(|name| name.starts_with("Caf")).count(), 1);
    let attribute = |name: &str| format!("{name}={two}.product_id");
    let made =
        platform.tdx(&["rt-attrs", "--ps", PS, "--interval", "5ms", "--single", &attribute(one)]).run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    let again =
        platform.tdx(&["rt-attrs", "--ps", PS, "--interval", "5ms", "--single", &attribute(two)]).run();
    assert_eq!(again.document()["attributes"][0]["action"], "unchanged", "{}", again.stderr);
    let gone = platform.tdx(&["rt-attrs", "delete", "--ps", PS, two]).run();
    assert_eq!(gone.code, 0, "{}", gone.stderr);
}

/// However the names of a plan are composed, it is the plan of what is live.
#[test]
fn a_plan_of_composed_names_is_the_plan_of_decomposed_ones() {
    let plan = |word: &str| {
        format!(
            "parent_segment_id: '{PS}'
events: [{{name: {word}, table: web_events.pageviews}}]
id_stitching: {{stitching_keys: [td_client_id]}}
attributes: [{{name: {word}_last, identifier: last, type: single, source_event: {word}, source_field: product_id}}]
personalization_service:
  name: {word}_pz
  trigger_event: {word}
  sections: [{{name: {word}_s, criteria: '\"{word}_last\" = ''x''', attributes: [{word}_last]}}]
journeys: [{{name: {word}_j, trigger_event: {word}, steps: [{{wait: 1h}}]}}]
"
        )
    };
    let (composed, decomposed) = (plan("Café"), plan("Cafe\u{301}"));
    for (first, second) in [(&composed, &decomposed), (&decomposed, &composed)] {
        let platform = Platform::start();
        let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(first.as_str()).run();
        assert_eq!(applied.code, 0, "{}", applied.stderr);
        let difference = platform.tdx(&["diff", "-"]).stdin(second.as_str()).run().document();
        assert_eq!(difference["changes"], json!([]));
        let again = platform.tdx(&["apply", "--interval", "5ms"]).stdin(second.as_str()).run().document();
        let items = &again["summary"]["items"];
        assert_eq!((&items["created"], &items["updated"]), (&json!(0), &json!(0)), "{items}");
    }
}
