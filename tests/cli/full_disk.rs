//! A full disk: known before the first write, or, where it fills up meanwhile, of no matter to what must be kept; and
//! where nothing can be written any more, it is said what was sent.

use super::{Written, configured};
use crate::cli::plans::{SOURCE, assert_same, by_name};
use crate::common::{Platform, binary, side_by_side};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const PLAN: &str = include_str!("../../examples/web-personalization.yaml");

/// Runs a shell's words with a plan: `$0` is the binary, `$1` the plan, `$2` the folder for what is kept.
pub(super) fn shell(platform: &Platform, words: &str, plan: &Written, state: &Path) -> Child {
    Command::new("sh")
        .args(["-c", words])
        .arg(binary())
        .args([plan.path(), state.to_str().unwrap()])
        .env_clear()
        .env("HOME", state)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TDX_RT_ENDPOINT", &platform.url)
        .env("TDX_API_KEY", &platform.api_key)
        .env("TDX_RT_STATE_DIR", state)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn error(output: &Output) -> Value {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    error["error"].clone()
}

/// Files may become so large and no larger, as on a disk that is nearly full.
#[test]
fn it_is_known_before_the_first_write_or_everything_is_kept() {
    let plan = Written::new("plan.yaml", PLAN);
    let mut seen = [0, 0];
    for blocks in [0, 1, 4, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 256, 512] {
        let (platform, state) = (configured(), tempfile::tempdir().unwrap());
        platform.forget_requests();
        let words = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" apply \"$1\" --journal \"$2/j.jsonl\" --interval 5ms"
        );
        let output = shell(&platform, &words, &plan, state.path()).wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(9) => {
                assert_eq!(platform.writes(), Vec::<String>::new(), "{blocks}: {said}");
                seen[0] += 1;
            }
            Some(0) => {
                let document: Value = serde_json::from_slice(&output.stdout).unwrap();
                let token = document["service"]["token"].as_str().unwrap();
                let kept = |name: &str| fs::read_to_string(state.path().join(name)).unwrap();
                assert!(kept("tokens.json").contains(token), "{blocks}");
                assert!(kept("ownership.json").contains("attributes.page_views_24h"), "{blocks}");
                assert!(kept("j.jsonl").contains("\"complete\":true"), "{blocks}");
                assert_eq!(said, "", "{blocks}");
                seen[1] += 1;
            }
            code => panic!("{blocks}: {code:?} {said}"),
        }
    }
    assert!(seen.iter().all(|count| *count > 2), "{seen:?}");
}

/// Holds the k-th request with a method for a moment.
fn slow(platform: &Platform, method: &str, k: usize) {
    platform.control("faults", json!({"kind": "slow", "delay_ms": 1500, "method": method, "skip": k}));
}

/// Returns once a request is held: a rule that has struck is used up.
pub(super) fn once_slowed(platform: &Platform, child: &mut Child) {
    while !platform.get("/_sandbox/faults")["faults"].as_array().unwrap().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before that");
        std::thread::yield_now();
    }
}

/// Does something while the k-th `POST` is held.
fn at_post(platform: &Platform, k: usize, child: &mut Child, meanwhile: impl FnOnce(&mut Child)) {
    slow(platform, "POST", k);
    once_slowed(platform, child);
    meanwhile(child);
}

/// From the k-th write on no file may grow: what was sent is said, and can be taken back.
#[cfg(target_os = "linux")]
#[test]
fn what_was_sent_before_nothing_could_be_noted_is_said() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let plan = Written::new("plan.yaml", PLAN);
    side_by_side([0, 2, 4], |k| {
        let (platform, state) = (configured(), tempfile::tempdir().unwrap());
        let before = by_name(&platform, SOURCE);
        platform.forget_requests();
        let words = "trap '' XFSZ; exec \"$0\" apply \"$1\" --interval 5ms";
        let mut child = shell(&platform, words, &plan, state.path());
        let pid = Pid::from_child(&child);
        at_post(&platform, k, &mut child, |_| {
            let none = Rlimit { current: Some(1), maximum: Some(1) };
            prlimit(Some(pid), Resource::Fsize, none).unwrap();
        });
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(9), "{k}: {}", String::from_utf8_lossy(&output.stderr));
        let (error, sent) = (error(&output), platform.writes());
        let message = error["message"].as_str().unwrap();
        let journal = fs::read_to_string(error["details"]["journal"].as_str().unwrap()).unwrap();
        let what = format!("{k}: {error}\n{sent:?}\n{journal}");
        // What fails first may be the note that a token is about to be made.
        let count = format!("this request was not sent, after {} that were", sent.len());
        assert!(message.contains(&count) || message.contains("about to be made"), "{what}");
        let written = error["details"]["written"].as_array().unwrap().iter();
        let mut written: Vec<String> = written
            .map(|one| format!("{} {}", one["method"].as_str().unwrap(), one["path"].as_str().unwrap()))
            .collect();
        let mut sent = sent;
        written.sort();
        sent.sort();
        assert_eq!(written, sent, "{what}");
        let undo = "exec \"$0\" undo --yes --interval 5ms";
        let undone = shell(&platform, undo, &plan, state.path()).wait_with_output().unwrap();
        assert_eq!(undone.status.code(), Some(0), "{k}: {}", String::from_utf8_lossy(&undone.stderr));
        assert_same(&by_name(&platform, SOURCE), &before, &json!(k));
    });
}

