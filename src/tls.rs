//! TLS with ring and the machine's root certificates.
//!
//! Loading the machine's roots takes 3 to 30 ms, so it happens only when an https address is
//! called; without any (a bare container) Mozilla's roots are used, unless SSL_CERT_FILE or SSL_CERT_DIR
//! says which to trust.

use crate::environment::Environment;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// A TLS configuration; with `roots` off it trusts no certificate and costs nothing.
pub fn config(roots: bool, env: &Environment) -> Result<ClientConfig, rustls::Error> {
    let mut store = RootCertStore::empty();
    if roots {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if store.is_empty() && !env.is_set("SSL_CERT_FILE") && !env.is_set("SSL_CERT_DIR") {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(config)
}
