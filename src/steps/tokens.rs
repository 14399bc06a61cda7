//! The tokens that this tool made. The platform shows a token once, when it is made, so it is
//! kept in a file that only its user can read (`tokens.json` in the state folder, mode 0600):
//! a second run of a pipeline can still call the personalization API.

use super::state_file;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
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
            tokens.shift_remove(&begun(host, ps, service));
        })
    }

    /// Notes that a token of this name is about to be made: should its answer be lost with the
    /// process, a later run knows that nobody has ever seen its value.
    pub fn begin(&self, host: &str, ps: &str, service: &str, name: &str) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        state_file::update(path, |tokens| {
            tokens.insert(begun(host, ps, service), json!(name));
        })
    }

    /// The name of a token that was begun and never kept.
    pub fn begun(&self, host: &str, ps: &str, service: &str) -> Option<String> {
        self.read()?.get(&begun(host, ps, service))?.as_str().map(str::to_owned)
    }

    fn read(&self) -> Option<Map<String, Value>> {
        state_file::read(self.path.as_ref()?).ok()?
    }
}

fn key(host: &str, ps: &str, service: &str) -> String {
    format!("{host} {ps} {service}")
}

fn begun(host: &str, ps: &str, service: &str) -> String {
    format!("{} begun", key(host, ps, service))
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
            let mode = std::fs::metadata(dir.path().join("deep/tokens.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
