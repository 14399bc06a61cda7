//! `tdx-rt undo`: what was there before a command.

mod answer;
mod document;
mod journals;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::Room;
use crate::input::{OnePsArgs, WaitArgs, parse_duration};
use crate::outcome::Outcome;
use crate::plan::{Configuration, counted};
use crate::schema::Output;
use crate::steps::Action;
use crate::steps::change::between;
use crate::steps::desired::Desired;
use crate::steps::items::marked;
use crate::steps::journal::{Ids, Recorded, append, note_remade, redone, reserve, room_of_remade, undone};
use crate::steps::kind::ItemKind;
use crate::steps::live::{Live, Parts};
use crate::steps::ownership::Ownership;
use crate::steps::target::Owner;
use crate::steps::undo::{
    self as steps, Fixed, Prepared, begun, keep_section_ids, made_again, over, prepare, taken,
};
use crate::ui::shown::one_line;
use crate::writing::{Change, Question, YesArgs, carry_out};
use clap::{Args, Subcommand};
use document::{Document, ListedCommand};
use jiff::Timestamp;
use journals::{UNDO, find, is_undo, list, own_changes, remade, started, takes_back};
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{iter, mem};

/// Restore what was there before a command
#[derive(Debug, Clone, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    override_usage = "tdx-rt undo [OPTIONS] [JOURNAL]\n       tdx-rt undo <COMMAND>",
    before_help = "Examples:
  tdx-rt undo --ps 394649 --diff
  tdx-rt undo --ps 394649 --yes
  tdx-rt undo --since 30m --yes               # a pipeline is several commands
  tdx-rt undo list --ps 394649 --jq '.[] | [.started, .command, .journal] | @tsv'
  tdx-rt undo today.jsonl --yes               # of apply --journal today.jsonl",
    after_help = "Alone it takes back the last command that wrote, was not undone and is no undo itself; run again,
the one before. Several commands are taken back as one change. It asks on a terminal; elsewhere
--yes is needed. What cannot come back is in `lost`.

What was changed since is a conflict (exit 6), and then nothing is written. With --skip-changed it
stays, and so does what it stands on: a personalization keeps its service, tokens, stitching keys,
events and attributes. An undo is a command as well: --redo, or its own journal, takes it back."
)]
pub struct UndoArgs {
    #[command(subcommand)]
    action: Option<ListCommand>,
    /// Journal of the command: its id in `undo list`, or a file
    #[arg(value_name = "JOURNAL", conflicts_with_all = ["last", "since", "redo"])]
    journal: Option<PathBuf>,
    /// Parent segment, by id or name (without a file)
    #[arg(long, value_name = "PS", conflicts_with = "journal")]
    ps: Option<String>,
    /// The last so many commands
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), conflicts_with_all = ["since", "redo"])]
    last: Option<u16>,
    /// All commands that began within this time, such as 30m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, conflicts_with = "redo")]
    since: Option<Duration>,
    /// Take back the last undo
    #[arg(long)]
    redo: bool,
    /// Show what would come back, and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Leave alone what was changed since, with all that it stands on, and restore the rest
    #[arg(long)]
    skip_changed: bool,
    #[command(flatten)]
    yes: YesArgs,
    #[command(flatten)]
    wait: WaitArgs<true>,
}

#[derive(Debug, Clone, Subcommand)]
enum ListCommand {
    /// List the commands that wrote, the last first
    #[command(before_help = "Examples:
  tdx-rt undo list
  tdx-rt undo list --ps 394649 --jq '.[0].changes'")]
    List(OnePsArgs),
}

