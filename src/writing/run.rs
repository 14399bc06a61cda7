//! The run of a change: journal, ownership, requests, wait and notes.

use super::change::Change;
use super::progress;
use super::rounds::{Rounds, others_missing, overwritten, rolls_out};
use crate::api::Client;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::rename::renamed;
use crate::plan::{Configuration, shell_word};
use crate::platform::wire::RealtimeStatus;
use crate::steps::change::{Executed, Executor, Operation, Tally, between};
use crate::steps::desired::Desired;
use crate::steps::items::{Items, items, marked};
use crate::steps::journal::{Journal, RunHeader, default_path, note_remade};
use crate::steps::kind::ItemKind;
use crate::steps::live::{Live, Parts, lists};
use crate::steps::ownership::Ownership;
use crate::steps::undo::gone;
use crate::tokens::TokenStore;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What was carried out.
#[derive(Debug)]
pub struct Written {
    /// What was live before.
    pub live: Live,
    /// What was desired.
    pub desired: Desired,
    /// What is live now.
    pub after: Configuration,
    /// Each thing that was written.
    pub executed: Executed,
    /// Whether anything was written that is rolled out.
    pub changed: bool,
    /// The status, as far as it is known.
    pub status: RealtimeStatus,
    /// The status, where it was waited for or can't have changed.
    pub settled: Option<RealtimeStatus>,
    /// How much was made, changed and deleted.
    pub tally: Tally,
    /// The journal, once something was written.
    pub journal: Option<PathBuf>,
    /// What was pruned, each with its path and id.
    pub deleted: Vec<Value>,
}

impl Written {
    /// Notes in the document what was pruned, and what of it does not come back.
    pub fn note_deleted(&self, root: &mut Map<String, Value>) {
        root.insert("deleted".into(), json!(self.deleted));
        root.insert("lost".into(), json!(gone(&self.live.state, &self.desired.state)));
    }
}

/// Carries out what leads from `live` to `desired`. Whatever can fail without a request fails before the
/// first one.
pub async fn carry_out(
    ctx: &Context,
    change: &Change<'_>,
    live: Live,
    desired: Desired,
) -> Result<Written, Error> {
    let client = ctx.client()?;
    let operations = between(&live.state, &desired);
    // What others make meanwhile does not count.
    let tally = Tally::between(&live.state, &desired.state);
    let tokens = ctx.tokens()?;
    check_kept(ctx, change, &tokens)?;
    hold_tokens(ctx, &tokens, &live, &desired)?;
    let journal = begin(ctx, change, &live, &desired, !operations.iter().all(only_looks))?;
    let place = journal.as_ref().map(|journal| journal.place());
    let mut room = None;
    if let Some((ownership, named)) = change.owned.as_ref().filter(|_| !ctx.requests.dry_run) {
        // Before anything is made, so that a process that is killed in between still knows it.
        ownership.begin(&new_items(&live, &desired), named, place)?;
        room = ownership.hold(json!(desired.own.lines(&desired.state)).to_string().len())?;
    }
    let room = Cell::new(room);
    let rounds = Rounds {
        ctx,
        change,
        journal: journal.as_deref(),
        before: &live,
        executor: Executor {
            client,
            ps: &change.target.parent_segment,
            tokens: &tokens,
            account: ctx.account(),
            remade: &|kind: ItemKind, old: &str, new: &str| match change.undoes.first() {
                Some(undone) => note_remade(undone, [kind.as_str(), old, new], ctx.env.now()),
                None => Ok(()),
            },
            seen: &|state: &Configuration| {
                if let Some(journal) = &journal {
                    journal.see(state);
                }
            },
            written: &|done| progress::show(ctx, done),
            so_far: Mutex::new(Executed::over(&live)),
        },
    };
    let confirmed = async |desired: Desired, parts: Parts, seen: Result<Option<Live>, Error>| {
        let after = {
            let executed = rounds.executor.lock();
            let after = executed.settled(&desired.state)?;
            drop(room.take());
            if !ctx.requests.dry_run {
                (change.done)(&live.state, &after, &executed.ids)?;
            }
            after
        };
        let seen = seen.map_err(|error| half_way(error, journal.as_deref(), change))?;
        let missing = seen.as_ref().map_or_else(BTreeSet::new, |now| {
            others_missing(&rounds.executor.lock(), [&live.state, &desired.state, &now.state])
        });
        let noted = note(client, change, journal.as_deref(), parts, seen, ctx).await;
        let remembered = noted.and_then(|()| remember(ctx, change, &live.state, &desired, &after));
        if let Err(error) = remembered {
            // What was asked for is done; a token in the document is shown only once.
            ctx.ui.warn(&format!("done, but the new state could not be recorded: {error}"));
        }
        if missing.is_empty() { Ok((desired, after)) } else { Err(overwritten(&missing)) }
    };
    let there = rounds.until_there(desired, operations, confirmed).await;
    let (settled, confirmed) = there.map_err(|error| half_way(error, journal.as_deref(), change))?;
    let settled = settled?;
    let (desired, after) = confirmed?;
    let executed = rounds.executor.so_far.into_inner().unwrap_or_else(PoisonError::into_inner);
    let changed = executed.done.iter().any(|done| rolls_out(done.kind));
    let unsettled = if changed { RealtimeStatus::Updating } else { live.status };
    Ok(Written {
        status: settled.unwrap_or(unsettled),
        settled,
        tally,
        journal: journal.and_then(|journal| journal.path().map(Path::to_owned)),
        live,
        desired,
        after,
        executed,
        changed,
        deleted: Vec::new(),
    })
}

