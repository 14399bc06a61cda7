//! Seeds of the sandbox: an unusable one gives an error; others are saved and loaded again as the same.

use super::states;
use tdx_rt::sandbox::{Seed, Settle};

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let seed = match Seed::parse(text) {
        Ok(seed) => seed,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let again = Seed::from_note(&seed.note()).expect("a seed's note can be read");
    assert_eq!(again.note(), seed.note());
    let made = |seed: &Seed| seed.store("1", 7, Settle::Immediately, 1_700_000_000_000);
    match (made(&seed), made(&again)) {
        (Ok(store), Ok(again)) => {
            let rows = states::rows(&store);
            assert_eq!(rows, states::rows(&again));
            states::stays(&rows);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("{one:?} {other:?}"),
    }
}