/// Several commands, taken back as one.
struct Undo {
    /// Their journals, the last first, with the ids that things have now.
    recorded: Vec<Recorded>,
    /// What each comes to, over what the ones after it leave.
    prepared: Vec<Prepared>,
    /// Names that would come back although something else has them now, as sentences.
    taken: Vec<String>,
    /// What one of them deleted and a later one, or an undo that was cut off, made again: kind, old id and
    /// live id.
    again: Vec<(ItemKind, String, String)>,
    /// The configuration when all are undone.
    state: Configuration,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[
    Output::of::<Document>("undo", "Undone", "What was restored, or with --diff what would be"),
    Output::list::<ListedCommand>("undo list", "Commands", "The commands that wrote, the last first")
        .shown(&["id", "command", "plan", "parent_segment", "undone", "error"]),
];

/// Runs the command.
pub async fn run(args: &UndoArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    if let Some(ListCommand::List(ps)) = &args.action {
        return list(ctx, ps.ps()).await;
    }
    let found = find(args, ctx).await?;
    let Some(latest) = found.first() else { return Ok(Outcome::new(Value::Null)) };
    if let Some(last) = args.last.filter(|last| found.len() < usize::from(*last)) {
        ctx.ui.status(format!("{} can be undone, not {last}", counted(found.len(), "command")));
    }
    let target = latest.target.clone();
    let client = ctx.client()?;
    if !args.diff {
        ctx.show_target()?;
    }
    let parts = Parts::CONFIGURATION | Parts::FOLDERS;
    let live = Live::read(client, &target.parent_segment, parts).await?;
    let undo = Undo::of(ctx, &found, &live)?;
    if args.diff {
        return undo.show(ctx, &live).await;
    }
    let with = if undo.is_whole() { None } else { args.one_more(ctx, &live).await };
    undo.check_conflicts(args.skip_changed, &live, with)?;
    let lost = undo.lost(&live.state);
    let notes = undo.notes(&found, ctx.env.now());
    let rooms = Cell::new(match client.is_dry_run() {
        true => Vec::new(),
        false => undo.hold(&found, &notes, &live)?,
    });
    if let Some(question) = undo.question(&live.state, &lost) {
        args.yes.confirm(ctx, question).await?;
    }
    if !client.is_dry_run() {
        let note = |(kind, old, new): &(ItemKind, String, String)| {
            note_remade(&latest.path, [kind.as_str(), old, new], ctx.env.now())
        };
        undo.again.iter().try_for_each(note)?;
    }
    let paths: Vec<PathBuf> = found.iter().map(|recorded| recorded.path.clone()).collect();
    let before = live.state.clone();
    let again =
        |live: &Live, ids: &Ids| Ok(Desired::of(over(&before, &ids.settled(&undo.state)?, &live.state)?));
    let done = |before: &Configuration, after: &Configuration, ids: &Ids| {
        drop(rooms.take());
        found.iter().try_for_each(|recorded| note_owned(recorded, before, after))?;
        let default = Ownership::new(None, ctx.settings()?.state_dir.as_deref(), &target, String::new());
        let owners = found.iter().filter_map(|recorded| recorded.owner.as_ref());
        let all = owners.map(|owner| Ownership::of(owner, &target)).chain([default]);
        all.into_iter().try_for_each(|ownership| ownership.renumber(ids))?;
        notes.iter().try_for_each(|(path, note)| append(path, note))
    };
    let change = Change {
        redo: found.iter().all(is_undo),
        done: &done,
        origin: &latest.plan,
        owner: latest.owner.clone(),
        undoes: &paths,
        ..Change::new(UNDO, &target, parts, &again, args.wait.waiting())
    };
    let desired = Desired::of(undo.state.clone());
    let written = carry_out(ctx, &change, live, desired).await?;
    Ok(undo.outcome(ctx, &written, lost))
}

impl UndoArgs {
    /// The number of last commands, one more than are meant, where these can be taken back whole.
    async fn one_more(&self, ctx: &Context, live: &Live) -> Option<u16> {
        let last = self.last.unwrap_or(1).checked_add(1)?;
        let are_last = self.journal.is_none() && self.since.is_none() && !self.redo;
        let more = are_last.then(|| UndoArgs { last: Some(last), ..self.clone() })?;
        let found = find(&more, ctx).await.ok().filter(|found| found.len() == usize::from(last))?;
        Undo::of(ctx, &found, live).ok()?.is_whole().then_some(last)
    }
}

impl Undo {
    /// Compares the journals with what is live, the last first: again with what was made again, and what
    /// stays, as long as that shows more of it.
    fn of(ctx: &Context, found: &[Recorded], live: &Live) -> Result<Undo, Error> {
        let (mut ids, journals) = remade(ctx, found)?;
        // One that came to its end, or was taken back, left nothing half done: what is as it left it, others made so.
        let half = |undo: &&Recorded| !undo.complete && !undo.undone && takes_back(undo, found);
        let undos: Vec<_> = journals.iter().filter(half).collect();
        let mut more = begun(&ids, found, &undos, &live.state);
        let (mut again, mut fixed) = (Vec::new(), Fixed::new());
        loop {
            more.iter().for_each(|(kind, old, new)| ids.add(*kind, old, new));
            again.append(&mut more);
            let (mut state, mut recorded, mut prepared) = (live.state.clone(), found.to_vec(), Vec::new());
            for recorded in &mut recorded {
                ids.rename_journal(recorded);
                own_changes(recorded, &journals, &ids);
                let one = prepare(recorded, &state, live, &fixed, &undos)?;
                state = one.state(&state, live)?;
                prepared.push(one);
            }
            more = made_again(&live.state, &state)?;
            more.retain(|one| !again.contains(one));
            let count = fixed.len();
            fixed.extend(steps::fixed(&live.state, &state));
            if more.is_empty() && fixed.len() == count {
                keep_section_ids(&live.state, &mut state);
                return Ok(Undo { recorded, prepared, taken: taken(&state), again, state });
            }
        }
    }

