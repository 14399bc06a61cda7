//! The rounds of a run: what was written is looked at again, as others may write at the same time.

use super::change::Change;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::input::wait;
use crate::plan::{Configuration, item_command};
use crate::platform::wire::RealtimeStatus;
use crate::steps::change::{Executed, Executor, Operation, between};
use crate::steps::desired::Desired;
use crate::steps::items::items;
use crate::steps::journal::Journal;
use crate::steps::kind::ItemKind;
use crate::steps::live::{Live, Parts};
use crate::steps::wait::WaitOptions;
use futures_util::future::{Either, select};
use serde_json::json;
use std::collections::BTreeSet;
use std::pin::pin;
use std::time::{Duration, Instant};

/// How often what others took out or made meanwhile is compared again at the most.
const ROUNDS: u32 = 6;
/// How often a refusal is not believed at the most.
const DOUBTS: u32 = 4;
/// The longest pause before a list that was written is looked at.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What the rounds of a run need.
pub(super) struct Rounds<'r, 'a> {
    pub ctx: &'r Context,
    pub change: &'r Change<'a>,
    pub journal: Option<&'r Journal>,
    /// What was live before.
    pub before: &'r Live,
    pub executor: Executor<'r>,
}

impl Rounds<'_, '_> {
    /// Carries operations out until all of it is live, and waits until it is rolled out. Meanwhile
    /// `confirmed` gets what is desired over what is live now, what was written to, and what is live where
    /// that is to be checked: an error where it could not be read.
    pub async fn until_there<T>(
        &self,
        mut desired: Desired,
        mut operations: Vec<Operation>,
        confirmed: impl AsyncFnOnce(Desired, Parts, Result<Option<Live>, Error>) -> Result<T, Error>,
    ) -> Result<(Result<Option<RealtimeStatus>, Error>, Result<T, Error>), Error> {
        let Rounds { ctx, change, executor, .. } = self;
        let launches = change.wait.options();
        let ready = async |name: &str| ready(ctx, executor.ps, name, launches).await;
        let mut touched = Parts::NONE;
        let (mut round, mut alone) = (0_u32, true);
        loop {
            round = round.saturating_add(1);
            touched = touched | self::touched(&operations);
            let parts = noted(ctx, change, touched);
            let refused = match executor.execute(&operations, ready).await {
                Err(error) if matches!(error.code, Code::Rejected | Code::Conflict) && round < ROUNDS => {
                    Some(error)
                }
                executed => executed.map(|()| None)?,
            };
            if refused.is_some() || executor.was_overtaken() && round < ROUNDS {
                let (now, again, next) = self.compared(Parts::NONE, self.read(Parts::NONE).await?).await?;
                alone &= self.are_left(&operations, &next) && self.is_alone(&desired.state, &now.state)?;
                if let Some(error) = refused
                    && alone
                    && !(round < DOUBTS && names_one(&error, &now.state))
                {
                    return Err(error);
                }
                (desired, operations) = (again, next);
                continue;
            }
            let (look, settle) = (pin!(self.look(round, parts)), pin!(self.settle()));
            let (seen, settle) = match select(look, settle).await {
                Either::Left((seen, settle)) => (seen, Either::Left(settle)),
                Either::Right((settled, look)) => (look.await, Either::Right(settled)),
            };
            let seen = match seen {
                Ok(Some(now)) => {
                    let (now, again, mut missing) = self.compared(parts, now).await?;
                    missing.retain(Operation::merges);
                    if !missing.is_empty() {
                        if round >= ROUNDS {
                            return Err(taken_out(&missing, &now.state));
                        }
                        (desired, operations) = (again, missing);
                        continue;
                    }
                    Ok(Some(now))
                }
                seen => seen.map_err(|error| unchecked(error, &operations, &self.before.state)),
            };
            let settle = async {
                match settle {
                    Either::Left(settle) => settle.await,
                    Either::Right(settled) => settled,
                }
            };
            return Ok(tokio::join!(settle, confirmed(desired, parts, seen)));
        }
    }

    async fn settle(&self) -> Result<Option<RealtimeStatus>, Error> {
        let changed = self.executor.lock().done.iter().any(|done| rolls_out(done.kind));
        self.change.wait.settle(self.ctx, self.executor.ps, self.before.status, changed).await
    }

