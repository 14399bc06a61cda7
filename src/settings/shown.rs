//! The settings as `tdx-rt config` prints them.

use super::keys::{Key, Keys, place};
use super::layers::Layers;
use super::precedence::Layer;
use super::session::SessionState;
use super::{Credential, Origin, Settings, Site, Sourced, mask};
use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use std::path::PathBuf;

/// Every setting with its origin, what it overrides, and all the places that were looked at.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the names of the settings")]
pub struct Shown {
    pub site: ShownValue,
    pub endpoint: ShownValue,
    /// The key, masked; null also where a command prints it, which is not run for this
    pub credential: ShownValue,
    pub credential_kind: Option<CredentialKind>,
    /// The account that the profile in use is for
    pub account: ShownValue,
    /// Whether the key is of that account; null where one of them is not known
    pub account_matches: Option<bool>,
    pub profile: ShownValue,
    pub database: ShownValue,
    pub parent_segment: ShownValue,
    pub token: ShownValue,
    /// Folder of tokens, journals and ownership.
    pub state_dir: Option<String>,
    pub hosts: Hosts,
    /// Where settings are looked for; the first that has one wins
    pub layers: Vec<ShownLayer>,
    /// Where a key is looked for; the first that has one wins
    pub key_sources: Vec<ShownKeySource>,
}

/// A setting with its origin; both are null where there is none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownValue {
    /// Its value; a key is masked.
    pub value: Option<String>,
    /// The flag, variable or file that it comes from.
    pub origin: Option<String>,
    /// What other places say, the next one first
    pub overridden: Vec<Overridden>,
}

/// What another place says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Overridden {
    /// Masked, if it is a key; null where a command would print it
    pub value: Option<String>,
    /// The flag, variable or file that it comes from
    pub origin: String,
}

/// What a credential is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A key of an account.
    ApiKey,
    /// A token of OAuth.
    AccessToken,
    /// A command that prints a key.
    Command,
}

/// The base URL of each API.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hosts {
    /// Configuration.
    pub cdp: String,
    /// Databases and tables.
    pub api: String,
    /// Offers.
    pub personalization: String,
}

/// A place where settings are looked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownLayer {
    /// Its name
    pub layer: &'static str,
    /// What it is
    pub about: &'static str,
    /// Its file, also where that does not exist; null where it has none
    pub file: Option<String>,
    /// Whether it is there
    pub state: LayerState,
    /// The settings that it has, whether they win or not
    pub gives: Vec<&'static str>,
}

/// Whether a place is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayerState {
    /// It is read.
    Present,
    /// It does not exist, or has nothing.
    Absent,
    /// A session of more than 24 hours ago.
    Expired,
    /// It cannot be read; a warning says why.
    Ignored,
}

/// A place where a key is looked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownKeySource {
    /// What it is
    pub source: &'static str,
    /// The variables and files that have one
    pub found: Vec<String>,
}

/// The layers that have files, and what became of them.
pub(super) fn files(layers: &Layers<'_>) -> Vec<(Layer, Option<PathBuf>, LayerState)> {
    let state = |there: bool| if there { LayerState::Present } else { LayerState::Absent };
    let session = match layers.session.state {
        SessionState::Absent => LayerState::Absent,
        SessionState::Expired => LayerState::Expired,
        SessionState::Ignored => LayerState::Ignored,
        SessionState::Present => LayerState::Present,
    };
    let global = layers.env.tdx_config_dir();
    let global = global.as_ref().map(|dir| dir.join("tdx.json"));
    let dotenv = layers.env.tdx_config_dir().map(|dir| dir.join(".env"));
    let project = layers.project.map(|file| file.path.clone());
    let profile = layers.profile.as_ref().map(|name| name.value.as_str());
    let has_profile = |file: Option<&super::files::ConfigFile>| {
        state(file.zip(profile).is_some_and(|(file, name)| file.profile(name).is_some()))
    };
    let dotenv_state = state(dotenv.as_ref().is_some_and(|path| path.is_file()));
    vec![
        (Layer::Session, layers.session.path.clone(), session),
        (Layer::ProjectProfile, project.clone(), has_profile(layers.project)),
        (Layer::Project, project, state(layers.project.is_some())),
        (Layer::Profile, global.clone(), has_profile(layers.global)),
        (Layer::Global, global, state(layers.global.is_some())),
        (Layer::Dotenv, dotenv, dotenv_state),
    ]
}

fn entry<T>(sourced: Option<&Sourced<T>>, show: impl Fn(&T) -> String) -> ShownValue {
    ShownValue {
        value: sourced.map(|sourced| show(&sourced.value)),
        origin: sourced.map(|sourced| sourced.origin.to_string()),
        overridden: Vec::new(),
    }
}

