//! The tables of docs/reliability.md.

use super::faults::{FAULTS, Hit, How, Kind, Outcome};
use super::{Figures, MEMORY};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tdx_rt::error::Code;

const HOW: &str = "`TDX_RT_MATRIX_STEP=1 UPDATE_DOCS=1 cargo test --test main -- cli::matrix`";

/// Compares the page with what must stand there; with `UPDATE_DOCS=1` it is written, the figures only where
/// more was run than in the short form.
pub fn check(figures: &BTreeMap<String, Figures>, step: Option<usize>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reliability.md");
    let there = std::fs::read_to_string(path).unwrap();
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut page = with(&there, "rules", &rules());
    if let Some(step) = step.filter(|_| update) {
        page = with(&page, "figures", &table(figures, step));
    }
    if update {
        std::fs::write(path, &page).unwrap();
    }
    assert!(update || page == there, "docs/reliability.md is out of date: {HOW}");
    let rows = block(&page, "figures").lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let commands = figures.keys().filter(|name| !name.starts_with("all "));
    assert!(rows.eq(commands), "docs/reliability.md does not have the commands of today: {HOW}");
}

fn marks(name: &str) -> (String, String) {
    (format!("<!-- {name}: made by {HOW} -->\n"), format!("<!-- end of {name} -->"))
}

fn block<'p>(page: &'p str, name: &str) -> &'p str {
    let (begin, end) = marks(name);
    let (_, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
    rest.split_once(&end).unwrap_or_else(|| panic!("no {end}")).0
}

fn with(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = marks(name);
    page.replace(&format!("{begin}{}{end}", block(page, name)), &format!("{begin}{text}{end}"))
}

/// What must come of each fault.
fn rules() -> String {
    let mut text =
        "\n| fault | one read | one write | several that write | all, or several |\n|---|---|---|---|---|\n"
            .to_owned();
    let exit = |codes: &[&str]| {
        let exits = codes.iter().map(|code| {
            let known = Code::ALL.iter().find(|known| known.as_str() == *code).unwrap();
            format!("{} `{code}`", known.exit_code())
        });
        exits.collect::<Vec<_>>().join(" or ")
    };
    let said = |kind: Kind, hit| match kind.outcome(hit) {
        Outcome::Unmoved => "nothing".to_owned(),
        Outcome::Error(codes) => exit(codes),
        Outcome::Either(codes) => format!("{} or nothing", exit(codes)),
    };
    for fault in FAULTS.iter() {
        let [read, write, writes, many] =
            [Hit::OneRead, Hit::OneWrite, Hit::Writes, Hit::Many].map(|hit| said(fault.kind, hit));
        let _ = match fault.how {
            How::Rule(_) => writeln!(text, "| {} | {read} | {write} | {writes} | {many} |", fault.name),
            _ => writeln!(text, "| {} | | | | {many} |", fault.name),
        };
    }
    text + "\n"
}

/// What was run.
fn table(figures: &BTreeMap<String, Figures>, step: usize) -> String {
    let cells: usize = figures.values().map(|figures| figures.cells).sum();
    let part = if step == 1 { String::new() } else { format!(", one of {step}") };
    let mut text = format!(
        "\n{cells} cells{part}, each within {MEMORY} MB.\n\n\
         | command | its requests | cells | most requests of a cell | exit codes, and how often |\n|---|---|---|---|---|\n"
    );
    for (name, Figures { requests, cells, most, exits }) in figures {
        let exits: Vec<String> = exits.iter().map(|(exit, count)| format!("{exit}: {count}")).collect();
        let name = if name.starts_with("all ") { name.clone() } else { format!("`{name}`") };
        let _ = writeln!(text, "| {name} | {requests} | {cells} | {most} | {} |", exits.join(" · "));
    }
    text + "\n"
}
