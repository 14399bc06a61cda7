//! The matrix: every command under every fault, at all of its requests, at all that write, and at each one.
//! What must come of it follows from rules (`faults`): which code, with nothing on stdout, a bounded number of
//! requests and 256 MB, and no part of the key. What ends well has done all of it.
//!
//! `TDX_RT_MATRIX_STEP` is how many cells lie between two that are run: 1 runs all. With `UPDATE_DOCS=1`, their
//! figures are written into docs/reliability.md.

mod cases;
mod faults;
mod report;

use super::Written;
use super::crash::commands::{Case, World};
use super::man::walk;
use super::plans::{SOURCE, by_name, plan_with_spares};
use crate::common::{Output, schemas};
use cases::Reach;
use faults::{FAULTS, Fault, Hit, How, KEY, Outcome};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tdx_rt::error::Code;
use tdx_rt::sandbox::faults::FaultKind;

/// Memory that a command may use in any cell, in MB.
const MEMORY: u32 = 256;
/// Prime, so that all faults come.
const STEP: usize = 113;
/// How far the counts of two commands begin apart.
const SPREAD: usize = 41;

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    All,
    Writes,
    /// The request behind so many others.
    One(usize),
}

/// A command as it runs where nothing is wrong.
struct Usual {
    output: Output,
    requests: Vec<String>,
    /// What is live afterwards.
    state: Value,
}

/// What the cells of a command came to.
#[derive(Debug, Default)]
pub struct Figures {
    requests: usize,
    cells: usize,
    /// The most requests of a cell.
    most: usize,
    exits: BTreeMap<i32, usize>,
}

/// The words of a command, without its arguments.
fn words_of(arguments: &[String]) -> String {
    let mut command = &tdx_rt::cli::command();
    let mut words = Vec::new();
    while let Some(sub) = arguments.get(words.len()).and_then(|word| command.find_subcommand(word)) {
        words.push(sub.get_name());
        command = sub;
    }
    words.join(" ")
}

/// Whether a command prints its document also when the answer is no.
fn judges(case: &Case) -> bool {
    let words = words_of(&case.arguments);
    matches!(words.as_str(), "validate" | "pz-test" | "journey-test" | "journey-monitor") || is_bulk(case)
}

/// Whether each item is answered with a line, that of an error too.
fn is_bulk(case: &Case) -> bool {
    case.arguments.iter().any(|word| word == "-") && case.arguments[0] == "ps-check"
}

struct Matrix {
    step: usize,
    figures: Mutex<BTreeMap<String, Figures>>,
    wrong: Mutex<Vec<String>>,
}

impl Matrix {
    /// Runs the cells of one command. `number` says where it stands among all, so that the same cells are run
    /// each time.
    fn run(&self, world: &World, (number, reach, case): (usize, Reach, &Case), addresses: &[Option<String>]) {
        let mut cell = number * SPREAD;
        let usual = (reach != Reach::Controls).then(|| usual(world, case));
        let requests = usual.as_ref().map_or(&[][..], |usual| &usual.requests);
        let mut places = vec![Place::All];
        if reach == Reach::Platform {
            places.extend(requests.iter().any(|line| writes(line)).then_some(Place::Writes));
            places.extend((0..requests.len()).map(Place::One));
        }
        let reads = requests.iter().filter(|line| !writes(line)).count();
        let mut figures = Figures { requests: requests.len(), ..Figures::default() };
        for place in places {
            for (fault, address) in FAULTS.iter().zip(addresses) {
                let of_reads = matches!(&fault.how, How::Rule(rule) if rule["method"] == "GET");
                let fits = match (place, address) {
                    // Its journals are of the sandbox's address.
                    (Place::All, Some(_)) => case.arguments[0] != "undo",
                    (_, Some(_)) => false,
                    (Place::Writes, None) => !of_reads,
                    (Place::One(skip), None) => !of_reads || skip < reads,
                    (Place::All, None) => reach == Reach::Platform,
                };
                cell += usize::from(fits);
                if fits && cell.is_multiple_of(self.step) {
                    let cell = Cell { world, reach, case, usual: usual.as_ref(), place, fault };
                    self.note(&cell, &mut figures, address.as_deref());
                }
            }
        }
        let mut all = self.figures.lock().unwrap();
        let name = match reach {
            Reach::Platform => words_of(&case.arguments),
            Reach::Controls => "all controls of the sandbox".to_owned(),
            Reach::Offline => "all commands without requests".to_owned(),
        };
        let sum = all.entry(name).or_default();
        sum.requests = sum.requests.max(figures.requests);
        sum.cells += figures.cells;
        sum.most = sum.most.max(figures.most);
        figures.exits.iter().for_each(|(exit, count)| *sum.exits.entry(*exit).or_default() += count);
    }

