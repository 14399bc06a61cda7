//! The journals of commands: which of them are meant, and what they say.

use super::UndoArgs;
use super::document::{ListedCommand, ReadableCommand, UnreadableCommand, WrittenItem};
use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::steps::journal::{Ids, Recorded, all, all_remade, files, merge, read};
use crate::steps::kind::ItemKind;
use crate::steps::parent_segment::find as find_parent_segment;
use crate::steps::undo::touched;
use crate::writing::target;
use serde_json::json;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The words of an undo in its journal.
pub(super) const UNDO: &str = "undo";

/// Whether a journal is that of an undo.
pub(super) fn is_undo(recorded: &Recorded) -> bool {
    recorded.command == UNDO
}

/// When a command began.
pub(super) fn started(recorded: &Recorded) -> Option<&str> {
    Some(recorded.started.as_str()).filter(|started| !started.is_empty())
}

/// The ids that things have now, after all undos, and the journals that there are.
pub(super) fn remade(ctx: &Context, found: &[Recorded]) -> Result<(Ids, Vec<Recorded>), Error> {
    let place = ctx.settings()?.state_dir.as_deref().zip(found.first());
    let (journals, unreadable) =
        place.map_or(Ok(Default::default()), |(dir, latest)| all(dir, &latest.target))?;
    let mut remade = all_remade(&journals);
    remade.extend(found.iter().flat_map(|recorded| &recorded.remade).map(|(_, remade)| remade.clone()));
    for file in unreadable.iter().filter(|file| found.iter().all(|found| found.path != **file)) {
        ctx.ui.warn(&format!(
            "the journal {} can't be read: what an undo of it has made again is not known",
            file.display()
        ));
    }
    Ok((Ids::of(&remade), journals))
}

/// What an undo of a later command could not take back is as the earlier one left it: no change by others.
pub(super) fn own_changes(recorded: &mut Recorded, journals: &[Recorded], ids: &Ids) {
    let later = journals.iter().filter(|later| later.started > recorded.started);
    for (path, image) in later.flat_map(|later| &later.stays) {
        if let Some(seen) = recorded.seen.get_mut(&ids.path(path)) {
            merge(seen, Some(image));
        }
    }
}

/// Whether a journal is that of an undo of one of these.
pub(super) fn takes_back(undo: &Recorded, found: &[Recorded]) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let taken: Vec<PathBuf> = undo.undoes.iter().map(|path| real(path)).collect();
    found.iter().any(|recorded| taken.contains(&real(&recorded.path)))
}

/// The journals that are meant, the last first.
pub(super) async fn find(args: &UndoArgs, ctx: &Context) -> Result<Vec<Recorded>, Error> {
    if let Some(journal) = &args.journal {
        let file = &file_of(ctx, journal)?;
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
            return Err(Error::new(Code::Conflict, message).hint("use the key and site of that command"));
        }
        return Ok(vec![recorded]);
    }
    let ps = named_parent_segment(ctx, args.ps.as_ref()).await?;
    // Longer ago than time can say: all of them.
    let ago = |time: Duration| ctx.env.now().checked_sub(time).unwrap_or(jiff::Timestamp::MIN);
    let since = args.since.map(ago);
    let wanted = match (args.last, args.since) {
        (Some(last), _) => usize::from(last),
        (None, Some(_)) => usize::MAX,
        (None, None) => 1,
    };
    let mut found: Vec<Recorded> = Vec::new();
    let mut others = BTreeSet::new();
    for file in journals(ctx, ps.as_deref())?.iter().rev() {
        if found.len() == wanted {
            break;
        }
        let recorded = read(file).map_err(|error| unreadable(&error, file))?;
        let target = target(ctx, &recorded.target.parent_segment)?;
        let of = found.first().map_or(ps.as_ref(), |latest| Some(&latest.target.parent_segment));
        let fits = of.is_none_or(|ps| *ps == recorded.target.parent_segment);
        let wanted_kind = match args.redo {
            true => is_undo(&recorded) && !recorded.redo,
            false => !is_undo(&recorded),
        };
        // Every request of it was refused.
        let wrote_nothing = recorded.entries.iter().all(|entry| entry.done == Some(false));
        if recorded.target != target || recorded.undone || wrote_nothing || !wanted_kind {
            continue;
        }
        let began = recorded.started.parse::<jiff::Timestamp>().ok();
        if since.is_some_and(|since| began.is_none_or(|began| began < since)) {
            break;
        }
        if !fits {
            others.insert(recorded.target.parent_segment);
            continue;
        }
        found.push(recorded);
    }
    if args.redo {
        found = with_halves(ctx, found)?;
    }
    if ps.is_none() && !others.is_empty() && !found.is_empty() {
        let others = others.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "commands in between are about the parent segment {others}, and stay: `tdx-rt undo --ps PS` takes them back"
        );
        if args.since.is_some() { ctx.ui.warn(&message) } else { ctx.ui.status(&message) }
    }
    if found.is_empty() {
        let what = if args.redo { "undo" } else { "command" };
        let place = ps.map_or_else(String::new, |ps| format!(" to parent segment {ps}"));
        return Err(Error::new(Code::NotFound, format!("there is no {what}{place} to undo")).hint(
            "`tdx-rt undo list` shows what was written; a journal kept elsewhere (apply --journal FILE) is named: tdx-rt undo FILE",
        ));
    }
    Ok(found)
}

