//! What the user has configured, and where each value came from. [`precedence`] has the order.
//!
//! The files are those of the official CLI: `~/.config/tdx/.env` (keys), `~/.config/tdx/tdx.json` (profiles),
//! `~/.config/tdx/sessions/` (what `tdx use` chose for a shell) and the nearest `tdx.json` upwards from the working
//! directory (project), in which a stranger may have written: it chooses site, database and parent segment, or one
//! of the user's profiles for these, and nothing else.

mod credential;
mod dotenv;
mod endpoint;
mod files;
mod key_command;
pub mod key_file;
mod keys;
mod layers;
pub mod network;
mod origin;
pub mod precedence;
mod secrets;
mod session;
mod shown;

pub use crate::environment::Environment;
pub use credential::{Credential, mask};
pub use endpoint::Endpoint;
pub use key_command::{KeyCommand, TIME as KEY_COMMAND_TIME};
pub use origin::{Origin, Sourced};
pub use secrets::secrets;
pub use shown::{CredentialKind, Hosts, LayerState, Shown, ShownLayer, ShownValue};

use crate::error::{Code, Error};
use crate::platform::sites::Site;
use dotenv::Dotenv;
use files::{ConfigFile, KEY_COMMAND};
use keys::{FoundKey, Key, Keys};
use layers::{Layers, Setting};
use secrecy::SecretString;
use session::Session;
use std::borrow::Cow;
use std::path::PathBuf;

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

/// The resolved settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site.
    pub site: Sourced<Site>,
    /// The site that the user's own settings say, where the file of a project says another one.
    pub overruled: Option<Sourced<Site>>,
    /// Key or access token; `None` when there is none, or a command prints it.
    pub credential: Option<Sourced<Credential>>,
    /// The command that prints the key, where it is from there.
    pub key_command: Option<Sourced<KeyCommand>>,
    /// The number of the account that the profile is for.
    pub account: Option<Sourced<String>>,
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
    /// What was found, for [`Settings::shown`].
    found: Found,
}

/// All that was found, in the order of precedence.
#[derive(Debug, Clone)]
struct Found {
    site: Vec<Sourced<String>>,
    profile: Vec<Sourced<String>>,
    database: Vec<Sourced<String>>,
    parent_segment: Vec<Sourced<String>>,
    keys: Vec<FoundKey>,
    /// The files of the layers that have one, and what became of them.
    files: Vec<(precedence::Layer, Option<PathBuf>, LayerState)>,
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

    /// The value of the `Authorization` header for a shell script: the variable that holds the key, never the key.
    pub fn shell_authorization(&self) -> String {
        let variable = |usual: &str| match self.credential.as_ref().map(|credential| &credential.origin) {
            Some(Origin::Environment(name)) => format!("${name}"),
            _ => format!("${usual}"),
        };
        match self.credential.as_ref().map(|credential| &credential.value) {
            Some(Credential::AccessToken(_)) => format!("Bearer {}", variable("TDX_ACCESS_TOKEN")),
            _ => format!("TD1 {}", variable("TDX_API_KEY")),
        }
    }

