//! The tokens that this tool made. The platform shows a token once, when it is made, so it is
//! kept in a file that only its user can read (`tokens.json` in the state folder, mode 0600):
//! a second run of a pipeline can still call the personalization API.

use super::state_file;
use crate::error::{Code, Error};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

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
}

impl TokenStore {
    /// A store in a file of its own, else in the state folder; without either nothing is found, and a
    /// token that should be kept is an error.
    pub fn new(file: Option<&Path>, state_dir: Option<&Path>) -> Self {
        match (file, state_dir) {
            (Some(file), _) => {
                let mut locks = file.as_os_str().to_owned();
                locks.push(".locks");
                TokenStore { path: Some(file.to_owned()), locks: locks.into() }
            }
            (None, Some(dir)) => TokenStore { path: Some(dir.join("tokens.json")), locks: dir.join("locks") },
            (None, None) => TokenStore { path: None, locks: PathBuf::new() },
        }
    }

    /// An error when a token can't be kept: it has to be known before a token is made, because the
    /// platform shows it only once.
    pub fn check(&self) -> Result<(), Error> {
        let Some(path) = &self.path else {
            return Err(unkept("there is no home folder, and so no state folder"));
        };
        state_file::check(path).map_err(|error| unkept(&format!("{error:#}")))?;
        fs::create_dir_all(&self.locks)
            .map_err(|error| unkept(&format!("cannot write {}: {error}", self.locks.display())))
    }

    /// The token of a service on a personalization host. A file that cannot be read finds nothing:
    /// a lost token is an inconvenience, not an error.
    pub fn find(&self, host: &str, ps: &str, service: &str) -> Option<KeptToken> {
        serde_json::from_value(self.read()?.remove(&key(host, ps, service))?).ok()
    }

    /// All tokens that are kept.
    pub fn values(&self) -> Vec<SecretString> {
        let kept = self.read().unwrap_or_default().into_iter();
        kept.filter_map(|(_, kept)| serde_json::from_value::<KeptToken>(kept).ok())
            .map(|kept| kept.value)
            .collect()
    }

    /// Keeps a token. A file that is there and cannot be read is left as it is, and is an error.
    pub fn keep(
        &self,
        host: &str,
        ps: &str,
        service: &str,
        id: &str,
        value: &SecretString,
    ) -> Result<(), Error> {
        let Some(path) = &self.path else { return self.check() };
        let kept = json!({"id": id, "value": value.expose_secret()});
        let updated = state_file::update(path, |tokens| {
            tokens.insert(key(host, ps, service), kept);
        });
        updated.map_err(|error| unkept(&format!("{error:#}")))
    }

    /// Holds a service's token against other processes while it is looked for or made.
    pub fn lock(&self, host: &str, ps: &str, service: &str) -> Result<TokenLock, Error> {
        self.path.as_ref().map_or_else(|| self.check(), |_| Ok(()))?;
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = key(host, ps, service).chars().map(plain).collect();
        let opened = || {
            fs::create_dir_all(&self.locks)?;
            let mut options = File::options();
            let mut file =
                options.read(true).write(true).create(true).truncate(false).open(self.locks.join(&name))?;
            file.lock()?;
            let mut begun = String::new();
            file.read_to_string(&mut begun)?;
            let begun = Some(begun).filter(|name| !name.is_empty());
            Ok(TokenLock { file, begun })
        };
        opened().map_err(|error: io::Error| {
            unkept(&format!("cannot write {}: {error}", self.locks.join(&name).display()))
        })
    }

    fn read(&self) -> Option<Map<String, Value>> {
        state_file::read(self.path.as_ref()?).ok()?
    }
}

fn unkept(reason: &str) -> Error {
    Error::new(Code::Io, format!("the token of the personalization API can't be kept: {reason}")).hint(
        "no token was made; name a folder that can be written to with TDX_RT_STATE_DIR, or a file with --token-file FILE",
    )
}

fn key(host: &str, ps: &str, service: &str) -> String {
    format!("{host} {ps} {service}")
}

/// A service's token, held; given up when it is dropped or the process ends.
#[derive(Debug)]
pub struct TokenLock {
    file: File,
    /// The name of a token that a process began to make and did not live to see: nobody has ever
    /// seen its value.
    pub begun: Option<String>,
}

impl TokenLock {
    /// Notes that a token of this name is about to be made.
    pub fn begin(&mut self, name: &str) -> Result<(), Error> {
        let noted = self.end().and_then(|()| self.file.write_all(name.as_bytes()));
        noted.map_err(|error| unkept(&format!("cannot note that one is about to be made: {error}")))
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

    #[test]
    fn a_kept_token_is_found_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let store = TokenStore::new(None, Some(&dir.path().join("deep")));
        assert!(store.find("h", "1", "2").is_none());
        store.keep("h", "1", "2", "7", &"1/1/abc".into()).unwrap();
        store.keep("h", "1", "3", "8", &"1/1/def".into()).unwrap();
        let found = store.find("h", "1", "2").unwrap();
        assert_eq!((found.id.as_str(), found.value.expose_secret()), ("7", "1/1/abc"));
        let mut lock = store.lock("h", "1", "2").unwrap();
        assert_eq!(lock.begun, None);
        lock.begin("tdx-rt-12").unwrap();
        lock.begin("tdx-rt-1").unwrap();
        drop(lock);
        let mut lock = store.lock("h", "1", "2").unwrap();
        assert_eq!(lock.begun.as_deref(), Some("tdx-rt-1"));
        lock.end().unwrap();
        drop(lock);
        assert_eq!(store.lock("h", "1", "2").unwrap().begun, None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join("deep/tokens.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
