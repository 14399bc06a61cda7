//! The tokens that this tool made. The platform shows a token once, when it is made, so it is
//! kept in a file that only its user can read (`tokens.json` in the state folder, mode 0600):
//! a second run of a pipeline can still call the personalization API.

use crate::error::{Code, Error};
use crate::file::state as state_file;
use crate::file::{Room, hold_room, own};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a note takes on a disk at the most, in bytes.
const NOTE: usize = 4_096;

/// How long another process may take to make the token of a service.
const PATIENCE: Duration = Duration::from_secs(60);

/// A token with its id.
#[derive(Debug, Clone, Deserialize)]
pub struct KeptToken {
    /// Id of the token on the platform.
    pub id: String,
    /// The token itself.
    pub value: SecretString,
}

/// The file of tokens.
#[derive(Debug, Clone)]
pub struct TokenStore {
    path: Option<PathBuf>,
    /// Folder of the locks, one for each service.
    locks: PathBuf,
    /// How long a lock is waited for.
    patience: Duration,
    /// Space that is held for the next token, and for the note that it is begun.
    room: Arc<Mutex<[Option<Room>; 2]>>,
}

impl TokenStore {
    /// A store in a file of its own, else in the state folder; without either nothing is found, and a
    /// token that should be kept is an error.
    pub fn new(file: Option<&Path>, state_dir: Option<&Path>) -> Self {
        let (path, locks) = match (file, state_dir) {
            (Some(file), _) => {
                let mut locks = file.as_os_str().to_owned();
                locks.push(".locks");
                (Some(file.to_owned()), locks.into())
            }
            (None, Some(dir)) => (Some(dir.join("tokens.json")), dir.join("locks")),
            (None, None) => (None, PathBuf::new()),
        };
        TokenStore { path, locks, patience: PATIENCE, room: Arc::default() }
    }

    /// Holds space for a token. That it can't be kept has to be known before it is made, because the platform
    /// shows it only once.
    pub fn hold(&self) -> Result<(), Error> {
        let Some(path) = &self.path else {
            return Err(unkept("there is no home folder, and so no state folder"));
        };
        let mut room = self.room();
        let [for_token, for_note] = &mut *room;
        if for_token.is_none() {
            let held = state_file::hold(path, state_file::ENTRY);
            *for_token = Some(held.map_err(|error| unkept(&format!("{error:#}")))?);
        }
        own::close(&self.locks);
        let note = own::make_folder(&self.locks).and_then(|()| hold_room(&self.locks.join("note"), NOTE));
        let note = note.map_err(|error| unkept(&format!("cannot write {}: {error}", self.locks.display())));
        *for_note = for_note.take().map_or(note, Ok).map(Some)?;
        Ok(())
    }

    /// The token of a service on a personalization host.
    ///
    /// # Errors
    /// When the file can't be read: it may hold tokens that the platform does not show again.
    pub fn find(&self, host: &str, ps: &str, service: &str) -> Result<Option<KeptToken>, Error> {
        let kept = self.read().map_err(damaged)?.remove(&key(host, ps, service));
        let path = self.path.as_deref().unwrap_or_else(|| Path::new("")).display();
        kept.map(serde_json::from_value)
            .transpose()
            .map_err(|error| damaged(anyhow::anyhow!("{path}: {error}")))
    }

    /// An error when the file can't be read; see [`state_file::check`].
    pub fn check(&self, needed: bool) -> Result<(), Error> {
        state_file::check(self.path.as_deref(), needed).map_err(damaged)
    }

    /// All tokens that are kept.
    pub fn values(&self) -> Vec<SecretString> {
        let kept = self.read().unwrap_or_default().into_iter();
        kept.filter_map(|(_, kept)| serde_json::from_value::<KeptToken>(kept).ok())
            .map(|kept| kept.value)
            .collect()
    }

    /// Where tokens are kept; `None` where there is no place for them.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Forgets a service's token, if it is the one with this id.
    pub fn forget(&self, host: &str, ps: &str, service: &str, id: &str) -> Result<(), Error> {
        let is_kept = self.find(host, ps, service)?.is_some_and(|kept| kept.id == id);
        let Some(path) = self.path.as_deref().filter(|_| is_kept) else { return Ok(()) };
        let updated = state_file::update(path, |tokens| {
            tokens.shift_remove(&key(host, ps, service));
        });
        updated.map_err(damaged)
    }

    /// Keeps a token. An existing file that cannot be read is left as it is, and is an error.
    pub fn keep(
        &self,
        host: &str,
        ps: &str,
        service: &str,
        id: &str,
        value: &SecretString,
    ) -> Result<(), Error> {
        let Some(path) = &self.path else { return self.hold() };
        let kept = json!({"id": id, "value": value.expose_secret()});
        let room = self.room().first_mut().and_then(Option::take);
        let updated = state_file::update_in(room, path, |tokens| {
            tokens.insert(key(host, ps, service), kept);
        });
        updated.map_err(|error| unkept(&format!("{error:#}")))
    }

