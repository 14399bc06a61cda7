//! Deleting, pruning and undoing ask at a terminal, and say what will go; without a terminal, the
//! name is the consent to a delete, and `--yes` to a prune or an undo.

use super::plans::{SOURCE, by_name, plan_with_spares, platform};
use super::said;
use super::terminal::{Run, Seen};
use crate::common::{Output, Platform};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A platform, and a folder with a plan in it whose `state` keeps the journals.
pub struct Ground {
    pub platform: Platform,
    pub folder: TempDir,
}

impl Ground {
    /// With nothing applied.
    pub fn empty() -> Self {
        Ground { platform: platform(), folder: TempDir::new().unwrap() }
    }

    fn new() -> Self {
        let ground = Ground::empty();
        ground.write(&plan_with_spares());
        ground.pipe(&["apply", "plan.json"]).document();
        ground.platform.forget_requests();
        ground
    }

    pub fn write(&self, plan: &Value) {
        std::fs::write(self.folder.path().join("plan.json"), plan.to_string()).unwrap();
    }

    /// Without a terminal to ask on.
    pub fn pipe(&self, arguments: &[&str]) -> Output {
        let state = self.folder.path().join("state");
        let tdx = self.platform.tdx(&[arguments, short(arguments)].concat());
        tdx.dir(self.folder.path()).env("TDX_RT_STATE_DIR", state.to_str().unwrap()).run()
    }

    /// At a terminal, with stdout in a pipe; a question is answered so.
    pub fn terminal(&self, arguments: &[&str], answer: &str) -> Seen {
        let arguments = [arguments, short(arguments)].concat();
        let folder = Some(self.folder.path());
        Run { platform: &self.platform, arguments: &arguments, variables: &[], piped: true, answer, folder }
            .run()
    }

    fn state(&self) -> Value {
        by_name(&self.platform, SOURCE)
    }

    /// Asked, and answered no, it writes nothing; what stood on the screen before the question.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let before = self.state();
        self.platform.forget_requests();
        let seen = self.terminal(arguments, "n\n");
        assert!(seen.code != 0 && seen.piped.is_empty(), "{arguments:?}: {seen:?}");
        let (question, rest) = seen.screen.split_once("[y/N]").unwrap_or_else(|| panic!("{seen:?}"));
        assert!(rest.contains("you said no"), "{seen:?}");
        assert_eq!(self.platform.writes(), Vec::<String>::new(), "{arguments:?}");
        assert_eq!(self.state(), before);
        question.to_owned()
    }

    /// Not asked.
    #[track_caller]
    fn unasked(&self, arguments: &[&str]) -> Seen {
        let seen = self.terminal(arguments, "");
        assert!(seen.code == 0 && !seen.screen.contains("[y/N]"), "{arguments:?}: {seen:?}");
        seen
    }
}

/// A short interval where a command waits.
fn short(arguments: &[&str]) -> &'static [&'static str] {
    if arguments[0] == "diff" { &[] } else { &["--interval", "5ms"] }
}

/// Deletes, and what the question names.
const DELETES: [(&[&str], &[&str]); 8] = [
    (&["rt-events", "delete", "spare_event"], &["spare_event"]),
    (&["rt-events", "delete", "web_events.add_to_cart"], &["web_events.add_to_cart"]),
    (&["rt-keys", "delete", "email"], &["email"]),
    (&["rt-attrs", "delete", "spare"], &["spare"]),
    (&["rt-attrs", "delete", "city"], &["city"]),
    (&["pz-create", "delete", "web"], &["personalization", "web"]),
    (&["pz-create", "delete", "web", "--service"], &["personalization", "service", "web"]),
    (&["journey-create", "delete", "draft"], &["draft"]),
];

