//! Starting a sandbox, and serving until it is stopped.

use super::stop::Stop;
use super::{Ended, child, seeded};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::unreadable;
use crate::sandbox::clock::parse_time;
use crate::sandbox::durable::file::FileError;
use crate::sandbox::faults::FaultRule;
use crate::sandbox::options::Given;
use crate::sandbox::state::StateError;
use crate::sandbox::tls::TlsError;
use crate::sandbox::{Clock, FixedClock, Options, Running, Seed, Settle, StartError, SystemClock, start};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

/// How a sandbox is started.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Port; 0 takes a free one [default: 0]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Address to listen on; beyond loopback, everyone in the network can use it [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
    /// Answer to this name as well as to localhost
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Let webhooks of journeys go to this host too, as HOST or HOST:PORT; else only to this machine
    #[arg(long, value_name = "HOST")]
    allow_webhook: Vec<String>,
    /// Number that ids and token values depend on, beside the order of requests [default: 0]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Begin with the data of this file, YAML or JSON, instead of the demo data
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "empty")]
    seed_file: Option<PathBuf>,
    /// Begin with what this plan needs, instead of the demo data
    ///
    /// Its parent segment, tables with their columns, batch attributes and segments, connections, and made-up
    /// customers who fulfil its criteria.
    #[arg(long, value_name = "PLAN", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["seed_file", "empty"])]
    seed_from: Option<String>,
    /// Parent segment for --seed-from, by id or name [default: the plan's, else the setting's, else Sandbox]
    #[arg(long, hide_short_help = true, value_name = "PS", requires = "seed_from")]
    ps: Option<String>,
    /// Print the seed as YAML, to begin a file for --seed-file with, and start nothing
    #[arg(long, hide_short_help = true, conflicts_with_all = ["seed_file", "empty", "state", "command"])]
    print_seed: bool,
    /// Begin with nothing instead of the demo data
    #[arg(long)]
    empty: bool,
    /// Folder that keeps everything over restarts and kill -9; made when it is missing
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    state: Option<PathBuf>,
    /// Answer https too, on the same port; the CA file to trust is printed
    ///
    /// The vendor's browser SDK speaks nothing else. The certificate is the sandbox's own; a command finds
    /// the CA file in TDX_RT_CA_FILE, and the address in TDX_RT_HTTPS_ENDPOINT.
    #[arg(long)]
    tls: bool,
    /// When a change is rolled out: now, 150ms, 30s, 2reads, never or inconsistent [default: 150ms, or
    /// 1reads with --clock]
    #[arg(long, value_name = "WHEN")]
    settle: Option<Settle>,
    /// Let the clock stand still at this time; only controls move it. Such as 2026-01-02T03:04:05Z
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    clock: Option<i64>,
    /// Fault rule to begin with, as JSON: {"kind":"status","status":429,"count":2}
    #[arg(long = "fault", value_name = "RULE", value_parser = fault_rule)]
    faults: Vec<FaultRule>,
    /// How many requests the journal keeps [default: 1000]
    #[arg(long, value_name = "N")]
    journal: Option<usize>,
    /// Go on when the process that started it goes away
    #[arg(long)]
    detached: bool,
    /// Command to run against the sandbox
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

impl ServeArgs {
    async fn seed(&self, ctx: &Context) -> Result<Seed, Error> {
        Ok(match (&self.seed_file, &self.seed_from) {
            (Some(file), _) => seed_file(file)?,
            (None, Some(plan)) => seeded::seed(ctx, plan, self.ps.as_deref()).await?,
            (None, None) if self.empty => Seed::Empty,
            (None, None) => Seed::Demo,
        })
    }

    fn options(&self, seed: Seed) -> Options {
        let defaults = Options::default();
        // Where time stands still, only a count of reads can settle anything.
        let settle = self.clock.map_or(defaults.settle, |_| Settle::AfterReads(1));
        let clock: Arc<dyn Clock> = match self.clock {
            Some(ms) => Arc::new(FixedClock::at_ms(ms)),
            None => Arc::new(SystemClock::default()),
        };
        Options {
            listen: self.listen.unwrap_or(Ipv4Addr::LOCALHOST.into()),
            port: self.port.unwrap_or(0),
            allow_hosts: self.allow_host.clone(),
            allow_webhooks: self.allow_webhook.clone(),
            given: Given {
                seed: self.seed.is_some()
                    || self.seed_file.is_some()
                    || self.seed_from.is_some()
                    || self.empty,
                settle: self.settle.is_some() || self.clock.is_some(),
                clock: self.clock.is_some(),
            },
            seed,
            random: self.seed.unwrap_or(0),
            settle: self.settle.unwrap_or(settle),
            clock,
            faults: self.faults.clone(),
            journal: self.journal.unwrap_or(defaults.journal),
            state: self.state.clone(),
            tls: self.tls,
            ..defaults
        }
    }
}

