//! `tdx-rt undo`: what was there before an `apply`.

use super::reconcile::{configuration, target};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::{WaitArgs, parent_segment_only, wait, written};
use crate::outcome::Outcome;
use crate::plan::Configuration;
use crate::steps::journal::{Recorded, all_remade, check_appendable, latest, mark_undone, note_remade, read};
use crate::steps::ownership::{Ownership, items};
use crate::steps::undo::{Ids, Prepared, carry_out, prepare};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Restore what was there before an apply
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:
  tdx-rt undo --ps 394649
  tdx-rt undo --ps 394649 --dry-run --jq '.requests[] | .method + \" \" + .url'
  tdx-rt undo today.jsonl                      # of apply --journal today.jsonl",
    after_help = "Without a file it is the latest apply to the parent segment that was not undone yet. What somebody has
changed since is a conflict, and then nothing is written. With --skip-changed it stays, and so does what it
stands on: a personalization keeps its service, tokens, stitching keys, events and attributes. Running it
twice does no harm."
)]
pub struct UndoArgs {
    /// Journal of the apply
    #[arg(value_name = "JOURNAL")]
    journal: Option<PathBuf>,
    /// Parent segment, by id or name (without a file)
    #[arg(long, value_name = "PS", conflicts_with = "journal")]
    ps: Option<String>,
    /// Leave alone what was changed since, with all that it stands on, and restore the rest
    #[arg(long)]
    skip_changed: bool,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

/// Runs the command.
pub async fn run(args: &UndoArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let mut recorded = recorded(args, ctx).await?;
    let ps = recorded.target.parent_segment.clone();
    let client = ctx.client()?;
    ctx.tell_target()?;
    let (_, live) = configuration(ctx, &ps, false, true).await?;
    renamed(ctx, &mut recorded)?;
    let prepared = prepare(&recorded, &live);
    let nothing = prepared.is_empty();
    if !prepared.conflicts.is_empty() && (!args.skip_changed || nothing && !recorded.undone) {
        return Err(changed_since(&prepared).into());
    }
    if !client.is_dry_run() {
        check_notes(&recorded)?;
    }
    let note = |kind: &'static str, old: &str, new: &str| match client.is_dry_run() {
        true => Ok(()),
        false => note_remade(&recorded.path, kind, old, new),
    };
    let undone = match nothing {
        true => Vec::new(),
        false => carry_out(client, &ps, &prepared, &note).await.map_err(again)?,
    };
    if !client.is_dry_run() {
        note_owned(ctx, &recorded, &live).await?;
        mark_undone(&recorded.path)?;
    }
    let status = match args.wait.waits() && (!nothing || args.wait.asked()) {
        true => Some(wait(ctx, &ps, args.wait.options()).await.map_err(|error| written(error, &ps))?),
        false => client.setting(&ps).await.map_err(Error::from)?.map(|setting| setting.status),
    };
    let Prepared { kept, conflicts, stays, .. } = &prepared;
    let not_undone: Vec<&String> = kept.iter().chain(conflicts).chain(stays).collect();
    let count = |action: &str| undone.iter().filter(|item| item.action == action).count();
    let summary = format!(
        "undone: {} restored, {} deleted{}",
        count("restored"),
        count("deleted"),
        not_undone.iter().map(|kept| format!("\nnot undone: {kept}")).collect::<String>()
    );
    let document = json!({
        "parent_segment": {"id": ps, "rt_status": status},
        "journal": recorded.path,
        "plan": recorded.plan,
        "undone": undone,
        "not_undone": not_undone,
    });
    Ok(Outcome::new(document).summary(summary))
}

/// An error when what is undone can't be noted, before anything is.
fn check_notes(recorded: &Recorded) -> Result<(), Error> {
    check_appendable(&recorded.path)?;
    match &recorded.owner {
        Some(owner) => Ownership::of(owner, &recorded.target).check(),
        None => Ok(()),
    }
}

/// What somebody has changed since, and what is left to do without it.
fn changed_since(prepared: &Prepared) -> Error {
    let Prepared { conflicts, stays, .. } = prepared;
    let message = format!("this can't be undone: {}", conflicts.join("; "));
    let hint = match prepared.is_empty() {
        true => {
            "nothing was written, and nothing else is left to undo: the rest of that apply is in use by what these name; \
             look at each and decide whether it may go, then delete it yourself"
        }
        false => {
            "nothing was written; --skip-changed leaves these alone, keeps what they stand on, and restores the rest"
        }
    };
    Error::new(Code::Conflict, message).hint(hint).details(json!({"changed": conflicts, "stays": stays}))
}

/// Lets a journal speak of the ids that things have now.
fn renamed(ctx: &Context, recorded: &mut Recorded) -> Result<(), Error> {
    let mut remade = recorded.remade.clone();
    if let Some(dir) = ctx.settings()?.state_dir.as_deref() {
        let (all, unreadable) = all_remade(dir, &recorded.target)?;
        remade.splice(0..0, all);
        for file in unreadable.iter().filter(|file| **file != recorded.path) {
            ctx.ui.warn(&format!(
                "the journal {} can't be read: what an undo of it has made again is not known",
                file.display()
            ));
        }
    }
    Ids::of(&remade).rename_journal(recorded);
    Ok(())
}

/// An error half-way says what to do.
fn again(error: Error) -> Error {
    let next = "what was restored before stays so; run the same undo again to finish";
    let hint = error.hint.as_ref().map_or_else(|| next.to_owned(), |hint| format!("{hint}\n{next}"));
    error.hint(hint)
}

/// What is gone is not the plan's any more, and what it had made and was pruned is again.
async fn note_owned(ctx: &Context, recorded: &Recorded, before: &Configuration) -> Result<(), Error> {
    let Some(owner) = &recorded.owner else { return Ok(()) };
    let (_, after) = configuration(ctx, &recorded.target.parent_segment, false, true).await?;
    let (before, after) = (items(before), items(&after));
    let ownership = Ownership::of(owner, &recorded.target);
    ownership.remove(&before.iter().filter(|(path, _)| !after.contains_key(*path)).map(own).collect())?;
    ownership.add(&after.iter().filter(|(path, _)| !before.contains_key(*path)).map(own).collect())
}

fn own((path, id): (&String, &Option<String>)) -> (String, Option<String>) {
    (path.clone(), id.clone())
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
    let found = state_dir.map(|dir| latest(&dir, &target)).transpose()?.flatten();
    found.ok_or_else(|| {
        Error::new(Code::NotFound, format!("there is no apply to parent segment {} to undo", ps.id))
            .hint("a journal kept elsewhere (apply --journal FILE) is named: tdx-rt undo FILE")
    })
}
