//! README.md and docs/. A `sh` block that is directly followed by a `json`, `text`, `console` or `mermaid` block
//! prints what that says. Such blocks of a page are one session from top to bottom, as a user has it who pastes
//! them into `tdx-rt sandbox -- bash` in a clone: a fresh sandbox, with `examples/` at hand. The other blocks
//! run one by one with the examples of the help. `UPDATE_DOCS=1` writes the outputs anew.

use super::{copy, expected, runnable, shell};
use crate::common::Platform;
use crate::golden::steady::{steady, steady_text};
use serde_json::Value;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The languages of outputs.
const OUTPUTS: [&str; 4] = ["json", "text", "console", "mermaid"];
/// JSON is shown on one line up to this, and broken into members where it is longer.
const WIDTH: usize = 120;

/// What stands between two fences.
struct Block {
    language: String,
    /// With its fences.
    whole: Range<usize>,
    body: Range<usize>,
}

/// A `sh` block, with what it is said to print.
pub struct Script {
    pub text: String,
    output: Option<Block>,
}

impl Script {
    /// Whether its output is compared.
    pub fn is_shown(&self) -> bool {
        self.output.is_some()
    }
}

/// README.md and docs/.
pub fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    files.push(root.join("README.md"));
    files.sort();
    files
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut found, mut open, mut at) = (Vec::new(), None, 0);
    for line in page.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        match (line.trim_end().strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some((language.to_owned(), start, end)),
            (Some(_), Some((language, fence, body))) => {
                found.push(Block { language, whole: fence..end, body: body..start });
            }
            (None, before) => open = before,
        }
    }
    found
}

/// Its `sh` blocks, in their order.
pub fn scripts(page: &str) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for block in blocks(page) {
        let follows = before.is_some_and(|end| page[end.end..block.whole.start].trim().is_empty());
        before = None;
        if block.language == "sh" {
            before = Some(block.whole.clone());
            scripts.push(Script { text: page[block.body].to_owned(), output: None });
        } else if follows && OUTPUTS.contains(&block.language.as_str()) {
            scripts.last_mut().unwrap().output = Some(block);
        }
    }
    scripts
}

fn documents(text: &str) -> Result<Vec<Value>, String> {
    let read: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    read.map_err(|error| format!("no JSON: {error}"))
}

/// An output without what changes by itself: ids, ports, tokens, times, paths, latencies (`golden::steady`).
/// JSON is compared as documents, however it is laid out.
fn comparable(language: &str, text: &str) -> Result<String, String> {
    match language {
        "json" => Ok(documents(text)?.iter().map(|document| steady(document, &[]).to_string()).collect()),
        _ => Ok(steady_text(text)),
    }
}

/// As a page has it.
fn laid_out(language: &str, text: &str) -> Result<String, String> {
    match language {
        "json" => Ok(documents(text)?.iter().map(|document| lines(document, 0) + "\n").collect()),
        _ => Ok(text.to_owned()),
    }
}

/// JSON on as few lines as fit the page.
fn lines(value: &Value, depth: usize) -> String {
    let short = value.to_string();
    if short.chars().count() + 2 * depth <= WIDTH {
        return short;
    }
    let (pad, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    match value {
        Value::Array(items) => {
            let items: Vec<String> =
                items.iter().map(|item| format!("{pad}{}", lines(item, depth + 1))).collect();
            format!("[\n{}\n{end}]", items.join(",\n"))
        }
        Value::Object(map) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{pad}{}: {}", Value::from(key.as_str()), lines(value, depth + 1))
            };
            let members: Vec<String> = map.iter().map(member).collect();
            format!("{{\n{}\n{end}}}", members.join(",\n"))
        }
        _ => short,
    }
}

