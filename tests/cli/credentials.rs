//! What a plan may not send away: keys and tokens in use on this machine, from any source.

use super::plans::{SOURCE, Shell};
use super::{Written, said};
use crate::common::Tdx;
use serde_json::{Value, json};

const HOOK: &str = "TDX_RT_HOOK_SHOP";
const OTHER: &str = "7/fedcba9876543210fedcba9876543210fedcba98";
const BEARER: &str = "eyJhbGciOi.abc+def=.Zm9v";
const RT: &str = "1/rt/00112233445566778899aabbccddeeff";

fn plan(activation: Value) -> Value {
    let mut step = json!({"activate": "webhook", "url": "https://hooks.example.com/in", "name": "call"});
    step.as_object_mut().unwrap().extend(activation.as_object().unwrap().clone());
    json!({"parent_segment_id": SOURCE,
        "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "journeys": [{"name": "j", "trigger_event": "page_view", "steps": [step]}]})
}

/// Every command that reads a plan with journeys.
const COMMANDS: [&[&str]; 10] = [
    &["validate"],
    &["validate", "--live"],
    &["diff"],
    &["apply"],
    &["apply", "--dry-run"],
    &["journey-create"],
    &["journey-test", "j", "--key", "td_client_id=u1"],
    &["rt-events"],
    &["rt-attrs"],
    &["rt-keys"],
];

/// One that only looks and one that writes.
const FEW: &[&[&str]] = &[&["validate"], &["apply"]];

fn run(tdx: Tdx) -> (i32, String) {
    let output = tdx.run();
    (output.code, output.stdout + &output.stderr)
}

/// Each command refuses the plan with this finding, at this place, before any write, and shows no secret.
#[track_caller]
fn refused(
    shell: &Shell,
    commands: &[&[&str]],
    plan: &Value,
    variables: &[(&str, &str)],
    code: &str,
    path: &str,
) {
    let file = Written::new("plan.json", &plan.to_string());
    shell.platform.forget_requests();
    for command in commands {
        let mut words = command.to_vec();
        words.extend_from_slice(&["-f", file.path()]);
        let tdx = shell.tdx(&words);
        let (exit, said) = run(variables.iter().fold(tdx, |tdx, (name, value)| tdx.env(name, value)));
        assert_eq!(exit, 2, "{command:?} of {plan}: {said}");
        assert!(said.contains(code) && said.contains(path), "{command:?} of {plan}: {said}");
        for (_, secret) in variables {
            let shown = secret.rsplit('/').next().unwrap();
            assert!(!said.contains(shown), "{command:?}: {said}");
        }
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{plan}");
}

#[test]
fn a_plan_names_only_variables_that_are_meant_for_it() {
    let shell = Shell::new();
    for name in [
        "TDX_ACCESS_TOKEN",
        "TDX_RT_TOKEN",
        "TDX_API_KEY",
        "HOME",
        "AWS_SECRET",
        "TDX_RT_HOO",
        "tdx_rt_hook_x",
    ] {
        let plan = plan(json!({"api_key_env": name}));
        refused(&shell, FEW, &plan, &[("AWS_SECRET", "aws-secret-value")], "env-not-allowed", "api_key_env");
    }
    // Inside of branches, in the single form, and in streams of documents.
    let inner = plan(json!({"api_key_env": "HOME"}))["journeys"][0]["steps"][0].clone();
    let mut branches = plan(json!({}));
    branches["journeys"][0]["steps"] =
        json!([{"decide": [{"name": "a", "otherwise": true, "steps": [inner]}]}]);
    refused(&shell, &COMMANDS, &branches, &[], "env-not-allowed", "api_key_env");
    let mut single = branches.clone();
    let journey = single.as_object_mut().unwrap().shift_remove("journeys").unwrap();
    single["journey"] = journey[0].clone();
    refused(&shell, FEW, &single, &[], "env-not-allowed", "api_key_env");
    // With the prefix, or allowed, it goes on.
    for (name, more) in [(HOOK, &[][..]), ("SHOP_KEY", &["--allow-env", "SHOP_KEY"])] {
        let plan = plan(json!({"api_key_env": name})).to_string();
        let mut words = vec!["apply", "-f", "-", "--interval", "5ms"];
        words.extend_from_slice(more);
        shell.tdx(&words).env(name, "the destination's").stdin(plan.clone()).run().document();
        let valid = shell.tdx(&[&["validate"], more].concat()).stdin(plan).run().document();
        assert_eq!(valid["valid"], true, "{valid}");
    }
}

#[test]
fn no_credential_in_use_goes_into_a_webhook_or_a_section() {
    let shell = Shell::new();
    let service = json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "personalization_service": {"name": "web", "trigger_event": "page_view",
            "sections": [{"name": "all", "strings": {"hello": "Hi"}}]}});
    let kept = shell.apply(&service)["service"]["token"].as_str().unwrap().to_owned();
    let key = shell.platform.api_key.clone();
    let secrets: [(&str, &str); 6] = [
        ("TDX_API_KEY", &key),
        ("TDX_API_KEY_STAGING", OTHER),
        ("TD_API_KEY", OTHER),
        ("TDX_ACCESS_TOKEN_STAGING", BEARER),
        ("TDX_RT_TOKEN", RT),
        ("", &kept),
    ];
    for (name, secret) in secrets {
        let set: Vec<(&str, &str)> = if name.is_empty() { vec![("X", secret)] } else { vec![(name, secret)] };
        let part = secret.rsplit('/').next().unwrap();
        let encoded = secret.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
        let places = [
            ("headers.Authorization", json!({"headers": {"Authorization": format!("TD1 {secret}")}})),
            ("headers.X-Key", json!({"headers": {"X-Key": part.to_ascii_uppercase()}})),
            ("body", json!({"body": {"a": ["b", {"c": format!("<{secret}>")}]}})),
            ("body", json!({"body": secret})),
            ("url", json!({"url": format!("https://hooks.example.com/{encoded}/in")})),
            ("description", json!({"description": secret})),
        ];
        for (path, activation) in places {
            refused(&shell, FEW, &plan(activation), &set, "key-in-webhook", path);
        }
        let mut with_variable = set.clone();
        with_variable.push((HOOK, secret));
        refused(
            &shell,
            FEW,
            &plan(json!({"api_key_env": HOOK})),
            &with_variable,
            "key-in-webhook",
            "api_key_env",
        );
        let mut section = plan(json!({}));
        section["personalization_service"] = service["personalization_service"].clone();
        section["personalization_service"]["sections"][0]["strings"]["hello"] = json!(secret);
        refused(&shell, FEW, &section, &set, "key-in-section", "strings.hello");
    }
}

#[test]
fn the_keys_of_the_official_clis_file_are_known_and_allowing_a_variable_allows_no_credential() {
    let shell = Shell::new();
    let text = plan(json!({"headers": {"X-Key": OTHER.rsplit('/').next().unwrap()}})).to_string();
    let tdx = shell.tdx(&["validate"]);
    let folder = tdx.home().join(".config/tdx");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(".env"), format!("TDX_API_KEY={OTHER}\n")).unwrap();
    let output = tdx.stdin(text).run();
    assert!(output.code == 2 && output.stdout.contains("key-in-webhook"), "{output:?}");
    let text = plan(json!({"api_key_env": "TDX_API_KEY"})).to_string();
    let words = ["apply", "-f", "-", "--allow-env", "TDX_API_KEY"];
    let error = shell.tdx(&words).stdin(text).run().error(2, "invalid-plan");
    assert!(said(&error, "message").contains("TDX_API_KEY holds a key of Treasure Data"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn the_name_of_a_field_is_sent_as_its_value_is() {
    let shell = Shell::new();
    for activation in [json!({"body": {OTHER: 1}}), json!({"body": {"a": [{RT: 1}]}})] {
        refused(
            &shell,
            FEW,
            &plan(activation),
            &[("TDX_RT_TOKEN", RT)],
            "key-in-webhook",
            "journeys[0].steps[0]",
        );
    }
    let word = "abcdef0123456789";
    let header = plan(json!({"headers": {word: "x"}}));
    refused(&shell, FEW, &header, &[("TDX_RT_TOKEN", word)], "key-in-webhook", "headers");
    let digits = "123456789012";
    let number = plan(json!({"body": {"a": 123_456_789_012_u64}}));
    refused(&shell, FEW, &number, &[("TDX_RT_TOKEN", digits)], "key-in-webhook", "body.a");
    let section = |strings: Value| {
        json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
            "personalization_service": {"name": "p", "trigger_event": "page_view",
                "sections": [{"name": "D", "strings": strings}]}})
    };
    let at = "personalization_service.sections[0].strings";
    refused(&shell, FEW, &section(json!({RT: "x"})), &[("TDX_RT_TOKEN", RT)], "key-in-section", at);
}
