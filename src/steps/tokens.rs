//! The tokens that this tool made. The platform shows a token once, when it is made, so it is
//! kept in a file that only its user can read (`tokens.json` in the state folder, mode 0600):
//! a second run of a pipeline can still call the personalization API.

use super::state_file;
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
}

impl TokenStore {
    /// A store in the state folder; without a folder nothing is kept or found.
    pub fn new(state_dir: Option<&Path>) -> Self {
        TokenStore { path: state_dir.map(|dir| dir.join("tokens.json")) }
    }

    /// The token of a service on a personalization host. A file that cannot be read finds nothing:
    /// a lost token is an inconvenience, not an error.
    pub fn find(&self, host: &str, ps: &str, service: &str) -> Option<KeptToken> {
        serde_json::from_value(self.read()?.remove(&key(host, ps, service))?).ok()
    }

    /// Keeps a token. A file that is there and cannot be read is left as it is, and is an error.
    pub fn keep(
        &self,
        host: &str,
        ps: &str,
        service: &str,
        id: &str,
        value: &SecretString,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let kept = json!({"id": id, "value": value.expose_secret()});
        state_file::update(path, |tokens| {
            tokens.insert(key(host, ps, service), kept);
        })
    }

    /// Holds a service's token against other processes while it is looked for or made. `None` where
    /// there is no folder to do so; then only the help after a crash is missing.
    pub fn lock(&self, host: &str, ps: &str, service: &str) -> Option<TokenLock> {
        let dir = self.path.as_ref()?.parent()?.join("locks");
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = key(host, ps, service).chars().map(plain).collect();
        fs::create_dir_all(&dir).ok()?;
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(dir.join(name)).ok()?;
        file.lock().ok()?;
        let mut begun = String::new();
        file.read_to_string(&mut begun).ok()?;
        let begun = Some(begun).filter(|name| !name.is_empty());
        Some(TokenLock { file, begun })
    }

    fn read(&self) -> Option<Map<String, Value>> {
        state_file::read(self.path.as_ref()?).ok()?
    }
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
    pub fn begin(&mut self, name: &str) -> io::Result<()> {
        self.end()?;
        self.file.write_all(name.as_bytes())
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
        let store = TokenStore::new(Some(&dir.path().join("deep")));
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