    /// What is live, once another writer that had read a list before it was written here has written it.
    async fn look(&self, round: u32, parts: Parts) -> Result<Option<Live>, Error> {
        let Some(merged) = self.executor.lock().merged else { return Ok(None) };
        tokio::time::sleep(pause(merged, round)).await;
        self.read(parts).await.map(Some)
    }

    /// Whether all that is not done yet is still left: another writer may have done it.
    fn are_left(&self, all: &[Operation], left: &[Operation]) -> bool {
        let items = |operations: &[Operation]| -> BTreeSet<(ItemKind, String)> {
            let items = operations.iter().flat_map(|operation| operation.items(&self.before.state));
            items.map(|(_, kind, name)| (kind, name)).collect()
        };
        let done: BTreeSet<_> =
            self.executor.lock().done.iter().map(|done| (done.kind, done.name.clone())).collect();
        let left = items(left);
        items(all).difference(&done).all(|item| left.contains(item))
    }

    /// Whether no other writer has made anything, taken it away, or made it again.
    fn is_alone(&self, desired: &Configuration, now: &Configuration) -> Result<bool, Error> {
        let desired = self.executor.lock().settled(desired)?;
        let [before, desired, now] = [&self.before.state, &desired, now].map(items);
        let is_known = |(path, id): (&String, &Option<String>)| {
            [&before, &desired].iter().any(|known| known.get(path) == Some(id))
        };
        let is_there = |(path, id): (&String, &Option<String>)| {
            let not_yet = id.as_ref().map_or(!before.contains_key(path), |id| id.starts_with("new:"));
            not_yet || now.get(path) == Some(id)
        };
        Ok(now.iter().all(is_known) && desired.iter().all(is_there))
    }

    async fn read(&self, more: Parts) -> Result<Live, Error> {
        let Rounds { change, executor, .. } = self;
        Live::read_for(executor.client, executor.ps, &change.plan, change.parts | more).await
    }

    /// What is desired over what is live now, and what leads there. Lists are read one by one: while others
    /// write, they may be of different moments, and contradict each other.
    async fn compared(&self, parts: Parts, mut now: Live) -> Result<(Live, Desired, Vec<Operation>), Error> {
        let mut tries = 1..ROUNDS;
        let again = loop {
            let ids = self.executor.lock().ids.clone();
            match ((self.change.again)(&now, &ids), tries.next()) {
                (Err(error), Some(_)) if error.code == Code::Conflict => now = self.read(parts).await?,
                (again, _) => break again?,
            }
        };
        let next = between(&now.state, &again);
        if let Some(journal) = self.journal.filter(|_| !next.is_empty()) {
            journal.see(&now.state);
        }
        Ok((now, again, next))
    }
}
/// The parts that operations write to.
fn touched(operations: &[Operation]) -> Parts {
    let part = |operation: &Operation| match operation {
        Operation::Extend(_) | Operation::Shrink(_) => Parts::SETTING,
        Operation::Connect(_) => Parts::NONE,
        Operation::Event(_) => Parts::EVENTS,
        Operation::Service(_) | Operation::Token { .. } | Operation::DeleteToken { .. } => Parts::SERVICES,
        Operation::Attribute(_) | Operation::Reduce { .. } => Parts::ATTRIBUTES,
        Operation::Import(_) | Operation::Unimport(..) => Parts::SETTING | Parts::ATTRIBUTES,
        Operation::Personalization(_) => Parts::PERSONALIZATIONS,
        Operation::Journey(_) | Operation::ReplaceJourney { .. } | Operation::Activation(_) => {
            Parts::JOURNEYS
        }
        Operation::Launch(_) | Operation::Pause(..) => Parts::JOURNEYS,
    };
    operations.iter().map(part).fold(Parts::NONE, |all, part| all | part)
}

/// What is read again for the journal: what was written to, and for a plan's ownership all.
fn noted(ctx: &Context, change: &Change<'_>, touched: Parts) -> Parts {
    let owned = change.owned.is_some() && !ctx.requests.dry_run;
    if owned { Parts::CONFIGURATION | Parts::SETTING } else { touched }
}

