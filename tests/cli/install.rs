//! `completions --install` and `man --install`: files where the shell and `man` find them.

use crate::common::{Output, Tdx, binary, skipped, tool};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The documents, declared again as a user's program would.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Completions {
    shell: String,
    files: Vec<Installed>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    folder: String,
    files: Vec<Installed>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Installed {
    path: PathBuf,
    action: String,
}

/// A home that stays from run to run.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let tdx = Tdx::new(arguments).env("HOME", self.path().to_str().unwrap());
        variables.iter().fold(tdx, |tdx, (name, value)| tdx.env(name, value)).run()
    }

    #[track_caller]
    fn completions(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Completions {
        self.run(&[&["completions"], arguments].concat(), variables).decode()
    }

    /// A program with this home and the binary on its PATH.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        let path =
            format!("{}/.local/bin:{}:{path}", self.path().display(), binary().parent().unwrap().display());
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", path);
        command
    }

    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }
}

const PLACES: [(&str, &str); 4] = [
    ("bash", ".local/share/bash-completion/completions/tdx-rt"),
    ("zsh", ".local/share/zsh/site-functions/_tdx-rt"),
    ("fish", ".config/fish/completions/tdx-rt.fish"),
    ("elvish", ".config/elvish/lib/tdx-rt.elv"),
];

#[test]
fn each_shell_has_its_place_and_a_second_run_changes_nothing() {
    for (shell, place) in PLACES {
        let home = Home::new();
        let path = home.path().join(place);
        let planned = home.completions(&["--install", shell, "--dry-run"], &[]);
        assert_eq!((planned.files[0].action.as_str(), home.files().len()), ("created", 0));
        let made = home.completions(&["--install", shell], &[]);
        assert_eq!((made.shell.as_str(), &made.files[0].path), (shell, &path));
        assert!(made.files[0].action == "created" && made.next.is_some(), "{made:?}");
        let printed = Tdx::new(&["completions", shell]).run().stdout;
        assert_eq!(fs::read_to_string(&path).unwrap(), printed);
        assert_eq!(home.files(), std::slice::from_ref(&path), "nothing beside it");
        assert_eq!(home.completions(&[shell, "--install"], &[]).files[0].action, "unchanged");
        // Of another version.
        let older = printed.lines().take(6).collect::<Vec<_>>().join("\n");
        fs::write(&path, older).unwrap();
        assert_eq!(home.completions(&["--install", shell], &[]).files[0].action, "updated");
        assert_eq!(fs::read_to_string(&path).unwrap(), printed);
        assert_eq!(home.completions(&["--uninstall", shell], &[]).files[0].action, "deleted");
        assert_eq!(home.files(), Vec::<PathBuf>::new());
        let nothing = home.completions(&["--uninstall", shell], &[]);
        assert!(nothing.files.is_empty() && nothing.next.is_none(), "{nothing:?}");
    }
}

#[test]
fn the_shell_and_the_folders_are_those_of_the_environment() {
    let home = Home::new();
    let shell = |shell: &str| home.completions(&["--install"], &[("SHELL", shell)]).shell;
    assert_eq!(shell("/bin/bash"), "bash");
    assert_eq!(shell("/usr/local/bin/zsh"), "zsh");
    let error = home.run(&["completions", "--install"], &[("SHELL", "/bin/tcsh")]).error(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("/bin/tcsh"), "{error}");
    let error = home.run(&["completions", "--install"], &[]).error(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("tdx-rt completions --install bash"), "{error}");
    let error = home.run(&["completions", "--install", "powershell"], &[]).error(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("Invoke-Expression"), "{error}");
    let other = home.path().join("other");
    let variables =
        [("XDG_DATA_HOME", other.to_str().unwrap()), ("XDG_CONFIG_HOME", other.to_str().unwrap())];
    let place = |shell: &str| home.completions(&["--install", shell], &variables).files[0].path.clone();
    assert_eq!(place("zsh"), other.join("zsh/site-functions/_tdx-rt"));
    assert_eq!(place("fish"), other.join("fish/completions/tdx-rt.fish"));
}

#[test]
fn what_is_not_ours_stays() {
    for (shell, place) in PLACES {
        let home = Home::new();
        let path = home.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "# mine\n").unwrap();
        let error = home.run(&["completions", "--install", shell], &[]).error(6, "conflict");
        assert!(error["message"].as_str().unwrap().contains(place), "{error}");
        assert!(home.completions(&["--uninstall", shell], &[]).files.is_empty());
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\n");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        home.run(&["completions", "--install", shell], &[]).error(6, "conflict");
    }
    let home = Home::new();
    let page = home.path().join(".local/share/man/man5/tdx-rt-plan.5");
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    fs::write(&page, ".TH MINE 5\n").unwrap();
    home.run(&["man", "--install"], &[]).error(6, "conflict");
    assert_eq!(home.files(), [page], "all or nothing");
}

