//! What only a terminal gets: colour, spinner, summary, errors as text, and questions.

use super::{BASE, PS, configured, said};
use crate::common::{Platform, binary, terminal};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

/// A run whose stderr is a terminal, and its stdout as well where that is asked for.
pub struct Run<'a> {
    pub platform: &'a Platform,
    pub arguments: &'a [&'a str],
    pub variables: &'a [(&'a str, &'a str)],
    /// Whether stdout is a pipe.
    pub piped: bool,
    /// What is typed once a question is asked.
    pub answer: &'a str,
    /// Where it runs; its state is in the folder `state` there.
    pub folder: Option<&'a Path>,
}

/// What was seen.
#[derive(Debug)]
pub struct Seen {
    pub code: i32,
    /// All that came to the terminal, its line ends as `\n`.
    pub screen: String,
    /// All that went to the pipe.
    pub piped: String,
}

impl Run<'_> {
    pub fn run(self) -> Seen {
        let home = TempDir::new().unwrap();
        let (mut shown, programs) = terminal::open();
        let side = || Stdio::from(programs.try_clone().unwrap());
        // Its terminal is the one that questions are answered at.
        let mut command = terminal::command(binary());
        command.args(self.arguments);
        command.env_clear().env("HOME", home.path()).env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TERM", "xterm-256color").envs(self.variables.iter().copied());
        command.env("TDX_RT_ENDPOINT", &self.platform.url).env("TDX_API_KEY", &self.platform.api_key);
        let folder = self.folder.unwrap_or(home.path());
        command.current_dir(folder).env("TDX_RT_STATE_DIR", folder.join("state"));
        command.stdin(side()).stderr(side()).stdout(if self.piped { Stdio::piped() } else { side() });
        let mut child = command.spawn().unwrap();
        // The terminal ends when the last program has let go of it.
        drop((command, programs));
        let mut screen = Vec::new();
        let mut answered = self.answer.is_empty();
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = shown.read(&mut buffer) {
            screen.extend_from_slice(&buffer[..length]);
            if !answered && screen.windows(5).any(|part| part == b"[y/N]") {
                shown.write_all(self.answer.as_bytes()).unwrap();
                answered = true;
            }
        }
        let mut piped = String::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_string(&mut piped).unwrap();
        }
        let code = child.wait().unwrap().code().unwrap();
        Seen { code, screen: String::from_utf8(screen).unwrap().replace("\r\n", "\n"), piped }
    }
}

fn run<'a>(platform: &'a Platform, arguments: &'a [&'a str]) -> Run<'a> {
    Run { platform, arguments, variables: &[], piped: false, answer: "", folder: None }
}

const CHECK: [&str; 2] = ["ps-check", PS];
const SUMMARY: &str = "'Customer 360' (394649) is ok\n";

#[test]
fn a_terminal_gets_colour_and_a_summary() {
    let platform = Platform::start();
    let seen = run(&platform, &[&CHECK[..], &["--json"]].concat()).run();
    assert_eq!(seen.code, 0);
    assert!(seen.screen.contains("\x1b["), "{seen:?}");
    assert!(seen.screen.contains("\n  \x1b["), "indented: {seen:?}");
    assert!(seen.screen.ends_with(SUMMARY), "{seen:?}");
    let quiet = run(&platform, &[&CHECK[..], &["-q"]].concat()).run();
    assert!(quiet.screen.contains("\x1b[") && !quiet.screen.contains(SUMMARY), "{quiet:?}");
}

#[test]
fn without_a_command_a_terminal_gets_help() {
    let platform = Platform::start();
    for (arguments, first) in [
        (&[][..], "Set up Treasure Data real-time 2.0 personalization from the shell\n"),
        (&["journey"], "Short words for journey-create and journey-test and journey-monitor\n"),
    ] {
        let bare = run(&platform, arguments).run();
        let asked = run(&platform, &[arguments, &["-h"]].concat()).run();
        assert_eq!((bare.code, &bare.screen), (0, &asked.screen));
        assert!(bare.screen.starts_with(first) && bare.screen.contains("\x1b["), "{bare:?}");
        // A pipe gets data or nothing; the person at it gets the error.
        let piped = Run { piped: true, ..run(&platform, arguments) }.run();
        assert_eq!((piped.code, piped.piped.as_str()), (2, ""));
        assert!(piped.screen.contains("no command is given"), "{piped:?}");
    }
}

#[test]
fn no_color_and_never_are_plain() {
    let platform = Platform::start();
    let variable = Run { variables: &[("NO_COLOR", "1")], ..run(&platform, &CHECK) }.run();
    let never = run(&platform, &[&CHECK[..], &["--color", "never"]].concat()).run();
    for seen in [variable, never] {
        assert!(!seen.screen.contains('\x1b') && seen.screen.ends_with(SUMMARY), "{seen:?}");
    }
    let always =
        Run { variables: &[("NO_COLOR", "1")], ..run(&platform, &["ps-check", PS, "--color", "always"]) };
    assert!(always.run().screen.contains("\x1b["));
}

