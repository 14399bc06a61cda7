//! Generated plans through every command that writes: step by step, with deletes, pauses and edits, some of
//! them cut off and run again; it ends as without the interruption, and undos lead back through every state.

use super::generate::{edited, plan};
use super::{SOURCE, Shell, assert_same, by_name, configuration, number};
use crate::common::{Output, Random};
use serde_json::{Value, json};

const STEPS: [&str; 5] = ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"];

/// A command as it is run.
#[derive(Debug, Clone)]
struct Command {
    words: Vec<String>,
    stdin: Value,
}

fn command(words: &[&str], stdin: &Value) -> Command {
    Command { words: words.iter().map(|word| (*word).to_owned()).collect(), stdin: stdin.clone() }
}

/// The steps that a plan has something for, each with the plan as it is: what a step adds is not needed.
fn pipeline(plan: &Value) -> Vec<Command> {
    let has = |key: &str| plan.get(key).is_some();
    let wanted = |step: &str| match step {
        "rt-attrs" => has("attributes"),
        "pz-create" => has("personalization_service") || has("personalization_services"),
        "journey-create" => has("journey") || has("journeys"),
        _ => true,
    };
    STEPS.into_iter().filter(|step| wanted(step)).map(|step| command(&[step], plan)).collect()
}

/// A delete, a pause or a new item, of something that exists now. What is in use is refused.
fn one_off(shell: &Shell, random: &mut Random) -> Option<Command> {
    let all = configuration(&shell.platform, SOURCE);
    let (list, words): (&str, &[&str]) = *random.pick(&[
        ("events", &["rt-events", "delete"][..]),
        ("attributes", &["rt-attrs", "delete"]),
        ("attributes", &["rt-attrs", "delete"]),
        ("personalizations", &["pz-create", "delete"]),
        ("services", &["pz-create", "delete", "--service"]),
        ("journeys", &["journey-create", "delete"]),
        ("journeys", &["journey-create", "pause"]),
        ("journeys", &["journey-create", "resume"]),
        ("keyColumns", &["rt-keys", "delete"]),
        ("eventTables", &["rt-events", "delete"]),
    ]);
    let items = match list {
        "keyColumns" | "eventTables" => all["setting"][list].as_array().unwrap(),
        _ => all[list].as_array().unwrap(),
    };
    // What runs comes back as a draft, which is another state.
    let deletes_journey = words == ["journey-create", "delete"];
    let fits = |item: &&Value| !deletes_journey || item["attributes"]["state"] != "launched";
    let items: Vec<&Value> = items.iter().filter(fits).collect();
    if items.is_empty() {
        return None;
    }
    let item = *random.pick(&items);
    let name = item["name"].as_str().or(item["attributes"]["name"].as_str()).map(str::to_owned);
    let table = || format!("{}.{}", item["database"].as_str().unwrap(), item["table"].as_str().unwrap());
    let name = name.unwrap_or_else(table);
    Some(command(&[words, &[&name, "--ps", SOURCE]].concat(), &Value::Null))
}

/// A shell, and what its commands have left.
struct History<'a> {
    shell: &'a Shell,
    commands: Vec<Left>,
}

/// What there was before a command that has left journals: one, or a second one when it was run again.
struct Left {
    before: Value,
    journals: usize,
}

impl History<'_> {
    fn now(&self) -> Value {
        by_name(&self.shell.platform, SOURCE)
    }

    fn tdx(&self, command: &Command, more: &[&str]) -> Output {
        let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
        let tdx = self.shell.tdx(&[&words[..], &["--interval", "5ms"], more].concat());
        if command.stdin.is_null() { tdx.run() } else { tdx.stdin(command.stdin.to_string()).run() }
    }

    /// Runs a command into a fault.
    fn cut_off(&self, command: &Command, fault: Value) -> Output {
        self.shell.platform.control("faults", fault);
        let output = self.tdx(command, &["--retries", "0"]);
        self.shell.platform.request("DELETE", "/_sandbox/faults", None);
        output
    }

    /// Runs a command, into a fault where there is one. It leaves a journal when it writes anything, and
    /// else none.
    #[track_caller]
    fn run(&mut self, command: &Command, fault: Option<Value>) -> Output {
        let (before, journals) = (self.now(), self.shell.journals().len());
        self.shell.platform.forget_requests();
        let output = match fault {
            Some(fault) => self.cut_off(command, fault),
            None => self.tdx(command, &[]),
        };
        let left = self.shell.journals().len() - journals;
        let wrote = !self.shell.platform.writes().is_empty();
        assert_eq!(left, usize::from(wrote), "{command:?}: {output:?}");
        if left > 0 {
            self.commands.push(Left { before, journals: left });
        }
        output
    }

    /// Runs a command into a fault, and again: together they are one.
    #[track_caller]
    fn run_twice(&mut self, command: &Command, fault: Value) {
        let known = self.commands.len();
        self.run(command, Some(fault));
        self.run(command, None);
        if self.commands.len() == known + 2 {
            self.commands.pop();
            self.commands[known].journals += 1;
        }
    }

    /// Takes everything back, a few commands at a time.
    #[track_caller]
    fn back_to_the_beginning(&mut self, random: &mut Random, plan: &Value) {
        while !self.commands.is_empty() {
            let count = 1 + random.index(self.commands.len().min(4));
            let undone = self.commands.split_off(self.commands.len() - count);
            let last = undone.iter().map(|command| command.journals).sum::<usize>().to_string();
            let wanted = &undone[0].before;
            let output = self.tdx(&command(&["undo", "--yes"], &Value::Null), &["--last", &last]);
            assert_eq!(output.code, 0, "--last {last}: {output:?}\n{plan}");
            assert_same(&self.now(), wanted, plan);
        }
    }
}

