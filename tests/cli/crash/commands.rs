//! Every command that writes, killed or cut off at each of its requests: run again, it ends as if nothing had
//! happened; and an undo of it leads to what was before, whether or not it was run again.

use super::{carried_out, kill_when, struck};
use crate::cli::plans::{SOURCE, assert_same, by_name, plan_with_spares, platform};
use crate::cli::undo_commands::COMMANDS;
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A command, and what there is before it.
#[derive(Clone)]
pub struct Case {
    pub arguments: Vec<String>,
    stdin: Value,
    /// The snapshot of the sandbox, and the folder with the state of that time.
    pub start: &'static str,
    can_be_undone: bool,
}

/// In place of the journal that an undo takes back.
const JOURNAL: &str = "@JOURNAL@";

/// A sandbox with snapshots, and a state folder for each of them.
pub struct World {
    pub platform: Platform,
    states: TempDir,
}

/// A state folder of one run.
pub struct Machine<'a> {
    world: &'a World,
    state: TempDir,
    /// How many journals there were before.
    earlier: usize,
}

impl World {
    pub fn new() -> (Self, Vec<Case>) {
        let world = World { platform: platform(), states: tempfile::tempdir().unwrap() };
        let mut cases = Vec::new();
        let empty = Machine { world: &world, state: tempfile::tempdir().unwrap(), earlier: 0 };
        empty.save("empty");
        let mut document = plan_with_spares();
        let steps = [
            ("rt-events", "1"),
            ("rt-keys", "2"),
            ("rt-attrs", "3"),
            ("pz-create", "4"),
            ("journey-create", "5"),
        ];
        let mut start = "empty";
        for (step, next) in steps {
            let case = Case::new(&[step], &document, start);
            document = empty.command(&case).run().document();
            empty.save(next);
            cases.push(case);
            start = next;
        }
        let apply = ["apply", "-", "--plan-name", "shop", "--yes"];
        let whole = Case::new(&apply, &plan_with_spares(), "empty");
        let full = world.machine("empty");
        full.command(&whole).run().document();
        full.save("full");
        cases.push(whole);
        for (words, arguments) in COMMANDS {
            let words: Vec<&str> = words.split(' ').chain(arguments.iter().copied()).collect();
            cases.push(Case::new(&[&words[..], &["--ps", SOURCE]].concat(), &Value::Null, "full"));
        }
        let launch = ["journey-create", "launch", "draft", "--ps", SOURCE];
        cases.push(Case { can_be_undone: false, ..Case::new(&launch, &Value::Null, "full") });
        let prune = Case::new(&[&apply[..], &["--prune"]].concat(), &less(), "full");
        let changed = world.machine("full");
        changed.command(&prune).run().document();
        changed.save("changed");
        cases.push(prune);
        cases.push(Case::new(&["undo", JOURNAL], &Value::Null, "changed"));
        (world, cases)
    }

    /// The sandbox as it was then, and a machine with the files of that time.
    pub fn machine(&self, start: &str) -> Machine<'_> {
        self.platform.control(&format!("snapshots/{start}/restore"), json!({}));
        self.platform.request("DELETE", "/_sandbox/faults", None);
        self.platform.forget_requests();
        let state = tempfile::tempdir().unwrap();
        copy(&self.states.path().join(start), state.path());
        let mut machine = Machine { world: self, state, earlier: 0 };
        machine.earlier = machine.journals().len();
        machine
    }
}

impl Case {
    fn new(arguments: &[&str], stdin: &Value, start: &'static str) -> Self {
        let arguments = [arguments, &["--interval", "5ms"]].concat();
        let arguments = arguments.into_iter().map(str::to_owned).collect();
        Case { arguments, stdin: stdin.clone(), start, can_be_undone: true }
    }

    /// A command that reads, where there is all.
    pub fn reading(arguments: &[&str], stdin: &str) -> Self {
        let stdin = if stdin.is_empty() { Value::Null } else { stdin.into() };
        let arguments = arguments.iter().map(|&word| word.to_owned()).collect();
        Case { arguments, stdin, start: "full", can_be_undone: false }
    }

    fn is_undo(&self) -> bool {
        self.arguments[0] == "undo"
    }

    /// What a run ends with where the one before may have done it all.
    fn again(&self) -> &'static [i32] {
        if self.arguments[1] == "delete" { &[0, 3] } else { &[0] }
    }
}

