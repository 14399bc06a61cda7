//! `tdx-rt undo`: what was there before an `apply`.

use super::input::parent_segment_only;
use super::reconcile::{configuration, target};
use super::{Outcome, WaitArgs, wait};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::steps::journal::{Recorded, latest, mark_undone, read};
use crate::steps::undo::{carry_out, prepare};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Restore what was there before an apply
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  tdx-rt undo --ps 394649
  tdx-rt undo ~/.local/state/tdx-rt/journals/20260101T120000.000000Z-394649-4242.jsonl
  tdx-rt undo --ps 394649 --dry-run --jq '.requests[] | .method + \" \" + .url'

Without a file it is the latest apply to the parent segment that was not undone yet. What somebody has
changed since is a conflict, and then nothing is written. Running it twice does no harm.")]
pub struct UndoArgs {
    /// Journal of the apply
    #[arg(value_name = "JOURNAL")]
    journal: Option<PathBuf>,
    /// Parent segment, by id or name (without a file)
    #[arg(long, value_name = "PS", conflicts_with = "journal")]
    ps: Option<String>,
    /// Restore the rest when something was changed since
    #[arg(long)]
    skip_changed: bool,
    #[command(flatten)]
    wait: WaitArgs,
}

/// Runs the command.
pub async fn run(args: &UndoArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let recorded = recorded(args, ctx).await?;
    let ps = recorded.target.parent_segment.clone();
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (_, live) = configuration(ctx, &ps, false).await?;
    let prepared = prepare(&recorded, &live);
    if !prepared.conflicts.is_empty() && !args.skip_changed {
        let message = format!("this can't be undone: {}", prepared.conflicts.join("; "));
        return Err(Error::new(Code::Conflict, message)
            .hint("nothing was written; --skip-changed leaves these alone and restores the rest")
            .details(json!({"changed": prepared.conflicts}))
            .into());
    }
    let nothing = prepared.is_empty();
    let undone = match nothing {
        true => Vec::new(),
        false => carry_out(client, &ps, &prepared).await?,
    };
    if !client.is_dry_run() && prepared.conflicts.is_empty() {
        mark_undone(&recorded.path)?;
    }
    let status = match nothing || args.wait.no_wait {
        true => client.setting(&ps).await.map_err(Error::from)?.map(|setting| setting.status),
        false => Some(wait(ctx, &ps, args.wait.options()).await?),
    };
    let count = |action: &str| undone.iter().filter(|item| item.action == action).count();
    let summary = format!(
        "undone: {} restored, {} deleted{}",
        count("restored"),
        count("deleted"),
        prepared.kept.iter().map(|kept| format!("\nnot undone: {kept}")).collect::<String>()
    );
    let document = json!({
        "parent_segment": {"id": ps, "rt_status": status},
        "journal": recorded.path,
        "plan": recorded.plan,
        "undone": undone,
        "not_undone": prepared.kept.iter().chain(&prepared.conflicts).collect::<Vec<_>>(),
    });
    Ok(Outcome::new(document).summary(summary))
}

/// The journal: the named one, or the latest.
async fn recorded(args: &UndoArgs, ctx: &Context) -> Result<Recorded, Error> {
    if let Some(file) = &args.journal {
        let recorded = read(file)?;
        let target = target(ctx, &recorded.target.parent_segment)?;
        if recorded.target != target {
            let message = format!(
                "{} is about account {} at {}, and this is account {} at {}",
                file.display(),
                recorded.target.account.as_deref().unwrap_or("unknown"),
                recorded.target.host,
                target.account.as_deref().unwrap_or("unknown"),
                target.host
            );
            return Err(Error::new(Code::Conflict, message).hint("use the key and site of the apply"));
        }
        return Ok(recorded);
    }
    let ps = parent_segment_only(ctx, args.ps.as_ref()).await?;
    let target = target(ctx, &ps.id)?;
    let state_dir = ctx.settings()?.state_dir.clone();
    state_dir.and_then(|dir| latest(&dir, &target)).ok_or_else(|| {
        Error::new(Code::NotFound, format!("there is no apply to parent segment {} to undo", ps.id))
            .hint("a journal kept elsewhere (apply --journal FILE) is named: tdx-rt undo FILE")
    })
}
