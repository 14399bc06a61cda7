//! Files that an earlier version has written stay readable: `tests/fixtures/VERSION` holds what that version
//! left after an `apply` of two plans (the second from a saved plan) on a sandbox with `--state`. In them,
//! `@HOST@` stands for the sandbox's address, `@KEPT@` for `TDX_RT_STATE_DIR`, `@FOLDER@` for the plans' place.
//! A new version adds a folder; an existing folder is never written anew.

use crate::common::process::Process;
use crate::common::{Output, Tdx};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A sandbox on a copy of the fixture's state, and a machine with a copy of its files.
struct Machine {
    folder: TempDir,
    sandbox: Process,
}

impl Machine {
    fn new(version: &str) -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(version);
        let folder = tempfile::tempdir().unwrap();
        copy(&fixture.join("state"), &folder.path().join("state"), &|bytes| bytes);
        let state = folder.path().join("state");
        let sandbox = Process::start(folder.path(), &["--settle", "now", "--state", state.to_str().unwrap()]);
        let host = format!("http://127.0.0.1:{}", sandbox.port);
        let kept = folder.path().join("kept").to_str().unwrap().to_owned();
        let place = folder.path().to_str().unwrap().to_owned();
        let filled = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace("@HOST@", &host).replace("@KEPT@", &kept).replace("@FOLDER@", &place).into_bytes()
        };
        for part in ["kept", "plans"] {
            copy(&fixture.join(part), &folder.path().join(part), &filled);
        }
        for file in ["saved-plan.json", "export.yaml"] {
            fs::write(folder.path().join(file), filled(fs::read(fixture.join(file)).unwrap())).unwrap();
        }
        Machine { folder, sandbox }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Tdx::new(arguments)
            .dir(&self.file("plans"))
            .env("TDX_RT_ENDPOINT", &format!("http://127.0.0.1:{}", self.sandbox.port))
            .env("TDX_API_KEY", &self.sandbox.api_key)
            .env("TDX_RT_STATE_DIR", self.file("kept").to_str().unwrap())
            .run()
    }

    fn is_live(&self, plan: &str) -> bool {
        let output = self.run(&["diff", "--ps", "394649", "--exit-code", self.file(plan).to_str().unwrap()]);
        assert!([0, 10].contains(&output.code), "{output:?}");
        output.code == 0
    }
}

fn copy(from: &Path, to: &Path, filled: &dyn Fn(Vec<u8>) -> Vec<u8>) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, filled);
        } else {
            fs::write(target, filled(fs::read(entry.path()).unwrap())).unwrap();
        }
    }
}

fn actions(document: &Value, list: &str) -> Vec<String> {
    let items =
        document.pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("{list}: {document}"));
    assert!(!items.is_empty());
    items.iter().map(|item| item["action"].as_str().unwrap().to_owned()).collect()
}

const VERSIONS: [&str; 1] = ["0.1.0"];

#[test]
fn a_state_folder_has_its_configuration_profiles_and_snapshots() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        assert!(machine.is_live("export.yaml"), "{version}");
        let profile = machine.run(&["sandbox", "profile", "--ps", "394649", "td_client_id=fx1"]).document();
        assert_eq!(profile["keys"][0]["value"], "fx1", "{version}: {profile}");
        assert!(profile.to_string().contains(r#""name":"page_views_24h""#), "{profile}");
        machine.run(&["sandbox", "snapshot", "restore", "applied"]).document();
        let listed = machine.run(&["journey-create", "list", "--ps", "394649"]).document();
        assert_eq!(listed, json!([]), "the snapshot was taken before there were journeys");
        assert!(machine.is_live("plans/web-personalization.yaml"));
    }
}

#[test]
fn a_token_that_was_kept_is_used() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        let again = machine.run(&["apply", "web-personalization.yaml"]).document();
        let kept: Value =
            serde_json::from_slice(&fs::read(machine.file("kept/tokens.json")).unwrap()).unwrap();
        let value = kept.as_object().unwrap().values().next().unwrap()["value"].clone();
        assert_eq!(again["service"]["token"], value, "{version}");
        assert!(actions(&again, "/events").iter().all(|action| action == "unchanged"));
        assert!(actions(&again, "/attributes").iter().all(|action| action == "unchanged"));
        assert_eq!(
            machine.run(&["pz-test", "-f", "web-personalization.yaml", "--key", "td_client_id=fx2"]).code,
            0
        );
    }
}

