//! Journals that are damaged: `undo` must not take back an earlier apply in place of the last one.

use super::plans::{SOURCE, Shell, assert_same, configuration, plan_of_everything};
use super::said;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Two applies; the journal of the second.
fn two_applies(shell: &Shell) -> PathBuf {
    shell.apply(&plan_of_everything());
    let mut edited = plan_of_everything();
    edited["events"][0]["description"] = json!("edited");
    edited["attributes"][0]["description"] = json!("edited");
    PathBuf::from(shell.apply(&edited)["journal"].as_str().unwrap())
}

/// An undo stops, names the file, and writes nothing.
#[track_caller]
fn stops(shell: &Shell, journal: &Path, code: (i32, &str), what: &str) {
    shell.platform.forget_requests();
    let before = configuration(&shell.platform, SOURCE);
    for more in [&[][..], &["--skip-changed"], &["--dry-run"]] {
        let output = shell.tdx(&[&["undo", "-y", "--ps", SOURCE][..], more].concat()).run();
        assert_eq!(output.code, code.0, "{what}: {output:?}");
        let error = output.error(code.0, code.1);
        assert!(said(&error, "message").contains(journal.to_str().unwrap()), "{what}: {error}");
        assert!(said(&error, "hint").contains("tdx-rt undo FILE"), "{what}: {error}");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{what}");
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
}

#[test]
fn a_damaged_last_journal_stops_an_undo() {
    let shell = Shell::new();
    let journal = two_applies(&shell);
    let good = std::fs::read(&journal).unwrap();
    let text = String::from_utf8(good.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |index: usize| {
        let kept =
            lines.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, line)| format!("{line}\n"));
        kept.collect::<String>().into_bytes()
    };
    let with = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    let mut damaged: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), Vec::new()),
        ("blank".into(), b"\n".to_vec()),
        ("a list".into(), b"[]\n".to_vec()),
        ("a string".into(), b"\"journal\"\n".to_vec()),
        ("another object".into(), b"{}\n".to_vec()),
        ("no JSON".into(), b"journal\n".to_vec()),
        ("a later version".into(), with("{\"journal\":1", "{\"journal\":2")),
        ("no target".into(), with("\"target\":{", "\"tarket\":{")),
        ("a number that is none".into(), with("\"n\":1,", "\"n\":\"1\",")),
        ("a line of another kind".into(), with("{\"complete\":true}", "{\"finished\":1}")),
        ("not UTF-8".into(), good.iter().map(|byte| if *byte == b'e' { 0xff } else { *byte }).collect()),
        ("UTF-16".into(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ];
    damaged.extend((1..lines.len()).map(|index| (format!("without line {index}"), without(index))));
    // At each byte around the ends of lines, and here and there within them.
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let cuts = ends.iter().flat_map(|end| [*end, end + 1, end + 2]).chain((1..good.len()).step_by(97));
    damaged
        .extend(cuts.filter(|at| *at < good.len()).map(|at| (format!("cut at {at}"), good[..at].to_vec())));
    for (what, bytes) in damaged {
        std::fs::write(&journal, bytes).unwrap();
        let output = shell.tdx(&["undo", "-y", "--ps", SOURCE, "--dry-run"]).run();
        let error = output.error(2, "bad-setting");
        assert!(said(&error, "message").contains(journal.to_str().unwrap()), "{what}: {error}");
    }
    std::fs::write(&journal, "").unwrap();
    stops(&shell, &journal, (2, "bad-setting"), "empty");
    // By its name it is an error as well.
    shell.tdx(&["undo", "-y", journal.to_str().unwrap()]).run().error(2, "bad-setting");
    // What can't be read at all.
    std::fs::remove_file(&journal).unwrap();
    std::fs::create_dir(&journal).unwrap();
    stops(&shell, &journal, (9, "io"), "a folder");
    std::fs::remove_dir(&journal).unwrap();
    std::fs::write(&journal, good).unwrap();
    shell.tdx(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"]).run().document();
    assert_eq!(shell.item("events", "page_view")["description"], "A page");
}

#[test]
fn a_folder_of_journals_that_cannot_be_read_is_no_empty_one() {
    let shell = Shell::new();
    let folder = two_applies(&shell).parent().unwrap().to_owned();
    std::fs::remove_dir_all(&folder).unwrap();
    shell.tdx(&["undo", "-y", "--ps", SOURCE]).run().error(3, "not-found");
    std::fs::write(&folder, "").unwrap();
    let error = shell.tdx(&["undo", "-y", "--ps", SOURCE]).run().error(9, "io");
    assert!(said(&error, "message").contains(folder.to_str().unwrap()), "{error}");
}

#[test]
fn a_damaged_journal_of_another_parent_segment_or_an_earlier_apply_stops_nothing() {
    let shell = Shell::new();
    let last = two_applies(&shell);
    let folder = last.parent().unwrap();
    let mut all: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    assert_eq!((all.len(), all.last()), (2, Some(&last)));
    std::fs::write(folder.join("29991231T000000.000000Z-1-1.jsonl"), "").unwrap();
    std::fs::write(folder.join(".DS_Store"), "").unwrap();
    std::fs::write(&all[0], "").unwrap();
    let output = shell.tdx(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"]).run();
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stderr.contains(all[0].to_str().unwrap()), "a warning names it: {output:?}");
    assert_eq!(shell.item("events", "page_view")["description"], "A page");
    stops(&shell, &all[0], (2, "bad-setting"), "the next one");
}

#[test]
fn a_journal_of_a_killed_process_and_one_of_an_earlier_version_are_read() {
    let shell = Shell::new();
    let journal = two_applies(&shell);
    let text = std::fs::read_to_string(&journal).unwrap();
    // Killed while it wrote a line: more than the first line says, and the last line is torn.
    std::fs::write(&journal, format!("{text}{{\"n\":9,\"pa")).unwrap();
    shell.tdx(&["undo", "-y", "--ps", SOURCE, "--dry-run"]).run().document();
    // An earlier version did not note how long the file is.
    let end = text.find("\"tdx_rt\"").unwrap();
    std::fs::write(&journal, format!("{{\"journal\":1,{}", &text[end..])).unwrap();
    shell.tdx(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"]).run().document();
    assert_eq!(shell.item("events", "page_view")["description"], "A page");
    assert!(std::fs::read_to_string(&journal).unwrap().ends_with("\"}\n"));
    shell.tdx(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"]).run().document();
}
