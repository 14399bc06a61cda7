//! The tables of keys in docs/plans.md, made from the table that the readers use.

use std::fmt::Write as _;
use tdx_rt::plan::keys::{Mapping, mappings};

const HOW: &str = "`UPDATE_DOCS=1 cargo test --test main -- golden::plan_keys`";

fn table(mapping: &Mapping) -> String {
    let about = if mapping.about.is_empty() { String::new() } else { format!("\n{}\n", mapping.about) };
    let mut text = format!("{about}\n| key | value | when left out | |\n|---|---|---|---|\n");
    for key in &mapping.keys {
        let [kind, default, about] = [key.kind, key.default, key.about].map(|part| part.replace('|', "\\|"));
        let _ = writeln!(text, "| `{}` | {kind} | {default} | {about} |", key.name);
    }
    text + "\n"
}

#[test]
fn the_tables_of_keys_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/plans.md");
    let page = std::fs::read_to_string(path).unwrap();
    let mut fresh = page.clone();
    let mut found = 0;
    for mapping in mappings() {
        let begin = format!("<!-- keys of {}: made by {HOW} -->\n", mapping.path);
        let Some((before, rest)) = fresh.split_once(&begin) else { continue };
        let (_, after) = rest.split_once("<!-- end of keys -->").expect("an end");
        fresh = format!("{before}{begin}{}<!-- end of keys -->{after}", table(mapping));
        found += 1;
    }
    assert_eq!(found, page.matches("<!-- keys of ").count(), "each names a mapping of a plan");
    assert!(found > 1);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    } else {
        assert!(page == fresh, "docs/plans.md is out of date: {HOW}");
    }
}
