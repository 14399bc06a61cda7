//! The recipe for a web page: the vendor's browser SDK, as it is published, in a browser, against the sandbox.
//!
//! Needs `chromium`, `certutil` (of NSS) and the SDK's file, whose path `TDX_RT_BROWSER_SDK` holds (npm:
//! td-js-sdk, `dist/td.min.js`). Where one of them is missing, the test says that it is skipped; with
//! `TDX_RT_REQUIRE_BROWSER=1` it fails instead.

use crate::common::{Tdx, skipped};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Serves the folder, runs the browser on its page and prints what the page has become.
const BROWSE: &str = r#"
set -eu
sh "$EXAMPLES/page.sh" "$PAGE" >made.json
cp "$SDK" "$PAGE/td.js"
mkdir -p "$HOME/.pki/nssdb"
certutil -d "sql:$HOME/.pki/nssdb" -N --empty-password
[ "$TRUST" = no ] || certutil -d "sql:$HOME/.pki/nssdb" -A -t C,, -n sandbox -i "$TDX_RT_CA_FILE"
chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking \
  --user-data-dir="$HOME/browser" --virtual-time-budget=20000 --dump-dom "$SERVER/index.html" 2>browser.log
tdx-rt sandbox requests --method POST,OPTIONS --jq '.requests[] | select(.path | test("^/public/")) | [.method, .status] | @tsv' >seen.txt
"#;

/// The SDK's file, when all that the test needs is installed.
fn sdk() -> Option<PathBuf> {
    let file = std::env::var_os("TDX_RT_BROWSER_SDK").map(PathBuf::from).filter(|file| file.is_file());
    let path = std::env::var_os("PATH").expect("a PATH");
    let there = |name: &str| std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    let missing = match file {
        None => Some("the browser SDK (TDX_RT_BROWSER_SDK)"),
        Some(_) => ["chromium", "certutil"].into_iter().find(|name| !there(name)),
    };
    let Some(missing) = missing else { return file };
    let required = std::env::var_os("TDX_RT_REQUIRE_BROWSER").is_some_and(|value| value == "1");
    assert!(!required, "{missing} is missing");
    skipped(&format!("{missing} is missing"));
    None
}

/// Files of a folder, on this machine and for this test.
struct Server {
    url: String,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let folder = folder.to_owned();
        let serve = move |uri: axum::http::Uri| {
            let file = folder.join(uri.path().trim_start_matches('/'));
            let kind = if uri.path().ends_with(".js") { "text/javascript" } else { "text/html" };
            async move {
                let bytes = std::fs::read(file).map_err(|_| axum::http::StatusCode::NOT_FOUND)?;
                Ok::<_, axum::http::StatusCode>(([("content-type", kind)], bytes))
            }
        };
        let router = axum::Router::new().fallback(serve);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Server { url, runtime }
    }
}

/// What the page shows: its state, and the answer.
fn browse(sdk: &Path, trust: bool) -> (String, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    let server = Server::start(&page);
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let output = Tdx::new(&["sandbox", "--tls", "--settle", "1reads", "--", "sh", "-c", BROWSE])
        .dir(folder.path())
        .env("EXAMPLES", examples)
        .env("PAGE", page.to_str().unwrap())
        .env("SDK", sdk.to_str().unwrap())
        .env("SERVER", &server.url)
        .env("TRUST", if trust { "yes" } else { "no" })
        .run();
    let log = || std::fs::read_to_string(folder.path().join("browser.log")).unwrap();
    assert_eq!(output.code, 0, "{output:?}");
    let cut = |before: &str, after: &str| {
        let rest = output.stdout.split_once(before).map(|(_, rest)| rest);
        let part = rest.and_then(|rest| rest.split_once(after)).map(|(part, _)| part.to_owned());
        part.unwrap_or_else(|| panic!("no {before}: {output:?}\n{}", log()))
    };
    let state = cut("data-state=\"", "\"");
    let text =
        cut("<pre id=\"offers\">", "</pre>").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let shown = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    server.runtime.shutdown_background();
    (state, shown, std::fs::read_to_string(folder.path().join("seen.txt")).unwrap())
}

#[test]
fn a_page_with_the_vendors_sdk_shows_its_offers() {
    let Some(sdk) = sdk() else { return };
    let (state, shown, seen) = browse(&sdk, true);
    assert_eq!(state, "done", "{shown}");
    let attributes = &shown["offers"]["Default"]["attributes"];
    assert_eq!(attributes["last_product_viewed"], json!("p1"), "{shown}");
    assert_eq!(seen, "OPTIONS\t204\nPOST\t200\n");
    // It is the certificate that lets the browser through, not the lack of a check.
    let (state, shown, seen) = browse(&sdk, false);
    assert_eq!((state.as_str(), seen.as_str()), ("failed", ""), "{shown}");
}

/// The recipe without a browser: the page is made, with a token of a public service in it.
#[test]
fn the_page_is_made_for_a_public_service() {
    let script = r#"set -eu
        sh "$EXAMPLES/page.sh" page
        ! grep -q '{{' page/index.html
        token=$(sed -n "s/.*token: '\([^']*\)'.*/\1/p" page/index.html)
        curl -fsS --cacert "$TDX_RT_CA_FILE" "$TDX_RT_HTTPS_ENDPOINT/public/web_events/pageviews" -H 'Origin: http://localhost:8000' \
          -H "WP13n-Token: $token" -H 'Content-Type: application/vnd.treasuredata.v1+json' -d '{"td_client_id":"a","product_id":"p1"}'"#;
    if !crate::common::tool("curl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Tdx::new(&["sandbox", "--tls", "--settle", "1reads", "--", "sh", "-c", script])
        .dir(folder.path())
        .env("EXAMPLES", concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
        .run();
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.contains(r#""last_product_viewed":"p1""#), "{output:?}");
    let plain =
        Tdx::new(&["sandbox", "--", "sh", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/page.sh"), "page"])
            .dir(folder.path())
            .run();
    assert!(plain.code != 0 && plain.stderr.contains("--tls"), "{plain:?}");
}
