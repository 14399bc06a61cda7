//! Dependencies go one way, and no command imports another one: read from the paths in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a room of `src/` may name; `cli` names all, and [`COMMANDS`] are looked at one by one.
const ROOMS: [(&str, &[&str]); 21] = [
    ("api", &["error", "platform", "secrets", "tls"]),
    (
        "commands",
        &[
            "api", "context", "error", "explain", "file", "input", "jq", "outcome", "plan", "platform",
            "program", "schema", "settings", "steps", "ui", "writing",
        ],
    ),
    (
        "context",
        &["api", "error", "jq", "plan", "platform", "program", "secrets", "settings", "tokens", "ui"],
    ),
    ("error", &[]),
    ("explain", &["error", "plan"]),
    ("file", &["error"]),
    ("input", &["api", "context", "error", "outcome", "plan", "platform", "steps"]),
    ("jq", &["schema"]),
    ("outcome", &["api", "error", "ui"]),
    ("plan", &["platform"]),
    ("platform", &[]),
    ("program", &["schema"]),
    ("sandbox", &["platform", "tls"]),
    ("schema", &["plan"]),
    ("secrets", &[]),
    ("settings", &["error", "file", "platform"]),
    ("steps", &["api", "error", "file", "plan", "platform", "tokens"]),
    ("tls", &[]),
    ("tokens", &["error", "file"]),
    ("ui", &["error", "file", "jq", "secrets"]),
    ("writing", &["api", "context", "error", "input", "outcome", "plan", "platform", "steps", "tokens"]),
];

/// What single commands may name beyond that: one runs the sandbox.
const COMMANDS: [(&str, &str); 1] = [("sandbox", "sandbox")];

/// A source file: the module that it is, and what it names, both from the root of the crate.
struct Source {
    module: Vec<String>,
    names: Vec<Vec<String>>,
}

impl Source {
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
            if path.file_stem().unwrap() == "tests" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let module = module(path.strip_prefix(&root).unwrap());
                if module != ["lib"] && module != ["main"] {
                    let names = names(&fs::read_to_string(&path).unwrap(), &module);
                    found.push(Source { module, names });
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

/// The paths that begin with `crate` or `super`, without comments and unit tests.
fn names(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let text: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
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

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads a path, and a `{…}` at its end as a path for each of its items.
fn expand(rest: &mut &str, mut path: Vec<String>, found: &mut Vec<Vec<String>>) {
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

fn absolute(path: &[String], module: &[String]) -> Vec<String> {
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

#[test]
fn no_command_imports_another_one() {
    let sources = sources();
    let mut imports = BTreeSet::new();
    for source in &sources {
        let Some(command) = source.command() else { continue };
        for name in source.names.iter().filter(|name| name.first().is_some_and(|room| room == "commands")) {
            // What commands share belongs to another room.
            let other = name.get(1).map_or("mod", String::as_str);
            if other != command {
                imports.insert((command.to_owned(), other.to_owned()));
            }
        }
    }
    assert_eq!(imports, BTreeSet::new(), "move what two commands share to a room of its own");
}

#[test]
fn dependencies_run_one_way() {
    let rooms: BTreeMap<_, _> = ROOMS.into_iter().collect();
    let known: BTreeSet<String> = sources().iter().map(|source| source.room().to_owned()).collect();
    let (mut wrong, mut special) = (BTreeSet::new(), BTreeSet::new());
    for source in sources().iter().filter(|source| source.room() != "cli") {
        let allowed = rooms[source.room()];
        for name in source.names.iter().filter_map(|name| name.first()).filter(|name| known.contains(*name)) {
            if name == source.room() || allowed.contains(&name.as_str()) {
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
    assert_eq!(wrong, BTreeSet::new());
    assert_eq!(special, pairs(&COMMANDS), "remove from COMMANDS what is gone");
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
    let names: BTreeSet<String> = names(text, &module).iter().map(|name| name.join("::")).collect();
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