    fn all<'u>(&'u self, part: impl Fn(&'u Prepared) -> &'u [String] + 'u) -> Vec<&'u String> {
        self.prepared.iter().flat_map(part).collect()
    }

    /// What was changed since, and what is left to do without it. `with` are the last commands with which
    /// all of it can be taken back.
    fn check_conflicts(&self, skip: bool, live: &Live, with: Option<u16>) -> Result<(), Error> {
        let mut conflicts = self.all(|one| &one.conflicts);
        conflicts.extend(&self.taken);
        let nothing = self.prepared.iter().all(Prepared::is_empty);
        let undone = self.recorded.iter().all(|recorded| recorded.undone);
        let kept = self.all(|one| &one.kept);
        if conflicts.is_empty() && !kept.is_empty() && self.is_idle(live) && !undone && !skip {
            let message = format!("none of this can be taken back: {}", sentences(&kept));
            let more = |last| format!("with the command before, it goes: tdx-rt undo --last {last} --diff; ");
            let more = with.map_or_else(String::new, more);
            let hint = format!("nothing was written; {more}--skip-changed passes this command over");
            let details = json!({"changed": [], "stays": kept, "users": []});
            return Err(Error::new(Code::Conflict, message).hint(hint).details(details));
        }
        if conflicts.is_empty() || self.taken.is_empty() && skip && (!nothing || undone) {
            return Ok(());
        }
        let message = format!("this can't be undone: {}", sentences(&conflicts));
        let hint = match nothing {
            _ if !self.taken.is_empty() => "rename or delete what has the name now",
            true => "nothing else is left to undo; look at each of these, and delete yourself what may go",
            false => "--skip-changed leaves these alone, keeps what they stand on, and restores the rest",
        };
        let used = self.prepared.iter().flat_map(|one| &one.users).flat_map(|conflict| &conflict.users);
        let users: Vec<Value> = used.map(|user| user.to_json(&live.ps)).collect();
        let mut commands: Vec<&str> =
            users.iter().filter_map(|user| user.get("free_with")?.as_str()).collect();
        commands.dedup();
        let free = if commands.is_empty() { "" } else { "\nwhat uses them is deleted with:\n" };
        let hint = format!("nothing was written; {hint}{free}{}", commands.join("\n"));
        let details = json!({"changed": conflicts, "stays": self.all(|one| &one.stays), "users": users});
        Err(Error::new(Code::Conflict, message).hint(hint).details(details))
    }

    /// Whether nothing would be written.
    fn is_idle(&self, live: &Live) -> bool {
        between(&live.state, &Desired::of(self.state.clone())).is_empty()
    }

    /// Whether it can be taken back whole.
    fn is_whole(&self) -> bool {
        self.taken.is_empty()
            && self.prepared.iter().all(|one| one.conflicts.is_empty() && one.kept.is_empty())
    }

    /// What can't come back.
    fn lost(&self, live: &Configuration) -> Vec<String> {
        let lost = self.all(|one| &one.without).into_iter().cloned();
        lost.chain(steps::lost(live, &self.state)).collect()
    }

    /// What stays as it is.
    fn not_undone(&self) -> Vec<&String> {
        let parts = self.prepared.iter();
        parts
            .flat_map(|one| one.untouched().into_iter().chain(&one.without).chain(&one.left))
            .chain(&self.taken)
            .collect()
    }

    /// What is noted at the end: in the journals that are taken back, and in those that an undo of them took back.
    fn notes<'f>(&self, found: &'f [Recorded], now: Timestamp) -> Vec<(&'f Path, Value)> {
        let note = |(recorded, prepared): (&'f Recorded, &Prepared)| {
            let undone = (recorded.path.as_path(), undone(&prepared.own, &prepared.untouched(), now));
            let again = recorded.undoes.iter().filter(|path| path.exists());
            iter::once(undone).chain(again.map(|path| (path.as_path(), redone(now)))).collect::<Vec<_>>()
        };
        found.iter().zip(&self.prepared).flat_map(note).collect()
    }

