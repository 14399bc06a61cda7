//! A damaged file of the program is found before the first write, is named, and stays as it is.

use super::PS;
use crate::common::{Platform, Tdx};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const OFFERS: &str = include_str!("../../examples/web-personalization.yaml");
const TRIGGERS: &str = include_str!("../../examples/triggers.yaml");

/// Commands that write, in an order in which each has something to do: their arguments, and their stdin.
const COMMANDS: [(&[&str], &str); 19] = [
    (&["rt-events", "--ps", PS, "--event", "login=web_events.logins"], ""),
    (&["rt-keys", "--ps", PS, "--key", "session_id"], ""),
    (&["rt-attrs", "--ps", PS, "--import", "city"], ""),
    (&["pz-create", "-f", "-", "--plan-name", "pz"], "''VIP''=''GOLD''"),
    (&["journey-create", "-f", "-"], "retries: 5=retries: 4"),
    (&["journey-create", "pause", "welcome", "--ps", PS], ""),
    (&["journey-create", "resume", "welcome", "--ps", PS], ""),
    (
        &["apply", "plan.yaml"],
        "\nid_stitching:=\n  - {name: cart, database: web_events, table: cart_view}\n\nid_stitching:",
    ),
    (&["apply", "plan.saved"], "''VIP''=''BRONZE''"),
    (&["undo", "--yes"], ""),
    (&["undo", "--redo", "--yes"], ""),
    (&["apply", "plan.yaml", "--new-token"], "''VIP''=''BRONZE''"),
    (&["apply", "plan.yaml", "--prune", "--yes"], "''VIP''=''GOLD''"),
    (&["journey-create", "delete", "welcome", "--ps", PS], ""),
    (&["pz-create", "delete", "web_personalization", "--ps", PS], ""),
    (&["undo", "--last", "2", "--yes"], ""),
    (&["rt-attrs", "delete", "city", "--ps", PS], ""),
    (&["rt-keys", "delete", "session_id", "--ps", PS], ""),
    (&["rt-events", "delete", "login", "--ps", PS], ""),
];

type Damage = fn(&[u8]) -> Vec<u8>;

/// What is left of a file.
const DAMAGES: [Damage; 4] = [
    |_| Vec::new(),
    |whole| whole[..whole.len() / 2].to_vec(),
    |whole| vec![0; whole.len()],
    |_| b"[]\n".to_vec(),
];

struct Place {
    platform: Platform,
    folder: TempDir,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tdx(&self, arguments: &[&str], input: &str) -> Tdx {
        let state = self.path("state");
        let tdx = self.platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.to_str().unwrap());
        let tdx = tdx.dir(self.folder.path());
        if input.is_empty() { tdx } else { tdx.stdin(input) }
    }
}

#[test]
fn no_command_writes_over_one_or_without_it() {
    let place = Place { platform: Platform::start(), folder: tempfile::tempdir().unwrap() };
    fs::write(place.path("plan.yaml"), OFFERS).unwrap();
    place.tdx(&["apply", "plan.yaml"], "").run().document();
    place.tdx(&["apply", "-", "--plan-name", "triggers"], TRIGGERS).run().document();
    for (arguments, change) in COMMANDS {
        let (old, new) = change.split_once('=').unwrap_or_default();
        let plan = if arguments[0] == "journey-create" { TRIGGERS } else { OFFERS };
        let plan = if old.is_empty() { plan.to_owned() } else { plan.replace(old, new) };
        if arguments[0] == "apply" {
            fs::write(place.path("plan.yaml"), &plan).unwrap();
        }
        if arguments.contains(&"plan.saved") {
            place.tdx(&["diff", "plan.yaml", "--save", "plan.saved"], "").run().document();
        }
        let input = if arguments.contains(&"-") { plan.as_str() } else { "" };
        let before = fs::read(place.path("plan.yaml")).unwrap();
        for name in ["state/tokens.json", "state/ownership.json"] {
            is_found(&place, name, arguments, input);
        }
        if arguments.contains(&"plan.saved") {
            is_found(&place, "plan.saved", arguments, input);
        }
        assert_eq!(fs::read(place.path("plan.yaml")).unwrap(), before);
        place.platform.forget_requests();
        let done = place.tdx(arguments, input).run();
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
        assert!(!place.platform.writes().is_empty(), "{arguments:?} writes");
    }
}

/// Runs a command with each damage of a file.
#[track_caller]
fn is_found(place: &Place, name: &str, arguments: &[&str], input: &str) {
    let file = place.path(name);
    let whole = fs::read(&file).unwrap();
    for damage in DAMAGES {
        let damaged = damage(&whole);
        fs::write(&file, &damaged).unwrap();
        place.platform.forget_requests();
        let journals = journals(&place.path("state/journals"));
        let done = place.tdx(arguments, input).run();
        // A saved plan is the user's, as a plan is.
        let expected = if name == "plan.saved" { 2 } else { 9 };
        let what = format!("{arguments:?} with {} of {name}: {}", damaged.len(), done.stderr);
        assert_eq!(done.code, expected, "{what}");
        assert!(done.stderr.contains(name.split('/').next_back().unwrap()), "{what}");
        assert_eq!(place.platform.writes(), Vec::<String>::new(), "{what}");
        assert_eq!(fs::read(&file).unwrap(), damaged, "{what}");
        assert_eq!(self::journals(&place.path("state/journals")), journals, "{what}");
    }
    fs::write(&file, &whole).unwrap();
}

fn journals(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    all.sort();
    all
}

/// What a token was kept as says more than that the file can be read.
#[test]
fn a_damaged_token_is_not_taken_for_none() {
    let place = Place { platform: Platform::start(), folder: tempfile::tempdir().unwrap() };
    fs::write(place.path("plan.yaml"), OFFERS).unwrap();
    place.tdx(&["apply", "plan.yaml"], "").run().document();
    let file = place.path("state/tokens.json");
    let damaged = fs::read_to_string(&file).unwrap().replace("\"value\"", "\"valve\"");
    fs::write(&file, &damaged).unwrap();
    place.platform.forget_requests();
    for arguments in
        [&["apply", "plan.yaml"][..], &["pz-test", "-f", "plan.yaml", "--key", "td_client_id=u1"]]
    {
        let error = place.tdx(arguments, "").run().error(9, "io");
        assert!(error["message"].as_str().unwrap().contains("tokens.json"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    }
    assert_eq!(place.platform.writes(), Vec::<String>::new());
}
