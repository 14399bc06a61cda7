//! A platform that gives what it makes another name than it was sent: the steps go by the id.

use super::client::{answer, server};
use super::plans::{SOURCE, plan_with_spares, platform};
use crate::common::Tdx;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Passes a request on; the answer's status line and body.
fn forward(address: &str, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let sent = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(sent.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.lines().next().unwrap().trim_start_matches("HTTP/1.1 ");
    (status.to_owned(), body.to_owned())
}

fn rename(answer: &mut Value) {
    for place in ["/name", "/data/name", "/data/attributes/name", "/attributes/name"] {
        if let Some(name) = answer.pointer_mut(place).filter(|name| name.is_string()) {
            *name = json!(format!("{} (2)", name.as_str().unwrap()));
        }
    }
}

#[test]
fn what_is_made_under_another_name_is_no_bug() {
    let platform = platform();
    let address = platform.url.trim_start_matches("http://").to_owned();
    let (url, _requests) = server(move |request| {
        let (status, body) = forward(&address, request);
        let mut json: Value = serde_json::from_str(&body).unwrap_or_default();
        if request.starts_with("POST ") || request.starts_with("PATCH ") {
            rename(&mut json);
        }
        answer(&status, "content-type: application/json\r\n", &json.to_string())
    });
    let state = tempfile::tempdir().unwrap();
    let mut document = plan_with_spares();
    for step in ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"] {
        let tdx = Tdx::new(&[step, "--interval", "5ms"])
            .env("TDX_RT_ENDPOINT", &url)
            .env("TDX_API_KEY", &platform.api_key)
            .env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
        let output = tdx.stdin(document.to_string()).run();
        assert_eq!(output.code, 0, "{step}: {}", output.stderr);
        document = serde_json::from_str(&output.stdout).unwrap();
    }
    assert!(document["journeys"][0]["id"].is_string(), "{document}");
    assert_eq!(document["parent_segment"]["id"], SOURCE);
}
