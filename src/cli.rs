//! The root parser, the global flags and the one dispatch.

mod ending;
mod filter;
mod format;
mod left_running;
mod line;
mod meaning;
mod panic;
mod wrong;

use crate::api::{Client, curl_commands};
use crate::commands::sandbox::{self, Ended};
use crate::commands::{Command, GROUPS, SCHEMAS, completions};
use crate::context::{Context, RequestOptions};
use crate::error::{Code, Error};
use crate::file::is_stdout;
use crate::input::parse_duration;
use crate::outcome::Outcome;
use crate::program::{Program, help, nouns, shell};
use crate::settings::{Environment, Flags, key_file};
use crate::ui::{ColorChoice, ErrorFormat, Format, Halted, Ui, UiOptions};
use clap::{ArgAction, Args, CommandFactory, Parser};
use ending::Ending;
use line::{Parsed, parse};
use panic::catch_panic;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// Set up Treasure Data real-time 2.0 personalization from the shell
///
/// Small commands, each doing one step and printing one JSON document, that chain with each other
/// and with jq. `tdx-rt sandbox` brings an offline platform to try everything on.
#[derive(Debug, Parser)]
#[command(
    name = "tdx-rt",
    version,
    max_term_width = 100,
    before_help = "Examples:
  tdx-rt sandbox -- bash                       # try everything offline, without an account
  tdx-rt config                                # what is set for your account, and where
  tdx-rt ps-check                              # which parent segments have real-time
  tdx-rt ps-check --wait \"Customer 360\" | tdx-rt discover --use-case web --database web_events |
    tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs | tdx-rt pz-create |
    tdx-rt pz-test --key td_client_id=u1
  tdx-rt apply plan.yaml                       # all of it from one plan",
    after_help = "Exit codes: 0 ok · 1 the answer is no · 2 usage or invalid plan · 3 not found · 4 no or bad key ·
5 forbidden · 6 conflict · 7 rate-limited · 8 not ready in time · 9 network, server or file ·
10 changes (diff --exit-code) · 11 changed, but the output was lost · 70 a bug · 130 interrupted ·
143 terminated

`tdx-rt explain CODE` explains an error or finding; `tdx-rt man` has the manual. Nouns are aliases:
`tdx-rt journey pause NAME` is `tdx-rt journey-create pause NAME`; `tdx-rt journey`, `tdx-rt pz` and
`tdx-rt ps` list theirs."
)]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = help::GLOBAL)]
struct GlobalArgs {
    /// Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03
    #[arg(long, global = true, value_name = "SITE")]
    site: Option<String>,
    /// Profile of ~/.config/tdx/tdx.json
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// File with the API key, which wins over the environment; `-` reads it from stdin
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// Address in place of all the site's hosts, such as a sandbox
    #[arg(long, global = true, value_name = "URL")]
    endpoint: Option<String>,
    /// Let a plan name this variable; those that begin with TDX_RT_HOOK_ it may name anyway
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME")]
    allow_env: Vec<String>,
    /// Filter the document with a jq expression; strings print unquoted
    #[arg(long, global = true, value_name = "EXPR", allow_hyphen_values = true)]
    jq: Option<String>,
    /// Variable $NAME of --jq, as a string
    #[arg(long, global = true, hide_short_help = true, num_args = 2, value_names = ["NAME", "VALUE"], action = ArgAction::Append, allow_hyphen_values = true)]
    arg: Vec<String>,
    /// Variable $NAME of --jq, as JSON
    #[arg(long, global = true, hide_short_help = true, num_args = 2, value_names = ["NAME", "JSON"], action = ArgAction::Append, allow_hyphen_values = true)]
    argjson: Vec<String>,
    /// Exit 1 when the last output of --jq is false or null, or there is none
    #[arg(long, global = true, hide_short_help = true)]
    exit_status: bool,
    /// Run --jq without checking first that its fields can be there
    #[arg(long, global = true, hide_short_help = true, requires = "jq")]
    no_jq_check: bool,
    /// Save the document to a file: whole or not at all, where that is possible
    #[arg(short, long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print JSON on a terminal too, as elsewhere; TDX_RT_OUTPUT=json does so for all commands
    #[arg(long, global = true, hide_short_help = true)]
    json: bool,
    /// Print each element of a list as a line of its own
    #[arg(long, global = true, hide_short_help = true)]
    jsonl: bool,
    /// Print YAML, for plans to keep
    #[arg(long, global = true, conflicts_with_all = ["jq", "jsonl", "json"])]
    yaml: bool,
    /// Print for people also where stdout is no terminal: a table or a report
    #[arg(id = "for-people", long = "table", global = true, hide_short_help = true, conflicts_with_all = ["jq", "jsonl", "json", "yaml"])]
    table: bool,
    /// Print a list as tab-separated lines, with the names of the columns first
    #[arg(long, global = true, hide_short_help = true, conflicts_with_all = ["jq", "jsonl", "json", "yaml", "for-people"])]
    tsv: bool,
    /// Send nothing that writes; print the requests that would be sent (a reading command: its document)
    #[arg(long, global = true)]
    dry_run: bool,
    /// The same as commands for sh with curl, keys as variables (a reading command: what it has read)
    #[arg(long, global = true, hide_short_help = true, conflicts_with_all = ["jq", "jsonl", "yaml", "for-people", "tsv"])]
    curl: bool,
    /// No status, progress or summary on stderr
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Report every request on stderr, as plain lines; -vv adds what was sent and the sizes
    #[arg(short, long, global = true, hide_short_help = true, action = ArgAction::Count)]
    verbose: u8,
    /// When to colour
    #[arg(long, global = true, hide_short_help = true, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
    /// How errors are written
    #[arg(long, global = true, hide_short_help = true, value_enum, value_name = "FORMAT", default_value_t)]
    error_format: ErrorFormat,
    /// Time for the whole command: it ends between two writes, never inside one [default: none]
    #[arg(long, global = true, hide_short_help = true, value_name = "DURATION", value_parser = parse_duration)]
    deadline: Option<Duration>,
    /// Time for one request with its whole answer; with its retries, three times as long at the most
    #[arg(long, global = true, hide_short_help = true, value_name = "DURATION", default_value = "60s", value_parser = parse_duration)]
    request_timeout: Duration,
    /// How often a request is tried again where that is safe
    #[arg(long, global = true, hide_short_help = true, value_name = "N", default_value_t = 4)]
    retries: usize,
}

