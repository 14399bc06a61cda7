//! Every key and token that this machine may use, for checks that none of them goes elsewhere.

use super::Environment;
use super::dotenv::Dotenv;
use secrecy::SecretString;

/// Variables that hold a key or a token, with and without the name of a profile behind them.
const NAMES: [&str; 4] = ["TDX_API_KEY", "TD_API_KEY", "TDX_ACCESS_TOKEN", "TDX_RT_TOKEN"];

/// The keys and tokens of the environment and of the official CLI's `.env`, whichever of them is in use.
/// A line that can't be read holds none that could be used.
pub fn secrets(env: &Environment) -> Vec<SecretString> {
    let is_one = |name: &str| {
        NAMES.iter().any(|known| {
            name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    };
    let set = env.names().filter(|name| is_one(name)).filter_map(|name| env.var(name));
    let dotenv = env.tdx_config_dir().map(|dir| Dotenv::load(dir.join(".env"))).unwrap_or_default();
    let saved = NAMES.iter().filter_map(|name| dotenv.get(name).ok().flatten()).map(|found| found.value);
    set.chain(saved).map(SecretString::from).collect()
}
