//! The program's own files and folders: for their user alone, whatever the umask; and nothing else in their place
//! is read, waited for or replaced.

use super::{Written, configured};
use crate::common::{Platform, binary};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const PLAN: &str = include_str!("../../examples/web-personalization.yaml");

/// A home, and a folder to work in.
struct Place {
    platform: Platform,
    home: TempDir,
    plan: Written,
}

impl Place {
    fn new() -> Self {
        Place {
            platform: configured(),
            home: tempfile::tempdir().unwrap(),
            plan: Written::new("plan.yaml", PLAN),
        }
    }

    /// Runs it after some words of the shell; one that waits for ever is ended, with the code 124.
    fn run(&self, before: &str, arguments: &[&str]) -> (i32, String) {
        let output = Command::new("sh")
            .args(["-c", &format!("{before}; exec timeout 30 \"$0\" \"$@\"")])
            .arg(binary())
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TDX_RT_ENDPOINT", &self.platform.url)
            .env("TDX_API_KEY", &self.platform.api_key)
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
    }

    fn state(&self, name: &str) -> PathBuf {
        self.home.path().join(".local/state/tdx-rt").join(name)
    }

    fn make_state(&self) {
        fs::create_dir_all(self.state("")).unwrap();
    }
}

/// Every file and folder below one, with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let meta = fs::symlink_metadata(&entry).unwrap();
        found.push((entry.clone(), meta.permissions().mode() & 0o777));
        if meta.is_dir() {
            found.extend(modes(&entry));
        }
    }
    found
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn they_are_for_their_user_alone_whatever_the_umask() {
    for umask in ["000", "022", "277", "777"] {
        let place = Place::new();
        let set = format!("umask {umask}");
        let (code, said) = place.run(&set, &["apply", place.plan.path()]);
        assert_eq!(code, 0, "{umask}: {said}");
        // An answer that takes longer than a shell waits comes with the next key.
        let complete = || place.run(&set, &["__complete", "fish", "tdx-rt", "export", ""]);
        assert!((0..50).any(|_| complete().1.contains("394649")), "{umask}");
        let found = modes(place.home.path());
        assert!(found.len() > 8, "{found:?}");
        for (path, mode) in found {
            let right = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, right, "umask {umask}: {} has {mode:o}", path.display());
        }
    }
}

#[test]
fn folders_of_an_earlier_version_are_closed() {
    let place = Place::new();
    for folder in ["", "journals", "locks"] {
        fs::create_dir_all(place.state(folder)).unwrap();
        fs::set_permissions(place.state(folder), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let (code, said) = place.run("umask 022", &["apply", place.plan.path()]);
    assert_eq!(code, 0, "{said}");
    for folder in ["", "journals", "locks"] {
        assert_eq!(
            fs::metadata(place.state(folder)).unwrap().permissions().mode() & 0o777,
            0o700,
            "{folder}"
        );
    }
}

#[test]
fn a_pipe_in_place_of_one_is_an_error_at_once() {
    for name in ["tokens.json", "tokens.lock", "ownership.json", "ownership.lock", "locks"] {
        let place = Place::new();
        place.make_state();
        pipe(&place.state(name));
        place.platform.forget_requests();
        let (code, said) = place.run(":", &["apply", place.plan.path()]);
        assert_eq!(code, 9, "{name}: {said}");
        assert!(said.contains(name.split('.').next().unwrap()), "{name}: {said}");
        assert_eq!(place.platform.writes(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_pipe_among_the_journals_is_an_error_at_once() {
    let place = Place::new();
    place.make_state();
    fs::create_dir(place.state("journals")).unwrap();
    pipe(&place.state("journals/20990101T000000Z-394649-1.jsonl"));
    let (code, said) = place.run(":", &["undo", "--yes"]);
    assert_eq!(code, 9, "{said}");
    assert!(said.contains("no file, but a pipe"), "{said}");
}

/// A repository may hold a link to anything.
#[test]
fn a_configuration_without_an_end_is_not_read() {
    for (name, target) in
        [("tdx.json", "/dev/zero"), (".config/tdx/tdx.json", "/dev/zero"), ("tdx.json", "pipe")]
    {
        let place = Place::new();
        let file = place.home.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        pipe(&place.home.path().join("pipe"));
        std::os::unix::fs::symlink(target, &file).unwrap();
        // In kilobytes: far less than what would be eaten.
        let little = "ulimit -v 1000000";
        let (code, said) = place.run(little, &["ps-check"]);
        // The endpoint and the key are said otherwise.
        assert_eq!(code, 0, "{name}: {said}");
        assert!(said.contains("tdx.json") && said.contains("no file"), "{name}: {said}");
        let (code, said) = place.run(little, &["__complete", "fish", "tdx-rt", "export", ""]);
        assert_eq!(code, 0, "{name}: {said}");
    }
    let place = Place::new();
    fs::write(place.home.path().join("tdx.json"), vec![b' '; 1_000_001]).unwrap();
    let (code, said) = place.run(":", &["ps-check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("larger than 1 MB"), "{said}");
}

/// What the user names may be a pipe.
#[test]
fn what_is_passed_may_be_a_pipe() {
    let place = Place::new();
    let (plan, out) = (place.plan.path(), place.home.path().join("out"));
    let script = format!("exec 3< {plan}; exec 4> {}", out.display());
    let (code, said) =
        place.run(&script, &["apply", "-f", "/dev/fd/3", "-o", "/dev/fd/4", "--plan-name", "web"]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read_to_string(out).unwrap().contains("web_personalization"));
}