impl GlobalArgs {
    fn format(&self) -> Format {
        match self {
            _ if self.jsonl => Format::Jsonl,
            _ if self.yaml => Format::Yaml,
            _ if self.table => Format::Table,
            _ if self.tsv => Format::Tsv,
            _ if self.json => Format::Json,
            _ => Format::Auto,
        }
    }
}

/// The program, for the commands that describe it.
pub const PROGRAM: Program = Program { command, schemas: SCHEMAS, groups: GROUPS };

/// The whole command line as clap sees it.
pub fn command() -> clap::Command {
    help::arranged(Cli::command())
}

/// The same with what is not listed: nouns, and the page of global options.
pub fn parser() -> clap::Command {
    help::with_place_of_options(nouns::with_nouns(command()))
}

/// Parses and runs; returns the exit code. All output goes through [`Ui`].
pub fn main(arguments: impl IntoIterator<Item = std::ffi::OsString>, env: Environment) -> u8 {
    let arguments = shell::as_called(arguments.into_iter().collect(), &PROGRAM);
    if let Some(code) = completions::answer(&arguments, &env, PROGRAM) {
        return code;
    }
    if let Some(code) = sandbox::run_bound(&arguments) {
        return code;
    }
    let arguments = nouns::resolved(arguments, &PROGRAM);
    let Parsed { cli, words, bulk, summary, raw } = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return wrong::parse_failed(&error, &arguments, &env),
    };
    let Cli { global, command } = cli;
    let ui = UiOptions {
        color: global.color,
        no_color: no_color(&env),
        error_format: global.error_format,
        quiet: global.quiet,
        // As with -f, `-` is the stream.
        output: global.output.clone().filter(|path| !is_stdout(path)),
        format: format::of(&global, &env),
        columns: columns(&env),
    };
    let api_key = match global.api_key_file.as_deref().map(key_file::read).transpose() {
        Ok(api_key) => api_key,
        Err(error) => {
            Ui::new(ui).error(&error);
            return error.code.exit_code();
        }
    };
    let flags = Flags {
        site: global.site.clone(),
        profile: global.profile.clone(),
        endpoint: global.endpoint.clone(),
        api_key,
        api_key_file: global.api_key_file.clone(),
    };
    let requests = RequestOptions {
        timeout: global.request_timeout,
        retries: global.retries,
        dry_run: global.dry_run || global.curl,
        curl: global.curl,
        verbose: if global.quiet { 0 } else { global.verbose },
    };
    let mut ctx = Context::new(Ui::new(ui.clone()), env, flags, requests, PROGRAM);
    ctx.allowed_env.clone_from(&global.allow_env);
    // A sandbox ends by its own rules.
    let serves = matches!(&command, Command::Sandbox(args) if args.starts());
    let ending = (!serves).then(|| {
        Ending::watch(
            (ui, Box::new(ctx.hiding())),
            (ctx.writes(), ctx.running()),
            ctx.stop(),
            global.deadline,
        )
    });
    let ran = catch_panic(|| {
        filter::prepare(&global, &ctx, &words, bulk, summary, raw)?;
        format::prepare(&global, &ctx, &words, bulk, raw)?;
        run(&global, &command, &ctx, ending.as_ref())
    });
    // An error comes last.
    ctx.report_total();
    let error = match ran {
        Ok(Ok(code)) => return code,
        Ok(Err(error)) if error.is::<Halted>() => {
            return error.downcast_ref().map_or(Code::Jq.exit_code(), Halted::exit_code);
        }
        Ok(Err(error)) => wrong::with_wait_hint(Error::from_anyhow(&error), &arguments),
        Err(message) => Error::new(Code::Bug, format!("this is a defect in tdx-rt: {message}"))
            .hint("please report it with the command line, without keys and tokens"),
    };
    let mut error = ctx.writes().add_to(error);
    if error.follows {
        // Several steps of a pipeline may say so.
        error.message = format!("{words}: {}", error.message);
    }
    if let Some(ending) = &ending {
        ending.take_turn();
    }
    ctx.ui.error(&error);
    error.code.exit_code()
}

