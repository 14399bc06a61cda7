//! What wins over what: the one list for settings and the one for keys. Settings are looked up in their order,
//! and `tdx-rt config`, `tdx-rt explain`, the manual and the README show them.

/// Where a setting may come from; the first that has it wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A flag.
    Flag,
    /// A variable.
    Environment,
    /// `tdx use` of the official CLI.
    Session,
    /// The profile in use, in the project's `tdx.json`.
    ProjectProfile,
    /// The project's `tdx.json`.
    Project,
    /// The profile in use, in the user's `tdx.json`.
    Profile,
    /// The user's `tdx.json`.
    Global,
    /// The user's `.env`.
    Dotenv,
    /// Built in.
    Default,
}

impl Layer {
    /// All of them, in their order.
    pub const ALL: [Layer; 9] = [
        Layer::Flag,
        Layer::Environment,
        Layer::Session,
        Layer::ProjectProfile,
        Layer::Project,
        Layer::Profile,
        Layer::Global,
        Layer::Dotenv,
        Layer::Default,
    ];

    /// A stable word.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// What it is.
    pub fn about(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        match self {
            Layer::Flag => ("flag", "the flag: --site, --profile, --endpoint, --api-key-file, --token"),
            Layer::Environment => {
                ("environment", "the variable: TDX_SITE, TDX_PROFILE, TDX_RT_ENDPOINT, TDX_RT_TOKEN")
            }
            Layer::Session => (
                "session",
                "the session of `tdx use`: ~/.config/tdx/sessions/ID.json, for 24 hours; ID is TDX_SESSION, else the parent process",
            ),
            Layer::ProjectProfile => {
                ("project_profile", "the profile in use, in the tdx.json of the project")
            }
            Layer::Project => {
                ("project", "the tdx.json of the project: the nearest one upwards from the working directory")
            }
            Layer::Profile => ("profile", "the profile in use, in ~/.config/tdx/tdx.json"),
            Layer::Global => ("global", "the other values of ~/.config/tdx/tdx.json"),
            Layer::Dotenv => ("dotenv", "~/.config/tdx/.env, for the site: TDX_SITE"),
            Layer::Default => ("default", "the default: site us01"),
        }
    }
}

/// Where a key may come from; the first that has one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// `--api-key-file`
    File,
    /// Variables of the profile in use.
    ProfileVariables,
    /// The same names in the user's `.env`.
    ProfileDotenv,
    /// The command of the profile in use.
    ProfileCommand,
    /// `TDX_ACCESS_TOKEN`, `TDX_API_KEY`
    Variables,
    /// `TDX_RT_API_KEY_COMMAND`
    VariableCommand,
    /// The command of the user's `tdx.json`.
    GlobalCommand,
    /// `TD_API_KEY`
    OldVariable,
    /// The user's `.env`.
    Dotenv,
}

impl KeySource {
    /// All of them, in their order.
    pub const ALL: [KeySource; 9] = [
        KeySource::File,
        KeySource::ProfileVariables,
        KeySource::ProfileDotenv,
        KeySource::ProfileCommand,
        KeySource::Variables,
        KeySource::VariableCommand,
        KeySource::GlobalCommand,
        KeySource::OldVariable,
        KeySource::Dotenv,
    ];

    /// All of them in the order for an endpoint on this machine: a sandbox has a key of its own, which its
    /// variables hold, and no other one is to reach it.
    pub fn for_sandbox() -> Vec<KeySource> {
        let own = |source: &KeySource| {
            matches!(source, KeySource::File | KeySource::Variables | KeySource::OldVariable)
        };
        let (first, then): (Vec<_>, Vec<_>) = KeySource::ALL.into_iter().partition(own);
        [first, then].concat()
    }

    /// What it is.
    pub fn about(self) -> &'static str {
        match self {
            KeySource::File => "the file of --api-key-file",
            KeySource::ProfileVariables => "TDX_ACCESS_TOKEN_<PROFILE>, then TDX_API_KEY_<PROFILE>",
            KeySource::ProfileDotenv => "the same two in ~/.config/tdx/.env",
            KeySource::ProfileCommand => "api_key_command of the profile in use, in ~/.config/tdx/tdx.json",
            KeySource::Variables => "TDX_ACCESS_TOKEN, then TDX_API_KEY",
            KeySource::VariableCommand => "the command in TDX_RT_API_KEY_COMMAND",
            KeySource::GlobalCommand => "api_key_command of ~/.config/tdx/tdx.json",
            KeySource::OldVariable => "TD_API_KEY, the name that older tools use",
            KeySource::Dotenv => "~/.config/tdx/.env: TDX_ACCESS_TOKEN, then TDX_API_KEY, then TD_API_KEY",
        }
    }
}

/// The name of a profile in the name of a variable: upper case, and `_` for all that is no letter or digit, as
/// in `TDX_API_KEY_EU_PROD` of `eu-prod`.
pub fn variable_of_profile(variable: &str, profile: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{variable}_{}", profile.chars().map(letter).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_profiles_become_names_of_variables() {
        for (profile, ending) in
            [("prod", "_PROD"), ("eu-prod.2", "_EU_PROD_2"), ("My Team", "_MY_TEAM"), ("élan", "__LAN")]
        {
            assert_eq!(variable_of_profile("TDX_API_KEY", profile), format!("TDX_API_KEY{ending}"));
        }
    }

    #[test]
    fn a_sandbox_gets_its_own_key_first() {
        let order = KeySource::for_sandbox();
        assert_eq!(order[..3], [KeySource::File, KeySource::Variables, KeySource::OldVariable]);
        assert!(KeySource::ALL.iter().all(|source| order.contains(source)));
    }
}
