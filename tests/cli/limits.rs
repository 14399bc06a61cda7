//! Answers without an end or of a size that would fill the memory.

use super::client::{EMPTY_SETTING, answer, at, server, server_of_bytes};
use super::{PS, said};
use crate::common::Platform;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A parent segment, which is looked for first.
const SEGMENT: &str = r#"{"data": {"id": "7", "type": "parent-segment", "attributes": {"name": "Seven"}}}"#;

/// The error of a listing of this answer.
fn refused(head: &str, body: Vec<u8>) -> Value {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n{head}content-type: application/json\r\n\r\n",
        body.len()
    );
    let (url, _requests) = server_of_bytes(move |_| [head.as_bytes(), &body].concat());
    at(&url, &["rt-events", "list", "--ps", "7", "--retries", "0"]).run().error(9, "server")
}

fn packed(zeros: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..zeros / 1_000_000 {
        encoder.write_all(&[b' '; 1_000_000]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_listing_that_never_ends_is_not_followed() {
    let page = AtomicUsize::new(0);
    let (url, requests) = server(move |request| {
        if request.contains("/entities/") {
            return answer("200 OK", "", SEGMENT);
        }
        if request.contains("/realtime_setting ") {
            return answer("200 OK", "", EMPTY_SETTING);
        }
        let next = page.fetch_add(1, Ordering::Relaxed);
        let body = json!({"data": [], "pagination": {"nextPage": format!("/audiences/7/realtime_key_events?page[after]={next}")}});
        answer("200 OK", "content-type: application/json\r\n", &body.to_string())
    });
    let error = at(&url, &["rt-events", "list", "--ps", "7"]).run().error(9, "server");
    assert!(said(&error, "message").contains("goes on after 1000 pages or 32 MiB"), "{error}");
    assert!(requests.try_iter().count() < 1_010);
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let spaces = refused("", vec![b' '; 33 << 20]);
    assert!(said(&spaces, "message").contains("larger than 32 MiB"), "{spaces}");
    let bomb = refused("content-encoding: gzip\r\n", packed(1_000_000_000));
    assert!(said(&bomb, "message").contains("larger than 32 MiB"), "{bomb}");
    let many = refused("", format!("[{}0]", "0,".repeat(500_000)).into_bytes());
    assert!(said(&many, "message").contains("more than 500000 values"), "{many}");
    let garbled = refused("content-encoding: gzip\r\n", b"no gzip".to_vec());
    assert!(said(&garbled, "message").contains("cannot be unpacked"), "{garbled}");
}

#[test]
fn of_an_error_the_beginning_is_enough() {
    let body = format!("{{\"message\": \"Slow down\", \"more\": \"{}\"", "x".repeat(2 << 20));
    let (url, _requests) = server(move |_| answer("422 No", "", &body));
    let error = at(&url, &["rt-events", "list", "--ps", "7"]).run().error(2, "rejected");
    assert!(said(&error, "message").contains("Slow down"), "{error}");
    assert!(said(&error, "message").len() < 1_000);
}

#[test]
fn what_is_packed_is_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(br#"{"data": []}"#).unwrap();
    let body = encoder.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\ncontent-encoding: gzip\r\n\r\n",
        body.len()
    );
    let (url, requests) = server_of_bytes(move |request| match request {
        request if request.contains("/entities/") => answer("200 OK", "", SEGMENT).into_bytes(),
        request if request.contains("/realtime_setting ") => answer("200 OK", "", EMPTY_SETTING).into_bytes(),
        _ => [head.as_bytes(), &body].concat(),
    });
    let all = at(&url, &["rt-events", "list", "--ps", "7"]).run().document();
    assert_eq!(all, json!([]));
    assert!(requests.recv().unwrap().to_lowercase().contains("accept-encoding: gzip"));
}

#[test]
fn the_longest_duration_and_the_smallest_number_are_no_overflow() {
    let longest = "18446744073709551615";
    let platform = Platform::start();
    platform.tdx(&["sandbox", "health", &format!("--wait={longest}")]).run().document();
    platform.control("faults", json!({"kind": "status", "status": 503}));
    platform.tdx(&["ps-check", PS, "--request-timeout", longest]).run().document();
    let plan = format!(
        "parent_segment_id: '{PS}'\nevents: [{{name: a, table: web_events.pageviews, filter: td_client_id = 1.5e{}}}]",
        i64::MIN
    );
    let output = platform.tdx(&["validate", "-"]).stdin(plan).run();
    assert!(output.code == 2 && output.stdout.contains("more digits than a number keeps"), "{output:?}");
}
