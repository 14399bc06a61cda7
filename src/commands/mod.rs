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
pub mod journey_monitor;
pub mod journey_test;
pub mod man;
pub mod ps_check;
pub mod ps_run;
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
use crate::error::ErrorDocument;
use crate::input::bulk::{LINE_OUTPUT, SUMMARY_OUTPUT};
use crate::outcome::Outcome;
use crate::plan::Finding;
use crate::platform::sites::Site;
use crate::platform::wire::RealtimeStatus;
use crate::program::help::Group;
use crate::schema::{Output, Schemas};
use crate::steps::Action;
use crate::steps::saved::SavedPlan;
use crate::ui::WarningDocument;
use clap::Subcommand;

/// The table of commands, in groups as help shows them: a row is a variant, its module and its arguments. A
/// command has the name of its module.
macro_rules! commands {
    ($($group:literal { $($variant:ident => $module:ident::$arguments:ident,)* })*) => {
        /// A command with its arguments.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($($variant(Box<$module::$arguments>),)*)*
        }

        impl Command {
            /// Runs the command.
            pub(crate) async fn run(&self, ctx: &Context) -> anyhow::Result<Outcome> {
                match self {
                    $($(Command::$variant(args) => $module::run(args, ctx).await,)*)*
                }
            }
        }

        /// The headings of the groups, each with the modules of its commands.
        pub(crate) const GROUPS: &[Group] = &[$(Group { heading: $group, modules: &[$(stringify!($module)),*] },)*];

        /// What each command prints, and what any of them may print.
        const OUTPUTS: &[&[Output]] = &[$($($module::OUTPUTS,)*)* SHARED];
    };
}

commands! {
    "Set up" {
        Config => config::ConfigArgs,
        PsCheck => ps_check::PsCheckArgs,
        Discover => discover::DiscoverArgs,
        RtEvents => rt_events::RtEventsArgs,
        RtKeys => rt_keys::RtKeysArgs,
        RtAttrs => rt_attrs::RtAttrsArgs,
        PzCreate => pz_create::PzCreateArgs,
        PzTest => pz_test::PzTestArgs,
    }
    "Plans" {
        Validate => validate::ValidateArgs,
        Diff => diff::DiffArgs,
        Apply => apply::ApplyArgs,
        Export => export::ExportArgs,
        Graph => graph::GraphArgs,
        Undo => undo::UndoArgs,
    }
    "Triggers" {
        JourneyCreate => journey_create::JourneyCreateArgs,
        JourneyTest => journey_test::JourneyTestArgs,
    }
    "The day after" {
        JourneyMonitor => journey_monitor::JourneyMonitorArgs,
        PsRun => ps_run::PsRunArgs,
    }
    "Sandbox" {
        Sandbox => sandbox::SandboxArgs,
    }
    "Reference and shell" {
        Explain => explain::ExplainArgs,
        Schema => schema::SchemaArgs,
        Man => man::ManArgs,
        Completions => completions::CompletionsArgs,
        ShellInit => shell_init::ShellInitArgs,
        InstallLinks => install_links::InstallLinksArgs,
    }
}

/// Plans, and what any command may print.
const SHARED: &[Output] = &[
    Output::file("plan", include_str!("../schema/plan.json")),
    Output::of::<SavedPlan>(
        "saved-plan",
        "Saved plan",
        "A plan with what it saw, as `diff --save` writes it and `apply` reads it",
    ),
    Output::file("dry-run", include_str!("../schema/dry-run.json")),
    Output::of::<ErrorDocument>("error", "Error", "What a command that fails writes on stderr"),
    Output::of::<WarningDocument>("warning", "Warning", "What a command that warns writes on stderr"),
    LINE_OUTPUT,
    SUMMARY_OUTPUT,
];

/// The schemas of everything that the program reads and prints.
pub const SCHEMAS: Schemas = Schemas {
    commands: OUTPUTS,
    types: |generator| {
        generator.subschema_for::<(RealtimeStatus, Site, Action, Finding)>();
    },
};