#[test]
fn a_delete_asks_at_a_terminal_and_the_name_is_the_consent_elsewhere() {
    let ground = Ground::new();
    ground.platform.control("snapshots", json!({"name": "base"}));
    let base = ground.state();
    for (index, (words, parts)) in DELETES.into_iter().enumerate() {
        let delete = [words, &["--ps", SOURCE]].concat();
        let question = ground.refused(&delete);
        for part in parts {
            assert!(question.contains(part), "{part}: {question:?}");
        }
        let agreed = ground.terminal(&delete, "y\n");
        assert!(agreed.code == 0 && agreed.screen.contains("[y/N]"), "{agreed:?}");
        let (_, said) = agreed.screen.split_once("deleted the ").unwrap();
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        let after = ground.state();
        assert_ne!(after, base, "{words:?}");
        ground.platform.control("snapshots/base/restore", json!({}));
        // A dry run is not asked about; nor is what `-y` answers, or what is asked for in a pipe.
        match index % 3 {
            0 => drop(ground.unasked(&[&delete[..], &["--dry-run"]].concat())),
            1 => drop(ground.unasked(&[&delete[..], &["-y"]].concat())),
            _ => assert_eq!(ground.pipe(&delete).document()["action"], "deleted"),
        }
        assert_eq!(ground.state(), if index % 3 == 0 { base.clone() } else { after });
        ground.platform.control("snapshots/base/restore", json!({}));
    }
    // What is not there, or is in use, is not asked about.
    for (words, code) in [(["rt-attrs", "delete", "nothing"], 3), (["rt-attrs", "delete", "last"], 6)] {
        let seen = ground.terminal(&[&words[..], &["--ps", SOURCE]].concat(), "");
        assert!(seen.code == code && !seen.screen.contains("[y/N]"), "{seen:?}");
    }
}

#[test]
fn a_delete_takes_yes_without_a_terminal() {
    let ground = Ground::new();
    for yes in ["-y", "--yes"] {
        let name = if yes == "-y" { "spare" } else { "city" };
        ground.pipe(&["rt-attrs", "delete", name, "--ps", SOURCE, yes]).document();
    }
}

#[test]
fn a_prune_asks_at_a_terminal_in_every_command() {
    let ground = Ground::new();
    let mut less = plan_with_spares();
    less["attributes"].as_array_mut().unwrap().retain(|attribute| attribute["name"] != "spare");
    less["personalization_service"]["sections"].as_array_mut().unwrap().pop();
    ground.write(&less);
    let before = ground.state();
    ground.platform.control("snapshots", json!({"name": "base"}));
    // A command prunes what it is for: `pz-create` no attributes.
    for (words, gone, stays) in [
        (
            &["apply", "plan.json"][..],
            &["attributes.spare", "personalization_services.web.sections.Default"][..],
            &[][..],
        ),
        (
            &["pz-create", "-f", "plan.json"],
            &["personalization_services.web.sections.Default"],
            &["attributes.spare"],
        ),
    ] {
        let prune = [words, &["--prune"]].concat();
        let question = ground.refused(&prune);
        assert!(gone.iter().all(|path| question.contains(path)), "{question:?}");
        assert!(stays.iter().all(|path| !question.contains(path)), "{question:?}");
        let error = ground.pipe(&prune).error(2, "usage");
        assert!(gone.iter().all(|path| said(&error, "message").contains(path)), "{error}");
        assert!(said(&error, "hint").contains("--yes"), "{error}");
        assert_eq!(ground.state(), before);
        let agreed = ground.terminal(&prune, "y\n");
        let document: Value = serde_json::from_str(&agreed.piped).unwrap_or_else(|_| panic!("{agreed:?}"));
        let deleted: Vec<&str> =
            document["deleted"].as_array().unwrap().iter().map(|item| said(item, "path")).collect();
        assert!(gone.iter().all(|path| deleted.contains(path)), "{deleted:?}");
        let after = ground.state();
        // What was pruned is brought back by the command's own undo.
        ground.pipe(&["undo", "--yes"]).document();
        assert_eq!(ground.state(), before, "{words:?}");
        ground.unasked(&[&prune[..], &["-y"]].concat());
        assert_eq!(ground.state(), after);
        ground.pipe(&["undo", "--yes"]).document();
    }
}

/// The sentences that stand on a screen.
fn lost(screen: &str) -> Vec<&str> {
    screen.lines().filter_map(|line| line.strip_prefix("lost: ")).collect()
}

const ENDPOINT: &str = "the endpoint of the personalization 'web': made again, it has another URL";
const TOKENS: &str = "the tokens of the service 'web' (1): they stop working";