    /// The profiles that the user and the project have; none where their files cannot be read.
    pub fn profiles(env: &Environment) -> Vec<String> {
        let files = [ConfigFile::nearest_project(env), ConfigFile::global(env)];
        let files: Vec<ConfigFile> = files.into_iter().filter_map(|file| file.ok().flatten()).collect();
        let mut names: Vec<&str> = files.iter().flat_map(ConfigFile::profile_names).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Resolves everything; no command is run. Errors name the file or variable that is wrong.
    pub fn resolve(flags: &Flags, env: &Environment) -> Result<Settings, Error> {
        let endpoint = endpoint(flags, env)?;
        let sandbox = endpoint.as_ref().is_some_and(|endpoint| endpoint.value.is_loopback());
        let site_is_given = flags.site.is_some() || env.var("TDX_SITE").is_some();
        let profile_is_given = flags.profile.is_some() || env.var("TDX_PROFILE").is_some();
        let mut damaged = Vec::new();
        // Where all that matters is set elsewhere, a damaged file is no reason to stop.
        let unneeded = sandbox || (site_is_given && !profile_is_given);
        let mut tolerate = |loaded: Result<Option<ConfigFile>, Error>| match loaded {
            Err(error) if unneeded => {
                damaged.push(error.message);
                Ok(None)
            }
            loaded => loaded,
        };
        let (global, project) =
            (tolerate(ConfigFile::global(env))?, tolerate(ConfigFile::nearest_project(env))?);
        let lenient = !damaged.is_empty();
        let (global, project) = (global.as_ref(), project.as_ref());
        let mut warnings = Vec::new();
        let mut session = Session::load(env, &mut warnings);
        let known: Vec<&str> =
            [project, global].into_iter().flatten().flat_map(ConfigFile::profile_names).collect();
        session.leave_out_unknown(&known, &mut warnings);
        let dotenv = env.tdx_config_dir().map(|dir| Dotenv::load(dir.join(".env"))).unwrap_or_default();
        let layers =
            Layers { flags, env, session: &session, project, global, dotenv: &dotenv, profile: None };
        let chosen = layers.clone().with_profile(lenient)?;
        let all = |setting| chosen.all(setting);
        let site_of = |layers: &Layers<'_>| match layers.all(Setting::Site)?.first() {
            Some(text) => Ok(Sourced { value: parse_site(text)?, origin: text.origin.clone() }),
            None => Ok(Sourced { value: Site::Us01, origin: Origin::Default }),
        };
        let site: Sourced<Site> = site_of(&chosen)?;
        let own: Result<_, Error> =
            Layers { project: None, ..layers.clone() }.with_profile(lenient).and_then(|own| site_of(&own));
        let profile = chosen.profile.as_ref();
        let own_profile = profile.filter(|name| name.origin.is_own()).map(|name| name.value.as_str());
        let keys = Keys { flags, env, dotenv: &dotenv, global, profile: own_profile, sandbox }.all()?;
        let (credential, key_command) = match keys.first().map(|found| found.key.clone()) {
            None => (None, None),
            Some(Sourced { value: Key::Known(value), origin }) => (Some(Sourced { value, origin }), None),
            Some(Sourced { value: Key::Command(value), origin }) => (None, Some(Sourced { value, origin })),
        };
        let account = profile
            .zip(global)
            .and_then(|(name, file)| file.profile_value(&name.value, "account", Origin::Profile));
        damaged.extend(dotenv.problem().map(|error| error.message));
        warnings.extend(damaged.into_iter().map(|warning| format!("{warning}; it is not needed here")));
        if let Some(file) = project.filter(|file| file.has_key_command()) {
            let path = file.path.display();
            warnings.push(format!("{KEY_COMMAND} in {path} is ignored: a project's file runs no program; it belongs in ~/.config/tdx/tdx.json"));
        }
        warnings.extend(match credential.as_ref().map(|credential| &credential.origin) {
            Some(Origin::Dotenv(file)) => key_file::exposed(file),
            Some(Origin::Flag(_)) => flags.api_key_file.as_deref().and_then(key_file::exposed),
            _ => None,
        });
        let found = Found {
            site: all(Setting::Site)?,
            profile: all(Setting::Profile)?,
            database: all(Setting::Database)?,
            parent_segment: all(Setting::ParentSegment)?,
            keys,
            files: shown::files(&chosen),
        };
        Ok(Settings {
            overruled: own.ok().filter(|own| own.value != site.value),
            site,
            credential,
            key_command,
            account: account.filter(|_| !sandbox),
            endpoint,
            database: found.database.first().cloned(),
            parent_segment: found.parent_segment.first().cloned(),
            profile: chosen.profile.clone(),
            token: variable(env, "TDX_RT_TOKEN").map(|token| token.map(SecretString::from)),
            state_dir: env.state_dir(),
            warnings,
            found,
        })
    }

    /// An error where a key is of another account than the profile is for.
    pub fn check_account(&self, credential: &Sourced<Credential>) -> Result<(), Error> {
        let (Some(wanted), Some(account)) = (&self.account, credential.value.account()) else {
            return Ok(());
        };
        if wanted.value == account {
            return Ok(());
        }
        let message = format!(
            "the key ({}) is of account {account}, and not of account {}, which {} is for: nothing was sent",
            credential.origin, wanted.value, wanted.origin
        );
        let profile = self.profile.as_ref().map(|profile| profile.value.as_str()).unwrap_or_default();
        let variable = precedence::variable_of_profile("TDX_API_KEY", profile);
        let hint = match self.profile.as_ref().is_some_and(|profile| profile.origin.is_own()) {
            true => format!(
                "set {variable}={}/<key>, or choose another profile with --profile; `tdx-rt config` shows where each value is from",
                wanted.value
            ),
            false => format!(
                "a project's tdx.json chose this profile, which brings no key with it; --profile '{profile}' takes the key of the profile"
            ),
        };
        Err(Error::new(Code::Auth, message).hint(hint))
    }

    /// The error where there is no key: the official CLI may have one.
    pub fn no_key(&self) -> Error {
        let mut hint = "`tdx auth setup` keeps the key in the keychain of the system, under names that are published nowhere, so it can't be read from there. Give it once more: export TDX_API_KEY=<account>/<key> (a master API key), or name a command that prints it, as api_key_command in ~/.config/tdx/tdx.json or here: export TDX_RT_API_KEY_COMMAND='pass show td'. Without an account: tdx-rt sandbox -- sh".to_owned();
        if let Some(profile) = self.profile.as_ref().filter(|profile| !profile.origin.is_own()) {
            hint.push_str(&format!(
                ". The profile '{0}' was chosen by a project's tdx.json, which brings no key with it: --profile '{0}' takes its key",
                profile.value
            ));
        }
        Error::new(Code::Auth, "there is no API key").hint(hint)
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

fn flag(name: &'static str, value: &Option<String>) -> Option<Sourced<String>> {
    value.clone().map(|value| Sourced { value, origin: Origin::Flag(name) })
}

fn variable(env: &Environment, name: impl Into<Cow<'static, str>>) -> Option<Sourced<String>> {
    let name = name.into();
    env.var(&name).map(|value| Sourced { value, origin: Origin::Environment(name) })
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

#[cfg(test)]
mod tests;