#[test]
fn shells_complete_with_what_was_installed() {
    let home = Home::new();
    for (shell, _) in PLACES {
        home.completions(&["--install", shell], &[]);
    }
    let printed = |command: &mut Command| {
        let output = command.output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let loader = "/usr/share/bash-completion/bash_completion";
    if tool("bash") && Path::new(loader).exists() {
        let script = format!("source {loader}; _completion_loader tdx-rt; complete -p tdx-rt");
        let found = printed(&mut home.command("bash", &["--norc", "--noprofile", "-c", &script]));
        assert!(found.contains("complete ") && found.contains("tdx-rt"), "{found}");
    } else {
        skipped("bash-completion is not installed");
    }
    if tool("zsh") {
        let next = home.completions(&["--install", "zsh"], &[]).next.unwrap();
        let line = next.split_once("shell: ").unwrap().1;
        let found =
            printed(&mut home.command("zsh", &["-f", "-c", &format!("{line} -u; print $_comps[tdx-rt]")]));
        assert_eq!(found, "_tdx-rt\n");
    }
    if tool("fish") {
        let found = printed(&mut home.command("fish", &["-c", "complete -C 'tdx-rt valid'"]));
        assert!(found.contains("validate"), "{found}");
    }
}

#[test]
fn the_manual_is_where_man_finds_it() {
    let home = Home::new();
    let run = |argument: &str| -> Pages { home.run(&["man", argument], &[]).decode() };
    let made = run("--install");
    let folder = home.path().join(".local/share/man");
    assert_eq!(made.folder, folder.to_str().unwrap());
    assert!(made.files.len() > 20 && made.files.iter().all(|file| file.action == "created"), "{made:?}");
    assert!(made.next.unwrap().contains("MANPATH"), "~/.local/bin is not on this PATH");
    for (page, words) in [("man1/tdx-rt.1", &["man"][..]), ("man5/tdx-rt-plan.5", &["man", "plan"])] {
        assert_eq!(fs::read_to_string(folder.join(page)).unwrap(), Tdx::new(words).run().stdout);
    }
    // One of an earlier version goes, one of another program stays.
    fs::write(folder.join("man1/tdx-rt-gone.1"), ".TH TDX-RT-GONE 1\n").unwrap();
    fs::write(folder.join("man1/tdx-rt-other.1"), ".TH OTHER 1\n").unwrap();
    let again = run("--install");
    let changed: Vec<_> = again.files.iter().filter(|file| file.action != "unchanged").collect();
    assert!(
        changed.len() == 1 && changed[0].action == "deleted" && changed[0].path.ends_with("tdx-rt-gone.1")
    );
    let man = Path::new("/usr/bin/man");
    if man.exists() && cfg!(target_os = "linux") {
        fs::create_dir_all(home.path().join(".local/bin")).unwrap();
        let output = home.command("/usr/bin/man", &["-w", "tdx-rt-plan"]).output().unwrap();
        assert_eq!(
            Path::new(String::from_utf8_lossy(&output.stdout).trim()),
            folder.join("man5/tdx-rt-plan.5")
        );
    } else {
        skipped("man is not installed");
    }
    let removed = run("--uninstall");
    assert_eq!(removed.files.len(), again.files.len() - 1);
    assert_eq!(home.files(), [folder.join("man1/tdx-rt-other.1")]);
    assert!(run("--uninstall").files.is_empty());
}

#[test]
fn one_thing_at_a_time() {
    let home = Home::new();
    for words in [
        &["completions", "--install", "--uninstall", "bash"][..],
        &["completions", "--install", "--dir", "x"],
        &["man", "--install", "plan"],
        &["man", "--install", "--dir", "x"],
        &["man", "--install", "--uninstall"],
        &["completions"],
    ] {
        home.run(words, &[]).error(2, "usage");
    }
    assert!(home.files().is_empty());
}

#[test]
fn an_empty_home_is_none() {
    let home = Home::new();
    for (arguments, variable) in [
        (&["man", "--install"][..], "XDG_DATA_HOME"),
        (&["completions", "--install", "bash"], "XDG_DATA_HOME"),
        (&["completions", "--install", "fish"], "XDG_CONFIG_HOME"),
    ] {
        for empty in ["", " "] {
            let error = home.run(arguments, &[("HOME", empty)]).error(2, "bad-setting");
            assert_eq!(error["message"], "there is no home folder to install into: HOME is empty or not set");
            assert!(error["hint"].as_str().unwrap().contains(variable), "{error}");
        }
        // What else says where they go is enough.
        let named = home.path().join("named");
        let output = home.run(arguments, &[("HOME", ""), (variable, named.to_str().unwrap())]);
        assert!(output.code == 0 && named.is_dir(), "{output:?}");
        fs::remove_dir_all(named).unwrap();
    }
    let config = home.run(&["config"], &[("HOME", "")]).document();
    let files: Vec<_> =
        config["layers"].as_array().unwrap().iter().filter(|layer| !layer["file"].is_null()).collect();
    assert!(files.is_empty() && config["state_dir"].is_null(), "{config}");
}
