//! `docs/sandbox-parity.md`: every operation of the sandbox with its source. The page is made from the
//! table here, which is checked against the sandbox's routes, the OpenAPI files and the requests of
//! the walk.

mod table;

use super::openapi::Contract;
use super::walk;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use table::{CONTROLS, PLATFORM, Row};
use tdx_rt::sandbox;

/// The source of an operation's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The vendor's published OpenAPI files.
    Contract,
    /// The vendor's public examples, workflows or SDKs.
    Examples,
    /// Nothing that is public.
    Ours,
}

impl Basis {
    fn as_str(self) -> &'static str {
        match self {
            Basis::Contract => "contract",
            Basis::Examples => "public examples",
            Basis::Ours => "our choice",
        }
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    PLATFORM.iter().flat_map(|(_, rows)| rows.iter())
}

fn page() -> String {
    let count = |basis| rows().filter(|(_, b, _)| *b == basis).count();
    let mut page = format!(
        "# The sources of the sandbox's operations\n\n\
         Generated from `tests/contract/parity/table.rs`; to refresh it: \
         `UPDATE_DOCS=1 cargo test --test main -- parity`.\n\n\
         {} operations of the platform: {} from the vendor's published OpenAPI files (*contract*), {} from its \
         public examples and SDKs, {} our own choice. Every operation of the files is here, and the tests check \
         each answer against their description. The notes have the parts of an operation that are our choice, \
         because no public source describes them. An operation that is not here answers 501 with its name, under \
         `/v3` 405.\n\n\
         Our choice everywhere: the `code` of errors except the published ones (`duplicated`, `invalid_attribute`, \
         `personalization_invalid_string_builder`, `unsupported_attribute_type_for_lookup_catalog`), 422 for a \
         readable request that breaks a rule, 409 for deleting an item that something uses, that unknown fields are \
         refused, and that names are compared exactly.\n",
        rows().count(),
        count(Basis::Contract),
        count(Basis::Examples),
        count(Basis::Ours),
    );
    for (family, rows) in PLATFORM {
        let _ = write!(page, "\n## {family}\n\n| operation | basis | notes |\n|---|---|---|\n");
        for (operation, basis, notes) in *rows {
            let _ = writeln!(page, "| `{operation}` | {} | {notes} |", basis.as_str());
        }
    }
    page.push_str(
        "\n## The sandbox's own controls\n\nThe platform has none of these; faults never hit them.\n\n\
         | operation | what it does |\n|---|---|\n",
    );
    for (operation, does) in CONTROLS {
        let _ = writeln!(page, "| `{operation}` | {does} |");
    }
    page
}

#[test]
fn the_table_lists_exactly_the_sandboxs_operations() {
    let named: Vec<String> = sandbox::operations().map(|(method, path)| format!("{method} {path}")).collect();
    let (controls, platform): (BTreeSet<&str>, BTreeSet<&str>) =
        named.iter().map(String::as_str).partition(|operation| operation.contains(" /_sandbox/"));
    let listed: BTreeSet<&str> = rows().map(|(operation, ..)| *operation).collect();
    let ours: BTreeSet<&str> = CONTROLS.iter().map(|(operation, _)| *operation).collect();
    let astray: Vec<_> =
        listed.symmetric_difference(&platform).chain(ours.symmetric_difference(&controls)).collect();
    assert!(
        astray.is_empty(),
        "in tests/contract/parity/table.rs or in the routes, not in both: {astray:#?}"
    );
    assert_eq!(listed.len() + ours.len(), rows().count() + CONTROLS.len(), "something is listed twice");
}

#[test]
fn the_page_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sandbox-parity.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, page()).expect("the page can be written");
    }
    let there = std::fs::read_to_string(&file).expect("the file is there");
    assert!(
        there == page(),
        "docs/sandbox-parity.md is out of date: UPDATE_DOCS=1 cargo test --test main -- parity"
    );
}

#[test]
fn what_is_called_contract_is_in_the_files_and_was_checked() {
    let contract = &Contract::load();
    let in_files: BTreeSet<String> = contract.operations.iter().map(ToString::to_string).collect();
    let of = |basis: Basis| -> BTreeSet<String> {
        let found = rows().filter(|(_, b, _)| *b == basis);
        found.map(|(operation, ..)| (*operation).to_owned()).collect()
    };
    let claimed = of(Basis::Contract);
    let invented: Vec<_> = claimed.difference(&in_files).collect();
    assert!(invented.is_empty(), "called contract and not in the files: {invented:#?}");
    // The source of an operation of the files may be examples where the files describe too little of it.
    let known: BTreeSet<String> = claimed.union(&of(Basis::Examples)).cloned().collect();
    let missing: Vec<_> = in_files.difference(&known).collect();
    assert!(missing.is_empty(), "in the files and not in the table: {missing:#?}");
    let carried_out = walk::carried_out(contract);
    let unseen: Vec<_> = in_files.difference(&carried_out).collect();
    assert!(unseen.is_empty(), "in the files and never carried out on the walk: {unseen:#?}");
}
