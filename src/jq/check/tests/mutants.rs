//! Valid filters with a slip in one name, made by a seeded program: nearly all must be refused.

use super::{Case, corpus, golden};
use crate::commands::SCHEMAS;
use crate::jq::{Filter, Known};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;

/// What of a filter makes its names free on purpose: it doubts them, makes them, or takes them away.
const FREE: &[&str] = &["try", ")?", "del(", " = ", "|=", "+=", "//=", "?//", "has(", "input?", "JOIN"];
/// Fields with data of the user's own, where every name may be.
const DATA: &[&str] = &[
    ".response",
    ".body",
    ".event",
    ".query",
    ".details",
    ".basis",
    ".plan",
    ".from",
    ".to",
    ".statuses",
    ".sub_attributes",
    ".strings",
    "fromjson",
    "capture(",
    "from_entries",
    "getpath",
    "env.",
    "ENV",
    ".summary.anything",
    "INDEX",
    "{(",
    "IN(",
];

/// The names after a dot in the code of a filter, strings left out but for what they interpolate.
fn names(filter: &str) -> Vec<Range<usize>> {
    let bytes = filter.as_bytes();
    let mut found = Vec::new();
    // For each string that is open, how many parentheses are open within its interpolation.
    let mut texts: Vec<usize> = Vec::new();
    let mut in_text = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, in_text) {
            (b'\\', true) if bytes.get(at + 1) == Some(&b'(') => {
                texts.push(0);
                in_text = false;
                at += 1;
            }
            (b'\\', true) => at += 1,
            (b'"', _) => in_text = !in_text,
            (b'(', false) => texts.iter_mut().last().into_iter().for_each(|open| *open += 1),
            (b')', false) => match texts.last_mut() {
                Some(0) => {
                    texts.pop();
                    in_text = true;
                }
                Some(open) => *open -= 1,
                None => {}
            },
            (b'.', false) => {
                let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
                let len = bytes[at + 1..].iter().take_while(|b| word(b)).count();
                if len > 1 && bytes[at + 1].is_ascii_alphabetic() {
                    found.push(at + 1..at + 1 + len);
                }
                at += len;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// A name with a slip, of each kind once; where it falls is up to the seed.
fn slips(name: &str, seed: &mut u64) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut pick = |below: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % below
    };
    let at = pick(letters.len());
    let edit = |f: &dyn Fn(&mut Vec<char>)| {
        let mut letters = letters.clone();
        f(&mut letters);
        letters.into_iter().collect::<String>()
    };
    let swap = pick(letters.len() - 1);
    let plural = name.strip_suffix('s').map_or_else(|| format!("{name}s"), str::to_owned);
    let mut camel = String::new();
    for c in name.chars() {
        match (camel.pop(), c) {
            (Some('_'), c) => camel.push(c.to_ascii_uppercase()),
            (last, c) => camel.extend(last.into_iter().chain([c])),
        }
    }
    let snake = name.chars().flat_map(|c| match c.is_ascii_uppercase() {
        true => vec!['_', c.to_ascii_lowercase()],
        false => vec![c],
    });
    vec![
        edit(&|l| l.swap(swap, swap + 1)),
        edit(&|l| _ = l.remove(at)),
        edit(&|l| l.insert(at, letters[at])),
        edit(&|l| l[at] = if l[at] == 'x' { 'y' } else { 'x' }),
        plural,
        edit(&|l| l[0] = l[0].to_ascii_uppercase()),
        camel,
        snake.collect(),
        name.to_uppercase(),
    ]
}

fn keys(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys(item, out)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            out.insert(key.clone());
            keys(value, out);
        }),
        _ => {}
    }
}

/// How many slips there are, and those that no check has seen.
fn measure(cases: &[Case], known: impl Fn(&Case) -> bool) -> (usize, Vec<String>) {
    let mut seed = 20_251_101;
    let (mut all, mut missed) = (0, Vec::new());
    for case in cases.iter().filter(|case| known(case)) {
        let mut real = BTreeSet::new();
        keys(&case.document, &mut real);
        keys(&case.schema, &mut real);
        for range in names(&case.filter) {
            if case.filter[range.end..].starts_with('?') {
                continue;
            }
            let name = &case.filter[range.clone()];
            for slip in slips(name, &mut seed) {
                let mut filter = case.filter.clone();
                filter.replace_range(range.clone(), &slip);
                // What is a name somewhere, or made by the filter itself, may be right.
                let elsewhere = case.filter.replace(&format!(".{name}"), "");
                let valid = slip.starts_with(|c: char| c.is_ascii_alphabetic());
                if slip == name || real.contains(&slip) || elsewhere.contains(&slip) || !valid {
                    continue;
                }
                let Ok(compiled) = Filter::compile(&filter, &[]) else { continue };
                all += 1;
                if compiled.check(&case.schema, &Known::Document(Some(&case.document))).is_ok() {
                    missed.push(filter);
                }
            }
        }
    }
    (all, missed)
}