#[test]
fn a_pipe_gets_plain_json() {
    let platform = Platform::start();
    let half = Run { piped: true, ..run(&platform, &CHECK) }.run();
    assert_eq!((half.code, half.screen.as_str()), (0, SUMMARY));
    assert_eq!(half.piped.matches('\n').count(), 1);
    let coloured = platform.tdx(&[&CHECK[..], &["--color", "always"]].concat()).run();
    assert!(coloured.stdout.contains("\x1b[") && coloured.stdout.matches('\n').count() == 1, "{coloured:?}");
    let both = platform.tdx(&CHECK).run();
    assert_eq!((both.code, both.stderr.as_str()), (0, ""));
    for text in [&half.piped, &both.stdout] {
        assert!(!text.contains(['\x1b', '\r']), "{text:?}");
    }
}

const WAIT: [&str; 6] = ["ps-check", "394650", "--timeout", "400ms", "--interval", "20ms"];

#[test]
fn waiting_turns_a_spinner_on_a_terminal_only() {
    let platform = Platform::start();
    let seen = Run { piped: true, ..run(&platform, &WAIT) }.run();
    assert_eq!((seen.code, seen.piped.as_str()), (8, ""));
    assert!(seen.screen.contains("Waiting for status \"ok\"..."), "{seen:?}");
    // It goes away before the error is written.
    let error = "RT configuration of parent segment 394650 is still 'updating' after 400ms";
    let last = seen.screen.rsplit("\x1b[2K").next().unwrap();
    assert!(last.contains(error) && !last.contains("Waiting for"), "{seen:?}");
    let quiet = run(&platform, &[&WAIT[..], &["-q"]].concat()).run();
    assert!(!quiet.screen.contains("Waiting for") && quiet.screen.contains(error), "{quiet:?}");
    let piped = platform.tdx(&WAIT).run();
    piped.error(8, "not-ready");
    assert!(!piped.stderr.contains(['\x1b', '\r']), "{piped:?}");
}

#[test]
fn errors_are_text_on_a_terminal_and_json_elsewhere() {
    let platform = Platform::start();
    let wrong = ["ps-check", "Custmer 360"];
    let seen = Run { piped: true, ..run(&platform, &wrong) }.run();
    assert_eq!((seen.code, seen.piped.as_str()), (3, ""));
    assert_eq!(
        seen.screen,
        "\x1b[1;31merror\x1b[0m: there is no parent segment named 'Custmer 360'\n\x1b[2m→ did you mean 'Customer 360'?\x1b[0m\n\x1b[2m→ tdx-rt explain not-found\x1b[0m\n"
    );
    let plain = Run { variables: &[("NO_COLOR", "1")], ..run(&platform, &wrong) }.run();
    assert_eq!(
        plain.screen,
        "error: there is no parent segment named 'Custmer 360'\n→ did you mean 'Customer 360'?\n→ tdx-rt explain not-found\n"
    );
    let dumb = Run { variables: &[("TERM", "dumb")], ..run(&platform, &wrong) }.run();
    assert_eq!(dumb.screen, plain.screen);
    let json = run(&platform, &[&wrong[..], &["--error-format", "json"]].concat()).run();
    assert!(json.screen.starts_with("{\"error\":{\"code\":\"not-found\""), "{json:?}");
    platform.tdx(&wrong).run().error(3, "not-found");
}

#[test]
fn deleting_is_asked_about_at_the_terminal() {
    let platform = configured();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("plan.yaml"), BASE).unwrap();
    let apply = ["apply", "plan.yaml", "--prune-item", "attributes.country", "--interval", "5ms"];
    let question = "Delete attributes.country? [y/N] ";
    let attempt =
        |answer| Run { answer, piped: true, folder: Some(folder.path()), ..run(&platform, &apply) }.run();
    for answer in ["n\n", "\n", "what\n"] {
        let refused = attempt(answer);
        assert!(refused.code != 0 && refused.piped.is_empty(), "{refused:?}");
        assert!(refused.screen.contains(question), "{refused:?}");
        assert!(refused.screen.contains("nothing was changed: you said no"), "{refused:?}");
    }
    // Without a terminal, it takes a flag.
    let piped = platform.tdx(&["apply", "--prune-item", "attributes.country"]).stdin(BASE).run();
    let error = piped.error(2, "usage");
    assert!(said(&error, "message").contains("there is no terminal to ask on"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let agreed = attempt("y\n");
    assert!(agreed.code == 0 && agreed.screen.contains(question), "{agreed:?}");
    let document: serde_json::Value = serde_json::from_str(&agreed.piped).unwrap();
    assert_eq!(document["deleted"][0]["path"], "attributes.country");
}