/// Runs the session of a page. What it should say and does not; with `update` the page is mended instead.
fn session(file: &Path, update: bool) -> Result<usize, String> {
    let mut page = fs::read_to_string(file).unwrap();
    let shown: Vec<Script> = scripts(&page).into_iter().filter(Script::is_shown).collect();
    if shown.is_empty() {
        return Ok(0);
    }
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &home.path().join("work/examples"));
    let mut stale = Vec::new();
    for script in &shown {
        let output = script.output.as_ref().unwrap();
        let ran = shell("bash", &platform, home.path())
            .args(["-e", "-o", "pipefail", "-c", &runnable(&script.text)])
            .output()
            .unwrap();
        let said = String::from_utf8(ran.stdout).unwrap();
        let wrong = |why: String| {
            format!(
                "{}: {why}\n{}\n{said}{}",
                file.display(),
                script.text,
                String::from_utf8_lossy(&ran.stderr)
            )
        };
        if ran.status.code() != Some(expected(&script.text)) {
            return Err(wrong(ran.status.to_string()));
        }
        let here = home.path().to_str().unwrap();
        let said = said.replace(&platform.url, "http://127.0.0.1:8080").replace(here, "/home/me");
        let now = comparable(&output.language, &said).map_err(&wrong)?;
        if comparable(&output.language, &page[output.body.clone()]).as_ref() != Ok(&now) {
            stale.push((output.body.clone(), laid_out(&output.language, &said)?, wrong("prints".into())));
        }
    }
    if update {
        for (place, text, _) in stale.iter().rev() {
            page.replace_range(place.clone(), text);
        }
        fs::write(file, page).unwrap();
    } else if let Some((.., why)) = stale.first() {
        return Err(format!("{why}\nUPDATE_DOCS=1 writes it anew"));
    }
    Ok(shown.len())
}

#[test]
fn the_pages_show_what_is_printed() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let files = files();
    let ran: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let sessions: Vec<_> = files.iter().map(|file| scope.spawn(move || session(file, update))).collect();
        sessions.into_iter().map(|session| session.join().unwrap()).collect()
    });
    let wrong: Vec<&str> = ran.iter().filter_map(|ran| ran.as_ref().err()).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let shown: usize = ran.iter().flatten().sum();
    assert!(shown >= 12, "the search finds outputs: {shown}");
}

#[test]
fn no_output_stands_where_it_is_not_compared() {
    for file in files() {
        let page = fs::read_to_string(&file).unwrap();
        let there = blocks(&page).iter().filter(|block| OUTPUTS.contains(&block.language.as_str())).count();
        let compared = scripts(&page).iter().filter(|script| script.is_shown()).count();
        assert_eq!(there, compared, "{}: an output without its sh block", file.display());
    }
}

#[test]
fn what_varies_is_no_difference_and_the_rest_is_one() {
    let same = |language: &str, one: &str, other: &str| {
        comparable(language, one).unwrap() == comparable(language, other).unwrap()
    };
    assert!(same("json", "{\"id\": \"500011\",\n \"n\": 1}\n", "{\"id\":\"500012\",\"n\":1}"));
    assert!(!same("json", "{\"n\":1}", "{\"n\":2}"));
    assert!(!same("json", "{\"n\":1}", "{\"n\":1}\n{\"n\":1}"));
    assert!(same(
        "text",
        "GET http://127.0.0.1:8080/a 200 1.5 ms\n",
        "GET http://127.0.0.1:43127/a 200 12.0 ms\n"
    ));
    assert!(!same("text", "GET /a 200\n", "GET /b 200\n"));
    let page = "```sh\ntrue\n```\n\n```text\nout\n```\n```sh\nfalse\n```\nwords\n```text\nalone\n```\n";
    assert_eq!(scripts(page).iter().map(Script::is_shown).collect::<Vec<_>>(), [true, false]);
}

/// Those of continuous integration call an existing script, with words that it knows.
#[test]
fn the_yaml_of_the_scripting_guide_can_be_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/scripting.md")).unwrap();
    let script = fs::read_to_string(root.join("examples/ci.sh")).unwrap();
    let yaml: Vec<Block> = blocks(&page).into_iter().filter(|block| block.language == "yaml").collect();
    assert_eq!(yaml.len(), 2);
    for text in yaml.into_iter().map(|block| &page[block.body]) {
        let read: Value = serde_saphyr::from_str(text).unwrap();
        assert!(read.is_object(), "{text}");
        let calls = text.split("examples/ci.sh ").skip(1).chain(text.split("{command: ").skip(1));
        let words: Vec<&str> = calls.filter_map(|rest| rest.split([' ', ',', '\n']).next()).collect();
        assert_eq!(words, ["check", "review", "deploy"], "{text}");
        assert!(words.iter().all(|word| script.contains(&format!("\n  {word}) "))), "{words:?}");
    }
}
