//! Where keys and context come from, as users of the official CLI have them: profiles, sessions, commands.

use super::said;
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, SystemTime};

const KEY: &str = "7/0123456789abcdef0123456789abcdef0123cafe";

fn key(account: u32) -> String {
    KEY.replacen('7', &account.to_string(), 1)
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// With these files below its home, in the folder `work` of it.
fn with(arguments: &[&str], files: &[(&str, &str)], variables: &[(&str, &str)]) -> Tdx {
    let mut tdx = Tdx::new(arguments);
    for (file, text) in files {
        write(&tdx.home().join(file), text);
    }
    let work = tdx.home().join("work");
    std::fs::create_dir_all(&work).unwrap();
    for (name, value) in variables {
        tdx = tdx.env(name, value);
    }
    tdx.dir(&work)
}

const USER: &str = ".config/tdx/tdx.json";
const DOTENV: &str = ".config/tdx/.env";
const PROJECT: &str = "work/tdx.json";

fn config(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Value {
    let output = with(&["config"], files, variables).run();
    assert!(!output.stdout.contains("0123456789"), "{output:?}");
    output.document()
}

/// The session file of this process, which is the parent of what it runs.
fn session() -> String {
    format!(".config/tdx/sessions/{}.json", std::process::id())
}

#[test]
fn every_key_in_the_order_that_config_shows() {
    let user = json!({"profile": "eu-prod.2", "api_key_command": ["false"],
        "profiles": {"eu-prod.2": {"api_key_command": "pass show td"}}})
    .to_string();
    let dotenv = [
        "TDX_ACCESS_TOKEN_EU_PROD_2",
        "TDX_API_KEY_EU_PROD_2",
        "TDX_ACCESS_TOKEN",
        "TDX_API_KEY",
        "TD_API_KEY",
    ]
    .iter()
    .map(|name| format!("{name}={KEY}\n"))
    .collect::<String>();
    let variables: Vec<(&str, &str)> = vec![
        ("TDX_ACCESS_TOKEN_EU_PROD_2", KEY),
        ("TDX_API_KEY_EU_PROD_2", KEY),
        ("TDX_ACCESS_TOKEN", KEY),
        ("TDX_API_KEY", KEY),
        ("TDX_RT_API_KEY_COMMAND", "op read x"),
        ("TD_API_KEY", KEY),
        // Of a profile that is not in use.
        ("TDX_API_KEY_OTHER", KEY),
    ];
    let tdx = with(
        &["config", "--api-key-file", "key"],
        &[(USER, &user), (DOTENV, &dotenv), ("work/key", KEY)],
        &variables,
    );
    let home = tdx.home().display().to_string();
    let shown = tdx.run().document();
    let (user, dotenv) = (format!("{home}/{USER}"), format!("global {home}/{DOTENV}"));
    let found: Vec<(String, Vec<String>)> = shown["key_sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| {
            let found =
                source["found"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
            (said(source, "source").to_owned(), found.collect())
        })
        .collect();
    let expected: Vec<Vec<String>> = [
        vec!["--api-key-file"],
        vec!["environment TDX_ACCESS_TOKEN_EU_PROD_2", "environment TDX_API_KEY_EU_PROD_2"],
        vec![&dotenv, &dotenv],
        vec![&format!("api_key_command of profile 'eu-prod.2' of {user}")],
        vec!["environment TDX_ACCESS_TOKEN", "environment TDX_API_KEY"],
        vec!["environment TDX_RT_API_KEY_COMMAND"],
        vec![&format!("api_key_command of global {user}")],
        vec!["environment TD_API_KEY"],
        vec![&dotenv, &dotenv, &dotenv],
    ]
    .into_iter()
    .map(|origins| origins.into_iter().map(str::to_owned).collect())
    .collect();
    assert_eq!(found.iter().map(|(_, found)| found.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(shown["credential"]["origin"], "--api-key-file");
    // What is overridden is in the same order.
    let overridden = shown["credential"]["overridden"].as_array().unwrap();
    let overridden: Vec<&str> = overridden.iter().map(|one| said(one, "origin")).collect();
    assert_eq!(overridden, expected.concat()[1..].iter().map(String::as_str).collect::<Vec<_>>());
    // The list is the one of `explain` and of the manual.
    let sources: Vec<&str> = found.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(Tdx::new(&["explain", "auth"]).run().document()["order"], json!(sources));
    let layers: Vec<&str> =
        shown["layers"].as_array().unwrap().iter().map(|layer| said(layer, "about")).collect();
    assert_eq!(Tdx::new(&["explain", "bad-setting"]).run().document()["order"], json!(layers));
    let manual = Tdx::new(&["man", "environment"]).run().stdout.replace(r"\-", "-").replace(r"\&", "");
    for place in sources.iter().chain(&layers) {
        assert!(manual.contains(place), "{place}: {manual}");
    }
}

#[test]
fn each_source_wins_over_those_below_it() {
    let profile =
        json!({"profile": "p", "api_key_command": "global", "profiles": {"p": {"api_key_command": "own"}}});
    let general = json!({"api_key_command": "global", "profiles": {"p": {}}});
    let (one, two, three, four) = (key(1), key(2), key(3), key(4));
    let dotenv = format!("TDX_API_KEY_P={four}\nTDX_API_KEY={three}\n");
    for (user, dotenv, variables, account, origin) in [
        (
            &profile,
            "",
            vec![("TDX_API_KEY_P", &one), ("TDX_API_KEY", &two)],
            "1",
            "environment TDX_API_KEY_P",
        ),
        (
            &profile,
            "",
            vec![("TDX_ACCESS_TOKEN_P", &one), ("TDX_API_KEY_P", &two)],
            "1",
            "environment TDX_ACCESS_TOKEN_P",
        ),
        (&profile, dotenv.as_str(), vec![("TDX_API_KEY", &two)], "4", "global "),
        (&profile, "", vec![("TDX_API_KEY", &two)], "", "api_key_command of profile 'p' of "),
        (&general, "", vec![("TDX_API_KEY_P", &one), ("TDX_API_KEY", &two)], "2", "environment TDX_API_KEY"),
        (&general, dotenv.as_str(), vec![("TD_API_KEY", &two)], "", "api_key_command of global "),
    ] {
        let variables: Vec<(&str, &str)> =
            variables.into_iter().map(|(name, value)| (name, value.as_str())).collect();
        let shown = config(&[(USER, &user.to_string()), (DOTENV, dotenv)], &variables);
        let credential = &shown["credential"];
        let value = credential["value"].as_str().unwrap_or_default();
        assert_eq!(value.split('/').next().unwrap(), account, "{variables:?}: {credential}");
        assert!(said(credential, "origin").starts_with(origin), "{variables:?}: {credential}");
        let kind = if account.is_empty() { "command" } else { "api_key" };
        let kind = if origin.contains("TOKEN") { "access_token" } else { kind };
        assert_eq!(shown["credential_kind"], kind);
    }
}

#[test]
fn context_in_the_order_that_config_shows() {
    let values = |site: &str, n: u32| json!({"site": site, "database": format!("d{n}"), "parent_segment": n});
    let mut project = values("ap02", 3);
    project["profiles"] = json!({"p": values("ap03", 2), "local": values("eu01", 9)});
    let mut user = values("jp01", 5);
    user["profiles"] = json!({"p": values("us01", 4)});
    user["profile"] = json!("p");
    let session_values = values("eu01", 1);
    let all = [
        (session(), session_values.to_string()),
        (PROJECT.to_owned(), project.to_string()),
        (USER.to_owned(), user.to_string()),
    ];
    let files: Vec<(&str, &str)> = all.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let shown = config(&files, &[("TDX_SITE", "us01")]);
    let column = |name: &str| -> Vec<String> {
        let one = &shown[name];
        let others =
            one["overridden"].as_array().unwrap().iter().map(|other| said(other, "value").to_owned());
        std::iter::once(said(one, "value").to_owned()).chain(others).collect()
    };
    assert_eq!(column("site"), ["us01", "eu01", "ap03", "ap02", "us01", "jp01"]);
    assert_eq!(column("database"), ["d1", "d2", "d3", "d4", "d5"]);
    assert_eq!(column("parent_segment"), ["1", "2", "3", "4", "5"]);
    assert!(said(&shown["site"]["overridden"][1], "origin").starts_with("profile 'p' of project "));
    let state = |layer: &str| {
        let layers = shown["layers"].as_array().unwrap();
        let layer = layers.iter().find(|one| one["layer"] == layer).unwrap();
        (said(layer, "state").to_owned(), layer["gives"].clone())
    };
    let three = json!(["site", "database", "parent_segment"]);
    for layer in ["session", "project_profile", "project", "profile"] {
        assert_eq!(state(layer), ("present".to_owned(), three.clone()), "{layer}");
    }
    assert_eq!(state("global").1, json!(["site", "profile", "database", "parent_segment"]));
    assert_eq!((state("flag").0.as_str(), state("dotenv").0.as_str()), ("absent", "absent"));
    // A profile that only the project has.
    let shown = config(&files[1..], &[("TDX_PROFILE", "local")]);
    assert_eq!((&shown["site"]["value"], &shown["database"]["value"]), (&json!("eu01"), &json!("d9")));
    let error = with(&["config", "--profile", "lokal"], &files[1..], &[]).run().error(2, "bad-setting");
    assert!(
        said(&error, "hint").contains("p, local") && said(&error, "hint").ends_with("profiles: p"),
        "{error}"
    );
}

#[test]
fn a_session_is_of_a_shell_and_of_a_day_and_never_a_failure() {
    let user = (USER, r#"{"site": "jp01", "profiles": {"p": {"site": "ap02"}}}"#);
    let file = session();
    let site = |files: &[(&str, &str)], variables: &[(&str, &str)]| {
        let output = with(&["config"], files, variables).run();
        let shown: Value = serde_json::from_str(&output.stdout).unwrap();
        (shown["site"]["value"].as_str().unwrap().to_owned(), output.stderr)
    };
    let quiet = String::new();
    assert_eq!(site(&[user, (&file, r#"{"profile": "p"}"#)], &[]), ("ap02".into(), quiet.clone()));
    let named = ".config/tdx/sessions/my-session.json";
    let both = [user, (&file, r#"{"profile": "p"}"#), (named, r#"{"context": {"site": "eu01"}}"#)];
    assert_eq!(site(&both, &[("TDX_SESSION", "my-session")]), ("eu01".into(), quiet.clone()));
    assert_eq!(site(&both, &[("TDX_SESSION", "another")]), ("jp01".into(), quiet.clone()));
    // Of another shell.
    assert_eq!(
        site(&[user, (".config/tdx/sessions/1.json", r#"{"profile": "p"}"#)], &[]),
        ("jp01".into(), quiet.clone())
    );
    // Of yesterday: by its own word, and by its file.
    let expired = [user, (file.as_str(), r#"{"profile": "p", "expires_at": "2020-01-01T00:00:00Z"}"#)];
    assert_eq!(site(&expired, &[]), ("jp01".into(), quiet.clone()));
    let tdx = with(&["config"], &[user, (&file, r#"{"profile": "p"}"#)], &[]);
    let day = Duration::from_secs(24 * 3600);
    let opened = std::fs::File::options().write(true).open(tdx.home().join(&file)).unwrap();
    opened.set_modified(SystemTime::now() - day).unwrap();
    let shown = tdx.run().document();
    assert_eq!(shown["site"]["value"], "jp01");
    let layers = shown["layers"].as_array().unwrap();
    assert_eq!(layers.iter().find(|layer| layer["layer"] == "session").unwrap()["state"], "expired");
    // What it can't be is warned of once, and ignored.
    for text in ["", "[1]", "{", r#"{"profile": "gone"}"#, r#"{"site": "mars"}"#] {
        let (site, stderr) = site(&[user, (&file, text)], &[]);
        let warning: Value = serde_json::from_str(&stderr).unwrap();
        assert!(
            site == "jp01" && said(&warning["warning"], "message").contains("ignored"),
            "{text}: {stderr}"
        );
    }
    let (_, stderr) = site(&both, &[("TDX_SESSION", "../tdx")]);
    assert!(stderr.contains("TDX_SESSION is ignored"), "{stderr}");
}

/// Asks the platform; nothing leaves the machine, as there is no such proxy: exit 9 is a key that was to be sent.
fn ask(files: &[(&str, &str)], variables: &[(&str, &str)], more: &[&str]) -> Tdx {
    let variables = [&[("HTTPS_PROXY", "http://127.0.0.1:9")], variables].concat();
    with(&[&["ps-check", "42", "--retries", "0"], more].concat(), files, &variables)
}

#[test]
fn a_key_of_another_account_than_the_profile_is_for_is_sent_nowhere() {
    let user = r#"{"profiles": {"prod": {"account": 123}, "text": {"account": "123"}, "any": {}}}"#;
    for profile in ["prod", "text"] {
        let wrong = ask(&[(USER, user)], &[("TDX_API_KEY", KEY)], &["--profile", profile]).run();
        let error = wrong.error(4, "auth");
        let message = said(&error, "message");
        assert!(message.contains("account 7,") && message.contains("account 123,"), "{message}");
        assert!(
            message.contains("environment TDX_API_KEY") && !wrong.stderr.contains("0123456789"),
            "{message}"
        );
    }
    let hint = |more: &[&str], project: &str| {
        let files = [(USER, user), (PROJECT, project)];
        let error = ask(&files, &[("TDX_API_KEY", KEY)], more).run().error(4, "auth");
        said(&error, "hint").to_owned()
    };
    assert!(hint(&["--profile", "prod"], "{}").contains("TDX_API_KEY_PROD=123/<key>"));
    // One that the project chose is compared, too.
    assert!(hint(&[], r#"{"profile": "prod"}"#).contains("--profile 'prod'"));
    let right = key(123);
    for (variables, more) in [
        ([("TDX_API_KEY_PROD", right.as_str()), ("TDX_API_KEY", KEY)], ["--profile", "prod"]),
        ([("TDX_API_KEY", &right), ("X", "")], ["--profile", "prod"]),
        ([("TDX_API_KEY", KEY), ("X", "")], ["--profile", "any"]),
        // Of a token the account is not known.
        ([("TDX_ACCESS_TOKEN", "eyJhbGciOiJIUzI1NiJ9.x.y"), ("X", "")], ["--profile", "prod"]),
    ] {
        ask(&[(USER, user)], &variables, &more).run().error(9, "network");
    }
    // Offline all of that is only shown.
    let shown = config(&[(USER, user)], &[("TDX_API_KEY", KEY), ("TDX_PROFILE", "prod")]);
    assert_eq!((&shown["account"]["value"], &shown["account_matches"]), (&json!("123"), &json!(false)));
    let shown = config(&[(USER, user)], &[("TDX_API_KEY", &right), ("TDX_PROFILE", "prod")]);
    assert_eq!(shown["account_matches"], true);
    let shown = config(&[(USER, user)], &[("TDX_ACCESS_TOKEN", "abc"), ("TDX_PROFILE", "prod")]);
    assert_eq!(shown["account_matches"], Value::Null);
    // A sandbox has an account of its own.
    let platform = Platform::start();
    let tdx = platform.tdx(&["ps-check", "394649", "--profile", "prod"]);
    write(&tdx.home().join(USER), user);
    assert_eq!(tdx.run().code, 0);
}

/// A file that a command of the test makes.
fn trace() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ran").display().to_string();
    (folder, file)
}

#[test]
fn a_profile_that_a_project_chose_brings_no_key_and_runs_nothing() {
    let (_folder, ran) = trace();
    let script = format!("touch {ran}; echo 7/0123456789abcdef");
    let user = json!({"profiles": {"prod": {"api_key_command": ["sh", "-c", script]}}}).to_string();
    let project = (PROJECT, r#"{"profile": "prod"}"#);
    let error = ask(&[(USER, &user), project], &[("TDX_API_KEY_PROD", KEY)], &[]).run().error(4, "auth");
    assert!(said(&error, "hint").contains("--profile 'prod'"), "{error}");
    assert!(!Path::new(&ran).exists());
    let chosen = ["--profile", "prod"];
    ask(&[(USER, &user), project], &[("TDX_API_KEY_PROD", KEY)], &chosen).run().error(9, "network");
    assert!(!Path::new(&ran).exists());
    ask(&[(USER, &user), project], &[], &chosen).run().error(9, "network");
    assert!(Path::new(&ran).exists());
}

#[test]
fn a_command_in_a_projects_file_is_warned_of_and_not_run() {
    let (_folder, ran) = trace();
    for project in [
        json!({"api_key_command": format!("touch {ran}")}),
        json!({"profile": "p", "profiles": {"p": {"api_key_command": ["touch", ran]}}}),
    ] {
        let output = ask(&[(PROJECT, &project.to_string())], &[], &[]).run();
        assert!(
            output.stderr.contains("tdx.json is ignored: a project's file runs no program"),
            "{output:?}"
        );
        assert_eq!((output.code, Path::new(&ran).exists()), (4, false), "{output:?}");
    }
}

#[test]
fn a_command_prints_the_key_once_and_only_where_one_is_needed() {
    let platform = Platform::start();
    let (_folder, ran) = trace();
    // It notes each run, and what it finds on its stdin.
    let key = &platform.api_key;
    let script =
        format!("echo run >> {ran}; cat >> {ran}; echo from-the-helper >&2; echo {key}; echo user: me");
    let user =
        json!({"api_key_command": ["sh", "-c", script], "profiles": {"p": {"site": "eu01"}}}).to_string();
    let endpoint = [("TDX_RT_ENDPOINT", platform.url.as_str())];
    let runs = |arguments: &[&str], stdin: &str| {
        let output = with(arguments, &[(USER, &user)], &endpoint).stdin(stdin).run();
        assert!(!output.stdout.contains(key) && !output.stderr.contains(key), "{output:?}");
        let noted = std::fs::read_to_string(&ran).unwrap_or_default();
        let _ = std::fs::remove_file(&ran);
        (output, noted)
    };
    let (output, noted) = runs(&["ps-check", "-"], "394649\n394649\n394650\n");
    assert_eq!((output.stdout.lines().count(), noted.as_str()), (3, "run\n"), "{output:?}");
    assert!(output.stderr.contains("from-the-helper"), "{output:?}");
    for offline in [
        &["config"][..],
        &["explain", "auth"],
        &["schema"],
        &["validate"],
        &["graph"],
        &["sandbox", "requests"],
        &["--help"],
    ] {
        let (output, noted) = runs(offline, "events: []\n");
        assert_eq!(noted, "", "{offline:?}: {output:?}");
    }
    let (output, _) = runs(&["config"], "");
    let shown = output.document();
    assert_eq!((&shown["credential"]["value"], &shown["credential_kind"]), (&Value::Null, &json!("command")));
    // A sandbox has a key of its own.
    let variables = [endpoint[0], ("TDX_API_KEY", key)];
    let failing = r#"{"profile": "p", "profiles": {"p": {"api_key_command": "false"}}}"#;
    assert_eq!(with(&["ps-check", "394649"], &[(USER, failing)], &variables).run().code, 0);
}

#[test]
fn completion_runs_no_command() {
    let platform = Platform::start();
    let (_folder, ran) = trace();
    let user = json!({"api_key_command": ["touch", ran]}).to_string();
    let variables = [("TDX_RT_ENDPOINT", platform.url.as_str())];
    for (word, part) in [("", ""), ("--wa", "--wait")] {
        let words = ["__complete", "fish", "tdx-rt", "ps-check", word];
        let output = with(&words, &[(USER, &user)], &variables).run();
        assert!(output.code == 0 && output.stdout.contains(part), "{output:?}");
    }
    assert!(!Path::new(&ran).exists());
}

#[test]
fn a_command_that_fails_is_named_without_its_output() {
    for (command, part) in [
        (json!(["sh", "-c", "echo 7/secret-in-stdout; exit 3"]), "the command 'sh' ("),
        (json!("/nowhere/helper --flag"), "cannot be run: "),
        (json!("true"), "printed no key"),
        (json!("echo this is no-key"), "printed what is no key"),
    ] {
        let user = json!({"api_key_command": command}).to_string();
        let output = ask(&[(USER, &user)], &[], &[]).run();
        let error = output.error(4, "auth");
        let message = said(&error, "message");
        assert!(message.contains(part) && message.contains("api_key_command of global "), "{message}");
        assert!(!output.stderr.contains("secret-in") && !output.stderr.contains("no-key"), "{output:?}");
    }
    for wrong in [json!(7), json!([]), json!(["a", 1]), json!("pass 'x"), json!({"program": "x"})] {
        let user = json!({"api_key_command": wrong}).to_string();
        let error = ask(&[(USER, &user)], &[], &[]).run().error(2, "bad-setting");
        assert!(said(&error, "message").contains("api_key_command of global "), "{error}");
    }
    let error = ask(&[], &[("TDX_RT_API_KEY_COMMAND", "x 'y")], &[]).run().error(2, "bad-setting");
    assert!(said(&error, "message").contains("TDX_RT_API_KEY_COMMAND"), "{error}");
}

#[test]
fn what_a_command_printed_is_hidden_like_any_other_key() {
    use super::client::{answer, server};
    let text = json!({"message": format!("not {KEY}")}).to_string();
    let (url, requests) = server(move |_| answer("422 Unprocessable Content", "", &text));
    let command = format!("echo {KEY}");
    let variables = [("TDX_RT_ENDPOINT", url.as_str()), ("TDX_RT_API_KEY_COMMAND", &command)];
    let output = with(&["ps-check", "42", "-vv"], &[], &variables).run();
    assert!(requests.recv().unwrap().contains(&format!("TD1 {KEY}")));
    assert!(output.code == 2 && !output.stderr.contains("0123456789"), "{output:?}");
}

#[test]
fn an_end_from_elsewhere_ends_the_command() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let script =
            format!("echo $$ > {0}.new && mv {0}.new {0}; echo ready >&2; exec sleep 600", pid.display());
        let user = json!({"api_key_command": ["sh", "-c", script]}).to_string();
        let mut running = ask(&[(USER, &user)], &[], &[]).spawn();
        assert!(running.has_reported().contains("ready"));
        running.signal(signal);
        let (ended_with, error) = running.end();
        assert_eq!(ended_with, code, "{error}");
        let pid = std::fs::read_to_string(&pid).unwrap();
        let alive = Path::new("/proc").join(pid.trim()).join("stat");
        let ended = !std::fs::read_to_string(alive).is_ok_and(|stat| !stat.contains(") Z "));
        assert!(ended, "process {pid} is still there");
    }
    let hanging = json!({"api_key_command": "sleep 600"}).to_string();
    ask(&[(USER, &hanging)], &[], &["--deadline", "200ms"]).run().error(8, "deadline");
}

#[test]
fn without_a_key_the_message_says_where_the_official_cli_has_its_own() {
    let error = ask(&[], &[], &[]).run().error(4, "auth");
    assert_eq!(said(&error, "message"), "there is no API key");
    for part in ["keychain", "published nowhere", "export TDX_API_KEY=", "export TDX_RT_API_KEY_COMMAND="] {
        assert!(said(&error, "hint").contains(part), "{part}: {error}");
    }
}

#[test]
fn a_sandbox_that_runs_a_command_takes_every_real_key_away() {
    let names =
        ["TDX_API_KEY_PROD", "TDX_ACCESS_TOKEN_PROD", "TDX_ACCESS_TOKEN", "TD_API_KEY", "TDX_RT_TOKEN"];
    let variables: Vec<(&str, &str)> = names.iter().map(|name| (*name, KEY)).collect();
    let output = with(&["sandbox", "--", "env"], &[], &variables).run();
    assert!(output.stdout.contains("TDX_API_KEY=") && !output.stdout.contains(KEY), "{output:?}");
    let user = r#"{"profile": "p", "profiles": {"p": {"api_key_command": "false", "account": 9}}}"#;
    let ours = crate::common::binary().to_str().unwrap();
    let output =
        with(&["sandbox", "--", ours, "ps-check", "394649", "--jq", ".id"], &[(USER, user)], &variables)
            .run();
    assert_eq!((output.code, output.stdout.as_str()), (0, "394649\n"), "{output:?}");
}

#[test]
fn a_script_of_curl_names_the_variable_that_holds_the_key() {
    let platform = Platform::start();
    let variables = [("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY_P", &platform.api_key)];
    let user = (USER, r#"{"profiles": {"p": {}}}"#);
    let tdx = with(&["ps-check", "394649", "--curl", "--profile", "p"], &[user], &variables);
    let script = tdx.run().stdout;
    assert!(
        script.contains("Authorization: TD1 $TDX_API_KEY_P\"") && script.contains("${TDX_API_KEY_P:?}"),
        "{script}"
    );
}
