//! What the process was given: variables, working directory, home, parent process, and the clock. Captured once
//! in `main`, so that everything behind it can be tested without touching the real environment.

use indexmap::IndexMap;
use jiff::Timestamp;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Variables that hold a credential. `_` and the name of a profile may follow.
const CREDENTIALS: [&str; 4] = ["TDX_API_KEY", "TDX_ACCESS_TOKEN", "TD_API_KEY", "TDX_RT_TOKEN"];

/// A captured environment.
#[derive(Debug, Clone)]
pub struct Environment {
    variables: Arc<IndexMap<OsString, OsString>>,
    /// The working directory; `None` when it is gone.
    pub current_dir: Option<PathBuf>,
    /// The id of the process that started this one: of the shell, at a prompt. `None` where there is none.
    pub parent_id: Option<u32>,
    clock: fn() -> Timestamp,
}

impl Default for Environment {
    /// No variables, and this machine's clock.
    fn default() -> Self {
        Environment::of(&[], None)
    }
}

impl Environment {
    /// The process's own.
    pub fn capture() -> Self {
        let variables = Arc::new(std::env::vars_os().collect());
        #[cfg(unix)]
        let parent_id = Some(std::os::unix::process::parent_id());
        #[cfg(not(unix))]
        let parent_id = None;
        let current_dir = std::env::current_dir().ok();
        Environment { variables, current_dir, parent_id, clock: Timestamp::now }
    }

    /// One made of the given variables.
    pub fn of(variables: &[(&str, &str)], current_dir: Option<PathBuf>) -> Self {
        let variables = variables.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Environment { variables: Arc::new(variables), current_dir, parent_id: None, clock: Timestamp::now }
    }

    /// The same with another clock.
    pub fn with_clock(self, clock: fn() -> Timestamp) -> Self {
        Environment { clock, ..self }
    }

    /// Whether a variable of this name holds a key or a token; some systems ignore the case of names.
    pub fn is_credential(name: &str) -> bool {
        let name = name.to_ascii_uppercase();
        CREDENTIALS.iter().any(|known| {
            name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    }

    /// The time, by this machine's clock.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// A variable's value; an empty or blank one counts as not set.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = self.variables.get(&OsString::from(name))?.to_str()?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    /// The names of all variables that are UTF-8.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().filter_map(|name| name.to_str())
    }

    /// All variables.
    pub fn variables(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.variables.iter()
    }

    /// A variable's value as it is, which may be no UTF-8.
    pub fn var_os(&self, name: &str) -> Option<&OsString> {
        self.variables.get(&OsString::from(name))
    }

    /// Whether a variable is set to anything but the empty string (`NO_COLOR`).
    pub fn is_set(&self, name: &str) -> bool {
        self.variables.get(&OsString::from(name)).is_some_and(|value| !value.is_empty())
    }

    fn dir(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        self.var(variable)
            .and_then(|dir| absolute(PathBuf::from(dir)))
            .or_else(|| self.home().map(|home| home.join(below_home)))
    }

    fn home(&self) -> Option<PathBuf> {
        match self.var_os("HOME") {
            // Whoever empties it wants none, and not the one of the password database.
            Some(home) if home.as_encoded_bytes().trim_ascii().is_empty() => None,
            Some(home) => Some(home.into()),
            // An environment without HOME (a daemon, `env -i`) still has the password database.
            None => etcetera::home_dir().ok(),
        }
    }

    /// A path as people write it: `~` in place of the home folder.
    pub fn short(&self, path: &str) -> String {
        let below = self
            .home()
            .and_then(|home| Some(PathBuf::from("~").join(Path::new(path).strip_prefix(home).ok()?)));
        below.map_or_else(|| path.to_owned(), |below| below.display().to_string())
    }

    /// Where the user's programs keep their data: `~/.local/share`, or `XDG_DATA_HOME`.
    pub fn data_home(&self) -> Option<PathBuf> {
        self.dir("XDG_DATA_HOME", ".local/share")
    }

    /// Where the user's programs keep their configuration: `~/.config`, or `XDG_CONFIG_HOME`.
    pub fn config_home(&self) -> Option<PathBuf> {
        self.dir("XDG_CONFIG_HOME", ".config")
    }

    /// The folder of the official CLI's configuration: `$XDG_CONFIG_HOME/tdx`, usually
    /// `~/.config/tdx`.
    pub fn tdx_config_dir(&self) -> Option<PathBuf> {
        self.dir("XDG_CONFIG_HOME", ".config").map(|dir| dir.join("tdx"))
    }

    /// Where this tool keeps state: `TDX_RT_STATE_DIR`, else `$XDG_STATE_HOME/tdx-rt`, usually
    /// `~/.local/state/tdx-rt`.
    pub fn state_dir(&self) -> Option<PathBuf> {
        match self.var("TDX_RT_STATE_DIR") {
            Some(dir) => Some(PathBuf::from(dir)),
            None => self.dir("XDG_STATE_HOME", ".local/state").map(|dir| dir.join("tdx-rt")),
        }
    }

    /// Where this tool keeps what it can ask for again: `$XDG_CACHE_HOME/tdx-rt`, usually
    /// `~/.cache/tdx-rt`.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        self.dir("XDG_CACHE_HOME", ".cache").map(|dir| dir.join("tdx-rt"))
    }
}
