//! What the benches share. A bench measures first and checks afterwards that what it measured
//! happened: a figure of an empty program is worse than none.
#![allow(dead_code, reason = "each bench uses some of it")]

use std::time::{Duration, Instant};

/// How much a bench does: the numbers behind `--`, else `full`; with `TDX_RT_BENCH_SHORT=1`, which
/// asks only whether the bench still works, `short`.
///
/// # Panics
/// On an argument that is no number.
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

/// What something returns, and how long it took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = run();
    (result, started.elapsed())
}
