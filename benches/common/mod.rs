//! Shared by the benches. A bench measures first and then checks that the measured work was really done.
#![allow(dead_code, reason = "each bench uses some of it")]

use std::time::{Duration, Instant};

/// The sizes of a bench: the numbers after `--`, else `full`; with `TDX_RT_BENCH_SHORT=1`, which only
/// checks that the bench still works, `short`.
///
/// # Panics
/// On an argument that is not a number.
pub fn amounts(full: &[u64], short: &[u64]) -> Vec<u64> {
    // Cargo adds `--bench` by itself.
    let given = std::env::args().skip(1).filter(|text| text != "--bench");
    let given: Vec<u64> =
        given.map(|text| text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))).collect();
    match given.is_empty() {
        false => given,
        true if std::env::var_os("TDX_RT_BENCH_SHORT").is_some_and(|value| value == "1") => short.to_vec(),
        true => full.to_vec(),
    }
}

/// The result of `run`, and how long it took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = run();
    (result, started.elapsed())
}