    fn note(&self, cell: &Cell, figures: &mut Figures, address: Option<&str>) {
        let (output, requests, wrong) = cell.run(address);
        figures.cells += 1;
        figures.most = figures.most.max(requests);
        *figures.exits.entry(output.code).or_default() += 1;
        if let Err(why) = wrong {
            let Cell { case, place, fault, .. } = cell;
            self.wrong
                .lock()
                .unwrap()
                .push(format!("{:?}, {} at {place:?}: {why}: {output:?}", case.arguments, fault.name));
        }
    }
}

fn writes(line: &str) -> bool {
    !line.starts_with("GET ")
}

fn usual(world: &World, case: &Case) -> Usual {
    let machine = world.machine(case.start);
    let output = machine.command(case).run();
    let (requests, words) = (world.platform.requests(), words_of(&case.arguments));
    let is_known = schemas::writes(&words) || schemas::may_read(&words);
    // Behind `--` it would be another command's.
    assert!(
        is_known || words == "sandbox" || world.platform.writes().is_empty(),
        "{words} writes, which `writes` in tests/common/schemas.rs does not know: {requests:?}"
    );
    assert_eq!(output.code, 0, "{:?}: {output:?}", case.arguments);
    Usual { output, requests, state: by_name(&world.platform, SOURCE) }
}

struct Cell<'a> {
    world: &'a World,
    reach: Reach,
    case: &'a Case,
    usual: Option<&'a Usual>,
    place: Place,
    fault: &'a Fault,
}

