//! The harness: a fresh in-process sandbox, an empty home, and the real binary.

mod command;
mod platform;
pub mod process;
mod random;

pub use command::{Output, Tdx, binary};
pub use platform::Platform;
pub use random::Random;
