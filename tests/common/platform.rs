//! A sandbox of a test's own, on a thread of its own, with a clock that stands still.

use super::command::Tdx;
use serde_json::{Value, json};
use std::sync::{Weak, mpsc};
use std::thread;
use tdx_rt::sandbox::{FixedClock, Options, Sandbox, Settle, start};

/// 2025-11-01T00:00:00Z, shortly after the demo data's last events.
pub const NOW: i64 = 1_761_955_200;

/// A running sandbox; dropping it stops it.
pub struct Platform {
    /// `http://127.0.0.1:<port>`
    pub url: String,
    /// The key that it accepts.
    pub api_key: String,
    /// Ends the thread when it is dropped.
    stop: tokio::sync::oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
    /// For what no request shows.
    sandbox: Weak<Sandbox>,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Platform {
    /// Demo data; changes are rolled out after one look.
    pub fn start() -> Self {
        Self::with(Options { settle: Settle::AfterReads(1), ..Options::default() })
    }

    /// With options of one's own; the clock always stands still at [`NOW`].
    pub fn with(options: Options) -> Self {
        let options = Options { clock: std::sync::Arc::new(FixedClock::at(NOW)), ..options };
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async move {
                let running = start(options).await.unwrap();
                let sandbox = std::sync::Arc::downgrade(running.sandbox());
                sender.send((running.url.clone(), running.api_key.clone(), sandbox)).unwrap();
                let _ = stopped.await;
                running.stop().await;
            });
        });
        let (url, api_key, sandbox) = receiver.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tls =
            rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
        let http = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        Platform { url, api_key, stop, thread, sandbox, http, runtime }
    }

    /// Stops it and returns once it has ended.
    pub fn stop(self) {
        drop(self.stop);
        self.thread.join().unwrap();
    }

    /// The binary, set up to talk to this sandbox.
    pub fn tdx(&self, arguments: &[&str]) -> Tdx {
        Tdx::new(arguments).env("TDX_RT_ENDPOINT", &self.url).env("TDX_API_KEY", &self.api_key)
    }

    /// A request around the binary: status and JSON body (`null` when it is none).
    pub fn request(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.request_as(method, path, body, "application/json", &[])
    }

    /// The same with a content type and more headers.
    pub fn request_as(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        content_type: &str,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let (status, _, body) = self.send(method, path, body.map(|body| (content_type, body)), headers);
        (status, body)
    }

    /// A request with the content type of its body, and headers in place of the usual ones: status,
    /// content type (empty when there is none) and JSON body (`null` when it is none).
    pub fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, Value)>,
        headers: &[(&str, &str)],
    ) -> (u16, String, Value) {
        let mut request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.url))
            .header("authorization", format!("TD1 {}", self.api_key));
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body.to_string());
        }
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        // Replaces headers of the same name.
        let request = request.headers(headers.collect());
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let content_type =
                response.headers().get("content-type").map_or("", |value| value.to_str().unwrap());
            let content_type = content_type.to_owned();
            let bytes = response.bytes().await.unwrap();
            (status, content_type, super::body(&bytes))
        })
    }

    /// A request just as it is given, without the key: status, headers and body.
    pub fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let url = format!("{}{path}", self.url);
        let request = self.http.request(method.parse().unwrap(), url).headers(headers.collect()).body(body);
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            (status, headers, response.bytes().await.unwrap().to_vec())
        })
    }

    /// A read that must succeed.
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", path, None);
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// A sandbox control that must succeed.
    pub fn control(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.request("POST", &format!("/_sandbox/{path}"), Some(body));
        assert!((200..300).contains(&status), "POST /_sandbox/{path}: {status} {body}");
        body
    }

    /// The records of a table, oldest first; none without the table.
    pub fn records(&self, database: &str, table: &str) -> Vec<Value> {
        let sandbox = self.sandbox.upgrade().unwrap();
        let found = sandbox.warehouse().tail(database, table, u64::MAX);
        found.unwrap_or_default().into_iter().map(Value::Object).collect()
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: u64) {
        self.control("clock", json!({ "advance_seconds": seconds }));
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.request("DELETE", "/_sandbox/requests", None);
    }

    /// `METHOD path` of the requests since they were last forgotten, the sandbox's own left out.
    pub fn requests(&self) -> Vec<String> {
        let journal = self.get("/_sandbox/requests");
        let items = journal.get("requests").and_then(Value::as_array).or_else(|| journal.as_array());
        items
            .expect("the journal is a list")
            .iter()
            .map(|item| format!("{} {}", item["method"].as_str().unwrap(), item["path"].as_str().unwrap()))
            .filter(|line| !line.contains("/_sandbox/"))
            .collect()
    }

    /// The requests that write configuration: everything but reads and events.
    pub fn writes(&self) -> Vec<String> {
        let event =
            |line: &String| line == "POST /web_events/pageviews" || line.starts_with("POST /web_events/");
        self.requests().into_iter().filter(|line| !line.starts_with("GET ") && !event(line)).collect()
    }
}
