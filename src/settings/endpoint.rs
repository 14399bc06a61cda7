//! An address that takes the place of all the site's hosts: the sandbox, or a proxy.

/// A checked base URL without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Checks an address. Plain http goes to this machine only, because the key travels with every
    /// request. The error completes the sentence "the endpoint '…' …".
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = reqwest::Url::parse(text.trim()).map_err(|e| format!("is not a URL: {e}"))?;
        let host = url.host_str().ok_or("has no host")?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => {
                return Err("is plain http to another machine, which would show the API key; use https, \
                            or http to 127.0.0.1, [::1] or localhost"
                    .to_owned());
            }
            other => return Err(format!("has the scheme {other}; use https, or http to this machine")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("contains a user name or password; set TDX_API_KEY instead".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("contains a query or a fragment; give the address alone".to_owned());
        }
        Ok(Endpoint(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        reqwest::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(is_loopback)).unwrap_or(false)
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_only_to_this_machine() {
        for good in
            ["http://127.0.0.1:8080/", "http://[::1]:1", "http://localhost:9", "https://proxy.example"]
        {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.treasuredata.com",
            "http://127.0.0.1.example.com",
            "ftp://localhost",
            "127.0.0.1:80",
            "http://a:b@localhost",
            "http://localhost/?x=1",
            "",
        ] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Endpoint::parse("http://127.0.0.1:8080/").unwrap().as_str(), "http://127.0.0.1:8080");
    }
}