    /// Holds a service's token against other processes while it is looked for or made. Others go on
    /// meanwhile: two processes that make the tokens of two services can't wait for each other.
    pub async fn lock(&self, host: &str, ps: &str, service: &str) -> Result<TokenLock, Error> {
        self.path.as_ref().map_or_else(|| self.hold(), |_| Ok(()))?;
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let path = self.locks.join(key(host, ps, service).chars().map(plain).collect::<String>());
        let refused = |error: io::Error| unkept(&format!("cannot write {}: {error}", path.display()));
        let open = || {
            own::make_folder(&self.locks)?;
            own::open(&path, true)
        };
        let file = open().map_err(refused)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return TokenLock::held(file).map_err(refused),
                Err(TryLockError::Error(error)) => return Err(refused(error)),
                Err(TryLockError::WouldBlock) if began.elapsed() < self.patience => {
                    tokio::time::sleep(state_file::PAUSE).await;
                }
                Err(TryLockError::WouldBlock) => return Err(is_held(&path, self.patience)),
            }
        }
    }

    fn room(&self) -> MutexGuard<'_, [Option<Room>; 2]> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> anyhow::Result<Map<String, Value>> {
        Ok(self.path.as_ref().map_or(Ok(None), |path| state_file::read(path))?.unwrap_or_default())
    }
}

fn damaged(error: anyhow::Error) -> Error {
    Error::new(Code::Io, format!("the tokens that are kept can't be looked up: {error:#}")).hint(
        "restore or correct the file, or name another with --token-file FILE or another folder with TDX_RT_STATE_DIR; without these tokens --new-token makes others, as the platform shows each once",
    )
}

fn unkept(reason: &str) -> Error {
    Error::new(Code::Io, format!("the token of the personalization API can't be kept: {reason}")).hint(
        "no token was made; name a folder that can be written to with TDX_RT_STATE_DIR, or a file with --token-file FILE",
    )
}

/// Another process holds a lock too long.
fn is_held(path: &Path, patience: Duration) -> Error {
    let content = own::read(path, 1_000_000).unwrap_or_default();
    let content = String::from_utf8_lossy(&content);
    let holder = content
        .split_once(' ')
        .map_or_else(|| "another process".to_owned(), |(_, id)| format!("process {id}"));
    let message =
        format!("{holder} has been making the token of this service for {patience:?} ({})", path.display());
    Error::new(Code::NotReady, message)
        .hint("no token was made; run the command again when that process has ended")
        .retryable()
}

fn key(host: &str, ps: &str, service: &str) -> String {
    format!("{host} {ps} {service}")
}

/// A service's token, held; given up when it is dropped or the process ends. Its file holds the name of the
/// token that is being made, a space, and the id of the process that holds it.
#[derive(Debug)]
pub struct TokenLock {
    file: File,
    /// The name of a token that a process began to make when it was killed: its value was
    /// never seen.
    pub begun: Option<String>,
}

impl TokenLock {
    fn held(mut file: File) -> io::Result<Self> {
        let mut content = String::new();
        file.read_to_string(&mut content)?;
        let begun = content.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
        let mut lock = TokenLock { file, begun };
        // Only for people; a full disk does not matter.
        let _ = lock.note(&lock.begun.clone().unwrap_or_default());
        Ok(lock)
    }

    /// Notes that a token of this name is about to be made, in the space that is held for that.
    pub fn begin(&mut self, store: &TokenStore, name: &str) -> Result<(), Error> {
        drop(store.room().last_mut().map(Option::take));
        let noted = self.note(name);
        noted.map_err(|error| unkept(&format!("cannot note that one is about to be made: {error}")))
    }

    /// The name is written at once, so a full disk keeps the old one, or the new one.
    fn note(&mut self, name: &str) -> io::Result<()> {
        let content = format!("{name} {}", std::process::id());
        self.file.rewind()?;
        self.file.write_all(content.as_bytes())?;
        self.file.set_len(content.len() as u64)?;
        // It outlives a loss of power: else the token would not be recognized.
        self.file.sync_data()
    }

    /// Notes that its value was seen. Works on a full disk too.
    pub fn end(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_that_another_process_makes_is_waited_for_and_not_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let store = TokenStore { patience: Duration::ZERO, ..TokenStore::new(None, Some(dir.path())) };
        let held = store.lock("h", "1", "2").await.unwrap();
        let error = store.lock("h", "1", "2").await.unwrap_err();
        assert_eq!(error.code, Code::NotReady);
        assert!(error.message.contains(&format!("process {} has been", std::process::id())), "{error}");
        assert_eq!(store.lock("h", "1", "3").await.unwrap().begun, None);
        drop(held);
        assert_eq!(store.lock("h", "1", "2").await.unwrap().begun, None);
    }

    #[tokio::test]
    async fn a_kept_token_is_found_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let store = TokenStore::new(None, Some(&dir.path().join("deep")));
        assert!(store.find("h", "1", "2").unwrap().is_none());
        store.keep("h", "1", "2", "7", &"1/1/abc".into()).unwrap();
        store.keep("h", "1", "3", "8", &"1/1/def".into()).unwrap();
        let found = store.find("h", "1", "2").unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.value.expose_secret()), ("7", "1/1/abc"));
        let mut lock = store.lock("h", "1", "2").await.unwrap();
        assert_eq!(lock.begun, None);
        lock.begin(&store, "tdx-rt-12").unwrap();
        lock.begin(&store, "tdx-rt-1").unwrap();
        drop(lock);
        let mut lock = store.lock("h", "1", "2").await.unwrap();
        assert_eq!(lock.begun.as_deref(), Some("tdx-rt-1"));
        lock.end().unwrap();
        drop(lock);
        assert_eq!(store.lock("h", "1", "2").await.unwrap().begun, None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("deep/tokens.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
