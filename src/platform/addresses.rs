//! The addresses that may use a token: single ones, or ranges as `address/bits`. The published contract says only
//! that they are strings; this form is our reading of them.

use std::net::IpAddr;

/// Whether `ip` may use a token. An empty list allows everyone.
pub fn allows(allowed: &[String], ip: IpAddr) -> bool {
    let inside = |range: &String| match (parse_range(range), ip) {
        (Some((IpAddr::V4(net), bits)), IpAddr::V4(ip)) => {
            same_prefix(u128::from(net.to_bits()) << 96, u128::from(ip.to_bits()) << 96, bits)
        }
        (Some((IpAddr::V6(net), bits)), IpAddr::V6(ip)) => same_prefix(net.to_bits(), ip.to_bits(), bits),
        _ => false,
    };
    allowed.is_empty() || allowed.iter().any(inside)
}

fn same_prefix(a: u128, b: u128, bits: u32) -> bool {
    (a ^ b).leading_zeros() >= bits
}

/// Reads an address, or `address/bits`: the address and how many bits of it count.
pub fn parse_range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(a, bits)| (a, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => longest,
        Some(bits) => bits.parse().ok().filter(|bits| *bits <= longest)?,
    };
    Some((address, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_addresses_are_single_or_ranges() {
        let ip: IpAddr = "127.0.0.1".parse().unwrap();
        let allows = |list: &[&str]| allows(&list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>(), ip);
        assert!(allows(&[]) && allows(&["127.0.0.1"]) && allows(&["10.0.0.1", "127.0.0.0/8"]));
        assert!(allows(&["0.0.0.0/0"]));
        assert!(!allows(&["127.0.0.2"]) && !allows(&["127.1.0.0/16"]) && !allows(&["::1"]));
    }
}
