//! The credentials that a command may use, and that nothing shows.

use crate::plan::HOOK_PREFIX;
use crate::settings::{Environment, Flags, secrets};
use crate::tokens::TokenStore;
use crate::ui::Ui;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Sources of credentials that are known once the command runs.
#[derive(Debug, Clone, Default)]
pub struct LateCredentials {
    /// `--token-file`
    pub(super) token_file: Arc<OnceLock<PathBuf>>,
    /// The key that a command has printed.
    pub(super) printed_key: Arc<OnceLock<SecretString>>,
}

/// Every credential that this machine may use, whichever of them is in use: those of the environment and
/// of files, the tokens of the state folder and of a file of their own, and the key that a command has printed.
pub(super) fn credentials(env: &Environment, flags: &Flags, late: &LateCredentials) -> Vec<SecretString> {
    let mut all = secrets(env);
    all.extend(flags.api_key.clone());
    all.extend(TokenStore::new(None, env.state_dir().as_deref()).values());
    let own = late.token_file.get().map(|file| TokenStore::new(Some(file), None).values());
    all.extend(own.unwrap_or_default());
    all.extend(late.printed_key.get().cloned());
    all
}

/// What the writer writes shows no credential from now on.
pub fn hide_credentials(ui: &Ui, env: &Environment, flags: &Flags, late: LateCredentials) {
    let (env, flags) = (env.clone(), flags.clone());
    ui.hide_with(move || {
        // A destination's keys are sent to it, and never shown.
        let hooks = env.names().filter(|name| name.starts_with(HOOK_PREFIX));
        let hooks = hooks.filter_map(|name| env.var(name)).map(SecretString::from);
        hooks.chain(credentials(&env, &flags, &late)).collect()
    });
}
