//! What the binary prints, against the schemas that it publishes.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use clap::ArgMatches;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;

/// All schemas, compiled once.
struct Compiled {
    schemas: Schemas,
    of: HashMap<String, SchemaIndex>,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.set_default_draft(Draft::V2020_12);
    compiler.enable_format_assertions();
    let mut compile = |name: String, mut schema: Value| {
        let address = format!("mem:///{}.json", name.replace(' ', "/"));
        // References are to the document's own definitions, whatever it is called.
        schema.as_object_mut().unwrap().shift_remove("$id");
        compiler.add_resource(&address, schema).unwrap();
        let index = compiler.compile(&address, &mut schemas);
        let index = index.unwrap_or_else(|error| panic!("{name}: {error:#}"));
        (name, index)
    };
    let all = tdx_rt::cli::PROGRAM
        .schemas
        .names()
        .map(|name| (name.to_owned(), tdx_rt::cli::PROGRAM.schemas.of(name).unwrap()));
    let bulk = BULK.map(|name| (format!("{name} -"), tdx_rt::cli::PROGRAM.schemas.of_bulk(name).unwrap()));
    let of = all.chain(bulk).map(|(name, schema)| compile(name, schema)).collect();
    Compiled { schemas, of }
});

static COMMAND: LazyLock<clap::Command> = LazyLock::new(tdx_rt::cli::parser);

/// Whether a document is valid under the schema of this name; why not.
pub fn check(name: &str, document: &Value) -> Result<(), String> {
    let index = COMPILED.of.get(name).unwrap_or_else(|| panic!("there is no schema '{name}'"));
    COMPILED.schemas.validate(document, *index).map_err(|error| format!("{name}: {error:#}\n{document}"))
}

/// Everything that a run printed as JSON is as the schemas say.
#[track_caller]
pub fn check_run(arguments: &[String], stdout: &str, stderr: &str) {
    // What a command behind `--` prints is its own.
    if arguments.iter().any(|argument| argument == "--") {
        return;
    }
    for line in stderr.lines() {
        let Ok(Value::Object(said)) = serde_json::from_str(line) else { continue };
        // With -vv a line may be the body of a request.
        let verbose = arguments.iter().any(|argument| argument == "-vv");
        let name = match ["warning", "error"].into_iter().find(|name| said.contains_key(*name)) {
            None if verbose => continue,
            name => name.unwrap_or("error"),
        };
        check(name, &Value::Object(said)).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
    }
    let words = std::iter::once("tdx-rt").chain(arguments.iter().map(String::as_str)).map(Into::into);
    let words = tdx_rt::program::nouns::resolved(words.collect(), &tdx_rt::cli::PROGRAM);
    let matches = match COMMAND.clone().try_get_matches_from(words) {
        Ok(matches) => matches,
        // Help, and what was refused. A line for a shell's completion is read apart.
        Err(error) => {
            let spoken =
                !error.use_stderr() || arguments.first().is_some_and(|first| first.starts_with("__"));
            assert!(stdout.is_empty() || spoken, "{arguments:?}: {error}\n{stdout}");
            return;
        }
    };
    let (name, inner) = path(&matches);
    let given = |flag: &str| inner.try_get_one::<bool>(flag).is_ok_and(|flag| flag == Some(&true));
    let coloured = inner.get_raw("color").is_some_and(|mut when| when.any(|when| when == "always"));
    let drawn = inner
        .try_get_raw("format")
        .ok()
        .flatten()
        .is_some_and(|mut format| format.any(|format| format != "json"));
    // They print scripts and pages, unless they install them.
    let prints_text =
        ["completions", "man"].contains(&name.as_str()) && !given("install") && !given("uninstall");
    let text = drawn
        || coloured
        || prints_text
        || ["curl", "for-people", "unified", "print_seed", "raw", "seed", "sql"].into_iter().any(given);
    if text
        || stdout.is_empty()
        || inner.contains_id("jq")
        || tdx_rt::cli::PROGRAM.schemas.of(&name).is_none()
    {
        return;
    }
    if arguments.iter().any(|argument| argument == "-") && BULK.contains(&name.as_str()) && !given("dry_run")
    {
        if given("summary") {
            let document = serde_json::from_str(stdout).unwrap();
            check("bulk-summary", &document).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
            return;
        }
        if given("csv") && !given("jsonl") {
            return;
        }
        for line in stdout.lines() {
            let line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            check(&format!("{name} -"), &line).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
        }
        return;
    }
    let document = match (given("yaml"), given("jsonl")) {
        (true, _) => serde_saphyr::from_str(stdout).unwrap(),
        (_, true) => of_lines(&name, stdout),
        _ => serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stdout}")),
    };
    let dry = given("dry_run") && if may_read(&name) { is_dry_run(&document) } else { writes(&name) };
    let name = if dry { "dry-run" } else { &name };
    check(name, &document).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
    // What a step writes on, the next one reads as a plan.
    if name == "export" || tdx_rt::cli::PROGRAM.schemas.output(name).is_some_and(|output| output.passes_on) {
        check("plan", &document).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
    }
}

/// Commands that read many items with `-`.
const BULK: [&str; 7] = [
    "ps-check",
    "pz-test",
    "rt-events list",
    "rt-keys list",
    "rt-attrs list",
    "pz-create list",
    "journey-create list",
];

/// The words of a command, and what was said to the last of them.
fn path(matches: &ArgMatches) -> (String, &ArgMatches) {
    let (mut words, mut inner) = (Vec::new(), matches);
    while let Some((word, next)) = inner.subcommand() {
        words.push(word);
        inner = next;
    }
    (words.join(" "), inner)
}

/// The list that `--jsonl` printed line by line, or the one document that is none.
fn of_lines(name: &str, stdout: &str) -> Value {
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    match lines.as_slice() {
        [one] if check(name, one).is_ok() => one.clone(),
        _ => Value::Array(lines),
    }
}

/// Whether a command changes something, so that a dry run has requests to print.
pub fn writes(name: &str) -> bool {
    const STEPS: [&str; 11] = [
        "ps-run",
        "rt-events",
        "rt-keys",
        "rt-attrs",
        "pz-create",
        "pz-test",
        "journey-create",
        "journey-test",
        "apply",
        "undo",
        "sandbox reset",
    ];
    const DEEDS: [&str; 15] = [
        "delete", "set", "advance", "add", "remove", "clear", "save", "restore", "answer", "pause", "resume",
        "launch", "create", "rotate", "revoke",
    ];
    STEPS.contains(&name) || name.rsplit_once(' ').is_some_and(|(_, deed)| DEEDS.contains(&deed))
}

/// These read or write as their arguments say.
pub fn may_read(name: &str) -> bool {
    matches!(
        name,
        "sandbox settle" | "sandbox status" | "sandbox pace" | "pz-test" | "journey-test" | "journey-monitor"
    )
}

fn is_dry_run(document: &Value) -> bool {
    document.get("dry_run") == Some(&Value::Bool(true))
}
