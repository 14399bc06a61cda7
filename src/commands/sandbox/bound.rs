//! A command that is bound to the life of the process that runs it.
//!
//! Linux signals a process at its parent's death only when the process itself asked for it, after the
//! fork and before it becomes the command. So the program runs itself first: this part asks, and then
//! turns into the command. The parent can be killed without a chance to clean up and still leaves no
//! command behind that waits for a sandbox that is gone.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use tokio::process::Command;

/// The word that makes the program turn into a command. It is for internal use.
const WORD: &str = "__bound";

/// The command `program rest…`, bound to this process where the system can do that. When it cannot be
/// run, `report` says why.
pub fn command(program: &OsStr, rest: &[OsString], report: &Path) -> Command {
    let this = Path::new("/proc/self/exe");
    if !cfg!(target_os = "linux") || !this.exists() {
        let mut command = Command::new(program);
        command.args(rest);
        return command;
    }
    let mut command = Command::new(this);
    command.arg(WORD).arg(std::process::id().to_string()).arg(report).arg(program).args(rest);
    command
}

/// Turns into the command when the command line is one of [`command`]'s, and returns the exit code
/// when that fails; `None` for every other command line.
#[cfg(target_os = "linux")]
pub fn run(arguments: &[OsString]) -> Option<u8> {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
    use std::os::unix::process::CommandExt as _;
    let [_, word, parent, report, program, rest @ ..] = arguments else { return None };
    if word != WORD {
        return None;
    }
    let parent = parent.to_str()?.parse().ok().and_then(Pid::from_raw);
    // An interactive shell takes no notice of SIGTERM. Where binding is not possible, the command
    // runs all the same.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // The parent may have died just before.
    if getppid() != parent {
        return Some(128 + 9);
    }
    let error = std::process::Command::new(program).args(rest).exec();
    // The parent reads it; without it, the exit code says as much as a shell's would.
    let _ = std::fs::write(report, error.to_string());
    Some(127)
}

/// Only Linux binds commands.
#[cfg(not(target_os = "linux"))]
pub fn run(_: &[OsString]) -> Option<u8> {
    None
}
