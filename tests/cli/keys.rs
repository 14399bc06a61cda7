//! Where keys go and where they are shown: only to the platform, and nowhere.

use super::client::{KEY, answer, at, server};
use super::plans::plan_with_spares;
use super::strangers::{lines, words};
use super::terminal::Run;
use super::{PS, Written, said};
use crate::common::terminal::Terminal;
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// The key in the forms in which a server, or what stands in between, may give it back.
fn forms() -> Vec<String> {
    let (_, secret) = KEY.split_once('/').unwrap();
    let base64 = |text: String| {
        let bits: String = text.bytes().map(|byte| format!("{byte:08b}")).collect();
        let digits = bits.as_bytes().chunks_exact(6).map(|six| {
            let at = usize::from_str_radix(std::str::from_utf8(six).unwrap(), 2).unwrap();
            (('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/'])).nth(at).unwrap()
        });
        digits.collect::<String>()
    };
    let mut forms = vec![
        format!("TD1 {KEY}"),
        KEY.replace('/', "%2F"),
        KEY.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        KEY.to_uppercase(),
        KEY.replace('/', r"\/"),
        secret[..20].to_owned(),
        secret[7..19].to_owned(),
    ];
    forms.extend(["", "x", "xy"].map(|before| base64(format!("{before}{KEY}"))));
    forms
}

/// No part of the key is in a string, in any of the forms.
#[track_caller]
fn keyless(text: &str, what: &dyn std::fmt::Debug) {
    for form in forms() {
        // Of percent-encoding, as many characters.
        let length = if form.starts_with("%37") { 36 } else { 18.min(form.len()) };
        for part in form.as_bytes().windows(length) {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!text.contains(part), "{what:?}: {part} in {text}");
        }
    }
}

/// Everything that people see of a run: stderr, and errors and findings in documents.
fn shown(output: &Output) -> String {
    fn collect(value: &Value, shown: &mut String) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, shown)),
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                if matches!(key.as_str(), "error" | "findings" | "warnings" | "checks") {
                    shown.push_str(&value.to_string());
                }
                collect(value, shown);
            }),
            _ => {}
        }
    }
    let mut shown = output.stderr.clone();
    for document in output.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()) {
        collect(&document, &mut shown);
    }
    shown
}

#[test]
fn no_answer_gives_the_key_away() {
    let plan = Written::new("plan.json", &plan_with_spares().to_string());
    let forms = forms();
    let bodies = |form: &str| {
        let all = json!({"id": PS, "name": form, "status": form, "eventTables": form, "keyColumns": form,
            "attributes": {"name": form, "population": form}});
        let mut inside = all.clone();
        inside["data"] = all.clone();
        [
            ("422 Unprocessable Content", "", json!({"errors": {form: [form]}}).to_string()),
            ("403 Forbidden", "", format!("<html>{form}</html>")),
            ("302 Found", "location: /x?", form.to_owned()),
            ("200 OK", "", format!("<html>{form}")),
            ("200 OK", "", format!("\"{form}\"")),
            ("200 OK", "", inside.to_string()),
            ("200 OK", "", json!({"data": [all], "pagination": {"nextPage": form}}).to_string()),
        ]
    };
    let servers: Vec<_> = (0..7 * forms.len())
        .map(|index| {
            let form = forms[index / 7].clone();
            let (status, header, body) = bodies(&form)[index % 7].clone();
            let header = if header.is_empty() { String::new() } else { format!("{header}{form}\r\n") };
            let known =
                json!({"data": {"id": PS, "attributes": {"name": form, "population": 1}}}).to_string();
            server(move |request| {
                let first = request.contains("GET /entities/parent_segments/") && index % 7 > 5;
                answer(status, &header, if first { &known } else { &body })
            })
        })
        .collect();
    let mut hidden = 0;
    for (turn, line) in lines(plan.path()).into_iter().enumerate() {
        let all = [&words(&line)[..], &["--retries", "0", "-vv"]].concat();
        // All of a form's bodies in turn.
        for index in (turn % 7..servers.len()).step_by(7 * 4 + 1) {
            let shown = shown(&at(&servers[index].0, &all).run());
            keyless(&shown, &(&line, index));
            hidden += usize::from(shown.contains("****"));
        }
    }
    assert!(hidden > 80, "{hidden}");
}