#[test]
fn what_a_delete_loses_is_said_before_the_question_and_in_the_document() {
    let ground = Ground::new();
    ground.platform.control("snapshots", json!({"name": "base"}));
    for (words, sentences) in [
        (&["rt-attrs", "delete", "spare"][..], &["the values of the attribute 'spare'"][..]),
        (&["rt-attrs", "delete", "city"], &[]),
        (&["rt-events", "delete", "spare_event"], &[]),
        (&["pz-create", "delete", "web"], &[ENDPOINT]),
        (&["pz-create", "delete", "web", "--service"], &[TOKENS, ENDPOINT]),
        (&["journey-create", "delete", "welcome"], &["those who are in the journey 'welcome'"]),
        (&["journey-create", "delete", "draft"], &[]),
    ] {
        let delete = [words, &["--ps", SOURCE]].concat();
        assert_eq!(lost(&ground.refused(&delete)), sentences, "{words:?}");
        assert_eq!(lost(&ground.unasked(&[&delete[..], &["--dry-run"]].concat()).screen), sentences);
        assert_eq!(ground.pipe(&delete).document()["lost"], json!(sentences), "{words:?}");
        ground.platform.control("snapshots/base/restore", json!({}));
        let unasked = ground.unasked(&[&delete[..], &["-y"]].concat());
        assert_eq!(lost(&unasked.screen), sentences, "{words:?}");
        ground.platform.control("snapshots/base/restore", json!({}));
    }
}

#[test]
fn what_a_prune_loses_is_said_before_the_question_and_in_the_document() {
    let ground = Ground::new();
    let mut less = plan_with_spares();
    less["attributes"].as_array_mut().unwrap().retain(|attribute| attribute["name"] != "spare");
    less.as_object_mut().unwrap().shift_remove("personalization_service");
    less["journeys"].as_array_mut().unwrap().remove(0);
    // What is new has no values yet.
    less["attributes"].as_array_mut().unwrap().push(
        json!({"name": "new", "type": "single", "source_event": "page_view", "source_field": "product_id"}),
    );
    ground.write(&less);
    let sentences =
        ["the values of the attribute 'spare'", TOKENS, ENDPOINT, "those who are in the journey 'welcome'"];
    let prune = ["apply", "plan.json", "--prune", "--ps", SOURCE, "--plan-name"];
    let name = ground.folder.path().canonicalize().unwrap().join("plan.json").display().to_string();
    let prune = [&prune[..], &[&name]].concat();
    assert_eq!(lost(&ground.refused(&prune)), sentences);
    let error = ground.pipe(&prune).error(2, "usage");
    assert_eq!(lost(said(&error, "hint")), sentences, "{error}");
    let look = format!("`tdx-rt diff plan.json --ps {SOURCE} --plan-name {name} --prune`");
    assert!(said(&error, "hint").contains(&look), "{look}: {error}");
    assert_eq!(ground.pipe(&[&prune[..], &["-y"]].concat()).document()["lost"], json!(sentences));
    // Of a saved plan it is in the file what would go; only its sections go with a `pz-create`.
    ground.pipe(&["undo", "--yes"]).document();
    ground.pipe(&["diff", "plan.json", "--prune", "--save", "saved.json"]).document();
    let error = ground.pipe(&["apply", "saved.json"]).error(2, "usage");
    assert!(said(&error, "hint").contains("`jq .changes saved.json`"), "{error}");
    let mut less = plan_with_spares();
    less["personalization_service"]["sections"].as_array_mut().unwrap().pop();
    ground.write(&less);
    let prune = ["pz-create", "-f", "plan.json", "--prune"];
    assert!(said(&ground.pipe(&prune).error(2, "usage"), "hint").contains("look at it with --dry-run"));
    assert_eq!(ground.pipe(&[&prune[..], &["-y"]].concat()).document()["lost"], json!([]));
}

