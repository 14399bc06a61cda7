//! `-o FILE` over the kinds of file that there are: what cannot be written is refused before any
//! request, and what can be written is written.

use super::{PS, Written, configured, said};
use crate::common::{Platform, binary, tool};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A command that writes: a key event more each time.
const WRITES: [&str; 6] = ["rt-events", "--ps", PS, "--event", "view=web_events.pageviews", "--jq"];

/// What becomes of an output.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Written,
    Refused,
}

/// A place for an output: its path, and where the text is then found.
struct Place {
    kind: &'static str,
    path: PathBuf,
    read: PathBuf,
    fate: Fate,
}

fn place(kind: &'static str, path: PathBuf, fate: Fate) -> Place {
    Place { kind, read: path.clone(), path, fate }
}

fn places(dir: &Path) -> Vec<Place> {
    use Fate::{Refused, Written};
    let file = |name: &str| {
        fs::write(dir.join(name), "an older and longer text that has to go\n").unwrap();
        dir.join(name)
    };
    let link = |name: &str, to: &Path| {
        symlink(to, dir.join(name)).unwrap();
        dir.join(name)
    };
    fs::create_dir(dir.join("folder")).unwrap();
    let linked = file("linked");
    let loops = link("loop", &dir.join("loop"));
    vec![
        place("new file", dir.join("new"), Written),
        place("existing file", file("old"), Written),
        place("folder", dir.join("folder"), Refused),
        place("new folder", dir.join("new-folder/"), Refused),
        place("file as a folder", file("plain").join("x"), Refused),
        place("name that is too long", dir.join("n".repeat(300)), Refused),
        place("missing folder", dir.join("missing/new"), Refused),
        Place { read: linked.clone(), ..place("link", link("link", &linked), Written) },
        Place {
            read: dir.join("later"),
            ..place("dangling link", link("dangling", &dir.join("later")), Written)
        },
        place("dangling link to a missing folder", link("astray", &dir.join("missing/new")), Refused),
        place("links in a circle", loops, Refused),
        place("full device", "/dev/full".into(), Refused),
        place("link to a full device", link("full", Path::new("/dev/full")), Refused),
    ]
}

#[test]
fn what_becomes_of_an_output_is_known_before_any_request() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    for Place { kind, path, read, fate } in places(dir.path()) {
        platform.forget_requests();
        let output = platform.tdx(&[&WRITES[..], &[".site", "-o", path.to_str().unwrap()]].concat()).run();
        match fate {
            Fate::Refused => {
                let error = output.error(9, "io");
                assert!(said(&error, "message").contains(path.to_str().unwrap()), "{kind}: {error}");
                assert_eq!(platform.requests(), Vec::<String>::new(), "{kind}");
            }
            Fate::Written => {
                assert_eq!(
                    (output.code, output.stdout.as_str(), output.stderr.as_str()),
                    (0, "", ""),
                    "{kind}"
                );
                assert_eq!(fs::read_to_string(&read).unwrap(), "us01\n", "{kind}");
            }
        }
    }
    assert!(fs::symlink_metadata(dir.path().join("link")).unwrap().is_symlink(), "a link stays a link");
    let left = fs::read_dir(dir.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with(".tdx-rt-"));
    assert_eq!(left.count(), 0, "nothing is left beside them");
}