#[test]
fn no_file_gives_the_key_away() {
    let plan = plan_with_spares();
    let mut places = Vec::new();
    fn walk(value: &Value, at: &str, places: &mut Vec<String>) {
        places.push(at.to_owned());
        match value {
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| walk(item, &format!("{at}/{index}"), places));
            }
            Value::Object(map) => {
                map.iter().for_each(|(key, item)| walk(item, &format!("{at}/{key}"), places))
            }
            _ => {}
        }
    }
    walk(&plan, "", &mut places);
    let mut hidden = 0;
    for (index, place) in places.iter().enumerate() {
        let form = &forms()[index % forms().len()];
        let mut wrong = plan.clone();
        *wrong.pointer_mut(place).unwrap() = json!(form);
        let mut named = plan.clone();
        if let Some(Value::Object(map)) = named.pointer_mut(place) {
            map.insert(form.clone(), json!(1));
        }
        for text in [wrong.to_string(), named.to_string(), format!("{form}: [{form}")] {
            for command in [&["validate"], [&["apply", "-"][..], &["graph"]][index % 2]] {
                let output = at("http://127.0.0.1:9", &[command, &["--retries", "0"]].concat());
                let shown = shown(&output.stdin(text.clone()).run());
                keyless(&shown, &(place, command, &text));
                hidden += usize::from(shown.contains("****"));
            }
        }
    }
    assert!(hidden > 200, "{hidden}");
}

#[test]
fn no_wrong_command_line_gives_the_key_away() {
    for line in lines("plan.yaml") {
        for wrong in [format!("--x={KEY}"), format!("--color={KEY}"), KEY.to_owned()] {
            let output =
                at("http://127.0.0.1:9", &[&words(&line)[..], &["--retries", "0", &wrong]].concat()).run();
            keyless(&output.stderr, &(&line, wrong));
        }
    }
}

#[test]
fn what_is_meant_to_be_handed_over_is() {
    let home = TempDir::new().unwrap();
    // The key of each sandbox that has no seed of its own.
    let key = Platform::start().api_key.clone();
    let sandbox = Terminal::start("tdx-rt", &["sandbox"], home.path(), &[("TDX_API_KEY", &key)]);
    let line = format!("TDX_API_KEY={key}  (Ctrl-C stops it)");
    assert!(sandbox.wait_for("(Ctrl-C").contains(line.trim_end_matches(" stops it)")));
}

/// The settings as `config` shows them.
fn config(tdx: Tdx) -> Value {
    tdx.run().document()
}

