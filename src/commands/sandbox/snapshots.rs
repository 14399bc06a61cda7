//! `tdx-rt sandbox snapshot` and `tdx-rt sandbox reset`: the whole state under a name, and back.

use crate::error::Error;
use crate::input::remote::Remote;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Save the whole state under a name, and go back to it
///
/// A snapshot holds configuration, profiles and where the clock stands. It is kept in the folder of
/// --state; without one it goes with the sandbox.
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox snapshot                     # list them
  tdx-rt sandbox snapshot save configured
  tdx-rt sandbox snapshot restore configured
  tdx-rt sandbox snapshot delete configured")]
pub struct SnapshotArgs {
    #[command(subcommand)]
    change: Option<Change>,
}

#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// List the snapshots
    #[command(before_help = "Examples:
  tdx-rt sandbox snapshot list --jq '.snapshots[].name'")]
    List,
    /// Save the state; an older snapshot of the same name is replaced once the new one is whole
    #[command(before_help = "Examples:
  tdx-rt sandbox snapshot save configured")]
    Save {
        /// Letters, digits, '-', '_' and '.', at most 64
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Go back to a snapshot: configuration, profiles and time; no faults, an empty journal
    #[command(before_help = "Examples:
  tdx-rt sandbox snapshot restore configured")]
    Restore {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Delete a snapshot
    #[command(before_help = "Examples:
  tdx-rt sandbox snapshot delete configured")]
    Delete {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Go back to the seed: configuration and profiles; no faults, an empty journal, the same time
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt sandbox reset
  tdx-rt sandbox reset configured             # the same as snapshot restore")]
pub struct ResetArgs {
    /// Go back to this snapshot instead
    #[arg(value_name = "SNAPSHOT")]
    snapshot: Option<String>,
}

/// Runs the command.
pub async fn run(args: &SnapshotArgs, remote: &Remote) -> Result<Value, Error> {
    match &args.change {
        None | Some(Change::List) => remote.get(&["snapshots"], &[]).await,
        Some(Change::Save { name }) => remote.post(&["snapshots"], json!({"name": name})).await,
        Some(Change::Restore { name }) => remote.post(&["snapshots", name, "restore"], json!({})).await,
        Some(Change::Delete { name }) => remote.delete(&["snapshots", name], None).await,
    }
}

/// Runs the command.
pub async fn reset(args: &ResetArgs, remote: &Remote) -> Result<Value, Error> {
    let body = args.snapshot.as_ref().map_or_else(|| json!({}), |name| json!({"snapshot": name}));
    remote.post(&["reset"], body).await
}
