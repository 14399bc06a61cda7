//! Bounds on what a filter may build, so that it ends with an error before memory does.
//!
//! A string and an array have a largest size. What a run holds in all is checked from time to time: the
//! natives count what they add, and after a number of bytes the process is measured.

use std::cell::Cell;

use jaq_interpret::{Error, Val};

use super::value::string;

/// Bytes of the longest string.
pub(super) const MAX_TEXT: usize = 1 << 28;
/// Elements of the longest array.
pub(super) const MAX_ITEMS: usize = 1 << 25;
/// Bytes that the process may grow by during a run.
const MAX_TOTAL: usize = 2 << 30;
/// Bytes that are built between two measurements.
const STRIDE: usize = 32 << 20;
/// Where the system does not say how large the process is, all that was built counts, though
/// most of it may be gone again.
const MAX_BUILT: usize = 8 * MAX_TOTAL;
/// Levels of the most deeply nested value. Dropping a value takes stack for each.
const MAX_LEVELS: usize = 200_000;
/// Containers that are made between two looks at how deeply they are nested.
const LEVELS_STRIDE: usize = 1 << 16;

thread_local! {
    static RUN: Cell<Run> = const { Cell::new(Run::new()) };
}

/// What a run has built so far.
#[derive(Clone, Copy)]
struct Run {
    built: usize,
    unmeasured: usize,
    containers: usize,
    before: Option<usize>,
    max_total: usize,
}

impl Run {
    const fn new() -> Run {
        Run { built: 0, unmeasured: 0, containers: 0, before: None, max_total: MAX_TOTAL }
    }
}

/// Begins to count anew.
pub(super) fn reset() {
    RUN.set(Run { max_total: RUN.get().max_total, ..Run::new() });
}

/// Sets how much the runs of this thread may build in all.
#[cfg(test)]
pub(super) fn limit_total(bytes: usize) {
    RUN.set(Run { max_total: bytes, ..Run::new() });
}

/// Counts bytes that are about to be built.
///
/// # Errors
/// When the run has grown too large.
pub(super) fn charge(bytes: usize) -> Result<(), Error> {
    let mut run = RUN.get();
    run.unmeasured = run.unmeasured.saturating_add(bytes);
    let due = run.unmeasured >= STRIDE.min(run.max_total);
    let grown = if due { measure(&mut run) } else { 0 };
    RUN.set(run);
    match grown >= run.max_total {
        true => refuse(format!("the filter needs more than {} MB of memory", run.max_total >> 20)),
        false => Ok(()),
    }
}

/// Bytes by which the process has grown since it was first measured in this run.
fn measure(run: &mut Run) -> usize {
    run.built = run.built.saturating_add(run.unmeasured);
    // The first time nearly all that was counted has been built already.
    let first = run.unmeasured;
    run.unmeasured = 0;
    let grown =
        resident().map(|now| now.saturating_sub(*run.before.get_or_insert(now.saturating_sub(first))));
    match cfg!(test) {
        // Other tests in the process grow as well.
        true => run.built,
        false => grown.unwrap_or(run.built / (MAX_BUILT / MAX_TOTAL)),
    }
}

/// Bytes of memory in use, where the system reports it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

/// Counts a string of `bytes` bytes.
///
/// # Errors
/// When it is too long, or the run has grown too large.
pub(super) fn text(bytes: usize) -> Result<(), Error> {
    match bytes > MAX_TEXT {
        true => refuse("String too long"),
        false => charge(bytes),
    }
}

/// Counts a string that gets `more` bytes, and is copied before if something else holds it.
///
/// # Errors
/// As `text`.
pub(super) fn text_grown(len: usize, more: usize, copied: bool) -> Result<(), Error> {
    let whole = len.saturating_add(more);
    match whole > MAX_TEXT {
        true => refuse("String too long"),
        false => charge(if copied { whole } else { more }),
    }
}

/// Counts `more` elements of an array that has `len`.
///
/// # Errors
/// As `text`.
pub(super) fn items(len: usize, more: usize) -> Result<(), Error> {
    match len.saturating_add(more) > MAX_ITEMS {
        true => refuse("Array too long"),
        false => charge(more.saturating_mul(size_of::<Val>())),
    }
}

/// Counts a new container of values.
///
/// # Errors
/// When it is nested too deeply, or the run has grown too large.
pub(super) fn container(v: Val) -> Result<Val, Error> {
    let mut run = RUN.get();
    run.containers = run.containers.wrapping_add(1);
    RUN.set(run);
    if run.containers.is_multiple_of(LEVELS_STRIDE) && levels(&v) > MAX_LEVELS {
        return refuse("the value is nested too deeply");
    }
    charge(size_of::<[Val; 4]>())?;
    Ok(v)
}

/// How deeply a value nests, along the last container of each level.
fn levels<'v>(v: &'v Val) -> usize {
    let nests = |v: &&Val| matches!(v, Val::Arr(_) | Val::Obj(_));
    let inner = |at: &&'v Val| match at {
        Val::Arr(items) => items.iter().rev().find(nests),
        Val::Obj(object) => object.values().rev().find(nests),
        _ => None,
    };
    std::iter::successors(inner(&v), inner).take(MAX_LEVELS + 1).count()
}

/// The bytes of a value that nothing else holds, without what is in its elements.
pub(super) fn own_size(v: &Val) -> usize {
    match v {
        Val::Str(s) if std::rc::Rc::strong_count(s) == 1 => s.len(),
        Val::Arr(a) if std::rc::Rc::strong_count(a) == 1 => a.len().saturating_mul(size_of::<Val>()),
        Val::Obj(o) if std::rc::Rc::strong_count(o) == 1 => o.len().saturating_mul(size_of::<[Val; 3]>()),
        _ => 0,
    }
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Val(string(message)))
}