fn write(path: &Path, text: &str, mode: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_file_of_a_project_chooses_site_database_and_parent_segment_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let of = |settings: &Value| {
        let mut settings = settings.clone();
        // The profile in use is one of the project's own.
        if settings["profiles"]["default"].is_null() {
            settings["profiles"] = json!({"default": {}});
        }
        write(&folder.path().join("tdx.json"), &settings.to_string(), 0o644);
        let tdx = Tdx::new(&["config"]).env("TDX_API_KEY", KEY).env("TDX_PROFILE", "default");
        config(tdx.env("HOME", "/nowhere").dir(folder.path()))
    };
    let plain = of(&json!({}));
    // Every setting that there is, every flag and every variable, as one might write it.
    let mut names: Vec<String> = plain.as_object().unwrap().keys().cloned().collect();
    super::man::walk(&tdx_rt::cli::command(), "", &mut |command, _| {
        names.extend(command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)));
    });
    let variables = Tdx::new(&["man", "environment"]).run().stdout;
    let variable = |line: &str| line.split([' ', '=']).next().unwrap_or_default().replace(r"\f", "");
    names.extend(variables.lines().map(variable).filter(|word| word.contains('_')));
    names
        .extend(["api", "cdp", "apikey", "key", "url", "host", "command", "proxy", "env"].map(str::to_owned));
    names.extend(names.clone().iter().map(|name| name.replace('-', "_")));
    names.sort();
    names.dedup();
    assert!(names.len() > 100, "{names:?}");
    // What it may choose; a profile is one of the user's own.
    names.retain(|name| !["site", "database", "parent_segment", "profile"].contains(&name.as_str()));
    for value in ["http://127.0.0.1:9", "eu01", "1/ffff"] {
        let all = |value: Value| names.iter().map(|name| (name.clone(), value.clone())).collect::<Value>();
        let mut chosen = all(json!(value));
        chosen["tdx"] = chosen.clone();
        chosen["profiles"] = json!({"default": chosen});
        for chosen in [chosen, all(json!({"value": value, "default": value}))] {
            assert_eq!(of(&chosen), plain, "{chosen}");
        }
    }
    let three = json!({"site": "jp01", "database": "d", "parent_segment": "42"});
    let by_profile = of(&json!({"profiles": {"default": three}}));
    let chosen = of(&three);
    for name in ["site", "database", "parent_segment"] {
        assert_eq!(by_profile[name]["value"], chosen[name]["value"]);
    }
    for (name, value) in [("site", "jp01"), ("database", "d"), ("parent_segment", "42")] {
        assert_eq!(chosen[name]["value"], value);
    }
    assert_eq!((&chosen["credential"], &chosen["endpoint"]), (&plain["credential"], &plain["endpoint"]));
}

