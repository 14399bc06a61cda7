//! The values of a setting from all places that have one, in the order of precedence.

use super::dotenv::Dotenv;
use super::files::ConfigFile;
use super::precedence::Layer;
use super::session::Session;
use super::{Environment, Flags, Origin, Sourced, flag, variable};
use crate::error::{Code, Error};

/// A setting that files may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Site,
    Profile,
    Database,
    ParentSegment,
}

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Setting::Site => "site",
            Setting::Profile => "profile",
            Setting::Database => "database",
            Setting::ParentSegment => "parent_segment",
        }
    }
}

/// Where the values come from.
#[derive(Clone)]
pub(super) struct Layers<'a> {
    pub(super) flags: &'a Flags,
    pub(super) env: &'a Environment,
    pub(super) session: &'a Session,
    pub(super) project: Option<&'a ConfigFile>,
    pub(super) global: Option<&'a ConfigFile>,
    pub(super) dotenv: &'a Dotenv,
    /// The profile in use.
    pub(super) profile: Option<Sourced<String>>,
}

impl<'a> Layers<'a> {
    /// With the profile that these choose.
    ///
    /// # Errors
    /// When there is no such profile; `lenient` takes it for one without values.
    pub(super) fn with_profile(self, lenient: bool) -> Result<Self, Error> {
        let profile = self.all(Setting::Profile)?.into_iter().next();
        let exists = |file: &ConfigFile, name: &str| file.profile(name).is_some();
        if let Some(name) = &profile
            && !lenient
            && ![self.project, self.global].into_iter().flatten().any(|file| exists(file, &name.value))
        {
            return Err(self.unknown(name));
        }
        Ok(Layers { profile, ..self })
    }

    fn unknown(&self, name: &Sourced<String>) -> Error {
        let error =
            Error::new(Code::BadSetting, format!("there is no profile '{}' ({})", name.value, name.origin));
        let files = [self.project.filter(|file| !file.profile_names().is_empty()), self.global];
        let hint = |file: &ConfigFile| match file.profile_names().as_slice() {
            [] => format!("{} has no profiles", file.path.display()),
            names => format!("{} has the profiles: {}", file.path.display(), names.join(", ")),
        };
        let hints: Vec<String> = files.into_iter().flatten().map(hint).collect();
        match hints.is_empty() {
            true => error.hint("there is no global tdx.json with profiles"),
            false => error.hint(hints.join("; ")),
        }
    }

    /// Every value of a setting; the first one wins.
    ///
    /// # Errors
    /// When the line of `.env` that would win can't be read.
    pub(super) fn all(&self, setting: Setting) -> Result<Vec<Sourced<String>>, Error> {
        let mut all = Vec::new();
        for layer in Layer::ALL {
            match self.of(layer, setting) {
                Err(error) if all.is_empty() => return Err(error),
                found => all.extend(found.unwrap_or_default()),
            }
        }
        Ok(all)
    }

    fn of(&self, layer: Layer, setting: Setting) -> Result<Option<Sourced<String>>, Error> {
        let key = setting.key();
        let profile = self.profile.as_ref().map(|name| name.value.as_str());
        Ok(match (layer, setting) {
            (Layer::Flag, Setting::Site) => flag("--site", &self.flags.site),
            (Layer::Flag, Setting::Profile) => flag("--profile", &self.flags.profile),
            (Layer::Environment, Setting::Site) => variable(self.env, "TDX_SITE"),
            (Layer::Environment, Setting::Profile) => variable(self.env, "TDX_PROFILE"),
            (Layer::Flag | Layer::Environment, _) => None,
            (Layer::Session, _) => self.session.get(key),
            (Layer::Project, _) => self.project.and_then(|file| file.value(key, Origin::Project)),
            (Layer::Global, _) => self.global.and_then(|file| file.value(key, Origin::Global)),
            // A profile does not choose another one.
            (Layer::ProjectProfile | Layer::Profile, Setting::Profile) => None,
            (Layer::ProjectProfile, _) => self
                .project
                .zip(profile)
                .and_then(|(file, profile)| file.profile_value(profile, key, Origin::ProjectProfile)),
            (Layer::Profile, _) => self
                .global
                .zip(profile)
                .and_then(|(file, profile)| file.profile_value(profile, key, Origin::Profile)),
            (Layer::Dotenv, Setting::Site) => self.dotenv.get("TDX_SITE")?,
            (Layer::Default, Setting::Site) => {
                Some(Sourced { value: "us01".to_owned(), origin: Origin::Default })
            }
            (Layer::Dotenv | Layer::Default, _) => None,
        })
    }
}
