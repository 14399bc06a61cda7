//! What help shows, in which order, and the error of a misspelt command line.

use super::said;
use crate::common::Tdx;

fn help(arguments: &[&str]) -> String {
    let output = Tdx::new(arguments).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
    output.stdout
}

#[test]
fn examples_come_first_then_usage_and_notes_last() {
    super::man::walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        let words: Vec<&str> = path.split(' ').skip(1).collect();
        let all = tdx_rt::program::help::examples(command);
        for flag in ["-h", "--help"] {
            let text = help(&[&words[..], &[flag]].concat());
            let lines: Vec<&str> = text.lines().collect();
            let at = |start: &str| lines.iter().position(|line| line.starts_with(start));
            // The program's own short help says what to do first.
            let heading = if words.is_empty() && flag == "-h" { "First steps:" } else { "Examples:" };
            let (examples, usage) = (at(heading).unwrap(), at(&format!("Usage: {path}")).unwrap());
            assert!(
                examples < usage && !lines[0].is_empty() && !lines[0].starts_with("Examples"),
                "{path}: {text}"
            );
            assert!(at("Options:").is_some_and(|options| options > usage), "{path}: {text}");
            let shown = lines[examples + 1..usage - 1].iter().filter(|line| !line.starts_with("   ")).count();
            let expected = if flag == "-h" { all.len().min(3) } else { all.len() };
            assert_eq!(shown, expected, "{path} {flag}: {text}");
            assert!(lines.iter().all(|line| line.chars().count() <= 100), "{path}: {text}");
            assert!(!text.contains('\u{1b}'));
            if let Some(notes) = tdx_rt::program::help::notes(command) {
                assert_eq!(
                    text.trim_end().ends_with(notes.lines().last().unwrap()),
                    flag == "--help",
                    "{path}: {text}"
                );
            }
        }
        assert!(help(&[&words[..], &["-h"]].concat()).lines().count() <= 66, "{path} -h is long");
    });
}

/// An example as it runs: without remarks and continued lines, and with one space where there are several.
fn commands(lines: &str) -> String {
    let lines = lines.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let runs = lines.map(|line| line.split("  # ").next().unwrap().trim()).collect::<Vec<_>>().join("\n");
    let whole = runs.replace("\\\n", " ").replace('\n', " ");
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn in_a_narrow_window_no_line_is_longer_and_examples_stay_commands() {
    for (columns, width) in [("60", 60), ("80", 80)] {
        super::man::walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
            let words: Vec<&str> = path.split(' ').skip(1).collect();
            let output = Tdx::new(&[&words[..], &["--help"]].concat()).env("COLUMNS", columns).run();
            let (_, rest) = output.stdout.split_once("\nExamples:\n").unwrap();
            let (shown, _) = rest.split_once("\nUsage: ").unwrap();
            let all = tdx_rt::program::help::examples(command).join("\n");
            assert_eq!(commands(shown), commands(&all), "{path}: {shown}");
            for line in output.stdout.lines().filter(|line| line.chars().count() > width) {
                // One word that is longer, or one in quotes.
                let longest = line.trim().split(' ').map(|word| word.chars().count()).max().unwrap();
                let breaks = line.trim_end_matches(" \\").trim().contains(' ') && !line.contains(['\'', '"']);
                assert!(
                    !breaks || longest + 8 > width || line.starts_with("Usage") || line.starts_with("   "),
                    "{path}: {line}"
                );
            }
        });
    }
}

#[test]
fn global_options_are_on_a_page_of_their_own() {
    let root = tdx_rt::cli::command();
    let global: Vec<String> = root
        .get_arguments()
        .filter(|argument| argument.is_global_set() && !argument.is_hide_set())
        .map(|argument| argument.get_long().unwrap().to_owned())
        .collect();
    assert!(global.len() > 20, "{global:?}");
    let lists = |text: &str, long: &str| {
        // `  -o, --output <FILE>` or `      --site <SITE>`
        let option = |line: &str| {
            line.split_at_checked(6).and_then(|(_, rest)| rest.strip_prefix("--")).map(str::to_owned)
        };
        text.lines().filter_map(option).any(|name| name.split([' ', '.', '[']).next() == Some(long))
    };
    super::man::walk(&root, "tdx-rt", &mut |command, path| {
        let words: Vec<&str> = path.split(' ').skip(1).collect();
        for flag in ["-h", "--help"] {
            let text = help(&[&words[..], &[flag]].concat());
            if words.is_empty() && flag == "--help" {
                assert!(global.iter().all(|long| lists(&text, long)), "{text}");
                continue;
            }
            let own = |long: &str| {
                command.get_arguments().any(|it| !it.is_global_set() && it.get_long() == Some(long))
            };
            let repeated = global.iter().find(|long| lists(&text, long) && !own(long));
            assert_eq!(repeated, None, "{path} {flag}: {text}");
            assert!(text.contains("\nGlobal options: tdx-rt help options\n"), "{path} {flag}: {text}");
        }
    });
    let page = help(&["help", "options"]);
    assert!(global.iter().all(|long| lists(&page, long)), "{page}");
    let manual = help(&["man", "options"]).replace("\\-", "-");
    assert!(global.iter().all(|long| manual.contains(&format!("\\fB--{long}\\fR"))), "{manual}");
}

