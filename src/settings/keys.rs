//! The key: from all places that have one, in the order of precedence.

use super::credential::Credential;
use super::dotenv::Dotenv;
use super::files::{ConfigFile, KEY_COMMAND};
use super::key_command::KeyCommand;
use super::precedence::{KeySource, variable_of_profile};
use super::{Environment, Flags, Origin, Sourced};
use crate::error::{Code, Error};

/// A key, or what prints it.
#[derive(Debug, Clone)]
pub(super) enum Key {
    Known(Credential),
    Command(KeyCommand),
}

/// A key with its source.
#[derive(Debug, Clone)]
pub(super) struct FoundKey {
    pub(super) source: KeySource,
    pub(super) key: Sourced<Key>,
}

/// Where keys come from.
pub(super) struct Keys<'a> {
    pub(super) flags: &'a Flags,
    pub(super) env: &'a Environment,
    pub(super) dotenv: &'a Dotenv,
    pub(super) global: Option<&'a ConfigFile>,
    /// The profile that the user chose; one that a project chose has no say in keys.
    pub(super) profile: Option<&'a str>,
    /// Whether requests go to this machine.
    pub(super) sandbox: bool,
}

type Found = Result<Option<Sourced<Key>>, Error>;

impl Keys<'_> {
    /// The sources in their order.
    pub(super) fn order(sandbox: bool) -> Vec<KeySource> {
        if sandbox { KeySource::for_sandbox() } else { KeySource::ALL.to_vec() }
    }

    /// Every key; the first one wins.
    ///
    /// # Errors
    /// When what would win is damaged. A sandbox may do without a `.env`.
    pub(super) fn all(&self) -> Result<Vec<FoundKey>, Error> {
        let mut all = Vec::new();
        for source in Keys::order(self.sandbox) {
            let from_dotenv = matches!(source, KeySource::Dotenv | KeySource::ProfileDotenv);
            for found in self.of(source) {
                match found {
                    Err(error) if all.is_empty() && !(self.sandbox && from_dotenv) => return Err(error),
                    found => all.extend(found.unwrap_or_default().map(|key| FoundKey { source, key })),
                }
            }
        }
        Ok(all)
    }

    /// What a source has, in its own order.
    fn of(&self, source: KeySource) -> Vec<Found> {
        let variable = |name: &str| -> Found {
            Ok(super::variable(self.env, name.to_owned()).map(|found| known(name, found)))
        };
        let dotenv = |name: &str| -> Found { Ok(self.dotenv.get(name)?.map(|found| known(name, found))) };
        let of_profile = |find: &dyn Fn(&str) -> Found| -> Vec<Found> {
            let names = |profile| {
                ["TDX_ACCESS_TOKEN", "TDX_API_KEY"].map(|name| find(&variable_of_profile(name, profile)))
            };
            self.profile.map(names).into_iter().flatten().collect()
        };
        match source {
            KeySource::File => {
                let key = self.flags.api_key.clone().map(Credential::ApiKey);
                let origin = Origin::Flag("--api-key-file");
                vec![Ok(key.map(|key| Sourced { value: Key::Known(key), origin }))]
            }
            KeySource::ProfileVariables => of_profile(&variable),
            KeySource::ProfileDotenv => of_profile(&dotenv),
            KeySource::ProfileCommand => {
                self.profile.map(|profile| self.command(Some(profile))).into_iter().collect()
            }
            KeySource::Variables => vec![variable("TDX_ACCESS_TOKEN"), variable("TDX_API_KEY")],
            KeySource::VariableCommand => vec![self.command_of_variable()],
            KeySource::GlobalCommand => vec![self.command(None)],
            KeySource::OldVariable => vec![variable("TD_API_KEY")],
            KeySource::Dotenv => ["TDX_ACCESS_TOKEN", "TDX_API_KEY", "TD_API_KEY"].map(dotenv).into(),
        }
    }

    fn command_of_variable(&self) -> Found {
        let line = super::variable(self.env, "TDX_RT_API_KEY_COMMAND");
        line.map(|line| command(KeyCommand::of_line(&line.value), line.origin)).transpose()
    }

    fn command(&self, profile: Option<&str>) -> Found {
        let Some((file, value)) = self.global.and_then(|file| Some((file, file.key_command(profile)?)))
        else {
            return Ok(None);
        };
        let path = file.path.clone();
        let origin =
            profile.map_or(Origin::Global(path.clone()), |name| Origin::Profile(path, name.to_owned()));
        command(KeyCommand::of_value(value), origin).map(Some)
    }
}

/// What a variable of this name holds.
fn known(name: &str, found: Sourced<String>) -> Sourced<Key> {
    let kind =
        if name.starts_with("TDX_ACCESS_TOKEN") { Credential::AccessToken } else { Credential::ApiKey };
    found.map(|secret| Key::Known(kind(secret.into())))
}

fn command(command: Result<KeyCommand, String>, origin: Origin) -> Result<Sourced<Key>, Error> {
    match command {
        Ok(command) => Ok(Sourced { value: Key::Command(command), origin }),
        Err(reason) => {
            let message = format!("the command for the API key ({}) {reason}", place(&origin));
            Err(Error::new(Code::BadSetting, message).hint(
                r#"write it as a line, "pass show td", or as a list of words; a shell is run only as ["sh", "-c", "…"]"#,
            ))
        }
    }
}

impl Sourced<KeyCommand> {
    /// Where it comes from.
    pub fn place(&self) -> String {
        place(&self.origin)
    }
}

/// Where a command comes from.
pub(super) fn place(origin: &Origin) -> String {
    match origin {
        Origin::Environment(_) => origin.to_string(),
        _ => format!("{KEY_COMMAND} of {origin}"),
    }
}
