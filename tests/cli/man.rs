//! The manual: a page for every command, topic pages that have everything, and a linter's opinion.

use crate::common::Tdx;
use clap::Command;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tdx_rt::error::Code;
use tdx_rt::program::help;

/// Every command with its path, the program itself first.
pub fn walk(command: &Command, path: &str, visit: &mut impl FnMut(&Command, &str)) {
    visit(command, path);
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        walk(sub, &format!("{path} {}", sub.get_name()), visit);
    }
}

fn page(words: &[&str]) -> String {
    let output = Tdx::new(&[&["man"], words].concat()).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{words:?}");
    output.stdout
}

/// Text as it is typed.
fn unescaped(source: &str) -> String {
    source.replace("\\-", "-").replace("\\*(Aq", "'").replace("\\&", "").replace("\\\\", "\\")
}

fn section<'p>(page: &'p str, title: &str) -> &'p str {
    let heading = if title.contains(' ') { format!("\"{title}\"") } else { title.to_owned() };
    let start = page.find(&format!(".SH {heading}\n")).unwrap_or_else(|| panic!("no {title}"));
    let rest = &page[start + 1..];
    rest.find("\n.SH ").map_or(rest, |end| &rest[..end])
}

fn all_pages() -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("new/man");
    let output = Tdx::new(&["man", "--dir", folder.to_str().unwrap()]).run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&file).unwrap())
        })
        .collect()
}

#[test]
fn every_command_has_its_page_with_the_examples_of_its_help() {
    let pages = all_pages();
    let mut expected: BTreeSet<String> =
        ["tdx-rt-plan.5", "tdx-rt-exit-codes.7", "tdx-rt-environment.7", "tdx-rt-options.7"]
            .map(str::to_owned)
            .into();
    walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        let file = format!("{}.1", path.replace(' ', "-"));
        let text = &pages[&file];
        for title in
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "GLOBAL OPTIONS", "EXIT STATUS", "SEE ALSO"]
        {
            section(text, title);
        }
        let examples = section(text, "EXAMPLES").lines().filter(|line| {
            !line.starts_with("SH ") && !line.starts_with(".RS") && !line.starts_with(".E") && *line != ".RE"
        });
        let printed: Vec<String> = examples.map(unescaped).collect();
        let said = help::examples(command);
        assert_eq!(printed, said.iter().flat_map(|example| example.lines()).collect::<Vec<_>>(), "{path}");
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            assert!(unescaped(section(text, "COMMANDS")).contains(sub.get_name()), "{path}");
        }
        assert!(expected.insert(file), "{path} twice");
    });
    assert_eq!(pages.keys().cloned().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn a_page_has_several_names() {
    for (section, words) in [
        (
            "1",
            [
                &["rt-events", "list"][..],
                &["rt-events-list"],
                &["tdx-rt-rt-events-list"],
                &["tdx-rt-rt-events-list.1"],
            ],
        ),
        ("5", [&["plan"], &["tdx-rt-plan"], &["plan.5"], &["tdx-rt-plan.5"]]),
        ("7", [&["exit-codes"], &["tdx-rt-exit-codes"], &["exit-codes.7"], &["tdx-rt-exit-codes.7"]]),
    ] {
        let first = page(words[0]);
        assert!(first.contains(&format!(" {section} 2")), "{first}");
        for other in &words[1..] {
            assert_eq!(page(other), first, "{other:?}");
        }
    }
    assert_eq!(page(&[]), page(&["tdx-rt"]));
    let error = Tdx::new(&["man", "rt-events", "lst"]).run().error(3, "not-found");
    assert_eq!(error["hint"], "did you mean 'rt-events-list'?");
    let error = Tdx::new(&["man", "weather"]).run().error(3, "not-found");
    assert!(error["hint"].as_str().unwrap().contains("exit-codes"), "{error}");
}

#[test]
fn every_error_code_is_on_its_page() {
    let page = unescaped(&page(&["exit-codes"]));
    let codes = section(&page, "ERROR CODES");
    for code in Code::ALL {
        let term = format!("\\fB{}\\fR (exit code {})", code.as_str(), code.exit_code());
        assert!(codes.contains(&term), "{term}");
        assert!(section(&page, "EXIT STATUS").contains(&format!("\\fB{}\\fR", code.exit_code())));
    }
}

/// Text literals of the sources that are names of variables.
fn variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            variables(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let own = |word: &&str| ["TDX_", "TD_", "XDG_"].iter().any(|start| word.starts_with(start));
        let plain = |word: &&str| word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        found.extend(text.split('"').filter(own).filter(plain).map(str::to_owned));
        for call in ["var(\"", "var_os(\"", "is_set(\""] {
            let names = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(names.filter(plain).map(str::to_owned));
        }
    }
}

#[test]
fn every_variable_that_is_read_is_on_its_page() {
    let mut read = BTreeSet::new();
    variables(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut read);
    assert!(
        read.contains("TDX_RT_STATE_DIR") && read.contains("NO_COLOR") && read.contains("HOME"),
        "{read:?}"
    );
    let page = page(&["environment"]);
    let said = section(&page, "ENVIRONMENT");
    for variable in read {
        assert!(said.contains(&format!("\\fB{variable}\\fR")), "{variable}");
    }
}

#[test]
fn every_key_of_a_plan_is_on_its_page() {
    let page = page(&["plan"]);
    for tdx_rt::plan::keys::Mapping { path, keys, .. } in tdx_rt::plan::keys::mappings() {
        let heading =
            if path.is_empty() { ".SS \"The document\"".to_owned() } else { format!(".SS {path}\n") };
        let start = page.find(&heading).unwrap_or_else(|| panic!("no part {path}"));
        let rest = &page[start + 3..];
        let part = rest.find("\n.S").map_or(rest, |end| &rest[..end]);
        for key in keys.iter().map(|key| key.name) {
            assert!(part.contains(&format!("\\fB{key}\\fR")), "{path}: {key}");
        }
    }
    for (code, _) in tdx_rt::plan::RULES {
        assert!(unescaped(&page).contains(&format!("\\fB{code}\\fR")), "{code}");
    }
}

#[test]
fn a_linter_finds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new("mandoc");
    command.args(["-T", "lint", "-W", "style"]);
    for (name, text) in all_pages() {
        fs::write(dir.path().join(&name), text).unwrap();
        command.arg(name);
    }
    match command.current_dir(dir.path()).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.is_empty(), "{said}");
        }
        Err(error) => {
            let required = std::env::var_os("TDX_RT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
            assert!(!required, "mandoc is required: {error}");
            println!("not checked: there is no mandoc here");
        }
    }
}