/// Runs a script in `bash` with the binary on PATH and the sandbox as the platform.
fn bash(platform: &Platform, dir: &Path, text: &str) -> Output {
    let bin = binary().parent().unwrap();
    Command::new("bash")
        .args(["-c", text])
        .env_clear()
        .env("HOME", dir)
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()))
        .envs([("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The command as a word of a script.
fn writes(arguments: &str) -> String {
    format!("tdx-rt rt-events --ps {PS} --event view=web_events.pageviews --jq .site {arguments}")
}

#[test]
fn pipes_and_open_files_are_written_as_the_shell_writes_them() {
    if !tool("bash") {
        return;
    }
    let platform = Platform::start();
    for (script, found) in [
        ("W -o >(cat > out); wait $!; cat out", "us01\n"),
        // The reader has closed the pipe.
        ("W -o >(exec <&-; sleep 0.2); echo $?", "0\n"),
        ("mkfifo pipe; cat pipe > out & W -o pipe; wait; cat out", "us01\n"),
        // The reader comes later.
        ("mkfifo pipe; { W -o pipe & }; cat pipe", "us01\n"),
        ("{ echo head; W -o /dev/fd/3; } 3> out; cat out", "head\nus01\n"),
        ("echo head > out; W -o /dev/fd/3 3>> out; cat out", "head\nus01\n"),
        ("echo head > out; W -o /dev/stdout >> out; cat out", "head\nus01\n"),
        ("W -o /dev/stdout | cat", "us01\n"),
        ("W -o -", "us01\n"),
        ("W -o /dev/stderr 2> out; cat out", "us01\n"),
        ("W -o /dev/null; echo $?", "0\n"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let output = bash(&platform, dir.path(), &script.replace('W', &writes("")));
        assert_eq!(String::from_utf8_lossy(&output.stdout), found, "{script}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{script}");
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs a script as a user without privileges: as this one, or, where this one is root, as another.
fn as_user(platform: &Platform, dir: &Path, text: &str) -> Option<Output> {
    let text = match is_root() {
        false => text.to_owned(),
        true if tool("setpriv") => {
            format!("exec setpriv --reuid=65534 --regid=65534 --clear-groups bash -c '{text}'")
        }
        true => return None,
    };
    Some(bash(platform, dir, &text))
}

#[test]
fn a_file_that_is_writable_in_a_folder_that_is_not_is_written_in_place() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
    for (name, mode) in [("open", 0o666), ("closed", 0o444)] {
        fs::write(folder.join(name), "an older and longer text that has to go\n").unwrap();
        fs::set_permissions(folder.join(name), Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    let Some(open) = as_user(&platform, dir.path(), &writes("-o folder/open")) else { return };
    assert_eq!((open.status.code(), open.stderr.as_slice()), (Some(0), &b""[..]), "{open:?}");
    assert_eq!(fs::read_to_string(folder.join("open")).unwrap(), "us01\n");
    platform.forget_requests();
    for refused in ["closed", "new"] {
        let output = as_user(&platform, dir.path(), &writes(&format!("-o folder/{refused}"))).unwrap();
        assert_eq!(output.status.code(), Some(9), "{refused}: {output:?}");
    }
    // Neither where its folder would let it be replaced.
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    let output = as_user(&platform, dir.path(), &writes("-o folder/closed")).unwrap();
    assert_eq!(output.status.code(), Some(9), "{output:?}");
    assert!(fs::read_to_string(folder.join("closed")).unwrap().starts_with("an older"));
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn a_file_of_another_user_in_a_folder_like_tmp_is_written_in_place() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o1777)).unwrap();
    if !is_root() {
        println!("skipped: only root can make a file of another user");
        return;
    }
    fs::write(dir.path().join("file"), "old\n").unwrap();
    fs::set_permissions(dir.path().join("file"), Permissions::from_mode(0o666)).unwrap();
    let Some(output) = as_user(&platform, dir.path(), &writes("-o file")) else { return };
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{output:?}");
    assert_eq!(fs::read_to_string(dir.path().join("file")).unwrap(), "us01\n");
}

/// A file mounted over another; unmounted when it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    /// `None`, with a printed line, where mounting is not allowed.
    fn new(source: &Path, target: &Path, options: &str) -> Option<Self> {
        let mount = |arguments: &[&str]| {
            let done = Command::new("mount").args(arguments).arg(target).stderr(Stdio::null()).status();
            done.is_ok_and(|status| status.success())
        };
        let source = source.to_str().unwrap();
        if !tool("mount") || !mount(&["--bind", source]) {
            println!("skipped: a file can't be mounted here");
            return None;
        }
        let mounted = Mounted(target.to_owned());
        (options.is_empty() || mount(&["-o", options])).then_some(mounted)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written_in_place() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let at = |name: &str| {
        fs::write(dir.path().join(name), "old, and longer than what comes\n").unwrap();
        dir.path().join(name)
    };
    let (source, target) = (at("source"), at("target"));
    let Some(mounted) = Mounted::new(&source, &target, "") else { return };
    let output =
        platform.tdx(&["apply", plan.path(), "--interval", "5ms", "-o", target.to_str().unwrap()]).run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    let document: Value = serde_json::from_str(&fs::read_to_string(&source).unwrap()).unwrap();
    assert!(document["service"]["token"].is_string());
    drop(mounted);
    let (source, target) = (at("source2"), at("target2"));
    let Some(_mounted) = Mounted::new(&source, &target, "remount,bind,ro") else { return };
    platform.forget_requests();
    platform.tdx(&["apply", plan.path(), "-o", target.to_str().unwrap()]).run().error(9, "io");
    assert_eq!(platform.requests(), Vec::<String>::new(), "mounted for reading only");
}

#[test]
fn a_file_that_may_not_be_changed_is_refused() {
    let platform = Platform::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "old\n").unwrap();
    let mark = |how: &str| {
        let done = Command::new("chattr").arg(how).arg(&file).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    for attribute in ["i", "a"] {
        if !is_root() || !tool("chattr") || !mark(&format!("+{attribute}")) {
            println!("skipped: files can't be marked here");
            return;
        }
        let output = platform.tdx(&[&WRITES[..], &[".site", "-o", file.to_str().unwrap()]].concat()).run();
        assert!(mark(&format!("-{attribute}")));
        output.error(9, "io");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn every_command_refuses_an_output_that_cannot_be_written() {
    let platform = configured();
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let dir = tempfile::tempdir().unwrap();
    platform.forget_requests();
    let mut commands = 0;
    super::man::walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        // Those that take no argument or a plan; the others end with a usage error all the same.
        let words: Vec<&str> = path.split(' ').skip(1).collect();
        if words.is_empty() || command.is_subcommand_required_set() {
            return;
        }
        let needed: Vec<&str> = command
            .get_positionals()
            .filter(|argument| argument.is_required_set())
            .map(|_| plan.path())
            .collect();
        let missing = dir.path().join("missing/out");
        let output = platform.tdx(&[&words[..], &needed, &["-o", missing.to_str().unwrap()]].concat()).run();
        if output.code == 2 {
            return;
        }
        output.error(9, "io");
        commands += 1;
    });
    assert!(commands > 30, "{commands}");
    assert_eq!(platform.requests(), Vec::<String>::new());
}
