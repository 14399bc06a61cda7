//! `tdx-rt sandbox -- bash` at a terminal: where one is, the mark on the prompt, and how to leave.

use super::terminal::Run;
use crate::common::terminal::Terminal;
use crate::common::{Platform, Tdx, tool};
use std::fs;
use std::path::Path;

/// What a user's own file may do that must not reach the sandbox.
const REAL: &str =
    "export TDX_API_KEY=1/real TDX_ACCESS_TOKEN=real TDX_API_KEY_WORK=1/real TDX_RT_ENDPOINT=http://real";

/// A sandbox with a shell, from a home with these files.
struct Inside {
    terminal: Terminal,
    home: tempfile::TempDir,
}

impl Inside {
    /// `None` where the shell is not installed, which CI does not allow.
    fn start(command: &str, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Option<Self> {
        if !tool(command.split(' ').next().unwrap()) {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let script = format!("tdx-rt sandbox -- {command}; echo ended with $?.");
        let terminal = Terminal::start("sh", &["-c", &script], home.path(), variables);
        Some(Inside { terminal, home })
    }

    /// Waits for the prompt, asks for what is set, and leaves with these keys.
    fn holds(&mut self, prompt: &str, keys: &str) {
        let begun = self.terminal.wait_for(prompt);
        assert!(begun.contains("sandbox: an offline platform at http://127.0.0.1:"), "{begun}");
        assert!(begun.contains("leave with: exit or Ctrl-D"), "{begun}");
        // One word, so that what is typed is not what is waited for.
        self.terminal.type_in("echo \"key=$TDX_API_KEY=$TDX_ACCESS_TOKEN$TDX_API_KEY_WORK=$MINE=\"\r");
        let said = self.terminal.wait_for("==yes=");
        let url = begun.split("platform at ").nth(1).unwrap().split(';').next().unwrap();
        assert!(!said.contains("key=1/real"), "{said}");
        self.terminal.type_in("echo $TDX_RT_ENDPOINT.; tdx-rt ps-check --jq '\"found \\(length)\"'\r");
        self.terminal.wait_for(&format!("{url}."));
        self.terminal.wait_for_behind("found 3", prompt);
        self.terminal.type_in(keys);
        let all = self.terminal.wait_for("ended with 0.");
        assert!(!all.contains("(sandbox) (sandbox)"), "{all}");
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.home.path().join(name)).unwrap()
    }
}

/// The files below a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn bash_has_a_mark_on_the_users_own_prompt() {
    for (own, keys) in [
        ("PS1='mine> '".to_owned(), "exit\r"),
        ("PROMPT_COMMAND='PS1=\"mine> \"'".to_owned(), "\u{4}"),
        ("PROMPT_COMMAND='PS1=\"mine> \"; '".to_owned(), "\u{4}"),
        ("PROMPT_COMMAND=(true 'PS1=\"mine> \"')".to_owned(), "\u{4}"),
        ("set -u; PS1='mine> '".to_owned(), "exit\r"),
    ] {
        // Nothing is asked of variables that may not be set.
        let set = if own.contains("set -u") { "MINE=yes; set +u" } else { "MINE=yes" };
        let rc = format!("{own}\n{REAL}\n{set}\n");
        let Some(mut inside) = Inside::start("bash", &[(".bashrc", &rc)], &[]) else { return };
        inside.holds("(sandbox) mine> ", keys);
        assert_eq!(inside.file(".bashrc"), rc);
    }
    let Some(mut inside) = Inside::start("bash", &[], &[("MINE", "yes")]) else { return };
    // Whatever the system has set for all users.
    inside.holds("(sandbox) ", "exit\r");
}

#[test]
fn zsh_has_a_mark_on_the_users_own_prompt() {
    let rc = format!("PROMPT='mine> '\n{REAL}\nMINE=yes\n");
    let drawn = format!("precmd() {{ PROMPT='mine> ' }}\n{REAL}\nMINE=yes\n");
    let elsewhere = "ZDOTDIR=$HOME/elsewhere\n";
    for (files, variables) in [
        (vec![(".zshrc", rc.as_str())], vec![]),
        (vec![(".zshrc", drawn.as_str())], vec![]),
        (vec![(".zshenv", elsewhere), ("elsewhere/.zshrc", &rc), (".zshrc", "PROMPT='other> '\n")], vec![]),
        (vec![("it's mine/.zshrc", &rc)], vec![("ZDOTDIR", "it's mine")]),
    ] {
        let Some(mut inside) = Inside::start("zsh", &files, &variables) else { return };
        inside.terminal.wait_for("(sandbox) mine> ");
        inside.terminal.type_in("echo \"at=${ZDOTDIR-none}=\"\r");
        let at = match (files.len(), variables.is_empty()) {
            (3, _) => format!("at={}/elsewhere=", inside.home.path().display()),
            (_, false) => "at=it's mine=".to_owned(),
            _ => "at=none=".to_owned(),
        };
        inside.terminal.wait_for(&at);
        inside.holds("(sandbox) mine> ", if files.len() > 1 { "\u{4}" } else { "exit\r" });
    }
}

#[test]
fn fish_has_a_mark_on_the_users_own_prompt() {
    let real = REAL.replace("export ", "").replace(' ', "\nset -gx ").replace('=', " ");
    let own =
        format!("set -gx {real}\nset MINE yes\nfunction fish_prompt; echo -n \"mine $status> \"; end\n");
    let Some(mut inside) = Inside::start("fish", &[(".config/fish/config.fish", &own)], &[]) else { return };
    inside.terminal.wait_for("(sandbox) mine 0> ");
    inside.terminal.type_in("false\r");
    inside.terminal.wait_for("(sandbox) mine 1> ");
    inside.terminal.type_in("true\r");
    inside.holds("(sandbox) mine 0> ", "exit\r");
}

#[test]
fn a_shell_with_arguments_of_its_own_or_another_one_keeps_its_prompt() {
    for (command, prompt) in [("bash --norc", "bash-"), ("sh", "$ ")] {
        let variables = [("MINE", "yes"), ("PS1", "$ ")];
        let variables = if command == "sh" { &variables[..] } else { &variables[..1] };
        let Some(mut inside) = Inside::start(command, &[], variables) else { continue };
        inside.holds(prompt, "exit\r");
        assert!(!names(inside.home.path()).iter().any(|name| name.contains("rc")));
    }
}

#[test]
fn nothing_of_it_appears_without_a_terminal_or_a_person() {
    let output = Tdx::new(&["sandbox", "--", "bash"]).stdin("echo \"$PS1$PROMPT_COMMAND.\"\n").run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, ".\n", ""));
    let platform = Platform::start();
    let run = |arguments: &[&str]| {
        Run { platform: &platform, arguments, variables: &[], piped: false, answer: "", folder: None }
            .run()
            .screen
    };
    assert_eq!(run(&["sandbox", "--", "bash", "-c", "echo hi"]), "hi\n");
    assert_eq!(run(&["sandbox", "--", "sh", "-ec", "echo hi"]), "hi\n");
    assert_eq!(run(&["sandbox", "--", "echo", "hi"]), "hi\n");
}
