//! The host names that the sandbox answers to.

use std::net::{IpAddr, Ipv6Addr};

/// The `Host` headers that are answered. An unknown one means that a browser was directed here by a
/// page of a name that was pointed at this machine afterwards (DNS rebinding). An IP address as `Host`
/// is safe.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts {
    /// Whether other machines may call, by any IP address.
    any_address: bool,
    names: Vec<String>,
}

impl AllowedHosts {
    /// For a sandbox that listens on `listen` and is known by more `names`.
    pub fn new(listen: IpAddr, names: &[String]) -> Self {
        AllowedHosts { any_address: !listen.is_loopback(), names: names.to_vec() }
    }

    /// Whether a `Host` header, with or without a port, is answered.
    pub fn allows(&self, host: &str) -> bool {
        let name = without_port(host);
        is_local(name)
            || self.any_address && address(name).is_some()
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Whether a host, with or without a port, is this machine's name for itself.
pub fn is_local(host: &str) -> bool {
    let name = without_port(host);
    name.eq_ignore_ascii_case("localhost") || address(name).is_some_and(|address| address.is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// The address that a host is written as: `127.0.0.1` or `[::1]`.
fn address(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn names_are_allowed_and_addresses_where_others_may_call() {
        let alone = AllowedHosts::new(Ipv4Addr::LOCALHOST.into(), &["sandbox.test".to_owned()]);
        let open = AllowedHosts::new(Ipv4Addr::UNSPECIFIED.into(), &[]);
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "127.8.9.1", "[::1]:8080", "[::1]"] {
            assert!(alone.allows(host) && open.allows(host), "{host}");
        }
        for host in ["10.0.0.7:80", "192.168.1.2", "[fe80::1]:80"] {
            assert!(!alone.allows(host) && open.allows(host), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", ":80", "::1", "[x]"]
        {
            assert!(!alone.allows(host) && !open.allows(host), "{host}");
        }
        assert!(alone.allows("Sandbox.Test:8080") && !open.allows("sandbox.test"));
    }
}
