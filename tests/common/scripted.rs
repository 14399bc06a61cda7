//! A server whose answers a test writes down, as the vendor's own client tests record them.

use super::command::Tdx;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The key of its account.
const KEY: &str = "1/0123456789abcdef0123456789abcdef01234567";

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET /v3/job/status/1`, with the query.
    pub line: String,
    /// The body; `null` without one.
    pub body: Value,
}

/// Writes an answer.
pub type Writer = Box<dyn FnOnce(&mut dyn Write) + Send>;

/// What is answered.
pub enum Reply {
    /// A status and JSON.
    Json(u16, Value),
    /// 200 with these bytes, and more headers, each with its line end.
    Bytes(Vec<u8>, &'static str),
    /// 200 with a length that the bytes do not reach: the connection ends before.
    Cut(Vec<u8>),
    /// 200 with what is written here, as long as it is.
    Stream(Writer),
    /// Nothing: the connection ends.
    Hangup,
}

/// The server.
pub struct Scripted {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    /// Answers each request as `answer` says.
    pub fn serve(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (shared, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                // Who has what it wants may go.
                thread::spawn(move || drop(respond(stream, &shared, answer.as_ref())));
            }
        });
        Scripted { url, asked }
    }

    /// The binary, set up to talk to it.
    pub fn tdx(&self, arguments: &[&str]) -> Tdx {
        Tdx::new(arguments).env("TDX_RT_ENDPOINT", &self.url).env("TDX_API_KEY", KEY)
    }

    /// The requests so far whose line begins so.
    pub fn asked(&self, beginning: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.line.starts_with(beginning)).cloned().collect()
    }
}

/// Answers one request; each connection has one.
fn respond(
    mut stream: TcpStream,
    shared: &Mutex<Vec<Asked>>,
    answer: &(dyn Fn(&Asked) -> Reply + Send + Sync),
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok();
            if body.len() >= head.lines().find_map(length).unwrap_or(0_usize) {
                break (head.to_owned(), body.to_owned());
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let asked = Asked { line, body: super::body(body.as_bytes()) };
    shared.lock().unwrap().push(asked.clone());
    let head = |status: u16, more: &str| format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n{more}\r\n");
    match answer(&asked) {
        Reply::Json(status, body) => {
            let body = body.to_string();
            write!(stream, "{}{body}", head(status, &format!("content-length: {}\r\n", body.len())))
        }
        Reply::Bytes(body, headers) => {
            stream
                .write_all(head(200, &format!("{headers}content-length: {}\r\n", body.len())).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Cut(body) => {
            stream.write_all(head(200, &format!("content-length: {}\r\n", body.len() + 1)).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Stream(write) => {
            stream.write_all(head(200, "").as_bytes())?;
            let mut buffered = std::io::BufWriter::with_capacity(64 << 10, &mut stream);
            write(&mut buffered);
            buffered.flush()
        }
        Reply::Hangup => Ok(()),
    }
}
