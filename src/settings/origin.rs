//! Where a value came from.

use super::precedence::Layer;
use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A command-line flag.
    Flag(&'static str),
    /// An environment variable.
    Environment(Cow<'static, str>),
    /// The session of `tdx use`.
    Session(PathBuf),
    /// A profile of the nearest `tdx.json`.
    ProjectProfile(PathBuf, String),
    /// The nearest `tdx.json`.
    Project(PathBuf),
    /// A profile of the global `tdx.json`.
    Profile(PathBuf, String),
    /// The global `tdx.json`.
    Global(PathBuf),
    /// The global `.env`.
    Dotenv(PathBuf),
    /// Built in.
    Default,
}

impl Origin {
    /// The layer that it belongs to.
    pub fn layer(&self) -> Layer {
        match self {
            Origin::Flag(_) => Layer::Flag,
            Origin::Environment(_) => Layer::Environment,
            Origin::Session(_) => Layer::Session,
            Origin::ProjectProfile(..) => Layer::ProjectProfile,
            Origin::Project(_) => Layer::Project,
            Origin::Profile(..) => Layer::Profile,
            Origin::Global(_) => Layer::Global,
            Origin::Dotenv(_) => Layer::Dotenv,
            Origin::Default => Layer::Default,
        }
    }

    /// Whether the user chose it, and not the folder that the command runs in.
    pub fn is_own(&self) -> bool {
        !matches!(self, Origin::Project(_) | Origin::ProjectProfile(..))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => f.write_str(flag),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Session(path) => write!(f, "session {}", path.display()),
            Origin::Project(path) => write!(f, "project {}", path.display()),
            Origin::ProjectProfile(path, profile) => {
                write!(f, "profile '{profile}' of project {}", path.display())
            }
            Origin::Profile(path, profile) => write!(f, "profile '{profile}' of {}", path.display()),
            Origin::Global(path) | Origin::Dotenv(path) => write!(f, "global {}", path.display()),
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

impl<T> Sourced<T> {
    /// The same origin with another value.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: to(self.value), origin: self.origin }
    }
}