/// An undo with those before it that began to take back the same commands and were cut off.
fn with_halves(ctx: &Context, found: Vec<Recorded>) -> Result<Vec<Recorded>, Error> {
    let (Some(last), Some(dir)) = (found.first(), ctx.settings()?.state_dir.as_deref()) else {
        return Ok(found);
    };
    let (path, undoes) = (last.path.clone(), last.undoes.clone());
    let (journals, _) = all(dir, &last.target)?;
    let earlier = journals.into_iter().skip_while(|journal| journal.path != path).skip(1);
    let halves = earlier.filter(|half| {
        is_undo(half)
            && !half.complete
            && !half.undone
            && half.undoes.iter().any(|path| undoes.contains(path))
    });
    Ok(found.into_iter().chain(halves).collect())
}

/// The parent segment where one is named; else any. Nothing is read from stdin.
async fn named_parent_segment(ctx: &Context, ps: Option<&String>) -> Result<Option<String>, Error> {
    let setting = ctx.settings()?.parent_segment.as_ref().map(|setting| &setting.value);
    match ps.or(setting) {
        Some(ps) => Ok(Some(find_parent_segment(ctx.client()?, ps).await?.id)),
        None => Ok(None),
    }
}

/// The file that is named, or the journal with this id.
fn file_of(ctx: &Context, named: &Path) -> Result<PathBuf, Error> {
    let id = named.to_str().filter(|name| !named.exists() && !name.is_empty() && !name.contains(['/', '\\']));
    let Some(id) = id else { return Ok(named.to_owned()) };
    let mut found = journals(ctx, None)?;
    found.retain(|file| stem(file).starts_with(id));
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Ok(named.to_owned()),
        several => {
            let message = format!("{} begin with '{id}'", counted(several.len(), "journal"));
            let all: Vec<&str> = several.iter().map(|file| stem(file)).collect();
            Err(Error::new(Code::Usage, message).hint(format!("one of {}", all.join(", "))))
        }
    }
}

fn stem(file: &Path) -> &str {
    file.file_stem().and_then(OsStr::to_str).unwrap_or_default()
}

/// The second in which a command began, as the name of its journal has it; more of the name where others began then.
fn id(file: &Path, all: &[PathBuf]) -> String {
    let whole = stem(file);
    let is_alone = |start: &&str| all.iter().filter(|other| stem(other).starts_with(*start)).count() < 2;
    let starts = ['.', '-'].into_iter().filter_map(|end| Some(whole.split_once(end)?.0));
    starts.filter(is_alone).find(|start| !start.is_empty()).unwrap_or(whole).to_owned()
}

fn journals(ctx: &Context, ps: Option<&str>) -> Result<Vec<PathBuf>, Error> {
    ctx.settings()?.state_dir.as_deref().map_or(Ok(Vec::new()), |dir| files(dir, ps))
}

/// A later journal that can't be read is not passed over: what it changed is not known.
fn unreadable(error: &Error, file: &Path) -> Error {
    let message = format!("the latest journal can't be read: {}", error.message);
    let folder = file.parent().unwrap_or(file);
    Error::new(error.code, message).hint(format!(
        "nothing was written, for what that command changed is not known; look at what is live with \
         `tdx-rt diff`. An earlier command is undone by its file, `tdx-rt undo FILE` ({} has them), or when {} \
         is moved away",
        folder.display(),
        file.display()
    ))
}

/// The commands that wrote, the last first.
pub(super) async fn list(ctx: &Context, ps: Option<&String>) -> anyhow::Result<Outcome> {
    let ps = named_parent_segment(ctx, ps).await?;
    let mut listed = Vec::new();
    // An id is alone among the journals of all parent segments.
    let all = journals(ctx, None)?;
    for file in journals(ctx, ps.as_deref())?.iter().rev() {
        match read(file) {
            Ok(recorded) => {
                let target = target(ctx, &recorded.target.parent_segment)?;
                if recorded.target == target && ps.as_ref().is_none_or(|ps| *ps == target.parent_segment) {
                    listed.push(shown(&recorded, id(file, &all)));
                }
            }
            Err(error) => listed.push(ListedCommand::Unreadable(UnreadableCommand {
                journal: file.clone(),
                error: error.message.clone(),
            })),
        }
    }
    let summary = counted(listed.len(), "command");
    Ok(Outcome::read(json!(listed)).summary(summary))
}

/// When, which command, which plan, what it changed.
fn shown(recorded: &Recorded, id: String) -> ListedCommand {
    let names = touched(recorded).names().into_iter();
    ListedCommand::Readable(Box::new(ReadableCommand {
        id,
        started: started(recorded).map(str::to_owned),
        command: recorded.command.clone(),
        plan: recorded.plan.clone(),
        parent_segment: recorded.target.parent_segment.clone(),
        journal: recorded.path.clone(),
        changes: names
            .map(|(action, kind, name)| {
                let path = ItemKind::named(kind).and_then(|kind| kind.path(&name));
                WrittenItem { action, kind, name, path }
            })
            .collect(),
        complete: recorded.complete,
        undone: recorded.undone && recorded.not_undone.is_empty(),
        not_undone: recorded.not_undone.clone(),
        undo: is_undo(recorded),
    }))
}