impl Cell<'_> {
    /// Runs it: what it printed, how many requests it sent, and whether it is as the rules say.
    fn run(&self, address: Option<&str>) -> (Output, usize, Result<(), String>) {
        let platform = &self.world.platform;
        let machine = self.world.machine(self.case.start);
        if let How::Rule(rule) = &self.fault.how {
            let rule: Value =
                serde_json::from_str(&rule.to_string().replace(KEY, &platform.api_key)).unwrap();
            let arm = |more: Value| {
                let mut rule = rule.clone();
                rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                platform.control("faults", rule);
            };
            match self.place {
                Place::All => arm(json!({"count": 0})),
                Place::Writes => ["POST", "PUT", "PATCH", "DELETE"]
                    .iter()
                    .for_each(|method| arm(json!({"count": 0, "method": method}))),
                Place::One(skip) => arm(json!({"skip": skip, "count": 1})),
            }
        }
        let mut case = self.case.clone();
        // Behind `--` it would be another command's.
        if self.reach != Reach::Offline {
            let flags = ["--retries", "1"].iter().chain(self.fault.flags);
            case.arguments.extend(flags.map(|&flag| flag.to_owned()));
        }
        let mut tdx = machine.command(&case).memory(MEMORY);
        if let Some(address) = address {
            let port = platform.url.rsplit(':').next().unwrap();
            tdx = tdx.env("TDX_RT_ENDPOINT", &address.replace("{port}", port));
        }
        let output = tdx.run();
        let journal = platform.get("/_sandbox/requests");
        platform.request("DELETE", "/_sandbox/faults", None);
        let journal: Vec<&Value> =
            journal["requests"].as_array().or(journal.as_array()).unwrap().iter().collect();
        let struck: Vec<&str> = journal
            .iter()
            .filter(|entry| !entry["fault"].is_null())
            .map(|entry| entry["method"].as_str().unwrap())
            .collect();
        let count = journal.iter().filter(|e| !e["path"].as_str().unwrap().starts_with("/_sandbox")).count();
        let judged = self.judge(&output, count, &struck);
        (output, count, judged)
    }

    fn judge(&self, output: &Output, requests: usize, struck: &[&str]) -> Result<(), String> {
        let printed = format!("{}{}", output.stdout, output.stderr);
        let (_, secret) = self.world.platform.api_key.split_once('/').unwrap();
        if secret.as_bytes().windows(12).any(|part| printed.contains(std::str::from_utf8(part).unwrap())) {
            return Err("a part of the key is shown".to_owned());
        }
        let usual = self.usual.map_or(0, |usual| usual.requests.len());
        if requests > 3 * usual + 20 {
            return Err(format!("{requests} requests instead of {usual}"));
        }
        let outcome = match self.fault.how {
            _ if self.reach == Reach::Offline => Outcome::Unmoved,
            How::Rule(_) => match struck {
                [] => Outcome::Unmoved,
                ["GET"] => self.fault.kind.outcome(Hit::OneRead),
                [_] => self.fault.kind.outcome(Hit::OneWrite),
                all if !all.contains(&"GET") => self.fault.kind.outcome(Hit::Writes),
                _ => self.fault.kind.outcome(Hit::Many),
            },
            _ if self.reach == Reach::Controls => self.fault.kind.outcome(Hit::Controls),
            _ => self.fault.kind.outcome(Hit::Many),
        };
        // A 404 is believed: what is deleted is gone. What stands on it may be refused then.
        let believed = self.fault.name == "404"
            && (matches!(struck, ["GET"]) || struck.iter().all(|method| *method == "DELETE"));
        let outcome = match outcome {
            Outcome::Error(_) | Outcome::Either(_) if believed && !struck.is_empty() => {
                Outcome::Either(&["not-found", "rt-not-enabled", "rejected"])
            }
            outcome => outcome,
        };
        let as_usual = || self.is_as_usual(output, believed);
        match outcome {
            Outcome::Unmoved => as_usual(),
            Outcome::Error(codes) => self.is_error(output, codes, struck),
            Outcome::Either(codes) => as_usual().or_else(|not| match self.is_error(output, codes, struck) {
                Err(why) => Err(format!("{not}; {why}")),
                Ok(()) => Ok(()),
            }),
        }
    }

    /// The same exit code, and the same state or document; or another document, and a warning.
    fn is_as_usual(&self, output: &Output, believed: bool) -> Result<(), String> {
        let Some(usual) = self.usual else { return Err("the controls were reached".to_owned()) };
        if output.code != usual.output.code {
            return Err(format!("exit {} instead of {}", output.code, usual.output.code));
        }
        if self.reach != Reach::Platform || believed {
            return Ok(());
        }
        if by_name(&self.world.platform, SOURCE) != usual.state {
            return Err("it ends well and has not done all".to_owned());
        }
        let reads = !judges(self.case)
            && self.case.arguments[0] != "undo"
            && !usual.requests.iter().any(|line| writes(line));
        if reads && output.stdout != usual.output.stdout && output.stderr.is_empty() {
            return Err(format!("another document, and no warning: {}", usual.output.stdout));
        }
        Ok(())
    }

    fn is_error(&self, output: &Output, codes: &[&str], struck: &[&str]) -> Result<(), String> {
        let Some(error) = output
            .stderr
            .lines()
            .last()
            .and_then(|line| serde_json::from_str::<Value>(line).ok())
            .map(|line| line["error"].clone())
            .filter(Value::is_object)
        else {
            return Err("no error".to_owned());
        };
        let answered = judges(self.case) && matches!(output.code, 1 | 2) && !output.stdout.is_empty();
        // An event that is refused is a check that failed.
        let failed = judges(self.case) && error["code"] == "check-failed" && struck == ["POST"];
        if answered || failed {
            return Ok(());
        }
        let code = codes.iter().find(|code| error["code"] == **code);
        let Some(code) = code else { return Err(format!("{} instead of {codes:?}", error["code"])) };
        let known = Code::ALL.iter().find(|known| known.as_str() == *code).unwrap();
        if (output.code, &error["exit_code"]) != (known.exit_code().into(), &json!(known.exit_code())) {
            return Err(format!("exit {} instead of {}", output.code, known.exit_code()));
        }
        if output.stdout.is_empty() { Ok(()) } else { Err("stdout is not empty".to_owned()) }
    }
}