#[test]
fn nearly_every_slip_in_a_name_is_found() {
    let cases = corpus("valid.txt");
    let free = |case: &Case| FREE.iter().chain(DATA).any(|word| case.filter.contains(word));
    let (all, missed) = measure(&cases, |case| !free(case));
    let (free, free_missed) = measure(&cases, free);
    let caught = all - missed.len();
    println!("slips where the name is surely wrong: {caught} of {all} found; not found are such as:");
    missed.iter().step_by(10).for_each(|filter| println!("    {filter}"));
    println!(
        "slips in filters that make, doubt or look up names: {} of {free} found",
        free - free_missed.len()
    );
    assert!(all > 2_000, "{all}");
    assert!(caught * 100 >= all * 95, "{caught} of {all}");
}

/// The names that a place has, where following its plain path shows them.
fn fields_at<'s>(schema: &'s Value, root: &'s Value, path: &str) -> Option<BTreeSet<&'s str>> {
    if let Some(target) = schema["$ref"].as_str() {
        return fields_at(root.pointer(&target[1..])?, root, path);
    }
    if let Some(all) = schema["anyOf"].as_array() {
        let branches = all.iter().filter_map(|one| fields_at(one, root, path)).reduce(|mut a, b| {
            a.extend(b);
            a
        });
        return branches;
    }
    if let Some(rest) = path.strip_prefix("[]") {
        return fields_at(&schema["items"], root, rest);
    }
    let properties = schema["properties"].as_object()?;
    match path.strip_prefix('.') {
        None | Some("") => {
            let closed = schema["additionalProperties"] == false;
            closed.then(|| properties.keys().map(String::as_str).collect())
        }
        Some(rest) => {
            let len = rest.find(['.', '[']).unwrap_or(rest.len());
            fields_at(properties.get(&rest[..len])?, root, &rest[len..])
        }
    }
}

#[test]
fn a_field_of_another_level_is_found() {
    let paths: &[(&str, &[&str])] = &[
        (
            "rt-attrs list",
            &["[]", "[].duration", "[].filterRule.conditions[]", "[].subDurations[]", "[].backfill"],
        ),
        ("rt-events list", &["[]"]),
        ("rt-keys list", &["[]"]),
        ("ps-check", &["", "[]"]),
        ("pz-create list", &["[]"]),
        (
            "pz-test",
            &[
                ".checks[]",
                ".request",
                ".latency_ms",
                ".service",
                ".personalization",
                ".personalization.trigger",
            ],
        ),
        ("validate", &["", ".findings[]", ".fixed[]"]),
        ("diff", &["", ".parent_segment", ".changes[]"]),
        (
            "apply",
            &[
                ".summary",
                ".summary.items",
                ".summary.personalization",
                ".summary.rt_configuration",
                ".warnings[]",
            ],
        ),
        ("export", &[""]),
        ("undo", &["", ".parent_segment", ".undone[]"]),
        ("config", &["", ".site", ".hosts"]),
        ("dry-run", &["", ".requests[]"]),
        ("error", &["", ".error"]),
        ("sandbox health", &[""]),
        ("sandbox faults", &["", ".faults[]"]),
        ("sandbox requests", &["", ".requests[]"]),
        (
            "sandbox profile",
            &["", ".attributes[]", ".attributes[].items[]", ".personalizations[].sections[]"],
        ),
    ];
    let (mut all, mut right) = (0, 0);
    for (name, places) in paths {
        let schema = SCHEMAS.of(name).unwrap();
        let mut names = BTreeSet::new();
        for line in golden("jq_check/valid.txt").lines() {
            names.extend(super::mutants::names(line).into_iter().map(|range| line[range].to_owned()));
        }
        for place in *places {
            let known = fields_at(&schema, &schema, place);
            for field in &names {
                let path = if place.starts_with('[') { format!(".{place}") } else { (*place).to_owned() };
                let filter = Filter::compile(&format!("{path}.{field}"), &[]).unwrap();
                let refused = filter.check(&schema, &Known::Document(None)).is_err();
                let Some(known) = &known else { continue };
                assert_eq!(refused, !known.contains(field.as_str()), "{name}: {path}.{field}");
                all += usize::from(refused);
                right += usize::from(!refused);
            }
        }
    }
    println!("fields of another level: {all} refused, {right} right ones passed");
    assert!(all > 300 && right > 150, "{all} {right}");
}