/// Whether colours are not wanted, or mean nothing to the terminal.
fn no_color(env: &Environment) -> bool {
    env.is_set("NO_COLOR") || env.var("TERM").as_deref() == Some("dumb")
}

/// The width that is set for output that goes to no terminal.
fn columns(env: &Environment) -> Option<usize> {
    env.var("COLUMNS").and_then(|text| text.parse().ok()).filter(|columns| *columns > 0)
}

fn run(global: &GlobalArgs, command: &Command, ctx: &Context, ending: Option<&Ending>) -> anyhow::Result<u8> {
    // An output that cannot be written fails before any request is sent.
    ctx.ui.check_output()?;
    let wants_text = match command {
        Command::JourneyMonitor(args) if args.query.sql => Some("--sql".to_owned()),
        Command::Export(args) if args.seed => Some("--seed".to_owned()),
        Command::Diff(args) if args.unified => Some("--unified".to_owned()),
        Command::Graph(args) => args.text_format().map(|format| format!("--format {}", format.get_name())),
        Command::Validate(args) => args.text_format().map(|format| format!("--format {}", format.get_name())),
        _ => None,
    };
    if let Some(flag) = wants_text
        && (ctx.ui.filter().is_some() || global.format() != Format::Auto)
    {
        let message =
            format!("{flag} is text: it does not go with --jq, --json, --jsonl, --yaml, --table and --tsv");
        return Err(Error::new(Code::Usage, message).into());
    }
    if let Command::Sandbox(args) = command
        && args.starts()
    {
        return runtime(true)?.block_on(sandbox::start(args, ctx)).map(|ended| match ended {
            Ended::Served => 0,
            Ended::Command(code) => code,
        });
    }
    let runtime = runtime(false)?;
    let command = command.run(ctx);
    let outcome = match ending {
        Some(ending) => runtime.block_on(ending.unless_it_comes(command)),
        None => runtime.block_on(command),
    };
    let outcome = outcome.map_err(|error| runtime.block_on(left_running::stop(ctx, error)));
    // A thread that still reads stdin is not waited for.
    runtime.shutdown_background();
    let outcome = outcome?;
    finish(ctx, outcome, global)
}

fn runtime(threads: bool) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = match threads {
        true => tokio::runtime::Builder::new_multi_thread(),
        false => tokio::runtime::Builder::new_current_thread(),
    };
    Ok(builder.enable_all().build()?)
}

fn finish(ctx: &Context, outcome: Outcome, global: &GlobalArgs) -> anyhow::Result<u8> {
    let Outcome { mut document, summary, reads, collected, text, exit_code, ends_with, as_json, printed } =
        outcome;
    let dry_run = ctx.requests.dry_run && !reads;
    let collected = collected.or_else(|| ctx.made_client().map(Client::collected)).unwrap_or_default();
    let for_people = ctx.ui.is_for_people() && !(as_json && global.format() == Format::Auto);
    let plain = ctx.ui.filter().is_none() && global.format() == Format::Auto;
    let text = text.filter(|text| !dry_run && (text.always && plain || for_people));
    let has_summary = text.as_ref().is_some_and(|text| text.has_summary);
    let requests = if reads { collected.reads } else { collected.writes };
    if dry_run {
        document = json!({"dry_run": true, "requests": requests});
    }
    let kept = document.clone();
    let print = || match (printed, text) {
        (Some(truthy), _) => Ok(truthy),
        _ if global.curl && (dry_run || !requests.is_empty()) => {
            let commands = curl_commands(&requests, &ctx.settings()?.shell_authorization());
            ctx.ui.text(&commands).map(|()| true)
        }
        (None, Some(text)) => ctx.ui.text(text.text).map(|()| true),
        (None, None) if dry_run && for_people => {
            ctx.ui.text(format::requests(&document, ctx.ui.page())).map(|()| true)
        }
        (None, None) => ctx.ui.document(document, for_people),
    };
    let truthy = print().or_else(|error| match error.is::<Halted>() && ends_with.is_some() {
        // An error of the command is still reported, and decides the exit code.
        true => Ok(true),
        false => Err(ctx.output_lost(error, kept)),
    })?;
    if let Some(error) = ends_with {
        ctx.report_total();
        ctx.ui.error(&error);
        return Ok(error.code.exit_code());
    }
    match summary {
        Some(_) if dry_run => ctx.ui.status("dry run: nothing was sent that writes"),
        Some(summary) if !has_summary => ctx.ui.sentence(&summary),
        _ => {}
    }
    Ok(if truthy { exit_code } else { Code::CheckFailed.exit_code() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
