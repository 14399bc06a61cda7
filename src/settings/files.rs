//! The files of the official CLI.

use super::{Environment, Origin, Sourced, pick};
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

/// The values of one profile.
#[derive(Debug)]
pub struct ProfileSettings {
    path: PathBuf,
    profile: String,
    values: Map<String, Value>,
}

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

    /// The values of a profile.
    pub fn profile(&self, name: &str) -> Option<ProfileSettings> {
        let values = self.values.get("profiles")?.get(name)?.as_object()?.clone();
        Some(ProfileSettings { path: self.path.clone(), profile: name.to_owned(), values })
    }

    /// The profiles that there are.
    pub fn profile_names(&self) -> Vec<&str> {
        let profiles = self.values.get("profiles").and_then(Value::as_object);
        profiles.map(|p| p.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

impl ProfileSettings {
    /// A string of the profile.
    pub fn get(&self, key: &str) -> Option<Sourced<String>> {
        let origin = Origin::Profile(self.path.clone(), self.profile.clone());
        Some(Sourced { value: scalar(self.values.get(key)?)?, origin })
    }
}

/// The files that may say something, the nearest first.
pub(super) struct Files<'a> {
    project: Option<&'a ConfigFile>,
    pub(super) profile: Option<Sourced<String>>,
    values: Option<ProfileSettings>,
    global: Option<&'a ConfigFile>,
}

impl<'a> Files<'a> {
    pub(super) fn of(
        given: Option<Sourced<String>>,
        project: Option<&'a ConfigFile>,
        global: Option<&'a ConfigFile>,
    ) -> Result<Self, Error> {
        let profile = pick([
            given,
            project.and_then(|file| file.value("profile", Origin::Project)),
            global.and_then(|file| file.value("profile", Origin::Global)),
        ]);
        let values = profile.as_ref().map(|name| profile_values(name, global)).transpose()?;
        Ok(Files { project, profile, values, global })
    }

    pub(super) fn get(&self, key: &str) -> Option<Sourced<String>> {
        pick([
            self.project.and_then(|file| file.value(key, Origin::Project)),
            self.values.as_ref().and_then(|values| values.get(key)),
            self.global.and_then(|file| file.value(key, Origin::Global)),
        ])
    }
}

fn profile_values(name: &Sourced<String>, global: Option<&ConfigFile>) -> Result<ProfileSettings, Error> {
    let unknown = |known: Vec<&str>, path: Option<&PathBuf>| {
        let error =
            Error::new(Code::BadSetting, format!("there is no profile '{}' ({})", name.value, name.origin));
        match path {
            None => error.hint("there is no global tdx.json with profiles"),
            Some(path) if known.is_empty() => error.hint(format!("{} has no profiles", path.display())),
            Some(path) => error.hint(format!("{} has the profiles: {}", path.display(), known.join(", "))),
        }
    };
    match global {
        None => Err(unknown(Vec::new(), None)),
        Some(config) => {
            config.profile(&name.value).ok_or_else(|| unknown(config.profile_names(), Some(&config.path)))
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
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
