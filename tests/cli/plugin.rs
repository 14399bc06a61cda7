//! `tdx-rt` as a part of the official CLI, and under other names.

use crate::common::{Tdx, tool};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tdx-rt"))
}

fn install(arguments: &[&str]) -> Tdx {
    let mut all = vec!["install-links"];
    all.extend(arguments);
    // Only the program's own folder, so that a link leads to the file on PATH.
    let path = binary().parent().unwrap().to_str().unwrap().to_owned();
    Tdx::new(&all).env("PATH", &path)
}

fn actions(document: &Value) -> Vec<&str> {
    let mut actions: Vec<_> =
        document.as_array().unwrap().iter().map(|link| link["action"].as_str().unwrap()).collect();
    actions.dedup();
    actions
}

#[test]
fn links_are_made_once_and_are_the_commands() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let made = install(&[path]).run().document();
    assert_eq!(actions(&made), ["created"]);
    let names: Vec<_> = made.as_array().unwrap().iter().map(|link| link["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"tdx-ps-check") && names.contains(&"tdx-rt-events"), "{names:?}");
    assert_eq!(fs::read_link(dir.path().join("tdx-ps-check")).unwrap(), binary());
    assert_eq!(actions(&install(&[path]).run().document()), ["unchanged"]);

    let help = Command::new(dir.path().join("tdx-rt-events")).arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("tdx-rt rt-events --ps"));
    let config = Command::new(dir.path().join("tdx-config")).args(["--jq", ".site.value"]).output().unwrap();
    assert_eq!(config.stdout, b"us01\n");

    assert_eq!(actions(&install(&[path, "--remove"]).run().document()), ["deleted"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert_eq!(install(&[path, "--remove"]).run().document(), json!([]));
}

#[test]
fn beside_the_program_links_lead_to_its_name_and_stale_ones_are_renewed() {
    let dir = tempfile::tempdir().unwrap();
    symlink(binary(), dir.path().join("tdx-rt")).unwrap();
    symlink("/gone/tdx-rt", dir.path().join("tdx-diff")).unwrap();
    let made = install(&[dir.path().to_str().unwrap()]).run().document();
    let diff = made.as_array().unwrap().iter().find(|link| link["name"] == "tdx-diff").unwrap();
    assert_eq!(diff["action"], "updated");
    assert_eq!(fs::read_link(dir.path().join("tdx-diff")).unwrap(), Path::new("tdx-rt"));
}

#[test]
fn a_file_that_is_no_link_of_the_program_is_never_touched() {
    let dir = tempfile::tempdir().unwrap();
    let theirs = dir.path().join("tdx-diff");
    fs::write(&theirs, "theirs").unwrap();
    let path = dir.path().to_str().unwrap();
    let error = install(&[path]).run().error(6, "conflict");
    assert!(error["message"].as_str().unwrap().contains("tdx-diff"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(install(&[path, "--remove"]).run().document(), json!([]));
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    install(&["/nowhere/at/all"]).run().error(3, "not-found");
}

#[test]
fn a_dry_run_makes_no_link() {
    let dir = tempfile::tempdir().unwrap();
    let would = install(&[dir.path().to_str().unwrap(), "--dry-run"]).run().document();
    assert_eq!(actions(&would), ["created"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

/// Runs a script with an official `tdx` that shows what it is asked.
fn with_official(shell: &str, arguments: &[&str], script: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let tdx = home.path().join("tdx");
    fs::write(&tdx, "#!/bin/sh\nprintf 'official'; printf '<%s>' \"$@\"; echo; exit 7\n").unwrap();
    fs::set_permissions(&tdx, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = [home.path(), binary().parent().unwrap()].map(|dir| dir.to_str().unwrap()).join(":");
    let output = Command::new(shell)
        .args(arguments)
        .args(["-c", script])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap()))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{shell}");
    String::from_utf8(output.stdout).unwrap()
}

const SITE: &str = "tdx rt config --jq .site.value";

#[test]
fn the_official_cli_goes_on_as_before() {
    let expected = "us01\nofficial<databases><a b>\n7\n";
    if tool("bash") {
        let script = format!("eval \"$(tdx-rt shell-init bash)\"; {SITE}; tdx databases 'a b'; echo $?");
        assert_eq!(with_official("bash", &["--norc"], &script), expected);
    }
    if tool("zsh") {
        let script = format!("eval \"$(tdx-rt shell-init zsh)\"; {SITE}; tdx databases 'a b'; echo $?");
        assert_eq!(with_official("zsh", &["-f"], &script), expected);
    }
    if tool("fish") {
        let script = format!("tdx-rt shell-init fish | source; {SITE}; tdx databases 'a b'; echo $status");
        assert_eq!(with_official("fish", &["--no-config"], &script), expected);
    }
}

#[test]
fn a_function_or_alias_of_ones_own_stays_in_use_however_often_it_is_loaded() {
    if tool("bash") {
        let load = "eval \"$(tdx-rt shell-init bash)\"";
        let script = format!("tdx() {{ echo \"mine<$1>\"; }}\n{load}; {load}\n{SITE}; tdx x");
        assert_eq!(with_official("bash", &["--norc"], &script), "us01\nmine<x>\n");
        let script =
            format!("shopt -s expand_aliases; alias tdx='tdx --mine'\n{load}\n{load}\n{SITE}\ntdx x");
        assert_eq!(with_official("bash", &["--norc"], &script), "us01\nofficial<--mine><x>\n");
    }
    if tool("zsh") {
        let load = "eval \"$(tdx-rt shell-init zsh)\"";
        let script = format!("tdx() {{ echo \"mine<$1>\"; }}\n{load}; {load}\n{SITE}; tdx x");
        assert_eq!(with_official("zsh", &["-f"], &script), "us01\nmine<x>\n");
        let script = format!("alias tdx='tdx --mine'\n{load}\n{load}\n{SITE}\ntdx x");
        assert_eq!(with_official("zsh", &["-f"], &script), "us01\nofficial<--mine><x>\n");
    }
    if tool("fish") {
        let load = "tdx-rt shell-init fish | source";
        let script = format!("function tdx; echo \"mine<$argv[1]>\"; end\n{load}; {load}\n{SITE}; tdx x");
        assert_eq!(with_official("fish", &["--no-config"], &script), "us01\nmine<x>\n");
    }
}

#[test]
fn whatever_stands_before_tdx_in_an_alias_reaches_the_program() {
    for (shell, flags, load) in [
        ("bash", &["--norc"][..], "eval \"$(tdx-rt shell-init bash)\""),
        ("zsh", &["-f"], "eval \"$(tdx-rt shell-init zsh)\""),
    ] {
        if !tool(shell) {
            continue;
        }
        let aliases = if shell == "bash" { "shopt -s expand_aliases\n" } else { "setopt aliases\n" };
        for (alias, expected) in [("A=1 tdx", "official<x y>\n"), ("env A=1 tdx --b", "official<--b><x y>\n")]
        {
            // As a file that is read twice: the alias exists again each time.
            let twice = format!("alias tdx='{alias}'\n{load}\n").repeat(2);
            let script = format!("{aliases}{twice}{SITE}\ntdx 'x y'");
            assert_eq!(with_official(shell, flags, &script), format!("us01\n{expected}"), "{shell} {alias}");
        }
        // One that can't be called with arguments does no harm.
        let script = format!("{aliases}alias tdx='tdx --x # c'\n{load}\n{SITE}\n\\tdx y");
        let said = with_official(shell, flags, &script);
        assert!(said.ends_with("official<y>\n"), "{shell}: {said}");
    }
    if tool("zsh") {
        let load = "eval \"$(tdx-rt shell-init zsh)\"";
        for options in ["ksh_arrays", "ksh_arrays no_unset", "sh_word_split glob_subst no_unset all_export"] {
            let script = format!("setopt {options}\n{load}\n{SITE}\nzsh -f -c '{load}; tdx a'");
            assert_eq!(with_official("zsh", &["-f"], &script), "us01\nofficial<a>\n", "{options}");
        }
    }
}

#[test]
fn a_program_of_another_name_knows_its_links() {
    let dir = tempfile::tempdir().unwrap();
    let (program, links) = (dir.path().join("other"), dir.path().join("links"));
    fs::copy(binary(), &program).unwrap();
    fs::create_dir(&links).unwrap();
    let run = |more: &[&str]| {
        let output = Command::new(&program)
            .args(
                [&["install-links", links.to_str().unwrap(), "--jq", "[.[].action] | unique[]"], more]
                    .concat(),
            )
            .env_clear()
            .env("HOME", dir.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!([run(&[]), run(&[]), run(&["--remove"])], ["created\n", "unchanged\n", "deleted\n"]);
    assert_eq!(fs::read_dir(&links).unwrap().count(), 0);
}

#[test]
fn a_link_says_its_usage_as_the_program_does() {
    let dir = tempfile::tempdir().unwrap();
    symlink(binary(), dir.path().join("tdx-explain")).unwrap();
    let output = Command::new(dir.path().join("tdx-explain")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(help.contains("Usage: tdx-rt explain ["), "{help}");
}