#[test]
fn a_command_that_asks_takes_y_as_well() {
    let mut found = 0;
    super::man::walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        for argument in command.get_arguments().filter(|argument| argument.get_long() == Some("yes")) {
            assert_eq!(argument.get_short(), Some('y'), "{path}");
            found += 1;
        }
    });
    assert!(found >= 8, "{found}");
}

#[test]
fn without_a_command_a_pipe_gets_an_error_and_no_help() {
    let error = Tdx::new(&[]).run().error(2, "usage");
    assert_eq!(error["message"], "no command is given");
    assert!(said(&error, "hint").starts_with("one of config, ps-check, "), "{error}");
}

#[test]
fn a_word_of_another_tool_gets_its_meaning() {
    for (line, hint) in [
        ("plan", "`tdx-rt diff plan.yaml` shows"),
        ("PLAN", "`tdx-rt diff plan.yaml` shows"),
        ("plan -f x.yaml", "`tdx-rt diff plan.yaml` shows"),
        ("help plan", "`tdx-rt diff plan.yaml` shows"),
        ("status", "`tdx-rt ps-check` shows"),
        ("stauts", "`tdx-rt ps-check` shows"),
        ("login", "the API key is the variable TDX_API_KEY"),
        ("login", "api_key_command in ~/.config/tdx/tdx.json"),
        ("whoami", "`tdx-rt config` shows"),
        ("init", "`tdx-rt discover --ps PS"),
        ("rm", "`tdx-rt rt-events delete NAME`"),
        ("remove attribute x", "`tdx-rt rt-events delete NAME`"),
        ("ls", "`tdx-rt rt-events list`"),
        ("version", "`tdx-rt --version`"),
        ("get events", "`tdx-rt rt-events list`"),
        ("create", "`tdx-rt apply plan.yaml` makes"),
        ("up", "`tdx-rt apply plan.yaml` makes"),
        ("destroy", "`tdx-rt undo` takes back"),
        ("rollback", "`tdx-rt undo` restores"),
        ("import", "`tdx-rt export PS > plan.yaml`"),
        ("lint", "`tdx-rt validate plan.yaml`"),
        ("test", "`tdx-rt pz-test` sends"),
        ("logs", "`tdx-rt undo list`"),
        ("use jp01", "--site and --profile"),
        ("doctor", "`tdx-rt config` shows"),
        ("pause welcome", "`tdx-rt journey-create pause NAME`"),
        // Behind a command, its subcommand.
        ("rt-events rm x", "did you mean 'delete'?"),
        ("events ls", "did you mean 'list'?"),
        ("journey remove x", "did you mean 'delete'?"),
        ("sandbox faults delete 1", "did you mean 'remove'?"),
        ("sandbox snapshot ls", "did you mean 'list'?"),
        // A typo of a word here goes first.
        ("evnets", "did you mean 'events'?"),
        ("rt-key", "did you mean 'rt-keys'?"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let error = Tdx::new(&words).run().error(2, "usage");
        assert!(said(&error, "hint").contains(hint), "{line}: {error}");
        let text = Tdx::new(&[&words[..], &["--error-format", "text"]].concat()).run();
        assert!(text.code == 2 && text.stdout.is_empty() && text.stderr.contains(hint), "{line}: {text:?}");
    }
    let error = Tdx::new(&["weather"]).run().error(2, "usage");
    assert!(said(&error, "hint").contains("Usage: tdx-rt"), "{error}");
}

#[test]
fn a_slip_gets_the_nearest() {
    for (arguments, hint) in [
        (&["rt-event"][..], "'rt-events'"),
        (&["explian"], "'explain'"),
        (&["rt-events", "lst"], "'list'"),
        (&["sandbox", "faults", "ad", "reset"], "'add'"),
        (&["sandbox", "snapshot", "sve", "x"], "'save'"),
        (&["sandbox", "clok"], "'clock'"),
        (&["apply", "plan.yaml", "--prnue"], "'--prune'"),
        (&["rt-events", "list", "--pss", "1"], "'--ps'"),
        (&["ps-check", "--colour", "never"], "'--color'"),
        (&["ps-check", "--color", "nevr"], "'never'"),
        (&["discover", "--use-case", "wbe"], "'web'"),
        (&["completions", "bsh"], "'bash'"),
        (&["--error-fromat", "json", "config"], "'--error-format'"),
    ] {
        let error = Tdx::new(arguments).run().error(2, "usage");
        assert!(said(&error, "hint").contains(hint), "{arguments:?}: {error}");
    }
}

#[test]
fn a_flag_of_another_command_names_that_command() {
    for (arguments, owner) in [
        (&["apply", "plan.yaml", "--event", "a=b.c"][..], "--event belongs to: tdx-rt rt-events"),
        (&["diff", "plan.yaml", "--skip-changed"], "--skip-changed belongs to: tdx-rt undo"),
        (&["ps-check", "--retry-after=2"], "--retry-after belongs to: tdx-rt sandbox faults add"),
        (&["--use-case", "web"], "--use-case belongs to: tdx-rt discover"),
    ] {
        let error = Tdx::new(arguments).run().error(2, "usage");
        assert!(said(&error, "hint").lines().any(|line| line == owner), "{arguments:?}: {error}");
        assert!(!said(&error, "hint").contains("as a value"), "{arguments:?}: {error}");
    }
    let error = Tdx::new(&["apply", "--nobody-has-this"]).run().error(2, "usage");
    assert!(!said(&error, "hint").contains("belongs"), "{error}");
}
