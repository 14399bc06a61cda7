//! https beside http, with a certificate of the sandbox's own.

use crate::common::{Tdx, process::Process};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use std::io::Read;
use std::net::TcpStream;
use std::path::Path;
use tdx_rt::sandbox::faults::{FaultKind, FaultRule};
use tdx_rt::sandbox::{Options, Running, start};

/// A client that trusts this authority, or none.
fn client(authority: Option<&Path>) -> reqwest::Client {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(file) = authority {
        roots.add(CertificateDer::from_pem_file(file).unwrap()).unwrap();
    }
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}

async fn secure(options: Options) -> Running {
    start(Options { tls: true, ..options }).await.unwrap()
}

async fn folders(client: &reqwest::Client, base: &str, key: &str) -> Result<Value, String> {
    let request =
        client.get(format!("{base}/audiences/394649/folders")).header("authorization", format!("TD1 {key}"));
    // With all causes: which one it was is what a test asks.
    let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
    let text = answer.text().await.map_err(|error| format!("{error:?}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
}

#[tokio::test]
async fn one_port_answers_http_and_https() {
    let sandbox = secure(Options { allow_hosts: vec!["shop.test".to_owned()], ..Options::default() }).await;
    let (https, authority) = sandbox.https().expect("it was asked for");
    let (trusting, key) = (client(Some(authority)), sandbox.api_key.as_str());
    // A silent one, neither http nor https, delays no other.
    let mut silent = TcpStream::connect(("127.0.0.1", sandbox.port)).unwrap();
    let plain = folders(&trusting, &sandbox.url, key).await.unwrap();
    assert!(plain.as_array().is_some_and(|all| !all.is_empty()), "{plain}");
    for base in [https.clone(), https.replace("127.0.0.1", "localhost")] {
        assert_eq!(folders(&trusting, &base, key).await.unwrap(), plain, "{base}");
    }
    let error = folders(&client(None), &https, key).await.unwrap_err();
    assert!(error.contains("UnknownIssuer"), "{error}");
    // Faults cut https as they cut http.
    let fault = |kind| sandbox.sandbox().add_fault(FaultRule { kind, ..FaultRule::default() });
    for kind in [FaultKind::Reset, FaultKind::Truncate] {
        fault(kind);
        let error = folders(&trusting, &https, key).await.unwrap_err();
        assert!(!error.contains("UnknownIssuer"), "{kind:?}: {error}");
    }
    assert_eq!(folders(&trusting, &https, key).await.unwrap(), plain, "used up");
    // This authority cannot sign a certificate for other names: its key no longer exists.
    let authority = authority.to_owned();
    assert_eq!(std::fs::read_dir(authority.parent().unwrap()).unwrap().count(), 1, "no key beside it");
    let begun = std::time::Instant::now();
    sandbox.stop().await;
    assert!(begun.elapsed().as_secs() < 5);
    assert!(!authority.exists(), "it goes with the sandbox");
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0, "closed");
}

#[tokio::test]
async fn a_state_folder_keeps_the_certificate_for_the_same_names() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { state: Some(folder.path().to_owned()), ..Options::default() };
    let read = || std::fs::read_to_string(folder.path().join("ca.pem")).unwrap();
    let first = secure(options()).await;
    let (trusting, authority) = (client(Some(first.https().unwrap().1)), read());
    first.stop().await;
    let second = secure(options()).await;
    folders(&trusting, &second.https().unwrap().0, &second.api_key).await.expect("still trusted");
    assert_eq!(read(), authority);
    second.stop().await;
    let other = secure(Options { allow_hosts: vec!["shop.test".to_owned()], ..options() }).await;
    assert_ne!(read(), authority, "it could not vouch for the new name");
    other.stop().await;
    // A file that cannot be read is replaced; it has nothing of the user in it.
    std::fs::write(folder.path().join("tls.json"), "{").unwrap();
    let again = secure(options()).await;
    let trusting = client(Some(again.https().unwrap().1));
    folders(&trusting, &again.https().unwrap().0, &again.api_key).await.unwrap();
    again.stop().await;
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &folder.path().join("tls.json").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_ca_file_is_printed_and_exported() {
    let home = tempfile::tempdir().unwrap();
    let server = Process::start(home.path(), &["--tls", "--state", "state"]);
    drop(server);
    assert!(home.path().join("state/ca.pem").is_file());
    let script = r#"case $TDX_RT_HTTPS_ENDPOINT in https://127.0.0.1:*) ;; *) exit 3 ;; esac
        [ "${TDX_RT_HTTPS_ENDPOINT#https:}" = "${TDX_RT_ENDPOINT#http:}" ] || exit 4
        grep -c 'BEGIN CERTIFICATE' "$TDX_RT_CA_FILE""#;
    let output = Tdx::new(&["sandbox", "--tls", "--", "sh", "-c", script]).run();
    assert_eq!((output.code, output.stdout.as_str()), (0, "1\n"), "{output:?}");
    let output = Tdx::new(&["sandbox", "--", "sh", "-c", "echo ${TDX_RT_CA_FILE-none}"]).run();
    assert_eq!((output.code, output.stdout.as_str()), (0, "none\n"), "{output:?}");
    let output = Tdx::new(&["sandbox", "--tls", "--allow-host", "b\u{fc}cher.test", "--", "true"]).run();
    let error = output.error(2, "usage");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("bücher.test")), "{error}");
}
