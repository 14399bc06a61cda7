//! Sums by time: the state of a sliding counter.

#![expect(clippy::arithmetic_side_effects, reason = "lengths of lists that are there")]

use super::super::time::alive;
use serde::de::Deserializer;
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The number of different seconds in a window up to which its sum is exact.
pub const EXACT: usize = 5_000;
/// The largest sum of a group of older seconds, as a part of the sum of all newer ones: half of the
/// documented 0.1 %, so that this also holds after two busy profiles have merged.
const GROUP: f64 = 0.000_5;
/// Seconds in a block.
const BLOCK: usize = 64;

/// A second, or a group of seconds by its newest one, and the sum of its events.
type Entry = (i64, f64);

/// Sums by time.
///
/// Exact while the window has at most 5,000 different seconds with events. Beyond that, older seconds
/// are put into groups, each as old as its newest second and at most 0.05 % of all that is newer: so a
/// sum is never too small and at most 0.1 % too large, for any window. (For amounts of both signs: 0.1 %
/// of the sum of their absolute values.)
///
/// An event in order costs the same however many there are: each is moved into a block once, and all
/// entries are grouped again only after a quarter more have come. A sum is added up from whole blocks.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// The newest, at most two blocks of them.
    recent: Vec<Entry>,
    /// Entries older than all of those. Boxed, so that a state is five words.
    older: Option<Box<Older>>,
}

#[derive(Debug, Clone, Default)]
struct Older {
    blocks: VecDeque<Block>,
    /// Entries in all blocks.
    length: usize,
    /// The number of entries at which they are grouped next.
    limit: usize,
}

#[derive(Debug, Clone, Default)]
struct Block {
    /// Never empty; at most two blocks' worth after late events.
    entries: Vec<Entry>,
    /// Of the entries; beside them, so that a sum need not look at each block's entries.
    oldest: i64,
    newest: i64,
    sum: f64,
}

/// A sum that stops at the largest number: a state must have a form in JSON, which has no infinity.
pub fn plus(one: f64, two: f64) -> f64 {
    (one + two).clamp(f64::MIN, f64::MAX)
}

/// Adds to the entry of this time, which is inserted if it is missing.
fn add_to(entries: &mut Vec<Entry>, sum: f64, time: i64) {
    if let Some(last) = entries.last_mut()
        && last.0 == time
    {
        last.1 = plus(last.1, sum);
        return;
    }
    let at = entries.partition_point(|(known, _)| *known < time);
    match entries.get_mut(at) {
        Some(entry) if entry.0 == time => entry.1 = plus(entry.1, sum),
        _ => entries.insert(at, (time, sum)),
    }
}

/// The sum of the live entries.
fn living(entries: &[Entry], window: i64, now: i64) -> f64 {
    let dead = entries.partition_point(|(time, _)| !alive(*time, Some(window), now));
    entries.iter().skip(dead).map(|(_, sum)| sum).sum()
}

impl Sums {
    /// Sums with one event.
    pub fn of(sum: f64, time: i64) -> Self {
        Sums { recent: vec![(time, sum)], older: None }
    }

    /// Adds an event. Entries that have left the longest window are dropped later.
    pub fn take(&mut self, sum: f64, time: i64, longest: i64, now: i64) {
        self.add(sum, time);
        if let Some(older) = &mut self.older {
            older.drop_dead(longest, now);
        }
    }

    fn add(&mut self, sum: f64, time: i64) {
        if let Some(older) =
            self.older.as_mut().filter(|older| older.newest().is_some_and(|newest| time <= newest))
        {
            older.add(sum, time);
        } else {
            add_to(&mut self.recent, sum, time);
            if self.recent.len() > 2 * BLOCK {
                let newer = self.recent.split_off(BLOCK);
                let block = Block::new(std::mem::replace(&mut self.recent, newer));
                self.older.get_or_insert_default().push(block);
            }
        }
        if let Some(older) = self.older.as_mut().filter(|older| older.is_full()) {
            older.group(&self.recent);
        }
    }

    /// The sum over the last `window` seconds before `now`.
    pub fn within(&self, window: i64, now: i64) -> f64 {
        let recent = living(&self.recent, window, now);
        let older = self.older.as_ref().map_or(0.0, |older| older.within(window, now));
        // JSON has no infinity: an infinite part is cut once, at the end.
        (older + recent).clamp(f64::MIN, f64::MAX)
    }

    /// Adds all entries of another one.
    pub fn merge(&mut self, other: &Sums) {
        other.entries().for_each(|(time, sum)| self.add(sum, time));
    }

    /// The saved entries, oldest first.
    fn from_entries(mut entries: Vec<Entry>) -> Self {
        let recent = entries.split_off(entries.len().saturating_sub(BLOCK));
        let older = (!entries.is_empty()).then(|| Box::new(Older::of(&entries)));
        Sums { recent, older }
    }

    /// All entries, oldest first.
    fn entries(&self) -> impl Iterator<Item = Entry> {
        let older = self.older.iter().flat_map(|older| &older.blocks).flat_map(|block| &block.entries);
        older.chain(&self.recent).copied()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.recent.len() + self.older.as_ref().map_or(0, |older| older.length)
    }
}