impl Machine<'_> {
    pub fn command(&self, case: &Case) -> Tdx {
        let journal = self.earlier.checked_sub(1).map(|last| self.journals().swap_remove(last));
        let journal = journal.unwrap_or_default();
        let real = |word: &String| word.replace(JOURNAL, journal.to_str().unwrap());
        let mut arguments: Vec<String> = case.arguments.iter().map(real).collect();
        if case.is_undo() && case.arguments[1] != "list" {
            arguments.push("--yes".into());
        }
        self.tdx(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &case.stdin)
    }

    fn tdx(&self, arguments: &[&str], stdin: &Value) -> Tdx {
        let tdx =
            self.world.platform.tdx(arguments).env("TDX_RT_STATE_DIR", self.state.path().to_str().unwrap());
        match stdin {
            Value::Null => tdx,
            Value::String(text) => tdx.stdin(text.as_str()),
            plan => tdx.stdin(plan.to_string()),
        }
    }

    /// The journals, oldest first.
    fn journals(&self) -> Vec<PathBuf> {
        let Ok(folder) = self.state.path().join("journals").read_dir() else { return Vec::new() };
        let mut all: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    }

    /// Those of the runs of a case.
    fn new_journals(&self) -> Vec<PathBuf> {
        self.journals().split_off(self.earlier)
    }

    fn save(&self, name: &str) {
        self.world.platform.control("snapshots", json!({"name": name}));
        copy(self.state.path(), &self.world.states.path().join(name));
    }

    /// Undoes all that the runs of a case have left.
    #[track_caller]
    fn take_back(&self, case: &Case) -> Vec<Output> {
        let interval = ["undo", "--yes", "--interval", "5ms"];
        let journals = self.new_journals();
        if case.is_undo() {
            let named = |journal: PathBuf| {
                self.tdx(&[&interval[..], &[journal.to_str().unwrap()]].concat(), &Value::Null).run()
            };
            return journals.into_iter().rev().map(named).collect();
        }
        let count = journals.len().to_string();
        vec![self.tdx(&[&interval[..], &["--last", &count, "--ps", SOURCE]].concat(), &Value::Null).run()]
    }
}

/// The plan without something of each kind.
fn less() -> Value {
    let mut plan = plan_with_spares();
    for list in ["/events", "/attributes", "/personalization_service/sections", "/journeys"] {
        plan.pointer_mut(list).unwrap().as_array_mut().unwrap().pop();
    }
    plan["events"][0]["description"] = json!("Other");
    plan["id_stitching"]["stitching_keys"] = json!(["canonical_id"]);
    plan
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let (entry, target) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// The ways to interrupt a command at a request.
const KINDS: usize = 3;

/// Runs a command until its k-th request, which is struck in one of [`KINDS`] ways.
fn interrupted(machine: &Machine, case: &Case, k: usize, kind: usize) {
    let platform = &machine.world.platform;
    let mut rule = match kind {
        0 => json!({"kind": "slow", "delay_ms": 60_000}),
        1 => json!({"kind": "endless"}),
        _ => json!({"kind": "commit_then_drop"}),
    };
    rule["skip"] = json!(k);
    platform.control("faults", rule);
    let tdx = machine.command(case);
    match kind {
        0 => kill_when(platform, tdx, struck),
        1 => kill_when(platform, tdx, carried_out),
        _ => drop(tdx.run()),
    }
    platform.request("DELETE", "/_sandbox/faults", None);
}

/// A command that was interrupted at a request.
struct Interrupted<'a> {
    machine: Machine<'a>,
    case: &'a Case,
    k: usize,
    /// What was there before it.
    before: &'a Value,
    /// What it leads to where nothing happens.
    wanted: &'a Value,
    what: Value,
}

/// Commands of interest, each interrupted at some of its requests.
fn each(of_interest: impl Fn(&Case) -> bool, check: impl Fn(&Interrupted)) {
    let step = std::env::var("TDX_RT_COMMAND_CRASH_STEP").ok().map(|text| text.parse::<usize>().unwrap());
    let (world, cases) = World::new();
    let cases = cases.iter().filter(|case| of_interest(case)).enumerate();
    // By itself a test takes every third command, at one of its requests.
    for (index, case) in cases.filter(|(index, _)| step.is_some() || index % 3 == 0) {
        let machine = world.machine(case.start);
        let before = by_name(&world.platform, SOURCE);
        world.platform.forget_requests();
        machine.command(case).run().document();
        let points = world.platform.requests().len() * KINDS;
        let wanted = by_name(&world.platform, SOURCE);
        assert_ne!(before, wanted, "{:?}", case.arguments);
        for point in (index * 17 % step.unwrap_or(points)..points).step_by(step.unwrap_or(points)) {
            let (k, kind) = (point / KINDS, point % KINDS);
            let what = json!(format!("{:?} after request {k}, kind {kind}", case.arguments));
            let machine = world.machine(case.start);
            interrupted(&machine, case, k, kind);
            check(&Interrupted { machine, case, k, before: &before, wanted: &wanted, what });
        }
    }
}

