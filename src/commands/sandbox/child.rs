//! A command that is run against a fresh sandbox.

use super::bound;
use super::shell::{self, Variable};
use super::stop::{Reason, Stop};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::sandbox::Running;
use crate::settings::Environment;
use anyhow::Context as _;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long a command that is no longer waited for may take to end.
const GRACE: Duration = Duration::from_secs(2);

/// Runs a command with everything set and returns its exit code.
pub async fn run(
    ctx: &Context,
    running: &Running,
    stop: &mut Stop,
    program: &OsStr,
    rest: &[OsString],
) -> anyhow::Result<u8> {
    let state = tempfile::Builder::new()
        .prefix("tdx-rt-sandbox-")
        .tempdir()
        .context("cannot make a folder for the sandbox's state")?;
    let report = state.path().join(".not-run");
    let mut variables = variables(ctx, running, state.path())?;
    let rest = match shell::name(program, rest) {
        Some(name) => {
            shell::greet(ctx, &running.url);
            shell::marked(name, rest, &state.path().join(".shell"), ctx, &mut variables)
        }
        None => rest.to_vec(),
    };
    let mut command = bound::command(program, &rest, &report);
    command.kill_on_drop(true);
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let audience = Audience::of(&mut command);
    let mut child = command.spawn().map_err(|error| not_run(program, &error.to_string()))?;
    let status = wait(&mut child, stop, audience).await?;
    match std::fs::read_to_string(&report) {
        Ok(reason) => Err(not_run(program, &reason).into()),
        Err(_) => Ok(exit_code(status)),
    }
}

/// What the command finds set, and what is taken from it.
fn variables(ctx: &Context, running: &Running, state: &Path) -> anyhow::Result<Vec<Variable>> {
    let mut variables: Vec<Variable> = vec![
        ("TDX_RT_ENDPOINT".into(), Some(running.url.as_str().into())),
        ("TDX_API_KEY".into(), Some(running.api_key.as_str().into())),
        ("TDX_RT_STATE_DIR".into(), Some(state.into())),
    ];
    // A real key or token must not win over the sandbox's, nor travel to it.
    let real = |name: &&str| Environment::is_credential(name) && !name.eq_ignore_ascii_case("TDX_API_KEY");
    variables.extend(ctx.env.names().filter(real).map(|name| (name.to_owned(), None)));
    if let Some((url, authority)) = running.https() {
        variables.push(("TDX_RT_HTTPS_ENDPOINT".into(), Some(url.into())));
        variables.push(("TDX_RT_CA_FILE".into(), Some(authority.into())));
    }
    if let Some(path) = path_with_this_program(ctx)? {
        variables.push(("PATH".into(), Some(path)));
    }
    Ok(variables)
}

fn not_run(program: &OsStr, reason: &str) -> Error {
    let name = program.to_string_lossy();
    Error::new(Code::NotFound, format!("cannot run '{name}': {reason}")).hint(
        "the words behind -- are the command and its arguments; a script needs its interpreter or the executable bit",
    )
}

/// Waits for the command's end, and passes on the signals that do not reach it by themselves.
async fn wait(child: &mut Child, stop: &mut Stop, audience: Audience) -> anyhow::Result<ExitStatus> {
    let mut orphaned = false;
    loop {
        tokio::select! {
            status = child.wait() => return status.context("cannot wait for the command"),
            reason = stop.wait() => {
                orphaned |= reason == Reason::Orphaned;
                audience.signal(child, reason);
            }
            () = tokio::time::sleep(GRACE), if orphaned => {
                audience.kill(child);
                orphaned = false;
            }
        }
    }
}

/// Who gets a signal.
#[derive(Debug, Clone, Copy)]
enum Audience {
    /// The command. It shares the terminal's process group, so Ctrl-C reaches it and its children
    /// from the terminal itself.
    Command,
    /// The process group of the command, its children included: there is no terminal that could signal
    /// them, nor anything that a group of their own would cut them off from.
    #[cfg(unix)]
    Group,
}

#[cfg(unix)]
impl Audience {
    fn of(command: &mut Command) -> Self {
        match terminal() {
            Some(_) => Audience::Command,
            None => {
                command.process_group(0);
                Audience::Group
            }
        }
    }

    fn signal(self, child: &Child, reason: Reason) {
        use rustix::process::Signal;
        match (reason, self) {
            // In the foreground, the terminal sent it to the command as well.
            (Reason::Interrupt, Audience::Command) if is_foreground() => {}
            (Reason::Interrupt, _) => self.send(child, Signal::INT),
            (Reason::Terminate | Reason::Orphaned, _) => self.send(child, Signal::TERM),
        }
    }

    fn kill(self, child: &Child) {
        self.send(child, rustix::process::Signal::KILL);
    }

    fn send(self, child: &Child, signal: rustix::process::Signal) {
        use rustix::process::{Pid, kill_process, kill_process_group};
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let Some(pid) = pid else { return };
        // Fails only when the command has ended already.
        let _ = match self {
            Audience::Command => kill_process(pid, signal),
            Audience::Group => kill_process_group(pid, signal),
        };
    }
}

/// The terminal that controls this process, where there is one.
#[cfg(unix)]
fn terminal() -> Option<std::fs::File> {
    std::fs::File::open("/dev/tty").ok()
}

/// Whether what is typed on the terminal is meant for this process's group.
#[cfg(unix)]
fn is_foreground() -> bool {
    let foreground = terminal().and_then(|terminal| rustix::termios::tcgetpgrp(terminal).ok());
    foreground == Some(rustix::process::getpgrp())
}

#[cfg(not(unix))]
impl Audience {
    fn of(_: &mut Command) -> Self {
        Audience::Command
    }

    fn signal(self, child: &mut Child, reason: Reason) {
        if reason != Reason::Interrupt {
            self.kill(child);
        }
    }

    fn kill(self, child: &mut Child) {
        // Fails only when the command has ended already.
        let _ = child.start_kill();
    }
}

/// The command's exit code; 128 + signal when it was killed, as in shells.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(signal.saturating_add(128)).unwrap_or(u8::MAX);
        }
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The folder of the running program before everything else on the PATH.
fn path_with_this_program(ctx: &Context) -> anyhow::Result<Option<OsString>> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let Some(dir) = program.parent() else { return Ok(None) };
    let mut dirs: Vec<PathBuf> = vec![dir.to_owned()];
    if let Some(path) = ctx.env.var_os("PATH") {
        dirs.extend(std::env::split_paths(path));
    }
    Ok(Some(std::env::join_paths(dirs).context("cannot put this program first on the PATH")?))
}
