//! What the user has configured, and where each value came from.
//!
//! Precedence, as the official CLI documents it: flag > environment > project `tdx.json` >
//! profile > global configuration > default. The files are those of the official CLI:
//! `~/.config/tdx/.env` (keys), `~/.config/tdx/tdx.json` (profiles) and the nearest `tdx.json`
//! upwards from the working directory (project).

mod dotenv;
mod endpoint;
mod files;
pub mod key_file;
pub mod network;
mod secrets;
mod shown;

pub use crate::environment::Environment;
pub use endpoint::Endpoint;
pub use secrets::secrets;
pub use shown::{CredentialKind, Hosts, Shown, ShownValue};

use crate::error::{Code, Error};
use crate::platform::sites::Site;
use dotenv::Dotenv;
use files::{ConfigFile, Files};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A command-line flag.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// The nearest `tdx.json`.
    Project(PathBuf),
    /// A profile of the global `tdx.json`.
    Profile(PathBuf, String),
    /// The global `tdx.json` or `.env`.
    Global(PathBuf),
    /// Built in.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => f.write_str(flag),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Project(path) => write!(f, "project {}", path.display()),
            Origin::Profile(path, profile) => write!(f, "profile '{profile}' of {}", path.display()),
            Origin::Global(path) => write!(f, "global {}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A value with its origin.
#[derive(Debug, Clone)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// The flags that take part; `None` where not given.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--site`
    pub site: Option<String>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--endpoint`
    pub endpoint: Option<String>,
    /// What `--api-key-file` holds.
    pub api_key: Option<SecretString>,
    /// `--api-key-file`
    pub api_key_file: Option<PathBuf>,
}

/// How requests to the platform are authorized.
#[derive(Debug, Clone)]
pub enum Credential {
    /// `Authorization: TD1 <key>`.
    ApiKey(SecretString),
    /// `Authorization: Bearer <token>`.
    AccessToken(SecretString),
}

impl Credential {
    /// The value of the `Authorization` header.
    pub fn header(&self) -> SecretString {
        match self {
            Credential::ApiKey(key) => format!("TD1 {}", key.expose_secret()).into(),
            Credential::AccessToken(token) => format!("Bearer {}", token.expose_secret()).into(),
        }
    }

    /// The account number in front of an API key's slash.
    pub fn account(&self) -> Option<&str> {
        match self {
            Credential::ApiKey(key) => key.expose_secret().split_once('/').map(|(account, _)| account),
            Credential::AccessToken(_) => None,
        }
    }

    /// Enough to recognize it, not enough to use it.
    pub fn masked(&self) -> String {
        let secret = match self {
            Credential::ApiKey(secret) | Credential::AccessToken(secret) => secret.expose_secret(),
        };
        mask(secret)
    }
}

/// Keeps the account number and the last four characters of a long secret.
pub fn mask(secret: &str) -> String {
    let (account, rest) = secret.split_once('/').map_or(("", secret), |(account, rest)| (account, rest));
    let length = rest.chars().count();
    let tail: String =
        if length >= 16 { rest.chars().skip(length.saturating_sub(4)).collect() } else { String::new() };
    match account {
        "" => format!("****{tail}"),
        account => format!("{account}/****{tail}"),
    }
}

/// The resolved settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site.
    pub site: Sourced<Site>,
    /// The site that the user's own settings say, where the file of a project says another one.
    pub overruled: Option<Sourced<Site>>,
    /// Key or access token; `None` when there is none.
    pub credential: Option<Sourced<Credential>>,
    /// Where requests go instead of the site's hosts.
    pub endpoint: Option<Sourced<Endpoint>>,
    /// The profile in use.
    pub profile: Option<Sourced<String>>,
    /// Default database.
    pub database: Option<Sourced<String>>,
    /// Default parent segment (id or name).
    pub parent_segment: Option<Sourced<String>>,
    /// Token of the personalization API, from `TDX_RT_TOKEN`.
    pub token: Option<Sourced<SecretString>>,
    /// Where tokens that this tool made are kept.
    pub state_dir: Option<PathBuf>,
    /// What is wrong with files that are not needed here, and what others can read.
    pub warnings: Vec<String>,
}

impl Settings {
    /// The flags that say where to, with their values, as they were given.
    pub fn given(&self) -> Vec<(&'static str, String)> {
        fn flag<T>(setting: &Sourced<T>, text: impl Fn(&T) -> String) -> Option<(&'static str, String)> {
            match setting.origin {
                Origin::Flag(flag) => Some((flag, text(&setting.value))),
                _ => None,
            }
        }
        let site = flag(&self.site, |site| site.as_str().to_owned());
        let endpoint =
            self.endpoint.as_ref().and_then(|it| flag(it, |endpoint| endpoint.as_str().to_owned()));
        let profile = self.profile.as_ref().and_then(|it| flag(it, String::clone));
        site.into_iter().chain(endpoint).chain(profile).collect()
    }

    /// The value of the `Authorization` header for a shell script: the variable of the kind of key
    /// that is set, never the key.
    pub fn shell_authorization(&self) -> &'static str {
        match self.credential.as_ref().map(|credential| &credential.value) {
            Some(Credential::AccessToken(_)) => "Bearer $TDX_ACCESS_TOKEN",
            _ => "TD1 $TDX_API_KEY",
        }
    }

    /// The profiles that the global configuration has; none where it cannot be read.
    pub fn profiles(env: &Environment) -> Vec<String> {
        let config = ConfigFile::global(env).ok().flatten();
        config.map(|c| c.profile_names().into_iter().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Resolves everything. Errors name the file or variable that is wrong.
    pub fn resolve(flags: &Flags, env: &Environment) -> Result<Settings, Error> {
        let endpoint = endpoint(flags, env)?;
        let sandbox = endpoint.as_ref().is_some_and(|endpoint| endpoint.value.is_loopback());
        let given_site = flag("--site", &flags.site).or_else(|| variable(env, "TDX_SITE"));
        let given_profile = flag("--profile", &flags.profile).or_else(|| variable(env, "TDX_PROFILE"));
        let mut warnings = Vec::new();
        // Where all that matters is set elsewhere, a damaged file is no reason to stop.
        let unneeded = sandbox || (given_site.is_some() && given_profile.is_none());
        let mut tolerate = |loaded: Result<Option<ConfigFile>, Error>| match loaded {
            Err(error) if unneeded => {
                warnings.push(error.message);
                Ok(None)
            }
            loaded => loaded,
        };
        let (global, project) =
            (tolerate(ConfigFile::global(env))?, tolerate(ConfigFile::nearest_project(env))?);
        let damaged = !warnings.is_empty();
        let files = |project| Files::of(given_profile.clone(), project, global.as_ref().filter(|_| !damaged));
        let chosen = files(project.as_ref())?;
        let dotenv = env.tdx_config_dir().map(|dir| Dotenv::load(dir.join(".env"))).unwrap_or_default();
        let site = |files: &Files<'_>| {
            let site = match given_site.clone().or_else(|| files.get("site")) {
                Some(site) => Some(site),
                None if sandbox => dotenv.get("TDX_SITE").unwrap_or_default(),
                None => dotenv.get("TDX_SITE")?,
            };
            Ok(match site {
                None => Sourced { value: Site::Us01, origin: Origin::Default },
                Some(text) => Sourced { value: parse_site(&text)?, origin: text.origin },
            })
        };
        let resolved: Sourced<Site> = site(&chosen)?;
        let own: Option<Sourced<Site>> = files(None).and_then(|files| site(&files)).ok();
        let given_key = flags.api_key.clone().map(Credential::ApiKey);
        let given_key = given_key.map(|value| Sourced { value, origin: Origin::Flag("--api-key-file") });
        let credential = match given_key
            .map_or_else(|| credential(&|name| Ok(variable(env, name))), |key| Ok(Some(key)))?
        {
            Some(credential) => Some(credential),
            None => match credential(&|name| dotenv.get(name)) {
                Err(_) if sandbox => None,
                found => found?,
            },
        };
        let unneeded = |warning: String| format!("{warning}; it is not needed here");
        warnings.extend(dotenv.problem().map(|error| error.message));
        let mut warnings: Vec<String> = warnings.into_iter().map(unneeded).collect();
        warnings.extend(match credential.as_ref().map(|credential| &credential.origin) {
            Some(Origin::Global(file)) => key_file::exposed(file),
            Some(Origin::Flag(_)) => flags.api_key_file.as_deref().and_then(key_file::exposed),
            _ => None,
        });
        Ok(Settings {
            overruled: own.filter(|own| own.value != resolved.value),
            site: resolved,
            credential,
            endpoint,
            database: chosen.get("database"),
            parent_segment: chosen.get("parent_segment"),
            profile: chosen.profile,
            token: variable(env, "TDX_RT_TOKEN").map(|t| Sourced { value: t.value.into(), origin: t.origin }),
            state_dir: env.state_dir(),
            warnings,
        })
    }

    /// Every value with its origin, keys masked: what `tdx-rt config` prints.
    pub fn shown(&self) -> Shown {
        fn entry<T>(sourced: Option<&Sourced<T>>, show: impl Fn(&T) -> String) -> ShownValue {
            ShownValue {
                value: sourced.map(|sourced| show(&sourced.value)),
                origin: sourced.map(|sourced| sourced.origin.to_string()),
            }
        }
        Shown {
            site: entry(Some(&self.site), |site| site.as_str().to_owned()),
            endpoint: entry(self.endpoint.as_ref(), |endpoint| endpoint.as_str().to_owned()),
            credential: entry(self.credential.as_ref(), Credential::masked),
            credential_kind: self.credential.as_ref().map(|credential| match credential.value {
                Credential::ApiKey(_) => CredentialKind::ApiKey,
                Credential::AccessToken(_) => CredentialKind::AccessToken,
            }),
            profile: entry(self.profile.as_ref(), String::clone),
            database: entry(self.database.as_ref(), String::clone),
            parent_segment: entry(self.parent_segment.as_ref(), String::clone),
            token: entry(self.token.as_ref(), |token| mask(token.expose_secret())),
            state_dir: self.state_dir.as_ref().map(|path| path.display().to_string()),
            hosts: Hosts {
                cdp: self.base(Site::cdp),
                api: self.base(Site::api),
                personalization: self.base(Site::p13n),
            },
        }
    }

    /// Whether requests go through TLS: everywhere but to a sandbox of this machine.
    pub fn calls_https(&self) -> bool {
        self.base(Site::cdp).starts_with("https:")
    }

    /// Base URL of one of the APIs: the endpoint when there is one, else the site's host.
    pub fn base(&self, host: fn(Site) -> &'static str) -> String {
        match &self.endpoint {
            Some(endpoint) => endpoint.value.as_str().to_owned(),
            None => host(self.site.value).to_owned(),
        }
    }
}

/// An address without its user name and password, which no message may show.
fn without_user(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("://").map_or(String::new(), |(scheme, _)| format!("{scheme}://"));
            format!("{scheme}****@{host}")
        }
        None => address.to_owned(),
    }
}

/// The first that exists.
fn pick<const N: usize>(layers: [Option<Sourced<String>>; N]) -> Option<Sourced<String>> {
    layers.into_iter().flatten().next()
}

fn flag(name: &'static str, value: &Option<String>) -> Option<Sourced<String>> {
    value.clone().map(|value| Sourced { value, origin: Origin::Flag(name) })
}

fn variable(env: &Environment, name: &'static str) -> Option<Sourced<String>> {
    env.var(name).map(|value| Sourced { value, origin: Origin::Environment(name) })
}

fn endpoint(flags: &Flags, env: &Environment) -> Result<Option<Sourced<Endpoint>>, Error> {
    let given = flag("--endpoint", &flags.endpoint).or_else(|| variable(env, "TDX_RT_ENDPOINT"));
    let Some(text) = given else { return Ok(None) };
    let value = Endpoint::parse(&text.value).map_err(|reason| {
        let shown = without_user(&text.value);
        Error::new(Code::BadSetting, format!("the endpoint '{shown}' ({}) {reason}", text.origin))
    })?;
    Ok(Some(Sourced { value, origin: text.origin }))
}

fn parse_site(text: &Sourced<String>) -> Result<Site, Error> {
    text.value.parse().map_err(|e| Error::new(Code::BadSetting, format!("{e} ({})", text.origin)))
}

/// A key or an access token by the names of its variables. The environment wins over `.env`; in each,
/// an access token wins over a key, as the official CLI documents.
fn credential(
    find: &dyn Fn(&'static str) -> Result<Option<Sourced<String>>, Error>,
) -> Result<Option<Sourced<Credential>>, Error> {
    if let Some(Sourced { value, origin }) = find("TDX_ACCESS_TOKEN")? {
        return Ok(Some(Sourced { value: Credential::AccessToken(value.into()), origin }));
    }
    let key = match find("TDX_API_KEY")? {
        Some(key) => Some(key),
        None => find("TD_API_KEY")?,
    };
    Ok(key.map(|Sourced { value, origin }| Sourced { value: Credential::ApiKey(value.into()), origin }))
}

#[cfg(test)]
mod tests;
