//! Every key and token that this machine may use, for checks that none of them goes elsewhere.

use super::Environment;
use super::dotenv::Dotenv;
use secrecy::SecretString;

/// The keys and tokens of the environment and of the official CLI's `.env`, whichever of them is in use.
/// A line that can't be read holds none that could be used.
pub fn secrets(env: &Environment) -> Vec<SecretString> {
    let set = env.names().filter(|name| Environment::is_credential(name)).filter_map(|name| env.var(name));
    let dotenv = env.tdx_config_dir().map(|dir| Dotenv::load(dir.join(".env"))).unwrap_or_default();
    let saved = dotenv.names().filter(|name| Environment::is_credential(name));
    let saved = saved.filter_map(|name| dotenv.get(name).ok().flatten()).map(|found| found.value);
    set.chain(saved).map(SecretString::from).collect()
}
