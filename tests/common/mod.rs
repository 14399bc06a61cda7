//! The harness: a fresh in-process sandbox, an empty home, and the real binary.

mod command;
mod platform;
pub mod process;
mod random;
pub mod schemas;
#[cfg(target_os = "linux")]
pub mod terminal;

pub use command::{Output, Tdx, binary};
pub use platform::Platform;
pub use random::Random;

/// Whether a program that a test needs is installed. A machine for CI sets `TDX_RT_REQUIRE_TOOLS=1`
/// and must have all of them; elsewhere such a test says that it is skipped.
pub fn tool(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    let required = std::env::var_os("TDX_RT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(found || !required, "{name} is not installed");
    if !found {
        println!("skipped: {name} is not installed");
    }
    found
}