    /// Holds space for all that is noted; an error when something can't be, before anything is.
    fn hold(&self, found: &[Recorded], notes: &[(&Path, Value)], live: &Live) -> Result<Vec<Room>, Error> {
        let mut remade = room_of_remade(&live.ps, &live.state, &self.state);
        for (path, note) in notes {
            // The latest comes first, and has what is made again.
            reserve(path, note.to_string().len().saturating_add(mem::take(&mut remade)))?;
        }
        let owned = found.iter().filter_map(|recorded| Some((recorded.owner.as_ref()?, recorded)));
        let room = |(owner, recorded): (&Owner, &Recorded)| {
            Ownership::of(owner, &recorded.target).hold(recorded.lines.to_string().len()).transpose()
        };
        owned.filter_map(room).collect()
    }

    /// The question before the first write; `None` where there is none.
    fn question(&self, live: &Configuration, lost: &[String]) -> Option<Question> {
        let name = |recorded: &Recorded| {
            let of = started(recorded).map_or_else(String::new, |started| format!(" of {started}"));
            format!("`{}`{of}", recorded.command)
        };
        let mut what = self.recorded.iter().map(name).collect::<Vec<_>>().join(", ");
        let operations = between(live, &Desired::of(self.state.clone()));
        if operations.is_empty() {
            return None;
        }
        let items: Vec<_> = operations.iter().flat_map(|operation| operation.items(live)).collect();
        let list = |deletes: bool| -> Vec<String> {
            let those = items.iter().filter(|(action, ..)| (*action == Action::Deleted) == deletes);
            let mut those: Vec<String> =
                those.map(|(_, kind, name)| format!("{} '{}'", kind.words(), one_line(name))).collect();
            those.dedup();
            those
        };
        let parts = [("restore", list(false)), ("delete", list(true))];
        let parts = parts.iter().filter(|(_, items)| !items.is_empty());
        let parts: Vec<String> = parts.map(|(word, items)| format!("{word} {}", items.join(", "))).collect();
        if !parts.is_empty() {
            what = format!("{what}: {}", parts.join("; "));
        }
        let refusal =
            Error::new(Code::Usage, format!("this undoes {what}, and there is no terminal to ask on"))
                .hint("nothing was changed; look at it with `tdx-rt undo --diff`, then pass --yes");
        Some(Question { text: format!("Undo {what}?"), lost: lost.to_vec(), refusal: Some(refusal) })
    }
}

fn sentences(all: &[&String]) -> String {
    all.iter().map(|sentence| sentence.as_str()).collect::<Vec<_>>().join("; ")
}

/// What is gone is not the plan's any more, and what it had made and was pruned is again.
fn note_owned(recorded: &Recorded, before: &Configuration, after: &Configuration) -> Result<(), Error> {
    let Some(owner) = &recorded.owner else { return Ok(()) };
    let (before, after) = (marked(before), marked(after));
    let ownership = Ownership::of(owner, &recorded.target);
    ownership.restore_lines(&recorded.lines)?;
    let own = |(path, id): (&String, &Option<String>)| (path.clone(), id.clone());
    ownership.remove(&before.iter().filter(|(path, _)| !after.contains_key(*path)).map(own).collect())?;
    ownership.add(&after.iter().filter(|(path, _)| !before.contains_key(*path)).map(own).collect())
}