/// Some fault at one of the first requests.
fn fault(random: &mut Random) -> Value {
    json!({"kind": random.pick(&["commit_then_drop", "reset"]), "skip": random.below(14)})
}

/// The commands of a round: a pipeline, one-offs, an edited pipeline or its `apply`, and one-offs.
fn round(history: &mut History, random: &mut Random, mut run: impl FnMut(&mut History, &Command)) -> Value {
    let first = plan(random, SOURCE);
    let second = edited(random, &first);
    let edits = match random.one_in(2) {
        true => pipeline(&second),
        false => vec![command(&["apply"], &second)],
    };
    for (commands, more) in [(pipeline(&first), 2), (edits, 3)] {
        commands.iter().for_each(|command| run(history, command));
        for _ in 0..more {
            if let Some(one) = one_off(history.shell, random) {
                run(history, &one);
            }
        }
    }
    second
}

/// As many rounds as there are plans in all; by itself a handful.
fn each_round(name: &str, mut test: impl FnMut(&Shell, &mut Random)) {
    let first = number("TDX_RT_PLAN_SEED", 1);
    for round in first..first + number("TDX_RT_COMMAND_ROUNDS", 3) {
        println!("{name}: TDX_RT_PLAN_SEED={round}");
        test(&Shell::new(), &mut Random(round * 6_007));
    }
}

/// Whether an answer is one that a command may give to what is in use, or is not there.
fn is_refused(command: &Command, output: &Output) -> bool {
    matches!(output.code, 2 | 3 | 6) && command.stdin.is_null()
}

#[test]
fn every_command_is_undone_in_turn() {
    each_round("commands", |shell, random| {
        let mut history = History { shell, commands: Vec::new() };
        let plan = round(&mut history, random, |history, command| {
            let output = history.run(command, None);
            assert!(output.code == 0 || is_refused(command, &output), "{command:?}: {output:?}");
        });
        history.back_to_the_beginning(random, &plan);
    });
}

#[test]
fn what_was_cut_off_and_run_again_is_undone_in_turn() {
    each_round("cut off", |shell, random| {
        let mut history = History { shell, commands: Vec::new() };
        let mut faults = Random(random.below(1 << 30));
        let plan = round(&mut history, random, |history, command| {
            history.run_twice(command, fault(&mut faults));
        });
        history.back_to_the_beginning(random, &plan);
    });
}

/// The same commands on two platforms, on one of which each is cut off at first.
#[test]
fn what_was_cut_off_and_run_again_ends_as_without_it() {
    each_round("run again", |shell, random| {
        let twin = Shell::new();
        let undisturbed = History { shell: &twin, commands: Vec::new() };
        let mut history = History { shell, commands: Vec::new() };
        let mut faults = Random(random.below(1 << 30));
        let plan = round(&mut history, random, |history, command| {
            history.cut_off(command, fault(&mut faults));
            let (again, wanted) = (history.tdx(command, &[]), undisturbed.tdx(command, &[]));
            // A delete may have been carried out by the run that was cut off.
            let carried_out = again.code == 3 && wanted.code == 0 && command.stdin.is_null();
            assert!(again.code == wanted.code || carried_out, "{command:?}: {again:?}\n{wanted:?}");
        });
        assert_same(&history.now(), &undisturbed.now(), &plan);
    });
}