impl Interrupted<'_> {
    #[track_caller]
    fn is(&self, state: &Value) {
        assert_same(&by_name(&self.machine.world.platform, SOURCE), state, &self.what);
    }

    #[track_caller]
    fn run_again(&self) {
        let again = self.machine.command(self.case).run();
        assert!(self.case.again().contains(&again.code), "{}: {again:?}", self.what);
        self.is(self.wanted);
    }
}

#[test]
fn every_command_that_was_interrupted_and_is_run_again_ends_as_if_nothing_had_happened() {
    each(|case| !case.is_undo(), |cut| cut.run_again());
}

#[test]
fn an_undo_that_was_interrupted_and_is_run_again_ends_as_if_nothing_had_happened() {
    each(Case::is_undo, |cut| cut.run_again());
}

/// Both halves of an undo that was interrupted and run again are taken back at once.
#[test]
fn an_undo_that_was_interrupted_and_run_again_is_redone_whole() {
    each(Case::is_undo, |cut| {
        cut.run_again();
        let redo = ["undo", "--redo", "--yes", "--interval", "5ms", "--ps", SOURCE];
        let redone = cut.machine.tdx(&redo, &Value::Null).run();
        assert_eq!(redone.code, 0, "{}: {redone:?}", cut.what);
        cut.is(cut.before);
    });
}

#[test]
fn every_command_that_was_interrupted_can_be_undone() {
    each(
        |case| case.can_be_undone,
        |cut| {
            if cut.k % 2 == 0 {
                cut.run_again();
            }
            if !cut.machine.new_journals().is_empty() {
                for undone in cut.machine.take_back(cut.case) {
                    assert_eq!(undone.code, 0, "{}: {undone:?}", cut.what);
                }
            }
            cut.is(cut.before);
        },
    );
}

/// Takes a line out of a journal, and notes in the first one how long it is then.
fn without_last(journal: &Path, is_it: impl Fn(&str) -> bool) {
    let text = std::fs::read_to_string(journal).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(last) = lines.iter().rposition(|line| is_it(line)) else { return };
    lines.remove(last);
    let text = lines.join("\n") + "\n";
    let (head, digits) = ("{\"journal\":1,\"bytes\":\"", format!("{:020}", text.len()));
    assert!(text.starts_with(head));
    let text = format!("{head}{digits}{}", &text[head.len() + digits.len()..]);
    std::fs::write(journal, text).unwrap();
}

/// Killed between an answer and the lines about it: the undo's own journal does not say that the request was answered,
/// or the one that it takes back does not say what was made again.
#[test]
fn an_undo_that_was_killed_before_it_noted_an_answer_goes_on() {
    let (world, _) = World::new();
    let full = world.machine("full");
    let delete = Case::new(&["journey-create", "delete", "held", "--ps", SOURCE], &Value::Null, "full");
    full.command(&delete).run().document();
    full.save("deleted");
    for start in ["deleted", "changed"] {
        let case = Case::new(&["undo", JOURNAL], &Value::Null, start);
        let machine = world.machine(start);
        machine.command(&case).run().document();
        let wanted = by_name(&world.platform, SOURCE);
        let requests = world.platform.requests();
        let writes = (0..requests.len() - 1).filter(|k| !requests[*k].starts_with("GET "));
        for (k, own) in writes.flat_map(|k| [(k, true), (k, false)]) {
            let what = json!(format!("{start}: {} {k} of {}, {own}", requests[k], requests.len()));
            let machine = world.machine(start);
            interrupted(&machine, &case, k + 1, 0);
            let journals = machine.journals();
            let [taken_back, undo] = &journals[machine.earlier - 1..] else { panic!("{what}: {journals:?}") };
            let text = std::fs::read_to_string(undo).unwrap();
            let answer = text.lines().rfind(|line| line.contains("\"ok\":true"));
            if answer.is_some_and(|line| !line.contains("\"id\":null")) {
                without_last(taken_back, |line| line.starts_with("{\"remade\":"));
            }
            if own {
                without_last(undo, |line| Some(line) == answer);
            }
            let again = machine.command(&case).run();
            assert_eq!(again.code, 0, "{what}: {again:?}");
            assert_same(&by_name(&world.platform, SOURCE), &wanted, &what);
        }
    }
}