impl Block {
    fn new(entries: Vec<Entry>) -> Self {
        let sum = entries.iter().fold(0.0, |all, (_, sum)| plus(all, *sum));
        let time = |entry: Option<&Entry>| entry.map_or(i64::MIN, |(time, _)| *time);
        Block { oldest: time(entries.first()), newest: time(entries.last()), sum, entries }
    }

    fn within(&self, window: i64, now: i64) -> f64 {
        match alive(self.oldest, Some(window), now) {
            true => self.sum,
            false => living(&self.entries, window, now),
        }
    }
}

impl Older {
    fn of(entries: &[Entry]) -> Self {
        let blocks = entries.chunks(BLOCK).map(|entries| Block::new(entries.to_vec())).collect();
        Older { blocks, length: entries.len(), limit: entries.len() + entries.len() / 4 }
    }

    fn newest(&self) -> Option<i64> {
        self.blocks.back().map(|block| block.newest)
    }

    fn push(&mut self, block: Block) {
        self.length += block.entries.len();
        self.blocks.push_back(block);
    }

    /// A late event.
    fn add(&mut self, sum: f64, time: i64) {
        let at = self.blocks.partition_point(|block| block.newest < time);
        let Some(block) = self.blocks.get_mut(at) else { return };
        let before = block.entries.len();
        add_to(&mut block.entries, sum, time);
        block.sum = plus(block.sum, sum);
        block.oldest = block.oldest.min(time);
        self.length += block.entries.len() - before;
        if block.entries.len() > 2 * BLOCK {
            let newer = Block::new(block.entries.split_off(BLOCK));
            *block = Block::new(std::mem::take(&mut block.entries));
            self.blocks.insert(at + 1, newer);
        }
    }

    fn drop_dead(&mut self, longest: i64, now: i64) {
        while let Some(block) = self.blocks.front().filter(|block| !alive(block.newest, Some(longest), now)) {
            self.length -= block.entries.len();
            self.blocks.pop_front();
        }
    }

    fn within(&self, window: i64, now: i64) -> f64 {
        let dead = self.blocks.partition_point(|block| !alive(block.newest, Some(window), now));
        let mut blocks = self.blocks.range(dead..);
        let first = blocks.next().map_or(0.0, |block| block.within(window, now));
        blocks.fold(first, |all, block| all + block.sum)
    }

    fn is_full(&self) -> bool {
        self.length > self.limit.max(EXACT + EXACT / 4)
    }

    /// Puts what is older than the newest [`EXACT`] seconds into groups, see [`Sums`]. Amounts of
    /// both signs are not put together, so that a group's size bounds its error.
    fn group(&mut self, recent: &[Entry]) {
        let mut newer: f64 = recent.iter().map(|(_, sum)| sum.abs()).sum();
        let mut kept: Vec<Entry> = Vec::with_capacity(self.length);
        let exact = EXACT.saturating_sub(recent.len());
        for (time, sum) in self.blocks.iter().rev().flat_map(|block| block.entries.iter().rev().copied()) {
            let beyond = kept.len() > exact;
            match kept.last_mut().filter(|_| beyond) {
                Some(group)
                    if group.1.signum() == sum.signum()
                        && (group.1 + sum).abs() <= GROUP * (newer - group.1.abs()) =>
                {
                    group.1 = plus(group.1, sum);
                }
                _ => kept.push((time, sum)),
            }
            newer += sum.abs();
        }
        kept.reverse();
        *self = Older::of(&kept);
    }
}

impl PartialEq for Sums {
    fn eq(&self, other: &Self) -> bool {
        self.entries().eq(other.entries())
    }
}

/// One list of numbers: the first time and its sum, then for each further entry the seconds since the one
/// before, and its sum. This is a fifth of what pairs take.
impl Serialize for Sums {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(2 * self.len()))?;
        let mut before = 0;
        for (time, sum) in self.entries() {
            list.serialize_element(&time.wrapping_sub(before))?;
            // Numbers that are whole and small are shorter without `.0`.
            match sum as i64 {
                whole if whole as f64 == sum && whole.unsigned_abs() < 1 << 53 => {
                    list.serialize_element(&whole)?
                }
                _ => list.serialize_element(&sum)?,
            }
            before = time;
        }
        list.end()
    }
}

/// An item in the list of a saved state.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    /// A time, or the seconds since the one before.
    Whole(i64),
    Number(f64),
    /// Time and sum, as earlier versions wrote them.
    Pair(i64, f64),
}

impl<'de> Deserialize<'de> for Sums {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let odd = || serde::de::Error::custom("a sliding counter has a time without a sum");
        let mut written = Vec::<Written>::deserialize(deserializer)?.into_iter();
        let (mut entries, mut before) = (Vec::with_capacity(written.len()), 0_i64);
        while let Some(one) = written.next() {
            let (time, sum) = match one {
                Written::Pair(time, sum) => (time, sum),
                Written::Number(_) => return Err(odd()),
                Written::Whole(since) => match written.next() {
                    Some(Written::Whole(sum)) => (before.wrapping_add(since), sum as f64),
                    Some(Written::Number(sum)) => (before.wrapping_add(since), sum),
                    _ => return Err(odd()),
                },
            };
            entries.push((time, sum));
            before = time;
        }
        Ok(Sums::from_entries(entries))
    }
}
