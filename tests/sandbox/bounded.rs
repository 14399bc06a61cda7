//! Clients that take their time, that are many, or that are pages of other sites.

use crate::common::Platform;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use tdx_rt::sandbox::{Limits, Options};

fn connect(platform: &Platform) -> TcpStream {
    TcpStream::connect(platform.url.trim_start_matches("http://")).unwrap()
}

/// The bytes until the server closes the connection.
fn answer(mut stream: &TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut text);
    String::from_utf8(text).unwrap()
}

const HEALTH: &str = "GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[test]
fn a_head_or_a_body_that_does_not_come_ends_the_connection() {
    let time = Duration::from_millis(20);
    let limits = Limits { head: time, body: time, connections: 4 };
    let platform = Platform::with(Options { limits, ..Options::default() });
    for _ in 0..3 {
        assert_eq!(answer(&connect(&platform), ""), "");
        assert!(
            !answer(&connect(&platform), "GET /_sandbox/health HTTP/1.1\r\nhost: local").contains("200 OK")
        );
    }
    for path in ["/_sandbox/clock", "/web_events/pageviews"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{{");
        let text = answer(&connect(&platform), &head);
        assert!(text.starts_with("HTTP/1.1 413") && text.contains("took longer than 20ms"), "{text}");
    }
    assert!(answer(&connect(&platform), HEALTH).starts_with("HTTP/1.1 200"));
}

#[test]
fn more_connections_than_there_may_be_wait() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let platform = Platform::with(Options { limits, ..Options::default() });
    let (first, second) = (connect(&platform), connect(&platform));
    let third = connect(&platform);
    // Both of the first are served, so they have the places.
    for mut stream in [&first, &second] {
        stream.write_all(HEALTH.replace("connection: close\r\n", "").as_bytes()).unwrap();
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    }
    (&third).write_all(HEALTH.as_bytes()).unwrap();
    third.set_nonblocking(true).unwrap();
    assert!((&third).read(&mut [0; 16]).is_err(), "there is no answer yet");
    third.set_nonblocking(false).unwrap();
    drop(first);
    assert!(answer(&third, "").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_page_of_another_site_does_nothing_without_an_origin_either() {
    let platform = Platform::start();
    let get = |path: &str, headers: &[(&str, &str)]| platform.raw("GET", path, headers, Vec::new()).0;
    for path in ["/_sandbox/inbox/x", "/_sandbox/health"] {
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("referer", "https://shop.example/page")],
            [("referer", "https://localhost.shop.example/")],
            [("origin", "https://shop.example")],
        ] {
            assert_eq!(get(path, &headers), 403, "{path} {headers:?}");
        }
    }
    assert_eq!(platform.get("/_sandbox/inbox")["received"].as_array().map(Vec::len), Some(0));
    for headers in [
        &[][..],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("referer", "http://localhost:3000/page?a=http://shop.example")],
    ] {
        assert_eq!(get("/_sandbox/inbox/x", headers), 200, "{headers:?}");
    }
    let inbox: Value = platform.get("/_sandbox/inbox");
    assert_ne!(inbox["last_id"], json!(0), "{inbox}");
}
