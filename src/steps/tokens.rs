//! The tokens that this tool made. The platform shows a token once, when it is made, so it is
//! kept in a file that only its user can read (`tokens.json` in the state folder, mode 0600):
//! a second run of a pipeline can still call the personalization API.

use anyhow::Context as _;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{self, Write as _};
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
        let what = || format!("cannot keep the token in {}", path.display());
        let dir = path.parent().with_context(what)?;
        fs::create_dir_all(dir).with_context(what)?;
        // Two processes may keep a token each; the lock goes with the file handle.
        let lock = fs::File::create(dir.join("tokens.lock")).with_context(what)?;
        lock.lock().with_context(what)?;
        let mut tokens = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(what)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Map::new(),
            Err(error) => return Err(error).with_context(what),
        };
        tokens.insert(key(host, ps, service), json!({"id": id, "value": value.expose_secret()}));
        // Temporary files are 0600 from their first byte on.
        let mut file = tempfile::NamedTempFile::new_in(dir).with_context(what)?;
        serde_json::to_writer_pretty(&mut file, &tokens).with_context(what)?;
        file.write_all(b"\n").with_context(what)?;
        file.as_file().sync_all().with_context(what)?;
        file.persist(path).with_context(what)?;
        Ok(())
    }

    fn read(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&fs::read(self.path.as_ref()?).ok()?).ok()
    }
}

fn key(host: &str, ps: &str, service: &str) -> String {
    format!("{host} {ps} {service}")
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
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join("deep/tokens.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