/// How long another writer that had read a list before it was written here may take to write it: a read
/// and a write of its own, and some more. Time that has passed since counts.
fn pause((at, took): (Instant, Duration), turn: u32) -> Duration {
    let others =
        took.saturating_mul(3).saturating_mul(turn).min(LONGEST_PAUSE).mul_f64(1.0 + fastrand::f64() / 2.0);
    others.saturating_sub(at.elapsed())
}

/// Whether a refusal names the id of what is live: then another writer took it out briefly, as when
/// the setting is written back and its imports are made again, with their ids.
fn names_one(error: &Error, now: &Configuration) -> bool {
    // The path of the request names ids as well.
    let (_, answer) = error.message.split_once(" was answered ").unwrap_or_default();
    let mut words = answer.split(|c: char| !c.is_alphanumeric());
    let ids: BTreeSet<String> = items(now).into_values().flatten().collect();
    words.any(|word| ids.contains(word))
}

/// What other writers had in the setting when it was written, and is not in it any more.
pub(super) fn others_missing(
    executed: &Executed,
    [before, desired, now]: [&Configuration; 3],
) -> BTreeSet<String> {
    let [before, desired, now] =
        [before, desired, now].map(|state| state.setting.names().collect::<BTreeSet<_>>());
    // What was to be deleted is not missing.
    let gone = |name: &&String| before.contains(*name) && !desired.contains(*name);
    executed.listed.difference(&now).filter(|name| !gone(name)).cloned().collect()
}

/// Another writer takes what was written out again each time.
fn taken_out(missing: &[Operation], live: &Configuration) -> Error {
    let message = format!("another writer has undone every attempt to write: {}", named(missing, live));
    Error::new(Code::Conflict, message).hint("see who else changes this parent segment")
}

/// All was written, and what became of the lists among it can't be read.
fn unchecked(error: Error, written: &[Operation], live: &Configuration) -> Error {
    let lists = written.iter().filter(|operation| operation.merges());
    let message = format!(
        "all is written, but whether another writer has undone any of it ({}) could not be read: {}",
        named(lists, live),
        error.message
    );
    Error { message, ..error }
}

/// What operations are about, in words.
fn named<'o>(operations: impl IntoIterator<Item = &'o Operation>, live: &Configuration) -> String {
    let items = operations.into_iter().flat_map(|operation| operation.items(live));
    items.map(|(_, kind, name)| format!("{} '{name}'", kind.words())).collect::<Vec<_>>().join(", ")
}

/// Another writer had items in a list at first and not afterwards; whether it took them out, or a third one
/// wrote the list back as it was before, is not known.
pub(super) fn overwritten(items: &BTreeSet<String>) -> Error {
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let message = format!(
        "all is done, but others wrote at the same time, and these no longer exist: {}",
        items.join(", ")
    );
    Error::new(Code::Conflict, message)
        .hint("check whether they should: `tdx-rt ps-check` and `tdx-rt export` show what there is")
        .details(json!({ "missing": items }))
}

/// Before a launch, the status must be `ok`: it is waited for, or asked for without.
async fn ready(ctx: &Context, ps: &str, name: &str, options: Option<WaitOptions>) -> Result<(), Error> {
    if let Some(options) = options {
        return wait(ctx, ps, options).await.map(drop);
    }
    let client = ctx.client()?;
    if client.is_dry_run() {
        return Ok(());
    }
    let status = crate::steps::parent_segment::enabled_setting(client, ps).await?.status;
    if status == RealtimeStatus::Ok {
        return Ok(());
    }
    let message = format!("journey '{name}' is not launched: the RT status is '{status}', and must be 'ok'");
    Err(Error::new(Code::NotReady, message)
        .hint(format!(
            "wait and launch it then: tdx-rt ps-check {ps} --wait && {}; or leave out --no-wait",
            item_command("journey-create launch", name, ps)
        ))
        .retryable())
}

/// Services and their tokens are not part of what is rolled out.
pub(super) fn rolls_out(kind: ItemKind) -> bool {
    !matches!(kind, ItemKind::Service | ItemKind::Token | ItemKind::Connection)
}