/// Space for all that must be kept is held from before the first write: another process may take the rest.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_others_fill_meanwhile_loses_nothing() {
    if !can_mount() {
        return;
    }
    let plan = Written::new("plan.yaml", PLAN);
    side_by_side([0, 2, 4, 6], |k| {
        let (platform, folder) = (configured(), tempfile::tempdir().unwrap());
        platform.forget_requests();
        // A line on stdin says when the rest is to be taken; what is kept is shown at the end.
        let words = "exec unshare -rm sh -c '
            mount -t tmpfs -o size=512k none \"$2\" && { \"$0\" apply \"$1\" --interval 5ms <&- & }
            read -r line; cat /dev/zero >\"$2/rest\" 2>&-; wait $!; code=$?
            cat \"$2/tokens.json\" \"$2\"/journals/*; exit $code' \"$0\" \"$1\" \"$2\"";
        let mut child = shell(&platform, words, &plan, folder.path());
        at_post(&platform, k, &mut child, |child| drop(child.stdin.take()));
        let output = child.wait_with_output().unwrap();
        let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{k}: {said}");
        let token = out.split_once("\"token\": \"").or_else(|| out.split_once("\"token\":\"")).unwrap().1;
        let token = token.split('"').next().unwrap();
        assert_eq!(out.matches(token).count(), 2, "{k}: the token is kept: {out}");
        assert!(out.contains("\"complete\":true"), "{k}: {out}");
    });
}

#[cfg(target_os = "linux")]
fn can_mount() -> bool {
    let can = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    let can = can.is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("skipped: no file system can be mounted here; a limit on files is tested above");
    }
    can
}

/// What an undo notes in the journals that it takes back, and in those of the undos that a redo takes back, has its
/// space from before the first write as well: each journal ends here with a block of the disk.
#[cfg(target_os = "linux")]
#[test]
fn an_undo_can_note_what_it_took_back() {
    if !can_mount() {
        return;
    }
    let plan = Written::new("plan.yaml", PLAN);
    let cases = [("undo --last 2", "DELETE", [2, 0]), ("undo --redo", "POST", [1, 2])];
    side_by_side(cases, |(undo, method, marks)| {
        let (platform, folder) = (configured(), tempfile::tempdir().unwrap());
        let first = if undo.contains("redo") { "$1 undo --last 2 --yes --interval 5ms <&- >&2" } else { ":" };
        // Lines on stdin say when it begins, and when the rest is to be taken.
        let script = format!(
            "mount -t tmpfs -o size=512k none $3 || exit
            $1 rt-events --ps {SOURCE} --event login=web_events.logins --interval 5ms <&- >&2 || exit
            $1 rt-keys --ps {SOURCE} --key session_id --interval 5ms <&- >&2 || exit
            {first} || exit
            files=$(ls $3/journals/*)
            for file in $files; do
                size=$(($(wc -c <$file) + 24))
                printf '{{\"seen\":\"x\",\"image\":\"%*s\"}}\\n' $((4096 - size % 4096)) '' >>$file
            done
            echo ready; read -r line; $1 {undo} --yes --interval 5ms <&- >&2 &
            read -r line; cat /dev/zero >$3/rest 2>&-; wait $!; code=$?
            tail -n 1 $files; exit $code"
        );
        fs::write(folder.path().join("script"), script).unwrap();
        let words = "exec unshare -rm sh \"$2/script\" \"$0\" \"$1\" \"$2\"";
        let mut child = shell(&platform, words, &plan, folder.path());
        let (mut shown, mut line) = (BufReader::new(child.stdout.take().unwrap()), String::new());
        shown.read_line(&mut line).unwrap();
        slow(&platform, method, 0);
        child.stdin.as_mut().unwrap().write_all(b"now\n").unwrap();
        once_slowed(&platform, &mut child);
        drop(child.stdin.take());
        let mut out = String::new();
        shown.read_to_string(&mut out).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{undo}: {said}\n{out}");
        assert!(!said.contains("No space left"), "{undo}: {said}");
        let counts = ["undone", "redone"].map(|mark| out.matches(&format!("\"{mark}\":\"2")).count());
        assert_eq!(counts, marks, "{undo}: {out}");
    });
}
