//! Dependencies go one way, no command imports another one, and no files import each other in a circle: read
//! from the paths in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a room of `src/` may name; `cli` names all, and [`COMMANDS`] are looked at one by one.
const ROOMS: [(&str, &[&str]); 24] = [
    ("api", &["environment", "error", "platform", "secrets", "tls"]),
    (
        "commands",
        &[
            "api", "context", "error", "explain", "file", "input", "jq", "outcome", "plan", "platform",
            "program", "queries", "schema", "settings", "steps", "ui", "writing",
        ],
    ),
    (
        "context",
        &["api", "error", "jq", "plan", "platform", "program", "secrets", "settings", "tokens", "ui"],
    ),
    ("environment", &[]),
    ("error", &[]),
    ("explain", &["error", "plan", "settings"]),
    ("file", &["error"]),
    (
        "input",
        &["api", "context", "error", "outcome", "plan", "platform", "queries", "schema", "steps", "ui"],
    ),
    ("jq", &["environment", "nearest"]),
    ("nearest", &[]),
    ("outcome", &["api", "error", "ui"]),
    ("plan", &["nearest", "platform"]),
    ("platform", &[]),
    ("program", &["schema"]),
    ("queries", &["api", "error", "steps"]),
    ("sandbox", &["environment", "nearest", "platform", "tls"]),
    ("schema", &["plan"]),
    ("secrets", &[]),
    ("settings", &["environment", "error", "file", "platform"]),
    ("steps", &["api", "environment", "error", "file", "plan", "platform", "tokens"]),
    ("tls", &["environment"]),
    ("tokens", &["error", "file"]),
    ("ui", &["error", "file", "jq", "secrets"]),
    (
        "writing",
        &["api", "context", "error", "input", "outcome", "plan", "platform", "steps", "tokens", "ui"],
    ),
];

/// What single commands may name beyond that: one runs the sandbox.
const COMMANDS: [(&str, &str); 1] = [("sandbox", "sandbox")];

/// The circles that remain, each with its folder: files and folders side by side that import each other. All
/// are of one folder and one thought; none leads into a folder.
const CIRCLES: [(&str, &[&str]); 3] = [
    // The shell asks for values by the flags that the answer knows.
    ("commands/completions", &["answer", "names", "values"]),
    // A builtin is read when it is first named, in the middle of the filter that names it.
    ("jq", &["parse", "scope"]),
    // The checker is one type, whose methods are in several files.
    ("jq/check", &["access", "infer", "schema"]),
];

/// What reads the clock or the environment of the process; all else gets them from the context or its caller.
const READS_PROCESS: [&str; 4] = [
    // The age of a file by the clock that gave it its time.
    "commands/completions/names",
    "environment",
    // The sandbox has a clock of its own.
    "sandbox/clock",
    // Where temporary files are, for an error about them.
    "sandbox/tls",
];
const OF_PROCESS: [&str; 6] =
    ["SystemTime::now", "Timestamp::now", "Zoned::now", "env::var", "env::current_dir", "env::temp_dir"];

/// Words that say little: at most one public type has each as its name, all others say of what.
const VAGUE: [&str; 20] = [
    "Change", "Check", "Entry", "Field", "Item", "Items", "Keys", "Kind", "Node", "Options", "Output",
    "Part", "Place", "Row", "Source", "State", "Step", "Target", "Values", "Written",
];

/// A path of modules and names, from the root of the crate.
type Name = Vec<String>;

/// A source file: the module that it is, what it names, and what of its children it shows as its own.
struct Source {
    module: Name,
    names: Vec<Name>,
    shows: Vec<Name>,
    reads_process: bool,
    measures_words: bool,
    types: Vec<String>,
}

impl Source {
    fn new(module: Name, text: &str) -> Source {
        let text = without_tests(text);
        let mentions = |call: &&str| text.contains(*call);
        Source {
            names: names(&text, &module),
            shows: shows(&text, &module),
            reads_process: OF_PROCESS.iter().any(mentions),
            measures_words: mentions(&"strsim::"),
            types: types(&text),
            module,
        }
    }

    fn room(&self) -> &str {
        &self.module[0]
    }

    /// The command that it belongs to.
    fn command(&self) -> Option<&str> {
        (self.room() == "commands").then(|| self.module.get(1).map_or("mod", String::as_str))
    }
}