#[test]
fn what_a_plan_made_is_pruned_when_it_is_named_no_more() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        let plan = machine.file("plans/web-personalization.yaml");
        let text = fs::read_to_string(&plan).unwrap();
        let (before, _) = text.split_once("    - name: 'Default'").unwrap();
        fs::write(&plan, before).unwrap();
        let pruned = machine.run(&["apply", "web-personalization.yaml", "--prune", "--yes"]);
        assert!(
            pruned.document()["deleted"][0]["path"]
                == "personalization_services.web_personalization.sections.Default",
            "{pruned:?}"
        );
        let live = machine.run(&["export", "--ps", "394649"]).document();
        let sections = live.pointer("/personalization_service/sections").and_then(Value::as_array).unwrap();
        let names: Vec<&Value> = sections.iter().map(|section| &section["name"]).collect();
        assert_eq!(names, ["VIP Customers"], "{version}: {live}");
    }
}

/// What is noted says nothing of lines: those are known from the next run on.
#[test]
fn lines_are_known_once_a_plan_was_applied_again() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        let plan = machine.file("plans/web-personalization.yaml");
        let text = fs::read_to_string(&plan).unwrap();
        let without = text.replace("    expiry_days: 60\n", "");
        let left = || {
            fs::write(&plan, &without).unwrap();
            let found = machine.run(&["diff", "web-personalization.yaml"]).document();
            assert_eq!((&found["ownership"], &found["changes"]), (&json!("known"), &json!([])), "{version}");
            fs::write(&plan, &text).unwrap();
            found["no_longer_named"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["path"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(left(), Vec::<Value>::new());
        machine.run(&["apply", "web-personalization.yaml"]).document();
        assert_eq!(left(), ["attributes.browsed_products_list.expiry"]);
    }
}

#[test]
fn journals_are_undone_and_a_saved_plan_is_applied() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        let undone = machine.run(&["undo", "-y", "--ps", "394649"]);
        assert_eq!(undone.code, 0, "{undone:?}");
        let listed = machine.run(&["journey-create", "list", "--ps", "394649"]).document();
        assert_eq!(listed, json!([]), "{version}");
        let saved = machine.file("saved-plan.json");
        machine.run(&["apply", saved.to_str().unwrap()]).document();
        assert!(machine.is_live("export.yaml"));
        for _ in 0..2 {
            let undone = machine.run(&["undo", "-y", "--ps", "394649"]);
            assert_eq!(undone.code, 0, "{undone:?}");
        }
        let events = machine.run(&["rt-events", "list", "--ps", "394649"]).document();
        assert!(events.as_array().unwrap().iter().all(|event| event["name"] != "page_view"), "{events}");
    }
}

/// They do not say which command they are of: there was but one that kept any.
#[test]
fn journals_are_listed_and_undone_as_one() {
    for version in VERSIONS {
        let machine = Machine::new(version);
        let listed = machine.run(&["undo", "list", "--ps", "394649"]).document();
        let items = listed.as_array().unwrap();
        assert_eq!(items.len(), 2, "{version}: {listed}");
        for (item, plan) in items.iter().zip(["saved-plan.json", "web-personalization.yaml"]) {
            assert_eq!(item["command"], "apply", "{version}: {listed}");
            assert!(item["plan"].as_str().unwrap().ends_with(plan), "{version}: {listed}");
            assert!(!item["changes"].as_array().unwrap().is_empty(), "{version}: {listed}");
        }
        let undone = machine.run(&["undo", "--yes", "--last", "2"]);
        assert_eq!(undone.code, 0, "{undone:?}");
        let events = machine.run(&["rt-events", "list", "--ps", "394649"]).document();
        assert!(events.as_array().unwrap().iter().all(|event| event["name"] != "page_view"), "{events}");
    }
}
