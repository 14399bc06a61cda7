//! https on the sandbox's port, beside http: the vendor's browser SDK uses nothing else.
//!
//! The certificate is signed by an authority that is made for it alone. The authority's key is never
//! written and is dropped at once, and it may only sign for this machine's names: trusting it in a
//! browser affects no other host. With a state folder, the certificate is kept there until it
//! expires or the names change, so that a browser trusts the next start too.

use super::options::Options;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::{NamedTempFile, TempDir};
use tokio_rustls::TlsAcceptor;

/// How long a certificate is good for, in days: browsers accept no longer ones from public authorities, and
/// some from no authority.
const DAYS: i64 = 397;
/// The authority's certificate, PEM.
const AUTHORITY: &str = "ca.pem";
/// The certificate and its key.
const KEPT: &str = "tls.json";

/// Why there is no https.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("the certificate in {folder} cannot be read or kept: {source}")]
    Files {
        /// The folder.
        folder: String,
        /// The error of the system.
        source: io::Error,
    },
    /// A name that no certificate can hold.
    #[error("no certificate can be made for {names}: {source}")]
    Names {
        /// The names.
        names: String,
        /// The error of the certificate library.
        source: rcgen::Error,
    },
    /// The certificate was made, or kept, and cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Unusable(String),
}

/// The https endpoint of a sandbox.
pub struct Secure {
    /// The file with the authority's certificate.
    authority: PathBuf,
    acceptor: TlsAcceptor,
    /// Its folder without a state folder; deleted with the sandbox.
    _folder: Option<TempDir>,
}

/// A certificate.
#[derive(Serialize, Deserialize)]
struct Kept {
    names: Vec<String>,
    /// Seconds since the epoch.
    expires: i64,
    /// PEM, all three.
    certificate: String,
    key: String,
    authority: String,
}

impl std::fmt::Debug for Secure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secure").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl Secure {
    /// The one in the state folder, else a new one.
    pub fn prepare(options: &Options) -> Result<Self, TlsError> {
        let names = names(options);
        let (path, folder) = match &options.state {
            // Absolute: the program that reads the output may change its folder first.
            Some(state) => (std::path::absolute(state).map_err(|source| files(state, source))?, None),
            None => {
                let folder = tempfile::Builder::new().prefix("tdx-rt-sandbox-").tempdir();
                let folder = folder.map_err(|source| files(&std::env::temp_dir(), source))?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        let now = options.env.now();
        let kept = match kept(&path)?.filter(|kept| kept.names == names && now.as_second() < kept.expires) {
            Some(kept) => kept,
            None => {
                let made = Kept::make(&names, now)
                    .map_err(|source| TlsError::Names { names: names.join(", "), source })?;
                if options.state.is_some() {
                    let text = serde_json::to_string(&made);
                    write(&path, KEPT, &text.map_err(|error| TlsError::Unusable(error.to_string()))?)?;
                }
                made
            }
        };
        write(&path, AUTHORITY, &kept.authority)?;
        Ok(Secure { authority: path.join(AUTHORITY), acceptor: kept.acceptor()?, _folder: folder })
    }

    /// The file with the authority's certificate, PEM.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// What makes https of a connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

/// The names by which this machine reaches it, and other machines where allowed.
fn names(options: &Options) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let listen = (!options.listen.is_unspecified()).then(|| options.listen.to_string());
    for name in listen.into_iter().chain(options.allow_hosts.iter().map(|name| name.to_ascii_lowercase())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

impl Kept {
    /// An authority for these names, and the one certificate that it signs.
    fn make(names: &[String], now: jiff::Timestamp) -> Result<Self, rcgen::Error> {
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "tdx-rt sandbox");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        authority.name_constraints = Some(NameConstraints {
            permitted_subtrees: names.iter().map(|name| subtree(name)).collect(),
            excluded_subtrees: Vec::new(),
        });
        let mut own = CertificateParams::new(names)?;
        own.distinguished_name.push(DnType::CommonName, "localhost");
        own.use_authority_key_identifier_extension = true;
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let day = |days: i64| today.saturating_add(jiff::Span::new().days(days));
        let time = |day: jiff::civil::Date| {
            date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
        };
        for params in [&mut authority, &mut own] {
            // Clocks of browsers may be a little behind.
            params.not_before = time(day(-1));
            params.not_after = time(day(DAYS - 1));
        }
        let expires = own.not_after.unix_timestamp();
        let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
        let signed = authority.self_signed(&authority_key)?;
        let certificate = own.signed_by(&key, &Issuer::new(authority, authority_key))?;
        Ok(Kept {
            names: names.to_vec(),
            expires,
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            authority: signed.pem(),
        })
    }

    fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let unusable = |error: &dyn std::fmt::Display| TlsError::Unusable(error.to_string());
        let certificate =
            CertificateDer::from_pem_slice(self.certificate.as_bytes()).map_err(|error| unusable(&error))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(|error| unusable(&error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .map_err(|error| unusable(&error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(address @ IpAddr::V4(_)) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 32)),
        Ok(address @ IpAddr::V6(_)) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 128)),
        Err(_) => GeneralSubtree::DnsName(name.to_owned()),
    }
}

fn kept(folder: &Path) -> Result<Option<Kept>, TlsError> {
    match std::fs::read_to_string(folder.join(KEPT)) {
        // One that cannot be read is replaced: it has nothing of the user in it.
        Ok(text) => Ok(serde_json::from_str(&text).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(files(folder, source)),
    }
}

/// Atomically, and readable by its user only.
fn write(folder: &Path, name: &str, text: &str) -> Result<(), TlsError> {
    let written = NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.persist(folder.join(name)).map_err(|error| error.error)
    });
    written.map(drop).map_err(|source| files(folder, source))
}

fn files(folder: &Path, source: io::Error) -> TlsError {
    TlsError::Files { folder: folder.display().to_string(), source }
}