/// Whether an operation may end without a write.
fn only_looks(operation: &Operation) -> bool {
    matches!(operation, Operation::Token { new: false, .. })
}

/// What is kept is read before the first write: later, what is damaged would be found too late.
fn check_kept(ctx: &Context, change: &Change<'_>, tokens: &TokenStore) -> Result<(), Error> {
    if ctx.requests.dry_run {
        return Ok(());
    }
    let needed = change.owned.is_some() || !change.undoes.is_empty();
    let all = Ownership::new(None, ctx.settings()?.state_dir.as_deref(), change.target, String::new());
    change.owned.as_ref().map_or(&all, |(ownership, _)| ownership).check(needed)?;
    tokens.check(needed)
}

/// Holds space for a token that will be made; an error when it can't be kept.
fn hold_tokens(ctx: &Context, tokens: &TokenStore, live: &Live, desired: &Desired) -> Result<(), Error> {
    let has_one = |name: &String| {
        live.state.services.iter().any(|service| service.name == *name && !service.tokens.is_empty())
    };
    let makes_one = desired.tokens.iter().any(|(name, new)| *new || !has_one(name));
    if makes_one && !ctx.requests.dry_run { tokens.hold() } else { Ok(()) }
}

fn new_items(live: &Live, desired: &Desired) -> Items {
    let there = items(&live.state);
    let mut new = items(&desired.state);
    new.retain(|path, _| !there.contains_key(path));
    new
}

/// Begins the journal; a dry run has none, nor has a run that has no place for it.
fn begin(
    ctx: &Context,
    change: &Change<'_>,
    live: &Live,
    desired: &Desired,
    writes: bool,
) -> Result<Option<Arc<Journal>>, Error> {
    if ctx.requests.dry_run {
        return Ok(None);
    }
    let (state_dir, now) = (ctx.settings()?.state_dir.as_deref(), ctx.env.now());
    let path = change.journal.map(Path::to_owned);
    let Some(path) = path.or_else(|| state_dir.map(|dir| default_path(dir, change.target, now))) else {
        if writes {
            ctx.ui.warn("there is no home folder for a journal, so `undo` will not be possible; TDX_RT_STATE_DIR names another");
        }
        return Ok(None);
    };
    if path.exists() {
        return Err(Error::new(Code::Usage, format!("the journal {} exists already", path.display()))
            .hint("a journal is about one run: name a new file"));
    }
    let owner = change.owned.as_ref().map_or(change.owner.clone(), |(ownership, _)| ownership.owner());
    let ownership = owner.as_ref().map(|owner| Ownership::of(owner, change.target));
    let run = RunHeader {
        target: change.target.clone(),
        command: change.command.to_owned(),
        plan: change.origin.to_owned(),
        lines: ownership.map_or(Ok(Value::Null), |ownership| ownership.noted_lines())?,
        owner,
        undoes: change.undoes.to_vec(),
        redo: change.redo,
        started: now,
    };
    let journal = Arc::new(Journal::new(path, run, &live.state));
    match journal.hold(&desired.state) {
        Err(error) if writes && change.journal.is_some() => return Err(error),
        Err(error) => {
            if writes {
                ctx.ui.warn(&format!("{}; `undo` will not be possible", error.message));
            }
            return Ok(None);
        }
        Ok(()) => {}
    }
    ctx.client()?.record(Box::new(Arc::clone(&journal)));
    Ok(Some(journal))
}

/// Notes what is live now in the journal, and what the plan has made.
async fn note(
    client: &Client,
    change: &Change<'_>,
    journal: Option<&Journal>,
    parts: Parts,
    seen: Option<Live>,
    ctx: &Context,
) -> Result<(), Error> {
    let Some(journal) = journal.filter(|journal| journal.path().is_some()) else { return Ok(()) };
    let ps = &change.target.parent_segment;
    let now = match (seen, parts.has(Parts::SETTING)) {
        (Some(seen), _) => seen.state,
        (None, true) => Live::read(client, ps, parts).await?.state,
        (None, false) => lists(client, ps, parts).await?,
    };
    journal.finish(&now)?;
    let owned = change.owned.as_ref().filter(|_| !ctx.requests.dry_run);
    let Some((ownership, named)) = owned else { return Ok(()) };
    let there = marked(&now);
    ownership.settle(&there, named)?;
    let gone: Items = ownership.items()?.into_iter().filter(|(path, _)| !there.contains_key(path)).collect();
    ownership.remove(&gone)
}

/// Remembers what the plan says inside of its items.
fn remember(
    ctx: &Context,
    change: &Change<'_>,
    live: &Configuration,
    desired: &Desired,
    now: &Configuration,
) -> Result<(), Error> {
    let Some((ownership, _)) = change.owned.as_ref().filter(|_| !ctx.requests.dry_run) else { return Ok(()) };
    ownership.remember([live, &renamed(&change.plan, live).0], desired, now)
}

/// An error after the first write says what to do.
fn half_way(error: Error, journal: Option<&Journal>, change: &Change<'_>) -> Error {
    let Some(path) = journal.and_then(Journal::path) else { return error };
    let next = match change.undoes {
        [] => format!(
            "what was written before stays; run the command again to finish, or take it back: tdx-rt undo {}",
            shell_word(&path.display().to_string())
        ),
        _ => "what was restored before stays so; run the same undo again to finish".to_owned(),
    };
    error.and_hint(&next).detail("journal", json!(path))
}
