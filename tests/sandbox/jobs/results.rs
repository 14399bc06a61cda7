//! Results in every format, whole and in parts.

use super::{result, succeeded, table};
use crate::common::Platform;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::Read as _;

fn ready(platform: &Platform) -> String {
    let records = [
        json!({"k": "a\"b,c", "n": 1, "x": 1.0, "tags": ["p", "q"]}),
        json!({"k": "\u{e4}\tz\n", "n": -9_007_199_254_740_993_i64, "x": 0.25, "tags": []}),
        json!({"k": "only"}),
    ];
    table(platform, "things", &records);
    succeeded(platform, "SELECT k, n, x, tags FROM things ORDER BY k")
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut all).expect("it is gzip");
    all
}

/// The rows in MessagePack as JSON.
fn packed(mut bytes: &[u8]) -> Vec<Value> {
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let row = rmpv::decode::read_value(&mut bytes).expect("it is MessagePack");
        rows.push(json_of(&row));
    }
    rows
}

fn json_of(packed: &rmpv::Value) -> Value {
    match packed {
        rmpv::Value::Array(items) => items.iter().map(json_of).collect(),
        rmpv::Value::Integer(number) => number.as_i64().into(),
        other => {
            other.as_str().map(Value::from).or_else(|| other.as_f64().map(Value::from)).unwrap_or_default()
        }
    }
}

