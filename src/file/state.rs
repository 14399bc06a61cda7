//! Small JSON files in the state folder, for their user alone (0600): written whole or not at all,
//! one process at a time.

use super::{Access, Room, hold_room, own, replace};
use anyhow::Context as _;
use serde_json::{Map, Value};
use std::fs::{self, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long another process may hold a file: it reads and writes it, and sends no request meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause between two looks at a file that another process holds.
pub const PAUSE: Duration = Duration::from_millis(10);

/// For what is added to a file, in bytes: more than any entry takes.
pub const ENTRY: usize = 16 * 1024;

/// The largest file that is read, in bytes.
const LIMIT: u64 = 256_000_000;

/// What a file holds; `None` when it does not exist. A file that is no JSON object is an error.
pub fn read(path: &Path) -> anyhow::Result<Option<Map<String, Value>>> {
    let what = || format!("cannot read {}", path.display());
    match own::read(path, LIMIT) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(what).map(Some),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(what),
    }
}

/// An error when a file can't be read. Where it is not `needed`, a lack of permission is none.
pub fn check(path: Option<&Path>, needed: bool) -> anyhow::Result<()> {
    let denied = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    match path.map_or(Ok(None), read) {
        Err(error) if needed || !error.downcast_ref().is_some_and(denied) => Err(error),
        _ => Ok(()),
    }
}

/// Changes what a file holds. An existing file that cannot be read is left as it is, and is an
/// error.
pub fn update(path: &Path, change: impl FnOnce(&mut Map<String, Value>)) -> anyhow::Result<()> {
    update_in(None, path, change)
}

/// An [`update`] in the space that is held for it.
pub fn update_in(
    room: Option<Room>,
    path: &Path,
    change: impl FnOnce(&mut Map<String, Value>),
) -> anyhow::Result<()> {
    let what = || format!("cannot write {}", path.display());
    let _lock = lock(path).with_context(what)?;
    let mut content = read(path)?.unwrap_or_default();
    change(&mut content);
    let mut bytes = serde_json::to_vec_pretty(&content).with_context(what)?;
    bytes.push(b'\n');
    match room {
        Some(room) => room.replace(path, &bytes),
        None => replace(path, &bytes, Access::Private),
    }
    .with_context(what)
}

/// Holds space for an [`update`] that adds so many bytes. What it would end with is better known before the work
/// whose result it keeps.
pub fn hold(path: &Path, more: usize) -> anyhow::Result<Room> {
    let what = || format!("cannot write {}", path.display());
    let _lock = lock(path).with_context(what)?;
    read(path)?;
    let size = fs::metadata(path).map_or(0, |meta| usize::try_from(meta.len()).unwrap_or_default());
    hold_room(path, size.saturating_add(more)).with_context(what)
}

/// Holds a file against other processes; given up when it is dropped.
fn lock(path: &Path) -> io::Result<fs::File> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    own::make_folder(dir)?;
    own::close(dir);
    let path = path.with_extension("lock");
    let (lock, began) = (own::open(&path, true)?, Instant::now());
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                let held = format!("another process has held {} for {PATIENCE:?}", path.display());
                return Err(io::Error::new(io::ErrorKind::TimedOut, held));
            }
        }
    }
}