#[test]
fn another_site_of_a_project_is_shown_before_a_key_goes_there() {
    // Nothing leaves the machine: there is no such proxy.
    let tdx = |own: &str, project: &str, more: &[&str]| {
        let tdx = Tdx::new(&[&["ps-check", PS, "--retries", "0"], more].concat());
        write(&tdx.home().join(".config/tdx/tdx.json"), own, 0o600);
        write(&tdx.home().join("work/tdx.json"), project, 0o644);
        let work = tdx.home().join("work");
        tdx.env("TDX_API_KEY", KEY).env("HTTPS_PROXY", "http://127.0.0.1:9").dir(&work).run().stderr
    };
    let own = r#"{"site": "eu01", "profiles": {"other": {"site": "ap02"}}}"#;
    for project in [r#"{"site": "jp01"}"#, r#"{"profile": "other"}"#] {
        let shown = tdx(own, project, &[]);
        let warning: Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
        let message = said(&warning["warning"], "message").to_owned();
        assert!(
            message.starts_with("the key goes to site ") && message.contains("and not to eu01"),
            "{message}"
        );
        assert_eq!(tdx(own, project, &["--site", "jp01"]).matches("warning").count(), 0);
    }
    for project in [r#"{"site": "eu01"}"#, r#"{"database": "d"}"#] {
        assert!(!tdx(own, project, &[]).contains("warning"), "{project}");
    }
    // Where the user has chosen none, a line for people is enough.
    assert!(!tdx("{}", r#"{"site": "jp01"}"#, &[]).contains("warning"));
    let platform = Platform::start();
    let folder = TempDir::new().unwrap();
    write(&folder.path().join("tdx.json"), r#"{"site": "jp01"}"#, 0o644);
    let variables = [("HTTPS_PROXY", "http://127.0.0.1:9"), ("NO_COLOR", "1")];
    let arguments = ["ps-check", PS, "--retries", "0", "--endpoint", "https://127.0.0.1:9"];
    let run = |arguments| Run {
        platform: &platform,
        arguments,
        variables: &variables,
        piped: false,
        answer: "",
        folder: Some(folder.path()),
    };
    assert!(!run(&arguments).run().screen.contains("the key goes to site"), "it goes to the endpoint");
}

#[test]
fn a_key_comes_from_a_file_and_others_can_not_read_it_unseen() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("key");
    let path = file.to_str().unwrap();
    let with = |text: &str, mode| {
        write(&file, text, mode);
        Tdx::new(&["config", "--api-key-file", path]).env("TDX_ACCESS_TOKEN", "another-one-0123456789").run()
    };
    let shown = with(&format!("\u{feff}{KEY}\n"), 0o600).document();
    assert_eq!(
        shown["credential"],
        json!({"value": "7/****6789", "origin": "--api-key-file", "overridden": [
            {"value": "****6789", "origin": "environment TDX_ACCESS_TOKEN"}
        ]})
    );
    assert_eq!(shown["credential_kind"], "api_key");
    for mode in [0o644, 0o640, 0o604] {
        let output = with(KEY, mode);
        let warning: Value = serde_json::from_str(&output.stderr).unwrap();
        assert!(output.code == 0 && said(&warning["warning"], "message").contains("chmod 600"), "{warning}");
    }
    for wrong in ["", "  \n", "7/abc 0123456789", &format!("TDX_API_KEY={KEY}"), &format!("{KEY}\n{KEY}")] {
        let output = with(wrong, 0o600);
        output.error(2, "bad-setting");
        keyless(&output.stderr, &wrong);
    }
    let stdin = Tdx::new(&["config", "--api-key-file", "-"]).stdin(format!("{KEY}\n")).run().document();
    assert_eq!(
        stdin["credential"],
        json!({"value": "7/****6789", "origin": "--api-key-file", "overridden": []})
    );
    Tdx::new(&["config", "--api-key-file", "/nowhere"]).run().error(3, "not-found");
    // What it holds is a credential like any other.
    write(&file, KEY, 0o600);
    let (url, requests) =
        server(|_| answer("422 Unprocessable Content", "", &json!({"message": KEY}).to_string()));
    let error = Tdx::new(&["ps-check", PS, "--api-key-file", path]).env("TDX_RT_ENDPOINT", &url).run();
    keyless(&error.stderr, &"ps-check");
    assert!(requests.recv().unwrap().contains(&format!("TD1 {KEY}")));
    let mut plan = plan_with_spares();
    plan["journeys"][0]["steps"][0]["body"] = json!(KEY);
    let found = Tdx::new(&["validate", "--api-key-file", path]).stdin(plan.to_string()).run();
    assert!(found.code == 2 && found.stdout.contains("key-in-webhook"), "{found:?}");
    // The official CLI's file as well.
    for (mode, warned) in [(0o600, false), (0o644, true)] {
        let tdx = Tdx::new(&["config"]);
        write(&tdx.home().join(".config/tdx/.env"), &format!("TDX_API_KEY={KEY}\n"), mode);
        assert_eq!(tdx.run().stderr.contains("chmod 600"), warned);
    }
}

/// Every place of a plan whose content goes to a destination or to a visitor.
fn outgoing(plan: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| walk(item, &format!("{at}/{index}"), found));
            }
            Value::Object(map) => {
                map.iter().for_each(|(key, item)| walk(item, &format!("{at}/{key}"), found))
            }
            Value::String(_) => found.push(at.to_owned()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for root in ["/journeys", "/personalization_service/sections"] {
        walk(plan.pointer(root).unwrap(), root, &mut found);
    }
    found
}

/// A plan with a webhook that has all that one can have.
fn webhooks() -> Value {
    let mut plan = plan_with_spares();
    let step = &mut plan["journeys"][0]["steps"][0];
    step["headers"] = json!({"X-Shop": "shop", "X-User": "{{td_client_id}} of shop"});
    step["body"] = json!({"who": "{{td_client_id}}", "list": ["a", {"deep": "b"}]});
    step["description"] = json!("A call");
    plan["personalization_service"]["sections"][0]["strings"] = json!({"hello": ["Hi ", "there"]});
    plan
}

#[test]
fn no_credential_goes_out_by_any_place_of_a_plan_in_any_form() {
    let plan = webhooks();
    let platform = Platform::start();
    platform.forget_requests();
    let commands: [&[&str]; 8] = [
        &["validate"],
        &["apply", "-"],
        &["apply", "-", "--curl"],
        &["apply", "-", "--dry-run"],
        &["diff", "-"],
        &["journey-create", "--curl"],
        &["journey-test", "welcome", "--key", "td_client_id=u1", "--no-send"],
        &["pz-create"],
    ];
    let mut turn = 0;
    for place in outgoing(&plan) {
        for (index, form) in forms().into_iter().enumerate() {
            let mut bad = plan.clone();
            let there = bad.pointer_mut(&place).unwrap();
            let text = there.as_str().unwrap().to_owned();
            // In place of it, behind it, and in a placeholder.
            *there =
                [form.clone(), format!("{text}{form}"), format!("{{{{{form}}}}}")][index % 3].clone().into();
            turn += 1;
            let command = commands[turn % commands.len()];
            let output = platform.tdx(command).env("TDX_API_KEY_OTHER", KEY).stdin(bad.to_string()).run();
            assert_eq!(output.code, 2, "{command:?} {place} {form}: {output:?}");
            keyless(&(shown(&output) + &output.stderr), &(command, &place, &form));
            if command[0] == "validate" {
                let found = output.stdout.contains("key-in-") || !place.ends_with("/url");
                assert!(found, "{place} {form}: {}", output.stdout);
            }
        }
    }
    assert!(turn > 200, "{turn}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn no_credential_goes_out_of_what_is_live() {
    // It is live before it is known as a credential.
    const SECRET: &str = "fedcba9876543210fedcba9876543210fedcba98";
    let platform = Platform::start();
    let state = TempDir::new().unwrap();
    let inbox = format!("{}/_sandbox/inbox/shop", platform.url);
    let mut plan = webhooks();
    plan["journeys"][0]["steps"][0]["url"] = json!(inbox);
    plan["journeys"][0]["steps"][0]["headers"] = json!({"X-Shop": SECRET});
    plan["journeys"][0]["steps"][0]["body"] = json!({"deep": [format!("<{SECRET}>")]});
    plan["personalization_service"]["sections"][1]["strings"]["hello"] = json!(SECRET);
    let tdx =
        |arguments: &[&str]| platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
    let applied = tdx(&["apply", "-", "--interval", "5ms", "--plan-name", "p"]).stdin(plan.to_string()).run();
    let token = applied.document()["service"]["token"].as_str().unwrap().to_owned();
    let event = ["journey-test", "welcome", "--ps", PS, "--key", "td_client_id=u1", "--interval", "5ms"];
    tdx(&event).run();
    let less = plan_with_spares().to_string();
    let known = |arguments: &[&str]| {
        let run = tdx(arguments).env("TDX_API_KEY_OTHER", &format!("8/{SECRET}")).env("TDX_RT_TOKEN", &token);
        let output = run.stdin(less.clone()).run();
        assert!(
            !(output.stdout.clone() + &output.stderr).contains(&SECRET[..20]),
            "{arguments:?}: {output:?}"
        );
        output
    };
    for arguments in [
        &["export", PS][..],
        &["export", PS, "--yaml"],
        &["export", PS, "--jq", "[.. | strings] | join(\"\")"],
        &["journey-create", "list", "--ps", PS],
        &["journey-create", "list", "--ps", PS, "--jsonl"],
        &["pz-create", "list", "--ps", PS],
        &["graph", "--ps", PS],
        &["graph", "--ps", PS, "--format", "dot"],
        &["diff", "-"],
        &["diff", "-", "--unified"],
        &["apply", "-", "--dry-run"],
        &["apply", "-", "--curl"],
        &["apply", "-", "-vv", "--interval", "5ms"],
        &["undo", "--diff"],
        &["undo", "--dry-run"],
        &["undo", "--curl"],
        &["undo", "list"],
        &["undo", "--yes", "-vv", "--interval", "5ms"],
        &event,
        &["sandbox", "inbox"],
        &["sandbox", "activations"],
        &["sandbox", "requests"],
    ] {
        known(arguments);
    }
    // What an export can't have is left out whole, so that it changes nothing when it is applied.
    let exported = known(&["export", PS]);
    let document: Value = serde_json::from_str(&exported.stdout).unwrap();
    let names: Vec<&Value> =
        document["journeys"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["draft", "held"]);
    assert!(document["warnings"].to_string().contains("is left out"), "{}", document["warnings"]);
    let again = tdx(&["diff", "-"]).stdin(exported.stdout).run().document();
    assert_eq!(again["changed"], false, "{again}");
}
