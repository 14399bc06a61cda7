//! The one table of faults, and what each must lead to.

use super::super::client::{answer, server_of_bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::LazyLock;

/// What a fault means, whatever it looks like on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer comes late, and is right.
    Late,
    /// Too many requests: nothing was carried out, and any request may be tried again.
    Busy,
    /// The platform failed: a read is tried again, and whether a write was carried out is not known.
    Failed,
    /// No whole answer came: the same.
    Lost,
    /// What came is no answer of the platform: nothing is tried again, and whether a write was carried out is
    /// not known.
    Strange,
    /// The platform refused the request, which is one of these errors.
    Refused(&'static [&'static str]),
    /// No request reaches a server.
    Unreachable,
}

/// What the requests that were hit have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// One request that reads.
    OneRead,
    /// One request that writes.
    OneWrite,
    /// All requests that write, some of them.
    Writes,
    /// More, or all.
    Many,
    /// Those that ask a sandbox.
    Controls,
}

/// What must become of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As if there were no fault.
    Unmoved,
    /// An error with one of these codes.
    Error(&'static [&'static str]),
    /// One of both, and nothing in between: what ends well has all of it.
    Either(&'static [&'static str]),
}

impl Kind {
    /// The codes of the errors that it leads to where it leads to one.
    fn codes(self) -> &'static [&'static str] {
        match self {
            Kind::Late => &[],
            Kind::Busy => &["rate-limited"],
            Kind::Failed | Kind::Strange => &["server"],
            Kind::Lost | Kind::Unreachable => &["network"],
            Kind::Refused(codes) => codes,
        }
    }

    /// The rule: kind of fault × reading, writing, always.
    pub fn outcome(self, hit: Hit) -> Outcome {
        match (self, hit) {
            (Kind::Late, _) => Outcome::Unmoved,
            // Another try, and that is all.
            (Kind::Busy, Hit::OneRead | Hit::OneWrite) => Outcome::Unmoved,
            (Kind::Failed | Kind::Lost, Hit::OneRead) => Outcome::Unmoved,
            // It may have been carried out: that is looked at, or said.
            (Kind::Failed | Kind::Lost | Kind::Strange, Hit::OneWrite) => Outcome::Either(self.codes()),
            // Creates and deletes that were carried out are found.
            (Kind::Lost, Hit::Writes) => Outcome::Either(self.codes()),
            // Some reads have another source, and some refusals are another writer's doing.
            (Kind::Strange, Hit::OneRead) => Outcome::Either(self.codes()),
            (Kind::Refused(_), Hit::OneRead | Hit::OneWrite) => Outcome::Either(self.codes()),
            (Kind::Strange, Hit::Controls) => Outcome::Error(&["bad-setting"]),
            (_, _) => Outcome::Error(self.codes()),
        }
    }
}

/// How a fault comes about.
pub enum How {
    /// A rule of the sandbox.
    Rule(Value),
    /// Another address instead of the sandbox's; `{port}` is the sandbox's port.
    Instead(&'static str),
    /// A server of its own that answers every request with these bytes.
    Server(fn() -> Vec<u8>),
}

pub struct Fault {
    pub name: &'static str,
    pub kind: Kind,
    pub how: How,
    /// What the command needs to meet it.
    pub flags: &'static [&'static str],
}

/// In a rule, the key: a server that shows it in its answers must not make the command show it.
pub const KEY: &str = "@KEY@";

fn status(name: &'static str, status: u16, kind: Kind) -> Fault {
    let rule = json!({"kind": "status", "status": status, "message": format!("authorization: TD1 {KEY}")});
    Fault { name, kind, how: How::Rule(rule), flags: &[] }
}

fn rule(name: &'static str, kind: Kind, rule: Value) -> Fault {
    Fault { name, kind, how: How::Rule(rule), flags: &[] }
}

/// Every fault. A kind of the sandbox's that is not here fails a test.
pub static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    let instead =
        |name, address| Fault { name, kind: Kind::Unreachable, how: How::Instead(address), flags: &[] };
    let server = |name, bytes| Fault { name, kind: Kind::Strange, how: How::Server(bytes), flags: &[] };
    let page = format!("<p>authorization: TD1 {KEY}</p>");
    vec![
        status("400", 400, Kind::Refused(&["rejected"])),
        status("401", 401, Kind::Refused(&["auth"])),
        status("403", 403, Kind::Refused(&["forbidden"])),
        // Of the real-time setting, it is how the platform says that there is none.
        status("404", 404, Kind::Refused(&["not-found", "rt-not-enabled"])),
        status("409", 409, Kind::Refused(&["conflict"])),
        status("422", 422, Kind::Refused(&["rejected"])),
        status("429", 429, Kind::Busy),
        status("500", 500, Kind::Failed),
        status("503", 503, Kind::Failed),
        // To reads: a write that was acknowledged is believed.
        rule("200 with an error", Kind::Strange, json!({"kind": "status", "status": 200, "method": "GET"})),
        rule("200 with HTML", Kind::Strange, json!({"kind": "html", "status": 200, "message": page})),
        rule("redirect", Kind::Strange, json!({"kind": "redirect", "location": format!("/x?{KEY}")})),
        rule("reset", Kind::Lost, json!({"kind": "reset"})),
        rule("carried out, then dropped", Kind::Lost, json!({"kind": "commit_then_drop"})),
        rule("half an answer", Kind::Lost, json!({"kind": "truncate"})),
        Fault {
            flags: &["--request-timeout", "2s"],
            ..rule("an answer without an end", Kind::Lost, json!({"kind": "endless"}))
        },
        rule("slow", Kind::Late, json!({"kind": "slow", "delay_ms": 5})),
        instead("no server", "http://127.0.0.1:9"),
        instead("no such name", "https://tdx-rt.invalid"),
        instead("no TLS", "https://127.0.0.1:{port}"),
        server("33 MB", || json_of(vec![b' '; 33 << 20], "")),
        server("500,001 values", || json_of(format!("[{}0]", "0,".repeat(500_000)).into_bytes(), "")),
        server("1 GB, packed", || json_of(packed(), "content-encoding: gzip\r\n")),
    ]
});

fn json_of(body: Vec<u8>, header: &str) -> Vec<u8> {
    let head = answer("200 OK", &format!("content-type: application/json\r\n{header}"), "");
    let head = head.replace("content-length: 0", &format!("content-length: {}", body.len()));
    [head.as_bytes(), &body].concat()
}

fn packed() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..1_000 {
        encoder.write_all(&[b' '; 1_000_000]).unwrap();
    }
    encoder.finish().unwrap()
}

/// The address of each fault that is no rule of the sandbox; `{port}` in it is the sandbox's.
pub fn addresses() -> Vec<Option<String>> {
    let address = |fault: &Fault| match &fault.how {
        How::Rule(_) => None,
        How::Instead(address) => Some((*address).to_owned()),
        How::Server(bytes) => {
            let bytes = bytes();
            Some(server_of_bytes(move |_| bytes.clone()).0)
        }
    };
    FAULTS.iter().map(address).collect()
}
