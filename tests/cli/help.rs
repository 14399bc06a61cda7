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
            let (examples, usage) = (at("Examples:").unwrap(), at(&format!("Usage: {path}")).unwrap());
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
    }
    let error = Tdx::new(&["apply", "--nobody-has-this"]).run().error(2, "usage");
    assert!(!said(&error, "hint").contains("belongs"), "{error}");
}
