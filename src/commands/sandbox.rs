//! `tdx-rt sandbox`: the offline platform; with a command, runs it against a fresh sandbox.

use super::Outcome;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::sandbox::{Options, Running, Seed, Settle, start};
use crate::ui::OutputFilter;
use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitStatus;
use tokio::process::{Child, Command};

/// Run the offline sandbox of the platform, or a command against a fresh one
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  tdx-rt sandbox                          serve until Ctrl-C; prints {\"url\":…,\"api_key\":…}
  tdx-rt sandbox -- sh examples/quickstart.sh
  tdx-rt sandbox -- bash                  a shell with everything set

The command finds TDX_RT_ENDPOINT and TDX_API_KEY set, and this program first on its PATH. Its exit
code is returned.")]
pub struct SandboxArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// What is there at the start: demo or empty
    #[arg(long, value_name = "SEED", default_value = "demo", value_parser = ["demo", "empty"])]
    seed: String,
    /// When a change is rolled out: now, 150ms, 30s, 2reads, never or inconsistent
    #[arg(long, value_name = "WHEN", default_value = "150ms")]
    settle: Settle,
    /// Command to run against the sandbox
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// What the command ended with.
#[derive(Debug)]
pub enum Ended {
    /// The server was stopped.
    Served,
    /// The command's own exit code.
    Command(u8),
}

/// Runs the command.
pub async fn run(args: &SandboxArgs, ctx: &Context, filter: Option<&OutputFilter>) -> anyhow::Result<Ended> {
    let seed = if args.seed == "empty" { Seed::Empty } else { Seed::Demo };
    let options = Options { port: args.port, seed, settle: args.settle, ..Options::default() };
    let running = start(options)
        .await
        .map_err(|error| Error::new(Code::Io, error.to_string()).hint("--port 0 takes a free port"))?;
    let ended = match args.command.split_first() {
        None => serve(ctx, &running, filter).await.map(|()| Ended::Served),
        Some((program, rest)) => run_command(ctx, &running, program, rest).await.map(Ended::Command),
    };
    running.stop().await;
    ended
}

/// Says where it is, then serves until it is told to stop.
async fn serve(ctx: &Context, running: &Running, filter: Option<&OutputFilter>) -> anyhow::Result<()> {
    let mut stop = Stop::new()?;
    let outcome = Outcome::new(json!({
        "url": running.url, "api_key": running.api_key, "port": running.port, "pid": std::process::id(),
    }));
    ctx.ui.document(outcome.document, filter)?;
    ctx.ui.status(&format!(
        "sandbox ready; in another shell: export TDX_RT_ENDPOINT={} TDX_API_KEY={}  (Ctrl-C stops it)",
        running.url, running.api_key
    ));
    stop.wait().await;
    Ok(())
}

async fn run_command(
    ctx: &Context,
    running: &Running,
    program: &OsString,
    rest: &[OsString],
) -> anyhow::Result<u8> {
    let mut stop = Stop::new()?;
    let state = tempfile::Builder::new()
        .prefix("tdx-rt-sandbox-")
        .tempdir()
        .context("cannot make a folder for the sandbox's state")?;
    let mut command = Command::new(program);
    command
        .args(rest)
        .env("TDX_RT_ENDPOINT", &running.url)
        .env("TDX_API_KEY", &running.api_key)
        .env("TDX_RT_STATE_DIR", state.path())
        // A real key or token must not win over the sandbox's, nor travel to it.
        .env_remove("TDX_ACCESS_TOKEN")
        .env_remove("TD_API_KEY")
        .env_remove("TDX_RT_TOKEN")
        .kill_on_drop(true);
    if let Some(path) = path_with_this_program(ctx)? {
        command.env("PATH", path);
    }
    let mut child = command.spawn().map_err(|error| {
        let name = program.to_string_lossy();
        Error::new(Code::NotFound, format!("cannot run '{name}': {error}"))
            .hint("the words behind -- are the command and its arguments; a script needs its interpreter or the executable bit")
    })?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.context("cannot wait for the command")?,
            signal = stop.wait() => forward(&mut child, signal),
        }
    };
    Ok(exit_code(status))
}

/// Ctrl-C reaches the command from the terminal itself; a SIGTERM to us is passed on, so that the
/// command can clean up.
#[cfg(unix)]
fn forward(child: &mut Child, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process};
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let (Signal::Terminate, Some(pid)) = (signal, pid) {
        // Fails only when the command has ended already.
        let _ = kill_process(pid, Number::TERM);
    }
}

#[cfg(not(unix))]
fn forward(child: &mut Child, signal: Signal) {
    if signal == Signal::Terminate {
        // Fails only when the command has ended already.
        let _ = child.start_kill();
    }
}

/// The command's exit code; 128 + signal when it was killed, as shells say it.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    Interrupt,
    Terminate,
}

/// SIGINT and SIGTERM (and SIGHUP, when the terminal goes away).
#[cfg(unix)]
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stop {
    fn new() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let on = |kind| signal(kind).context("cannot listen for signals");
        Ok(Stop {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hangup: on(SignalKind::hangup())?,
        })
    }

    async fn wait(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hangup.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Stop;

#[cfg(not(unix))]
impl Stop {
    fn new() -> anyhow::Result<Self> {
        Ok(Stop)
    }

    async fn wait(&mut self) -> Signal {
        // Without a handler the process just ends, which is what is wanted.
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}
