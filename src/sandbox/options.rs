//! Options of a sandbox.

use super::clock::{Clock, SystemClock};
use super::faults::FaultRule;
use super::seed::Seed;
use super::store::rollout::Settle;
use crate::environment::Environment;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Options of a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on. Beyond loopback, every machine in the network can use the sandbox and its
    /// controls.
    pub listen: IpAddr,
    /// The port there; 0 takes a free one.
    pub port: u16,
    /// Names in `Host` that are accepted besides localhost.
    pub allow_hosts: Vec<String>,
    /// Hosts beyond this machine that webhooks may go to: `host` or `host:port`.
    pub allow_webhooks: Vec<String>,
    /// The data at the start and after a reset.
    pub seed: Seed,
    /// Ids and token values depend on this number and on the order of requests only.
    pub random: u64,
    /// How long the real-time status is `updating` after a change.
    pub settle: Settle,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The one API key that is accepted.
    pub key: ApiKey,
    /// How many requests the journal keeps; the oldest are dropped first.
    pub journal: usize,
    /// Fault rules to begin with; a reset removes them.
    pub faults: Vec<FaultRule>,
    /// The folder that keeps the state over restarts; made when it is missing. Without one the state
    /// is lost with the process.
    pub state: Option<PathBuf>,
    /// Whether https is served beside http, on the same port.
    pub tls: bool,
    /// The limits of a client.
    pub limits: Limits,
    /// What its webhooks go by: the variables that name certificates, and the clock of certificates.
    pub env: Environment,
    /// Which of these were given, rather than left at their default.
    pub given: Given,
}

/// The limits of a client.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time for the head of a request, from the connection or the previous answer; also for a TLS handshake.
    pub head: Duration,
    /// Time for its body.
    pub body: Duration,
    /// Connections at once; the next ones wait.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let time = Duration::from_secs(60);
        Limits { head: time, body: time, connections: 512 }
    }
}

/// Which options were given: they override those of a state folder. A seed must be the one that the
/// state began with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// `seed` or `random`.
    pub seed: bool,
    /// `settle`.
    pub settle: bool,
    /// `clock`.
    pub clock: bool,
}

impl Default for Options {
    /// Demo data on a free port, settling after 150 ms, with the system's clock.
    fn default() -> Self {
        Options {
            listen: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            allow_hosts: Vec::new(),
            allow_webhooks: Vec::new(),
            seed: Seed::Demo,
            random: 0,
            settle: Settle::default(),
            clock: Arc::new(SystemClock::default()),
            key: ApiKey::default(),
            journal: 1_000,
            faults: Vec::new(),
            state: None,
            tls: false,
            limits: Limits::default(),
            env: Environment::capture(),
            given: Given::default(),
        }
    }
}

/// An API key in the platform's form, `<account>/<40 hex>`. A sandbox's key protects nothing and
/// is printed; it is checked so that clients must send one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The account, the part before the slash.
    pub fn account(&self) -> &str {
        self.0.split_once('/').map_or("", |(account, _)| account)
    }

    /// The whole key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ApiKey {
    /// Account 1 with the hex of `tdxrt-sandbox-key-01`, so that it cannot be mistaken for a real one.
    fn default() -> Self {
        ApiKey("1/74647872742d73616e64626f782d6b65792d3031".to_owned())
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A string that is not an API key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an API key of the sandbox is <account>/<40 lower-case hex digits>")]
pub struct InvalidKey;

impl FromStr for ApiKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (account, secret) = text.split_once('/').ok_or(InvalidKey)?;
        let digits = !account.is_empty() && account.bytes().all(|b| b.is_ascii_digit());
        if digits && is_hex(secret, 40) { Ok(ApiKey(text.to_owned())) } else { Err(InvalidKey) }
    }
}

/// Whether `text` is exactly `length` lower-case hex digits.
pub(super) fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_key_has_the_platforms_form() {
        let key = ApiKey::default();
        assert_eq!(key.as_str().parse(), Ok(key.clone()));
        assert_eq!(key.account(), "1");
        assert_eq!("1/abc".parse::<ApiKey>(), Err(InvalidKey));
    }
}
