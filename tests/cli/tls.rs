//! Certificates that are not acceptable, and variables about them that are mistyped: one try, and a
//! hint that names the reason.

use super::{PS, said};
use crate::common::{Output, Tdx};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// An issuer of certificates; its own is in `file`.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: tempfile::NamedTempFile,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), params.self_signed(&key).unwrap().pem()).unwrap();
        Authority { issuer: Issuer::new(params, key), file }
    }

    fn path(&self) -> &str {
        self.file.path().to_str().unwrap()
    }

    /// A server of one host, whose certificate is valid in these years: its address, and how many
    /// connections it took. Any request is answered with an empty list of databases.
    fn server(&self, host: &str, years: (i32, i32)) -> (String, Arc<AtomicUsize>) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let certificate: CertificateDer = params.signed_by(&key, &self.issuer).unwrap().into();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let (url, taken) = listen(move |mut stream| {
            let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut tls, &mut stream);
            // A client that does not trust the certificate ends the connection.
            if tls.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                let _ = tls.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\nconnection: close\r\n\r\n{\"databases\":[]}",
                );
                let _ = tls.flush();
            }
        });
        (url, taken)
    }
}

/// Serves on a port of its own until the test's process ends.
fn listen(serve: impl Fn(TcpStream) + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            serve(stream);
        }
    });
    (url, taken)
}

fn run(url: &str, variables: &[(&str, &str)]) -> Output {
    let tdx = Tdx::new(&["discover", "databases", "--request-timeout", "20s"])
        .env("TDX_API_KEY", "7/c4a4a4cafe0123456789c4a4a4cafe0123456789")
        .env("TDX_RT_ENDPOINT", url);
    variables.iter().fold(tdx, |tdx, (name, value)| tdx.env(name, value)).run()
}

#[test]
fn a_certificate_that_is_not_acceptable_is_refused_once_with_the_reason() {
    let (known, unknown, namesake) = (Authority::new("a"), Authority::new("b"), Authority::new("a"));
    let now = (2000, 2100);
    for (authority, host, years, reason) in [
        (&unknown, "127.0.0.1", now, "unknown issuer"),
        (&namesake, "127.0.0.1", now, "unknown issuer"),
        (&known, "127.0.0.1", (2000, 2001), "expired"),
        (&known, "127.0.0.1", (2099, 2100), "not valid yet"),
        (&known, "example.com", now, "wrong host"),
    ] {
        let (url, taken) = authority.server(host, years);
        let error = run(&url, &[("SSL_CERT_FILE", known.path())]).error(9, "network");
        let hint = said(&error, "hint");
        assert!(hint.contains(reason) && hint.contains("SSL_CERT_FILE"), "{reason}: {error}");
        assert_eq!(error["retryable"], false, "{error}");
        assert_eq!(taken.load(Ordering::SeqCst), 1, "{reason}: another try would end the same");
    }
    let (url, _) = known.server("127.0.0.1", now);
    let output = run(&url, &[("SSL_CERT_FILE", known.path())]);
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "[]\n", ""));
}

#[test]
fn what_speaks_no_tls_is_asked_once() {
    let (url, taken) = listen(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    });
    let error = run(&url, &[]).error(9, "network");
    assert!(said(&error, "hint").contains("does not speak TLS"), "{error}");
    assert_eq!((error["retryable"].clone(), taken.load(Ordering::SeqCst)), (false.into(), 1));
}

#[test]
fn a_mistyped_variable_is_an_error_before_any_request() {
    let known = Authority::new("a");
    let (url, taken) = known.server("127.0.0.1", (2000, 2100));
    for (name, value) in [
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_FILE", "/dev/null"),
        ("SSL_CERT_DIR", "/nowhere"),
        ("HTTPS_PROXY", "http//proxy:3128"),
        ("https_proxy", "http://proxy:port"),
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("all_proxy", "http://"),
    ] {
        let error = run(&url, &[(name, value)]).error(2, "bad-setting");
        assert!(said(&error, "message").contains(name), "{error}");
    }
    assert_eq!(taken.load(Ordering::SeqCst), 0);
}

#[test]
fn a_sandbox_needs_none_of_these_variables() {
    let platform = crate::common::Platform::start();
    let output = platform
        .tdx(&["ps-check", PS, "--jq", ".id"])
        .env("SSL_CERT_FILE", "/nowhere/ca.pem")
        .env("HTTPS_PROXY", "http//proxy")
        .run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "394649\n", ""));
}