#[test]
fn each_format() {
    let platform = Platform::start();
    let id = ready(&platform);
    let text = |options: &str| {
        let (status, headers, bytes) = result(&platform, &id, options, &[]);
        assert_eq!(status, 200, "{options}");
        let media = headers["content-type"].to_str().expect("text").to_owned();
        assert_eq!(headers["content-length"].to_str().ok(), Some(bytes.len().to_string().as_str()));
        (media, String::from_utf8(bytes).expect("UTF-8"))
    };
    let json = "[\"a\\\"b,c\",1,1.0,[\"p\",\"q\"]]\n[\"only\",null,null,null]\n\
                [\"\u{e4}\\tz\\n\",-9007199254740993,0.25,[]]\n";
    assert_eq!(text("format=json"), ("application/json".to_owned(), json.to_owned()));
    let header = "[\"k\",\"n\",\"x\",\"tags\"]\n";
    assert_eq!(text("format=json&header=true").1, format!("{header}{json}"));
    // td-client-python writes booleans so.
    assert_eq!(text("format=json&header=True&nullify_special=False").1, format!("{header}{json}"));
    let jsonl = text("format=jsonl").1;
    assert_eq!(jsonl.lines().nth(1), Some(r#"{"k":"only","n":null,"x":null,"tags":null}"#));
    let csv = "k,n,x,tags\n\"a\"\"b,c\",1,1.0,\"[\"\"p\"\",\"\"q\"\"]\"\nonly,,,\n\"\u{e4}\tz\n\",-9007199254740993,0.25,[]\n";
    assert_eq!(text("format=csv&header=true").1, csv);
    let tsv = text("").1;
    assert!(tsv.starts_with("\"a\"\"b,c\"\t1\t1.0\t\"[\"\"p\"\",\"\"q\"\"]\"\nonly\t\t\t\n"), "{tsv}");
    let rows: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (_, headers, bytes) = result(&platform, &id, "format=msgpack", &[]);
    assert_eq!(
        (headers["content-type"].to_str().ok(), packed(&bytes)),
        (Some("application/x-msgpack"), rows.clone())
    );
    let (_, headers, gz) = result(&platform, &id, "format=msgpack", &[("accept-encoding", "deflate, gzip")]);
    assert_eq!((headers["content-encoding"].to_str().ok(), unpacked(&gz)), (Some("gzip"), bytes.clone()));
    let (_, headers, gz) =
        result(&platform, &id, "format=msgpack.gz", &[("accept-encoding", "deflate, gzip")]);
    assert!(headers.get("content-encoding").is_none() && headers["content-type"] == "application/x-gzip");
    assert_eq!(unpacked(&gz), bytes);
    let (_, _, gz) = result(&platform, &id, "format=msgpack.gz&header=true", &[]);
    assert_eq!(packed(&unpacked(&gz))[0], json!(["k", "n", "x", "tags"]));
    for bad in ["format=xml", "format=json&header=1", "format=json&nullify_special=x"] {
        assert_eq!(result(&platform, &id, bad, &[]).0, 422, "{bad}");
    }
}

#[test]
fn a_result_in_parts() {
    let platform = Platform::start();
    let id = ready(&platform);
    for format in ["json", "csv", "msgpack", "msgpack.gz"] {
        let options = format!("format={format}");
        let (_, headers, whole) = result(&platform, &id, &options, &[]);
        let size = whole.len();
        let tag = headers["etag"].to_str().expect("text").to_owned();
        assert_eq!(headers["accept-ranges"], "bytes");
        let mut parts = Vec::new();
        for from in (0..size).step_by(10) {
            let range = format!("bytes={from}-{}", from + 9);
            let (status, headers, part) =
                result(&platform, &id, &options, &[("range", range.as_str()), ("if-range", tag.as_str())]);
            let last = (from + 9).min(size - 1);
            assert_eq!(
                (status, headers["content-range"].to_str().ok()),
                (206, Some(format!("bytes {from}-{last}/{size}").as_str()))
            );
            parts.extend(part);
        }
        assert_eq!(parts, whole, "{format}");
        let (status, headers, answer) = result(&platform, &id, &options, &[("range", "bytes=100000-")]);
        assert_eq!(
            (status, headers["content-range"].to_str().ok()),
            (416, Some(format!("bytes */{size}").as_str()))
        );
        assert!(crate::common::body(&answer)["error"].is_string());
        let (status, _, tail) = result(&platform, &id, &options, &[("range", "bytes=-5")]);
        assert_eq!((status, tail.as_slice()), (206, &whole[size - 5..]));
        for headers in
            [[("range", "bytes=0-1,4-5"), ("x", "x")], [("range", "bytes=2-3"), ("if-range", "\"other\"")]]
        {
            let (status, _, all) = result(&platform, &id, &options, &headers);
            assert_eq!((status, all.len()), (200, size), "{headers:?}");
        }
    }
}

#[test]
fn a_result_that_breaks_off() {
    let platform = Platform::start();
    let id = ready(&platform);
    let (_, _, whole) = result(&platform, &id, "format=json", &[]);
    platform.control("faults", json!({"kind": "truncate", "operation": "GET /v3/job/result/{}"}));
    let socket =
        std::net::TcpStream::connect(platform.url.trim_start_matches("http://")).expect("a connection");
    let request = format!(
        "GET /v3/job/result/{id}?format=json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: TD1 {}\r\n\r\n",
        platform.api_key
    );
    std::io::Write::write_all(&mut &socket, request.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    let _ = (&socket).read_to_end(&mut answer);
    let body =
        answer.windows(4).position(|four| four == b"\r\n\r\n").map(|at| &answer[at + 4..]).expect("a body");
    assert_eq!(body, &whole[..whole.len() / 2]);
}

#[test]
fn an_empty_result() {
    let platform = Platform::start();
    table(&platform, "things", &[json!({"k": "a"})]);
    let id = succeeded(&platform, "SELECT k FROM things WHERE k = 'b'");
    for (options, wanted) in [("format=json", ""), ("format=csv&header=true", "k\n"), ("format=msgpack", "")]
    {
        let (status, _, bytes) = result(&platform, &id, options, &[]);
        assert_eq!((status, String::from_utf8(bytes).expect("UTF-8").as_str()), (200, wanted), "{options}");
    }
    assert_eq!(platform.get(&format!("/v3/job/show/{id}"))["num_records"], 0);
}
