//! Jobs: rows of the form of a log of activations are imported, grouped, and read as a whole.
//! `cargo bench --bench jobs [-- ROWS]`.
//!
//! The memory is that of this process, in which sandbox and client are, beyond what it had before the query. Needs
//! `harness = false`.

mod common;

use common::amounts;
use flate2::Compression;
use flate2::write::GzEncoder;
use rmpv::Value as Packed;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tdx_rt::sandbox::{Options, start};

/// Rows of one import.
const STEP: u64 = 50_000;
const GROUPED: &str = "SELECT journey_name, status, count(*) AS attempts, count_if(delivered = 'true') AS delivered \
                       FROM sent GROUP BY journey_name, status ORDER BY journey_name, status";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for rows in amounts(&[1_000_000], &[20_000]) {
        let sandbox = runtime.block_on(start(Options::default())).unwrap();
        let platform = Client { port: sandbox.port, key: sandbox.api_key.clone() };
        measure(&platform, rows);
        runtime.block_on(sandbox.stop());
    }
}

fn measure(platform: &Client, rows: u64) {
    platform.json("POST", "/v3/table/create/web_events/sent/log", b"");
    let bodies: Vec<Vec<u8>> = (0..rows).step_by(STEP as usize).map(|from| packed(from, rows)).collect();
    let begun = Instant::now();
    for body in &bodies {
        platform.json("PUT", "/v3/table/import/web_events/sent/msgpack.gz", body);
    }
    println!("{rows} rows imported: {:.2} s", begun.elapsed().as_secs_f64());
    drop(bodies);
    for name in ["first", "again"] {
        let begun = Instant::now();
        let (job, _) = platform.query(GROUPED);
        let groups = &job["num_records"];
        println!(
            "grouped by journey and status ({name}): {:.2} s, {groups} groups",
            begun.elapsed().as_secs_f64()
        );
    }
    let memory = Memory::watch();
    let begun = Instant::now();
    let (job, id) = platform.query("SELECT * FROM sent");
    assert_eq!(job["num_records"], rows, "{job}");
    println!("all rows into a result: {:.2} s, {} bytes", begun.elapsed().as_secs_f64(), job["result_size"]);
    for format in ["json", "csv", "msgpack.gz"] {
        let begun = Instant::now();
        let bytes = platform.read(&format!("/v3/job/result/{id}?format={format}"));
        println!("read as {format}: {:.2} s, {bytes} bytes", begun.elapsed().as_secs_f64());
    }
    println!("memory: {} MB more at its peak", memory.most() / 1_024);
}

/// Records of an import, in MessagePack and gzip.
fn packed(from: u64, rows: u64) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for number in from..rows.min(from + STEP) {
        let delivered = number % 7 != 0;
        let fields: Vec<(Packed, Packed)> = [
            ("time", Packed::from(1_761_955_200 + number % 86_400)),
            ("delivered", if delivered { "true" } else { "false" }.into()),
            ("status", (if delivered { 200 } else { 500 + number % 3 }).into()),
            ("timestamp", (1_761_955_200_000 + number).into()),
            ("log_time", (1_761_955_200_000 + number).into()),
            ("activation_type", "td_webhook_out".into()),
            ("journey_name", format!("journey_{}", 11_700 + number % 40).into()),
            ("journey_stage_name", format!("journey_stage_{}", 15_000 + number % 90).into()),
            ("activation_name", format!("welcome_{}", 14_100 + number % 60).into()),
            ("rid", format!("0195e5c8-{:04x}-7000-8000-{:012x}", number % 65_536, number).into()),
            ("error", if delivered { Packed::Nil } else { "HTTP status 500".into() }),
            ("activation_id", (14_100 + number % 60).to_string().into()),
            ("event_id", format!("e{number}").into()),
            ("response", r#"{"ok":true}"#.into()),
        ]
        .map(|(name, value)| (Packed::from(name), value))
        .into();
        rmpv::encode::write_value(&mut out, &Packed::Map(fields)).unwrap();
    }
    out.finish().unwrap()
}

struct Client {
    port: u16,
    key: String,
}

impl Client {
    /// Sends a request; the body of its answer, after the head.
    fn send(&self, method: &str, path: &str, body: &[u8]) -> BufReader<TcpStream> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: TD1 {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        socket.write_all(head.as_bytes()).unwrap();
        socket.write_all(body).unwrap();
        let mut answer = BufReader::new(socket);
        let mut line = String::new();
        answer.read_line(&mut line).unwrap();
        let ok = line.contains(" 200 ");
        while line != "\r\n" {
            line.clear();
            answer.read_line(&mut line).unwrap();
        }
        if !ok {
            answer.read_to_string(&mut line).unwrap();
            panic!("{method} {path}: {line}");
        }
        answer
    }

    fn json(&self, method: &str, path: &str, body: &[u8]) -> Value {
        serde_json::from_reader(self.send(method, path, body)).unwrap()
    }

    /// Runs a query: the job, and its id.
    fn query(&self, sql: &str) -> (Value, String) {
        let body = json!({"query": sql}).to_string();
        let issued = self.json("POST", "/v3/job/issue/trino/web_events", body.as_bytes());
        let id = issued["job_id"].as_str().unwrap().to_owned();
        loop {
            let job = self.json("GET", &format!("/v3/job/show/{id}"), b"");
            match job["status"].as_str() {
                Some("success") => return (job, id),
                Some("queued" | "running") => std::thread::sleep(Duration::from_millis(10)),
                _ => panic!("{job}"),
            }
        }
    }

    /// Reads an answer piece by piece; how many bytes there were.
    fn read(&self, path: &str) -> u64 {
        std::io::copy(&mut self.send("GET", path, b""), &mut std::io::sink()).unwrap()
    }
}

/// The most memory of this process, beyond that at the beginning; in KB.
struct Memory {
    most: Arc<AtomicU64>,
    before: u64,
    ended: Arc<AtomicBool>,
}

impl Memory {
    fn watch() -> Self {
        let (most, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, stop) = (Arc::clone(&most), Arc::clone(&ended));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                seen.fetch_max(resident(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Memory { most, before: resident(), ended }
    }

    fn most(self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        self.most.load(Ordering::Relaxed).saturating_sub(self.before)
    }
}

/// In KB; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