#[test]
fn an_undo_asks_at_a_terminal_and_says_what_it_restores_deletes_and_cannot_bring_back() {
    let ground = Ground::new();
    let base = ground.state();
    ground.pipe(&["rt-attrs", "delete", "spare", "--ps", SOURCE]).document();
    ground.pipe(&["rt-events", "--ps", SOURCE, "--event", "added=web_events.cart_view"]).document();
    let after = ground.state();
    let question = ground.refused(&["undo", "--last", "2"]);
    for part in ["added", "spare", "web_events.cart_view", "delete", "restore", "values"] {
        assert!(question.to_lowercase().contains(part), "{part}: {question:?}");
    }
    let lines: Vec<&str> = question.lines().collect();
    assert!(
        !lines.last().unwrap().contains("values"),
        "what is lost stands before the question: {question:?}"
    );
    // Answered no, they are still the last two.
    for look in ["--dry-run", "--diff"] {
        ground.unasked(&["undo", "--last", "2", look]);
        assert_eq!(ground.state(), after);
    }
    let agreed = ground.terminal(&["undo", "--last", "2"], "y\n");
    assert!(agreed.code == 0 && agreed.screen.contains("[y/N]"), "{agreed:?}");
    assert_eq!(ground.state(), base);
    ground.unasked(&["undo", "--redo", "-y"]);
    assert_eq!(ground.state(), after);
}

#[test]
fn an_undo_needs_yes_without_a_terminal() {
    let ground = Ground::new();
    let base = ground.state();
    ground.pipe(&["rt-attrs", "delete", "spare", "--ps", SOURCE]).document();
    ground.pipe(&["rt-events", "--ps", SOURCE, "--event", "added=web_events.cart_view"]).document();
    ground.platform.forget_requests();
    // What was set up before began within that time as well, so that nothing comes back.
    let (since, both) = (&["--since", "30m", "--ps", SOURCE], ["added", "spare", "delete", "restore"]);
    for (flags, parts) in [(&["--last", "2"][..], &both[..]), (since, &["added", "delete"])] {
        let error = ground.pipe(&[&["undo"], flags].concat()).error(2, "usage");
        for part in parts {
            assert!(said(&error, "message").to_lowercase().contains(part), "{part}: {error}");
        }
        assert!(said(&error, "hint").contains("--yes"), "{error}");
    }
    assert_eq!(ground.platform.writes(), Vec::<String>::new());
    // A dry run shows requests, and does not ask.
    assert_eq!(ground.pipe(&["undo", "--last", "2", "--dry-run"]).document()["dry_run"], true);
    ground.pipe(&["undo", "--last", "2", "-y"]).document();
    assert_eq!(ground.state(), base);
    let error = ground.pipe(&["undo", "--redo"]).error(2, "usage");
    assert!(said(&error, "message").contains("added"), "{error}");
}

#[test]
fn a_conflict_and_nothing_to_undo_are_reported_before_any_question() {
    let ground = Ground::new();
    ground.pipe(&["rt-events", "--ps", SOURCE, "--event", "added=web_events.cart_view"]).document();
    let attribute = ["rt-attrs", "--ps", SOURCE, "--counter", "n=added"];
    ground.pipe(&attribute).document();
    let journals = ground.folder.path().join("state/journals");
    let mut all: Vec<_> = journals.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    assert_eq!(all.len(), 3, "the apply's and these two: {all:?}");
    let event = all[1].to_str().unwrap();
    for (arguments, code) in [(&["undo", event][..], 6), (&["undo", "--redo"], 3)] {
        let seen = ground.terminal(arguments, "");
        assert!(seen.code == code && !seen.screen.contains("[y/N]"), "{seen:?}");
        // The same without a terminal, rather than a usage error.
        assert_eq!(ground.pipe(arguments).code, code);
    }
    // Nor is anything asked where all of it is undone already.
    let attribute = all[2].to_str().unwrap();
    ground.pipe(&["undo", attribute, "--yes"]).document();
    assert_eq!(ground.pipe(&["undo", attribute]).document()["undone"], json!([]));
}

#[test]
fn the_way_back_is_a_unified_diff_on_a_terminal() {
    let ground = Ground::new();
    ground.pipe(&["rt-attrs", "delete", "spare", "--ps", SOURCE]).document();
    let folder = Some(ground.folder.path());
    let arguments = ["undo", "--diff", "--color", "never"];
    let platform = &ground.platform;
    let seen =
        Run { platform, arguments: &arguments, variables: &[], piped: false, answer: "", folder }.run();
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(seen.screen.contains("--- ") && seen.screen.contains("\n+++ "), "{seen:?}");
    assert!(seen.screen.lines().any(|line| line.starts_with('+') && line.contains("spare")), "{seen:?}");
    assert!(seen.screen.contains("\n@@ "), "{seen:?}");
}