#[test]
fn every_command_under_every_fault_ends_as_the_rules_say() {
    let step = std::env::var("TDX_RT_MATRIX_STEP").map_or(STEP, |text| text.parse().unwrap());
    let plan = Written::new("plan.json", &plan_with_spares().to_string());
    let matrix = Matrix { step, figures: Mutex::default(), wrong: Mutex::default() };
    let (next, addresses) = (AtomicUsize::new(0), faults::addresses());
    // Most of the time, a command waits before it tries again.
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let (world, writers) = World::new();
                let all = cases::all(writers, &plan);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((reach, case)) = all.get(number) else { break };
                    matrix.run(&world, (number, *reach, case), &addresses);
                }
            });
        }
    });
    let wrong = matrix.wrong.into_inner().unwrap();
    let figures = matrix.figures.into_inner().unwrap();
    let cells: usize = figures.values().map(|figures| figures.cells).sum();
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 100, "{cells} cells");
    report::check(&figures, (step != STEP).then_some(step));
}

#[test]
fn every_command_and_every_fault_of_the_sandbox_is_in_the_matrix() {
    let plan = Written::new("plan.json", "{}");
    let (_world, writers) = World::new();
    let interrupted: BTreeSet<String> = writers.iter().map(|case| words_of(&case.arguments)).collect();
    let covered: BTreeSet<String> =
        cases::all(writers, &plan).iter().map(|(_, case)| words_of(&case.arguments)).collect();
    let mut commands = BTreeSet::new();
    walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        if let Some((_, words)) = path.split_once(' ')
            && !command.is_subcommand_required_set()
        {
            commands.insert(words.to_owned());
            // What rolls a change out writes one, and is interrupted at each request.
            let waits = command.get_arguments().any(|argument| argument.get_id() == "no_wait");
            let only_tests = ["ps-check", "pz-test", "journey-test", "journey-monitor"].contains(&words);
            assert!(
                !waits || only_tests || interrupted.contains(words),
                "{words} is not in cli::crash::commands"
            );
        }
    });
    // The id of its token is not known beforehand; cli::tokens runs it.
    assert!(commands.remove("pz-create token revoke"));
    assert_eq!(covered, commands);
    let rules: BTreeSet<&str> = FAULTS
        .iter()
        .filter_map(|fault| match &fault.how {
            How::Rule(rule) => rule["kind"].as_str(),
            _ => None,
        })
        .collect();
    let mut kinds: BTreeSet<&str> = FaultKind::ALL.map(FaultKind::as_str).into();
    // It happens to what a request starts, not to the request.
    kinds.remove("fail_later");
    assert_eq!(rules, kinds);
}

#[test]
fn a_control_that_writes_is_known_as_one() {
    let (world, _) = World::new();
    for words in cases::CONTROLS {
        let output = world.platform.tdx(&[&["sandbox"], *words, &["--dry-run"]].concat()).run();
        let shown: Value = serde_json::from_str(&output.stdout).unwrap_or_default();
        let name = words_of(
            &[&["sandbox"], *words].concat().iter().map(|&word| word.to_owned()).collect::<Vec<_>>(),
        );
        assert_eq!(shown["dry_run"] == true, schemas::writes(&name), "{words:?}: {output:?}");
    }
}
