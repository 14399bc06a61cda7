//! What a shell knows of the program: its completion scripts, and the links that are one command each.

use super::Program;
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::Path;

/// The program's own name.
pub(crate) const PROGRAM: &str = "tdx-rt";

/// The script of a shell, as it is checked in.
pub(crate) fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../completions/tdx-rt.bash"),
        Shell::Zsh => include_str!("../../completions/_tdx-rt"),
        Shell::Fish => include_str!("../../completions/tdx-rt.fish"),
        Shell::Elvish => include_str!("../../completions/tdx-rt.elv"),
        _ => include_str!("../../completions/_tdx-rt.ps1"),
    }
}

/// The names of the links: `tdx-` and the command.
pub(crate) fn link_names(program: &Program) -> impl Iterator<Item = String> {
    let root = program.command();
    let names: Vec<_> = root
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
        .map(|sub| format!("tdx-{}", sub.get_name()))
        .collect();
    names.into_iter()
}

/// The command that a program name stands for: `tdx-ps-check` is `ps-check`, and so is
/// `tdx-rt-ps-check`.
pub(crate) fn command_of_name(name: &str, program: &Program) -> Option<String> {
    let name = Path::new(name).file_name()?.to_str()?;
    let name = name.strip_suffix(".exe").unwrap_or(name);
    // The usual case, and no reason to build the whole parser.
    if name == PROGRAM {
        return None;
    }
    let rest = name.strip_prefix("tdx-")?;
    let root = program.command();
    let known = |word: &str| root.find_subcommand(word).map(|sub| sub.get_name().to_owned());
    known(rest).or_else(|| known(rest.strip_prefix("rt-")?))
}

/// The command line with the command that the program's name stands for.
pub(crate) fn as_called(mut arguments: Vec<OsString>, program: &Program) -> Vec<OsString> {
    let name = arguments.first().and_then(|name| name.to_str());
    if let Some(command) = name.and_then(|name| command_of_name(name, program)) {
        // Usage lines show the usual name.
        arguments.splice(..1, [PROGRAM.into(), command.into()]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::command_of_name;

    #[test]
    fn a_name_stands_for_its_command() {
        for (name, command) in [
            ("tdx-rt", None),
            ("/usr/bin/tdx-rt", None),
            ("tdx-ps-check", Some("ps-check")),
            ("/opt/bin/tdx-ps-check", Some("ps-check")),
            ("tdx-rt-events", Some("rt-events")),
            ("tdx-rt-rt-events", Some("rt-events")),
            ("tdx-rt-ps-check", Some("ps-check")),
            ("tdx-rt-1.2", None),
            ("tdx", None),
            ("ps-check", None),
            ("tdx-help", None),
        ] {
            assert_eq!(command_of_name(name, &crate::cli::PROGRAM).as_deref(), command, "{name}");
        }
    }
}
