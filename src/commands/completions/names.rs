//! The names of an account, for completion: read from a cache of two minutes below the XDG cache
//! folder, one folder per host and key. What is stale is refreshed by a process of its own, so that
//! the person at the keyboard waits half a second at the most, whatever the network does; what that
//! process finds later serves the next time. Every failure is silent: there is nothing to
//! offer then.

use super::source::{Listing, Source};
use crate::file::{Access, own, replace};
use crate::settings::{Environment, Flags, Settings};
use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long names count as the platform's.
const TIME_TO_LIVE: Duration = Duration::from_secs(120);
/// How long a completion takes at the most.
const PATIENCE: Duration = Duration::from_millis(500);
/// Files that were not refreshed for so long are of an account that is not used any more.
const FORGOTTEN: Duration = Duration::from_secs(86_400);

/// The word that starts a refresh, in place of a shell's name.
pub(super) const REFRESH: &str = "refresh";

/// The names that one completion asks for.
pub(super) struct Names {
    folder: Option<PathBuf>,
    flags: Flags,
    began: Instant,
    read: Mutex<HashMap<Source, Option<Listing>>>,
}

impl Names {
    /// The names of the account that the flags and the environment choose.
    pub(super) fn new(env: &Environment, flags: Flags) -> Self {
        let settings = Settings::resolve(&flags, env).ok();
        let folder = settings.and_then(|settings| folder(env, &settings));
        Names { folder, flags, began: Instant::now(), read: Mutex::default() }
    }

    /// One listing; `None` when it is not to be had in time.
    pub(super) fn get(&self, source: &Source) -> Option<Listing> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(source.clone()).or_insert_with(|| self.find(source)).clone()
    }

    fn find(&self, source: &Source) -> Option<Listing> {
        let file = self.folder.as_ref()?.join(source.file_name());
        if let Some(listing) = fresh(&file) {
            return Some(listing);
        }
        let mut refresh = self.refresh(source)?;
        loop {
            // Before the file: a refresh that ended well has written it.
            let ended = refresh.try_wait().ok()?;
            if let Some(listing) = fresh(&file) {
                return Some(listing);
            }
            // One that found another refresh running ends well as well.
            let failed = ended.is_some_and(|status| !status.success());
            if failed || self.began.elapsed() >= PATIENCE {
                return None;
            }
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    fn refresh(&self, source: &Source) -> Option<std::process::Child> {
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.args([super::answer::COMPLETE, REFRESH, &source.to_text()]);
        let Flags { site, profile, endpoint, .. } = &self.flags;
        for (flag, value) in [("--site", site), ("--profile", profile), ("--endpoint", endpoint)] {
            if let Some(value) = value {
                command.args([flag, value]);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().ok()
    }
}

/// How a refresh begins.
pub(super) enum Begun {
    /// It is this process's.
    Here(Refresh),
    /// Another process refreshes it.
    Elsewhere,
}

/// Holds a file against other refreshes; `None` where nothing can be kept.
pub(super) fn begin(env: &Environment, settings: &Settings, source: &Source) -> Option<Begun> {
    let folder = folder(env, settings)?;
    own::make_folder(&folder).ok()?;
    own::close(&folder);
    let file = folder.join(source.file_name());
    let lock = own::open(&file.with_extension("lock"), true).ok()?;
    match lock.try_lock() {
        Ok(()) => Some(Begun::Here(Refresh { file, _lock: lock })),
        Err(fs::TryLockError::WouldBlock) => Some(Begun::Elsewhere),
        Err(fs::TryLockError::Error(_)) => None,
    }
}

/// A refresh under way.
pub(super) struct Refresh {
    file: PathBuf,
    _lock: fs::File,
}

impl Refresh {
    /// Writes what was found, whole or not at all, and forgets what is long out of use.
    pub(super) fn end(self, listing: &Listing) -> Option<()> {
        replace(&self.file, &serde_json::to_vec(listing).ok()?, Access::Private).ok()?;
        for folder in fs::read_dir(self.file.parent()?.parent()?).ok()?.flatten() {
            forget(&folder.path());
        }
        Some(())
    }
}

fn forget(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if age(&entry.path()).is_some_and(|age| age > FORGOTTEN) {
            // Another process may have done so.
            let _ = fs::remove_file(entry.path());
        }
    }
    // Fails while there is something in it, as it should.
    let _ = fs::remove_dir(folder);
}

fn fresh(file: &Path) -> Option<Listing> {
    age(file).filter(|age| *age < TIME_TO_LIVE)?;
    serde_json::from_slice(&own::read(file, 64_000_000).ok()?).ok()
}

/// Since the last change; `None` also where that is in the future, as after the clock was set back.
fn age(file: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(fs::metadata(file).ok()?.modified().ok()?).ok()
}

/// One folder per host and key. The names of an account are for its users alone.
fn folder(env: &Environment, settings: &Settings) -> Option<PathBuf> {
    let credential = settings.credential.as_ref()?;
    let mut hasher = DefaultHasher::new();
    settings.site.value.as_str().hash(&mut hasher);
    settings.endpoint.as_ref().map(|endpoint| endpoint.value.as_str()).hash(&mut hasher);
    secrecy::ExposeSecret::expose_secret(&credential.value.header()).hash(&mut hasher);
    Some(env.cache_dir()?.join("completion").join(format!("{:016x}", hasher.finish())))
}
