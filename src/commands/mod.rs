//! One file or folder for each command: its arguments (`…Args`), what it prints (`OUTPUTS`), and `run`.

pub mod apply;
pub mod completions;
pub mod config;
pub mod diff;
pub mod discover;
pub mod explain;
pub mod export;
pub mod graph;
pub mod install_links;
pub mod journey_create;
pub mod journey_test;
pub mod man;
pub mod ps_check;
pub mod pz_create;
pub mod pz_test;
pub mod rt_attrs;
pub mod rt_events;
pub mod rt_keys;
pub mod sandbox;
pub mod schema;
pub mod shell_init;
pub mod undo;
pub mod validate;

use crate::context::Context;
use crate::outcome::Outcome;
use crate::schema::{Output, Schemas};
use clap::Subcommand;

/// The table of commands: a row is a variant, its module and its arguments.
macro_rules! commands {
    ($($variant:ident => $module:ident::$arguments:ident,)*) => {
        /// A command with its arguments.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($variant(Box<$module::$arguments>),)*
        }

        impl Command {
            /// Runs the command.
            pub(crate) async fn run(&self, ctx: &Context) -> anyhow::Result<Outcome> {
                match self {
                    $(Command::$variant(args) => $module::run(args, ctx).await,)*
                }
            }
        }

        /// What each command prints.
        const OUTPUTS: &[&[Output]] = &[$($module::OUTPUTS,)*];
    };
}

commands! {
    PsCheck => ps_check::PsCheckArgs,
    Discover => discover::DiscoverArgs,
    RtEvents => rt_events::RtEventsArgs,
    RtKeys => rt_keys::RtKeysArgs,
    RtAttrs => rt_attrs::RtAttrsArgs,
    PzCreate => pz_create::PzCreateArgs,
    PzTest => pz_test::PzTestArgs,
    JourneyCreate => journey_create::JourneyCreateArgs,
    JourneyTest => journey_test::JourneyTestArgs,
    Validate => validate::ValidateArgs,
    Diff => diff::DiffArgs,
    Apply => apply::ApplyArgs,
    Export => export::ExportArgs,
    Graph => graph::GraphArgs,
    Undo => undo::UndoArgs,
    Sandbox => sandbox::SandboxArgs,
    Config => config::ConfigArgs,
    Schema => schema::SchemaArgs,
    Explain => explain::ExplainArgs,
    Completions => completions::CompletionsArgs,
    ShellInit => shell_init::ShellInitArgs,
    InstallLinks => install_links::InstallLinksArgs,
    Man => man::ManArgs,
}

/// The schemas of everything that the program reads and prints.
pub const SCHEMAS: Schemas = Schemas { commands: OUTPUTS };