/// All sources without their tests.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_stem().unwrap().to_str().unwrap().ends_with("tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let module = module(path.strip_prefix(&root).unwrap());
                if module != ["lib"] && module != ["main"] {
                    found.push(Source::new(module, &fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    assert!(found.len() > 100, "{} sources", found.len());
    found
}

/// `commands/pz_test/mod.rs` is `[commands, pz_test]`.
fn module(path: &Path) -> Vec<String> {
    let path: PathBuf =
        if path.ends_with("mod.rs") { path.parent().unwrap().into() } else { path.with_extension("") };
    path.iter().map(|part| part.to_str().unwrap().to_owned()).collect()
}

/// The text without comments and unit tests.
fn without_tests(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect()
}

/// The paths that begin with `crate` or `super`.
fn names(text: &str, module: &[String]) -> Vec<Name> {
    let mut found = Vec::new();
    let starts = text.match_indices("crate::").chain(text.match_indices("super::"));
    for (at, _) in starts {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        if before != ':' && !is_word(before) {
            expand(&mut &text[at..], Vec::new(), &mut found);
        }
    }
    found.iter().map(|path| absolute(path, module)).collect()
}

/// The paths below the module that it shows as its own (`pub use child::Name`).
fn shows(text: &str, module: &[String]) -> Vec<Name> {
    let mut found = Vec::new();
    for line in text.match_indices("pub").filter_map(|(at, _)| text[at..].split_once(" use ")) {
        if line.0 == "pub" || line.0.starts_with("pub(") && line.0.ends_with(')') && !line.0.contains('\n') {
            expand(&mut &line.1[..], Vec::new(), &mut found);
        }
    }
    found.retain(|path| !["crate", "super", "std"].contains(&path[0].as_str()));
    found.iter().map(|path| [module, path].concat()).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads a path, and a `{…}` at its end as a path for each of its items.
fn expand(rest: &mut &str, mut path: Name, found: &mut Vec<Name>) {
    loop {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        *rest = &rest[end..];
        let Some(after) = rest.strip_prefix("::") else { break };
        *rest = after;
        if let Some(items) = rest.strip_prefix('{') {
            *rest = items.trim_start();
            while !rest.starts_with('}') {
                expand(rest, path.clone(), found);
                *rest = rest.split_once([',', '}']).map_or("}", |(skipped, _)| {
                    match rest.as_bytes()[skipped.len()] {
                        b',' => rest[skipped.len() + 1..].trim_start(),
                        _ => &rest[skipped.len()..],
                    }
                });
            }
            *rest = &rest[1..];
            return;
        }
    }
    found.push(path);
}

/// The public types.
fn types(text: &str) -> Vec<String> {
    let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
    let named = |line: &str| {
        let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
        Some(rest.split(|c| !is_word(c)).next().unwrap().to_owned())
    };
    text.lines().filter_map(named).collect()
}

fn absolute(path: &[String], module: &[String]) -> Name {
    let mut found = if path[0] == "crate" { Vec::new() } else { module.to_vec() };
    for part in path {
        match part.as_str() {
            "crate" | "self" => {}
            "super" => drop(found.pop()),
            _ => found.push(part.clone()),
        }
    }
    found
}

fn pairs(known: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    known.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

/// Commands that import another one.
fn imports_of_commands(sources: &[Source]) -> BTreeSet<(String, String)> {
    let mut imports = BTreeSet::new();
    for source in sources {
        let Some(command) = source.command() else { continue };
        for name in source.names.iter().filter(|name| name.first().is_some_and(|room| room == "commands")) {
            // What commands share belongs to another room.
            let other = name.get(1).map_or("mod", String::as_str);
            if other != command {
                imports.insert((command.to_owned(), other.to_owned()));
            }
        }
    }
    imports
}

/// What names a room that it may not, and the commands that may and do.
fn wrong_rooms(sources: &[Source]) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let rooms: BTreeMap<_, _> = ROOMS.into_iter().collect();
    let (mut wrong, mut special) = (BTreeSet::new(), BTreeSet::new());
    for source in sources.iter().filter(|source| source.room() != "cli") {
        let allowed = rooms[source.room()];
        for name in source.names.iter().filter_map(|name| name.first()) {
            let is_room = name == "cli" || rooms.contains_key(name.as_str());
            if !is_room || name == source.room() || allowed.contains(&name.as_str()) {
                continue;
            }
            let command = source.command().unwrap_or_default();
            if COMMANDS.contains(&(command, name)) {
                special.insert((command.to_owned(), name.clone()));
            } else {
                wrong.insert(format!("{} names {name}", source.module.join("::")));
            }
        }
    }
    (wrong, special)
}

/// The files and folders of each folder that import each other in a circle. What a module and those below it
/// name of each other is none.
fn circles(sources: &[Source]) -> BTreeSet<(String, Vec<String>)> {
    let modules: BTreeSet<&[String]> = sources.iter().map(|source| &source.module[..]).collect();
    let mut shown: BTreeMap<Name, &[String]> = BTreeMap::new();
    for source in sources {
        for path in source.shows.iter().filter(|path| modules.contains(&path[..=source.module.len()])) {
            shown.insert([&source.module[..], &path[path.len() - 1..]].concat(), path);
        }
    }
    // The module that has a name, also where another one shows it.
    let module_of = |name: &[String]| {
        let mut name = name.to_vec();
        for _ in 0..5 {
            let known = (1..=name.len()).rev().find_map(|end| Some((end, *shown.get(&name[..end])?)));
            let Some((end, path)) = known else { break };
            name = [path, &name[end..]].concat();
        }
        (1..=name.len()).rev().find_map(|end| modules.get(&name[..end])).map(|module| module.to_vec())
    };
    // By folder and child of it: the other children that it names.
    let mut graphs: BTreeMap<Name, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for source in sources {
        for module in source.names.iter().filter_map(|name| module_of(name)) {
            let same = module.iter().zip(&source.module).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (source.module.get(same), module.get(same)) {
                let graph = graphs.entry(module[..same].to_vec()).or_default();
                graph.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    let mut circles = BTreeSet::new();
    for (folder, graph) in graphs {
        let reached = |from: &String| {
            let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(one) = next.pop() {
                next.extend(graph.get(one).into_iter().flatten().filter(|to| reached.insert((*to).clone())));
            }
            reached
        };
        let reached: BTreeMap<&String, BTreeSet<String>> =
            graph.keys().map(|one| (one, reached(one))).collect();
        for (one, there) in &reached {
            let back = |to: &&String| reached.get(to).is_some_and(|there| there.contains(*one));
            let circle: Vec<String> = there.iter().filter(back).cloned().collect();
            if !circle.is_empty() {
                circles.insert((folder.join("/"), circle));
            }
        }
    }
    circles
}

#[test]
fn no_command_imports_another_one() {
    let imports = imports_of_commands(&sources());
    assert_eq!(imports, BTreeSet::new(), "move what two commands share to a room of its own");
}

#[test]
fn dependencies_run_one_way() {
    let (wrong, special) = wrong_rooms(&sources());
    assert_eq!(wrong, BTreeSet::new());
    assert_eq!(special, pairs(&COMMANDS), "remove from COMMANDS what is gone");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let known = CIRCLES.map(|(folder, files)| {
        (folder.to_owned(), files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>())
    });
    assert_eq!(circles(&sources()), known.into(), "break a new one, and remove from CIRCLES what is gone");
}

#[test]
fn clock_and_environment_come_from_the_context() {
    let sources = sources();
    let found = sources.iter().filter(|source| source.reads_process).map(|source| source.module.join("/"));
    assert_eq!(
        found.collect::<BTreeSet<_>>(),
        READS_PROCESS.map(str::to_owned).into(),
        "take it from Context"
    );
}

/// Vague words that several public types have as their name, with their modules.
fn one_name_for_several(sources: &[Source]) -> BTreeMap<&str, Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for source in sources {
        for name in source.types.iter().filter(|name| VAGUE.contains(&name.as_str())) {
            found.entry(name).or_default().push(source.module.join("::"));
        }
    }
    found.retain(|_, modules| modules.len() > 1);
    found
}

#[test]
fn one_word_is_one_thing() {
    let sources = sources();
    assert_eq!(one_name_for_several(&sources), BTreeMap::new(), "say in the name what it is of");
}

#[test]
fn names_are_suggested_in_one_way() {
    let sources = sources();
    let found: Vec<&Source> = sources.iter().filter(|source| source.measures_words).collect();
    assert!(matches!(found[..], [one] if one.module == ["nearest"]), "use src/nearest.rs");
}

/// A made-up source of the tests of the rules.
fn made_up(path: &str, text: &str) -> Source {
    Source::new(module(Path::new(path)), text)
}

#[test]
fn each_rule_fails_when_it_is_broken() {
    let one = made_up("commands/apply/mod.rs", "use super::undo::state;");
    let expected = pairs(&[("apply", "undo")]);
    assert_eq!(imports_of_commands(&[one, made_up("commands/undo.rs", "use crate::ui;")]), expected);

    for (room, allowed) in ROOMS {
        for other in ROOMS.map(|(other, _)| other).into_iter().chain(["cli"]) {
            let source =
                made_up(&format!("{room}/some/file.rs"), &format!("use crate::{other}::{{self, It}};"));
            let is_wrong = !wrong_rooms(&[source]).0.is_empty();
            assert_eq!(is_wrong, other != room && !allowed.contains(&other), "{room} names {other}");
        }
    }
    let (wrong, special) = wrong_rooms(&[made_up("commands/sandbox/serve.rs", "use crate::sandbox::run;")]);
    assert_eq!((wrong.len(), special), (0, pairs(&COMMANDS)));

    let two =
        [made_up("plan/a.rs", "pub struct Kind {}"), made_up("plan/b.rs", "pub enum Kind {}\nenum Item {}")];
    assert_eq!(
        one_name_for_several(&two),
        BTreeMap::from([("Kind", vec!["plan::a".into(), "plan::b".into()])])
    );
    assert!(made_up("plan/a.rs", "fn f() { strsim::osa_distance(a, b) }").measures_words);
    for call in OF_PROCESS {
        assert!(made_up("plan/read.rs", &format!("fn f() {{ std::{call}() }}")).reads_process, "{call}");
    }
    assert!(!made_up("plan/read.rs", "fn f(env: &Environment) { env.var(\"A\"); env.now() }").reads_process);

    let circle = |sources: &[(&str, &str)]| -> Vec<String> {
        let sources: Vec<Source> = sources.iter().map(|(path, text)| made_up(path, text)).collect();
        circles(&sources)
            .into_iter()
            .map(|(folder, files)| format!("{folder}: {}", files.join(" ")))
            .collect()
    };
    let one_way =
        [("plan/a.rs", "use super::b::B;"), ("plan/b.rs", "use crate::plan::c::C;"), ("plan/c.rs", "")];
    assert_eq!(circle(&one_way), [""; 0]);
    let three = [one_way[0], one_way[1], ("plan/c.rs", "fn f() { super::a::g() }")];
    assert_eq!(circle(&three), ["plan: a b c"]);
    let folders =
        [("plan/x/a.rs", "use crate::plan::y::b::B;"), ("plan/y/b.rs", "use crate::plan::x::a::A;")];
    assert_eq!(circle(&folders), ["plan: x y"]);
    // Neither file imports one that imports it, and still neither folder is below the other.
    let apart =
        [folders[0], ("plan/y/b.rs", ""), ("plan/y/d.rs", "use crate::plan::x::c::C;"), ("plan/x/c.rs", "")];
    assert_eq!(circle(&apart), ["plan: x y"]);
    let shown = [
        ("plan/x/mod.rs", "mod a;\npub(super) use a::{A, deeper};"),
        ("plan/x/a.rs", "use super::b::B;"),
        ("plan/x/b.rs", "use super::A;"),
    ];
    assert_eq!(circle(&shown), ["plan/x: a b"]);
    let parent =
        [("plan/x/mod.rs", "pub use a::A; use crate::plan::x::a;"), ("plan/x/a.rs", "use super::Own;")];
    assert_eq!(circle(&parent), [""; 0]);
}

/// Rooms and files that the pages for contributors name, and every room of `src/` in the first of them.
#[test]
fn the_pages_name_what_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = |name: &str| fs::read_to_string(root.join(name)).expect(name);
    let architecture = page("ARCHITECTURE.md");
    let text = architecture.clone() + &page("CONTRIBUTING.md");
    let quoted = text.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| {
        ["src/", "tests/", "docs/", "man/", "completions/"].iter().any(|room| word.starts_with(room))
    };
    let missing: BTreeSet<&str> = quoted.filter(is_path).filter(|path| !root.join(path).exists()).collect();
    assert_eq!(missing, BTreeSet::new());
    let unnamed = |source: &Source| {
        let room = source.room();
        ![format!("`src/{room}/`"), format!("`src/{room}.rs`")].iter().any(|path| architecture.contains(path))
    };
    let unnamed: BTreeSet<String> =
        sources().iter().filter(|one| unnamed(one)).map(|one| one.room().to_owned()).collect();
    assert_eq!(unnamed, BTreeSet::new(), "describe it in ARCHITECTURE.md");
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let text = "use super::{Step, bulk::{self, Item}};
//! [`crate::commented`]
use crate::plan::Plan;
fn f() { super::super::wait(crate::error::Code::Io) }
#[cfg(test)]
mod tests {
    use crate::tested;
}
";
    let module = ["commands", "pz_test", "call"].map(str::to_owned);
    let names: BTreeSet<String> =
        names(&without_tests(text), &module).iter().map(|name| name.join("::")).collect();
    let expected = [
        "commands::pz_test::Step",
        "commands::pz_test::bulk",
        "commands::pz_test::bulk::Item",
        "commands::wait",
        "error::Code::Io",
        "plan::Plan",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
}