/// Runs the command.
pub async fn run(args: &ServeArgs, ctx: &Context) -> anyhow::Result<Ended> {
    if args.print_seed {
        match &args.seed_from {
            Some(plan) => seeded::print(ctx, plan, args.ps.as_deref()).await?,
            None => ctx.ui.text(Seed::DEMO)?,
        }
        return Ok(Ended::Served);
    }
    // First of all: from here on, a signal or the parent's end is noticed.
    let mut stop = Stop::new(args.detached)?;
    let options = Options { env: ctx.env.clone(), ..args.options(args.seed(ctx).await?) };
    let listen = options.listen;
    let running = start(options).await.map_err(|error| not_started(error, args))?;
    if !listen.is_loopback() {
        ctx.ui.warn(&format!(
            "the sandbox listens on {listen}: everyone who reaches it can use it and its controls"
        ));
    }
    let ended = match args.command.split_first() {
        None => serve(ctx, &running, &mut stop).await.map(|()| Ended::Served),
        Some((program, rest)) => {
            child::run(ctx, &running, &mut stop, program, rest).await.map(Ended::Command)
        }
    };
    running.stop().await;
    ended
}

/// Where a sandbox is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ready<'a> {
    /// Where it listens.
    url: &'a str,
    /// The key that it takes.
    api_key: &'a str,
    #[schemars(range(min = 1))]
    port: u16,
    /// Process id.
    #[schemars(range(min = 1))]
    pid: u32,
    /// Where it answers https; with --tls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    https_url: Option<String>,
    /// Certificate of the authority to trust for https, PEM; with --tls.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    ca_file: Option<String>,
}

/// Says where it is, then serves until it is stopped.
async fn serve(ctx: &Context, running: &Running, stop: &mut Stop) -> anyhow::Result<()> {
    let (https_url, ca_file) = running.https().unzip();
    let ready = Ready {
        url: &running.url,
        api_key: &running.api_key,
        port: running.port,
        pid: std::process::id(),
        https_url,
        ca_file: ca_file.map(|file| file.to_string_lossy().into_owned()),
    };
    ctx.ui.document(json!(ready), ctx.ui.is_for_people())?;
    ctx.ui.hand_over(&format!(
        "sandbox ready; in another shell: export TDX_RT_ENDPOINT={} TDX_API_KEY={}  (Ctrl-C stops it)",
        running.url, running.api_key
    ));
    stop.wait().await;
    Ok(())
}

fn not_started(error: StartError, args: &ServeArgs) -> Error {
    let failed = |code| Error::new(code, error.to_string());
    match &error {
        StartError::Bind { .. } => {
            failed(Code::Io).hint("--port 0 takes a free port; --listen must name an address of this machine")
        }
        StartError::Fault { .. } => {
            failed(Code::Usage).hint("`tdx-rt sandbox faults add --help` lists the kinds")
        }
        StartError::State(StateError::Seed(error)) => match (&args.seed_file, &args.seed_from) {
            (Some(file), _) => Error::new(Code::BadSetting, format!("{}: {error}", file.display())),
            (None, Some(plan)) => seeded::not_made(plan, error),
            (None, None) => failed(Code::Bug),
        },
        StartError::State(StateError::OtherSeed { .. }) => failed(Code::Conflict),
        StartError::State(StateError::Folder { .. }) => {
            failed(Code::Io).hint("--state takes a folder, or a name for a new one, in which you may write")
        }
        StartError::State(StateError::File(FileError::Damaged { .. } | FileError::Foreign(_))) => {
            failed(Code::Io)
                .hint("nothing in it was changed: choose another folder, or put back a copy of this one")
        }
        StartError::State(_) => failed(Code::Io),
        StartError::Tls(TlsError::Names { .. }) => {
            failed(Code::Usage).hint("--allow-host takes a host name in ASCII, or an address")
        }
        StartError::Tls(_) => failed(Code::Io).hint("--state takes a folder in which you may write"),
    }
}

fn seed_file(file: &PathBuf) -> Result<Seed, Error> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(&name, &error))?;
    Seed::parse(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Error::new(Code::BadSetting, format!("{name}: {error}"))
            .hint("`tdx-rt sandbox --print-seed` prints the demo data, which has every key")
    })
}

/// Whether the rule makes sense is checked by the sandbox, which knows its operations.
fn fault_rule(text: &str) -> Result<FaultRule, String> {
    serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}")).and_then(FaultRule::read)
}