/// The first with what it overrides.
fn list(all: &[Sourced<String>]) -> ShownValue {
    let others = all.iter().skip(1).filter(|other| other.origin != Origin::Default);
    let overridden = others
        .map(|other| Overridden { value: Some(other.value.clone()), origin: other.origin.to_string() })
        .collect();
    ShownValue { overridden, ..entry(all.first(), String::clone) }
}

impl Settings {
    /// Every value with its origin, keys masked: what `tdx-rt config` prints. No command is run.
    pub fn shown(&self) -> Shown {
        let found = &self.found;
        let account = |credential: &Sourced<Credential>| credential.value.account().map(str::to_owned);
        let of_key = self.credential.as_ref().and_then(account);
        let site = ShownValue { value: Some(self.site.value.as_str().to_owned()), ..list(&found.site) };
        Shown {
            site: if found.site.is_empty() {
                entry(Some(&self.site), |site| site.as_str().to_owned())
            } else {
                site
            },
            endpoint: entry(self.endpoint.as_ref(), |endpoint| endpoint.as_str().to_owned()),
            credential: self.shown_keys(),
            credential_kind: match (&self.credential, &self.key_command) {
                (Some(Sourced { value: Credential::ApiKey(_), .. }), _) => Some(CredentialKind::ApiKey),
                (Some(Sourced { value: Credential::AccessToken(_), .. }), _) => {
                    Some(CredentialKind::AccessToken)
                }
                (None, Some(_)) => Some(CredentialKind::Command),
                (None, None) => None,
            },
            account: entry(self.account.as_ref(), String::clone),
            account_matches: self.account.as_ref().zip(of_key).map(|(wanted, of_key)| wanted.value == of_key),
            profile: list(&found.profile),
            database: list(&found.database),
            parent_segment: list(&found.parent_segment),
            token: entry(self.token.as_ref(), |token| mask(token.expose_secret())),
            state_dir: self.state_dir.as_ref().map(|path| path.display().to_string()),
            hosts: Hosts {
                cdp: self.base(Site::cdp),
                api: self.base(Site::api),
                personalization: self.base(Site::p13n),
            },
            layers: Layer::ALL.into_iter().map(|layer| self.shown_layer(layer)).collect(),
            key_sources: self.shown_key_sources(),
        }
    }

    fn shown_keys(&self) -> ShownValue {
        let mut all = self.found.keys.iter().map(|found| match &found.key.value {
            Key::Known(credential) => (Some(credential.masked()), found.key.origin.to_string()),
            Key::Command(_) => (None, place(&found.key.origin)),
        });
        let (value, origin) = all.next().map_or((None, None), |(value, origin)| (value, Some(origin)));
        let overridden = all.map(|(value, origin)| Overridden { value, origin }).collect();
        ShownValue { value, origin, overridden }
    }

    fn shown_key_sources(&self) -> Vec<ShownKeySource> {
        let sandbox = self.endpoint.as_ref().is_some_and(|endpoint| endpoint.value.is_loopback());
        let of = |source| {
            let keys = self.found.keys.iter().filter(move |found| found.source == source);
            keys.map(|found| match &found.key.value {
                Key::Known(_) => found.key.origin.to_string(),
                Key::Command(_) => place(&found.key.origin),
            })
        };
        let shown = |source: super::precedence::KeySource| ShownKeySource {
            source: source.about(),
            found: of(source).collect(),
        };
        Keys::order(sandbox).into_iter().map(shown).collect()
    }

    fn shown_layer(&self, layer: Layer) -> ShownLayer {
        let found = &self.found;
        let has = |all: &[Sourced<String>]| all.iter().any(|one| one.origin.layer() == layer);
        let all = [
            ("site", has(&found.site)),
            ("endpoint", self.endpoint.as_ref().is_some_and(|one| one.origin.layer() == layer)),
            ("credential", found.keys.iter().any(|one| one.key.origin.layer() == layer)),
            ("account", self.account.as_ref().is_some_and(|one| one.origin.layer() == layer)),
            ("profile", has(&found.profile)),
            ("database", has(&found.database)),
            ("parent_segment", has(&found.parent_segment)),
            ("token", self.token.as_ref().is_some_and(|one| one.origin.layer() == layer)),
        ];
        let gives: Vec<&str> = all.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect();
        let file = found.files.iter().find(|(of, _, _)| *of == layer);
        let state = match file {
            Some((_, _, state)) => *state,
            None if gives.is_empty() => LayerState::Absent,
            None => LayerState::Present,
        };
        let path = file.and_then(|(_, path, _)| path.as_ref());
        let file = path.map(|path| path.display().to_string());
        ShownLayer { layer: layer.as_str(), about: layer.about(), file, state, gives }
    }
}
