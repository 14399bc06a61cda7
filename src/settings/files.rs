//! The files of the official CLI.

use super::{Environment, Origin, Sourced};
use crate::error::{Code, Error};
use crate::file::own;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A `tdx.json`.
#[derive(Debug)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    values: Map<String, Value>,
}

/// The setting with a command that prints the key.
pub(super) const KEY_COMMAND: &str = "api_key_command";

impl ConfigFile {
    /// The global one. A missing file is no error; one that is not readable or not
    /// well-formed is.
    pub fn global(env: &Environment) -> Result<Option<Self>, Error> {
        env.tdx_config_dir().map_or(Ok(None), |dir| ConfigFile::load(dir.join("tdx.json")))
    }

    fn load(path: PathBuf) -> Result<Option<Self>, Error> {
        let Some(text) = read(&path)? else { return Ok(None) };
        match serde_json::from_str(&text) {
            Ok(Value::Object(values)) => Ok(Some(ConfigFile { path, values })),
            Ok(_) => Err(bad(&path, "it is not a JSON object")),
            Err(error) => Err(bad(&path, &error.to_string())),
        }
    }

    /// The nearest `tdx.json` upwards from the working directory; the global one is not a
    /// project's.
    pub fn nearest_project(env: &Environment) -> Result<Option<Self>, Error> {
        let Some(start) = &env.current_dir else { return Ok(None) };
        let global = env.tdx_config_dir();
        for dir in start.ancestors().filter(|dir| Some(*dir) != global.as_deref()) {
            if let Some(file) = ConfigFile::load(dir.join("tdx.json"))? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// A top-level string; ids may be numbers.
    pub fn value(&self, key: &str, origin: fn(PathBuf) -> Origin) -> Option<Sourced<String>> {
        Some(Sourced { value: scalar(self.values.get(key)?)?, origin: origin(self.path.clone()) })
    }

    /// A string of a profile.
    pub fn profile_value(
        &self,
        profile: &str,
        key: &str,
        origin: fn(PathBuf, String) -> Origin,
    ) -> Option<Sourced<String>> {
        let value = scalar(self.profile(profile)?.get(key)?)?;
        Some(Sourced { value, origin: origin(self.path.clone(), profile.to_owned()) })
    }

    /// The values of a profile.
    pub fn profile(&self, name: &str) -> Option<&Map<String, Value>> {
        self.profiles()?.get(name)?.as_object()
    }

    /// The profiles that there are.
    pub fn profile_names(&self) -> Vec<&str> {
        self.profiles().map(|profiles| profiles.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// The command that prints the key: of a profile, or the general one.
    pub fn key_command(&self, profile: Option<&str>) -> Option<&Value> {
        let values = profile.map_or(Some(&self.values), |name| self.profile(name))?;
        values.get(KEY_COMMAND).filter(|value| !value.is_null())
    }

    /// Whether it names a command anywhere.
    pub fn has_key_command(&self) -> bool {
        let profiles = self.profiles().into_iter().flat_map(Map::values).filter_map(Value::as_object);
        std::iter::once(&self.values).chain(profiles).any(|values| values.contains_key(KEY_COMMAND))
    }

    fn profiles(&self) -> Option<&Map<String, Value>> {
        self.values.get("profiles")?.as_object()
    }
}

/// A string or a number; one of blanks alone is none.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The largest configuration file that is read, in bytes.
const LIMIT: u64 = 1_000_000;

/// `None` when the file does not exist. A byte order mark is dropped.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    let text = |bytes| String::from_utf8(bytes).map_err(std::io::Error::other);
    match own::read(path, LIMIT).and_then(text) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(bad(path, &error.to_string())),
    }
}

fn bad(path: &Path, reason: &str) -> Error {
    Error::new(Code::BadSetting, format!("cannot read the configuration {}: {reason}", path.display()))
        .hint("correct or remove the file")
}
