//! The variables that say how hosts are reached and trusted. The libraries that use them ignore a value
//! that means nothing; a mistyped one is an error here.

use super::{Environment, without_user};
use crate::error::{Code, Error};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::path::Path;

/// The variables of a proxy for https addresses, as the HTTP library reads them.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Checks `SSL_CERT_FILE`, `SSL_CERT_DIR` and the variables of a proxy; one that is empty counts as not set.
///
/// # Errors
/// For a file that does not exist or has no certificate in PEM form, a folder that is none, a proxy that is
/// no address or has a scheme other than http and https.
pub fn check(env: &Environment) -> Result<(), Error> {
    let path = |name: &str| env.var_os(name).filter(|value| !value.is_empty());
    if let Some(file) = path("SSL_CERT_FILE") {
        certificates(Path::new(file))?;
    }
    if let Some(folders) = path("SSL_CERT_DIR")
        && let Some(missing) = std::env::split_paths(folders).find(|folder| !folder.is_dir())
    {
        let message = format!("SSL_CERT_DIR names {}, which is no folder", missing.display());
        return Err(Error::new(Code::BadSetting, message)
            .hint("name a folder of certificates, or unset it to trust the machine's own"));
    }
    for name in PROXIES {
        let Some(value) = env.var(name) else { continue };
        proxy(&value).map_err(|reason| {
            let message = format!("{name} is '{}', which {reason}", without_user(&value));
            Error::new(Code::BadSetting, message).hint(
                "write it like http://proxy.example:3128, or unset it; NO_PROXY names hosts that need none",
            )
        })?;
    }
    Ok(())
}

fn certificates(file: &Path) -> Result<(), Error> {
    let reason = match CertificateDer::pem_file_iter(file).map(|mut found| found.any(|one| one.is_ok())) {
        Ok(true) => return Ok(()),
        Ok(false) => "has no certificate in PEM form (-----BEGIN CERTIFICATE-----)".to_owned(),
        Err(rustls::pki_types::pem::Error::Io(error)) => format!("cannot be read: {error}"),
        Err(error) => format!("cannot be read: {error:?}"),
    };
    let message = format!("SSL_CERT_FILE names {}, which {reason}", file.display());
    Err(Error::new(Code::BadSetting, message)
        .hint("name a file of certificates, or unset it to trust the machine's own"))
}

/// The error completes the sentence "… is '…', which …".
fn proxy(value: &str) -> Result<(), String> {
    let address = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let url = reqwest::Url::parse(&address).map_err(|error| format!("is no address: {error}"))?;
    match url.scheme() {
        "http" | "https" => {}
        other => return Err(format!("has the scheme {other}; http and https are supported")),
    }
    match url.path() {
        "" | "/" if url.query().is_none() && url.fragment().is_none() => Ok(()),
        _ => Err("is more than the address of a proxy".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address() {
        for good in ["http://proxy:3128", "proxy:3128", "proxy", "https://u:p@proxy/", "http://[::1]:8"] {
            assert_eq!(proxy(good), Ok(()), "{good}");
        }
        for bad in [
            "http//proxy:3128",
            "http:/proxy:3128",
            "socks5://proxy:1080",
            "http://",
            "http://proxy:99999",
            "proxy:port",
            "http://proxy/path",
            "://proxy",
            "a b",
        ] {
            assert!(proxy(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_mistyped_is_named() {
        let wrong =
            |name: &str, value: &str| check(&Environment::of(&[(name, value)], None)).unwrap_err().message;
        assert!(wrong("SSL_CERT_FILE", "/nowhere.pem").contains("SSL_CERT_FILE names /nowhere.pem"));
        assert!(wrong("SSL_CERT_FILE", "/dev/null").contains("has no certificate"));
        assert!(wrong("SSL_CERT_DIR", "/nowhere").contains("SSL_CERT_DIR"));
        let message = wrong("https_proxy", "ftp://me:secret@proxy");
        assert!(message.contains("https_proxy") && !message.contains("secret"), "{message}");
        assert!(check(&Environment::of(&[("SSL_CERT_FILE", ""), ("HTTPS_PROXY", " ")], None)).is_ok());
    }
}
