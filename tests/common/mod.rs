//! The harness: a fresh in-process sandbox, an empty home, and the real binary.

mod command;
mod platform;
pub mod process;
mod random;
pub mod schemas;
pub mod scripted;
#[cfg(target_os = "linux")]
pub mod terminal;

use std::io::Write as _;

pub use command::{Output, Running, Tdx, binary};
pub use platform::Platform;
pub use random::Random;

/// Whether a program that a test needs is installed. A machine for CI sets `TDX_RT_REQUIRE_TOOLS=1`
/// and must have all of them; elsewhere such a test says that it is skipped.
pub fn tool(name: &str) -> bool {
    let path = std::env::var_os("PATH").expect("a PATH");
    let found = std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    let required = std::env::var_os("TDX_RT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(found || !required, "{name} is not installed");
    if !found {
        skipped(&format!("{name} is not installed"));
    }
    found
}

/// Runs a test of each case on a thread of its own: for tests that wait most of their time.
pub fn side_by_side<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let test = &test;
    std::thread::scope(|scope| {
        for case in cases {
            scope.spawn(move || test(case));
        }
    });
}

/// Says on stderr that this test does nothing, and why. Written to the stream itself: what a passing test
/// prints with `println!` is never shown.
#[track_caller]
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    writeln!(std::io::stderr(), "skipped: {test}: {why}").expect("stderr is open");
}

/// A body as JSON: nothing is `null`, and what is no JSON is a string, so that no test takes it for an
/// answer without fields.
pub fn body(text: &[u8]) -> serde_json::Value {
    match text {
        [] => serde_json::Value::Null,
        text => serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into()),
    }
}
